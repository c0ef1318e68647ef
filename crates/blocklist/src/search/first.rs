//! The first rows in some order of however many, and from where a next page goes on.

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use prefix::Prefix;

use super::rank;
use crate::{Chunk, Listing, SourceName, Time};

/// What rows are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// The prefix, as they lie.
    #[default]
    Prefix,
    /// When they were detected.
    Detected,
    /// When they end; what has no end comes last.
    Until,
    /// The name of the source.
    Source,
}

/// An order. Equal ones come by prefix, then by source, whichever way the order runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub by: By,
    /// The largest first.
    pub descending: bool,
}

/// Where a page ended: the last row's place in the order, as text `time/source/prefix`. A row that is gone since leaves
/// its place, so no other row is missed or shown twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Detection or end, where rows are ordered by one.
    time: i64,
    source: SourceName,
    prefix: Prefix,
}

impl Cursor {
    /// Of the last row of a page.
    pub(super) fn of(chunk: &Chunk, listing: &Listing, order: Order) -> Self {
        Self {
            time: time(listing, order.by),
            source: chunk.source_of(listing).clone(),
            prefix: listing.prefix,
        }
    }
}

impl Display for Cursor {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.time, self.source, self.prefix)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '/');
        let mut part = || parts.next().ok_or(());
        Ok(Self {
            time: part()?.parse().map_err(drop)?,
            source: part()?.parse().map_err(drop)?,
            prefix: part()?.parse().map_err(drop)?,
        })
    }
}

/// A row's place in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// What comes before the prefix; turned round where the largest comes first.
    before: i64,
    prefix: Prefix,
    source: u32,
}

fn time(listing: &Listing, by: By) -> i64 {
    match by {
        By::Prefix | By::Source => 0,
        By::Detected => listing.detected.unix(),
        By::Until => listing.until.map_or(i64::MAX, Time::unix),
    }
}

impl Key {
    pub(super) fn of(listing: &Listing, order: Order, source: u32) -> Self {
        Self::new(time(listing, order.by), listing.prefix, source, order)
    }

    /// Of a cursor. A source that is gone has a place between two others.
    pub(super) fn of_cursor(cursor: &Cursor, order: Order, names: &[&SourceName]) -> Self {
        Self::new(cursor.time, cursor.prefix, rank(names, &cursor.source), order)
    }

    fn new(time: i64, prefix: Prefix, source: u32, order: Order) -> Self {
        let before = if order.by == By::Source { i64::from(source) } else { time };
        Self { before: if order.descending { !before } else { before }, prefix, source }
    }

    pub(super) fn is_after(&self, other: &Self, order: Order) -> bool {
        self.cmp(other, order) == Ordering::Greater
    }

    #[inline]
    fn cmp(&self, other: &Self, order: Order) -> Ordering {
        let by_prefix = || {
            let ascending = self.prefix.cmp(&other.prefix);
            if order == (Order { by: By::Prefix, descending: true }) {
                ascending.reverse()
            } else {
                ascending
            }
        };
        self.before.cmp(&other.before).then_with(by_prefix).then(self.source.cmp(&other.source))
    }
}

/// Where a listing is: its chunk, and its place there.
type Place = (u32, u32);

/// Keeps the first rows of all that are shown to it: twice as many at most, and the half that is too many goes whenever
/// the room is full. A heap was not taken: rows that come in the opposite order would move through it one by one.
pub(super) struct First {
    order: Order,
    most: usize,
    rows: Vec<(Key, Place)>,
    /// The last row that is surely kept; what comes after it is not.
    last: Option<Key>,
}

impl First {
    pub(super) fn new(order: Order, most: usize) -> Self {
        Self { order, most, rows: Vec::new(), last: None }
    }

    /// Whether none of these prefixes, which are in order, can come among the first any more.
    pub(super) fn is_past(&self, mut prefixes: impl DoubleEndedIterator<Item = Prefix>) -> bool {
        let Some(last) = self.last.filter(|_| self.order.by == By::Prefix) else { return false };
        if self.order.descending {
            prefixes.next_back().is_none_or(|nearest| nearest < last.prefix)
        } else {
            prefixes.next().is_none_or(|nearest| nearest > last.prefix)
        }
    }

    #[inline]
    pub(super) fn take(&mut self, key: Key, place: Place) {
        if self.last.is_some_and(|last| key.cmp(&last, self.order) != Ordering::Less) {
            return;
        }
        self.rows.push((key, place));
        // The first time as soon as there are enough: rows that come in order stop there.
        if self.rows.len() >= 2 * self.most || self.last.is_none() && self.rows.len() == self.most {
            self.tidy();
        }
    }

    fn tidy(&mut self) {
        let order = self.order;
        if self.rows.len() > self.most {
            self.rows.select_nth_unstable_by(self.most - 1, |a, b| a.0.cmp(&b.0, order));
            self.rows.truncate(self.most);
        }
        self.last = self.rows.iter().map(|row| row.0).max_by(|a, b| a.cmp(b, order));
    }

    /// The first rows, in order.
    pub(super) fn finish(mut self) -> Vec<(Key, Place)> {
        let order = self.order;
        self.rows.sort_unstable_by(|a, b| a.0.cmp(&b.0, order));
        self.rows.truncate(self.most);
        self.rows
    }
}
