//! `/account`: whoever is signed in: what opens their account, where they are signed in, and their tokens.
//!
//! Everything here is about one's own account alone: what a form names is looked for among one's own, so that a number or a
//! name of somebody else's is one that there is not.

pub(crate) mod code;
pub(crate) mod once;
pub(crate) mod sessions;
pub(crate) mod tokens;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use store::{SessionRow, TokenRow, UserName, UserRow};

use super::parts::{Field, Notice};
use super::words::Account;
use super::{Level, Markup, Page, Shell, Visit, respond, show, words};
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;

#[derive(Template)]
#[template(path = "account/page.html")]
struct AccountPage {
    shell: Shell,
    t: &'static Account,
    notice: Option<Notice>,
    user: UserRow,
    may: &'static str,
    codes: Markup,
    left: String,
    sessions: Vec<SessionView>,
    has_others: bool,
    tokens: Vec<TokenView>,
    fields: Vec<Field>,
}

/// A session as the table shows it.
struct SessionView {
    row: SessionRow,
    address: String,
    agent: String,
    is_this: bool,
}

/// A token as the table shows it.
struct TokenView {
    row: TokenRow,
    role: &'static str,
    sources: String,
    is_over: bool,
}

/// What happened before.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

/// The page.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let t = Account::of(visit.view.language);
    let notice = asked.done.as_deref().and_then(|done| told(t, done));
    look(&app, &visit, notice, &tokens::Typed::default(), None, StatusCode::OK).await
}

/// The page, with what was typed for a token and what is wrong with it.
async fn look(
    app: &App,
    visit: &Visit,
    notice: Option<Notice>,
    typed: &tokens::Typed,
    wrong: Option<(&'static str, String)>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (view, t) = (visit.view, Account::of(visit.view.language));
    let (name, this) = (own(visit)?, visit.identity.session().map(|session| session.id));
    let idle = app.accounts().idle;
    let found = app.ask_store(move |store| {
        let user = store.user(&name)?.ok_or_else(|| store::Error::NoUser(name.clone()))?;
        Ok((user, store.sessions(Some(&name), idle)?, store.tokens(Some(&name))?))
    });
    let (user, sessions, mut tokens) = found.await?;
    tokens.retain(|token| token.revoked_at.is_none());
    let session = |row: SessionRow| SessionView {
        address: row.address.map_or_else(|| "–".to_owned(), |address| address.to_string()),
        agent: row.agent.clone().unwrap_or_else(|| "–".to_owned()),
        is_this: Some(row.id) == this,
        row,
    };
    let token = |row: TokenRow| TokenView {
        role: words::account::role(view, row.role),
        sources: if row.sources.is_empty() { t.anywhere.to_owned() } else { row.sources.join(", ") },
        is_over: row.until.is_some_and(|until| until <= view.now),
        row,
    };
    let sessions: Vec<SessionView> = sessions.into_iter().map(session).collect();
    let (level, word) = if user.totp { (Level::Ok, t.codes_on) } else { (Level::Plain, t.codes_off) };
    let page = AccountPage {
        shell: visit.shell(app, Page::Account),
        t,
        notice,
        may: words::account::may(view, user.role),
        codes: show::state(level, word),
        left: words::account::recovery_left(view, user.recovery_codes),
        has_others: sessions.iter().any(|session| !session.is_this),
        sessions,
        tokens: tokens.into_iter().map(token).collect(),
        fields: tokens::fields(view, user.role, typed, wrong.as_ref()),
        user,
    };
    respond::with_status(app, status, &page)
}

/// The account of whoever is signed in.
fn own(visit: &Visit) -> Result<UserName, Problem> {
    let name = visit.identity.user().cloned();
    name.ok_or_else(|| {
        Problem::forbidden("only somebody who signed in does this, for their own account")
            .because(Reason::OwnAccount)
    })
}

/// What was done just now: a code of the address, never a text of it.
fn told(t: &Account, done: &str) -> Option<Notice> {
    let says = match done {
        "password" => t.done_password,
        "codes-removed" => t.done_codes_removed,
        "ended" => t.done_ended,
        "others" => t.done_others,
        "revoked" => t.done_revoked,
        _ => return None,
    };
    Some(Notice::done(says))
}
