//! `/settings/users/{name}`: one account, and what an admin does with it. Each act asks what the API asks, so that both follow
//! the same rules.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use store::{Role, UserName, UserRow};

use super::users::state;
use super::{tabs, told};
use crate::App;
use crate::api::body::Json;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::api::session::refused;
use crate::api::users::change::{self, ChangedUser};
use crate::api::users::{Named, keys};
use crate::pages::account::once::{self, Once};
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::{Field, Notice, Tabs};
use crate::pages::sure::{self, Sure};
use crate::pages::words::Settings;
use crate::pages::{Markup, Page, Shell, Visit, respond, words};

#[derive(Template)]
#[template(path = "settings/user.html")]
struct UserPage {
    shell: Shell,
    t: &'static Settings,
    tabs: Tabs,
    notice: Option<Notice>,
    user: UserRow,
    state: Markup,
    role: &'static str,
    may: &'static str,
    left: String,
    tokens: String,
    sessions: String,
    choice: Field,
}

/// What happened before.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

/// What was sent.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    role: String,
    #[serde(default)]
    closed: String,
    confirmed: Option<String>,
}

/// The page.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let notice = asked.done.as_deref().and_then(|done| told(Settings::of(visit.view.language), done));
    look(&app, &visit, name, notice, StatusCode::OK).await
}

async fn look(
    app: &App,
    visit: &Visit,
    name: UserName,
    notice: Option<Notice>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let idle = app.accounts().idle;
    let found = app.ask_store(move |store| {
        let tokens = store.tokens(Some(&name))?;
        let sessions = store.sessions(Some(&name), idle)?.len();
        let user = store.user(&name)?.ok_or(store::Error::NoUser(name))?;
        Ok((user, tokens.iter().filter(|token| token.revoked_at.is_none()).count(), sessions))
    });
    let (user, tokens, sessions) = found.await?;
    let (view, t) = (visit.view, Settings::of(visit.view.language));
    let roles = Role::ALL.map(|role| (role.as_str(), words::account::role(view, role)));
    let page = UserPage {
        shell: visit.shell(app, Page::Settings),
        t,
        tabs: tabs(visit, "/settings/users"),
        notice,
        state: state(t, &user),
        role: words::account::role(view, user.role),
        may: words::account::may(view, user.role),
        left: words::account::recovery_left(view, user.recovery_codes),
        tokens: view.number(tokens as u64),
        sessions: view.number(sessions as u64),
        choice: Field::choice("role", t.role, roles).value(user.role.as_str()).hint(t.set_role_hint),
        user,
    };
    respond::with_status(app, status, &page)
}

/// After a change: the page with what was done, or with why it was not.
async fn after<T>(
    app: &App,
    visit: &Visit,
    name: UserName,
    done: Result<T, Problem>,
    to: String,
) -> Result<Response, Problem> {
    match done {
        Ok(_) => Ok(lead_to(&to)),
        // What these changes are refused for.
        Err(problem) if problem.status() == StatusCode::CONFLICT => {
            let notice = Notice::refused(visit.view, &problem);
            look(app, visit, name, Some(notice), StatusCode::CONFLICT).await
        }
        Err(problem) => Err(problem),
    }
}

/// Asks whether it is meant; of an account that there is.
async fn ask(
    app: &App,
    visit: &Visit,
    name: UserName,
    act: &str,
    [title, says, undo]: [&str; 3],
    fields: Vec<(String, String)>,
) -> Result<Response, Problem> {
    let asked = name.clone();
    app.ask_store(move |store| store.user(&asked)?.ok_or(store::Error::NoUser(asked))).await?;
    let sure = Sure {
        page: Page::Settings,
        title,
        target: name.as_str().into(),
        says,
        undo,
        action: format!("/settings/users/{name}/{act}"),
        fields,
        back: format!("/settings/users/{name}"),
    };
    sure::ask(app, visit, sure)
}

async fn set(
    app: &Arc<App>,
    visit: &Visit,
    name: UserName,
    wanted: ChangedUser,
    done: &str,
) -> Result<Response, Problem> {
    let (state, identity) = (State(Arc::clone(app)), visit.identity.clone());
    let changed = change::change(state, identity, Named(name.clone()), Json(wanted)).await;
    let to = format!("/settings/users/{name}?done={done}");
    after(app, visit, name, changed, to).await
}

/// Changes what it may do.
pub(crate) async fn set_role(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(sent): Posted<Sent>,
) -> Result<Response, Problem> {
    let role = sent
        .role
        .parse::<Role>()
        .map_err(|bad| Problem::bad_request(bad.to_string()).because(Reason::Form))?;
    set(&app, &visit, name, ChangedUser { role: Some(role), disabled: None }, "role").await
}

/// Closes it, after a question, or opens it.
pub(crate) async fn set_state(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(sent): Posted<Sent>,
) -> Result<Response, Problem> {
    let t = Settings::of(visit.view.language);
    let close = match sent.closed.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Problem::bad_request("'closed' is yes or no").because(Reason::Form)),
    };
    if close && sent.confirmed.is_none() {
        let fields = vec![("closed".to_owned(), sent.closed)];
        return ask(&app, &visit, name, "state", [t.close, t.close_says, t.close_undo], fields).await;
    }
    let done = if close { "closed" } else { "opened" };
    set(&app, &visit, name, ChangedUser { role: None, disabled: Some(close) }, done).await
}

/// Gives it a password that is drawn, after a question, and shows that this once.
pub(crate) async fn password(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(sent): Posted<Sent>,
) -> Result<Response, Problem> {
    let t = Settings::of(visit.view.language);
    if sent.confirmed.is_none() {
        let texts = [t.new_password, t.new_password_says, t.no_undo];
        return ask(&app, &visit, name, "password", texts, Vec::new()).await;
    }
    let given = app.give_password(name.clone(), &visit.identity).await;
    let given = given.map_err(|not| refused(&app, not, ""))?;
    tracing::info!(user = %name, "account has a password that is good once");
    let once = Once {
        page: Page::Settings,
        title: t.one_time,
        label: t.name,
        target: name.as_str(),
        secret: &given.password,
        more: words::account::good_until(visit.view, given.until),
        back: "/settings/users",
    };
    once::show(&app, &visit, once)
}

/// Takes its one-time codes away, after a question.
pub(crate) async fn no_code(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(sent): Posted<Sent>,
) -> Result<Response, Problem> {
    let t = Settings::of(visit.view.language);
    if sent.confirmed.is_none() {
        let texts = [t.no_codes, t.no_codes_says, t.no_codes_undo];
        return ask(&app, &visit, name, "no-code", texts, Vec::new()).await;
    }
    keys::no_code(State(Arc::clone(&app)), visit.identity.clone(), Named(name.clone())).await?;
    Ok(lead_to(&format!("/settings/users/{name}?done=codes")))
}

/// Lets it in again.
pub(crate) async fn unlock(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
) -> Result<Response, Problem> {
    let axum::Json(_) =
        keys::unlock(State(Arc::clone(&app)), visit.identity.clone(), Named(name.clone())).await?;
    Ok(lead_to(&format!("/settings/users/{name}?done=unlocked")))
}

/// Removes it, after a question.
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    visit: Visit,
    Named(name): Named,
    Posted(sent): Posted<Sent>,
) -> Result<Response, Problem> {
    let t = Settings::of(visit.view.language);
    if sent.confirmed.is_none() {
        let texts = [t.remove, t.remove_says, t.remove_undo];
        return ask(&app, &visit, name, "remove", texts, Vec::new()).await;
    }
    let removed = change::remove(State(Arc::clone(&app)), visit.identity.clone(), Named(name.clone())).await;
    after(&app, &visit, name, removed, "/settings/users?done=removed".to_owned()).await
}
