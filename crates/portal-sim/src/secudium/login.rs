//! The login: one request, one session for each account.

use serde_json::json;

use super::{Session, failure};
use crate::Portal;
use crate::account::Refusal;
use crate::fault::Fault;
use crate::http::Answer;
use crate::shared::Otp;
use crate::visit::Visit;

const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"ko\">\n<head><meta charset=\"UTF-8\"><title>SECUDIUM</title></head>\n\
    <body>\n<form id=\"frmLogin\">\n<input type=\"text\" name=\"login_name\">\n<input type=\"password\" name=\"password\">\n\
    <input type=\"text\" name=\"otp_value\" style=\"display:none\">\n<button type=\"button\">로그인</button>\n</form>\n</body>\n</html>\n";

/// The page, and the cookie of a session. The token, not the cookie, says who is logged in.
pub(super) fn form(visit: &mut Visit) -> Answer {
    let answer = Answer::html(200, PAGE.into());
    if visit.request.cookie("JSESSIONID").is_some() {
        return answer;
    }
    let id = visit.sim.hex(2).to_uppercase();
    answer.with("set-cookie", format!("JSESSIONID={id}; Path=/; HttpOnly"))
}

/// Name and password, and what to do when somebody is logged in already.
pub(super) fn process(visit: &mut Visit) -> Answer {
    if visit.request.header("x-requested-with") != "XMLHttpRequest" {
        return failure(403, "access.denied", "잘못된 접근입니다.");
    }
    visit.login_attempt = true;
    match judge(visit) {
        Ok(token) => Answer::json(200, &json!({ "response": { "error": false, "token": token } })),
        Err((code, message)) => {
            visit.failed_login = true;
            failure(200, code, message)
        }
    }
}

fn judge(visit: &mut Visit) -> Result<String, (&'static str, &'static str)> {
    let form = visit.request.form();
    let (name, now) = (form.get("login_name"), visit.sim.clock.now());
    if visit.strikes(Fault::FiveStrikeLock) {
        visit.sim.accounts(Portal::Secudium).lock(name, now);
    }
    let wrong = visit.strikes(Fault::WrongPassword);
    let judged = visit.sim.accounts(Portal::Secudium).check(name, form.get("password"), now, wrong);
    judged.map_err(|refusal| match refusal {
        Refusal::Locked => ("account.locked", "비밀번호 오류 횟수 초과로 계정이 잠겼습니다."),
        Refusal::Unknown | Refusal::Wrong => ("login.failed", "아이디 또는 비밀번호가 일치하지 않습니다."),
    })?;
    let sent = visit.sim.secudium().sent.clone();
    let right = form.get("is_otp") == "Y" && sent.is_some_and(|otp| otp.is(form.get("otp_value"), now));
    if !right && visit.strikes(Fault::OtpAsked) {
        let otp = Otp::new(visit.sim);
        visit.sim.secudium().sent = Some(otp);
        return Err(("otp.required", "OTP 인증이 필요합니다."));
    }
    let held = visit.sim.secudium().sessions.get(name).is_some_and(|session| session.is_open(now));
    let held = visit.strikes(Fault::AlreadyLogin) || held;
    if held && form.get("is_expire") != "Y" {
        return Err(("already.login", "이미 로그인되어 있는 계정입니다."));
    }
    let token = format!("{name}:{}:{}", now.as_millisecond(), visit.sim.hex(4));
    let mut state = visit.sim.secudium();
    state.sent = None;
    state.sessions.insert(name.to_owned(), Session { token: token.clone(), used: now });
    Ok(token)
}
