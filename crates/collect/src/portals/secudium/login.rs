//! Logging in to SECUDIUM.
//!
//! The account has one session. When somebody is logged in, the portal says `already.login`; asking again with
//! `is_expire=Y` ends that person's work, so it is done only where the setting `take_over` says so.

use reqwest::header::{HeaderName, HeaderValue, ORIGIN, REFERER};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::super::account::Attempt;
use super::super::{Desk, Session, cookies, day_in_seoul, page};
use super::{COOKIE_NAME, TOKEN};
use crate::collector::Step;
use crate::fetch::{Answer, Request, Statuses};
use crate::vault::Credential;
use crate::{Failure, Trouble};

/// The most bytes of a page or answer around the login.
const PAGE: u64 = 4 << 20;
/// How much of the portal's own words is kept.
const MESSAGE: usize = 200;

#[derive(Deserialize)]
struct Envelope {
    response: Response,
}

#[derive(Deserialize)]
struct Response {
    #[serde(default)]
    error: bool,
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    code: Option<String>,
}

/// Logs in, with the one-time code if there is one. The session is not kept yet.
pub(crate) async fn log_in(desk: &Desk<'_>, otp: Option<&SecretString>) -> Result<Session, Failure> {
    (desk.step)(Step::LogIn);
    let request = Request::get(desk.address("/login")?).as_set(desk.settings).limit(PAGE).in_memory();
    let answer = desk.network.send(&request).await?;
    let session = match cookies::set_by(&answer.headers, COOKIE_NAME) {
        Some(id) => Session::default().with(COOKIE_NAME, id),
        None => return Err(Failure::new(Trouble::FormChanged).with(format!("no cookie {COOKIE_NAME}"))),
    };
    let attempt = desk.account.attempt()?;
    let first = enter(desk, &session, &attempt, otp, false).await;
    let token = match first {
        Err(failure)
            if failure.trouble == Trouble::AlreadyLoggedIn
                && (desk.settings.take_over || is_ours(desk).await) =>
        {
            desk.account.repeat(&attempt)?;
            enter(desk, &session, &attempt, otp, true).await
        }
        other => other,
    };
    let token = token?;
    desk.account.accepted(&attempt)?;
    Ok(session.with(TOKEN, token))
}

/// Whether the session in the way is the one that is kept: then nobody's work ends with it.
async fn is_ours(desk: &Desk<'_>) -> bool {
    let Ok(Some(session)) = desk.account.session() else { return false };
    let today = day_in_seoul(desk.now());
    super::board::count(desk, &session, (today, today)).await.is_ok()
}

/// The session that a person took from a browser: the value of `X-Auth-Token`.
pub(crate) fn pasted(value: &SecretString) -> Result<Session, Failure> {
    let token = value.expose_secret().trim();
    if is_token(token) {
        return Ok(Session::default().with(TOKEN, token));
    }
    Err(Failure::new(Trouble::SessionNotTaken).with("the value pasted is not that of X-Auth-Token"))
}

async fn enter(
    desk: &Desk<'_>,
    session: &Session,
    attempt: &Attempt,
    otp: Option<&SecretString>,
    expire: bool,
) -> Result<String, Failure> {
    let Credential::Login { username, password } = &attempt.credential else {
        return Err(Failure::new(Trouble::CredentialMissing).with("a portal needs id and password"));
    };
    let yes = |yes: bool| if yes { "Y" } else { "N" };
    let form = [
        ("lang", "ko"),
        ("is_otp", yes(otp.is_some())),
        ("is_expire", yes(expire)),
        ("login_name", username.as_str()),
        ("password", password.expose_secret()),
        ("otp_value", otp.map_or("", |code| code.expose_secret())),
    ];
    let header = |text: String| {
        HeaderValue::try_from(text)
            .map_err(|error| Failure::new(Trouble::Settings).with("url").because(error))
    };
    let request = Request::post(desk.address("/isap-api/loginProcess")?)
        .header(ORIGIN, header(desk.origin()?)?)
        .header(REFERER, header(desk.address("/login")?.to_string())?)
        .header(HeaderName::from_static("x-requested-with"), HeaderValue::from_static("XMLHttpRequest"))
        .header(reqwest::header::COOKIE, cookies::header(session, &[COOKIE_NAME])?)
        .as_set(desk.settings)
        .statuses(Statuses::Explained)
        .in_memory()
        .limit(PAGE);
    let request = form.iter().fold(request, |request, (name, value)| request.field(name, value));
    match desk.network.send(&request).await {
        Ok(answer) => judge(desk, attempt, answer),
        Err(failure) => Err(desk.account.unanswered(attempt, failure)),
    }
}

fn judge(desk: &Desk<'_>, attempt: &Attempt, mut answer: Answer) -> Result<String, Failure> {
    let status = answer.status.as_u16();
    let body = answer.body.bytes()?;
    let said = serde_json::from_slice::<Envelope>(&super::board::without_controls(&body));
    let Ok(Envelope { response }) = said else {
        // Not the portal's own answer, so the password was not judged by it.
        let failure = if page::is_html(&body) {
            page::failure(&body)
        } else {
            Failure::new(Trouble::FormChanged)
                .with(format!("the login was answered with {status} and no JSON as known"))
        };
        return Err(desk.account.not_judged(attempt, failure));
    };
    if !response.error {
        return match response.token.filter(|token| is_token(token)) {
            Some(token) => Ok(token),
            None => Err(Failure::new(Trouble::FormChanged).with("a login without a token")),
        };
    }
    let clean = |text: Option<String>| -> String {
        text.unwrap_or_default().chars().filter(|c| !c.is_control()).take(MESSAGE).collect()
    };
    let (code, message) = (clean(response.code), clean(response.message));
    let words = format!("{code} {message}");
    if code == "already.login" {
        // It judged the password before: nothing to hold against the credential.
        return Err(desk.account.not_judged(attempt, Failure::new(Trouble::AlreadyLoggedIn)));
    }
    let trouble = if code.to_ascii_lowercase().contains("otp") {
        Trouble::OtpNeeded
    } else {
        Trouble::CredentialRejected
    };
    Err(desk.account.rejected(attempt, Failure::new(trouble).with(words.trim())))
}

/// A token as the portal makes them: a name, digits, and 64 hex digits; looser here, but nothing that a header cannot hold.
fn is_token(token: &str) -> bool {
    (16..=512).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
}
