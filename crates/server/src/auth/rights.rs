//! Who may ask for what: one table of all routes of the API. Pages say it where they are registered.
//!
//! A route that is not in the table is answered to nobody, and a test walks every route with every role.

use axum::http::Method;
use store::Role;

/// What a route asks of whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing.
    Nothing,
    /// What the way into a feed asks: the secret of a consumer, or a trusted address.
    Feed,
    /// To be somebody, whatever has to be done first.
    Anybody,
    /// To have this role, or more.
    Role(Role),
    /// What nobody has.
    Nobody,
}

impl Need {
    /// In a word, for the document.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Feed => "feed",
            Self::Anybody => "anybody",
            Self::Role(role) => role.as_str(),
            Self::Nobody => "nobody",
        }
    }
}

const NOTHING: Need = Need::Nothing;
const ANYBODY: Need = Need::Anybody;
const VIEWER: Need = Need::Role(Role::Viewer);
const OPERATOR: Need = Need::Role(Role::Operator);
const ADMIN: Need = Need::Role(Role::Admin);

/// Where one signs in and out.
const SESSION: &str = "/api/v1/session";

/// Where the body is a file.
pub(crate) const FILE_BY_API: &str = "/api/v1/import";

/// A path, what reading it asks, and what changing something there asks.
pub(crate) const RIGHTS: &[(&str, Need, Need)] = &[
    // For devices
    ("/feeds/{feed}/{format}", Need::Feed, ADMIN),
    ("/feeds/{feed}/changes", Need::Feed, ADMIN),
    ("/t/{token}/feeds/{feed}/{format}", Need::Feed, ADMIN),
    ("/t/{token}/feeds/{feed}/changes", Need::Feed, ADMIN),
    // For those who watch over the program
    // Nothing there can be changed, and who is told of it needs no role for that.
    ("/healthz", NOTHING, NOTHING),
    ("/readyz", NOTHING, NOTHING),
    ("/metrics", VIEWER, ADMIN),
    ("/api/v1/openapi.json", VIEWER, ADMIN),
    // Who is there
    (SESSION, ANYBODY, NOTHING),
    ("/api/v1/session/code", ADMIN, ANYBODY),
    ("/api/v1/session/code/setup", ADMIN, ANYBODY),
    ("/api/v1/session/code/confirm", ADMIN, ANYBODY),
    ("/api/v1/session/code/recovery", ADMIN, ANYBODY),
    ("/api/v1/session/code/remove", ADMIN, ANYBODY),
    ("/api/v1/session/password", ADMIN, ANYBODY),
    ("/api/v1/users", ADMIN, ADMIN),
    ("/api/v1/users/{name}", ADMIN, ADMIN),
    ("/api/v1/users/{name}/password", ADMIN, ADMIN),
    ("/api/v1/users/{name}/code", ADMIN, ADMIN),
    ("/api/v1/users/{name}/unlock", ADMIN, ADMIN),
    ("/api/v1/sessions", ADMIN, ADMIN),
    ("/api/v1/sessions/{id}", ADMIN, ADMIN),
    ("/api/v1/tokens", ADMIN, ADMIN),
    ("/api/v1/tokens/{name}", ADMIN, ADMIN),
    ("/api/v1/auth-attempts", ADMIN, ADMIN),
    ("/api/v1/auth-locks", ADMIN, ADMIN),
    ("/api/v1/audit", OPERATOR, ADMIN),
    ("/api/v1/audit/verify", ADMIN, ADMIN),
    // Questions. The long ones come by POST and change nothing.
    ("/api/v1/lookup", VIEWER, VIEWER),
    ("/api/v1/stats", VIEWER, ADMIN),
    // What the store keeps
    ("/api/v1/listings", VIEWER, OPERATOR),
    ("/api/v1/runs", VIEWER, ADMIN),
    ("/api/v1/runs/{run}", VIEWER, ADMIN),
    ("/api/v1/publications", VIEWER, ADMIN),
    ("/api/v1/publications/{serial}", VIEWER, ADMIN),
    ("/api/v1/publications/{serial}/diff/{to}", VIEWER, ADMIN),
    ("/api/v1/hits", VIEWER, ADMIN),
    ("/api/v1/pulls", VIEWER, ADMIN),
    // What people decide
    ("/api/v1/held", VIEWER, ADMIN),
    ("/api/v1/held/{id}", VIEWER, ADMIN),
    ("/api/v1/held/{id}/approve", ADMIN, OPERATOR),
    ("/api/v1/held/{id}/reject", ADMIN, OPERATOR),
    ("/api/v1/publish", ADMIN, OPERATOR),
    ("/api/v1/publications/{serial}/rollback", ADMIN, OPERATOR),
    ("/api/v1/publications/release", ADMIN, OPERATOR),
    ("/api/v1/policy", VIEWER, ADMIN),
    ("/api/v1/gate", VIEWER, ADMIN),
    // Where listings come from
    ("/api/v1/sources", VIEWER, ADMIN),
    ("/api/v1/sources/{name}", VIEWER, ADMIN),
    ("/api/v1/sources/{name}/run", ADMIN, OPERATOR),
    ("/api/v1/sources/{name}/cancel", ADMIN, OPERATOR),
    ("/api/v1/sources/{name}/test", ADMIN, OPERATOR),
    (FILE_BY_API, ADMIN, OPERATOR),
    ("/api/v1/source-kinds", VIEWER, ADMIN),
    ("/api/v1/source-templates", VIEWER, ADMIN),
    ("/api/v1/credentials", OPERATOR, ADMIN),
    ("/api/v1/credentials/{source}", OPERATOR, ADMIN),
    ("/api/v1/credentials/{source}/verify", ADMIN, OPERATOR),
    ("/api/v1/credentials/{source}/otp", ADMIN, OPERATOR),
    ("/api/v1/credentials/{source}/session", ADMIN, OPERATOR),
    // What must never be served
    ("/api/v1/allow", VIEWER, OPERATOR),
    ("/api/v1/allow/due", VIEWER, ADMIN),
    ("/api/v1/allow/{id}", VIEWER, OPERATOR),
    ("/api/v1/own", VIEWER, ADMIN),
    ("/api/v1/known-good", VIEWER, ADMIN),
    ("/api/v1/known-good/{name}", VIEWER, ADMIN),
    // Who reads
    ("/api/v1/feeds", VIEWER, ADMIN),
    ("/api/v1/feeds/{name}", VIEWER, ADMIN),
    ("/api/v1/consumers", VIEWER, ADMIN),
    ("/api/v1/consumers/{name}", VIEWER, ADMIN),
    ("/api/v1/consumers/{name}/secret", ADMIN, ADMIN),
];

/// Whether a request of this method changes something.
pub(crate) fn writes(method: &Method) -> bool {
    ![Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

/// Questions that come by POST because they are long.
pub(crate) const QUESTIONS: [&str; 1] = ["/api/v1/lookup"];

/// What a route of the API asks; of one that is not in the table, what nobody has.
pub(crate) fn need(route: &str, method: &Method) -> Option<Need> {
    // Nobody has to be known to sign in, and somebody has to be to sign out.
    if route == SESSION && method == Method::DELETE {
        return Some(ANYBODY);
    }
    let (_, read, write) = RIGHTS.iter().find(|(path, ..)| *path == route)?;
    Some(if writes(method) { *write } else { *read })
}
