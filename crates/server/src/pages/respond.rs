//! A rendered page as an answer, under a policy that lets nothing in from elsewhere.

use askama::Template;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::App;
use crate::api::problem::Problem;

/// What a browser may load, run and send on a page of ours: nothing that is inline, nothing from elsewhere. Whatever text
/// comes into a page, it cannot become a script.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                                 connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The fields that every page is sent with. Pages hold what only some may see, so no cache keeps them.
const FIELDS: [(HeaderName, &str); 5] = [
    (CONTENT_TYPE, "text/html; charset=utf-8"),
    (CONTENT_SECURITY_POLICY, POLICY),
    (CACHE_CONTROL, "private, no-store"),
    (REFERRER_POLICY, "same-origin"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// A page, with 200.
pub(crate) fn html(app: &App, template: &impl Template) -> Result<Response, Problem> {
    with_status(app, StatusCode::OK, template)
}

/// A page with another status, as a form with mistakes has.
pub(crate) fn with_status(
    app: &App,
    status: StatusCode,
    template: &impl Template,
) -> Result<Response, Problem> {
    let page = template.render().map_err(|error| app.incident("the page cannot be shown", &error))?;
    Ok((status, FIELDS, page).into_response())
}
