//! `source test`: fetch and read once, and say what would come of it. Nothing changes.

use blocklist::SourceName;
use collect::collector::{Collected, Order};
use serde_json::{Value, json};

use crate::collecting;
use crate::commands::report::Report;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress;

pub(super) fn run(name: &SourceName, context: &Context<'_>) -> Result<Exit, Failure> {
    let order = Order { dry_run: true, ..Order::by_person() };
    let line = progress::steps(name.as_str(), context.output);
    let collected = collecting::run(context, async |collector| {
        Ok(collector.collect(name, &order, &|step| line.set_message(step.to_string())).await?)
    });
    line.finish_and_clear();
    let report = match &collected? {
        Collected::Run { run, notes, .. } => Report::of(run, Vec::new(), None, notes, context.language),
        Collected::Failed { failure, .. } => {
            let report = Report::failed(name.as_str(), None, failure, context.language, true);
            let failure = Failure::of_source(name, failure, context.language);
            return Err(failure.answer(serde_json::to_value(report).unwrap_or(Value::Null)));
        }
        Collected::Busy => {
            return Err(collect::collector::CollectError::Busy(name.clone()).into());
        }
        Collected::Nothing => Report::idle(name.as_str(), "nothing"),
    };
    context.output.answer(&json!(report), || report.text())?;
    Ok(if report.is_good() { Exit::Done } else { Exit::Failed })
}
