//! Tokens of one's own. They are made by the rules of the API, and may never more than their owner.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use blocklist::Time;
use serde::Deserialize;
use store::{Role, TokenId};

use super::once::{self, Once};
use super::{look, own};
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::api::tokens::{self, TokenWanted};
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::{Field, Notice};
use crate::pages::sure::{Sure, ask};
use crate::pages::words::Account;
use crate::pages::{Page, View, Visit, words};

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    until: String,
}

/// Which is taken back.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    id: String,
    confirmed: Option<String>,
}

/// The form, with what is wrong with it.
pub(super) fn fields(
    view: View,
    most: Role,
    typed: &Typed,
    wrong: Option<&(&'static str, String)>,
) -> Vec<Field> {
    let t = Account::of(view.language);
    let wrong = |name: &str| wrong.filter(|(field, _)| *field == name).map(|(_, says)| says.clone());
    let roles = Role::ALL.into_iter().filter(|role| *role <= most);
    let roles = roles.map(|role| (role.as_str(), words::account::role(view, role)));
    vec![
        Field::line("name", t.token_name)
            .value(&typed.name)
            .hint(t.token_name_hint)
            .wrong(wrong("name"))
            .required(),
        Field::choice("role", t.token_role, roles).value(&typed.role).wrong(wrong("role")),
        Field::typed("until", view.in_zone(t.token_until), "date")
            .value(&typed.until)
            .hint(t.token_until_hint)
            .wrong(wrong("until")),
    ]
}

/// Makes one, and shows it this once.
pub(crate) async fn make(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let t = Account::of(visit.view.language);
    let again = |wrong| look(&app, &visit, None, &typed, Some(wrong), StatusCode::UNPROCESSABLE_ENTITY);
    let wanted = match read(&visit, &typed) {
        Ok(wanted) => wanted,
        Err(wrong) => return again(wrong).await,
    };
    let problem = match tokens::make(&app, &visit.identity, wanted).await {
        Ok((secret, row)) => {
            let until = row.until.map(|until| format!("{}: {}", t.token_until, visit.view.exact(until)));
            let once = Once {
                page: Page::Account,
                title: t.token_made,
                label: t.token_name,
                target: &row.name,
                secret: &secret,
                more: until.unwrap_or_default(),
                back: "/account#tokens",
            };
            return once::show(&app, &visit, once);
        }
        Err(problem) => problem,
    };
    if problem.status().is_server_error() {
        return Err(problem);
    }
    // That a name is taken is what only the store knows.
    if is_taken(&app, &typed.name).await? {
        return again(("name", t.token_taken.to_owned())).await;
    }
    let notice = Notice::refused(visit.view, &problem);
    look(&app, &visit, Some(notice), &typed, None, problem.status()).await
}

async fn is_taken(app: &App, name: &str) -> Result<bool, Problem> {
    let name = name.trim().to_owned();
    let tokens = app.ask_store(|store| store.tokens(None)).await?;
    Ok(tokens.iter().any(|token| token.revoked_at.is_none() && token.name == name))
}

fn read(visit: &Visit, typed: &Typed) -> Result<TokenWanted, (&'static str, String)> {
    let t = Account::of(visit.view.language);
    let name = typed.name.trim();
    if !(1..=63).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(("name", t.token_name_wrong.to_owned()));
    }
    let role = typed.role.parse::<Role>().ok().filter(|role| *role <= visit.identity.role);
    let role = role.ok_or_else(|| ("role", t.token_above.to_owned()))?;
    let until = match typed.until.trim() {
        "" => None,
        text => Some(visit.view.end(text).map_err(|_| ("until", t.token_bad_end.to_owned()))?),
    };
    if until.is_some_and(|until: Time| until <= visit.view.now) {
        return Err(("until", t.token_past.to_owned()));
    }
    Ok(TokenWanted { name: name.to_owned(), role, user: None, sources: Vec::new(), until })
}

/// Takes one back: first what that means, then the deed.
pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(which): Posted<Which>,
) -> Result<Response, Problem> {
    let t = Account::of(visit.view.language);
    let none = || {
        Problem::not_found("there is no such token, or it was taken back already").because(Reason::NoToken)
    };
    let id = which.id.parse().map(TokenId).map_err(|_| none())?;
    let name = own(&visit)?;
    let tokens = app.ask_store(move |store| store.tokens(Some(&name))).await?;
    let token = tokens.into_iter().find(|token| token.id == id && token.revoked_at.is_none());
    let token = token.ok_or_else(none)?;
    if which.confirmed.is_none() {
        let sure = Sure {
            page: Page::Account,
            title: t.token_revoke,
            target: token.name.as_str().into(),
            says: t.token_revoke_says,
            undo: t.token_revoke_undo,
            action: "/account/tokens/revoke".into(),
            fields: vec![("id".to_owned(), which.id)],
            back: "/account".into(),
        };
        return ask(&app, &visit, sure);
    }
    tokens::revoke(State(Arc::clone(&app)), visit.identity.clone(), axum::extract::Path(token.name)).await?;
    Ok(lead_to("/account?done=revoked"))
}
