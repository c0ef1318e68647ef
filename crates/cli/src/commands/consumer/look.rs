//! `consumer list`, `show` and `pulls`: who reads, what each holds, and what was answered.

use blocklist::ConsumerName;
use blocklist::consumer::SETTINGS;
use serde_json::{Value, json};
use store::{ConsumerRow, PullQuery};

use crate::commands::pairs;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::table;

pub(super) fn list(context: &Context<'_>) -> Result<Exit, Failure> {
    let consumers = context.existing_store()?.consumers()?;
    let now = context.clock.now();
    let answer: Vec<Value> = consumers
        .iter()
        .map(|consumer| {
            let mut value = json!(consumer);
            value["sentence"] = json!(consumer.sentence(now));
            value
        })
        .collect();
    context.output.answer(&answer, || {
        if consumers.is_empty() {
            return "there is no consumer yet; `blacklist consumer add NAME` adds one".to_owned();
        }
        let line = |consumer: &ConsumerRow| {
            let mut line = consumer.sentence(now);
            if !consumer.enabled {
                line.push_str("; disabled");
            } else if consumer.secrets.is_empty() && !consumer.addresses.iter().any(|it| it.trusted) {
                line.push_str("; it has no secret and no trusted address yet");
            }
            line
        };
        consumers.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(Exit::Done)
}

pub(super) fn show(name: &ConsumerName, context: &Context<'_>) -> Result<Exit, Failure> {
    let consumer = context.existing_store()?.consumer(name)?;
    context.output.answer(&consumer, || {
        let mut lines = vec![consumer.sentence(context.clock.now())];
        if !consumer.enabled {
            lines.push("it is disabled".to_owned());
        }
        let rows = pairs::rows(SETTINGS, &consumer.settings, context.language);
        lines.push(table(&["setting", "value", "default", "meaning"], &rows));
        for address in &consumer.addresses {
            let trusted = if address.trusted { ", trusted" } else { "" };
            lines.push(format!("address {}{trusted}", address.prefix));
        }
        for secret in &consumer.secrets {
            let until = secret.until.map_or(String::new(), |until| format!(", until {}", until.to_seoul()));
            let (hint, at, by) = (&secret.hint, secret.created_at.to_seoul(), &secret.created_by);
            lines.push(format!("secret {hint}... of {at} by {by}{until}"));
        }
        for held in &consumer.holdings {
            lines.push(format!(
                "{}/{}: serial {}, {} behind, {}{}",
                held.feed,
                held.format,
                held.serial,
                held.behind,
                held.at.to_seoul(),
                held.address.as_ref().map_or(String::new(), |address| format!(", from {address}")),
            ));
        }
        lines.join("\n")
    })?;
    Ok(Exit::Done)
}

pub(super) fn pulls(
    consumer: Option<ConsumerName>,
    status: Option<u16>,
    limit: usize,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let query = PullQuery { consumer, status, ..PullQuery::default() };
    let pulls = context.existing_store()?.pulls(&query, limit)?;
    context.output.answer(&pulls, || {
        if pulls.is_empty() {
            return "nothing was read".to_owned();
        }
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let cells: Vec<Vec<String>> = pulls
            .iter()
            .map(|pull| {
                vec![
                    pull.at.to_seoul(),
                    text(&pull.consumer),
                    format!("{}/{}", pull.feed, pull.format),
                    pull.serial.map_or_else(|| "-".to_owned(), |serial| serial.to_string()),
                    pull.status.to_string(),
                    pull.bytes.to_string(),
                    text(&pull.address),
                    text(&pull.agent),
                ]
            })
            .collect();
        table(&["at (KST)", "consumer", "feed", "serial", "status", "bytes", "from", "agent"], &cells)
    })?;
    Ok(Exit::Done)
}
