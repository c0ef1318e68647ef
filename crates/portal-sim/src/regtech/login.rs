//! The steps of the login.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use serde_json::json;

use super::{LOGIN_FORM, Session, forbidden, forget, from_page, from_script, pages, token};
use crate::Portal;
use crate::account::Refusal;
use crate::fault::Fault;
use crate::http::{Answer, Form};
use crate::visit::Visit;

/// How long a token counts.
const TOKEN_HOURS: i64 = 24;

/// Step 0: the form, and the cookie of a new session.
pub(super) fn form(visit: &mut Visit) -> Answer {
    let changed = visit.strikes(Fault::FormChanged);
    let answer = Answer::html(200, pages::login_page(changed));
    let known = visit.request.cookie("regtech-front");
    if known.is_some_and(|id| visit.sim.regtech().sessions.contains_key(id)) {
        return answer;
    }
    let id = visit.sim.hex(2).to_uppercase();
    visit.sim.regtech().sessions.insert(id.clone(), Session::default());
    answer.with("set-cookie", format!("regtech-front={id}; Path=/; HttpOnly"))
}

/// Step 1: id and password.
pub(super) fn find_one_member(visit: &mut Visit) -> Answer {
    if !from_script(visit) {
        return forbidden();
    }
    let form = visit.request.form();
    match check(visit, form.get("memberId"), form.get("memberPw")) {
        Ok(()) => Answer::json(200, &json!({})),
        Err(code) => refused(code),
    }
}

/// Judges id and password; the code says why not.
pub(super) fn check(visit: &mut Visit, name: &str, password: &str) -> Result<(), &'static str> {
    visit.login_attempt = true;
    let now = visit.sim.clock.now();
    let refused = |visit: &mut Visit, code| {
        visit.failed_login = true;
        Err(code)
    };
    for (fault, code, strike) in [
        (Fault::LoginE00010002, "E00010002", true),
        (Fault::LoginE00010201, "E00010201", true),
        (Fault::LoginE00010203, "E00010203", false),
        (Fault::LoginE00010204, "E00010204", false),
        (Fault::LoginE00010205, "E00010205", false),
        (Fault::LoginE00010206, "E00010206", false),
        (Fault::LoginE00010207, "E00010207", false),
        (Fault::LoginE00010209, "E00010209", false),
    ] {
        if visit.strikes(fault) {
            if strike {
                visit.sim.accounts(Portal::Regtech).strike(name, now);
            }
            return refused(visit, code);
        }
    }
    if visit.strikes(Fault::FiveStrikeLock) {
        visit.sim.accounts(Portal::Regtech).lock(name, now);
    }
    let wrong = visit.strikes(Fault::WrongPassword);
    let judged = visit.sim.accounts(Portal::Regtech).check(name, password, now, wrong);
    match judged {
        Ok(()) => Ok(()),
        Err(Refusal::Unknown) => refused(visit, "E00010002"),
        Err(Refusal::Wrong) => refused(visit, "E00010201"),
        Err(Refusal::Locked) => refused(visit, "E00010204"),
    }
}

/// The answer with a code.
pub(super) fn refused(code: &str) -> Answer {
    let message = match code {
        "E00010203" => "이메일 인증이 완료되지 않은 계정입니다.",
        "E00010204" => "비밀번호 5회 오류로 10분간 로그인이 제한됩니다.",
        "E00010205" => "담당자에게 문의하시기 바랍니다.",
        "E00010206" => "장기간 미접속으로 휴면 상태인 계정입니다.",
        "E00010207" => "추가 동의가 필요합니다.",
        "E00010209" => "계정이 잠겨 본인 확인이 필요합니다.",
        "E00010301" => "인증번호가 올바르지 않습니다.",
        _ => "아이디 또는 비밀번호를 확인하시기 바랍니다.",
    };
    Answer::json(404, &json!({ "code": code, "message": message }))
}

/// Step 2: the token, in a cookie.
pub(super) fn add_login(visit: &mut Visit) -> Answer {
    if !from_page(visit, LOGIN_FORM) {
        return forbidden();
    }
    let form = visit.request.form();
    let name = form.get("username").to_owned();
    visit.login_attempt = true;
    let back = || Answer::redirect(format!("{LOGIN_FORM}?login_error=1&error=true"));
    if (visit.strikes(Fault::FormChanged) && !form.has("loginToken")) || !is_complete(&form) {
        visit.failed_login = true;
        return back();
    }
    let now = visit.sim.clock.now();
    let wrong = visit.strikes(Fault::WrongPassword);
    let judged = visit.sim.accounts(Portal::Regtech).check(&name, form.get("password"), now, wrong);
    if judged.is_err() || (!is_confirmed(visit, &name) && visit.strikes(Fault::OtpAsked)) {
        visit.failed_login = true;
        return back();
    }
    let hours = if visit.strikes(Fault::JwtExpired) { -1 } else { TOKEN_HOURS };
    let end = now.checked_add(SignedDuration::from_hours(hours)).unwrap_or(now);
    let jwt = jwt(visit, &name, end.as_second());
    visit.sim.regtech().tokens.insert(jwt.clone(), end);
    Answer::redirect(format!("{}/main/main", visit.request.base()))
        .with("set-cookie", format!("regtech-va=Bearer{jwt}; Path=/; HttpOnly"))
}

/// Whether the fields of the form are all there.
fn is_complete(form: &Form) -> bool {
    pages::FIELDS.iter().all(|field| form.has(field))
}

fn is_confirmed(visit: &Visit, name: &str) -> bool {
    let state = visit.sim.regtech();
    let session = visit.request.cookie("regtech-front").and_then(|id| state.sessions.get(id));
    session.and_then(|session| session.confirmed.as_deref()) == Some(name)
}

/// The end of a session.
pub(super) fn logout(visit: &mut Visit) -> Answer {
    forget(visit, token(visit));
    if let Some(id) = visit.request.cookie("regtech-front") {
        visit.sim.regtech().sessions.remove(id);
    }
    Answer::redirect("/main/main".into()).with("set-cookie", "regtech-va=; Path=/; Max-Age=0".into())
}

/// A token with true claims. Its signature is noise: a client cannot check it anyway.
fn jwt(visit: &Visit, name: &str, exp: i64) -> String {
    let encode = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = encode(json!({ "alg": "HS512" }));
    let claims = encode(json!({
        "sub": name, "organname": "모의금융", "id": format!("M{:08}", name.len()), "username": name, "exp": exp,
    }));
    let noise: String = visit.sim.hex(4);
    format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode(noise))
}
