//! What touches what is protected, the gravest of it.

use prefix::Prefix;

use super::{GuardKind, Hit, Protected};
use crate::SourceName;

/// The most hits of a chunk that are kept: the gravest kinds, then by listing. A list that takes in a whole known-good list
/// makes a hundred thousand, of which nobody reads the last; and a flood of harmless ones never pushes a grave one out.
pub const MAX_HITS: usize = 1000;

/// Hits as they are found.
#[derive(Debug, Default)]
pub(super) struct Hits<'a> {
    /// In the order by which they are kept.
    found: Vec<(GuardKind, Prefix, &'a SourceName, Prefix)>,
}

impl<'a> Hits<'a> {
    /// Adds all that a listing touches.
    pub(super) fn add(&mut self, source: &'a SourceName, prefix: Prefix, protected: &Protected) {
        let mut last = None;
        for guard in protected.touching(prefix) {
            // Guards that differ in their name alone stand side by side.
            let key = (guard.prefix, guard.kind);
            if last.replace(key) == Some(key) {
                continue;
            }
            self.found.push((guard.kind, prefix, source, guard.prefix));
            // Cut now and then, so that each costs the same however many there are.
            if self.found.len() >= 4 * MAX_HITS {
                self.cut();
            }
        }
    }

    fn cut(&mut self) {
        if self.found.len() > MAX_HITS {
            self.found.select_nth_unstable(MAX_HITS);
            self.found.truncate(MAX_HITS);
        }
    }

    /// Those that are kept, in order.
    pub(super) fn into_sorted(mut self) -> Vec<Hit> {
        self.cut();
        let hit = |(kind, prefix, source, guard): (GuardKind, Prefix, &SourceName, Prefix)| Hit {
            source: source.clone(),
            prefix,
            kind,
            guard,
        };
        let mut hits: Vec<Hit> = self.found.into_iter().map(hit).collect();
        hits.sort_unstable();
        hits
    }
}
