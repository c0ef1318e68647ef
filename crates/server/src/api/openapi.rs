//! `/api/v1/openapi.json`: every route and shape, from the registration of the routes themselves.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use utoipa::OpenApi;

use crate::App;

/// What the document says of the whole; the routes add themselves.
#[derive(OpenApi)]
#[openapi(
    info(title = "blacklist", description = "The block list: feeds, look-ups and what they come from."),
    tags(
        (name = "feeds", description = "The block list as devices read it"),
        (name = "lookup", description = "Questions to the live publication"),
        (name = "collect", description = "Where listings come from: sources, runs, credentials"),
        (name = "safety", description = "What must never be served: allow entries, own networks, known-good lists"),
        (name = "decide", description = "What people decide: policy, gate, held candidates, ways back"),
        (name = "accounts", description = "Who may do what: signing in, accounts, sessions, tokens, tries to come in"),
        (name = "history", description = "What the store keeps"),
        (name = "health", description = "For those who watch over the program"),
    )
)]
pub(crate) struct Document;

/// The document as it is served.
pub(crate) fn render(version: &str) -> serde_json::Result<Bytes> {
    let mut document = crate::document::document();
    version.clone_into(&mut document.info.version);
    serde_json::to_vec(&document).map(Bytes::from)
}

/// This document.
#[utoipa::path(
    get, path = "/api/v1/openapi.json", tag = "health",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = Object))
)]
pub(crate) async fn openapi(State(app): State<Arc<App>>) -> Response {
    match app.document() {
        Ok(document) => ([(CONTENT_TYPE, "application/json")], document).into_response(),
        Err(error) => app.incident("the document cannot be written", &error).into_response(),
    }
}
