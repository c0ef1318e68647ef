//! `user attempts` and `locks`: who tried to come in, and whom that keeps out for a while.

use store::{AttemptQuery, AttemptRow, LockRow};

use crate::args::Attempts;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::table;

pub(super) fn attempts(args: Attempts, context: &Context<'_>) -> Result<Exit, Failure> {
    let Attempts { account, address, result, limit } = args;
    let address = address.map(|address| address.to_canonical().to_string());
    let query = AttemptQuery { account, address, result, before: None, limit };
    let attempts = context.existing_store()?.attempts(&query)?;
    context.output.answer(&attempts, || {
        if attempts.is_empty() {
            return "there was no such try".to_owned();
        }
        let cells: Vec<Vec<String>> = attempts.iter().map(attempt).collect();
        table(&["last at (KST)", "times", "where", "with", "account", "from", "result", "program"], &cells)
    })?;
    Ok(Exit::Done)
}

fn attempt(row: &AttemptRow) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    vec![
        row.last_at.to_seoul(),
        row.count.to_string(),
        row.face.clone(),
        row.kind.clone(),
        text(&row.account),
        text(&row.address),
        row.result.clone(),
        text(&row.agent),
    ]
}

pub(super) fn locks(context: &Context<'_>) -> Result<Exit, Failure> {
    let locks = context.existing_store()?.locks()?;
    let now = context.clock.now();
    context.output.answer(&locks, || {
        if locks.is_empty() {
            return "no failure counts against anybody".to_owned();
        }
        let cells: Vec<Vec<String>> = locks
            .iter()
            .map(|LockRow { kind, key, failures, last_at, until }| {
                let closed = until.filter(|until| *until > now);
                vec![
                    kind.clone(),
                    key.clone(),
                    failures.to_string(),
                    last_at.to_seoul(),
                    closed.map_or_else(|| "-".to_owned(), blocklist::Time::to_seoul),
                ]
            })
            .collect();
        table(&["counter", "of", "failures", "last at (KST)", "closed until"], &cells)
    })?;
    Ok(Exit::Done)
}
