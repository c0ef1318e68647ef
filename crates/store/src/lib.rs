//! Keeps sources, listings, runs and publications on disk.
//!
//! - [`Store`] is the database: one writer and many readers on SQLite. All of a run or none of it: [`Store::import`]
//!   changes listings, writes the run and makes the publication in one transaction.
//! - [`PublicationFiles`] holds the publications themselves, each one file, so that the last good one can be served
//!   when the database is gone.
//!
//! **Order of a publication.** Inside the transaction the file is written under its serial and synced; then the
//! transaction commits; then the link `current` is moved. Killed before the commit, the database is as before and the
//! file is an orphan that the next publication overwrites. Killed after it, [`Store::open`] moves the link.
//!
//! **Failure.** [`Error`] says what the caller may do: retry, mend or stop. Nothing here invents data: a file or a row
//! that cannot be read is an error, never an empty list.

mod account;
mod claim;
mod consumer;
mod error;
pub mod explain;
mod files;
mod manual;
mod model;
mod part;
mod protect;
mod safety;
mod source;
mod sqlite;
mod trend;
mod tries;

pub use account::{
    BadRole, BadUserName, NewToken, Role, SessionId, SessionRow, TOTP_TABLE, TOTP_VERSION, TokenId, TokenRow,
    UserChange, UserId, UserKeys, UserName, UserRow,
};
pub use claim::Claim;
pub use consumer::{
    Access, AccessVersion, ConsumerAddress, ConsumerChange, ConsumerId, ConsumerRow, FeedRow, Holding,
    NewSecret, Pull, PullQuery, PullRow, Reader, Revoke, SecretRow,
};
pub use error::{Advice, Error, Result};
pub use files::PublicationFiles;
pub use manual::{
    ByHand, Edit, EditTo, Edited, MAX_BY_HAND, MAX_OBJECTIONS, Objection, Objections, Texts, Unfit,
};
pub use model::{
    ImportedRun, ListingCursor, ListingQuery, ListingRow, LogRow, PublicationRow, Published, RejectedRow,
    Run, RunId, RunQuery, RunState, Status, Trigger, Window,
};
pub use part::Part;
pub use protect::{
    AllowCause, AllowChange, AllowId, AllowRefusal, AllowRow, AllowState, KnownGoodRow, NewAllow,
    NewKnownGood, OwnKind, OwnRow,
};
pub use safety::{
    ACTIONS, Actor, Approval, Approved, AuditQuery, AuditRow, Chain, HeldId, HeldRow, HeldState, History,
    Origin, Pin, Preview,
};
pub use source::{
    Answer, CredentialKind, CredentialRow, Known, NewCredential, Ordered, PAGE_NAMES, PortalSession, Removed,
    Sealed, SealedRow, SourceConfig, SourceRow,
};
pub use sqlite::{
    Changes, FailedRun, Import, Journal, SameInput, StateAfter, Store, migrations, without_keys,
};
pub use trend::TrendRow;
pub use tries::{Attempt, AttemptQuery, AttemptRow, Face, FeedRefusal, Limits, LockRow, Outcome, Proof};
