//! Why an address is served or not: gathers every step.
//!
//! Reads alone, each part by its keys, and never more than the limits of [`crate::explain`]. What was published at a time and
//! is no longer kept is an answer, not an error.

mod answer;
mod guards;
mod listings;
mod publications;

use std::collections::BTreeMap;

use blocklist::policy::{Evaluation, Kept, Policy, Protected, verdict};
use blocklist::{
    Delta, DetailsTable, FeedName, FeedSettings, Listing, Publication, SourceId, SourceName, State, Time,
    mention,
};
use prefix::Prefix;
use rusqlite::{Connection, OptionalExtension, params};

use super::query::collect;
use super::{Store, history, policy, record, rows};
use crate::explain::{
    Answer, Explanation, FeedTold, GateTold, HeldTold, HolderTold, ListingTold, MAX_REFUSED, RefusedTold,
    words,
};
use crate::{Error, HeldId, PublicationRow, Result, RunId};

impl Store {
    /// Why `asked` is served or not: now, or at a time.
    pub fn explain(&self, asked: Prefix, at: Option<Time>) -> Result<Explanation> {
        let now = at.unwrap_or_else(|| self.now());
        let row = match at {
            Some(at) => self.publication_at(at)?,
            None => self.read(record::last)?,
        };
        let publication = match &row {
            Some(row) => match self.load_known(row) {
                Ok(publication) => Some(publication),
                Err(Error::NoPublication(_) | Error::File { .. } | Error::Publication { .. }) => None,
                Err(error) => return Err(error),
            },
            None => None,
        };
        self.read(|connection| {
            let found =
                Found { connection, asked, at, now, row: row.as_ref(), publication: publication.as_ref() };
            self.gather(&found)
        })
    }

    fn gather(&self, found: &Found<'_>) -> Result<Explanation> {
        let &Found { connection, asked, at, now, .. } = found;
        let sources = sources(connection)?;
        let (mut listings, listings_cut) = listings::read(found, &sources)?;
        let protected = match at {
            None => (*self.protected(connection, now)?).clone(),
            Some(at) => guards::at(connection, at)?,
        };
        let policy = match (at, found.row) {
            (Some(_), Some(row)) => policy_of(connection, row)?,
            _ => policy::policy(connection)?,
        };
        self.judge(found, &sources, &policy, &protected, &mut listings)?;
        let (publications, memory) = publications::walk(found)?;
        let mut explanation = Explanation {
            asked,
            at,
            answer: Answer::Never,
            text: String::new(),
            listings,
            listings_cut,
            refused: refused(found, &sources)?,
            protected: guards::told(connection, &protected, asked)?,
            gate: gate(found)?,
            feeds: feeds_with(found)?,
            consumers: Vec::new(),
            publications,
        };
        explanation.consumers = holders(connection, &memory, &explanation.feeds, now)?;
        explanation.answer = answer::of(&explanation, found.row, found.publication);
        explanation.text = words::sentence(&explanation, words::Language::English);
        Ok(explanation)
    }

    /// What the policy says of each active listing.
    fn judge(
        &self,
        found: &Found<'_>,
        sources: &BTreeMap<SourceId, SourceName>,
        policy: &Policy,
        protected: &Protected,
        listings: &mut [ListingTold],
    ) -> Result<()> {
        let mut details = DetailsTable::default();
        let ids: BTreeMap<&SourceName, SourceId> = sources.iter().map(|(&id, name)| (name, id)).collect();
        let mut kept = Vec::new();
        for told in listings.iter() {
            let row = &told.row;
            let Some(&source) = ids.get(&row.source) else { continue };
            if !matches!(row.state, State::Active | State::Expired) {
                continue;
            }
            let texts = details.intern(blocklist::Details {
                reason: row.reason.as_deref().map(Into::into),
                country: row.country,
                category: row.category.as_deref().map(Into::into),
                severity: row.severity.as_deref().map(Into::into),
                confidence: row.confidence,
            });
            kept.push(Kept {
                listing: Listing {
                    prefix: row.prefix,
                    source,
                    details: texts,
                    detected: row.detected,
                    until: row.until,
                },
                seen: seen(found.connection, source, row.prefix)?.unwrap_or(row.detected),
                end_is_set: row.end_set_by_person,
            });
        }
        let by =
            Evaluation { rules: self.rules(), policy, protected, sources, details: &details, now: found.now };
        for told in listings {
            let of = |kept: &&Kept| {
                kept.listing.prefix == told.row.prefix
                    && ids.get(&told.row.source) == Some(&kept.listing.source)
            };
            let covers = told.covers;
            // Of what was asked for, not of a wide network around it.
            let asked = |one: &Kept| Kept {
                listing: Listing {
                    prefix: if covers { found.asked } else { one.listing.prefix },
                    ..one.listing
                },
                ..*one
            };
            told.policy = kept.iter().find(of).map(|one| verdict(&asked(one), &kept, &by));
        }
        Ok(())
    }
}

/// What is asked, and what answers.
#[derive(Clone, Copy)]
struct Found<'a> {
    connection: &'a Connection,
    asked: Prefix,
    /// The time that was asked about.
    at: Option<Time>,
    /// That, or now.
    now: Time,
    row: Option<&'a PublicationRow>,
    publication: Option<&'a Publication>,
}

fn sources(connection: &Connection) -> Result<BTreeMap<SourceId, SourceName>> {
    let found = collect(connection, "SELECT id, name FROM sources", &[], |row| {
        Ok((SourceId(row.get(0)?), rows::source(row, 1)?))
    });
    found.map(|found| found.into_iter().collect()).map_err(Error::database("cannot read the sources"))
}

fn seen(connection: &Connection, source: SourceId, prefix: Prefix) -> Result<Option<Time>> {
    let mut key = [0; Prefix::MAX_KEY];
    connection
        .prepare_cached("SELECT seen FROM listings WHERE source = ? AND prefix = ?")
        .and_then(|mut statement| {
            let row = statement
                .query_row(params![source.0, prefix.to_key(&mut key)], |row| rows::optional_time(row, 0));
            row.optional()
        })
        .map(Option::flatten)
        .map_err(Error::database("cannot read the listings"))
}

/// The policy by which a publication was made; that of now where it cannot be read any more.
fn policy_of(connection: &Connection, row: &PublicationRow) -> Result<Policy> {
    let text: Option<String> = connection
        .query_row("SELECT policy FROM publications WHERE serial = ?", [row.serial.0 as i64], |row| {
            row.get(0)
        })
        .optional()
        .map_err(Error::database("cannot read the publication"))?;
    let then = text
        .as_deref()
        .and_then(|text| text.split_once("} "))
        .and_then(|(_, json)| serde_json::from_str(json).ok());
    then.map_or_else(|| policy::policy(connection), Ok)
}

/// Rows that speak of it, of the last run of each source by then.
fn refused(found: &Found<'_>, sources: &BTreeMap<SourceId, SourceName>) -> Result<Vec<RefusedTold>> {
    let failed = || Error::database("cannot read the refused rows");
    let mut told = Vec::new();
    for (id, name) in sources {
        let run: Option<(i64, i64)> = found
            .connection
            .prepare_cached(
                "SELECT id, ifnull(same_as, id) FROM runs WHERE source = ? AND ended_at <= ? ORDER BY id DESC LIMIT 1",
            )
            .and_then(|mut statement| {
                let row = statement.query_row(params![id.0, found.now.unix()], |row| Ok((row.get(0)?, row.get(1)?)));
                row.optional()
            })
            .map_err(failed())?;
        let Some((run, rows_of)) = run else { continue };
        let sql = "SELECT line, cause, text FROM rejected_rows WHERE run = ? ORDER BY seq";
        let rows = collect(found.connection, sql, &[&rows_of], |row| {
            Ok(RefusedTold {
                source: name.clone(),
                run: RunId(run),
                line: rows::count(row, 0)?,
                cause: row.get(1)?,
                text: row.get(2)?,
            })
        });
        let rows = rows.map_err(failed())?;
        told.extend(rows.into_iter().filter(|row| mention::mentions(&row.text, found.asked)));
        if told.len() >= MAX_REFUSED {
            told.truncate(MAX_REFUSED);
            break;
        }
    }
    Ok(told)
}

/// What the gate holds, or held then.
fn gate(found: &Found<'_>) -> Result<GateTold> {
    let held = found
        .connection
        .prepare_cached(
            "SELECT id, opened_at, reasons, delta FROM held_publications
             WHERE CASE WHEN ?1 IS NULL THEN state = 'open' ELSE opened_at <= ?1 AND ifnull(decided_at > ?1, 1) END
             ORDER BY id DESC LIMIT 1",
        )
        .and_then(|mut statement| {
            let row = statement.query_row([found.at.map(Time::unix)], |row| {
                Ok((HeldId(row.get(0)?), rows::time(row, 1)?, row.get::<_, String>(2)?, row.get::<_, Vec<u8>>(3)?))
            });
            row.optional()
        })
        .map_err(Error::database("cannot read the held candidate"))?;
    let held = match held {
        None => None,
        Some((id, opened_at, reasons, delta)) => {
            let delta = Delta::covering(&delta, found.asked).ok_or(Error::Corrupt { what: "a delta" })?;
            let reasons =
                serde_json::from_str(&reasons).map_err(|_| Error::Corrupt { what: "reasons of the gate" })?;
            let (adds, removes) = (!delta.added.is_empty(), !delta.removed.is_empty());
            Some(HeldTold { id, opened_at, reasons, adds, removes })
        }
    };
    // Who held what in the past stands in the log of changes.
    let pinned = if found.at.is_none() { history::pin(found.connection)? } else { None };
    Ok(GateTold { held, pinned })
}

/// The feeds, as they are set up now, over the publication that is asked.
fn feeds_with(found: &Found<'_>) -> Result<Vec<FeedTold>> {
    let kept = collect(
        found.connection,
        "SELECT name, settings FROM feeds ORDER BY name <> 'default', name",
        &[],
        |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)),
    );
    let mut feeds = Vec::new();
    for (name, settings) in kept.map_err(Error::database("cannot read the feeds"))? {
        let settings: FeedSettings =
            serde_json::from_str(&settings).map_err(|_| Error::Corrupt { what: "a feed" })?;
        feeds.push((name, settings));
    }
    if feeds.first().is_none_or(|(name, _)| name != FeedName::DEFAULT) {
        feeds.insert(0, (FeedName::DEFAULT.to_owned(), FeedSettings::default()));
    }
    let told = feeds.into_iter().map(|(name, settings)| FeedTold {
        name,
        has: found.publication.map(|publication| settings.lists(publication, found.asked)),
    });
    Ok(told.collect())
}

/// The consumers, each with what it fetched last by then.
fn holders(
    connection: &Connection,
    memory: &publications::Memory,
    feeds: &[FeedTold],
    now: Time,
) -> Result<Vec<HolderTold>> {
    collect(
        connection,
        "SELECT name, feed, format, serial, at FROM holdings JOIN consumers ON consumers.id = consumer
         WHERE removed_at IS NULL AND at <= ? ORDER BY name, feed, format LIMIT 1000",
        &[&now.unix()],
        |row| {
            let serial = rows::serial(row, 3)?.unwrap_or_default();
            let feed: String = row.get(1)?;
            // What a feed that sifts showed then is not kept: as it is set up now.
            let shows = feeds.iter().find(|told| told.name == feed).and_then(|told| told.has);
            let served = memory.served(serial);
            Ok(HolderTold {
                consumer: row.get(0)?,
                format: row.get(2)?,
                serial,
                at: rows::time(row, 4)?,
                has: if feed == FeedName::DEFAULT || served != Some(true) { served } else { shows },
                feed,
            })
        },
    )
    .map_err(Error::database("cannot read what the consumers hold"))
}
