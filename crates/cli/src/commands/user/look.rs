//! `user list`, `show` and `sessions`.

use serde_json::json;
use store::{SessionRow, Store, UserName, UserRow};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::table;

pub(super) fn list(context: &Context<'_>) -> Result<Exit, Failure> {
    let users = context.existing_store()?.users()?;
    context.output.answer(&users, || {
        if users.is_empty() {
            return "there is no account yet; the first start of `blacklist serve` makes admin".to_owned();
        }
        let cells: Vec<Vec<String>> = users
            .iter()
            .map(|user| {
                vec![
                    user.name.to_string(),
                    user.role.to_string(),
                    states(user).join("; "),
                    if user.totp { "yes" } else { "no" }.to_owned(),
                    user.last_login_at.map_or_else(|| "-".to_owned(), blocklist::Time::to_seoul),
                ]
            })
            .collect();
        table(&["name", "role", "state", "codes", "last in (KST)"], &cells)
    })?;
    Ok(Exit::Done)
}

pub(super) fn show(name: &UserName, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let user = find(&store, name)?;
    let sessions = store.sessions(Some(name), context.config().accounts.idle)?;
    let tokens: Vec<_> =
        store.tokens(Some(name))?.into_iter().filter(|token| token.revoked_at.is_none()).collect();
    let mut answer = json!(user);
    answer["sessions"] = json!(sessions);
    answer["tokens"] = json!(tokens);
    context.output.answer(&answer, || {
        let mut lines = vec![
            sentence(&user),
            format!("made {} KST by {}", user.created_at.to_seoul(), user.created_by),
            format!("password of {} KST", user.password_at.to_seoul()),
        ];
        if user.totp {
            lines.push(format!("{} recovery codes left", user.recovery_codes));
        }
        let row = |it: &SessionRow| {
            let from = it.address.map_or_else(|| "an unknown address".to_owned(), |at| at.to_string());
            format!("session {} from {from}, last used {} KST", it.id.0, it.seen_at.to_seoul())
        };
        lines.extend(sessions.iter().map(row));
        lines.extend(tokens.iter().map(|it| format!("token {} ({}..., {})", it.name, it.hint, it.role)));
        lines.join("\n")
    })?;
    Ok(Exit::Done)
}

pub(super) fn sessions(name: Option<&UserName>, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    if let Some(name) = name {
        find(&store, name)?;
    }
    let sessions = store.sessions(name, context.config().accounts.idle)?;
    context.output.answer(&sessions, || {
        if sessions.is_empty() {
            return "nobody is signed in".to_owned();
        }
        let cells: Vec<Vec<String>> = sessions
            .iter()
            .map(|it| {
                vec![
                    it.id.0.to_string(),
                    it.user.to_string(),
                    it.created_at.to_seoul(),
                    it.seen_at.to_seoul(),
                    it.ends_at.to_seoul(),
                    it.address.map_or_else(|| "-".to_owned(), |address| address.to_string()),
                    if it.waits_for_code { "waits for a code" } else { "open" }.to_owned(),
                    it.agent.clone().unwrap_or_else(|| "-".to_owned()),
                ]
            })
            .collect();
        table(&["id", "account", "since (KST)", "used", "ends", "from", "state", "program"], &cells)
    })?;
    Ok(Exit::Done)
}

/// An account, or the error that there is none.
pub(super) fn find(store: &Store, name: &UserName) -> Result<UserRow, Failure> {
    Ok(store.user(name)?.ok_or_else(|| store::Error::NoUser(name.clone()))?)
}

/// One line about an account.
pub(super) fn sentence(user: &UserRow) -> String {
    let codes = if user.totp { "; asked for one-time codes" } else { "" };
    let last = match user.last_login_at {
        Some(at) => format!("last in {} KST", at.to_seoul()),
        None => "never came in".to_owned(),
    };
    format!("{}: {}; {}{codes}; {last}", user.name, user.role, states(user).join("; "))
}

/// What keeps an account from coming in, or that nothing does.
fn states(user: &UserRow) -> Vec<String> {
    let mut states = Vec::new();
    if user.disabled_at.is_some() {
        states.push("disabled".to_owned());
    }
    if let Some(until) = user.locked_until {
        states.push(format!("locked for strangers until {} KST", until.to_seoul()));
    }
    if user.must_change {
        states.push(match user.password_until {
            Some(until) => format!("one-time password until {} KST", until.to_seoul()),
            None => "has to change its password".to_owned(),
        });
    }
    if states.is_empty() {
        states.push("open".to_owned());
    }
    states
}
