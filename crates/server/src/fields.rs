//! The fields of every answer that keep browsers from doing more with it than showing it.
//!
//! A handler that says something else keeps it: pages bring a policy of their own, files of pages are kept by caches. Feeds
//! are read by devices, millions of times; they get `nosniff` with their ready bodies and nothing from here.

use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, RETRY_AFTER,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::Response;

/// What is said where nothing else is.
const FIELDS: [(HeaderName, HeaderValue); 8] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// Adds the fields to an answer. `hsts` is for how many seconds the browser comes over TLS alone; 0 is not said.
pub(crate) fn add(response: &mut Response, hsts: u32) {
    let status = response.status();
    let headers = response.headers_mut();
    headers.reserve(FIELDS.len() + 1);
    for (name, value) in FIELDS {
        headers.entry(name).or_insert(value);
    }
    // Also where a page says it.
    if status == StatusCode::TOO_MANY_REQUESTS {
        headers.entry(RETRY_AFTER).or_insert(HeaderValue::from_static("1"));
    }
    if hsts > 0
        && let Ok(value) = HeaderValue::try_from(format!("max-age={hsts}"))
    {
        headers.insert(STRICT_TRANSPORT_SECURITY, value);
    }
}
