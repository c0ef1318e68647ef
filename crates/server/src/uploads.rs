//! Files that people have sent by the page and not yet decided on: in memory, one a person, for ten minutes.
//!
//! Nothing of them is on a disk. Whoever sends another forgets the first; all together are bounded. What has waited too long goes
//! with the next look of anybody.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use blocklist::Time;
use store::UserName;

use crate::api::import::ImportQuery;

/// How long a file waits, in seconds.
pub(crate) const PATIENCE: i64 = 600;
/// The most bytes of all together.
const MOST: usize = 128 << 20;

/// A file, and what is to be made of it.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    /// Its number: random, so that an old page cannot mean a new file.
    pub(crate) id: String,
    /// What was asked.
    pub(crate) asked: ImportQuery,
    /// What it holds.
    pub(crate) bytes: Arc<[u8]>,
}

/// The files.
#[derive(Debug, Default)]
pub(crate) struct Uploads(Mutex<BTreeMap<UserName, (Time, Waiting)>>);

impl Uploads {
    /// Keeps a file in the place of the one that this person sent before; not when there are too many.
    #[must_use]
    pub(crate) fn keep(&self, whose: &UserName, file: Waiting, now: Time) -> bool {
        let mut all = self.fresh(now);
        all.remove(whose);
        let held: usize = all.values().map(|(_, file)| file.bytes.len()).sum();
        if held + file.bytes.len() > MOST {
            return false;
        }
        all.insert(whose.clone(), (now.plus_seconds(PATIENCE), file));
        true
    }

    /// The file of this number, while it waits.
    pub(crate) fn find(&self, whose: &UserName, id: &str, now: Time) -> Option<Waiting> {
        self.fresh(now).get(whose).filter(|(_, file)| file.id == id).map(|(_, file)| file.clone())
    }

    /// It waits no longer.
    pub(crate) fn forget(&self, whose: &UserName, id: &str) {
        let mut all = self.lock();
        if all.get(whose).is_some_and(|(_, file)| file.id == id) {
            all.remove(whose);
        }
    }

    fn fresh(&self, now: Time) -> MutexGuard<'_, BTreeMap<UserName, (Time, Waiting)>> {
        let mut all = self.lock();
        all.retain(|_, (until, _)| now < *until);
        all
    }

    /// A panic in between left a map that is as good as before.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<UserName, (Time, Waiting)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(id: &str, bytes: usize) -> Waiting {
        Waiting { id: id.into(), asked: ImportQuery::default(), bytes: vec![0; bytes].into() }
    }

    #[test]
    fn a_file_waits_for_its_own_sender_and_not_for_long() {
        let (uploads, now) = (Uploads::default(), Time::from_unix(1_000));
        let [kim, lee]: [UserName; 2] = ["kim", "lee"].map(|name| name.parse().unwrap());
        assert!(uploads.keep(&kim, file("a", 1), now) && uploads.keep(&lee, file("b", 1), now));
        assert!(uploads.find(&kim, "a", now).is_some() && uploads.find(&kim, "b", now).is_none());
        assert!(uploads.keep(&kim, file("c", 1), now));
        assert!(uploads.find(&kim, "a", now).is_none(), "one a person");
        uploads.forget(&kim, "a");
        assert!(uploads.find(&kim, "c", now.plus_seconds(PATIENCE - 1)).is_some());
        assert!(uploads.find(&kim, "c", now.plus_seconds(PATIENCE)).is_none());
        uploads.forget(&lee, "b");
        assert!(uploads.find(&lee, "b", now).is_none());
    }

    #[test]
    fn all_together_are_bounded_and_one_in_the_place_of_another_counts_once() {
        let (uploads, now) = (Uploads::default(), Time::from_unix(1_000));
        let [kim, lee]: [UserName; 2] = ["kim", "lee"].map(|name| name.parse().unwrap());
        assert!(uploads.keep(&kim, file("a", MOST - 1), now));
        assert!(!uploads.keep(&lee, file("b", 2), now));
        assert!(uploads.keep(&lee, file("b", 1), now) && uploads.keep(&kim, file("c", MOST - 1), now));
        assert!(
            uploads.keep(&lee, file("d", MOST), now.plus_seconds(PATIENCE)),
            "what waited too long is gone"
        );
    }
}
