//! Who may ask for what: every route there is, asked by everybody there is, and the table decides alone.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::collections::BTreeSet;
use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use server::AccountRules;
use store::Role;
use support::Answer;
use support::accounts::Desk;

/// What somebody shows.
enum Shows {
    Nothing,
    Token(String),
    Session,
    /// A session that waits for its code.
    HalfSession,
}

struct Asker {
    name: String,
    peer: &'static str,
    shows: Shows,
    role: Option<Role>,
}

impl Asker {
    fn nobody(name: &str, peer: &'static str) -> Self {
        Self { name: name.to_owned(), peer, shows: Shows::Nothing, role: None }
    }

    fn may(&self, needs: &str) -> bool {
        let may = |role| !matches!(self.shows, Shows::HalfSession) && self.role >= Some(role);
        match needs {
            "nothing" | "feed" => true,
            "anybody" => self.role.is_some(),
            "viewer" => may(Role::Viewer),
            "operator" => may(Role::Operator),
            "admin" => may(Role::Admin),
            other => {
                assert_eq!(other, "nobody");
                false
            }
        }
    }
}

const HERE: &str = "127.0.0.1:50000";
const ELSEWHERE: &str = "192.0.2.7:50000";

/// Everybody at a house where a program on this machine may nothing.
fn askers(desk: &Desk) -> Vec<Asker> {
    let mut all = vec![Asker::nobody("nobody elsewhere", ELSEWHERE), Asker::nobody("nobody here", HERE)];
    for role in Role::ALL {
        let name = format!("token {role}");
        all.push(Asker { name, peer: HERE, shows: Shows::Token(desk.token(role)), role: Some(role) });
        let name = format!("session {role}");
        all.push(Asker { name, peer: HERE, shows: Shows::Session, role: Some(role) });
    }
    let name = "session without its code".to_owned();
    all.push(Asker { name, peer: HERE, shows: Shows::HalfSession, role: Some(Role::Admin) });
    all
}

fn fill(path: &str) -> String {
    let mut filled = String::new();
    for (n, part) in path.split(['{', '}']).enumerate() {
        filled.push_str(match (n % 2, part) {
            (0, part) => part,
            (_, "run" | "id" | "serial" | "to") => "1",
            (_, "format") => "plain",
            _ => "portal",
        });
    }
    filled
}

/// The operations of the document.
fn operations() -> Vec<(Method, String)> {
    let mut all = Vec::new();
    for (path, item) in server::document().paths.paths {
        for (method, there) in [
            (Method::GET, item.get.is_some()),
            (Method::POST, item.post.is_some()),
            (Method::PUT, item.put.is_some()),
            (Method::PATCH, item.patch.is_some()),
            (Method::DELETE, item.delete.is_some()),
        ] {
            all.extend(there.then(|| (method, path.clone())));
        }
    }
    all
}

fn is_of_api(path: &str) -> bool {
    server::document().paths.paths.contains_key(path)
}

/// A request that is right but for who sends it.
async fn send(desk: &Desk, asker: &Asker, method: &Method, path: &str, is_page: bool) -> Answer {
    let host = if asker.peer == HERE { "127.0.0.1:2542" } else { "bl.example" };
    let mut request = Request::builder().method(method).uri(fill(path)).header("host", host);
    let mut peer: SocketAddr = asker.peer.parse().unwrap();
    if asker.peer == ELSEWHERE {
        // Each time another one: how often one address may ask is not what is held here.
        let [a, b, ..] = blocklist::Hash::of(format!("{method} {path}").as_bytes()).0;
        peer.set_ip([10, 9, a, b].into());
    }
    request = request.extension(ConnectInfo(peer));
    let mut csrf = String::new();
    match &asker.shows {
        Shows::Nothing => {}
        Shows::Token(token) => request = request.header("authorization", format!("Bearer {token}")),
        Shows::Session | Shows::HalfSession => {
            // Anew each time: some of what is asked for ends it.
            let role = asker.role.unwrap();
            let browser = match asker.shows {
                Shows::HalfSession => desk.half_signed_in(role),
                _ => desk.signed_in(role),
            };
            csrf = browser.csrf();
            request = request.header("cookie", browser.cookie()).header("x-csrf-token", &csrf);
        }
    }
    let body = if is_page {
        request = request.header("accept", "text/html").header("sec-fetch-site", "same-origin");
        request = request.header("content-type", "application/x-www-form-urlencoded");
        format!("csrf={csrf}")
    } else {
        request = request.header("content-type", support::kind_of_body(path));
        "{}".to_owned()
    };
    let body = if *method == Method::GET { Body::empty() } else { Body::from(body) };
    desk.rig.send(request.body(body).unwrap()).await
}

/// Whether the guard kept somebody out; what a route itself says no to is another matter.
fn is_kept_out(answer: &Answer, path: &str, needs: &str, is_page: bool) -> bool {
    if is_page {
        let to = answer.header("location");
        let is_led_to_login = to.starts_with("/login?next=") || (path == "/" && to == "/login");
        if needs == "nothing" {
            return is_led_to_login;
        }
        return answer.status == 403
            || is_led_to_login
            || (needs != "nothing" && needs != "anybody" && to == "/login/code");
    }
    if ![401, 403].contains(&answer.status.as_u16()) {
        return false;
    }
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    detail == "sign in, or send a token"
        || detail == "nobody may do this"
        || detail.starts_with("this needs the role")
        || (needs != "anybody" && detail.contains("one-time code is still to come"))
}

async fn hold_against_the_table(desk: &Desk, askers: &[Asker]) {
    let pages = server::rights().filter(|path| !is_of_api(path));
    let pages = pages.flat_map(|path| [Method::GET, Method::POST].map(|method| (method, path.to_owned())));
    let pages: Vec<_> = pages.map(|(method, path)| (method, path, true)).collect();
    let all = operations().into_iter().map(|(method, path)| (method, path, false)).chain(pages);
    for (method, path, is_page) in all {
        let needs = server::needs(&path, &method);
        for asker in askers {
            // Pages are for people.
            let person = matches!(asker.shows, Shows::Session | Shows::HalfSession);
            let may = asker.may(needs) && (!is_page || person || needs == "nothing");
            let answer = send(desk, asker, &method, &path, is_page).await;
            let out = is_kept_out(&answer, &path, needs, is_page);
            assert_eq!(out, !may, "{method} {path} needs {needs}: {} got {answer:?}", asker.name);
        }
    }
}

#[tokio::test]
async fn each_route_lets_in_whom_the_table_names_and_nobody_else() {
    let desk = Desk::new();
    hold_against_the_table(&desk, &askers(&desk)).await;
}

#[tokio::test]
async fn a_program_on_this_machine_may_what_the_configuration_says() {
    for role in Role::ALL {
        let desk = Desk::with(AccountRules { local_role: Some(role), ..AccountRules::default() });
        let here =
            Asker { name: format!("local {role}"), peer: HERE, shows: Shows::Nothing, role: Some(role) };
        hold_against_the_table(&desk, &[here, Asker::nobody("nobody elsewhere", ELSEWHERE)]).await;
    }
}

#[test]
fn every_route_of_the_document_has_rights_and_every_row_of_rights_a_route() {
    let document: BTreeSet<String> = server::document().paths.paths.into_keys().collect();
    let rights: Vec<&str> = server::rights().collect();
    let set: BTreeSet<&str> = rights.iter().copied().collect();
    assert_eq!(set.len(), rights.len(), "a path stands twice");
    for path in &document {
        assert!(set.contains(path.as_str()), "{path} has no rights");
    }
    for (method, path) in operations() {
        assert_ne!(server::needs(&path, &method), "nobody", "{method} {path} is answered to nobody");
    }
    for path in set.iter().filter(|path| ["/api/", "/feeds/", "/t/"].iter().any(|of| path.starts_with(of))) {
        assert!(document.contains(*path), "{path} is no route");
    }
}

#[tokio::test]
async fn every_page_with_rights_is_there() {
    let desk = Desk::new();
    let admin =
        Asker { name: "admin".to_owned(), peer: HERE, shows: Shows::Session, role: Some(Role::Admin) };
    for path in server::rights().filter(|path| !is_of_api(path)) {
        // No route has this method, so one that is there says so.
        let answer = send(&desk, &admin, &Method::TRACE, path, true).await;
        assert_ne!(answer.status, 404, "{path} is no route");
    }
    let none = send(&desk, &admin, &Method::TRACE, "/no-such-page", true).await;
    assert_eq!(none.status, 404);
}

/// What was thought of without looking at the table.
#[test]
fn who_looks_changes_nothing_and_who_decides_sets_nothing_up() {
    for (method, path, wanted) in [
        (Method::GET, "/healthz", "nothing"),
        (Method::GET, "/metrics", "viewer"),
        (Method::GET, "/api/v1/listings", "viewer"),
        (Method::POST, "/api/v1/lookup", "viewer"),
        (Method::POST, "/api/v1/listings", "operator"),
        (Method::POST, "/api/v1/held/{id}/approve", "operator"),
        (Method::POST, "/api/v1/sources/{name}/run", "operator"),
        (Method::GET, "/api/v1/audit", "operator"),
        (Method::PATCH, "/api/v1/policy", "admin"),
        (Method::POST, "/api/v1/sources", "admin"),
        (Method::PUT, "/api/v1/credentials/{source}", "admin"),
        (Method::POST, "/api/v1/consumers/{name}/secret", "admin"),
        (Method::GET, "/api/v1/users", "admin"),
        (Method::POST, "/api/v1/tokens", "admin"),
        (Method::DELETE, "/api/v1/sessions/{id}", "admin"),
        (Method::GET, "/api/v1/auth-attempts", "admin"),
        (Method::POST, "/api/v1/session", "nothing"),
        (Method::DELETE, "/api/v1/session", "anybody"),
        (Method::GET, "/feeds/{feed}/{format}", "feed"),
        (Method::GET, "/no/such/path", "nobody"),
    ] {
        assert_eq!(server::needs(path, &method), wanted, "{method} {path}");
    }
}

#[tokio::test]
async fn a_write_with_a_cookie_and_without_its_form_token_is_refused() {
    let desk = Desk::new();
    let token = desk.token(Role::Admin);
    let browser = desk.signed_in(Role::Admin);
    let other = desk.signed_in(Role::Admin);
    for (method, path) in operations() {
        if method == Method::GET || ["nothing", "feed"].contains(&server::needs(&path, &method)) {
            continue;
        }
        for wrong in [None, Some(String::new()), Some("0".repeat(64)), Some(other.csrf())] {
            let request = Request::builder().method(&method).uri(fill(&path));
            let mut request = request.header("content-type", support::kind_of_body(&path));
            if let Some(wrong) = &wrong {
                request = request.header("x-csrf-token", wrong);
            }
            let answer = browser.send(request, Body::from("{}")).await;
            assert!(answer.problem(403).contains("X-CSRF-Token"), "{method} {path} {wrong:?}");
        }
    }
    // The session is still there: nothing was done.
    assert_eq!(browser.get("/api/v1/session").await.json()["user"], "admin");
    // A token needs none.
    let asked =
        desk.rig.ask("DELETE", "/api/v1/tokens/none", &[("authorization", &format!("Bearer {token}"))]).await;
    asked.problem(404);
    assert!(desk.store.tokens(None).unwrap().iter().all(|token| token.revoked_at.is_none()));
}
