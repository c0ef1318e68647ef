//! What was asked of the portals. No password, digits or token is ever written here: of a request only its method and
//! path are kept, and the query is left out.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

use crate::Portal;

/// One request and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The simulated time.
    pub at: Timestamp,
    /// Which portal.
    pub portal: Portal,
    /// `GET` or `POST`.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The status of the answer; 0 when the connection was reset.
    pub status: u16,
    /// Whether it carried a password to log in with.
    pub login_attempt: bool,
    /// Whether that login was refused.
    pub failed_login: bool,
    /// The days that a workbook, list or board was asked for, as they were written: `startDate` and `endDate`.
    pub window: Option<(String, String)>,
    /// The names of the faults that struck it.
    pub faults: Vec<&'static str>,
}

/// All requests, in order.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: Mutex<Vec<Entry>>,
}

/// The most entries kept; then the older half is forgotten, so that a demonstration may run for months.
const MOST: usize = 100_000;

impl Journal {
    pub(crate) fn add(&self, entry: Entry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MOST {
            entries.drain(..MOST / 2);
        }
        entries.push(entry);
    }

    pub(crate) fn all(&self) -> Vec<Entry> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
