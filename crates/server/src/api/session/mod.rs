//! `/api/v1/session`: signing in, who asks, signing out.
//!
//! **Nobody learns which names there are**: whatever was wrong is answered in the same words. What is sent is a secret, so
//! what is wrong with a body is told by its place alone, and no answer is kept by anything on the way.

pub(crate) mod code;
pub(crate) mod enrol;
pub(crate) mod password;

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use blocklist::Time;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use store::{Face, Role};
use utoipa::ToSchema;

use super::body::{self, Form};
use super::problem::Problem;
use super::reason::Reason;
use crate::App;
use crate::auth::{self, Identity, Known, NotIn, Pending, Place};
use crate::client::Client;

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// The name of the account.
    name: String,
    /// Its password.
    #[schema(value_type = String)]
    password: SecretString,
}

impl Form for SignIn {
    const LOOKS: &'static str = r#"{"name":"..","password":".."}"#;
    const SECRET: bool = true;
}

/// Who asks.
#[derive(Serialize, ToSchema)]
pub(crate) struct Session {
    /// How it is known who asks: `session`, `token`, or `local` for a program on this machine that shows nothing.
    by: &'static str,
    /// The account; `null` for a program on this machine.
    user: Option<String>,
    /// The name of the token, if it is one.
    token: Option<String>,
    /// What they may do: `viewer`, `operator` or `admin`.
    #[schema(value_type = String)]
    role: Role,
    /// What a request with the cookie brings in `X-CSRF-Token` when it changes something; only with a session.
    csrf_token: Option<String>,
    /// What has to be done before anything else: `code`, `password`, `enrol`, or `null`.
    pending: Option<&'static str>,
    /// Whether one-time codes are set up; only with a session.
    codes: Option<bool>,
    /// When the session is over, whatever is done; RFC 3339.
    #[schema(value_type = Option<String>)]
    ends_at: Option<Time>,
}

impl Session {
    fn of(identity: &Identity) -> Self {
        let (by, token, csrf_token, codes) = match &identity.known {
            Known::Local => ("local", None, None, None),
            Known::Token { token, .. } => ("token", Some(token.to_string()), None, None),
            Known::Session { form_token, totp, .. } => {
                ("session", None, Some(form_token.to_string()), Some(*totp))
            }
        };
        Self {
            by,
            user: identity.user().map(ToString::to_string),
            token,
            role: identity.role,
            csrf_token,
            codes,
            pending: identity.pending.map(|pending| match pending {
                Pending::Code => "code",
                Pending::Password => "password",
                Pending::Enrol => "enrol",
            }),
            ends_at: identity.session().map(|session| session.ends_at),
        }
    }
}

/// A way on which secrets may come. On any other the body is not even read.
pub(crate) struct Way(Client);

impl FromRequestParts<Arc<App>> for Way {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let Ok(client) = Client::from_request_parts(parts, app).await;
        app.check_way(&client)?;
        Ok(Self(client))
    }
}

/// Signs in: sets the cookie of a session, and says what has to be done next.
///
/// The cookie alone opens what only reads. What changes something also brings the field `X-CSRF-Token`, with the
/// `csrf_token` of the answer. Programs rather use a token.
#[utoipa::path(
    post, path = "/api/v1/session", tag = "accounts",
    request_body(content = SignIn, content_type = "application/json"),
    responses(
        (status = 200, description = "Signed in, as far as the password goes", body = Session, headers(("Set-Cookie" = String, description = "The cookie"))),
        (status = 400, description = "The body is not understood", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Name or password is not right", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From a page of another origin, or over a connection that is not encrypted", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries failed; `Retry-After` says when the next one is heard", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    Way(client): Way,
    headers: HeaderMap,
    body::Json(typed): body::Json<SignIn>,
) -> Result<Response, Problem> {
    let place = place(&client, &headers);
    let signed_in = app.sign_in(&typed.name, typed.password, place).await;
    let signed_in = signed_in.map_err(|not| refused(&app, not, "name or password is not right"))?;
    let cookie = auth::set_cookie(&signed_in.secret, client.secure);
    let identity = app.by_session(signed_in.secret, &client).await?;
    with_cookie(&identity.ok_or_else(over)?, &cookie)
}

/// Who asks: an account with a session, a token, or a program on this machine.
#[utoipa::path(
    get, path = "/api/v1/session", tag = "accounts",
    responses(
        (status = 200, body = Session),
        (status = 401, description = "Nobody is known by what was sent", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn who(identity: Identity) -> Response {
    ([(CACHE_CONTROL, "no-store")], Json(Session::of(&identity))).into_response()
}

/// Signs out: the session is over at once, and the cookie is taken back.
#[utoipa::path(
    delete, path = "/api/v1/session", tag = "accounts",
    responses(
        (status = 204, description = "Nobody is signed in by this cookie any more"),
        (status = 400, description = "A token is no session: DELETE /api/v1/tokens/{name} takes it back", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Nobody is known by what was sent", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The field X-CSRF-Token is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store cannot answer", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn sign_out(
    State(app): State<Arc<App>>,
    identity: Identity,
    client: Client,
) -> Result<Response, Problem> {
    if matches!(identity.known, Known::Token { .. }) {
        return Err(Problem::bad_request("a token is no session, so nobody is signed out")
            .with_hint("DELETE /api/v1/tokens/{name} takes a token back"));
    }
    if let Some(session) = identity.session() {
        let (id, who) = (session.id, identity.plain());
        app.ask_store(move |store| store.end_session(id, &who.actor())).await?;
    }
    let cookie = [(SET_COOKIE, auth::clear_cookie(client.secure))];
    Ok((StatusCode::NO_CONTENT, cookie).into_response())
}

/// From where something of the API is asked for.
fn place(client: &Client, headers: &HeaderMap) -> Place {
    Place { face: Face::Api, address: client.address, agent: auth::agent(headers) }
}

/// Why it was not taken. `wrong` is said whatever was wrong.
pub(crate) fn refused(app: &App, not: NotIn, wrong: &'static str) -> Problem {
    match not {
        NotIn::Wrong | NotIn::Expired => Problem::unauthorized(wrong),
        NotIn::Locked(until) => Problem::locked(until, app.now()),
        NotIn::Weak(weak) => Problem::bad_request(weak.to_string()).because(Reason::Weak(weak)),
        NotIn::Problem(problem) => problem,
    }
}

fn over() -> Problem {
    Problem::unauthorized("the session has ended meanwhile; sign in again").because(Reason::SessionOver)
}

fn with_cookie(identity: &Identity, cookie: &str) -> Result<Response, Problem> {
    let cookie = HeaderValue::from_str(cookie);
    let cookie = cookie.map_err(|_| Problem::unavailable("no cookie can be made of this session"))?;
    let headers = [(CACHE_CONTROL, HeaderValue::from_static("no-store")), (SET_COOKIE, cookie)];
    Ok((headers, Json(Session::of(identity))).into_response())
}
