//! `publication history`: how long publications are kept.

use store::History;

use crate::args;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// The longest that publications are kept by days: ten years.
const MAX_DAYS: u32 = 3_650;
/// The most that are kept by number.
const MAX_LEAST: u32 = 1_000_000;

pub(super) fn run(args: args::History, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let mut history = store.history()?;
    if let args::History::Set { settings, by } = args {
        for (key, value) in &settings {
            set(&mut history, key, value)?;
        }
        store.set_history(&history, &by.who().actor())?;
    }
    context.output.answer(&history, || {
        format!(
            "days={}   publications of the last days are kept\nleast={}  and at least so many",
            history.days, history.least
        )
    })?;
    Ok(Exit::Done)
}

fn set(history: &mut History, key: &str, value: &str) -> Result<(), Failure> {
    let number = |least: u32, most: u32| {
        let number = value.parse::<u32>().ok().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| {
            Failure::usage(format!(
                "{key}: '{value}' will not do; give a whole number from {least} to {most}"
            ))
        })
    };
    match key {
        "days" => history.days = number(0, MAX_DAYS)?,
        // The newest alone would leave nothing to go back to.
        "least" => history.least = number(2, MAX_LEAST)?,
        _ => {
            return Err(Failure::usage(format!("there is no setting '{key}'; there are days, least"))
                .hint("blacklist publication history set days=90 least=500"));
        }
    }
    Ok(())
}
