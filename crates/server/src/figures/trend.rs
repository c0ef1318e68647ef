//! The list day by day. The row of today is kept anew whenever the list changes; those of other days are final.
//!
//! A day is one of UTC. What came in it and what ended in it is what differs between the last publication before it and the
//! live one, so it can be computed again at any time, and what came and went within a day counts as neither.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use blocklist::{Chunk, Content, Delta, Serial, SourceName, Time};
use prefix::Prefix;
use store::{HeldRow, HeldState, Origin, Result, Store, TrendRow};

use super::happened::is_decided;
use crate::live::Live;

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;
/// Days that are shown.
const DAYS: i64 = 90;
/// Held candidates that are looked at.
const HELD: usize = 20;
/// Publications that are looked at for decisions of people.
const PUBLICATIONS: usize = 200;
/// Marks that are shown: more would hide each other.
const MARKS: usize = 3;

/// The days, and what happened on some of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trend {
    /// As they are kept, the oldest first.
    pub(crate) rows: Vec<TrendRow>,
    /// The newest decisions, the oldest of them first.
    pub(crate) marks: Vec<Mark>,
}

/// A day on which people had to decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// When.
    pub(crate) at: Time,
    /// What.
    pub(crate) what: Marked,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Marked {
    /// The gate held a candidate that would have added and removed so many prefixes; how that ended.
    Held {
        /// Prefixes that would have come.
        added: u64,
        /// Prefixes that would have gone.
        removed: u64,
        /// Where it stands.
        state: HeldState,
    },
    /// A person published over the gate's objections.
    Forced(Serial),
    /// A person brought this publication back.
    Back(Serial),
}

/// Today as it was last kept, and what it is compared with.
#[derive(Debug, Default)]
pub(super) struct Days {
    base: Option<Base>,
    kept: Option<(i64, Vec<TrendRow>)>,
}

/// The list as it was before a day; `None` before the first publication.
#[derive(Debug)]
struct Base {
    day: i64,
    serial: Option<Serial>,
    content: Content,
}

/// Keeps what today came to, and reads the days.
pub(super) fn take(store: &Store, live: Option<&Live>, now: Time, days: &mut Days) -> Result<Trend> {
    let today = now.unix().div_euclid(DAY);
    if let Some(live) = live {
        let content = live.publication().content();
        if let Some(base) = days.base(store, live, today)? {
            let rows = rows(today, &base.content, content);
            if days.kept.as_ref() != Some(&(today, rows.clone())) {
                store.keep_trend(today, &rows)?;
                days.kept = Some((today, rows));
            }
        }
    }
    Ok(Trend { rows: store.trend(today - DAYS + 1)?, marks: marks(store, now)? })
}

impl Days {
    /// What today is compared with; `None` when that publication is not kept any more: what is not known is not kept.
    fn base(&mut self, store: &Store, live: &Live, today: i64) -> Result<Option<&Base>> {
        let row = store.publication_at(Time::from_unix(today * DAY - 1))?;
        let serial = row.map(|row| row.serial);
        let known = self.base.as_ref().is_some_and(|base| (base.day, base.serial) == (today, serial));
        if !known {
            let before = (*live.head(), live.publication().content());
            let content = match serial {
                None => Content::from_chunks(Vec::new()),
                Some(serial) if serial == before.0.serial => Some(before.1.clone()),
                Some(serial) if store.files().path(serial).is_none() => None,
                Some(serial) => Some(store.files().read_after(serial, Some(before))?.1),
            };
            self.base = content.map(|content| Base { day: today, serial, content });
        }
        Ok(self.base.as_ref())
    }
}

/// What a day came to: the whole list in prefixes, each source in listings. A source of which nothing is left has a row on
/// the day on which it ended.
fn rows(day: i64, before: &Content, now: &Content) -> Vec<TrendRow> {
    let whole = Delta::of(before, now);
    let mut of: BTreeMap<&SourceName, [u64; 3]> = BTreeMap::new();
    for chunk in now.chunks() {
        let mut counts = vec![0; chunk.sources().len()];
        chunk.listings().iter().for_each(|listing| counts[listing.source.0 as usize] += 1);
        for (source, count) in chunk.sources().iter().zip(counts) {
            of.entry(source).or_default()[0] += count;
        }
    }
    for (old, new) in before.differing(now) {
        let (old, new) = (keys(old), keys(new));
        new.difference(&old).for_each(|(_, source)| of.entry(source).or_default()[1] += 1);
        old.difference(&new).for_each(|(_, source)| of.entry(source).or_default()[2] += 1);
    }
    let entries = now.entries() as u64;
    let (added, ended) = (whole.added.len() as u64, whole.removed.len() as u64);
    let mut rows = vec![TrendRow { day, source: None, entries, added, ended }];
    let of = of.into_iter().filter(|(_, counts)| counts.iter().any(|count| *count > 0));
    rows.extend(of.map(|(source, [entries, added, ended])| TrendRow {
        day,
        source: Some(source.clone()),
        entries,
        added,
        ended,
    }));
    rows
}

fn keys(chunk: Option<&Arc<Chunk>>) -> BTreeSet<(Prefix, &SourceName)> {
    let listings = chunk.into_iter().flat_map(|chunk| {
        chunk.listings().iter().map(move |listing| (listing.prefix, chunk.source_of(listing)))
    });
    listings.collect()
}

/// The newest decisions of people in the days that are shown.
fn marks(store: &Store, now: Time) -> Result<Vec<Mark>> {
    let since = now.plus_seconds(-DAYS * DAY);
    let held = store.held(None, HELD)?.into_iter().map(|row| {
        let HeldRow { opened_at, added, removed, state, .. } = row;
        Mark { at: opened_at, what: Marked::Held { added, removed, state } }
    });
    let published = store.publications(None, PUBLICATIONS)?.into_iter().filter(|row| is_decided(row.origin));
    let published = published.filter_map(|row| {
        let what = match row.origin {
            Origin::Forced => Marked::Forced(row.serial),
            Origin::Rollback => Marked::Back(row.content_of?),
            // The held candidate tells of it.
            Origin::Approved | Origin::Policy | Origin::Frozen => return None,
        };
        Some(Mark { at: row.published_at, what })
    });
    let mut marks: Vec<Mark> = held.chain(published).filter(|mark| mark.at >= since).collect();
    marks.sort_by_key(|mark| std::cmp::Reverse(mark.at));
    marks.truncate(MARKS);
    marks.reverse();
    Ok(marks)
}
