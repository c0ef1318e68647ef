//! The answer that shows a secret: it stands on this page alone, and on no other after it.

use askama::Template;
use axum::response::Response;
use secrecy::{ExposeSecret, SecretString};

use crate::App;
use crate::api::problem::Problem;
use crate::pages::words::Account;
use crate::pages::{Page, Shell, Visit, respond};

#[derive(Template)]
#[template(path = "account/once.html")]
struct OncePage<'a> {
    shell: Shell,
    t: &'static Account,
    title: &'a str,
    label: &'a str,
    target: &'a str,
    secret: &'a str,
    more: String,
    back: &'a str,
}

/// What is shown.
pub(crate) struct Once<'a> {
    /// Where in the navigation.
    pub(crate) page: Page,
    /// What was done.
    pub(crate) title: &'a str,
    /// What the secret is.
    pub(crate) label: &'a str,
    /// Of whom or what.
    pub(crate) target: &'a str,
    /// The secret.
    pub(crate) secret: &'a SecretString,
    /// How long it is good.
    pub(crate) more: String,
    /// Where it goes on.
    pub(crate) back: &'a str,
}

/// Shows it. Pages are kept by no cache ([`respond`]).
pub(crate) fn show(app: &App, visit: &Visit, once: Once<'_>) -> Result<Response, Problem> {
    let page = OncePage {
        shell: visit.shell(app, once.page),
        t: Account::of(visit.view.language),
        title: once.title,
        label: once.label,
        target: once.target,
        secret: once.secret.expose_secret(),
        more: once.more,
        back: once.back,
    };
    respond::html(app, &page)
}
