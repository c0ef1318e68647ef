//! The shapes of rows that other crates own, for the OpenAPI document alone. Those crates know nothing of HTTP; a test
//! holds each shape against what the routes really answer.

#![expect(dead_code, clippy::struct_field_names, reason = "shapes, never made")]

mod accounts;
mod collecting;
mod consumers;
mod deciding;
mod explained;
mod members;
mod protect;
mod values;

use std::collections::BTreeMap;

use utoipa::ToSchema;

pub(crate) use accounts::{AttemptEntry, Chain, Lock, SessionEntry, Token, User};
pub(crate) use collecting::{Credential, SourceView, Verified};
pub(crate) use consumers::{Consumer, ConsumerAddress, Feed, Pull};
pub(crate) use deciding::{AuditEntry, Filter, Gate, Held, Hit, Pin, Policy, SourceRules};
pub(crate) use explained::Told;
pub(crate) use members::{ConsumerMembers, FeedMembers, GateMembers, PolicyMembers};
pub(crate) use protect::{AllowEntry, KnownGoodList, OwnNetwork};
pub(crate) use values::{
    Address, Choice, ListingState, Name, NoAddress, Role, RunState, TryResult, WarningList,
};

/// What the block list says of an address or prefix.
#[derive(ToSchema)]
pub(crate) struct Answer {
    /// What was asked for, in canonical form.
    pub ip: String,
    /// Whether it is on the block list.
    pub listed: bool,
    /// The narrowest prefix that covers it; `null` when it is not listed.
    pub prefix: Option<String>,
    /// The listings that cover it, narrowest prefix first.
    pub listings: Vec<Found>,
}

/// One listing that covers what was asked for.
#[derive(ToSchema)]
pub(crate) struct Found {
    /// Who lists it.
    pub source: String,
    /// What is listed.
    pub prefix: String,
    /// Why, as the source words it.
    pub reason: Option<String>,
    /// Two letters, upper case.
    pub country: Option<String>,
    /// The kind of attack, as the source names it.
    pub category: Option<String>,
    /// How grave, as the source names it.
    pub severity: Option<String>,
    /// How sure the source is: 0 to 100.
    pub confidence: Option<u8>,
    /// RFC 3339, UTC.
    pub detected: String,
    /// The first moment at which it is no longer listed; `null` is without end.
    pub until: Option<String>,
    /// `active` or `expired`.
    pub state: String,
}

/// A listing as it is kept.
#[derive(ToSchema)]
pub(crate) struct Listing {
    /// Who lists it.
    pub source: String,
    /// What is listed.
    pub prefix: String,
    /// `active`, `expired`, `withdrawn` or `removed`.
    pub state: String,
    /// RFC 3339, UTC.
    pub detected: String,
    /// The first moment at which it is no longer listed; `null` is without end.
    pub until: Option<String>,
    /// Whether a person set that end.
    pub end_set_by_person: bool,
    /// Why, as the source words it.
    pub reason: Option<String>,
    /// Two letters, upper case.
    pub country: Option<String>,
    /// The kind of attack, as the source names it.
    pub category: Option<String>,
    /// How grave, as the source names it.
    pub severity: Option<String>,
    /// How sure the source is: 0 to 100.
    pub confidence: Option<u8>,
    /// The run that brought it.
    pub first_run: i64,
    /// The last run that changed it.
    pub changed_run: i64,
}

/// A source and what is kept of it.
#[derive(ToSchema)]
pub(crate) struct Source {
    /// Its name.
    pub name: String,
    /// How it is read: `file` is handed over by people, every other kind is fetched.
    pub kind: String,
    /// Whether runs start by themselves.
    pub enabled: bool,
    /// When it was first seen.
    pub created_at: String,
    /// Listings that are active.
    pub active: u64,
    /// Listings whose end has passed.
    pub expired: u64,
    /// Listings that a full list no longer had.
    pub withdrawn: u64,
    /// Listings taken out by a person.
    pub removed: u64,
    /// The last run, whatever came of it.
    pub last_run: Option<Run>,
}

/// One attempt to read a source.
#[derive(ToSchema)]
pub(crate) struct Run {
    /// Its number.
    pub run: i64,
    /// Of which source.
    pub source: String,
    /// With which parser.
    pub parser: String,
    /// `full` or `add`.
    pub mode: String,
    /// `done`, `refused` or `failed`.
    pub state: String,
    /// Why it was refused or failed, for programs: the id of a cause.
    pub cause_id: Option<String>,
    /// Why it was refused or failed, for people.
    pub cause: Option<String>,
    /// Who wanted it: `person` or `schedule`.
    pub trigger: String,
    /// Of a portal: the days that were asked for.
    pub window: Option<Window>,
    /// The file's name, or `-`.
    pub input: String,
    /// When it started.
    pub started_at: String,
    /// When it ended.
    pub ended_at: String,
    /// Rows that held something.
    pub rows: u64,
    /// Rows accepted.
    pub accepted: u64,
    /// Rows refused.
    pub refused: u64,
    /// Rows whose host bits were cleared.
    pub host_bits: u64,
    /// Listings that came.
    pub new: u64,
    /// Listings whose fields changed.
    pub changed: u64,
    /// Listings that stayed as they were.
    pub unchanged: u64,
    /// Listings that a full list no longer had.
    pub withdrawn: u64,
    /// Refused rows by cause.
    pub refusals: BTreeMap<String, u64>,
    /// The earlier run whose refused rows are this one's too.
    pub same_as: Option<i64>,
    /// Who made it by hand.
    pub by: Option<String>,
    /// Why.
    pub note: Option<String>,
}

/// The days that a portal was asked for, both included.
#[derive(ToSchema)]
pub(crate) struct Window {
    /// The first, `YYYY-MM-DD`.
    pub since: String,
    /// The last, `YYYY-MM-DD`.
    pub until: String,
}

/// A refused row.
#[derive(ToSchema)]
pub(crate) struct RefusedRow {
    /// Its line, row or number, from 1.
    pub line: u64,
    /// Why: the id of a cause.
    pub cause: String,
    /// The start of its text.
    pub text: String,
}

/// A publication, without its content.
#[derive(ToSchema)]
pub(crate) struct Publication {
    /// Its number.
    pub serial: u64,
    /// When it was published.
    pub published_at: String,
    /// When the set of prefixes last changed.
    pub changed_at: String,
    /// Distinct prefixes.
    pub entries: u64,
    /// Prefixes that came.
    pub added: u64,
    /// Prefixes that went.
    pub removed: u64,
    /// SHA-256 of the content, 64 hex digits.
    pub hash: String,
    /// When the first of its listings ends.
    pub next_end: Option<String>,
    /// How it came to be: `policy`, `frozen`, `approved`, `forced` or `rollback`.
    pub origin: String,
    /// Of a rollback: the publication whose content came back.
    pub content_of: Option<u64>,
    /// Who approved, forced or brought it back.
    pub by: Option<String>,
    /// Why.
    pub note: Option<String>,
}
