//! What came and went in the last 24 hours: the same that a comparison of the two publications shows.

use blocklist::{Serial, Time};
use store::{Result, Store};

const DAY: i64 = 86_400;

/// What came and went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    /// The publication that was live a day before; `None` when there was none.
    pub(crate) from: Option<Serial>,
    /// The live one.
    pub(crate) to: Serial,
    /// Prefixes that came.
    pub(crate) added: u64,
    /// Prefixes that went.
    pub(crate) removed: u64,
}

impl Day {
    /// Compares the live publication with the one of a day before. What was compared before is not compared again; what is
    /// not kept any more cannot be compared, and is `None`.
    pub(super) fn take(
        store: &Store,
        live: Option<Serial>,
        now: Time,
        last: &mut Option<Self>,
    ) -> Result<Option<Self>> {
        let Some(to) = live else { return Ok(None) };
        let from = store.publication_at(now.plus_seconds(-DAY))?.map(|row| row.serial);
        let day = match last.filter(|last| (last.from, last.to) == (from, to)) {
            Some(last) => Some(last),
            None => compare(store, from, to)?,
        };
        *last = day;
        Ok(day)
    }
}

fn compare(store: &Store, from: Option<Serial>, to: Serial) -> Result<Option<Day>> {
    let counted = match from {
        Some(from) if from == to => Some((0, 0)),
        Some(from) => match store.diff(from, to) {
            Ok(delta) => Some((delta.added.len() as u64, delta.removed.len() as u64)),
            Err(store::Error::NoPublication(_)) => None,
            Err(error) => return Err(error),
        },
        None => store.publication(to)?.map(|row| (row.entries, 0)),
    };
    Ok(counted.map(|(added, removed)| Day { from, to, added, removed }))
}
