//! `credential`: what sources log in with. No secret is ever shown, nor taken from an argument or the environment.
//!
//! | file | what |
//! |---|---|
//! | `keep` | `list`, `set`, `remove`, `rotate-key` |
//! | `account` | `verify`, `otp`, `session`: what a person does at an account |

mod account;
mod keep;

use collect::collector::CredentialView;

use crate::args::Credential;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) fn run(args: Credential, context: &Context<'_>) -> Result<Exit, Failure> {
    match args {
        Credential::List => keep::list(context),
        Credential::Set { name, username, file, expires, remind } => {
            let end = keep::End { expires, remind };
            keep::set(&name, username, file.as_deref(), end, context)
        }
        Credential::Verify { name } => account::verify(&name, context),
        Credential::Otp { name, file } => account::otp(&name, file.as_deref(), context),
        Credential::Session { name, file } => account::session(&name, file.as_deref(), context),
        Credential::Remove { name, yes } => keep::remove(&name, yes, context),
        Credential::RotateKey { new_key_file } => keep::rotate_key(new_key_file.as_deref(), context),
    }
}

/// Whether its end is near or passed.
pub(super) fn ends(credential: &CredentialView) -> bool {
    matches!(credential.expiry, Some("soon" | "expired"))
}

/// One line about a credential.
pub(super) fn describe(credential: &CredentialView) -> String {
    let mut text = format!("{}, version {}", credential.kind.as_str(), credential.version);
    text.extend([", ", &state(credential)]);
    if let Some(end) = end(credential) {
        text.extend([", ", &end]);
    }
    text
}

/// What the portal last said of it.
fn state(credential: &CredentialView) -> String {
    match (credential.rejected_at, credential.verified_at) {
        (Some(at), _) => {
            let cause = credential.rejected_by.as_deref().unwrap_or("rejected");
            format!("{cause} at {} (KST)", at.to_seoul())
        }
        (None, Some(at)) => format!("accepted at {} (KST)", at.to_seoul()),
        (None, None) => "not tried yet".to_owned(),
    }
}

/// When it ends, where that is known.
fn end(credential: &CredentialView) -> Option<String> {
    let end = credential.expires_on?;
    Some(match credential.expiry {
        Some("expired") => format!("expired on {end}"),
        Some("soon") => format!("expires soon, on {end}"),
        _ => format!("expires on {end}"),
    })
}
