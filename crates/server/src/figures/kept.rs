//! What the store says, read at one time.

use std::collections::BTreeSet;

use blocklist::Time;
use collect::collector::Alive;
use store::{HeldRow, HeldState, Pin, PublicationRow, Result, Store};

use super::day::Day;
use super::devices::{self, Device};
use super::happened::{self, Happened};
use super::reads::Counts;
use super::refresh::Work;
use super::sources::{self, Source};
use super::trend::{self, Trend};
use crate::live::Live;

/// What the store says.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// When.
    pub(crate) at: Time,
    /// Sources, the worst first.
    pub(crate) sources: Vec<Source>,
    /// Devices, the worst first.
    pub(crate) devices: Vec<Device>,
    /// The candidate that waits for a person.
    pub(crate) held: Option<HeldRow>,
    /// The old publication that a person brought back.
    pub(crate) pinned: Option<Pin>,
    /// The live publication as it is kept.
    pub(crate) publication: Option<PublicationRow>,
    /// Listings that something protected kept out of it, by source and prefix.
    pub(crate) guarded: u64,
    /// What came and went in a day.
    pub(crate) day: Option<Day>,
    /// Reads of feeds in the last hours.
    pub(crate) reads: Counts,
    /// The days.
    pub(crate) trend: Trend,
    /// What happened, the newest first.
    pub(crate) happened: Vec<Happened>,
}

impl Kept {
    /// Reads it all. Blocks; rows are read at the ends of indexes, never all listings.
    pub(super) fn take(
        store: &Store,
        live: Option<&Live>,
        alive: &Alive,
        now: Time,
        work: &mut Work,
    ) -> Result<Self> {
        let serial = live.map(|live| live.head().serial);
        let newest = store.held(None, 1)?.pop();
        let publication = serial.map(|serial| store.publication(serial)).transpose()?.flatten();
        Ok(Self {
            at: now,
            sources: sources::take(store, alive, now)?,
            devices: devices::take(store, live, now, &mut work.cuts)?,
            held: newest.filter(|row| row.state == HeldState::Open),
            pinned: store.pinned()?,
            guarded: guarded(store)?,
            day: Day::take(store, serial, now, &mut work.day)?,
            reads: work.reads.take(store, now)?,
            trend: trend::take(store, live, now, &mut work.days)?,
            happened: happened::take(store)?,
            publication,
        })
    }
}

/// A listing that touches several protected things is one.
fn guarded(store: &Store) -> Result<u64> {
    let hits = store.hits()?;
    let touched: BTreeSet<_> = hits.iter().map(|hit| (&hit.source, hit.prefix)).collect();
    Ok(touched.len() as u64)
}
