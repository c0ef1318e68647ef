//! `credential list`, `set`, `remove` and `rotate-key`.

use std::io::{self, BufRead};
use std::path::Path;

use blocklist::SourceName;
use collect::collector::{KeyError, view};
use collect::vault::{Credential, NewKey, Rotated};
use jiff::civil::Date;
use serde_json::json;
use store::CredentialKind;

use super::{end, state};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::table;
use crate::{actor, collecting, secret};

pub(super) fn list(context: &Context<'_>) -> Result<Exit, Failure> {
    let credentials = view::credentials(&context.existing_store()?, context.clock.now())?;
    context.output.answer(&credentials, || {
        if credentials.is_empty() {
            return "no credential is kept: blacklist credential set NAME".to_owned();
        }
        let cells: Vec<Vec<String>> = credentials
            .iter()
            .map(|it| {
                vec![
                    it.source.to_string(),
                    it.kind.as_str().to_owned(),
                    it.version.to_string(),
                    it.changed_at.to_seoul(),
                    state(it),
                    end(it).unwrap_or_default(),
                    it.key_id.clone(),
                ]
            })
            .collect();
        table(&["source", "kind", "version", "set (KST)", "state", "end", "sealed with"], &cells)
    })?;
    Ok(Exit::Done)
}

/// Until when a credential is good, as a person says.
#[derive(Clone, Copy)]
pub(super) struct End {
    pub(super) expires: Option<Date>,
    pub(super) remind: Option<u32>,
}

pub(super) fn set(
    name: &SourceName,
    username: Option<String>,
    file: Option<&Path>,
    end: End,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let who = actor::of_process();
    let (kind, version) = collecting::run(context, async |collector| {
        let kind = collector.credential_wanted(name)?.ok_or_else(|| {
            Failure::usage(format!("'{name}' takes no credential"))
                .hint("for a source of kind url, taxii or misp: blacklist source set NAME auth=basic")
        })?;
        let credential = match kind {
            CredentialKind::Login => {
                let username = username.map_or_else(|| ask_username(name), Ok)?;
                Credential::login(username, secret::read("password", file, context.output)?)
            }
            CredentialKind::Token if username.is_some() => {
                return Err(Failure::usage(format!("'{name}' takes a token, which has no user name")));
            }
            CredentialKind::Token => Credential::token(secret::read("token", file, context.output)?),
        };
        let credential = credential.map_err(KeyError::from)?;
        Ok((kind, collector.set_credential(name, &credential, end.expires, end.remind, &who.actor())?))
    })?;
    let next = format!("blacklist credential verify {name}");
    let answer = json!({"source": name, "kind": kind, "version": version, "next": next});
    context.output.answer(&answer, || {
        format!("the {} of {name} is kept, sealed (version {version})\nnext: {next}", kind.as_str())
    })?;
    Ok(Exit::Done)
}

fn ask_username(name: &SourceName) -> Result<String, Failure> {
    let missing = || Failure::usage(format!("'{name}' logs in with a user name")).hint("--username USER");
    if !secret::is_interactive() {
        return Err(missing());
    }
    crate::output::ask("user name: ");
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(|error| missing().because(error))?;
    let line = line.trim();
    if line.is_empty() { Err(missing()) } else { Ok(line.to_owned()) }
}

pub(super) fn remove(name: &SourceName, yes: bool, context: &Context<'_>) -> Result<Exit, Failure> {
    let who = actor::of_process();
    let removed = collecting::run(context, async |collector| {
        collector.kind(name)?;
        if !yes {
            return Err(Failure::usage(format!("this forgets the credential of '{name}' and its session"))
                .hint("say --yes when that is what you want"));
        }
        Ok(collector.remove_credential(name, &who.actor(), &|_| {}).await?)
    })?;
    context.output.answer(&json!({"source": name, "removed": removed}), || {
        if removed {
            format!("the credential of {name} is forgotten")
        } else {
            format!("{name} had no credential")
        }
    })?;
    Ok(Exit::Done)
}

pub(super) fn rotate_key(file: Option<&Path>, context: &Context<'_>) -> Result<Exit, Failure> {
    let rotated = collecting::run(context, async |collector| {
        Ok(collector.rotate_key(file.map_or(NewKey::Make, NewKey::File))?)
    })?;
    let (key_id, origin) = match &rotated {
        Rotated::Done { key_id } => (key_id, None),
        Rotated::ByHand { key_id, origin, .. } => (key_id, Some(origin.to_string())),
    };
    context.output.answer(&json!({"key_id": key_id, "put_the_new_key_into": origin}), || match &rotated {
        Rotated::Done { key_id } => format!("every credential is sealed with the new key {key_id}"),
        Rotated::ByHand { key_id, origin, copy } => format!(
            "every credential is sealed with the new key {key_id}\nnow put the new key into {origin}; until then {} opens them, and goes away by itself",
            copy.display()
        ),
    })?;
    Ok(Exit::Done)
}
