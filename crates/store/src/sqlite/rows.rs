//! How rows are read and written: the columns of each kind of row in one place.

use std::collections::BTreeMap;
use std::net::IpAddr;

use blocklist::{Country, Details, Hash, Mode, Serial, SourceName, State, Time};
use jiff::civil::Date;
use prefix::Prefix;
use rusqlite::types::{FromSqlError, ValueRef};
use rusqlite::{Row, ToSql};

use crate::{
    CredentialKind, CredentialRow, ListingRow, Origin, PublicationRow, Run, RunId, RunState, Sealed,
    SourceConfig, Trigger, Window,
};

/// The number of a state in the database.
pub(super) const ACTIVE: i64 = 0;
pub(super) const WITHDRAWN: i64 = 1;
pub(super) const REMOVED: i64 = 2;

pub(super) fn unreadable(column: usize, what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(
        column,
        rusqlite::types::Type::Null,
        FromSqlError::Other(what.into()).into(),
    )
}

pub(super) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Time> {
    row.get(column).map(Time::from_unix)
}

pub(super) fn optional_time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Time>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Time::from_unix))
}

/// A day, kept as `YYYY-MM-DD`.
pub(super) fn date(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Date>> {
    let parse = |text: &str| text.parse().map_err(|_| unreadable(column, "a day"));
    text(row, column)?.map(parse).transpose()
}

pub(super) fn serial(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Serial>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(|serial| Serial(serial.max(0) as u64)))
}

pub(super) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(|count| count.max(0) as u64)
}

pub(super) fn source(row: &Row<'_>, column: usize) -> rusqlite::Result<SourceName> {
    let name: String = row.get(column)?;
    name.parse().map_err(|_| unreadable(column, "a source name"))
}

pub(super) fn prefix(row: &Row<'_>, column: usize) -> rusqlite::Result<Prefix> {
    let key = row.get_ref(column)?.as_blob().map_err(|_| unreadable(column, "a prefix"))?;
    Prefix::from_key(key).ok_or_else(|| unreadable(column, "a prefix"))
}

/// A text without a copy.
pub(super) fn text<'a>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<Option<&'a str>> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        value => value.as_str().map(Some).map_err(|_| unreadable(column, "a text")),
    }
}

/// An address, kept as text.
pub(super) fn address(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<IpAddr>> {
    let parse = |text: &str| text.parse().map_err(|_| unreadable(column, "an address"));
    text(row, column)?.map(parse).transpose()
}

/// What is kept as JSON.
pub(super) fn json<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
    what: &'static str,
) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str().map_err(|_| unreadable(column, what))?;
    serde_json::from_str(text).map_err(|_| unreadable(column, what))
}

/// Five columns: reason, country, category, severity, confidence.
pub(super) fn details(row: &Row<'_>, first: usize) -> rusqlite::Result<Details> {
    let owned = |column| Ok::<_, rusqlite::Error>(text(row, column)?.map(Box::from));
    Ok(Details {
        reason: owned(first)?,
        country: text(row, first + 1)?.and_then(Country::new),
        category: owned(first + 2)?,
        severity: owned(first + 3)?,
        confidence: row.get(first + 4)?,
    })
}

/// Whether the five columns hold just these details, without a copy of any.
pub(super) fn has_details(row: &Row<'_>, first: usize, details: &Details) -> rusqlite::Result<bool> {
    Ok(text(row, first)? == details.reason.as_deref()
        && text(row, first + 1)? == details.country.as_ref().map(Country::as_str)
        && text(row, first + 2)? == details.category.as_deref()
        && text(row, first + 3)? == details.severity.as_deref()
        && row.get::<_, Option<u8>>(first + 4)? == details.confidence)
}

pub(super) const RUN: &str = "runs.id, sources.name, parser, mode, runs.state, cause, input, started_at, ended_at, rows, \
     accepted, refused, host_bits, new, changed, unchanged, runs.withdrawn, refusals, same_as, cause_id, \
     \"trigger\", since, until, \"by\", note";

pub(super) fn run(row: &Row<'_>) -> rusqlite::Result<Run> {
    let refusals: String = row.get(17)?;
    let refusals: BTreeMap<String, u64> =
        serde_json::from_str(&refusals).map_err(|_| unreadable(17, "counts of refusals"))?;
    Ok(Run {
        run: RunId(row.get(0)?),
        source: source(row, 1)?,
        parser: row.get(2)?,
        mode: if row.get_ref(3)?.as_str()? == Mode::Add.as_str() { Mode::Add } else { Mode::Full },
        state: match row.get_ref(4)?.as_str()? {
            "done" => RunState::Done,
            "refused" => RunState::Refused,
            _ => RunState::Failed,
        },
        cause_id: row.get(19)?,
        cause: row.get(5)?,
        trigger: match row.get_ref(20)?.as_str()? {
            "schedule" => Trigger::Schedule,
            _ => Trigger::Person,
        },
        window: match (date(row, 21)?, date(row, 22)?) {
            (Some(since), Some(until)) => Some(Window { since, until }),
            _ => None,
        },
        input: row.get(6)?,
        started_at: time(row, 7)?,
        ended_at: time(row, 8)?,
        rows: count(row, 9)?,
        accepted: count(row, 10)?,
        refused: count(row, 11)?,
        host_bits: count(row, 12)?,
        new: count(row, 13)?,
        changed: count(row, 14)?,
        unchanged: count(row, 15)?,
        withdrawn: count(row, 16)?,
        refusals,
        same_as: row.get::<_, Option<i64>>(18)?.map(RunId),
        by: row.get(23)?,
        note: row.get(24)?,
    })
}

pub(super) const PUBLICATION: &str = "serial, published_at, changed_at, entries, added, removed, hash, next_end, origin, content_of, \"by\", note";

pub(super) fn publication(row: &Row<'_>) -> rusqlite::Result<PublicationRow> {
    Ok(PublicationRow {
        serial: Serial(count(row, 0)?),
        published_at: time(row, 1)?,
        changed_at: time(row, 2)?,
        entries: count(row, 3)?,
        added: count(row, 4)?,
        removed: count(row, 5)?,
        hash: Hash(row.get(6)?),
        next_end: optional_time(row, 7)?,
        origin: Origin::from_sql(row.get_ref(8)?.as_str()?),
        content_of: serial(row, 9)?,
        by: row.get(10)?,
        note: row.get(11)?,
    })
}

/// The end that a person set wins over what the source says.
pub(super) const LISTING: &str = "prefix, state, detected, ifnull(set_until, until), reason, country, category, \
     severity, confidence, first_run, changed_run, set_until IS NOT NULL";

/// How many active listings of a source have ended: its id is `sources.id`, the time `?1`.
pub(super) const EXPIRED: &str = "((SELECT count(*) FROM listings INDEXED BY listings_by_end
        WHERE source = sources.id AND until IS NOT NULL AND until <= ?1 AND state = 0 AND set_until IS NULL)
    + (SELECT count(*) FROM listings INDEXED BY listings_by_set_end
        WHERE source = sources.id AND set_until IS NOT NULL AND set_until <= ?1 AND state = 0))";

pub(super) fn listing(row: &Row<'_>, source: &SourceName, now: Time) -> rusqlite::Result<ListingRow> {
    let until = optional_time(row, 3)?;
    let details = details(row, 4)?;
    Ok(ListingRow {
        source: source.clone(),
        prefix: prefix(row, 0)?,
        state: match row.get(1)? {
            ACTIVE if until.is_some_and(|until| until <= now) => State::Expired,
            ACTIVE => State::Active,
            WITHDRAWN => State::Withdrawn,
            _ => State::Removed,
        },
        detected: time(row, 2)?,
        until,
        reason: details.reason.map(String::from),
        country: details.country,
        category: details.category.map(String::from),
        severity: details.severity.map(String::from),
        confidence: details.confidence,
        first_run: RunId(row.get(9)?),
        changed_run: RunId(row.get(10)?),
        end_set_by_person: row.get(11)?,
    })
}

/// An absent text or country as SQL sees it.
pub(super) fn country_sql(country: Option<&Country>) -> Option<&str> {
    country.map(Country::as_str)
}

/// An optional time as SQL sees it.
pub(super) fn time_sql(time: Option<Time>) -> impl ToSql {
    time.map(Time::unix)
}

/// An optional day as SQL sees it.
pub(super) fn date_sql(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}

pub(super) const CONFIG: &str = "name, kind, enabled, settings, state, created_at, changed_at, removed_at";

pub(super) fn config(row: &Row<'_>) -> rusqlite::Result<SourceConfig> {
    Ok(SourceConfig {
        name: source(row, 0)?,
        kind: row.get(1)?,
        enabled: row.get(2)?,
        settings: row.get(3)?,
        state: row.get(4)?,
        created_at: time(row, 5)?,
        changed_at: optional_time(row, 6)?,
        removed_at: optional_time(row, 7)?,
    })
}

pub(super) fn sealed(row: &Row<'_>, first: usize) -> rusqlite::Result<Sealed> {
    Ok(Sealed { key_id: row.get(first)?, bytes: row.get(first + 1)? })
}

pub(super) const CREDENTIAL: &str = "sources.name, credentials.kind, version, key_id, sealed, credentials.changed_at, \
     expires_on, remind_days, verified_at, rejected_at, rejected_by, unanswered";

pub(super) fn credential(row: &Row<'_>) -> rusqlite::Result<CredentialRow> {
    Ok(CredentialRow {
        source: source(row, 0)?,
        kind: match row.get_ref(1)?.as_str()? {
            "token" => CredentialKind::Token,
            _ => CredentialKind::Login,
        },
        version: row.get(2)?,
        sealed: sealed(row, 3)?,
        changed_at: time(row, 5)?,
        expires_on: date(row, 6)?,
        remind_days: row.get(7)?,
        verified_at: optional_time(row, 8)?,
        rejected_at: optional_time(row, 9)?,
        rejected_by: row.get(10)?,
        unanswered: row.get(11)?,
    })
}
