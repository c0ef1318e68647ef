//! `token`: what programs show to the API in place of a password. A token goes to standard output, once; nothing of this
//! program shows it again.

use blocklist::Time;
use prefix::Prefix;
use secrecy::ExposeSecret;
use serde_json::json;
use server::{hash_secret, new_token};
use store::{NewToken, Role, TokenRow, UserName};

use crate::actor::By;
use crate::args::Token;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::table;

pub(super) fn run(args: Token, context: &Context<'_>) -> Result<Exit, Failure> {
    match args {
        Token::List { user, all } => list(user.as_ref(), all, context),
        Token::Add { name, user, role, from, until, by } => {
            add(Wanted { name, user, role, sources: from, until }, by, context)
        }
        Token::Revoke { name, by } => {
            context.existing_store()?.revoke_token(&name, &by.who().actor())?;
            let answer = json!({"token": name, "revoked": true});
            context
                .output
                .answer(&answer, || format!("took back {name}; nothing is answered to it any more"))?;
            Ok(Exit::Done)
        }
    }
}

/// A token as it is asked for.
struct Wanted {
    name: String,
    user: UserName,
    role: Role,
    sources: Vec<Prefix>,
    until: Option<Time>,
}

fn add(wanted: Wanted, by: By, context: &Context<'_>) -> Result<Exit, Failure> {
    let Wanted { name, user, role, sources, until } = wanted;
    if let Some(until) = until.filter(|until| *until <= context.clock.now()) {
        return Err(Failure::usage(format!("{} KST is past; no token was made", until.to_seoul())));
    }
    let store = context.existing_store()?;
    let (text, hint) = new_token(&*context.random).map_err(|error| Failure::from_error(&error))?;
    let new = NewToken { name, hash: hash_secret(text.expose_secret()), hint, role, user, sources, until };
    let row = store.add_token(&new, &by.who().actor())?;
    let mut answer = json!(row);
    answer["token"] = json!(text.expose_secret());
    context.output.answer(&answer, || text.expose_secret().to_owned())?;
    context.output.note(format_args!(
        "this is the token {}; keep it now, it cannot be shown again. A program sends it as `Authorization: Bearer TOKEN`",
        row.name
    ));
    Ok(Exit::Done)
}

fn list(user: Option<&UserName>, all: bool, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    if let Some(name) = user
        && store.user(name)?.is_none()
    {
        return Err(store::Error::NoUser(name.clone()).into());
    }
    let now = context.clock.now();
    let mut tokens = store.tokens(user)?;
    tokens.retain(|token| all || holds(token, now));
    context.output.answer(&tokens, || {
        if tokens.is_empty() {
            return "there is no token; `blacklist token add NAME --user NAME --role ROLE` makes one"
                .to_owned();
        }
        let cells: Vec<Vec<String>> = tokens.iter().map(|token| cells(token, now)).collect();
        table(&["name", "begins", "account", "role", "from", "state", "last used (KST)"], &cells)
    })?;
    Ok(Exit::Done)
}

fn holds(token: &TokenRow, now: Time) -> bool {
    token.revoked_at.is_none() && token.until.is_none_or(|until| until > now)
}

fn cells(token: &TokenRow, now: Time) -> Vec<String> {
    let state = match (token.revoked_at, token.until) {
        (Some(at), _) => {
            let by = token.revoked_by.as_deref().unwrap_or("somebody");
            format!("revoked {} KST by {by}", at.to_seoul())
        }
        (None, Some(until)) if until <= now => format!("ended {} KST", until.to_seoul()),
        (None, Some(until)) => format!("until {} KST", until.to_seoul()),
        (None, None) => "without end".to_owned(),
    };
    let sources = if token.sources.is_empty() { "anywhere".to_owned() } else { token.sources.join(" ") };
    let used = match (token.last_used_at, token.last_address) {
        (Some(at), Some(address)) => format!("{} from {address}", at.to_seoul()),
        (Some(at), None) => at.to_seoul(),
        (None, _) => "-".to_owned(),
    };
    vec![
        token.name.clone(),
        format!("{}...", token.hint),
        token.user.to_string(),
        token.role.to_string(),
        sources,
        state,
        used,
    ]
}
