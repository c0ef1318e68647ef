//! When an address came and went: a walk back over what changed from each publication to the next.

use std::collections::BTreeSet;

use blocklist::{Delta, Serial};
use prefix::Prefix;

use super::Found;
use crate::explain::{MAX_PUBLICATIONS, MAX_STEPS, PublicationsTold, StepTold};
use crate::sqlite::rows;
use crate::{Error, Result};

/// Which publications had it, as far as the walk went.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// From this publication on it was, or was not, served; newest first. Empty when nothing is known.
    stretches: Vec<(Serial, bool)>,
}

impl Memory {
    /// Whether a publication had it.
    pub(super) fn served(&self, serial: Serial) -> Option<bool> {
        self.stretches.iter().find(|(from, _)| *from <= serial).map(|(_, served)| *served)
    }
}

/// Walks back from the publication that answers.
pub(super) fn walk(found: &Found<'_>) -> Result<(PublicationsTold, Memory)> {
    let failed = || Error::database("cannot read the publications");
    let mut told =
        PublicationsTold { serial: found.row.map(|row| row.serial), ..PublicationsTold::default() };
    let mut memory = Memory::default();
    let Some(publication) = found.publication else { return Ok((told, memory)) };
    let mut there: BTreeSet<Prefix> =
        publication.covering(found.asked).map(|position| publication.prefix(position)).collect();
    let listed = !there.is_empty();
    let mut unbroken = listed;
    let mut statement = found
        .connection
        .prepare_cached(
            "SELECT serial, published_at, follows, delta FROM publications WHERE serial <= ? ORDER BY serial DESC LIMIT ?",
        )
        .map_err(failed())?;
    let newest = publication.head().serial;
    let mut walked = statement.query([newest.0 as i64, MAX_PUBLICATIONS as i64 + 1]).map_err(failed())?;
    let mut expected = Some(newest);
    while let Some(row) = walked.next().map_err(failed())? {
        let serial = Serial(rows::count(row, 0).map_err(failed())?);
        let at = rows::time(row, 1).map_err(failed())?;
        // A step that is not known: what was before cannot be told.
        if expected != Some(serial) || told.looked_at == MAX_PUBLICATIONS {
            told.cut = true;
            break;
        }
        told.looked_at += 1;
        expected = rows::serial(row, 2).map_err(failed())?;
        let served = !there.is_empty();
        let bytes = row.get_ref(3).and_then(|value| Ok(value.as_blob_or_null()?)).map_err(failed())?;
        let (added, removed) = match bytes {
            Some(bytes) => {
                let delta = Delta::covering(bytes, found.asked).ok_or(Error::Corrupt { what: "a delta" })?;
                (delta.added, delta.removed)
            }
            // The first holds what it added.
            None => (there.iter().copied().collect(), Vec::new()),
        };
        memory.stretches.push((serial, served));
        if added.is_empty() && removed.is_empty() {
            continue;
        }
        for prefix in &added {
            there.remove(prefix);
        }
        there.extend(removed.iter().copied());
        if unbroken && there.is_empty() {
            told.since = Some(at);
        }
        unbroken &= !there.is_empty();
        if told.steps.len() < MAX_STEPS {
            told.steps.push(StepTold { serial, at, added, removed, served });
        } else {
            told.cut = true;
        }
    }
    // Equal neighbours are one stretch: the older of the two says from when.
    memory.stretches.dedup_by(|older, newer| {
        let same = older.1 == newer.1;
        if same {
            newer.0 = older.0;
        }
        same
    });
    Ok((told, memory))
}
