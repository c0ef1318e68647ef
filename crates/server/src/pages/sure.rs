//! The second step of what cannot be undone with ease: what it does, and the form again. Pages that show more than a sentence, a list
//! of changes say, have one of their own.

use std::borrow::Cow;

use askama::Template;
use axum::response::Response;

use crate::App;
use crate::api::problem::Problem;
use crate::pages::parts::Confirm;
use crate::pages::{Page, Shell, Visit, respond};

#[derive(Template)]
#[template(path = "sure.html")]
struct SurePage<'a> {
    shell: &'a Shell,
    title: &'a str,
    confirm: Confirm<'a>,
}

/// What is about to be done.
pub(crate) struct Sure<'a> {
    /// Where in the navigation.
    pub(crate) page: Page,
    /// What it is called; the button says the same.
    pub(crate) title: &'a str,
    /// To what.
    pub(crate) target: Cow<'a, str>,
    /// What it does.
    pub(crate) says: &'a str,
    /// Whether it can be undone, and how.
    pub(crate) undo: &'a str,
    /// Where the form goes.
    pub(crate) action: String,
    /// What it sent the first time.
    pub(crate) fields: Vec<(String, String)>,
    /// Where no leads.
    pub(crate) back: String,
}

/// Asks whether it is meant.
pub(crate) fn ask(app: &App, visit: &Visit, sure: Sure<'_>) -> Result<Response, Problem> {
    let shell = visit.shell(app, sure.page);
    let page = SurePage {
        shell: &shell,
        title: sure.title,
        confirm: Confirm {
            shell: &shell,
            says: format!("{}: {}", sure.target, sure.says),
            undo: sure.undo.to_owned(),
            action: sure.action,
            fields: sure.fields,
            button: sure.title.to_owned(),
            back: sure.back,
        },
    };
    respond::html(app, &page)
}
