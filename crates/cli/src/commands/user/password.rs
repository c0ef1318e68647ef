//! `user add` and `user password`: the two that set a password.
//!
//! It is typed twice, read from a file, or drawn. One that is drawn goes to standard output, once, is good for three days
//! and opens nothing but the page that sets another: for people who are not at this terminal. One that is typed is taken as
//! the person's own.

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use server::{Passwords, Weak, check_password};
use store::{Role, Store, UserName};

use super::look;
use crate::actor::By;
use crate::args::PasswordFrom;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::first_account::{self, OneTime};
use crate::secret;

/// A password to be kept.
struct New {
    hash: SecretString,
    /// As it was drawn, if it was.
    drawn: Option<OneTime>,
}

pub(super) fn add(
    name: &UserName,
    role: Role,
    from: &PasswordFrom,
    by: By,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let store = context.store()?;
    // Nobody types a password for nothing.
    if store.user(name)?.is_some() {
        return Err(store::Error::UserExists(name.clone()).into());
    }
    let new = ask(name, from, &[], context)?;
    let until = new.drawn.as_ref().map(|drawn| drawn.until);
    let user = store.add_user(name, role, &new.hash, new.drawn.is_some(), until, &by.who().actor())?;
    tell(&format!("added {name} as {}", user.role), name, new.drawn.as_ref(), &store, context)
}

pub(super) fn set(
    name: &UserName,
    from: &PasswordFrom,
    by: By,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let before = store.old_passwords(name)?;
    let new = ask(name, from, &before, context)?;
    let until = new.drawn.as_ref().map(|drawn| drawn.until);
    store.set_password(name, &new.hash, new.drawn.is_some(), until, None, &by.who().actor())?;
    let done = format!("the password of {name} is set; its sessions have ended");
    tell(&done, name, new.drawn.as_ref(), &store, context)
}

fn ask(
    name: &UserName,
    from: &PasswordFrom,
    before: &[SecretString],
    context: &Context<'_>,
) -> Result<New, Failure> {
    if from.one_time {
        let (drawn, hash) = first_account::draw(context.clock.now(), &*context.random)?;
        return Ok(New { hash, drawn: Some(drawn) });
    }
    if from.file.is_none() && !secret::is_interactive() {
        return Err(Failure::usage("there is no terminal to ask for a password at")
            .hint("--one-time draws one and prints it; --file FILE reads it from a file, --file - from standard input"));
    }
    let typed = secret::read("new password", from.file.as_deref(), context.output)?;
    let length = context.config().accounts.password_length;
    check_password(&typed, name.as_str(), length).map_err(|weak| refused(&weak))?;
    if from.file.is_none() {
        let again = secret::read("once more", None, context.output)?;
        // Both were typed by one person just now: there is nothing to find out by the time this takes.
        if again.expose_secret() != typed.expose_secret() {
            return Err(Failure::usage("the two are not the same; nothing was changed"));
        }
    }
    let passwords = Passwords::new();
    if passwords.is_one_of(&typed, before) {
        return Err(refused(&Weak::Used));
    }
    let hash = passwords.hash_now(&typed, &*context.random).map_err(|error| Failure::from_error(&error))?;
    Ok(New { hash, drawn: None })
}

fn refused(weak: &Weak) -> Failure {
    Failure::usage(weak)
        .hint("nothing was changed; several words that do not belong together are long and easy to keep")
}

fn tell(
    done: &str,
    name: &UserName,
    drawn: Option<&OneTime>,
    store: &Store,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let mut answer = json!(look::find(store, name)?);
    let Some(drawn) = drawn else {
        context.output.answer(&answer, || done.to_owned())?;
        return Ok(Exit::Done);
    };
    let text = drawn.text.expose_secret();
    answer["one_time_password"] = json!(text);
    context.output.answer(&answer, || text.to_owned())?;
    context.output.note(format_args!(
        "{done}\nthis password is shown once, is good until {} KST, and lets {name} do nothing but set another",
        drawn.until.to_seoul()
    ));
    Ok(Exit::Done)
}
