//! `consumer rotate` and `revoke`. The secret goes to standard output, once; nothing else of this program shows it again.

use std::time::Duration;

use blocklist::ConsumerName;
use secrecy::ExposeSecret;
use serde_json::json;
use store::Revoke;

use crate::actor::By;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

const DAY: u64 = 86_400;

pub(super) fn rotate(
    name: &ConsumerName,
    old_valid: u16,
    by: By,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let mut random = [0; 32];
    context.random.fill(&mut random).map_err(|error| Failure::from_error(&error))?;
    let valid_for = Duration::from_secs(u64::from(old_valid) * DAY);
    let made = store.new_secret(name, random, valid_for, &by.who().actor())?;
    let secret = made.secret.expose_secret();
    let answer =
        json!({"consumer": name, "secret": secret, "hint": made.row.hint, "old_until": made.old_until});
    context.output.answer(&answer, || secret.to_owned())?;
    context.output.note(format_args!(
        "this is the secret of {name}; keep it now, it cannot be shown again. The device sends it as the password of user \
         {name}, as a bearer token, as X-Api-Key, or in the path /t/SECRET/feeds/..."
    ));
    if let Some(until) = made.old_until {
        context.output.note(format_args!("the one before it is valid until {} KST", until.to_seoul()));
    }
    Ok(Exit::Done)
}

pub(super) fn revoke(name: &ConsumerName, old: bool, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let which = if old { Revoke::Old } else { Revoke::All };
    let secrets = context.existing_store()?.revoke_secrets(name, which, &by.who().actor())?;
    let answer = json!({"consumer": name, "secrets": secrets});
    context.output.answer(&answer, || format!("took back {secrets} secrets of {name}"))?;
    Ok(Exit::Done)
}
