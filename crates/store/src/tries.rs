//! Tries to come in, as they are kept, and when the next one is heard.

use std::net::IpAddr;
use std::time::Duration;

use blocklist::Time;
use serde::Serialize;

/// How many failures are too many, and for how long. Times are kept in whole seconds.
///
/// Three counters, of which the pair alone holds for an account at a place from which it came in lately: whoever knows a
/// name cannot keep its owner out from elsewhere. Each is forgotten when nothing failed for [`forget`](Self::forget).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The failure of an account from one place, in a row, after which the next try has to wait.
    pub pair_from: u32,
    /// For how long then; twice as long after each more.
    pub pair_first: Duration,
    /// The longest of these waits.
    pub pair_longest: Duration,
    /// Failures of an account from all places together that close it to places it is not known at.
    pub account_failures: u32,
    /// Failures from a place, over all accounts, that close it to accounts that are not known there.
    pub address_failures: u32,
    /// Within what time these two count, from the first of them on.
    pub within: Duration,
    /// For how long these two close. Nothing that fails meanwhile makes it longer.
    pub closed: Duration,
    /// How long an account is known at a place after it came in there.
    pub known: Duration,
    /// How long after the last failure, or the end of the wait, a counter is forgotten.
    pub forget: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let minutes = |count: u64| Duration::from_secs(count * 60);
        Self {
            pair_from: 5,
            pair_first: Duration::from_secs(1),
            pair_longest: minutes(15),
            account_failures: 30,
            address_failures: 50,
            within: minutes(15),
            closed: minutes(15),
            known: minutes(30 * 24 * 60),
            forget: minutes(30),
        }
    }
}

/// Where somebody tries to come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Face {
    /// The pages.
    Page,
    /// The API.
    Api,
    /// A feed.
    Feed,
    /// The command line.
    Command,
}

impl Face {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Api => "api",
            Self::Feed => "feed",
            Self::Command => "command",
        }
    }
}

/// With what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    /// A password.
    Password,
    /// A one-time code.
    Code,
    /// A recovery code.
    Recovery,
    /// The cookie of a session.
    Session,
    /// A token.
    Token,
    /// The secret of a consumer.
    Secret,
    /// A lock was taken away by a person.
    Unlock,
}

impl Proof {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::Recovery => "recovery",
            Self::Session => "session",
            Self::Token => "token",
            Self::Secret => "secret",
            Self::Unlock => "unlock",
        }
    }
}

impl Proof {
    /// Whether it can be guessed, so that tries have to be held back. The others hold 256 random bits.
    pub(crate) const fn can_be_guessed(self) -> bool {
        matches!(self, Self::Password | Self::Code | Self::Recovery)
    }

    /// Whether a failure counts for the address. A cookie that is over, in a page that asks by itself, is no attack.
    pub(crate) const fn counts(self) -> bool {
        self.can_be_guessed() || matches!(self, Self::Token | Self::Secret)
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// In.
    Ok,
    /// Nobody is known by it.
    Wrong,
    /// Not even looked at: too many tries.
    Locked,
    /// Right, and the account is closed.
    Disabled,
    /// Right once, and over.
    Expired,
    /// Right, and not from there.
    Place,
    /// Right, and may not do that.
    Forbidden,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Ok, Self::Wrong, Self::Locked, Self::Disabled, Self::Expired, Self::Place, Self::Forbidden];

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Wrong => "wrong",
            Self::Locked => "locked",
            Self::Disabled => "disabled",
            Self::Expired => "expired",
            Self::Place => "place",
            Self::Forbidden => "forbidden",
        }
    }
}

impl Outcome {
    /// Whether it is a failure to come in. What is right and comes to nothing counts as what is wrong: otherwise the
    /// count tells whoever guesses that it was right.
    pub(crate) const fn is_failure(self) -> bool {
        matches!(self, Self::Wrong | Self::Disabled | Self::Expired | Self::Place)
    }
}

/// A try to come in.
#[derive(Clone, Debug)]
pub struct Attempt<'a> {
    /// Where.
    pub face: Face,
    /// With what.
    pub proof: Proof,
    /// By which account, consumer or token. A name that no account has may be told with what can be guessed: it is not
    /// kept, and its tries are held back like those of one that there is.
    pub account: Option<&'a str>,
    /// From where.
    pub address: Option<IpAddr>,
    /// What came of it.
    pub outcome: Outcome,
    /// With which program.
    pub agent: Option<&'a str>,
}

/// A read of a feed that was refused, on its way to the list of tries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRefusal {
    /// When.
    pub at: Time,
    /// The consumer that it said to be, or was; only one that there is.
    pub consumer: Option<String>,
    /// From where.
    pub address: Option<IpAddr>,
    /// Why.
    pub outcome: Outcome,
    /// With which program.
    pub agent: Option<String>,
}

/// Tries to come in, as they are kept: the same within a minute is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttemptRow {
    /// Its number.
    pub id: i64,
    /// When the first was.
    pub at: Time,
    /// When the last was.
    pub last_at: Time,
    /// How many.
    pub count: u64,
    /// Where: `page`, `api`, `feed`, `command`.
    pub face: String,
    /// With what.
    pub kind: String,
    /// By whom.
    pub account: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// What came of it.
    pub result: String,
    /// With which program.
    pub agent: Option<String>,
}

/// Which tries.
#[derive(Clone, Debug, Default)]
pub struct AttemptQuery {
    /// By this account, consumer or token.
    pub account: Option<String>,
    /// From this address.
    pub address: Option<String>,
    /// That came to this.
    pub result: Option<String>,
    /// Before this one.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: usize,
}

/// What keeps somebody out for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LockRow {
    /// `account`, `address` or `pair`.
    pub kind: String,
    /// Which; a pair is `name place`. `?` and a number stands for names that nobody has.
    pub key: String,
    /// Failures that count.
    pub failures: u64,
    /// When the last was.
    pub last_at: Time,
    /// The first second at which another try is heard.
    pub until: Option<Time>,
}
