//! `/settings/users`: the accounts of people, and another one.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Deserialize;
use store::{Role, UserName, UserRow};

use super::{cursor, tabs, told};
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::auth::NotIn;
use crate::pages::account::once::{self, Once};
use crate::pages::csv::csv;
use crate::pages::form::Posted;
use crate::pages::parts::{Field, Notice, Pager, Tabs};
use crate::pages::words::Settings;
use crate::pages::{Address, Level, Markup, Page, Shell, Visit, respond, show, words};

#[derive(Template)]
#[template(path = "settings/users.html")]
struct UsersPage {
    shell: Shell,
    t: &'static Settings,
    tabs: Tabs,
    notice: Option<Notice>,
    rows: Vec<UserView>,
    pager: Pager,
    fields: Vec<Field>,
}

/// An account as the table shows it.
struct UserView {
    row: UserRow,
    role: &'static str,
    state: Markup,
}

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
}

/// The page, or the same as a file.
pub(crate) async fn page(State(app): State<Arc<App>>, visit: Visit, uri: Uri) -> Result<Response, Problem> {
    let address = Address::of(&uri);
    if address.get("format") == Some("csv") {
        return Ok(file(&app.ask_store(store::Store::users).await?));
    }
    let notice = address.get("done").and_then(|done| told(Settings::of(visit.view.language), done));
    look(&app, &visit, &address.clone().without("done"), notice, &Typed::default(), None).await
}

async fn look(
    app: &App,
    visit: &Visit,
    address: &Address,
    notice: Option<Notice>,
    typed: &Typed,
    wrong: Option<(&'static str, &'static str)>,
) -> Result<Response, Problem> {
    let rows = app.ask_store(store::Store::users).await?;
    let of = rows.len();
    let (rows, next) = cursor(rows, address, |row| row.name.to_string());
    let says = words::settings::rows(visit.view, rows.len(), of);
    let (view, t) = (visit.view, Settings::of(visit.view.language));
    let status = match &notice {
        _ if wrong.is_some() => StatusCode::UNPROCESSABLE_ENTITY,
        Some(notice) if notice.level == Level::Bad => StatusCode::CONFLICT,
        _ => StatusCode::OK,
    };
    let wrong = |name: &str| wrong.filter(|(field, _)| *field == name).map(|(_, says)| says);
    let roles = Role::ALL.map(|role| (role.as_str(), words::account::role(view, role)));
    let role = if typed.role.is_empty() { Role::Viewer.as_str() } else { typed.role.as_str() };
    let page = UsersPage {
        shell: visit.shell(app, Page::Settings),
        t,
        tabs: tabs(visit, "/settings/users"),
        notice,
        pager: Pager::of(visit.common(), says, address, next.as_deref())
            .with_csv(Address::new("/settings/users").with("format", "csv")),
        rows: rows
            .into_iter()
            .map(|row| UserView { role: words::account::role(view, row.role), state: state(t, &row), row })
            .collect(),
        fields: vec![
            Field::line("name", t.name).value(&typed.name).hint(t.name_hint).wrong(wrong("name")).required(),
            Field::choice("role", t.role, roles).value(role).wrong(wrong("role")),
        ],
    };
    respond::with_status(app, status, &page)
}

/// Where an account stands.
pub(super) fn state(t: &Settings, row: &UserRow) -> Markup {
    let (level, word) = match row {
        row if row.disabled_at.is_some() => (Level::Plain, t.closed),
        row if row.must_change => (Level::Warn, t.first_password),
        _ => (Level::Ok, t.open),
    };
    show::state(level, word)
}

/// Makes an account with a password that is drawn, and shows that this once.
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(typed): Posted<Typed>,
) -> Result<Response, Problem> {
    let (t, first) = (Settings::of(visit.view.language), Address::new("/settings/users"));
    let Ok(name) = typed.name.parse::<UserName>() else {
        // It could be a password in the wrong field: it is not shown again.
        let typed = Typed { name: String::new(), ..typed };
        return look(&app, &visit, &first, None, &typed, Some(("name", t.name_wrong))).await;
    };
    let role = typed
        .role
        .parse::<Role>()
        .map_err(|bad| Problem::bad_request(bad.to_string()).because(Reason::Form))?;
    match app.add_user(name, role, None, &visit.identity).await {
        Ok((user, Some(given))) => {
            tracing::info!(user = %user.name, role = %user.role, "account made");
            let more = words::account::good_until(visit.view, given.until);
            let once = Once {
                page: Page::Settings,
                title: t.made,
                label: t.name,
                target: user.name.as_str(),
                secret: &given.password,
                more,
                back: "/settings/users",
            };
            once::show(&app, &visit, once)
        }
        // A password is drawn wherever none is given.
        Ok((_, None)) => Err(Problem::unavailable("no password was drawn; give the account another one")),
        Err(NotIn::Problem(problem)) if problem.reason() == Some(&Reason::UserExists) => {
            look(&app, &visit, &first, None, &typed, Some(("name", t.name_taken))).await
        }
        Err(NotIn::Problem(problem)) if problem.status() == StatusCode::CONFLICT => {
            look(&app, &visit, &first, Some(Notice::refused(visit.view, &problem)), &typed, None).await
        }
        Err(NotIn::Problem(problem)) => Err(problem),
        Err(_) => Err(Problem::bad_request("the account cannot be made")),
    }
}

fn file(rows: &[UserRow]) -> Response {
    let header = [
        "name",
        "role",
        "open",
        "must_change",
        "codes",
        "last_login_at",
        "locked_until",
        "created_at",
        "created_by",
    ];
    let yes = |is: bool| String::from(if is { "yes" } else { "no" });
    let rows = rows.iter().map(|row| {
        [
            row.name.to_string(),
            row.role.to_string(),
            yes(row.disabled_at.is_none()),
            yes(row.must_change),
            yes(row.totp),
            row.last_login_at.map(|at| at.to_string()).unwrap_or_default(),
            row.locked_until.map(|at| at.to_string()).unwrap_or_default(),
            row.created_at.to_string(),
            row.created_by.clone(),
        ]
    });
    csv("accounts", &header, rows)
}
