//! How much of a feed a device with a limit cannot hold. A feed is counted once a publication, and only if such a device
//! reads it.

use std::collections::HashMap;

use blocklist::{FeedName, FeedSettings, Hash, Publication, Selection, View};
use store::{ConsumerRow, FeedRow};

use crate::live::Live;

/// The entries of feeds, of one publication.
#[derive(Debug, Default)]
pub(super) struct Cuts {
    of: Option<Hash>,
    entries: HashMap<Hash, u64>,
}

impl Cuts {
    /// Forgets what was counted of another publication.
    pub(super) fn renew(&mut self, live: Option<&Live>) {
        let hash = live.map(|live| live.head().hash);
        if self.of != hash {
            (self.of, self.entries) = (hash, HashMap::new());
        }
    }

    /// Entries that a device cannot hold of the feed that it reads; `None` without a limit.
    pub(super) fn of(
        &mut self,
        publication: &Publication,
        feeds: &[FeedRow],
        row: &ConsumerRow,
    ) -> Option<u64> {
        let read = row.holdings.first().and_then(|last| last.feed.parse::<FeedName>().ok());
        let name = row.settings.feed.clone().or(read).unwrap_or_else(FeedName::default_feed);
        let feed = feeds.iter().find(|feed| feed.name == name)?;
        let caps = row.settings.cap.into_iter().chain(feed.settings.cap);
        let cap = u64::from(caps.min()?);
        let key = feed.settings.key();
        let entries = *self.entries.entry(key).or_insert_with(|| whole(publication, &feed.settings));
        Some(entries.saturating_sub(cap))
    }
}

/// The entries of a feed without any limit.
fn whole(publication: &Publication, feed: &FeedSettings) -> u64 {
    let selection = Selection { cap: None, ..feed.select(Selection::default(), true) };
    View::of_feed(publication, feed, selection).total() as u64
}
