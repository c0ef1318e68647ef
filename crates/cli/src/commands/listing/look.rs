//! `listing list` and `listing show`.

use blocklist::{SourceName, State};
use prefix::Prefix;
use store::explain::words;
use store::{ListingQuery, ListingRow};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::table;

pub(super) fn list(
    source: Option<SourceName>,
    state: Option<&str>,
    inside: Option<Prefix>,
    limit: usize,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let state = state.and_then(|word| State::ALL.into_iter().find(|state| state.as_str() == word));
    let query = ListingQuery { source, inside, state, after: None, limit };
    let rows = context.existing_store()?.listings(&query)?;
    context.output.answer(&rows, || {
        let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
        table(&["prefix", "source", "state", "detected (KST)", "until (KST)", "reason"], &cells)
    })?;
    Ok(Exit::Done)
}

fn cells(row: &ListingRow) -> Vec<String> {
    let until = row.until.map_or("-".to_owned(), blocklist::Time::to_seoul);
    vec![
        row.prefix.to_string(),
        row.source.to_string(),
        row.state.as_str().to_owned(),
        row.detected.to_seoul(),
        if row.end_set_by_person { format!("{until} *") } else { until },
        row.reason.clone().unwrap_or_default(),
    ]
}

pub(super) fn show(address: Prefix, context: &Context<'_>) -> Result<Exit, Failure> {
    let told = context.existing_store()?.explain(address, None)?;
    context.output.answer(&told.listings, || words::listings(&told, context.language.into()))?;
    Ok(if told.listings.is_empty() { Exit::No } else { Exit::Done })
}
