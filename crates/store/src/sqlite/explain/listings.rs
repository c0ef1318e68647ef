//! What each source says of an address, now or at a time.
//!
//! How a listing was then follows from its history: each event holds the fields as they were before it.

use std::collections::BTreeMap;

use blocklist::{Country, SourceId, SourceName, State, Time};
use prefix::Prefix;
use prefix::prefix::Either;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;

use super::Found;
use crate::explain::{EventTold, ListingTold, MAX_EVENTS, MAX_LISTINGS, RunTold};
use crate::sqlite::candidate::key_range;
use crate::sqlite::query::collect;
use crate::sqlite::rows;
use crate::{Error, ListingRow, Result, RunId};

/// Listings that cover it, the narrowest first, then those inside; and whether there are more.
pub(super) fn read(
    found: &Found<'_>,
    sources: &BTreeMap<SourceId, SourceName>,
) -> Result<(Vec<ListingTold>, bool)> {
    let failed = || Error::database("cannot read the listings");
    let connection = found.connection;
    // An event tells more than the row when a time is asked about.
    let now = found.now;
    let mut rows_found = Vec::new();
    let one = format!("SELECT {} FROM listings WHERE source = ? AND prefix = ?", rows::LISTING);
    let mut key = [0; Prefix::MAX_KEY];
    for prefix in covering(found.asked) {
        for (id, name) in sources {
            let row = connection
                .prepare_cached(&one)
                .and_then(|mut statement| {
                    let parameters = params![id.0, prefix.to_key(&mut key)];
                    statement.query_row(parameters, |row| rows::listing(row, name, now)).optional()
                })
                .map_err(failed())?;
            rows_found.extend(row.map(|row| (*id, row)));
        }
    }
    let (first, last) = key_range(found.asked);
    let sql = format!(
        "SELECT {} FROM listings WHERE source = ?1 AND prefix BETWEEN ?2 AND ?3 ORDER BY prefix LIMIT ?4",
        rows::LISTING
    );
    let mut inside = Vec::new();
    for (id, name) in sources {
        let limit = MAX_LISTINGS as i64 + 2;
        let rows =
            collect(connection, &sql, &[&id.0, &first, &last, &limit], |row| rows::listing(row, name, now));
        let rows = rows.map_err(failed())?;
        inside.extend(rows.into_iter().filter(|row| row.prefix != found.asked).map(|row| (*id, row)));
    }
    inside.sort_by_key(|row| (row.1.prefix, row.0));
    rows_found.extend(inside);
    let mut told = Vec::new();
    let mut cut = false;
    for (id, row) in rows_found {
        if told.len() == MAX_LISTINGS {
            cut = true;
            break;
        }
        told.extend(tell(found, id, row)?);
    }
    Ok((told, cut))
}

/// The prefix itself and all that cover it.
fn covering(asked: Prefix) -> Vec<Prefix> {
    match asked.split() {
        Either::V4(net) => std::iter::successors(Some(net), |net| net.parent()).map(Prefix::from).collect(),
        Either::V6(net) => std::iter::successors(Some(net), |net| net.parent()).map(Prefix::from).collect(),
    }
}

/// The listing as it is, or was; `None` for one that had not come by then.
fn tell(found: &Found<'_>, source: SourceId, mut row: ListingRow) -> Result<Option<ListingTold>> {
    let connection = found.connection;
    let came = run(connection, row.first_run)?;
    if let Some(at) = found.at {
        if came.as_ref().is_some_and(|came| came.at > at) {
            return Ok(None);
        }
        turn_back(connection, source, &mut row, at)?;
    }
    let (events, events_cut) = events(connection, source, row.prefix, found.now)?;
    let changed = match found.at {
        None => Some(row.changed_run).filter(|run| *run != row.first_run),
        Some(_) => events.iter().find_map(|event| event.run),
    };
    let changed = changed.map(|changed| run(connection, changed)).transpose()?.flatten();
    let covers = row.prefix.covers(found.asked);
    Ok(Some(ListingTold { row, covers, came, changed, events, events_cut, policy: None }))
}

fn run(connection: &Connection, run: RunId) -> Result<Option<RunTold>> {
    connection
        .prepare_cached("SELECT id, ended_at, parser, input, \"by\", note FROM runs WHERE id = ?")
        .and_then(|mut statement| {
            let told = |row: &Row<'_>| {
                Ok(RunTold {
                    run: RunId(row.get(0)?),
                    at: rows::time(row, 1)?,
                    parser: row.get(2)?,
                    input: row.get(3)?,
                    by: row.get(4)?,
                    note: row.get(5)?,
                })
            };
            statement.query_row([run.0], told).optional()
        })
        .map_err(Error::database("cannot read the run"))
}

fn event(row: &Row<'_>) -> rusqlite::Result<EventTold> {
    let before = rows::text(row, 5)?.and_then(|text| serde_json::from_str(text).ok());
    Ok(EventTold {
        event: row.get(0)?,
        at: rows::time(row, 1)?,
        run: row.get::<_, Option<i64>>(2)?.map(RunId),
        by: row.get(3)?,
        note: row.get(4)?,
        before: before.unwrap_or(Value::Null),
    })
}

const EVENT: &str = "event, at, run, \"by\", note, before";

fn events(
    connection: &Connection,
    source: SourceId,
    prefix: Prefix,
    until: Time,
) -> Result<(Vec<EventTold>, bool)> {
    let mut key = [0; Prefix::MAX_KEY];
    let sql = format!(
        "SELECT {EVENT} FROM listing_events WHERE source = ? AND prefix = ? AND at <= ? ORDER BY id DESC LIMIT ?"
    );
    let parameters: [&dyn rusqlite::ToSql; 4] =
        [&source.0, &prefix.to_key(&mut key), &until.unix(), &(MAX_EVENTS as i64 + 1)];
    let mut events = collect(connection, &sql, &parameters, event)
        .map_err(Error::database("cannot read the history of the listing"))?;
    let cut = events.len() > MAX_EVENTS;
    events.truncate(MAX_EVENTS);
    Ok((events, cut))
}

/// Makes a row what it was at a time.
fn turn_back(connection: &Connection, source: SourceId, row: &mut ListingRow, at: Time) -> Result<()> {
    let failed = || Error::database("cannot read the history of the listing");
    let mut buffer = [0; Prefix::MAX_KEY];
    let key = row.prefix.to_key(&mut buffer);
    let ask = |which: &str| {
        let sql =
            format!("SELECT {EVENT} FROM listing_events WHERE source = ? AND prefix = ? AND {which} LIMIT 1");
        connection
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                statement.query_row(params![source.0, key, at.unix()], event).optional()
            })
            .map_err(failed())
    };
    if let Some(next) = ask("at > ? ORDER BY id")? {
        fields_of(&next.before, row);
    }
    let last = ask("at <= ? AND event <> 'changed' ORDER BY id DESC")?;
    row.state = match last.as_ref().map(|last| last.event.as_str()) {
        Some("withdrawn") => State::Withdrawn,
        Some("removed") => State::Removed,
        _ if row.until.is_some_and(|until| until <= at) => State::Expired,
        _ => State::Active,
    };
    Ok(())
}

fn fields_of(before: &Value, row: &mut ListingRow) {
    let time = |name: &str| before[name].as_i64().map(Time::from_unix);
    let text = |name: &str| before[name].as_str().map(str::to_owned);
    row.detected = time("detected").unwrap_or(row.detected);
    row.end_set_by_person = time("set_until").is_some();
    row.until = time("set_until").or_else(|| time("until"));
    row.reason = text("reason");
    row.country = before["country"].as_str().and_then(Country::new);
    row.category = text("category");
    row.severity = text("severity");
    row.confidence = before["confidence"].as_u64().and_then(|sure| u8::try_from(sure).ok());
}
