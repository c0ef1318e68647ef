//! All rows of a search as a file: made part by part, so that a million of them take the memory of a few.

use std::sync::Arc;

use axum::response::Response;
use blocklist::State;
use blocklist::search::{Cursor, Filter, Order, search};
use store::{ListingCursor, Store};

use super::list::{Asked, Row};
use crate::App;
use crate::api::problem::Problem;
use crate::live::Live;
use crate::pages::csv;
use crate::search::kept;

/// Rows of a part of a file: each is a look at all that is published, so they are few and large.
const FILE_ROWS: usize = 50_000;
/// The heading of a file.
const FILE_HEAD: [&str; 9] =
    ["prefix", "source", "reason", "country", "category", "severity", "confidence", "detected", "until"];

/// A file of all rows from where the page begins: what is published as it is now, however long it takes to be read.
pub(super) fn file(app: &Arc<App>, asked: Asked) -> Result<Response, Problem> {
    let after = asked.address.get("after").map(str::to_owned);
    let order = asked.order();
    let rows = match (asked.wrong, asked.standing.kept(), app.live()) {
        (Some(_), ..) | (None, None, None) => Rows::Over,
        (None, None, Some(live)) => {
            let after = after.and_then(|after| after.parse().ok());
            Rows::Published { live, filter: asked.filter, order, after }
        }
        (None, state @ Some(_), _) => {
            let after = after.and_then(|after| after.parse().ok());
            Rows::Kept { store: app.store_or_503()?, filter: asked.filter, state, after }
        }
    };
    Ok(csv::stream(app, "listings", &FILE_HEAD, rows, Rows::part))
}

/// The rows of a file that are still to come.
enum Rows {
    /// Of the publication that was live when it was asked for.
    Published { live: Arc<Live>, filter: Filter, order: Order, after: Option<Cursor> },
    /// Of the store.
    Kept { store: Arc<Store>, filter: Filter, state: Option<State>, after: Option<ListingCursor> },
    /// None.
    Over,
}

impl Rows {
    fn part(self) -> Result<Option<(Self, String)>, store::Error> {
        let mut text = String::new();
        let rest = match self {
            Self::Over => return Ok(None),
            Self::Published { live, filter, order, after } => {
                let hits = search(live.publication().content(), &filter, order, after.as_ref(), FILE_ROWS);
                let rows = hits.rows.into_iter().map(|(chunk, listing)| Row::of(chunk, listing));
                rows.for_each(|row| row.write(&mut text));
                let after = hits.next;
                after.map(|after| Self::Published { live, filter, order, after: Some(after) })
            }
            Self::Kept { store, filter, state, after } => {
                let found = kept::search(&store, &filter, state, after, kept::MAX_SCANNED)?;
                found.rows.into_iter().for_each(|row| Row::from(row).write(&mut text));
                let after = found.next;
                after.map(|after| Self::Kept { store, filter, state, after: Some(after) })
            }
        };
        Ok(Some((rest.unwrap_or(Self::Over), text)))
    }
}

impl Row {
    /// Its line of a file.
    fn write(&self, text: &mut String) {
        csv::line(
            text,
            &[
                self.prefix.to_string(),
                self.source.to_string(),
                self.reason.clone(),
                self.country.map(|country| country.to_string()).unwrap_or_default(),
                self.category.clone(),
                self.severity.clone(),
                self.confidence.map(|sure| sure.to_string()).unwrap_or_default(),
                self.detected.to_string(),
                self.until.map(|until| until.to_string()).unwrap_or_default(),
            ],
        );
    }
}
