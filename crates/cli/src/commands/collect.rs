//! `collect`: read sources now, in place of waiting for their time.

use blocklist::SourceName;
use collect::collector::{CollectError, Collected, Collector, Order};
use collect::source::Kind;
use serde_json::json;
use store::Ordered;

use super::known_good;
use super::report::Report;
use crate::actor;
use crate::args::Collect;
use crate::collecting;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::write_out;
use crate::progress;

pub(super) fn run(args: &Collect, context: &Context<'_>) -> Result<Exit, Failure> {
    if let (Some(since), Some(until)) = (args.since, args.until)
        && since > until
    {
        return Err(Failure::usage(format!("--since {since} is after --until {until}")));
    }
    let order = Order { since: args.since, until: args.until, dry_run: args.dry_run, ..Order::by_person() };
    let reports = collecting::run(context, async |collector| {
        let names = names(args, collector)?;
        if !args.dry_run {
            known_good::install(collector.store(), |line| context.output.note(line));
            // Without names it is the timetable of the system rather than a person.
            let who = actor::of_process();
            for name in &args.sources {
                collector.store().note_order(name, Ordered::Run, &who.actor())?;
            }
        }
        let mut reports = Vec::new();
        for name in &names {
            for report in collect(name, &order, collector, context).await? {
                tell(&report, context)?;
                reports.push(report);
            }
            if collector.is_stopping() {
                break;
            }
        }
        Ok(reports)
    })?;
    if context.output.is_json() {
        context.output.answer(&json!({"results": reports}), String::new)?;
    } else if reports.is_empty() {
        context.output.note("no enabled source is fetched: `blacklist source add` adds one");
    }
    Ok(exit(&reports))
}

/// Those that were named, else all that are enabled and fetched. Wrong usage is known before anything is sent.
fn names(args: &Collect, collector: &Collector) -> Result<Vec<SourceName>, Failure> {
    if args.sources.is_empty() {
        let configs = collector.store().source_configs()?;
        // Only portals are asked for days.
        let days = args.since.is_some() || args.until.is_some();
        let wanted = configs.into_iter().filter(|config| {
            config.enabled
                && config
                    .kind
                    .parse::<Kind>()
                    .is_ok_and(|kind| kind.is_fetched() && (!days || kind.is_portal()))
        });
        return Ok(wanted.map(|config| config.name).collect());
    }
    for name in &args.sources {
        let kind = collector.kind(name)?;
        if !kind.is_fetched() {
            return Err(CollectError::NotFetched(name.clone()).into());
        }
        if (args.since.is_some() || args.until.is_some()) && !kind.is_portal() {
            return Err(Failure::usage(format!(
                "'{name}' is a source of kind {kind}: only portals are asked for days"
            )));
        }
    }
    Ok(args.sources.clone())
}

/// One source, until there is nothing more to take.
async fn collect(
    name: &SourceName,
    order: &Order,
    collector: &Collector,
    context: &Context<'_>,
) -> Result<Vec<Report>, Failure> {
    let line = progress::steps(name.as_str(), context.output);
    let collected = collector.drain(name, order, &|step| line.set_message(step.to_string())).await;
    line.finish_and_clear();
    let all = match collected {
        Ok(all) => all,
        // One that cannot be tried keeps no other from being read.
        Err(error) => return Ok(vec![Report::untried(name.as_str(), &error.into())]),
    };
    let report =
        |one: &Collected| Report::of_collected(name, one, collector.store(), order, context.language);
    all.iter().map(report).collect()
}

/// Each report as soon as it is there. What went wrong goes to stderr, so that a timetable of the system mails it.
fn tell(report: &Report, context: &Context<'_>) -> Result<(), Failure> {
    if !report.is_good() {
        context.output.warn(report.text());
    } else if !context.output.is_json() {
        write_out(format!("{}\n", report.text()).as_bytes())?;
    }
    for reason in &report.held {
        context.output.warn(reason);
    }
    Ok(())
}

fn exit(reports: &[Report]) -> Exit {
    let good = reports.iter().filter(|report| report.is_good()).count();
    if good < reports.len() {
        return if good == 0 { Exit::Failed } else { Exit::Partly };
    }
    if reports.iter().any(|report| report.state == "held") { Exit::Held } else { Exit::Done }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_says_how_many_sources_were_read() {
        let exit = |states: &[&'static str]| {
            exit(&states.iter().map(|state| Report::idle("a", state)).collect::<Vec<_>>())
        };
        assert_eq!(exit(&[]), Exit::Done);
        assert_eq!(exit(&["done", "nothing"]), Exit::Done);
        assert_eq!(exit(&["done", "held"]), Exit::Held);
        assert_eq!(exit(&["done", "refused"]), Exit::Partly);
        assert_eq!(exit(&["held", "busy"]), Exit::Partly);
        assert_eq!(exit(&["failed"]), Exit::Failed);
        assert_eq!(exit(&["busy", "refused"]), Exit::Failed);
    }
}
