//! `/settings/tokens`: the tokens of everybody, those that were taken back too, and a way to take one back.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use serde::Deserialize;
use store::TokenRow;

use super::{cursor, of_user, tabs, told};
use crate::App;
use crate::api::problem::Problem;
use crate::api::tokens;
use crate::pages::csv::csv;
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::{Empty, Field, Notice, Pager, Tabs};
use crate::pages::sure::{Sure, ask};
use crate::pages::words::{Account, Settings};
use crate::pages::{Address, Level, Markup, Page, Shell, Visit, respond, show, words};

#[derive(Template)]
#[template(path = "settings/tokens.html")]
struct TokensPage {
    shell: Shell,
    t: &'static Settings,
    a: &'static Account,
    tabs: Tabs,
    notice: Option<Notice>,
    rows: Vec<TokenView>,
    user: Field,
    empty: Empty,
    pager: Pager,
}

/// A token as the table shows it.
struct TokenView {
    row: TokenRow,
    role: &'static str,
    sources: String,
    state: Markup,
    is_over: bool,
}

/// Which is taken back.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    name: String,
    confirmed: Option<String>,
}

/// The page, or the same as a file.
pub(crate) async fn page(State(app): State<Arc<App>>, visit: Visit, uri: Uri) -> Result<Response, Problem> {
    let (view, t, a) = (visit.view, Settings::of(visit.view.language), Account::of(visit.view.language));
    let address = Address::of(&uri);
    let (user, is_name) = of_user(&address);
    let found = if is_name {
        app.ask_store(move |store| store.tokens(user.as_ref())).await?
    } else {
        // Nobody has such a name.
        Vec::new()
    };
    if address.get("format") == Some("csv") {
        return Ok(file(&found));
    }
    let of = found.len();
    let (rows, next) = cursor(found, &address, |row| row.id.0.to_string());
    let token = |row: TokenRow| {
        let (level, word) = match &row {
            row if row.revoked_at.is_some() => (Level::Plain, t.token_revoked),
            row if row.until.is_some_and(|until| until <= view.now) => (Level::Plain, a.token_over),
            _ => (Level::Ok, t.token_holds),
        };
        TokenView {
            role: words::account::role(view, row.role),
            sources: if row.sources.is_empty() { a.anywhere.to_owned() } else { row.sources.join(", ") },
            state: show::state(level, word),
            is_over: level == Level::Plain,
            row,
        }
    };
    let says = words::settings::rows(view, rows.len(), of);
    let page = TokensPage {
        shell: visit.shell(&app, Page::Settings),
        t,
        a,
        tabs: tabs(&visit, "/settings/tokens"),
        notice: address.get("done").and_then(|done| told(t, done)),
        rows: rows.into_iter().map(token).collect(),
        user: Field::line("user", t.name).value(address.get("user").unwrap_or_default()),
        empty: Empty { says: a.tokens_empty.into(), hint: t.tokens_hint.into(), act: None },
        pager: Pager::of(visit.common(), says, &address, next.as_deref())
            .with_csv(address.clone().without("done").with("format", "csv")),
    };
    respond::html(&app, &page)
}

fn file(rows: &[TokenRow]) -> Response {
    let header = [
        "name",
        "hint",
        "account",
        "role",
        "from",
        "created_at",
        "created_by",
        "until",
        "last_used_at",
        "last_address",
        "revoked_at",
        "revoked_by",
    ];
    let at = |time: Option<blocklist::Time>| time.map(|time| time.to_string()).unwrap_or_default();
    let rows = rows.iter().map(|row| {
        [
            row.name.clone(),
            row.hint.clone(),
            row.user.to_string(),
            row.role.to_string(),
            row.sources.join(" "),
            row.created_at.to_string(),
            row.created_by.clone(),
            at(row.until),
            at(row.last_used_at),
            row.last_address.map(|address| address.to_string()).unwrap_or_default(),
            at(row.revoked_at),
            row.revoked_by.clone().unwrap_or_default(),
        ]
    });
    csv("tokens", &header, rows)
}

/// Takes one back: first what that means, then the deed.
pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(which): Posted<Which>,
) -> Result<Response, Problem> {
    let a = Account::of(visit.view.language);
    if which.confirmed.is_none() {
        let sure = Sure {
            page: Page::Settings,
            title: a.token_revoke,
            target: which.name.as_str().into(),
            says: a.token_revoke_says,
            undo: a.token_revoke_undo,
            action: "/settings/tokens/revoke".into(),
            fields: vec![("name".to_owned(), which.name.clone())],
            back: "/settings/tokens".into(),
        };
        return ask(&app, &visit, sure);
    }
    let (state, identity) = (State(Arc::clone(&app)), visit.identity.clone());
    tokens::revoke(state, identity, axum::extract::Path(which.name)).await?;
    Ok(lead_to("/settings/tokens?done=revoked"))
}
