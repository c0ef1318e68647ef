//! `listing`, `block` and `unblock`: what people do to listings by hand.

mod block;
mod edit;
mod look;
mod read;

use store::Objections;

use crate::args::{Block, Listing, Unblock};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::language::Language;

pub(super) fn run(args: Listing, context: &Context<'_>) -> Result<Exit, Failure> {
    match args {
        Listing::Add(args) => block::add(args, context),
        Listing::Set(args) => edit::set(args, context),
        Listing::End(args) => edit::end(args, context),
        Listing::Remove(args) => edit::remove(args, context),
        Listing::Restore(args) => edit::restore(args, context),
        Listing::List { source, state, inside, limit } => {
            look::list(source, state.as_deref(), inside, limit, context)
        }
        Listing::Show { address } => look::show(address, context),
    }
}

pub(super) fn block(args: Block, context: &Context<'_>) -> Result<Exit, Failure> {
    block::block(args, context)
}

pub(super) fn unblock(args: Unblock, context: &Context<'_>) -> Result<Exit, Failure> {
    edit::unblock(args, context)
}

/// Why the store did nothing; with every objection.
fn refused(error: store::Error, context: &Context<'_>) -> Failure {
    match error {
        store::Error::Objections(objections) => object(&objections, context),
        error => error.into(),
    }
}

fn object(objections: &Objections, context: &Context<'_>) -> Failure {
    let mut failure =
        Failure::new(Exit::Failed, format!("{} refused, and nothing changed", objections.count));
    let told = objections.first.iter().map(|objection| match context.language {
        Language::English => objection.to_string(),
        Language::Korean => objection.korean(),
    });
    failure.causes.extend(told);
    let answer =
        serde_json::json!({"state": "refused", "count": objections.count, "objections": objections.first});
    failure.answer(answer)
}
