//! Logging in to REGTECH, and out.
//!
//! The second step fails where the first did not only when the portal wants more than id and password: the first has
//! judged both. So that answer is taken as a request for the one-time code, never as a wrong password.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use blocklist::Time;
use reqwest::header::{HeaderName, HeaderValue, LOCATION};
use scraper::{Html, Selector};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::super::account::Attempt;
use super::super::{Desk, Session, cookies, page};
use super::{FRONT, LOGIN_FORM, PROOF, post};
use crate::collector::Step;
use crate::fetch::{Answer, Request, Statuses};
use crate::vault::Credential;
use crate::{Failure, Trouble};

/// The fields of the login form, in the portal's order. Another set is another form: nothing is typed into it.
const FIELDS: [&str; 7] =
    ["login_error", "txId", "token", "memberId", "smsTimeExcess", "username", "password"];
/// How long the portal locks an account after five wrong passwords.
const LOCK: i64 = 10 * 60;
/// The most bytes of a page around the login.
const PAGE: u64 = 4 << 20;
/// How much of the portal's own words is kept.
const MESSAGE: usize = 200;

/// Logs in. The session is not kept yet.
pub(crate) async fn log_in(desk: &Desk<'_>) -> Result<Session, Failure> {
    (desk.step)(Step::LogIn);
    let session = open_form(desk).await?;
    let attempt = desk.account.attempt()?;
    let (id, password) = login_of(&attempt)?;
    check_password(desk, &session, &attempt, id, password).await?;
    enter(desk, session, Some(&attempt), id, password).await
}

/// Has the portal send a one-time code to the account's phone. The session that asked for it has to be used when the code
/// comes, so it is handed back to be kept.
pub(crate) async fn send_otp(desk: &Desk<'_>) -> Result<Session, Failure> {
    (desk.step)(Step::LogIn);
    let session = open_form(desk).await?;
    let attempt = desk.account.attempt()?;
    let (id, password) = login_of(&attempt)?;
    check_password(desk, &session, &attempt, id, password).await?;
    let request =
        ajax(desk, "/member/smsKeySend", &session)?.field("memberId", id).field("memberPw", password);
    let answer = desk.network.send(&request).await;
    let mut answer = answer.map_err(|failure| desk.account.unanswered(&attempt, failure))?;
    if !answer.status.is_success() {
        return Err(desk.account.rejected(&attempt, refused(&mut answer, desk.now())));
    }
    desk.account.accepted(&attempt)?;
    Ok(session)
}

/// Hands the code in and logs in with the session that asked for it.
pub(crate) async fn confirm_otp(
    desk: &Desk<'_>,
    session: Session,
    code: &SecretString,
) -> Result<Session, Failure> {
    let attempt = desk.account.attempt()?;
    let (id, password) = login_of(&attempt)?;
    let request =
        ajax(desk, "/member/smsKeyConfirm", &session)?.field("memberId", id).field("memberPw", password);
    let answer = desk.network.send(&request.secret_field("smsKey", code)).await;
    let answer = answer.map_err(|failure| desk.account.unanswered(&attempt, failure))?;
    if !answer.status.is_success() {
        let failure = Failure::new(Trouble::OtpNeeded).with("the portal did not take this code");
        return Err(desk.account.rejected(&attempt, failure));
    }
    enter(desk, session, Some(&attempt), id, password).await
}

/// The session that a person took from a browser: the value of the cookie `regtech-va`.
pub(crate) fn pasted(value: &SecretString, now: Time) -> Result<Session, Failure> {
    let bad = |why: &str| Failure::new(Trouble::SessionNotTaken).with(format!("the value pasted {why}"));
    let proof = value.expose_secret().trim();
    let proof = proof.strip_prefix("regtech-va=").unwrap_or(proof).trim_matches('"');
    if !proof.starts_with("Bearer")
        || proof.len() > 4_096
        || !proof.bytes().all(|byte| byte.is_ascii_graphic())
    {
        return Err(bad("is not that of the cookie regtech-va, which begins with Bearer"));
    }
    let session = Session::until(expiry(proof)).with(PROOF, proof);
    if session.is_good(now) { Ok(session) } else { Err(bad("has ended")) }
}

/// Ends the session. That the portal does not answer changes nothing: it ends by itself.
pub(crate) async fn log_out(desk: &Desk<'_>, session: &Session) -> Result<(), Failure> {
    let cookie = cookies::header(session, &[FRONT, PROOF])?;
    let request = Request::get(desk.address("/login/logout")?)
        .as_set(desk.settings)
        .retries(0)
        .statuses(Statuses::Explained)
        .header(reqwest::header::COOKIE, cookie);
    desk.network.send(&request).await.map(drop)
}

/// Step 0: the login page. Sets the session, and shows whether its form is the one that is known.
async fn open_form(desk: &Desk<'_>) -> Result<Session, Failure> {
    let request = Request::get(desk.address(LOGIN_FORM)?).as_set(desk.settings).limit(PAGE).in_memory();
    let mut answer = desk.network.send(&request).await?;
    let front = cookies::set_by(&answer.headers, FRONT);
    let body = answer.body.bytes()?;
    if !page::is_login(&body) {
        return Err(page::failure(&body));
    }
    let found = fields(&String::from_utf8_lossy(&body));
    if found != FIELDS {
        let found = found.join(", ");
        return Err(Failure::new(Trouble::FormChanged).with(format!("the login form has the fields {found}")));
    }
    let front = front.ok_or_else(|| Failure::new(Trouble::FormChanged).with(format!("no cookie {FRONT}")))?;
    Ok(Session::default().with(FRONT, front))
}

/// The names of the login form's fields, in order.
fn fields(page: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let Ok(inputs) = Selector::parse("#loginForm input[name]") else { return Vec::new() };
    let names = page.select(&inputs).filter_map(|input| input.value().attr("name"));
    names.map(crate::text::short).collect()
}

/// Step 1: the portal judges id and password.
async fn check_password(
    desk: &Desk<'_>,
    session: &Session,
    attempt: &Attempt,
    id: &str,
    password: &str,
) -> Result<(), Failure> {
    let request =
        ajax(desk, "/member/findOneMember", session)?.field("memberId", id).field("memberPw", password);
    let answer = desk.network.send(&request).await;
    let mut answer = answer.map_err(|failure| desk.account.unanswered(attempt, failure))?;
    if answer.status.is_success() {
        return Ok(());
    }
    let failure = refused(&mut answer, desk.now());
    Err(desk.account.rejected(attempt, failure))
}

/// Step 2: the login itself.
async fn enter(
    desk: &Desk<'_>,
    session: Session,
    attempt: Option<&Attempt>,
    id: &str,
    password: &str,
) -> Result<Session, Failure> {
    let form = [
        ("username", id),
        ("password", password),
        ("login_error", ""),
        ("txId", ""),
        ("token", ""),
        ("memberId", ""),
        ("smsTimeExcess", "N"),
    ];
    let request = post(desk, "/login/addLogin", LOGIN_FORM, &session)?.in_memory().limit(PAGE);
    let request = form.iter().fold(request, |request, (name, value)| request.field(name, value));
    let answer = desk.network.send(&request).await;
    let answer = match (answer, attempt) {
        (Ok(answer), _) => answer,
        (Err(failure), Some(attempt)) => return Err(desk.account.unanswered(attempt, failure)),
        (Err(failure), None) => return Err(failure),
    };
    let proof = cookies::set_by(&answer.headers, PROOF).filter(|proof| proof.starts_with("Bearer"));
    match (proof, attempt) {
        (Some(proof), attempt) => {
            if let Some(attempt) = attempt {
                desk.account.accepted(attempt)?;
            }
            let mut session = session;
            session.expires_at = expiry(&proof);
            Ok(session.with(PROOF, proof))
        }
        (None, Some(attempt)) => Err(desk.account.rejected(attempt, no_proof(&answer))),
        (None, None) => Err(no_proof(&answer)),
    }
}

fn no_proof(answer: &Answer) -> Failure {
    let back = answer.headers.get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
    let words = if back.contains("loginForm") || answer.status.is_success() {
        "id and password were accepted, the login was not".to_owned()
    } else {
        format!("the login was answered with {}", answer.status.as_u16())
    };
    Failure::new(Trouble::OtpNeeded).with(words)
}

fn ajax(desk: &Desk<'_>, path: &str, session: &Session) -> Result<Request, Failure> {
    let request = post(desk, path, LOGIN_FORM, session)?;
    let name = HeaderName::from_static("x-requested-with");
    Ok(request.header(name, HeaderValue::from_static("XMLHttpRequest")).in_memory().limit(PAGE))
}

fn login_of(attempt: &Attempt) -> Result<(&str, &str), Failure> {
    match &attempt.credential {
        Credential::Login { username, password } => Ok((username, password.expose_secret())),
        Credential::Token(_) => {
            Err(Failure::new(Trouble::CredentialMissing).with("a portal needs id and password"))
        }
    }
}

/// What the portal says to a login that it refuses.
#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

/// The cause for which step 1 was refused.
fn refused(answer: &mut Answer, now: Time) -> Failure {
    let status = answer.status.as_u16();
    let said: Option<Refusal> = answer.body.bytes().ok().and_then(|body| serde_json::from_slice(&body).ok());
    let Some(Refusal { code, message }) = said else {
        return Failure::new(Trouble::LoginUnknown).with(format!("answered with {status} and no code"));
    };
    let message: String = message.chars().filter(|c| !c.is_control()).take(MESSAGE).collect();
    let trouble = match code.as_str() {
        "E00010002" | "E00010201" => Trouble::CredentialRejected,
        "E00010203" => Trouble::EmailUnconfirmed,
        "E00010204" => Trouble::Locked,
        "E00010206" => Trouble::Dormant,
        "E00010207" => Trouble::ConsentNeeded,
        "E00010209" => Trouble::IdentityCheck,
        _ => Trouble::PortalMessage,
    };
    let until = (trouble == Trouble::Locked).then(|| now.plus_seconds(LOCK));
    let code = crate::text::short(&code);
    Failure::new(trouble).with(format!("{code} {message}").trim()).until(until)
}

/// When the token ends, by its own claim `exp`. The signature is the portal's business.
fn expiry(proof: &str) -> Option<Time> {
    #[derive(Deserialize)]
    struct Claims {
        exp: i64,
    }
    let claims = proof.split('.').nth(1)?;
    let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    let Claims { exp } = serde_json::from_slice(&claims).ok()?;
    Some(Time::from_unix(exp))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_fields_are_read_in_order() {
        let form = r#"<form><input name="other"></form>
            <form id="loginForm"><input type="hidden" name="login_error"><INPUT NAME="txId"><input id="x"></form>"#;
        assert_eq!(fields(form), ["login_error", "txId"]);
    }

    #[test]
    fn the_end_of_a_session_is_read_from_its_token() {
        let token = format!("BearereyJh.{}.sig", URL_SAFE_NO_PAD.encode(r#"{"sub":"a","exp":1700000000}"#));
        assert_eq!(expiry(&token), Some(Time::from_unix(1_700_000_000)));
        for broken in ["Bearer", "Bearera.b.c", "Bearera.e30.c"] {
            assert_eq!(expiry(broken), None);
        }
    }

    #[test]
    fn a_pasted_value_must_be_the_cookies_and_not_have_ended() {
        let value = |exp: i64| {
            let claims = URL_SAFE_NO_PAD.encode(format!("{{\"exp\":{exp}}}"));
            SecretString::from(format!(" regtech-va=Bearerx.{claims}.z \n")) // not a secret
        };
        let now = Time::from_unix(1_000);
        assert!(pasted(&value(10_000), now).unwrap().get(PROOF).unwrap().starts_with("Bearerx."));
        for bad in [value(1_100), SecretString::from("eyJ.a.b"), SecretString::from("Bearer\na")] {
            assert_eq!(pasted(&bad, now).unwrap_err().trouble, Trouble::SessionNotTaken);
        }
    }
}
