//! `allow`: what must never be served, on the firm's word.
//!
//! | file | what |
//! |---|---|
//! | `words` | prefixes, numbers and ends as a person types them |
//! | `look` | `list`, `show`, `due` |
//! | `change` | `add`, `set`, `remove` |
//! | `table` | entries as CSV, JSON and plain lists: read and written |
//! | `import` | `import` and `export` |

mod change;
mod import;
mod look;
mod table;
mod words;

use store::{AllowRow, Store};

use crate::args::Allow;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

pub(crate) use words::{Named, Which, days, prefixes, until, until_or_none};

pub(super) fn run(args: Allow, context: &Context<'_>) -> Result<Exit, Failure> {
    match args {
        Allow::List { all } => look::list(all, context),
        Allow::Show { entry } => look::show(entry, context),
        Allow::Add(args) => change::add(args, context),
        Allow::Set(args) => change::set(args, context),
        Allow::Remove { entry, dry_run, by } => change::remove(entry, dry_run, by, context),
        Allow::Import(args) => import::import(args, context),
        Allow::Export { format, output } => import::export(format, output.as_deref(), context),
        Allow::Due => look::due(context),
    }
}

/// The entry that is meant.
fn find(store: &Store, which: Which) -> Result<AllowRow, Failure> {
    let found = match which {
        Which::Id(id) => store.allow_entry(id)?,
        Which::Prefix(prefix) => store.allow_of(prefix)?,
    };
    found.ok_or_else(|| {
        let what = match which {
            Which::Id(id) => format!("there is no allow entry {id}"),
            Which::Prefix(prefix) => format!("no allow entry names {prefix} itself"),
        };
        Failure::new(Exit::No, what).hint("`blacklist allow list` shows those that hold, --all every one")
    })
}

/// Everything of a list, without limit.
const ALL: usize = usize::MAX;
