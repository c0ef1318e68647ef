//! `publication`: the publications there were.
//!
//! | file | what |
//! |---|---|
//! | `look` | `list`, `show`, `diff`, `at` |
//! | `back` | `rollback` and `release` |
//! | `history` | how long publications are kept |

mod back;
mod history;
mod look;

use crate::args::Publication;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) fn run(args: Publication, context: &Context<'_>) -> Result<Exit, Failure> {
    match args {
        Publication::List { limit } => look::list(limit, context),
        Publication::Show { serial } => look::show(serial, context),
        Publication::Diff { from, to } => look::diff(from, to, context),
        Publication::At { time } => look::at(time, context),
        Publication::Rollback { serial, dry_run, by } => back::rollback(serial, dry_run, by, context),
        Publication::Release { dry_run, by } => back::release(dry_run, by, context),
        Publication::History(args) => history::run(args, context),
    }
}
