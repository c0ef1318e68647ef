//! `/login`, `/login/code`, `/logout`: signing in and out.
//!
//! **Failure.** What is wrong is said above the form, in words that do not tell which names there are. Where a name and a
//! password would be read by everybody on the way, the page says so; where the configuration forbids that, there is no form.

pub(crate) mod password;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use store::Face;

use super::assets::Urls;
use super::error::lead_to;
use super::form::Posted;
use super::parts::{Field, Notice};
use super::preferences::{Preferences, Theme, local};
use super::view::View;
use super::words::Login;
use super::{Level, Markup, Visit, respond, words};
use crate::App;
use crate::api::problem::Problem;
use crate::auth::{self, Identity, NotIn, Pending, Place};
use crate::client::Client;

/// A page with one form and no navigation.
#[derive(Template)]
#[template(path = "login.html")]
struct Page {
    view: View,
    theme: Theme,
    assets: Arc<Urls>,
    title: &'static str,
    lead: &'static str,
    notices: Vec<Notice>,
    action: &'static str,
    csrf: String,
    /// Which page it is, to come back to it in another language.
    here: &'static str,
    /// Where to go afterwards; empty is nowhere in particular.
    next: String,
    fields: Vec<Field>,
    button: &'static str,
    notes: Vec<&'static str>,
    /// A way out, for somebody who is half signed in.
    leave: Option<&'static str>,
}

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

/// Name and password.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: SecretString,
    #[serde(default)]
    next: String,
}

/// A code.
#[derive(Deserialize)]
pub(crate) struct Code {
    #[serde(default)]
    code: Zeroizing<String>,
}

/// With whose eyes somebody sees it who is not signed in.
fn eyes(app: &App, headers: &HeaderMap) -> (View, Theme) {
    let preferences = Preferences::of(headers);
    (View { language: preferences.language, zone: preferences.zone, now: app.now() }, preferences.theme)
}

/// The page for signing in.
pub(crate) async fn form(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    Query(next): Query<Next>,
) -> Result<Response, Problem> {
    app.look_whether_set_up().await;
    show(&app, &client, &headers, &next.next, "", None, StatusCode::OK)
}

fn show(
    app: &App,
    client: &Client,
    headers: &HeaderMap,
    next: &str,
    name: &str,
    wrong: Option<String>,
    status: StatusCode,
) -> Result<Response, Problem> {
    app.check_way(client)?;
    let (view, theme) = eyes(app, headers);
    let words = Login::of(view.language);
    let far = !client.secure && !client.is_home();
    let warning = far.then(|| notice(Level::Warn, words.plain));
    let typed = Field::line("name", words.name).value(name).autocomplete("username").required();
    let page = Page {
        view,
        theme,
        assets: app.assets.urls(),
        title: words.title,
        lead: "",
        notices: wrong.map(|says| notice(Level::Bad, says)).into_iter().chain(warning).collect(),
        action: "/login",
        csrf: String::new(),
        here: "/login",
        next: local(next).unwrap_or_default().to_owned(),
        fields: vec![
            if name.is_empty() { typed.focused() } else { typed },
            Field::password("password", words.password, "current-password").required(),
        ],
        button: words.enter,
        notes: if app.was_set_up() { Vec::new() } else { vec![words.first, words.lost] },
        leave: None,
    };
    respond::with_status(app, status, &page)
}

fn notice(level: Level, says: impl Into<String>) -> Notice {
    Notice { level, says: says.into(), more: Markup::default() }
}

/// Signs in.
pub(crate) async fn enter(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    Posted(typed): Posted<Credentials>,
) -> Result<Response, Problem> {
    app.check_way(&client)?;
    let (view, _) = eyes(&app, &headers);
    let words = Login::of(view.language);
    let place = place(&client, &headers);
    let (says, status, until) = match app.sign_in(&typed.name, typed.password, place).await {
        Ok(signed_in) => {
            let pending = app.pending(&signed_in.user, signed_in.session.waits_for_code);
            let to = match pending {
                Some(pending) => pending.path(),
                None => local(&typed.next).unwrap_or("/"),
            };
            return with_cookie(lead_to(to), &auth::set_cookie(&signed_in.secret, client.secure));
        }
        Err(NotIn::Problem(problem)) => return Err(problem),
        Err(NotIn::Locked(until)) => {
            (words::login::locked(view, until), StatusCode::TOO_MANY_REQUESTS, Some(until))
        }
        Err(NotIn::Expired) => (words.expired.to_owned(), StatusCode::UNAUTHORIZED, None),
        Err(NotIn::Wrong | NotIn::Weak(_)) => (words.wrong.to_owned(), StatusCode::UNAUTHORIZED, None),
    };
    let mut answer = show(&app, &client, &headers, &typed.next, &typed.name, Some(says), status)?;
    if let Some(until) = until {
        let wait = (until.unix() - app.now().unix()).max(1);
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait));
    }
    Ok(answer)
}

/// The page for a one-time code.
pub(crate) async fn code_form(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    if visit.identity.pending != Some(Pending::Code) {
        return Ok(lead_to("/"));
    }
    show_code(&app, &visit, None, StatusCode::OK)
}

fn show_code(
    app: &App,
    visit: &Visit,
    wrong: Option<String>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (view, theme) = (visit.view, visit.preferences().theme);
    let words = Login::of(view.language);
    let field = Field::line("code", words.code).hint(words.code_hint).autocomplete("one-time-code");
    let page = Page {
        view,
        theme,
        assets: app.assets.urls(),
        title: words.code_title,
        lead: "",
        notices: wrong.map(|says| notice(Level::Bad, says)).into_iter().collect(),
        action: "/login/code",
        csrf: visit.form_token().to_owned(),
        here: "/login/code",
        next: String::new(),
        fields: vec![field.required().focused()],
        button: words.enter,
        notes: Vec::new(),
        leave: Some(visit.common().log_out),
    };
    respond::with_status(app, status, &page)
}

/// Takes a one-time code.
pub(crate) async fn send_code(
    State(app): State<Arc<App>>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
    Posted(typed): Posted<Code>,
) -> Result<Response, Problem> {
    let words = Login::of(visit.view.language);
    match app.send_code(&visit.identity, &typed.code, place(&client, &headers)).await {
        Ok(secret) => with_cookie(lead_to("/"), &auth::set_cookie(&secret, client.secure)),
        Err(NotIn::Problem(problem)) => Err(problem),
        Err(NotIn::Locked(until)) => {
            let says = words::login::locked(visit.view, until);
            show_code(&app, &visit, Some(says), StatusCode::TOO_MANY_REQUESTS)
        }
        Err(_) => show_code(&app, &visit, Some(words.code_wrong.to_owned()), StatusCode::UNAUTHORIZED),
    }
}

/// Signs out.
pub(crate) async fn leave(
    State(app): State<Arc<App>>,
    identity: Identity,
    client: Client,
) -> Result<Response, Problem> {
    if let Some(session) = identity.session() {
        let (id, who) = (session.id, identity.plain());
        app.ask_store(move |store| store.end_session(id, &who.actor())).await?;
    }
    with_cookie(lead_to("/login"), &auth::clear_cookie(client.secure))
}

/// From where a page is asked for.
pub(crate) fn place(client: &Client, headers: &HeaderMap) -> Place {
    Place { face: Face::Page, address: client.address, agent: auth::agent(headers) }
}

fn with_cookie(mut answer: Response, cookie: &str) -> Result<Response, Problem> {
    let cookie = HeaderValue::from_str(cookie);
    let cookie = cookie.map_err(|_| Problem::bad_request("this cannot be put into a cookie"))?;
    answer.headers_mut().append(SET_COOKIE, cookie);
    Ok(answer)
}
