//! How each device stands: what it holds, how far that is behind, and what of the list it cannot hold.

use blocklist::Time;
use store::{ConsumerRow, Result, Store};

use super::cut::Cuts;
use crate::live::Live;
use crate::pages::Level;

const HOUR: i64 = 3_600;
/// One that holds an old publication and has read nothing for so long is late; devices poll once an hour at the slowest
/// that matters.
const LATE: i64 = HOUR;
/// And after so long it counts as silent.
const SILENT: i64 = 3 * HOUR;
/// One that holds the newest is only asked why it does not read after so long.
const IDLE: i64 = 24 * HOUR;

/// How a device stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeviceStanding {
    /// It may not read.
    Off,
    /// It has read nothing since it was added.
    New,
    /// It holds the newest, or reads often enough to have it soon.
    Fine,
    /// It holds an old one and has not read for a while.
    Late,
    /// It reads no more.
    Silent,
}

/// A device.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    /// As it is kept.
    pub(crate) row: ConsumerRow,
    /// How it stands.
    pub(crate) standing: DeviceStanding,
    /// How well that is.
    pub(crate) level: Level,
    /// Entries of its feed that it cannot hold, when it has a limit.
    pub(crate) cut: Option<u64>,
}

impl Device {
    /// How many publications it is behind.
    pub(crate) fn behind(&self) -> u64 {
        self.row.holdings.first().map_or(0, |last| last.behind)
    }
}

/// All of them, the worst first, then by name.
pub(super) fn take(store: &Store, live: Option<&Live>, now: Time, cuts: &mut Cuts) -> Result<Vec<Device>> {
    let rows = store.consumers()?;
    let feeds = store.feeds()?;
    cuts.renew(live);
    let mut devices: Vec<Device> = rows
        .into_iter()
        .map(|row| {
            let (standing, level) = standing(&row, now);
            let cut = live.and_then(|live| cuts.of(live.publication(), &feeds, &row));
            Device { row, standing, level, cut }
        })
        .collect();
    devices.sort_by_key(|device| std::cmp::Reverse(device.level));
    Ok(devices)
}

/// How it stands, and how well that is.
pub(crate) fn standing(row: &ConsumerRow, now: Time) -> (DeviceStanding, Level) {
    let age = |time: Time| now.unix().saturating_sub(time.unix());
    if !row.enabled {
        return (DeviceStanding::Off, Level::Plain);
    }
    let Some(last) = row.holdings.first() else {
        let level = if age(row.created_at) > LATE { Level::Warn } else { Level::Plain };
        return (DeviceStanding::New, level);
    };
    match age(last.at) {
        SILENT.. if last.behind > 0 => (DeviceStanding::Silent, Level::Bad),
        IDLE.. => (DeviceStanding::Silent, Level::Warn),
        LATE.. if last.behind > 0 => (DeviceStanding::Late, Level::Warn),
        _ => (DeviceStanding::Fine, Level::Ok),
    }
}
