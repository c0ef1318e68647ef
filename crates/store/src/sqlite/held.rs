//! Candidates that the gate held, and what people decide on them.
//!
//! At most one is open: it is the candidate of now, and changes as listings do. A candidate that was rejected is not asked
//! about again while it stays the same; the last publication goes on without it.

use blocklist::gate::{Reason, Verdict};
use blocklist::{Delta, Hash, Time};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::json;

use super::attempt::Attempt;
use super::history::pinned;
use super::import::begin;
use super::policy::gate_rules;
use super::publish::Gate;
use super::query::{collect, write_log};
use super::{Store, audit, rows};
use crate::{Actor, Approval, Approved, Error, HeldId, HeldRow, HeldState, Origin, Result};

const COLUMNS: &str = "id, state, opened_at, changed_at, expires_at, follows, hash, entries, added, removed, reasons, \
     approvals, decided_at, decided_by, note, serial";

fn held(row: &Row<'_>) -> rusqlite::Result<HeldRow> {
    let json = |column: usize| -> rusqlite::Result<String> { row.get(column) };
    let unreadable = |column, what: &'static str| rows::unreadable(column, what);
    Ok(HeldRow {
        id: HeldId(row.get(0)?),
        state: HeldState::from_sql(row.get_ref(1)?.as_str()?),
        opened_at: rows::time(row, 2)?,
        changed_at: rows::time(row, 3)?,
        expires_at: rows::optional_time(row, 4)?,
        follows: rows::serial(row, 5)?,
        candidate: Hash(row.get(6)?),
        entries: rows::count(row, 7)?,
        added: rows::count(row, 8)?,
        removed: rows::count(row, 9)?,
        reasons: serde_json::from_str(&json(10)?).map_err(|_| unreadable(10, "reasons of the gate"))?,
        approvals: serde_json::from_str(&json(11)?).map_err(|_| unreadable(11, "approvals"))?,
        decided_at: rows::optional_time(row, 12)?,
        decided_by: row.get(13)?,
        note: row.get(14)?,
        serial: rows::serial(row, 15)?,
    })
}

/// Keeps a candidate that the gate held. Gives the reasons back.
pub(super) fn hold(
    store: &Store,
    transaction: &Transaction<'_>,
    attempt: &Attempt,
    reasons: Vec<Reason>,
) -> Result<Vec<Reason>> {
    // A store that never published and has nothing to publish waits for its first import, not for a person.
    if attempt.newest.is_none() && attempt.built.content.is_empty() {
        return Ok(reasons);
    }
    let failed = || Error::database("cannot keep the held candidate");
    let now = store.now();
    run_out(transaction, now)?;
    let content = &attempt.built.content;
    let hash = content.hash();
    let newest_of = |states: &str| {
        let sql = format!(
            "SELECT {COLUMNS} FROM held_publications WHERE state IN ({states}) ORDER BY id DESC LIMIT 1"
        );
        transaction.query_row(&sql, [], held).optional().map_err(failed())
    };
    let open = newest_of("'open'")?;
    if let Some(decided) = newest_of("'rejected', 'expired'")?
        && open.is_none()
        && decided.candidate == hash
    {
        return Ok(reasons);
    }
    let nothing = blocklist::Content::default();
    let before = attempt.basis.as_ref().map_or(&nothing, |basis| &basis.content);
    let delta = Delta::of(before, content);
    let text = serde_json::to_string(&reasons).map_err(|_| Error::Corrupt { what: "reasons of the gate" })?;
    let hours = gate_rules(transaction)?.held_hours;
    let values = (hash.0, content.entries() as i64, delta.added.len() as i64, delta.removed.len() as i64);
    let follows = attempt.last.as_ref().map(|last| last.serial.0 as i64);
    match open {
        Some(open) if open.candidate == hash && open.reasons == reasons => {}
        // What somebody approved was another candidate.
        Some(open) => {
            transaction
                .execute(
                    "UPDATE held_publications SET changed_at = ?, follows = ?, hash = ?, entries = ?, added = ?,
                        removed = ?, delta = ?, reasons = ?, approvals = '[]' WHERE id = ?",
                    params![
                        now.unix(), follows, values.0, values.1, values.2, values.3, delta.to_bytes(), text,
                        open.id.0
                    ],
                )
                .map_err(failed())?;
        }
        None => {
            transaction
                .execute(
                    "INSERT INTO held_publications (state, opened_at, changed_at, expires_at, follows, hash, entries, added,
                        removed, delta, reasons) VALUES ('open', ?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                    params![
                        now.unix(),
                        hours.map(|hours| now.plus_seconds(i64::from(hours) * 3_600).unix()),
                        follows, values.0, values.1, values.2, values.3, delta.to_bytes(), text
                    ],
                )
                .map_err(failed())?;
            let text = reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            write_log(transaction, now, "warn", "gate", None, &text)?;
        }
    }
    Ok(reasons)
}

/// A publication went out, or nothing differs any more: what was open is over.
pub(super) fn superseded(transaction: &Transaction<'_>, now: Time) -> Result<()> {
    transaction
        .execute(
            "UPDATE held_publications SET state = 'superseded', decided_at = ? WHERE state = 'open'",
            [now.unix()],
        )
        .map(drop)
        .map_err(Error::database("cannot close the held candidate"))
}

/// When the open candidate counts as rejected.
pub(super) fn runs_out(connection: &Connection) -> Result<Option<Time>> {
    connection
        .prepare_cached(
            "SELECT expires_at FROM held_publications WHERE state = 'open' AND expires_at IS NOT NULL",
        )
        .and_then(|mut statement| statement.query_row([], |row| rows::time(row, 0)).optional())
        .map_err(Error::database("cannot read the held candidate"))
}

/// Nobody decided in time.
fn run_out(transaction: &Transaction<'_>, now: Time) -> Result<()> {
    let over = transaction
        .execute(
            "UPDATE held_publications SET state = 'expired', decided_at = ?1 WHERE state = 'open' AND expires_at <= ?1",
            [now.unix()],
        )
        .map_err(Error::database("cannot close the held candidate"))?;
    if over > 0 {
        write_log(transaction, now, "warn", "gate", None, "nobody decided on the held candidate in time")?;
    }
    Ok(())
}

impl Store {
    /// Held candidates, newest first.
    pub fn held(&self, before: Option<HeldId>, limit: usize) -> Result<Vec<HeldRow>> {
        self.read(|connection| {
            let sql =
                format!("SELECT {COLUMNS} FROM held_publications WHERE id < ? ORDER BY id DESC LIMIT ?");
            let before = before.map_or(i64::MAX, |id| id.0);
            collect(connection, &sql, &[&before, &i64::try_from(limit).unwrap_or(i64::MAX)], held)
                .map_err(Error::database("cannot read the held candidates"))
        })
    }

    /// One held candidate, with what it adds and removes; of `None` the open one.
    pub fn held_candidate(&self, id: Option<HeldId>) -> Result<Option<(HeldRow, Delta)>> {
        self.read(|connection| {
            let which = if id.is_some() { "id = ?" } else { "state = 'open' AND ? IS NULL" };
            let sql = format!("SELECT {COLUMNS}, delta FROM held_publications WHERE {which}");
            let found = connection
                .query_row(&sql, [id.map(|id| id.0)], |row| Ok((held(row)?, row.get::<_, Vec<u8>>(16)?)))
                .optional()
                .map_err(Error::database("cannot read the held candidate"))?;
            found
                .map(|(row, delta)| {
                    Delta::from_bytes(&delta)
                        .map(|delta| (row, delta))
                        .ok_or(Error::Corrupt { what: "a delta" })
                })
                .transpose()
        })
    }

    /// Whether somebody may publish over the gate's objections now: not past a candidate that waits for an answer, not past
    /// a rollback, and not alone where two people are asked for. To be asked before [`Self::publish_forced`].
    pub fn check_force(&self) -> Result<()> {
        self.read(|connection| {
            if let Some(serial) = pinned(connection)? {
                return Err(Error::Pinned(serial));
            }
            let open = connection
                .query_row("SELECT id FROM held_publications WHERE state = 'open'", [], |row| row.get(0))
                .optional()
                .map_err(Error::database("cannot read the held candidate"))?;
            match open {
                Some(id) => Err(Error::Undecided(HeldId(id))),
                None if gate_rules(connection)?.second_person => Err(Error::NeedsSecond),
                None => Ok(()),
            }
        })
    }

    /// Approves the open candidate as it was seen: `candidate` is its hash. Where two people are asked for, the first only
    /// says so. A candidate that changed since in any way but by what ended is judged again: only reasons that were
    /// known stand.
    pub fn approve(&self, id: HeldId, candidate: Hash, actor: &Actor<'_>) -> Result<Approved> {
        let _lock = self.files().lock()?;
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let now = self.now();
        run_out(&transaction, now)?;
        let row = open(&transaction, id)?;
        if row.candidate != candidate {
            return Err(Error::CandidateChanged(id));
        }
        let mut approvals = row.approvals.clone();
        // One person under two spellings is one person.
        if approvals.iter().all(|approval| approval.by.to_lowercase() != actor.by.to_lowercase()) {
            let (by, note) = (actor.by.to_owned(), actor.note.map(str::to_owned));
            approvals.push(Approval { by, at: now, note });
        }
        let json = json!(approvals);
        audit::write(
            &transaction,
            now,
            actor,
            "held.approve",
            &id.to_string(),
            None,
            Some(&json!({
                "candidate": candidate, "approvals": approvals.len(),
            })),
        )?;
        let failed = || Error::database("cannot keep the approval");
        transaction
            .execute(
                "UPDATE held_publications SET approvals = ? WHERE id = ?",
                params![json.to_string(), id.0],
            )
            .map_err(failed())?;
        if gate_rules(&transaction)?.second_person && approvals.len() < 2 {
            transaction.commit().map_err(failed())?;
            return Ok(Approved::NeedsSecond);
        }
        let attempt = self.try_out(&transaction, None)?;
        if attempt.built.content.hash() != candidate
            && let Verdict::Held(reasons) = attempt.judge(&transaction)?
            && !reasons.iter().all(|reason| row.reasons.iter().any(|known| known.rule() == reason.rule()))
        {
            return Err(Error::CandidateChanged(id));
        }
        // Decided before it is published, for a publication closes what is open.
        decide(&transaction, id, HeldState::Approved, actor, now)?;
        let published = self.publish_in(&transaction, None, Gate::Overruled(Origin::Approved, actor))?;
        let serial = published.current().map(|row| row.serial.0 as i64);
        transaction
            .execute("UPDATE held_publications SET serial = ? WHERE id = ?", params![serial, id.0])
            .map_err(failed())?;
        self.commit(transaction, &published)?;
        Ok(Approved::Published(published))
    }

    /// Rejects the open candidate: the last publication goes on, and the same candidate is not asked about again.
    pub fn reject(&self, id: HeldId, actor: &Actor<'_>) -> Result<()> {
        let mut writer = self.writer();
        let transaction = begin(&mut writer)?;
        let now = self.now();
        let row = open(&transaction, id)?;
        audit::write(
            &transaction,
            now,
            actor,
            "held.reject",
            &id.to_string(),
            None,
            Some(&json!({
                "candidate": row.candidate,
            })),
        )?;
        decide(&transaction, id, HeldState::Rejected, actor, now)?;
        transaction.commit().map_err(Error::database("cannot keep the rejection"))
    }
}

fn open(connection: &Connection, id: HeldId) -> Result<HeldRow> {
    let sql = format!("SELECT {COLUMNS} FROM held_publications WHERE id = ?");
    let row = connection
        .query_row(&sql, [id.0], held)
        .optional()
        .map_err(Error::database("cannot read the held candidate"))?
        .ok_or(Error::NoHeld(id))?;
    if row.state == HeldState::Open { Ok(row) } else { Err(Error::HeldIsOver(id, row.state)) }
}

fn decide(
    transaction: &Transaction<'_>,
    id: HeldId,
    state: HeldState,
    actor: &Actor<'_>,
    now: Time,
) -> Result<()> {
    transaction
        .execute(
            "UPDATE held_publications SET state = ?, decided_at = ?, decided_by = ?, note = ? WHERE id = ?",
            params![state.as_str(), now.unix(), actor.by, actor.note, id.0],
        )
        .map(drop)
        .map_err(Error::database("cannot keep the decision"))
}
