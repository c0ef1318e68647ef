//! The figures of the dashboard: one snapshot, computed beside requests and swapped in.
//!
//! ```text
//! publication, run, held, source, device, minute --> refresh --> Snapshot (swapped whole) --> pages
//!                                                      |-- of the live publication, in memory: counts
//!                                                      |-- of the store: sources, devices, days, what happened
//! ```
//!
//! A page takes the snapshot as it is and asks nobody, so it is as quick with a million listings as with ten. It says as of
//! when it is.
//!
//! **Failure.** While the store cannot answer, what it last said stays, with its time, and the snapshot says that it is so.
//! Nothing is made up for what is not known.

mod cut;
mod day;
mod devices;
mod happened;
mod kept;
mod map;
mod reads;
mod refresh;
mod sources;
#[cfg(test)]
mod tests;
mod trend;

pub use refresh::keep_figures;

pub(crate) use devices::{Device, DeviceStanding, standing};
pub(crate) use happened::{What, shown};
pub(crate) use kept::Kept;
pub(crate) use map::Maps;
pub(crate) use sources::{Source, SourceStanding};
pub(crate) use trend::{DAY, Marked};

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use blocklist::{Head, Time};

use crate::App;
use crate::api::stats;
use crate::pages::{Badge, Level, Page};

/// The snapshot, and what the next one is made from.
#[derive(Default)]
pub(crate) struct Figures {
    snapshot: ArcSwapOption<Snapshot>,
    work: tokio::sync::Mutex<refresh::Work>,
}

/// What the dashboard shows.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    /// When it was computed.
    pub(crate) as_of: Time,
    /// Of the live publication, if there is one.
    pub(crate) live: Option<OfLive>,
    /// Of the store, when it last answered; `None` when it never did.
    pub(crate) kept: Option<Arc<Kept>>,
    /// Whether it answered this time. Without a store it never does.
    pub(crate) store_answers: bool,
}

/// What follows from the live publication alone.
#[derive(Clone, Debug)]
pub(crate) struct OfLive {
    /// What identifies it.
    pub(crate) head: Head,
    /// Its counts.
    pub(crate) counts: Arc<stats::Figures>,
}

impl Snapshot {
    /// What waits where.
    fn badges(&self) -> Vec<Badge> {
        let Some(kept) = &self.kept else { return Vec::new() };
        let of = |page, levels: &mut dyn Iterator<Item = Level>| {
            let waiting: Vec<Level> = levels.filter(|level| *level >= Level::Warn).collect();
            let level = waiting.iter().copied().max().unwrap_or_default();
            Badge { page, count: waiting.len() as u64, level }
        };
        let held = kept.held.iter().map(|_| Level::Warn).chain(kept.pinned.iter().map(|_| Level::Warn));
        let badges = [
            of(Page::Collect, &mut kept.sources.iter().map(Source::level)),
            of(Page::Publications, &mut { held }),
            of(Page::Devices, &mut kept.devices.iter().map(|device| device.level)),
        ];
        badges.into_iter().filter(|badge| badge.count > 0).collect()
    }
}

impl App {
    /// The figures as they were last computed; `None` in the first moment after the start.
    pub(crate) fn figures(&self) -> Option<Arc<Snapshot>> {
        self.figures.snapshot.load_full()
    }

    /// What waits where, for the navigation of the pages.
    pub(crate) fn badges(&self) -> Vec<Badge> {
        self.figures().map_or_else(Vec::new, |snapshot| snapshot.badges())
    }
}
