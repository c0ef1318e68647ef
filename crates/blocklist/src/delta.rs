//! What changed from one publication to the next: the prefixes that came and went.

use std::cmp::Ordering;
use std::sync::Arc;

use prefix::Prefix;

use crate::content::Content;
use crate::feed::Sieve;
use crate::{Chunk, FeedSettings, Publication, Selection, View};

/// Prefixes that were added and removed, each in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// In the newer one only.
    pub added: Vec<Prefix>,
    /// In the older one only.
    pub removed: Vec<Prefix>,
}

impl Delta {
    /// The difference of two sorted sequences without repeats.
    pub fn between(old: impl Iterator<Item = Prefix>, new: impl Iterator<Item = Prefix>) -> Self {
        let (mut old, mut new) = (old.peekable(), new.peekable());
        let mut delta = Self::default();
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return delta,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => a.cmp(b),
            };
            match order {
                Ordering::Less => delta.removed.extend(old.next()),
                Ordering::Greater => delta.added.extend(new.next()),
                Ordering::Equal => {
                    old.next();
                    new.next();
                }
            }
        }
    }

    /// The difference of two contents. Costs the chunks in which they differ.
    pub fn of(old: &Content, new: &Content) -> Self {
        let mut delta = Self::default();
        for (before, after) in old.differing(new) {
            let before = before.into_iter().flat_map(|chunk| chunk.prefixes());
            let step = Self::between(before, after.into_iter().flat_map(|chunk| chunk.prefixes()));
            delta.added.extend(step.added);
            delta.removed.extend(step.removed);
        }
        delta
    }

    /// The difference of what a feed shows of two publications. Costs the chunks in which they differ, unless the feed
    /// sifts, joins neighbours or cuts, which only the whole can tell.
    pub fn of_views(old: &Publication, new: &Publication, feed: &FeedSettings, selection: Selection) -> Self {
        let sifts = Sieve::new(new, feed).is_some();
        if sifts || selection.merge || selection.cap.is_some() || selection.limit.is_some() {
            let (old, new) = (View::of_feed(old, feed, selection), View::of_feed(new, feed, selection));
            return Self::between(old.prefixes(), new.prefixes());
        }
        let mut delta = Self::default();
        for (before, after) in old.content().differing(new.content()) {
            let shown = |chunk: Option<&Arc<Chunk>>| View::of_chunk(chunk.map(AsRef::as_ref), selection);
            let step = Self::between(shown(before).into_iter(), shown(after).into_iter());
            delta.added.extend(step.added);
            delta.removed.extend(step.removed);
        }
        delta
    }

    /// This change and then another, as one change: what came and went again is in neither list.
    #[must_use]
    pub fn then(&self, next: &Self) -> Self {
        let minus = |from: &[Prefix], what: &[Prefix]| -> Vec<Prefix> {
            Self::between(what.iter().copied(), from.iter().copied()).added
        };
        let mut added = minus(&self.added, &next.removed);
        added.extend(minus(&next.added, &self.removed));
        added.sort_unstable();
        let mut removed = minus(&self.removed, &next.added);
        removed.extend(minus(&next.removed, &self.added));
        removed.sort_unstable();
        Self { added, removed }
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    /// As bytes: the count of added prefixes (u32, little endian), their keys, then the keys of the removed.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(4 + 6 * (self.added.len() + self.removed.len()));
        bytes.extend_from_slice(&(self.added.len() as u32).to_le_bytes());
        let mut key = [0; Prefix::MAX_KEY];
        for prefix in self.added.iter().chain(&self.removed) {
            bytes.extend_from_slice(prefix.to_key(&mut key));
        }
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::read(bytes, |_| true)
    }

    /// The same, of the prefixes that cover `asked` alone.
    pub fn covering(bytes: &[u8], asked: Prefix) -> Option<Self> {
        Self::read(bytes, |prefix| prefix.covers(asked))
    }

    fn read(bytes: &[u8], wanted: impl Fn(Prefix) -> bool) -> Option<Self> {
        let (count, mut rest) = bytes.split_first_chunk::<4>()?;
        let count = u32::from_le_bytes(*count) as usize;
        let mut read = 0;
        let mut delta = Self::default();
        while let Some(&family) = rest.first() {
            let (key, after) = rest.split_at_checked(if family == 4 { 6 } else { Prefix::MAX_KEY })?;
            let prefix = Prefix::from_key(key)?;
            rest = after;
            let side = if read < count { &mut delta.added } else { &mut delta.removed };
            read += 1;
            if wanted(prefix) {
                side.push(prefix);
            }
        }
        (read >= count).then_some(delta)
    }
}
