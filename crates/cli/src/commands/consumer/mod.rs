//! `consumer`: the devices and scripts that read feeds.
//!
//! | file | what |
//! |---|---|
//! | this | `add`, `set`, `remove`, `enable`, `disable`, `settings` |
//! | `look` | `list`, `show`, `pulls` |
//! | `secret` | `rotate`, `revoke` |

mod look;
mod secret;

use blocklist::consumer::SETTINGS;
use blocklist::{ConsumerName, ConsumerSettings};
use prefix::Prefix;
use serde_json::json;
use store::{ConsumerAddress, ConsumerChange, Published, Store};

use super::{outcome, pairs};
use crate::actor::By;
use crate::args::{Addresses, Consumer};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Which command explains the keys.
const EXPLAINED: &str = "blacklist consumer settings";

type Pairs = [(String, String)];

pub(super) fn run(args: Consumer, context: &Context<'_>) -> Result<Exit, Failure> {
    match args {
        Consumer::List => look::list(context),
        Consumer::Show { name } => look::show(&name, context),
        Consumer::Pulls { name, status, limit } => look::pulls(name, status, limit, context),
        Consumer::Add { name, settings, addresses, by } => add(&name, &settings, &addresses, by, context),
        Consumer::Set { name, settings, addresses, no_address, by } => {
            set(&name, &settings, &addresses, &no_address, by, context)
        }
        Consumer::Remove { name, yes, by } => remove(&name, yes, by, context),
        Consumer::Enable { name, by } => enable(&name, true, by, context),
        Consumer::Disable { name, by } => enable(&name, false, by, context),
        Consumer::Rotate { name, old_valid, by } => secret::rotate(&name, old_valid, by, context),
        Consumer::Revoke { name, old, by } => secret::revoke(&name, old, by, context),
        Consumer::Settings => {
            let answer = pairs::to_json(SETTINGS, &ConsumerSettings::default(), context.language);
            context.output.answer(&answer, || pairs::explain(SETTINGS, context.language))?;
            Ok(Exit::Done)
        }
    }
}

fn add(
    name: &ConsumerName,
    given: &Pairs,
    addresses: &Addresses,
    by: By,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let mut settings = ConsumerSettings::default();
    pairs::set(SETTINGS, &mut settings, given, EXPLAINED)?;
    let addresses = put(Vec::new(), addresses, &[]);
    let store = context.store()?;
    let published = store.add_consumer(name, &settings, &addresses, &by.who().actor())?;
    let done = format!("added {name}\nnext: blacklist consumer rotate {name} gives it a secret");
    tell(name, &done, &published, &store, context)
}

fn set(
    name: &ConsumerName,
    given: &Pairs,
    addresses: &Addresses,
    gone: &[Prefix],
    by: By,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let known = store.consumer(name)?;
    let mut settings = known.settings;
    pairs::set(SETTINGS, &mut settings, given, EXPLAINED)?;
    if let Some(stranger) = gone.iter().find(|&gone| known.addresses.iter().all(|it| it.prefix != *gone)) {
        return Err(Failure::usage(format!("{stranger} is no address of {name}"))
            .hint(format!("`blacklist consumer show {name}` shows those it has")));
    }
    let addresses = put(known.addresses, addresses, gone);
    let change = ConsumerChange { settings: Some(settings), addresses: Some(addresses), enabled: None };
    let published = store.set_consumer(name, &change, &by.who().actor())?;
    tell(name, &format!("{name} is set"), &published, &store, context)
}

fn remove(name: &ConsumerName, yes: bool, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let known = store.consumer(name)?;
    if !yes {
        return Err(Failure::usage(format!(
            "{name} is not removed: {}",
            known.sentence(context.clock.now())
        ))
        .hint("from its removal on it reads nothing; say --yes when that is what you want"));
    }
    let published = store.remove_consumer(name, &by.who().actor())?;
    let answer = json!({"consumer": name, "removed": true, "outcome": outcome::published_json(&published, context.language)});
    context.output.answer(&answer, || format!("removed {name}"))?;
    outcome::tell_change(&published, &store, context)
}

fn enable(name: &ConsumerName, enabled: bool, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let change = ConsumerChange { enabled: Some(enabled), ..ConsumerChange::default() };
    let published = store.set_consumer(name, &change, &by.who().actor())?;
    let done = if enabled { "enabled" } else { "disabled: it reads nothing" };
    tell(name, &format!("{name} is {done}"), &published, &store, context)
}

/// The addresses with these changes; one that is given anew takes the place of itself.
fn put(known: Vec<ConsumerAddress>, new: &Addresses, gone: &[Prefix]) -> Vec<ConsumerAddress> {
    let of = |trusted| move |&prefix: &Prefix| ConsumerAddress { prefix, trusted };
    let mut all: Vec<ConsumerAddress> =
        new.trusted.iter().map(of(true)).chain(new.address.iter().map(of(false))).collect();
    let is_new = |prefix| new.trusted.contains(&prefix) || new.address.contains(&prefix);
    all.extend(known.into_iter().filter(|it| !is_new(it.prefix) && !gone.contains(&it.prefix)));
    all
}

fn tell(
    name: &ConsumerName,
    done: &str,
    published: &Published,
    store: &Store,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let mut answer = json!(store.consumer(name)?);
    answer["outcome"] = outcome::published_json(published, context.language);
    context.output.answer(&answer, || done.to_owned())?;
    outcome::tell_change(published, store, context)
}
