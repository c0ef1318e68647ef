//! One request on its way through a portal: what struck it, and what the journal will say of it.

use crate::fault::Fault;
use crate::http::{Answer, Manner, Request};
use crate::journal::Entry;
use crate::shared::Shared;
use crate::switches::Part;
use crate::{Portal, regtech, secudium};

/// A request under way.
pub(crate) struct Visit<'a> {
    pub(crate) sim: &'a Shared,
    pub(crate) request: &'a Request,
    portal: Portal,
    part: Part,
    pub(crate) login_attempt: bool,
    pub(crate) failed_login: bool,
    pub(crate) window: Option<(String, String)>,
    faults: Vec<&'static str>,
}

impl Visit<'_> {
    /// Whether a fault strikes this request. Asked once for each fault, where it would show.
    pub(crate) fn strikes(&mut self, fault: Fault) -> bool {
        let strikes = self.sim.switches.strikes(fault, self.portal, Some(self.part));
        if strikes {
            self.faults.push(fault.name());
        }
        strikes
    }
}

/// Answers a request to a portal and writes it down.
pub(crate) fn answer(sim: &Shared, portal: Portal, request: &Request) -> Answer {
    let data = match portal {
        Portal::Regtech => request.path.starts_with("/fcti/"),
        Portal::Secudium => request.path.contains("/secinfo/") || request.path.contains("/file/"),
    };
    let mut visit = Visit {
        sim,
        request,
        portal,
        part: if data { Part::Data } else { Part::Login },
        login_attempt: false,
        failed_login: false,
        window: None,
        faults: Vec::new(),
    };
    let mut answer = before(&mut visit).unwrap_or_else(|| match portal {
        Portal::Regtech => regtech::answer(&mut visit),
        Portal::Secudium => secudium::answer(&mut visit),
    });
    if answer.is_text() && visit.strikes(Fault::EucKr) {
        answer = answer.in_euc_kr();
    }
    if answer.manner == Manner::Whole {
        if visit.strikes(Fault::Stall) {
            answer = answer.in_manner(Manner::Stalls);
        } else if visit.strikes(Fault::EarlyEnd) {
            answer = answer.in_manner(Manner::EndsEarly);
        }
    }
    sim.journal.add(Entry {
        at: sim.clock.now(),
        portal,
        method: request.method.clone(),
        path: request.path.clone(),
        status: if answer.manner == Manner::Reset { 0 } else { answer.status },
        login_attempt: visit.login_attempt,
        failed_login: visit.failed_login,
        window: visit.window,
        faults: visit.faults,
    });
    answer
}

/// The faults under which the portal itself is not reached.
fn before(visit: &mut Visit) -> Option<Answer> {
    if visit.strikes(Fault::Reset) {
        return Some(Answer::empty(0).in_manner(Manner::Reset));
    }
    if visit.strikes(Fault::TooManyRequests) {
        return Some(Answer::html(429, "<h1>Too Many Requests</h1>".into()));
    }
    if visit.strikes(Fault::TooManyRequestsRetryAfter) {
        let answer = Answer::html(429, "<h1>Too Many Requests</h1>".into());
        return Some(answer.with("retry-after", "30".into()));
    }
    if visit.strikes(Fault::Unavailable) {
        return Some(Answer::html(503, "<h1>Service Unavailable</h1>".into()));
    }
    visit.strikes(Fault::Maintenance).then(|| {
        let page = "<!DOCTYPE html>\r\n<html><head><meta charset=\"UTF-8\"><title>시스템 점검 안내</title></head>\r\n\
                    <body><h1>시스템 점검 중입니다.</h1><p>서비스 개선을 위한 점검으로 이용이 제한됩니다.</p></body></html>";
        Answer::html(200, page.into())
    })
}
