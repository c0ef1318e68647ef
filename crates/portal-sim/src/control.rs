//! The control API: JSON on a port of its own.
//!
//! | request | what |
//! |---|---|
//! | `GET /` | this table |
//! | `GET /faults` | every fault: name, portals, meaning, and the rule under which it is on |
//! | `PUT /faults/{name}` | turns it on; a body `{"times","after","portal","part"}` limits it |
//! | `DELETE /faults/{name}`, `DELETE /faults` | turns it, or all, off |
//! | `GET /clock`, `PUT /clock` | the time: `{"now","running"}`, and `{"advance_seconds"}` to move it |
//! | `GET /truth` | what REGTECH lists now and SECUDIUM posted in 90 days |
//! | `GET /journal` | every request |
//! | `GET /otp` | the six digits that were sent last |
//! | `POST /unlock` | unlocks all accounts |
//! | `GET /accounts` | names, locks and open sessions |
//! | `POST /accounts` | `{"name","password","portal"}`: adds one, to both portals when none is named |

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::dataset::{Row, plus_days};
use crate::http::{Answer, Request};
use crate::shared::Shared;
use crate::switches::Rule;
use crate::{Fault, Portal};

const ROUTES: [&str; 12] = [
    "GET /faults",
    "PUT /faults/{name}",
    "DELETE /faults/{name}",
    "DELETE /faults",
    "GET /clock",
    "PUT /clock",
    "GET /truth",
    "GET /journal",
    "GET /otp",
    "POST /unlock",
    "GET /accounts",
    "POST /accounts",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetClock {
    now: Option<Timestamp>,
    advance_seconds: Option<i64>,
    running: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAccount {
    name: String,
    password: String,
    portal: Option<Portal>,
}

/// Answers any request.
pub(crate) fn answer(sim: &Shared, request: &Request) -> Answer {
    let path: Vec<&str> = request.path.split('/').filter(|part| !part.is_empty()).collect();
    match (request.method.as_str(), path.as_slice()) {
        ("GET", []) => ok(&json!({ "routes": ROUTES })),
        ("GET", ["faults"]) => ok(&faults(sim)),
        ("DELETE", ["faults"]) => {
            sim.switches.clear();
            ok(&faults(sim))
        }
        (method @ ("PUT" | "DELETE"), ["faults", name]) => switch(sim, request, method == "PUT", name),
        ("GET", ["clock"]) => ok(&clock(sim)),
        ("PUT", ["clock"]) => set_clock(sim, request),
        ("GET", ["truth"]) => ok(&truth(sim)),
        ("GET", ["journal"]) => ok(&sim.journal.all()),
        ("GET", ["otp"]) => {
            ok(&json!({ "regtech": sim.otp(Portal::Regtech), "secudium": sim.otp(Portal::Secudium) }))
        }
        ("POST", ["unlock"]) => {
            for portal in Portal::ALL {
                sim.accounts(portal).unlock();
            }
            ok(&accounts(sim))
        }
        ("GET", ["accounts"]) => ok(&accounts(sim)),
        ("POST", ["accounts"]) => match body::<NewAccount>(request) {
            Ok(new) => {
                for portal in
                    Portal::ALL.into_iter().filter(|portal| new.portal.is_none_or(|only| only == *portal))
                {
                    sim.accounts(portal).set(&new.name, &new.password);
                }
                ok(&accounts(sim))
            }
            Err(answer) => answer,
        },
        _ => Answer::json(404, &json!({ "error": "no such route", "routes": ROUTES })),
    }
}

fn ok(value: &impl serde::Serialize) -> Answer {
    Answer::json(200, value)
}

fn body<T: for<'a> Deserialize<'a>>(request: &Request) -> Result<T, Answer> {
    let bytes: &[u8] = if request.body.is_empty() { b"{}" } else { &request.body };
    // The text of serde's error names fields and places, never a value of a string field that was taken.
    serde_json::from_slice(bytes).map_err(|error| Answer::json(400, &json!({ "error": error.to_string() })))
}

fn faults(sim: &Shared) -> Value {
    let on = sim.switches.all();
    let all = Fault::ALL.iter().map(|fault| {
        let portals: Vec<_> =
            Portal::ALL.into_iter().filter(|portal| fault.portals().covers(*portal)).collect();
        json!({ "name": fault.name(), "portals": portals, "meaning": fault.meaning(), "on": on.get(fault) })
    });
    all.collect()
}

fn switch(sim: &Shared, request: &Request, on: bool, name: &str) -> Answer {
    let Some(fault) = Fault::named(name) else {
        return Answer::json(404, &json!({ "error": "no such fault; GET /faults lists them" }));
    };
    if on {
        match body::<Rule>(request) {
            Ok(rule) => sim.switches.set(fault, rule),
            Err(answer) => return answer,
        }
    } else {
        sim.switches.off(fault);
    }
    ok(&json!({ "name": fault.name(), "on": sim.switches.all().get(&fault) }))
}

fn clock(sim: &Shared) -> Value {
    let seoul = sim.clock.seoul();
    json!({ "now": sim.clock.now(), "seoul": seoul, "running": sim.clock.is_running() })
}

fn set_clock(sim: &Shared, request: &Request) -> Answer {
    let set: SetClock = match body(request) {
        Ok(set) => set,
        Err(answer) => return answer,
    };
    if let Some(now) = set.now {
        sim.clock.set(now);
    }
    let now = sim.clock.now();
    if let Some(later) =
        set.advance_seconds.and_then(|by| now.checked_add(SignedDuration::from_secs(by)).ok())
    {
        sim.clock.set(later);
    }
    if let Some(running) = set.running {
        sim.clock.run(running);
    }
    ok(&clock(sim))
}

fn truth(sim: &Shared) -> Value {
    let now = sim.clock.seoul();
    let posts = sim.world.posts(now, plus_days(now.date(), -90), now.date());
    let posts = posts.iter().map(|post| {
        let rows: Value = post.rows.iter().map(row).collect();
        json!({ "id": post.id, "uuid": post.uuid, "title": post.title, "file": post.file, "day": post.day, "rows": rows })
    });
    let rows: Value = sim.world.truth_at(now).iter().map(row).collect();
    json!({ "regtech": rows, "secudium": posts.collect::<Value>() })
}

fn row(row: &Row) -> Value {
    json!({
        "address": row.address, "country": row.country, "reason": row.reason,
        "category": row.category, "severity": row.severity, "detected": row.detected, "until": row.until,
    })
}

fn accounts(sim: &Shared) -> Value {
    let of = |portal: Portal| {
        let (open, now) = (sim.open_sessions(portal), sim.clock.now());
        let accounts = sim.accounts(portal);
        json!({
            "portal": portal, "names": accounts.names(), "locked": accounts.is_locked(now),
            "refused_passwords": accounts.refused(), "open_sessions": open,
        })
    };
    Portal::ALL.map(of).into_iter().collect()
}
