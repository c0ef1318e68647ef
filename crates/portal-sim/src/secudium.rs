//! SECUDIUM: which request goes where, the one session of each account.

mod board;
mod file;
mod login;

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::fault::Fault;
use crate::http::Answer;
use crate::shared::Otp;
use crate::visit::Visit;

pub(crate) const LOGIN: &str = "/isap-api/loginProcess";
pub(crate) const BOARD: &str = "/isap-api/secinfo/list/black_ip";
pub(crate) const FILE: &str = "/isap-api/file/SECINFO/download";
/// How long a session lasts without being used. The portal's own time is not known.
const IDLE_MINUTES: i64 = 30;

/// An account's session.
struct Session {
    token: String,
    used: Timestamp,
}

/// Sessions by account.
#[derive(Default)]
pub(crate) struct State {
    sessions: HashMap<String, Session>,
    sent: Option<Otp>,
}

impl State {
    /// How many people are logged in.
    pub(crate) fn open(&self, now: Timestamp) -> usize {
        self.sessions.values().filter(|session| session.is_open(now)).count()
    }

    /// Ends every login.
    pub(crate) fn end_all(&mut self) {
        self.sessions.clear();
    }

    /// Lets somebody else log in with an account: the session there was is over.
    pub(crate) fn take_over(&mut self, name: &str, token: String, now: Timestamp) {
        self.sessions.insert(name.to_owned(), Session { token, used: now });
    }

    pub(crate) fn last_sent(&self) -> Option<String> {
        self.sent.as_ref().map(|otp| otp.digits.clone())
    }
}

impl Session {
    fn is_open(&self, now: Timestamp) -> bool {
        now.duration_since(self.used) < SignedDuration::from_mins(IDLE_MINUTES)
    }
}

/// Answers any request.
pub(crate) fn answer(visit: &mut Visit) -> Answer {
    match (visit.request.method.as_str(), visit.request.path.as_str()) {
        ("GET", "/login" | "/") => login::form(visit),
        ("POST", LOGIN) => login::process(visit),
        ("GET", "/secinfo/black_ip") => {
            Answer::html(200, "<!DOCTYPE html>\n<html><body>Black IP</body></html>".into())
        }
        ("GET", BOARD) => protected(visit, board::answer),
        ("GET", FILE) => protected(visit, file::answer),
        (_, LOGIN | BOARD | FILE) => Answer::empty(405),
        _ => Answer::html(404, "<html><body><h1>404</h1></body></html>".into()),
    }
}

/// Answers whoever shows the token of an open session, in the header or the query.
fn protected(visit: &mut Visit, answer: impl FnOnce(&mut Visit) -> Answer) -> Answer {
    let header = visit.request.header("x-auth-token");
    let token = if header.is_empty() { visit.request.asked("X-Auth-Token") } else { header };
    let now = visit.sim.clock.now();
    let holder = visit.sim.secudium().sessions.iter_mut().find_map(|(name, session)| {
        (session.token == token && session.is_open(now)).then(|| {
            session.used = now;
            name.clone()
        })
    });
    let Some(name) = holder else { return unauthorized() };
    if visit.strikes(Fault::TokenTakenOver) {
        let token = visit.sim.hex(4);
        visit.sim.secudium().take_over(&name, token, now);
        return unauthorized();
    }
    answer(visit)
}

fn unauthorized() -> Answer {
    failure(401, "session.expired", "세션이 만료되었습니다. 다시 로그인해 주세요.")
}

fn failure(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(status, &json!({ "response": { "error": true, "message": message, "code": code } }))
}
