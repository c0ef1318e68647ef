//! REGTECH: which request goes where, sessions, and who is logged in.

mod download;
mod list;
mod login;
mod pages;
mod sms;
mod window;

use std::collections::HashMap;

use jiff::Timestamp;

use crate::fault::Fault;
use crate::http::Answer;
use crate::shared::Otp;
use crate::visit::Visit;

pub(crate) const LOGIN_FORM: &str = "/login/loginForm";
pub(crate) const LIST: &str = "/fcti/securityAdvisory/advisoryList";
pub(crate) const DOWNLOAD: &str = "/fcti/securityAdvisory/advisoryListDownloadXlsx";

/// A browser's session: what a second factor has come to in it.
#[derive(Default)]
struct Session {
    sent: Option<Otp>,
    confirmed: Option<String>,
}

/// Sessions and tokens.
#[derive(Default)]
pub(crate) struct State {
    /// By the cookie `regtech-front`.
    sessions: HashMap<String, Session>,
    /// Tokens that were given and not taken back, with their end.
    tokens: HashMap<String, Timestamp>,
    /// The six digits that were sent last, for a person to read.
    last_sent: Option<String>,
}

impl State {
    /// How many people are logged in.
    pub(crate) fn open(&self, now: Timestamp) -> usize {
        self.tokens.values().filter(|end| **end > now).count()
    }

    /// Ends every login.
    pub(crate) fn end_all(&mut self) {
        self.tokens.clear();
    }

    pub(crate) fn last_sent(&self) -> Option<String> {
        self.last_sent.clone()
    }
}

/// Answers any request.
pub(crate) fn answer(visit: &mut Visit) -> Answer {
    let (method, path) = (visit.request.method.as_str(), visit.request.path.as_str());
    match (method, path) {
        ("GET", LOGIN_FORM) => login::form(visit),
        ("POST", "/member/findOneMember") => login::find_one_member(visit),
        ("POST", "/login/addLogin") => login::add_login(visit),
        ("GET", "/login/logout") => login::logout(visit),
        ("POST", "/member/smsKeySend") => sms::send(visit),
        ("POST", "/member/smsKeyConfirm") => sms::confirm(visit),
        ("GET", "/" | "/main/main") => Answer::html(200, pages::main_page()),
        ("GET" | "POST", LIST) => protected(visit, list::answer),
        ("POST", DOWNLOAD) => {
            protected(
                visit,
                |visit| {
                    if from_page(visit, LIST) { download::answer(visit) } else { forbidden() }
                },
            )
        }
        (_, LIST | DOWNLOAD | LOGIN_FORM | "/member/findOneMember" | "/login/addLogin") => Answer::empty(405),
        _ => Answer::html(404, pages::page("", "<p>요청하신 페이지를 찾을 수 없습니다.</p>")),
    }
}

/// Answers somebody who is logged in; others come to the login page, by a redirect.
fn protected(visit: &mut Visit, answer: impl FnOnce(&mut Visit) -> Answer) -> Answer {
    let token = token(visit);
    let now = visit.sim.clock.now();
    let open = token
        .as_ref()
        .is_some_and(|token| visit.sim.regtech().tokens.get(token).is_some_and(|end| *end > now));
    if !open {
        return Answer::redirect(LOGIN_FORM.into());
    }
    if visit.strikes(Fault::SessionLost) {
        forget(visit, token);
        return Answer::html(200, pages::login_page(false));
    }
    if visit.strikes(Fault::SessionLostRedirect) {
        forget(visit, token);
        return Answer::redirect(LOGIN_FORM.into());
    }
    answer(visit)
}

/// The token of the cookie `regtech-va`. It alone says who is logged in, so one pasted from a browser does, too.
fn token(visit: &Visit) -> Option<String> {
    visit.request.cookie("regtech-va")?.strip_prefix("Bearer").map(str::to_owned)
}

fn forget(visit: &Visit, token: Option<String>) {
    if let Some(token) = token {
        visit.sim.regtech().tokens.remove(&token);
    }
}

/// Whether a form was sent from a page of this portal, by what the browser says of it.
fn from_page(visit: &Visit, page: &str) -> bool {
    let base = visit.request.base();
    let referer = visit.request.header("referer").split('?').next().unwrap_or_default();
    visit.request.header("origin") == base && referer == format!("{base}{page}")
}

/// Whether a page's script sent it.
fn from_script(visit: &Visit) -> bool {
    visit.request.header("x-requested-with") == "XMLHttpRequest"
}

fn forbidden() -> Answer {
    Answer::html(403, pages::page("", "<p>비정상적인 접근입니다.</p>"))
}
