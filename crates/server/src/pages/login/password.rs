//! `/password`: another password for whoever is signed in.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{Page, notice, place};
use crate::App;
use crate::api::problem::Problem;
use crate::auth::{NotIn, Pending, Weak};
use crate::client::Client;
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::Field;
use crate::pages::words::Login;
use crate::pages::{Level, Visit, respond, words};

/// The present password, and another one twice.
#[derive(Deserialize)]
pub(crate) struct Change {
    #[serde(default)]
    current: SecretString,
    #[serde(default)]
    new: SecretString,
    #[serde(default)]
    again: SecretString,
}

/// What is wrong with which field.
#[derive(Default)]
struct Wrong {
    all: Option<String>,
    current: Option<&'static str>,
    new: Option<String>,
    again: Option<&'static str>,
}

/// The page.
pub(crate) async fn form(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    if visit.identity.pending == Some(Pending::Code) {
        return Ok(lead_to(Pending::Code.path()));
    }
    show(&app, &visit, Wrong::default(), StatusCode::OK)
}

fn show(app: &App, visit: &Visit, wrong: Wrong, status: StatusCode) -> Result<Response, Problem> {
    let (view, theme) = (visit.view, visit.preferences().theme);
    let words = Login::of(view.language);
    let must = visit.identity.pending == Some(Pending::Password);
    let hint = format!("{} {}", words::login::at_least(view, app.accounts().password_length), words.advice);
    let page = Page {
        view,
        theme,
        assets: app.assets.urls(),
        title: words.new_title,
        lead: if must { words.must } else { "" },
        notices: wrong.all.map(|says| notice(Level::Bad, says)).into_iter().collect(),
        action: "/password",
        csrf: visit.form_token().to_owned(),
        here: "/password",
        next: String::new(),
        fields: vec![
            Field::password("current", words.current, "current-password")
                .wrong(wrong.current)
                .required()
                .focused(),
            Field::password("new", words.new, "new-password").hint(hint).wrong(wrong.new).required(),
            Field::password("again", words.again, "new-password").wrong(wrong.again).required(),
        ],
        button: words.change,
        notes: Vec::new(),
        leave: must.then(|| visit.common().log_out),
    };
    respond::with_status(app, status, &page)
}

/// Sets it.
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
    Posted(typed): Posted<Change>,
) -> Result<Response, Problem> {
    if visit.identity.pending == Some(Pending::Code) {
        return Ok(lead_to(Pending::Code.path()));
    }
    let (view, words) = (visit.view, Login::of(visit.view.language));
    let again = |wrong| show(&app, &visit, wrong, StatusCode::UNPROCESSABLE_ENTITY);
    if typed.new.expose_secret() != typed.again.expose_secret() {
        return again(Wrong { again: Some(words.not_same), ..Wrong::default() });
    }
    let place = place(&client, &headers);
    match app.change_password(&visit.identity, typed.current, typed.new, place).await {
        // The first password of a new house leads to its first steps; they are an admin's.
        Ok(()) if visit.identity.pending == Some(Pending::Password) => {
            Ok(lead_to(app.first_page(&visit.identity).await))
        }
        Ok(()) => Ok(lead_to("/account?done=password")),
        Err(NotIn::Problem(problem)) => Err(problem),
        Err(NotIn::Wrong | NotIn::Expired) => {
            again(Wrong { current: Some(words.current_wrong), ..Wrong::default() })
        }
        Err(NotIn::Locked(until)) => {
            again(Wrong { all: Some(words::login::locked(view, until)), ..Wrong::default() })
        }
        Err(NotIn::Weak(weak)) => {
            let new = match weak {
                Weak::Short(least) => words::login::at_least(view, least),
                Weak::Long => words::login::too_long(view).to_owned(),
                Weak::Common => words.common.to_owned(),
                Weak::Name => words.has_name.to_owned(),
                Weak::Used => words.used.to_owned(),
            };
            again(Wrong { new: Some(new), ..Wrong::default() })
        }
    }
}
