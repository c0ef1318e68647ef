//! `source`: where listings come from, how each is set up, and how it went lately.
//!
//! | file | what |
//! |---|---|
//! | `look` | `list` and `show` |
//! | `change` | `add`, `set`, `remove`, `enable`, `disable` |
//! | `test` | one try that changes nothing |
//! | `tables` | `settings` and `templates`: what there is to choose from |

mod change;
mod look;
mod tables;
mod test;

use std::collections::BTreeMap;

use blocklist::SourceName;
use collect::catalogue::{self, Template};
use collect::collector::SourceView;
use collect::collector::view::{self, Alive};
use store::Store;

use crate::args::Source;
use crate::config::nearest;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Reads a template's id.
pub(crate) fn template(id: &str) -> Result<&'static Template, String> {
    catalogue::find(id).ok_or_else(|| {
        let known = catalogue::TEMPLATES.iter().map(|template| template.id.to_owned());
        let near = nearest(id, known).map_or(String::new(), |near| format!("did you mean {near}? "));
        format!("there is no such template; {near}`blacklist source templates` shows them all")
    })
}

/// Reads `key=value`.
pub(crate) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write KEY=VALUE, as in schedule=1h".to_owned()),
    }
}

pub(super) fn run(args: Source, context: &Context<'_>) -> Result<Exit, Failure> {
    match args {
        Source::List => look::list(context),
        Source::Show { name, all, runs, refused } => {
            look::show(&name, &look::Wanted { all, runs, refused }, context)
        }
        Source::Add { name, kind, template, settings } => {
            change::add(&name, kind, template, &settings, context)
        }
        Source::Set { name, settings } => change::set(&name, &settings, context),
        Source::Remove { name, yes } => change::remove(&name, yes, context),
        Source::Enable { name } => change::enable(&name, true, context),
        Source::Disable { name } => change::enable(&name, false, context),
        Source::Test { name } => test::run(&name, context),
        Source::Settings { kind } => tables::settings(kind, context),
        Source::Templates => tables::templates(context),
    }
}

/// Every source as people see it. When the next run starts is said for a server that has been running all the time.
fn views(store: &Store, context: &Context<'_>) -> Result<Vec<SourceView>, Failure> {
    let since = blocklist::Time::from_unix(0);
    let alive = Alive { since, running: BTreeMap::new(), looked: BTreeMap::new() };
    Ok(view::sources(store, context.clock.now(), &alive)?)
}

fn no_source(name: &SourceName) -> Failure {
    Failure::new(Exit::No, format!("there is no source '{name}'"))
        .hint("`blacklist source list` shows those there are")
}
