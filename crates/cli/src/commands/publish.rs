//! `publish`: make a publication of what is kept now, as the gate lets it or over its objections.

use serde_json::json;

use super::outcome;
use crate::args::Publish;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) fn run(args: Publish, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let language = context.language;
    if args.dry_run {
        let preview = store.preview_publication()?;
        let mut answer = outcome::preview_json(&preview, language);
        answer["dry_run"] = json!(true);
        context.output.answer(&answer, || outcome::preview_text(&preview, false, language))?;
        return Ok(outcome::exit_of(&preview));
    }
    let published = if args.force {
        let who = args.by.who_says("why the gate is overruled")?;
        store.check_force()?;
        store.publish_forced(&who.actor())?
    } else {
        store.publish()?
    };
    context
        .output
        .answer(&outcome::published_json(&published, language), || outcome::published_text(&published))?;
    outcome::tell(&published, &store, context)
}
