//! What can go wrong, by what the caller may do about it.

use std::path::{Path, PathBuf};

use blocklist::setting::BadSetting;
use blocklist::{ConsumerName, FeedName, Serial, SourceName};
use prefix::Prefix;

use crate::{AllowId, AllowRefusal, HeldId, HeldState, Objections, Role, UserName};

/// A result of the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the caller may do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// The same call may succeed a little later.
    Retry,
    /// A person has to mend something first.
    Stop,
}

/// What can go wrong. The cause is kept inside, for logs; it is not for strangers.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process holds the write lock for longer than the store waits.
    #[error("the database is busy: another process is writing")]
    Busy(#[source] rusqlite::Error),
    /// The database says no.
    #[error("{what}")]
    Database {
        /// What was being done.
        what: &'static str,
        /// What SQLite says.
        #[source]
        cause: rusqlite::Error,
    },
    /// A file cannot be read or written.
    #[error("{what}: {}", path.display())]
    File {
        /// What was being done.
        what: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: std::io::Error,
    },
    /// A publication file is torn or was changed.
    #[error("{}", path.display())]
    Publication {
        /// Which.
        path: PathBuf,
        /// In what way.
        #[source]
        cause: blocklist::codec::Malformed,
    },
    /// The database was written by a newer program.
    #[error(
        "the database has schema {found}, this program knows {known}: use the newer program, or restore a backup"
    )]
    NewerSchema {
        /// The schema of the database.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// A migration that was applied is not the one this program holds.
    #[error(
        "migration {version} of the database differs from this program's: it was changed by hand or by another build"
    )]
    ChangedMigration {
        /// Which.
        version: u32,
    },
    /// A row that this program never writes.
    #[error("the database holds {what} that cannot be read; run `blacklist db check`")]
    Corrupt {
        /// What.
        what: &'static str,
    },
    /// There is a source of that name already.
    #[error("there is a source '{0}' already")]
    Exists(SourceName),
    /// There is no source of that name, or it was removed.
    #[error("there is no source '{0}'")]
    NoSource(SourceName),
    /// There is no publication of that number, or it was forgotten.
    #[error("publication {0} is not kept; `blacklist publication list` shows those that are")]
    NoPublication(Serial),
    /// Nothing of an old publication may be served today.
    #[error("nothing of publication {0} is left: all of it has ended or is protected by now")]
    NothingLeft(Serial),
    /// No publication is held that could be released.
    #[error("no publication is held by a rollback")]
    NotPinned,
    /// An old publication is held by a rollback, and nothing is published past it.
    #[error("publication {0} was brought back and is held there")]
    Pinned(Serial),
    /// A candidate waits for an answer, and nothing is published past it.
    #[error("held candidate {0} waits for an answer")]
    Undecided(HeldId),
    /// One person alone may not do that.
    #[error("two people must agree to what the gate objects to, so nobody can force it alone")]
    NeedsSecond,
    /// There is no held candidate of that number.
    #[error("there is no held candidate {0}")]
    NoHeld(HeldId),
    /// A held candidate was decided on already.
    #[error("held candidate {0} is not open any more: it is {1}")]
    HeldIsOver(HeldId, HeldState),
    /// What was approved is not what would be published now.
    #[error("held candidate {0} has changed meanwhile: look at it again, then decide")]
    CandidateChanged(HeldId),
    /// Allow entries are refused, and none was taken.
    #[error("{}", refused(.0))]
    Allow(Vec<AllowRefusal>),
    /// There is no allow entry of that number, or it was removed.
    #[error("there is no allow entry {0}")]
    NoAllow(AllowId),
    /// That network is named already.
    #[error("{0} is an own network already")]
    OwnExists(Prefix),
    /// Nearly nothing would be served any more.
    #[error("{0} is wider than /8, or for IPv6 than /19: say 'wide' if it is meant")]
    OwnTooWide(Prefix),
    /// No network of the firm is named so.
    #[error("{0} is no own network of the firm")]
    NoOwn(Prefix),
    /// There is no known-good list of that name.
    #[error("there is no known-good list '{0}'")]
    NoKnownGood(String),
    /// That can be no name of a known-good list.
    #[error(
        "'{0}' is no name for a known-good list: a-z, 0-9, '.', '_', '-', at most 63, a letter or digit first"
    )]
    KnownGoodName(String),
    /// Something stands against what a person wants, and nothing was done.
    #[error("{0}")]
    Objections(Box<Objections>),
    /// More than one order may hold.
    #[error(
        "more than {most} listings in one order; a list is imported as a source of its own: blacklist import"
    )]
    OrderTooLong {
        /// How many it may hold.
        most: usize,
    },
    /// The source of what people block by hand cannot be fetched.
    #[error(
        "the name 'manual' belongs to what people block by hand, so it cannot be a source of kind {kind}; remove such a \
         source first"
    )]
    NotByHand {
        /// As what.
        kind: String,
    },
    /// A page has the name.
    #[error("the name '{0}' is that of a page; take another one for a source")]
    NameOfPage(SourceName),
    /// There is a feed of that name already.
    #[error("there is a feed '{0}' already")]
    FeedExists(FeedName),
    /// There is no feed of that name.
    #[error("there is no feed '{0}'")]
    NoFeed(FeedName),
    /// The default feed cannot be removed.
    #[error("the feed 'default' is always there; what it shows can be changed")]
    DefaultFeed,
    /// Consumers are limited to the feed.
    #[error("the feed '{feed}' is read by {readers}; set another feed for them first")]
    FeedIsRead {
        /// Which.
        feed: FeedName,
        /// Who, with commas between.
        readers: String,
    },
    /// There is a consumer of that name already, whatever its case.
    #[error("there is a consumer '{0}' already")]
    ConsumerExists(ConsumerName),
    /// There is no consumer of that name, or it was removed.
    #[error("there is no consumer '{0}'")]
    NoConsumer(ConsumerName),
    /// A consumer's address is wider than a consumer's can be.
    #[error("{prefix} is too wide for the address of a consumer: at most /{widest}")]
    AddressTooWide {
        /// Which.
        prefix: Prefix,
        /// The shortest length that is taken.
        widest: u8,
    },
    /// A consumer's address stands twice in one list.
    #[error("the address {0} is given twice")]
    AddressTwice(Prefix),
    /// Another consumer is known by this address.
    #[error("{prefix} is a trusted address of '{consumer}' already")]
    AddressTaken {
        /// Which.
        prefix: Prefix,
        /// Whose.
        consumer: String,
    },
    /// A limit is reached.
    #[error("there are too many {what}: at most {most}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The most.
        most: usize,
    },
    /// There is no account of that name, or it was removed.
    #[error("there is no account '{0}'; `blacklist user list` shows those there are")]
    NoUser(UserName),
    /// There is or was an account of that name.
    #[error("there is, or was, an account '{0}': a name is never given twice, take another one")]
    UserExists(UserName),
    /// The account is closed.
    #[error("the account '{0}' is closed; open it first")]
    UserClosed(UserName),
    /// Nobody would be left who sets up accounts.
    #[error("'{0}' is the last open account of role admin; make another account an admin first")]
    LastAdmin(UserName),
    /// No one-time secret waits to be confirmed.
    #[error("'{0}' has drawn no secret for one-time codes that waits for its first code; draw one first")]
    TotpNotPending(UserName),
    /// One-time codes are not asked for.
    #[error("'{0}' uses no one-time codes; set them up first")]
    NoTotp(UserName),
    /// There is no token of that name, or it was revoked.
    #[error(
        "there is no token '{0}', or it was revoked already; `blacklist token list` shows those there are"
    )]
    NoToken(String),
    /// There is a token of that name.
    #[error("there is a token '{0}' already; revoke it first, or take another name")]
    TokenExists(String),
    /// That can be no name of a token.
    #[error(
        "the name of a token is 1 to 63 characters, none of them a control character or a space at an end"
    )]
    TokenName,
    /// A token may do no more than its owner.
    #[error("a token of '{user}' can be {most} at most, not {role}")]
    RoleAbove {
        /// Whose it would be.
        user: UserName,
        /// What was asked for.
        role: Role,
        /// What its owner may.
        most: Role,
    },
    /// That is no address.
    #[error("that is no address: say an IPv4 or IPv6 address, or what the list of locks shows")]
    NoAddress,
    /// A setting is refused.
    #[error(transparent)]
    Setting(#[from] BadSetting),
    /// A file that should be a backup is none.
    #[error("not a database of this program: {}", path.display())]
    NotABackup {
        /// Which.
        path: PathBuf,
    },
}

/// The first of what is refused, and how many more there are.
fn refused(refusals: &[AllowRefusal]) -> String {
    match refusals {
        [] => "no allow entry is taken".to_owned(),
        [one] => one.to_string(),
        [first, rest @ ..] => format!("{first}; and {} more", rest.len()),
    }
}

impl Error {
    /// What the caller may do.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Busy(_) => Advice::Retry,
            _ => Advice::Stop,
        }
    }

    /// For `map_err`: names what was being done, and tells a busy database from a broken one.
    pub(crate) fn database(what: &'static str) -> impl FnOnce(rusqlite::Error) -> Self {
        move |cause| match cause.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                Self::Busy(cause)
            }
            _ => Self::Database { what, cause },
        }
    }

    /// For `map_err`: names the file.
    pub(crate) fn file(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::File { what, path, cause }
    }
}
