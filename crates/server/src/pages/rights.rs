//! Who may see which page: what reading it asks, and what changing something there asks.
//!
//! Pages are for people who signed in. What a page offers only to some, its handler and the store's rules refuse to the others
//! all the same.

use axum::http::Method;
use store::Role;

use crate::auth::{Need, writes};

const NOTHING: Need = Need::Nothing;
const ANYBODY: Need = Need::Anybody;
const VIEWER: Need = Need::Role(Role::Viewer);
const OPERATOR: Need = Need::Role(Role::Operator);
const ADMIN: Need = Need::Role(Role::Admin);
const NOBODY: Need = Need::Nobody;

/// Where a form carries a file, and is sent in parts for that.
pub(crate) const FILE_BY_PAGE: &str = "/collect/upload";

/// A path, what reading it asks, and what changing something there asks.
pub(crate) const RIGHTS: &[(&str, Need, Need)] = &[
    ("/assets/{name}", NOTHING, NOBODY),
    ("/preferences", NOTHING, ANYBODY),
    // Signing in, and what has to be done first
    ("/login", NOTHING, NOTHING),
    ("/login/code", ANYBODY, ANYBODY),
    ("/logout", NOBODY, ANYBODY),
    ("/password", ANYBODY, ANYBODY),
    // Listings
    ("/ip", VIEWER, NOBODY),
    ("/ip/block", OPERATOR, OPERATOR),
    ("/ip/edit", NOBODY, OPERATOR),
    ("/ip/{*prefix}", VIEWER, NOBODY),
    // What was written down
    ("/logs", VIEWER, NOBODY),
    ("/logs/runs", VIEWER, NOBODY),
    ("/logs/pulls", VIEWER, NOBODY),
    ("/logs/program", VIEWER, NOBODY),
    ("/logs/audit", OPERATOR, NOBODY),
    ("/logs/attempts", ADMIN, NOBODY),
    ("/runs/{id}", VIEWER, NOBODY),
    // Where listings come from
    ("/collect", VIEWER, NOBODY),
    ("/collect/new", ADMIN, ADMIN),
    (FILE_BY_PAGE, OPERATOR, OPERATOR),
    ("/collect/upload/keep", NOBODY, OPERATOR),
    ("/collect/{name}", VIEWER, ADMIN),
    ("/collect/{name}/run", NOBODY, OPERATOR),
    ("/collect/{name}/cancel", NOBODY, OPERATOR),
    ("/collect/{name}/test", NOBODY, OPERATOR),
    ("/collect/{name}/verify", NOBODY, OPERATOR),
    ("/collect/{name}/otp", NOBODY, OPERATOR),
    ("/collect/{name}/session", NOBODY, OPERATOR),
    ("/collect/{name}/credential", NOBODY, ADMIN),
    ("/collect/{name}/credential/remove", ADMIN, ADMIN),
    ("/collect/{name}/enable", NOBODY, ADMIN),
    ("/collect/{name}/remove", ADMIN, ADMIN),
    // What everybody sees
    ("/", VIEWER, NOBODY),
    ("/map", VIEWER, NOBODY),
    ("/map.png", VIEWER, NOBODY),
    ("/events", VIEWER, NOBODY),
    // What must never be served
    ("/allow", VIEWER, NOBODY),
    ("/allow/new", OPERATOR, OPERATOR),
    ("/allow/own", VIEWER, ADMIN),
    ("/allow/own/remove", NOBODY, ADMIN),
    ("/allow/known-good", VIEWER, NOBODY),
    ("/allow/known-good/{name}", NOBODY, ADMIN),
    ("/allow/{id}", VIEWER, OPERATOR),
    ("/allow/{id}/remove", NOBODY, OPERATOR),
    // Who reads what
    ("/devices", VIEWER, NOBODY),
    ("/devices/new", ADMIN, ADMIN),
    ("/devices/feeds", VIEWER, NOBODY),
    ("/devices/feeds/new", ADMIN, ADMIN),
    ("/devices/feeds/{name}", VIEWER, ADMIN),
    ("/devices/feeds/{name}/remove", ADMIN, ADMIN),
    ("/devices/{name}", VIEWER, ADMIN),
    ("/devices/{name}/addresses", NOBODY, ADMIN),
    ("/devices/{name}/enable", NOBODY, ADMIN),
    ("/devices/{name}/secret", NOBODY, ADMIN),
    ("/devices/{name}/secret/revoke", NOBODY, ADMIN),
    ("/devices/{name}/remove", ADMIN, ADMIN),
    // One's own account; who has to set up one-time codes is led to theirs
    ("/account", VIEWER, NOBODY),
    ("/account/code", ANYBODY, ANYBODY),
    ("/account/code/confirm", NOBODY, ANYBODY),
    ("/account/code/recovery", NOBODY, VIEWER),
    ("/account/code/remove", NOBODY, VIEWER),
    ("/account/sessions/end", NOBODY, VIEWER),
    ("/account/sessions/end-others", NOBODY, VIEWER),
    ("/account/tokens", NOBODY, VIEWER),
    ("/account/tokens/revoke", NOBODY, VIEWER),
    // Settings, and the accounts of others
    ("/start", ADMIN, NOBODY),
    ("/start/view", ADMIN, ADMIN),
    ("/start/own", ADMIN, ADMIN),
    ("/start/source", ADMIN, ADMIN),
    ("/start/source/again", NOBODY, ADMIN),
    ("/start/device", ADMIN, ADMIN),
    ("/start/done", ADMIN, NOBODY),
    ("/start/leave", NOBODY, ADMIN),
    ("/settings", VIEWER, NOBODY),
    ("/settings/policy", ADMIN, ADMIN),
    ("/settings/policy/{source}", ADMIN, ADMIN),
    ("/settings/gate", ADMIN, ADMIN),
    ("/settings/history", ADMIN, ADMIN),
    ("/settings/locks", ADMIN, ADMIN),
    ("/settings/sessions", ADMIN, NOBODY),
    ("/settings/sessions/end", NOBODY, ADMIN),
    ("/settings/tokens", ADMIN, NOBODY),
    ("/settings/tokens/revoke", NOBODY, ADMIN),
    ("/settings/users", ADMIN, ADMIN),
    ("/settings/users/{name}", ADMIN, NOBODY),
    ("/settings/users/{name}/role", NOBODY, ADMIN),
    ("/settings/users/{name}/state", NOBODY, ADMIN),
    ("/settings/users/{name}/password", NOBODY, ADMIN),
    ("/settings/users/{name}/no-code", NOBODY, ADMIN),
    ("/settings/users/{name}/unlock", NOBODY, ADMIN),
    ("/settings/users/{name}/remove", NOBODY, ADMIN),
    // Publications and what is held
    ("/publications", VIEWER, NOBODY),
    ("/publications/release", OPERATOR, OPERATOR),
    ("/publications/{serial}", VIEWER, NOBODY),
    ("/publications/{serial}/rollback", OPERATOR, OPERATOR),
    ("/held/{id}", VIEWER, NOBODY),
    ("/held/{id}/approve", NOBODY, OPERATOR),
    ("/held/{id}/reject", NOBODY, OPERATOR),
];

/// Where a page that answers a change is looked at afterwards: what was refused at `/collect/x/run` is shown on the page of
/// `/collect/x`. `route` is the pattern of `path`; both lose their last parts until something can be read there.
pub(crate) fn seen_at<'a>(mut route: &str, mut path: &'a str) -> &'a str {
    while !RIGHTS.iter().any(|(known, read, _)| *known == route && *read != NOBODY) {
        let (Some((above, _)), Some((rest, _))) = (route.rsplit_once('/'), path.rsplit_once('/')) else {
            return "/";
        };
        (route, path) = (above, rest);
    }
    path
}

/// What a page asks; `None` is no page.
pub(crate) fn need(route: &str, method: &Method) -> Option<Need> {
    let (_, read, write) = RIGHTS.iter().find(|(path, ..)| *path == route)?;
    Some(if writes(method) { *write } else { *read })
}
