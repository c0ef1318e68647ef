//! `source test`: fetch and read once, and say what would come of it. Nothing changes.

use blocklist::{Batch, SourceName};
use collect::collector::{CollectError, Collected, Order};
use serde_json::{Value, json};

use crate::collecting;
use crate::commands::report::Report;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::table;
use crate::progress;

/// How many of the first entries are shown.
const FIRST: usize = 10;

pub(super) fn run(name: &SourceName, context: &Context<'_>) -> Result<Exit, Failure> {
    let order = Order { dry_run: true, ..Order::by_person() };
    let (collected, report) = collecting::run(context, async |collector| {
        let line = progress::steps(name.as_str(), context.output);
        let collected = collector.collect(name, &order, &|step| line.set_message(step.to_string())).await;
        line.finish_and_clear();
        let collected = collected?;
        let report = Report::of_collected(name, &collected, collector.store(), &order, context.language)?;
        Ok((collected, report))
    })?;
    let mut answer = report.to_json();
    match &collected {
        Collected::Failed { failure, .. } => {
            return Err(Failure::of_source(name, failure, context.language).answer(answer));
        }
        Collected::Busy => return Err(CollectError::Busy(name.clone()).into()),
        Collected::Run { .. } | Collected::Nothing => {}
    }
    let first = match &collected {
        Collected::Run { read: Some(batch), .. } => first(batch),
        _ => Vec::new(),
    };
    answer["first"] = json!(first);
    context.output.answer(&answer, || {
        let cells: Vec<Vec<String>> =
            first.iter().map(|entry| COLUMNS.iter().map(|column| cell(&entry[*column])).collect()).collect();
        if cells.is_empty() {
            report.text()
        } else {
            format!("{}\n\n{}", report.text(), table(COLUMNS, &cells))
        }
    })?;
    Ok(if report.is_good() { Exit::Done } else { Exit::Failed })
}

const COLUMNS: &[&str] = &["prefix", "reason", "category", "country", "confidence", "detected", "until"];

/// The first entries, as a person compares them with the page of the source.
fn first(batch: &Batch) -> Vec<Value> {
    let entries = batch.records.iter().take(FIRST).map(|record| {
        let details = batch.details.get(record.details);
        json!({
            "prefix": record.prefix.to_string(), "reason": details.reason, "category": details.category,
            "country": details.country, "confidence": details.confidence, "detected": record.detected,
            "until": record.until,
        })
    });
    entries.collect()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
