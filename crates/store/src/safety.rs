//! What people decide, and what is held for them to decide on.

use std::fmt::{self, Display, Formatter};
use std::net::IpAddr;

use blocklist::gate::Reason;
use blocklist::policy::Hit;
use blocklist::{Delta, Hash, Serial, Time};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Published;

/// Who does something, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor<'a> {
    /// The name by which a person is known.
    pub by: &'a str,
    /// Why, in that person's words.
    pub note: Option<&'a str>,
    /// From which address it was asked for; `None` for a command on this machine.
    pub address: Option<IpAddr>,
}

impl Actor<'_> {
    /// Of what is only tried.
    pub(crate) const NOBODY: Actor<'static> = Actor { address: None, by: "", note: None };
}

/// What people do that is written down, sorted: `part.verb`.
pub const ACTIONS: [&str; 52] = [
    "allow.add",
    "allow.remove",
    "allow.set",
    "consumer.add",
    "consumer.remove",
    "consumer.revoke",
    "consumer.rotate",
    "consumer.set",
    "credential.otp",
    "credential.remove",
    "credential.session",
    "credential.set",
    "credential.verify",
    "feed.add",
    "feed.remove",
    "feed.set",
    "first_steps.leave",
    "gate.set",
    "held.approve",
    "held.reject",
    "history.set",
    "known_good.load",
    "known_good.remove",
    "known_good.set",
    "listing.add",
    "listing.end",
    "listing.remove",
    "listing.restore",
    "listing.set",
    "own.add",
    "own.remove",
    "policy.set",
    "publication.force",
    "publication.release",
    "publication.rollback",
    "session.end",
    "source.add",
    "source.cancel",
    "source.disable",
    "source.enable",
    "source.import",
    "source.remove",
    "source.run",
    "source.set",
    "token.add",
    "token.revoke",
    "user.add",
    "user.password",
    "user.remove",
    "user.set",
    "user.totp",
    "user.unlock",
];

/// A change by a person.
#[derive(Clone, Debug, Serialize)]
pub struct AuditRow {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: Time,
    /// Who.
    pub by: String,
    /// What was done, as in `allow.add`.
    pub action: String,
    /// To what.
    pub target: String,
    /// How it was.
    pub before: Option<Value>,
    /// How it is.
    pub after: Option<Value>,
    /// Why.
    pub note: Option<String>,
    /// From which address; absent for a command on this machine.
    pub address: Option<String>,
}

/// Which changes by people.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    /// Before this one.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: usize,
    /// By this person.
    pub by: Option<String>,
    /// Of this action: whole as in `allow.add`, or the part before the dot.
    pub action: Option<String>,
    /// To this.
    pub target: Option<String>,
}

impl AuditQuery {
    /// The newest, whatever they are.
    pub fn newest(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }
}

/// Whether the record of changes is whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "state")]
pub enum Chain {
    /// Every entry since the chain began fits the one before.
    Whole {
        /// How many were looked at.
        entries: u64,
        /// Entries older than the chain, which nothing guards.
        before: u64,
    },
    /// An entry was changed, or is missing.
    Broken {
        /// The first that does not fit.
        id: i64,
        /// In what way.
        what: &'static str,
    },
}

/// How a publication came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Policy and gate let it through.
    Policy,
    /// It goes on while a candidate is held: it lost what ended or is protected, and gained what people block by hand.
    Frozen,
    /// People approved a candidate that the gate held.
    Approved,
    /// A person published over the gate's objections.
    Forced,
    /// A person brought an old one back.
    Rollback,
}

impl Origin {
    /// Every one, the usual one first.
    pub const ALL: [Self; 5] = [Self::Policy, Self::Frozen, Self::Approved, Self::Forced, Self::Rollback];

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Frozen => "frozen",
            Self::Approved => "approved",
            Self::Forced => "forced",
            Self::Rollback => "rollback",
        }
    }

    /// As the database has it. A word that is not known counts as the policy.
    pub(crate) fn from_sql(word: &str) -> Self {
        Self::ALL.into_iter().find(|origin| origin.as_str() == word).unwrap_or(Self::Policy)
    }
}

/// What a change would do to the list.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Prefixes that would come and go.
    pub delta: Delta,
    /// Prefixes there would be.
    pub entries: u64,
    /// Listings that would touch what is protected, and do not now.
    pub hits: Vec<Hit>,
    /// Why the gate would hold it; empty when it would not.
    pub reasons: Vec<Reason>,
    /// When it would be held: what comes and goes all the same, and how many prefixes there would be then. `None` when it
    /// would not be held, or nothing goes on meanwhile.
    pub meanwhile: Option<(Delta, u64)>,
}

/// The number of a held candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HeldId(pub i64);

impl Display for HeldId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

/// Where a held candidate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HeldState {
    /// It waits for a person.
    Open,
    /// It was published.
    Approved,
    /// A person does not want it.
    Rejected,
    /// Nobody decided in time, which counts as rejected.
    Expired,
    /// Something else was published meanwhile, or nothing differs any more.
    Superseded,
}

impl HeldState {
    /// Every one, the one that waits first.
    pub const ALL: [Self; 5] = [Self::Open, Self::Approved, Self::Rejected, Self::Expired, Self::Superseded];

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Superseded => "superseded",
        }
    }

    /// As the database has it. A word that is not known counts as superseded: nobody decides on it any more.
    pub(crate) fn from_sql(word: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.as_str() == word).unwrap_or(Self::Superseded)
    }
}

impl Display for HeldState {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A candidate that the gate held.
#[derive(Clone, Debug, Serialize)]
pub struct HeldRow {
    /// Its number.
    pub id: HeldId,
    /// Where it stands.
    pub state: HeldState,
    /// Since when something is held.
    pub opened_at: Time,
    /// When the candidate last changed.
    pub changed_at: Time,
    /// When it counts as rejected.
    pub expires_at: Option<Time>,
    /// The publication that goes on meanwhile, when it was held.
    pub follows: Option<Serial>,
    /// Identifies the candidate: who approves names what was seen.
    pub candidate: Hash,
    /// Prefixes in it.
    pub entries: u64,
    /// Prefixes that would come.
    pub added: u64,
    /// Prefixes that would go.
    pub removed: u64,
    /// Every reason.
    pub reasons: Vec<Reason>,
    /// Who approved so far.
    pub approvals: Vec<Approval>,
    /// When it was decided.
    pub decided_at: Option<Time>,
    /// By whom.
    pub decided_by: Option<String>,
    /// Why.
    pub note: Option<String>,
    /// The publication it became.
    pub serial: Option<Serial>,
}

/// Somebody's yes to a held candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub by: String,
    /// When.
    pub at: Time,
    /// Why.
    pub note: Option<String>,
}

/// What came of an approval.
#[derive(Clone, Debug)]
pub enum Approved {
    /// It is published.
    Published(Published),
    /// Somebody else must approve too.
    NeedsSecond,
}

/// An old publication that a person brought back and that is held there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// Which.
    pub serial: Serial,
    /// Who.
    pub by: String,
    /// Why.
    pub note: Option<String>,
    /// When.
    pub at: Time,
}

/// How long publications are kept: the longer of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct History {
    /// So many days.
    pub days: u32,
    /// At least so many.
    pub least: u32,
}

impl Default for History {
    fn default() -> Self {
        Self { days: 30, least: 200 }
    }
}
