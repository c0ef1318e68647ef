//! The second factor by text message: six digits that count for 180 seconds, in the session that asked for them.

use serde_json::json;

use super::login::{check, refused};
use super::{Session, forbidden, from_script};
use crate::http::Answer;
use crate::shared::Otp;
use crate::visit::Visit;

/// Sends six digits; the control API shows them.
pub(super) fn send(visit: &mut Visit) -> Answer {
    with_session(visit, |sim, session, _, _| {
        let otp = Otp::new(sim);
        let digits = otp.digits.clone();
        *session = Session { sent: Some(otp), confirmed: None };
        (Answer::json(200, &json!({})), Some(digits))
    })
}

/// Takes six digits.
pub(super) fn confirm(visit: &mut Visit) -> Answer {
    with_session(visit, |sim, session, name, digits| {
        if !session.sent.as_ref().is_some_and(|otp| otp.is(digits, sim.clock.now())) {
            return (refused("E00010301"), None);
        }
        *session = Session { sent: None, confirmed: Some(name.to_owned()) };
        (Answer::json(200, &json!({})), None)
    })
}

/// Checks who asks, and changes the session; the second of what `change` gives is kept as the digits sent last.
fn with_session(
    visit: &mut Visit,
    change: impl FnOnce(&crate::shared::Shared, &mut Session, &str, &str) -> (Answer, Option<String>),
) -> Answer {
    if !from_script(visit) {
        return forbidden();
    }
    let form = visit.request.form();
    let name = form.get("memberId").to_owned();
    if let Err(code) = check(visit, &name, form.get("memberPw")) {
        return refused(code);
    }
    let mut state = visit.sim.regtech();
    let Some(session) = visit.request.cookie("regtech-front").and_then(|id| state.sessions.get_mut(id))
    else {
        return forbidden();
    };
    let (answer, sent) = change(visit.sim, session, &name, form.get("smsKey"));
    if sent.is_some() {
        state.last_sent = sent;
    }
    answer
}
