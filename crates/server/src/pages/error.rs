//! What a page shows when there is none: what happened, what still works, what to do, and an id where there is one.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{ACCEPT, HeaderValue, LOCATION};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::assets::Urls;
use super::preferences::{Preferences, Theme};
use super::respond;
use super::view::View;
use super::words::{self, Faults};
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::auth::Identity;

/// The page.
#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    view: View,
    theme: Theme,
    assets: Arc<Urls>,
    words: &'static Faults,
    status: u16,
    happened: &'static str,
    works: &'static str,
    todo: &'static str,
    is_said: bool,
    detail: String,
    id: Option<String>,
    are_kept: bool,
}

/// The layer around all pages: a handler answers with a [`Problem`] as one of the API does, and here it becomes a page.
pub(crate) async fn as_page(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let eyes = Eyes::of(&request);
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<Problem>() {
        Some(problem) => page(&app, eyes, &problem).unwrap_or(response),
        None => response,
    }
}

/// The answer to a request that no route takes: a page for a browser, a problem for a program.
pub(crate) async fn no_such_path(State(app): State<Arc<App>>, request: Request) -> Response {
    let problem = Problem::not_found("no such path; /api/v1/openapi.json lists them all");
    answer(&app, &request, problem.because(Reason::NoPath))
}

/// A problem as whoever asked can read it. What asks the API or for a feed gets the problem itself, also from a browser.
pub(crate) fn answer(app: &App, request: &Request, problem: Problem) -> Response {
    let path = request.uri().path();
    let is_for_programs = ["/api/", "/feeds/", "/t/"].iter().any(|start| path.starts_with(start));
    let accepts = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or("");
    if accepts.contains("text/html") && !is_for_programs {
        refused(app, request, problem)
    } else {
        problem.into_response()
    }
}

/// What a browser is refused: who is not signed in is led to where that is done, all else is a page.
pub(crate) fn refused(app: &App, request: &Request, problem: Problem) -> Response {
    let uri = request.uri();
    match problem.status() {
        StatusCode::UNAUTHORIZED if uri.path() == "/" => lead_to("/login"),
        StatusCode::UNAUTHORIZED => {
            let asked = uri.path_and_query().map_or("/", |path| path.as_str());
            let next: String = form_urlencoded::byte_serialize(asked.as_bytes()).collect();
            lead_to(&format!("/login?next={next}"))
        }
        _ => page(app, Eyes::of(request), &problem).unwrap_or_else(|| problem.into_response()),
    }
}

/// Leads a browser to another page of this server, by GET.
pub(crate) fn lead_to(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(path) => (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response(),
        Err(_) => StatusCode::SEE_OTHER.into_response(),
    }
}

/// With whose eyes a page of an error is seen.
#[derive(Clone, Copy, Debug, Default)]
struct Eyes {
    preferences: Preferences,
    /// Whether an account keeps them: then the cookie, which the links below such a page set, changes nothing.
    are_kept: bool,
}

impl Eyes {
    /// Of whoever sent it.
    fn of(request: &Request) -> Self {
        let identity = request.extensions().get::<Identity>();
        Self {
            preferences: Preferences::seen_by(identity, request.headers()),
            are_kept: identity.is_some_and(Preferences::are_kept),
        }
    }
}

/// The page of a problem, or none when not even that can be rendered; the problem itself is the answer then.
fn page(app: &App, eyes: Eyes, problem: &Problem) -> Option<Response> {
    let Eyes { preferences, are_kept } = eyes;
    let faults = Faults::of(preferences.language);
    let status = problem.status();
    let (happened, works, todo) = match status {
        StatusCode::NOT_FOUND => (faults.not_found, faults.not_found_works, faults.not_found_todo),
        StatusCode::UNAUTHORIZED => (faults.signed_out, faults.signed_out_works, faults.signed_out_todo),
        StatusCode::FORBIDDEN => (faults.forbidden, faults.forbidden_works, faults.forbidden_todo),
        StatusCode::SERVICE_UNAVAILABLE => {
            (faults.unavailable, faults.unavailable_works, faults.unavailable_todo)
        }
        status if status.is_client_error() => (faults.refused, faults.refused_works, faults.refused_todo),
        _ => (faults.fault, faults.fault_works, faults.fault_todo),
    };
    let view = View { language: preferences.language, zone: preferences.zone, now: app.now() };
    let refused = words::refusal::of(view, problem);
    let page = ErrorPage {
        view,
        theme: preferences.theme,
        assets: app.assets.urls(),
        words: faults,
        status: status.as_u16(),
        happened,
        works,
        todo: if refused.todo.is_empty() { todo } else { refused.todo },
        is_said: refused.is_said,
        detail: refused.says,
        id: problem.id().map(str::to_owned),
        are_kept,
    };
    respond::with_status(app, status, &page).ok()
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use blocklist::{FixedClock, Time};

    use super::*;
    use crate::Budget;
    use crate::pages::view::Language;

    async fn shown(problem: &Problem, language: Language) -> (StatusCode, String) {
        let clock = Arc::new(FixedClock::at(Time::from_unix(0)));
        let app = App::new(None, clock, Budget::default(), "0.0.0-test");
        let preferences = Preferences { language, ..Preferences::default() };
        let response = page(&app, Eyes { preferences, are_kept: false }, problem).unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn each_problem_says_in_both_languages_what_happened_what_works_and_what_to_do() {
        let problems = [
            Problem::not_found("a"),
            Problem::unauthorized("a"),
            Problem::forbidden("a"),
            Problem::conflict("a"),
            Problem::unavailable("a"),
        ];
        let mut told = std::collections::BTreeSet::new();
        for problem in &problems {
            for language in [Language::Korean, Language::English] {
                let words = Faults::of(language);
                let (status, page) = shown(problem, language).await;
                assert_eq!(status, problem.status());
                for label in [words.works_label, words.todo_label] {
                    assert!(page.contains(label), "{label} in {page}");
                }
                let heading = page.split("<h1>").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
                told.insert(heading.to_owned());
            }
        }
        assert_eq!(told.len(), 2 * problems.len(), "{told:?}");
    }

    #[tokio::test]
    async fn a_fault_shows_its_id_and_what_is_told_is_text() {
        let problem = Problem::unavailable("<b>the store</b>").with_id("6923aa10-0".into());
        let (_, page) = shown(&problem, Language::Korean).await;
        assert!(page.contains("<code>6923aa10-0</code>"), "{page}");
        assert!(!page.contains("<b>the store"), "{page}");
    }
}
