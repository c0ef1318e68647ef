//! Sources and their credentials, as others see them.

use std::fmt::{self, Debug, Formatter};

use blocklist::{SourceName, Time};
use jiff::civil::Date;
use serde::Serialize;

use crate::{Published, Run};

/// Names that no new source gets: pages beside those of the sources have them, and would hide its own.
pub const PAGE_NAMES: [&str; 2] = ["new", "upload"];

/// A source and what is kept of it.
#[derive(Clone, Debug, Serialize)]
pub struct SourceRow {
    /// Its name.
    pub name: SourceName,
    /// How it is read.
    pub kind: String,
    /// Whether runs start by themselves.
    pub enabled: bool,
    /// When it was first seen.
    pub created_at: Time,
    /// When it was removed; only [`crate::Store::all_sources`] shows such a source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<Time>,
    /// Listings that are active and have not ended.
    pub active: u64,
    /// Active listings whose end has passed.
    pub expired: u64,
    /// Listings that a full list no longer had.
    pub withdrawn: u64,
    /// Listings taken out by a person.
    pub removed: u64,
    /// The last run, whatever came of it.
    pub last_run: Option<Run>,
}

/// How a source is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceConfig {
    /// Its name.
    pub name: SourceName,
    /// How it is read; `file` is not fetched.
    pub kind: String,
    /// Whether runs start by themselves.
    pub enabled: bool,
    /// Its settings, as JSON that the store does not look into.
    pub settings: String,
    /// Where it stands between two runs, as JSON that the store does not look into.
    pub state: Option<String>,
    /// When it was first seen.
    pub created_at: Time,
    /// When a person last changed how it is set up.
    pub changed_at: Option<Time>,
    /// When it was removed.
    pub removed_at: Option<Time>,
}

/// What came of the removal of a source.
#[derive(Clone, Debug)]
pub struct Removed {
    /// Listings that were taken out.
    pub listings: u64,
    /// The publication after it. When the gate holds the list without the source, the last one goes on with it.
    pub published: Published,
}

/// What is already known of a source, to judge what a fetch brings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Listings detected within the time asked for that are active and have not ended.
    pub listed_in_window: u64,
    /// When the newest of all its listings was detected, whatever its state.
    pub newest_detected: Option<Time>,
    /// All its listings that are active and have not ended.
    pub active: u64,
}

/// A secret as it is kept: the store never sees it open.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Which key sealed it.
    pub key_id: String,
    /// What whoever holds the key can open.
    pub bytes: Vec<u8>,
}

impl Debug for Sealed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({}, {} bytes)", self.key_id, self.bytes.len())
    }
}

/// What a credential is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CredentialKind {
    /// A name and a password.
    Login,
    /// One secret that is sent as it is.
    Token,
}

impl CredentialKind {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Token => "token",
        }
    }
}

/// A credential to be kept, apart from the secret itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewCredential {
    /// What it is made of.
    pub kind: CredentialKind,
    /// The last day it is good, where that is known.
    pub expires_on: Option<Date>,
    /// How many days before that a person is told.
    pub remind_days: Option<u32>,
}

/// The credential of a source. Not to be shown as it is: it holds the sealed secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialRow {
    /// Whose.
    pub source: SourceName,
    /// What it is made of.
    pub kind: CredentialKind,
    /// Grows with every change and never comes back, also after a removal.
    pub version: u32,
    /// The secret.
    pub sealed: Sealed,
    /// When a person set it.
    pub changed_at: Time,
    /// The last day it is good, where that is known.
    pub expires_on: Option<Date>,
    /// How many days before that a person is told.
    pub remind_days: Option<u32>,
    /// When it was last accepted.
    pub verified_at: Option<Time>,
    /// When it was rejected, unless it was accepted since.
    pub rejected_at: Option<Time>,
    /// By which cause: its id.
    pub rejected_by: Option<String>,
    /// Logins that were sent since the last one that was answered.
    pub unanswered: u32,
}

/// What a portal said to a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// It let us in.
    Accepted,
    /// It did not, for this cause: its id.
    Rejected(&'a str),
    /// It turned the login away without looking at the credential.
    NotJudged,
}

/// What a portal gave for a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalSession {
    /// The version of the credential that it was given for.
    pub credential_version: u32,
    /// The session.
    pub sealed: Sealed,
    /// When it ends, where that is known.
    pub expires_at: Option<Time>,
}

/// A sealed secret and all that its seal is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRow {
    /// `credentials`, `portal_sessions`, or [`TOTP_TABLE`](crate::TOTP_TABLE).
    pub table: &'static str,
    /// Whose: the name of a source or an account.
    pub owner: String,
    /// The version of the credential, or [`TOTP_VERSION`](crate::TOTP_VERSION).
    pub version: u32,
    /// The secret.
    pub sealed: Sealed,
}

/// What a person has done at a source that changes nothing in the store by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ordered {
    /// A run.
    Run,
    /// The end of the run that is under way.
    Cancel,
    /// The credential is tried.
    Verify,
    /// A one-time code is asked for, or sent.
    Otp,
    /// The session of a browser is taken.
    Session,
}

impl Ordered {
    /// As the record of changes has it.
    pub(crate) const fn action(self) -> &'static str {
        match self {
            Self::Run => "source.run",
            Self::Cancel => "source.cancel",
            Self::Verify => "credential.verify",
            Self::Otp => "credential.otp",
            Self::Session => "credential.session",
        }
    }
}
