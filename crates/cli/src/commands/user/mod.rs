//! `user`: the accounts of people, who is signed in, and who tried to.
//!
//! | file | what |
//! |---|---|
//! | this | `set`, `remove`, `codes`, `unlock`, `end-sessions` |
//! | `look` | `list`, `show`, `sessions` |
//! | `tries` | `attempts`, `locks` |
//! | `password` | `add`, `password` |
//!
//! All of it works beside a running server and without one; what is taken away is taken away at once, because the server
//! asks the store each time.

mod look;
mod password;
mod tries;

use serde_json::json;
use store::{UserChange, UserName};

use crate::actor::By;
use crate::args::User;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) fn run(args: User, context: &Context<'_>) -> Result<Exit, Failure> {
    match args {
        User::List => look::list(context),
        User::Show { name } => look::show(&name, context),
        User::Sessions { name } => look::sessions(name.as_ref(), context),
        User::Attempts(args) => tries::attempts(args, context),
        User::Locks => tries::locks(context),
        User::Add { name, role, password, by } => password::add(&name, role, &password, by, context),
        User::Password { name, password, by } => password::set(&name, &password, by, context),
        User::Set { name, role, enable, disable, by } => {
            let disabled = (enable || disable).then_some(disable);
            set(&name, &UserChange { role, disabled }, by, context)
        }
        User::Remove { name, yes, by } => remove(&name, yes, by, context),
        User::Codes { name, remove: _, by } => codes(&name, by, context),
        User::Unlock { name: Some(name), address: _, by } => unlock(&name, by, context),
        User::Unlock { name: None, address, by } => {
            unlock_address(address.as_deref().unwrap_or_default(), by, context)
        }
        User::EndSessions { name, by } => end_sessions(&name, by, context),
    }
}

fn set(name: &UserName, change: &UserChange, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let user = context.existing_store()?.set_user(name, change, &by.who().actor())?;
    context.output.answer(&user, || look::sentence(&user))?;
    Ok(Exit::Done)
}

fn remove(name: &UserName, yes: bool, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let known = look::find(&store, name)?;
    if !yes {
        return Err(Failure::usage(format!("{name} is not removed: {}", look::sentence(&known))).hint(
            "its sessions and tokens end, and the name is never given again; `user set NAME --disable` can be undone. Say --yes when removal is what you want",
        ));
    }
    store.remove_user(name, &by.who().actor())?;
    context.output.answer(&json!({"user": name, "removed": true}), || format!("removed {name}"))?;
    Ok(Exit::Done)
}

fn codes(name: &UserName, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let removed = context.existing_store()?.remove_totp(name, &by.who().actor())?;
    context.output.answer(&json!({"user": name, "removed": removed}), || {
        if removed {
            format!("{name} is not asked for one-time codes any more; its recovery codes are void")
        } else {
            format!("{name} had no one-time codes")
        }
    })?;
    Ok(Exit::Done)
}

fn unlock(name: &UserName, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let counters = context.existing_store()?.unlock(name, &by.who().actor())?;
    let answer = json!({"user": name, "counters": counters});
    context.output.answer(&answer, || told(name.as_str(), counters))?;
    Ok(Exit::Done)
}

fn unlock_address(address: &str, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let counters = context.existing_store()?.unlock_address(address, &by.who().actor())?;
    let answer = json!({"address": address, "counters": counters});
    context.output.answer(&answer, || told(address, counters))?;
    Ok(Exit::Done)
}

fn told(who: &str, counters: usize) -> String {
    match counters {
        0 => format!("nothing was counted against {who}"),
        _ => format!("the failures of {who} are forgotten; the next try is heard"),
    }
}

fn end_sessions(name: &UserName, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let ended = context.existing_store()?.end_sessions(name, None, &by.who().actor())?;
    let answer = json!({"user": name, "ended": ended});
    context.output.answer(&answer, || format!("ended {ended} sessions of {name}"))?;
    Ok(Exit::Done)
}
