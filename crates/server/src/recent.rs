//! Publications that were served lately: whoever holds one of them is told what changed without a look at the disk.
//!
//! They share their chunks, so one that changed little costs little. What they do not share is bounded.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use blocklist::{Publication, Serial};

/// At most so many.
const MOST: usize = 256;
/// At most so many listings that are in no later publication: 48 bytes each, and as much again for the index.
const LISTINGS: usize = 1_000_000;

/// The publications, oldest first, each with the listings of its chunks that the next one does not share.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<VecDeque<(Arc<Publication>, usize)>>);

impl Recent {
    /// Adds the newest. One that is not newer follows a restored backup: what was before it is another history.
    pub(crate) fn push(&self, publication: Arc<Publication>) {
        let mut recent = self.lock();
        match recent.back_mut() {
            Some((last, own)) if last.head().serial < publication.head().serial => {
                let chunks = last.content().differing(publication.content()).filter_map(|(old, _)| old);
                *own = chunks.map(|chunk| chunk.listings().len()).sum();
            }
            _ => recent.clear(),
        }
        recent.push_back((publication, 0));
        let mut held: usize = recent.iter().map(|(_, own)| own).sum();
        while recent.len() > MOST || held > LISTINGS {
            let Some((_, own)) = recent.pop_front() else { return };
            held -= own;
        }
    }

    /// One of them.
    pub(crate) fn find(&self, serial: Serial) -> Option<Arc<Publication>> {
        let recent = self.lock();
        let at = recent.binary_search_by_key(&serial, |(publication, _)| publication.head().serial).ok()?;
        recent.get(at).map(|(publication, _)| Arc::clone(publication))
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(Arc<Publication>, usize)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
