//! `feed`: the named views of the block list.

use blocklist::feed::SETTINGS;
use blocklist::{FeedName, FeedSettings};
use serde_json::json;
use store::{FeedRow, Store};

use super::pairs;
use crate::args::Feed;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::table;

/// Which command explains the keys.
const EXPLAINED: &str = "blacklist feed settings";

pub(super) fn run(args: Feed, context: &Context<'_>) -> Result<Exit, Failure> {
    match args {
        Feed::List => {
            let feeds = context.existing_store()?.feeds()?;
            context.output.answer(&feeds, || {
                let cells: Vec<Vec<String>> =
                    feeds.iter().map(|feed| vec![feed.name.to_string(), changed(&feed.settings)]).collect();
                table(&["feed", "shows"], &cells)
            })?;
        }
        Feed::Show { name } => show(&context.existing_store()?.feed(&name)?, context)?,
        Feed::Add { name, settings, by } => {
            let mut feed = FeedSettings::default();
            pairs::set(SETTINGS, &mut feed, &settings, EXPLAINED)?;
            let store = context.store()?;
            strangers(&feed, &store, context)?;
            store.add_feed(&name, &feed, &by.who().actor())?;
            show(&store.feed(&name)?, context)?;
        }
        Feed::Set { name, settings, by } => {
            let store = context.existing_store()?;
            let mut feed = store.feed(&name)?.settings;
            pairs::set(SETTINGS, &mut feed, &settings, EXPLAINED)?;
            strangers(&feed, &store, context)?;
            store.set_feed(&name, &feed, &by.who().actor())?;
            show(&store.feed(&name)?, context)?;
        }
        Feed::Remove { name, by } => {
            context.existing_store()?.remove_feed(&name, &by.who().actor())?;
            let answer = json!({"feed": name, "removed": true});
            context.output.answer(&answer, || format!("removed the feed {name}"))?;
        }
        Feed::Settings => {
            let answer = pairs::to_json(SETTINGS, &FeedSettings::default(), context.language);
            context.output.answer(&answer, || pairs::explain(SETTINGS, context.language))?;
        }
    }
    Ok(Exit::Done)
}

/// Warns of names that no source has: a feed of a misspelt source alone shows nothing.
fn strangers(feed: &FeedSettings, store: &Store, context: &Context<'_>) -> Result<(), Failure> {
    for name in feed.sources.iter().flat_map(blocklist::feed::Sources::names) {
        if store.source_config(name)?.is_none() {
            context.output.warn(format_args!("there is no source '{name}' yet, though the feed names it"));
        }
    }
    Ok(())
}

/// What a feed shows, for a command that exports it. Without a database there is the default feed alone, as it is out of
/// the box.
pub(super) fn settings_of(name: &FeedName, context: &Context<'_>) -> Result<FeedSettings, Failure> {
    if name.is_default() && !Store::exists(context.data_dir()) {
        return Ok(FeedSettings::default());
    }
    let store = context.existing_store()?;
    match store.feed(name) {
        Ok(feed) => Ok(feed.settings),
        // Here it is a word of the command line that is wrong, and not the answer to a question.
        Err(error @ store::Error::NoFeed(_)) => {
            let feeds = store.feeds()?;
            let names: Vec<&str> = feeds.iter().map(|feed| feed.name.as_str()).collect();
            Err(Failure::usage(error).hint(format!("the feeds are: {}", names.join(", "))))
        }
        Err(error) => Err(error.into()),
    }
}

fn show(feed: &FeedRow, context: &Context<'_>) -> Result<(), Failure> {
    context.output.answer(feed, || {
        let rows = pairs::rows(SETTINGS, &feed.settings, context.language);
        format!("feed {}\n{}", feed.name, table(&["setting", "value", "default", "meaning"], &rows))
    })
}

/// The settings that are not at their default, in one line.
fn changed(settings: &FeedSettings) -> String {
    let off = |it: &&blocklist::setting::Setting<FeedSettings>| it.get(settings) != it.default();
    let parts: Vec<String> =
        SETTINGS.iter().filter(off).map(|it| format!("{}={}", it.key, it.get(settings))).collect();
    if parts.is_empty() { "everything".to_owned() } else { parts.join(" ") }
}
