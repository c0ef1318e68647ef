//! The pages of sources while something goes on at a portal: progress, credentials, codes, refused rows.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use hyper::body::Body as _;
use portal_sim::{Fault, Portal};
use serde_json::{Value, json};
use store::{AuditQuery, Role};
use support::accounts::{Browser, english};
use support::portal::{Bench, NAME, PASSWORD};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

async fn page(browser: &Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text().to_owned()
}

async fn led(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser.post(path, fields).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.text());
    answer.header("location").to_owned()
}

/// A list whose second half comes when it is told to.
async fn slow_list(go: Arc<Notify>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/list.txt", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = [0; 4_096];
        assert!(stream.read(&mut asked).await.unwrap() > 0);
        let head =
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 20\r\nconnection: close\r\n\r\n";
        stream.write_all(format!("{head}9.0.0.10\n").as_bytes()).await.unwrap();
        go.notified().await;
        stream.write_all(b"9.0.0.1000\n").await.unwrap();
    });
    url
}

/// A stream of what changes, as the browser of a Korean reader opens it.
async fn stream(browser: &Browser) -> Response<Body> {
    let request = Request::get("/events")
        .header("host", "127.0.0.1:2542")
        .header("cookie", browser.cookie())
        .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000))))
        .body(Body::empty())
        .unwrap();
    browser.rig.router.clone().oneshot(request).await.unwrap()
}

/// The next step of a run that it tells.
async fn step(stream: &mut Response<Body>) -> Value {
    loop {
        let frame = poll_fn(|context| Pin::new(stream.body_mut()).poll_frame(context)).await.unwrap();
        let text = String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap();
        if let Some(data) = text.strip_prefix("event: progress\ndata: ") {
            return serde_json::from_str(data).unwrap();
        }
    }
}

#[tokio::test]
async fn a_run_is_seen_while_it_goes_on_and_with_its_rows_when_it_has_ended() {
    let bench = Bench::with_stall(Duration::from_mins(1)).await;
    let go = Arc::new(Notify::new());
    let url = slow_list(Arc::clone(&go)).await;
    // The name that the bench waits for.
    let body = json!({"name": "regtech", "kind": "url", "settings": {"url": url}});
    assert_eq!(bench.rig.write("POST", "/api/v1/sources", &body).await.status, 201);
    let operator = bench.rig.signed_in(Role::Operator);
    let mut told = stream(&operator).await;
    let stop = CancellationToken::new();
    tokio::spawn(server::follow_events(Arc::clone(&bench.rig.app), stop.clone()));

    assert_eq!(led(&operator, "/collect/regtech/run", &[]).await, "/collect/regtech?done=run");
    for path in ["/collect", "/collect/regtech"] {
        let shown = page(&operator, path).await;
        assert!(shown.contains("<progress data-run=\"regtech\""), "{path}: {shown}");
        assert!(shown.contains("data-run-text=\"regtech\"") && shown.contains("는 중 · "), "{path}: {shown}");
        assert!(shown.contains("data-live=\"sources runs\"") && shown.contains("수집 중"), "{path}: {shown}");
        let shown = english(&operator, path).await;
        assert!(!shown.text().contains("는 중"), "{path}: {}", shown.text());
    }
    let now = step(&mut told).await;
    assert_eq!(now["source"], "regtech");
    assert!(now["text"].as_str().unwrap().ends_with("는 중"), "{now}");
    assert_eq!(led(&operator, "/collect/regtech/run", &[]).await, "/collect/regtech?done=running");
    assert!(page(&operator, "/collect/regtech?done=running").await.contains("이미 수집하고 있습니다"));

    go.notify_one();
    while step(&mut told).await["phase"] != "ended" {}
    let run = bench.run_number(1).await;
    let shown = page(&operator, "/collect/regtech").await;
    assert!(!shown.contains("<progress"), "{shown}");
    assert_eq!((&run["rows"], &run["new"], &run["refused"]), (&json!(2), &json!(1), &json!(1)), "{run}");
    let number = &run["run"];
    for part in [
        format!("<a href=\"/runs/{number}\">{number}</a>"),
        "<span class=\"p\">+1</span>".into(),
        format!("<a href=\"/runs/{number}#refused\">1</a>"),
        "완료".into(),
    ] {
        assert!(shown.contains(&part), "{part} in {shown}");
    }
    stop.cancel();
}

#[tokio::test]
async fn a_run_is_cancelled_beside_its_bar_by_those_who_may() {
    let bench = Bench::with_stall(Duration::from_mins(1)).await;
    let url = slow_list(Arc::new(Notify::new())).await;
    // The name that the bench waits for.
    let body = json!({"name": "regtech", "kind": "url", "settings": {"url": url}});
    assert_eq!(bench.rig.write("POST", "/api/v1/sources", &body).await.status, 201);
    let (operator, viewer) = (bench.rig.signed_in(Role::Operator), bench.rig.signed_in(Role::Viewer));
    let form = "action=\"/collect/regtech/cancel\"";
    assert!(!page(&operator, "/collect/regtech").await.contains(form), "nothing runs");
    let nothing = operator.post("/collect/regtech/cancel", &[]).await;
    assert_eq!(nothing.status, 409);
    assert!(nothing.text().contains("진행 중인 &#39;regtech&#39; 수집이 없습니다"), "{}", nothing.text());

    led(&operator, "/collect/regtech/run", &[]).await;
    let shown = page(&operator, "/collect/regtech").await;
    assert!(shown.contains(form) && shown.contains("등재와 피드는 바뀌지 않습니다"), "{shown}");
    assert!(!page(&viewer, "/collect/regtech").await.contains(form));
    assert_eq!(viewer.post("/collect/regtech/cancel", &[]).await.status, 403);
    assert_eq!(led(&operator, "/collect/regtech/cancel", &[]).await, "/collect/regtech?done=cancel");
    let run = bench.run_number(1).await;
    assert_eq!(run["cause_id"], "cancelled");
    let shown = page(&operator, "/collect/regtech?done=cancel").await;
    assert!(shown.contains("수집을 중단했습니다") && shown.contains(">중단<"), "{shown}");
    assert!(shown.contains("사람이 수집을 중단함") && !shown.contains("최근 실패"), "{shown}");
    for path in ["/collect", "/logs/runs", "/runs/1", "/"] {
        assert!(!page(&operator, path).await.contains("state bad"), "{path}");
    }
    let record = bench.store.audit(&AuditQuery { limit: 1, ..AuditQuery::default() }).unwrap();
    assert_eq!((record[0].action.as_str(), record[0].by.starts_with("operator")), ("source.cancel", true));
}

#[tokio::test]
async fn a_portal_is_asked_for_chosen_days_and_what_is_wrong_stands_at_the_field() {
    let bench = Bench::regtech().await;
    let operator = bench.rig.signed_in(Role::Operator);
    let shown = page(&operator, "/collect/regtech").await;
    assert!(shown.contains("id=\"days\"><summary>기간을 정해 수집"), "{shown}");
    let viewer = page(&bench.rig.signed_in(Role::Viewer), "/collect/regtech").await;
    assert!(!viewer.contains("id=\"days\""), "{viewer}");
    for (since, until, at) in [
        ("yesterday", "", "since-wrong"),
        ("", "<b>", "until-wrong"),
        ("2026-11-19", "2026-11-18", "since-wrong"),
        ("2026-11-18", "2027-01-01", "until-wrong"),
        ("", "2020-01-01", "since-wrong"),
    ] {
        let refused = operator.post("/collect/regtech/run", &[("since", since), ("until", until)]).await;
        assert_eq!(refused.status, 422, "{since} {until}");
        let text = refused.text();
        assert_eq!(text.matches("class=\"wrong\"").count(), 1, "{since} {until}: {text}");
        assert!(text.contains(&format!("id=\"{at}\"")) && text.contains("id=\"days\" open"), "{text}");
        assert!(!text.contains("<b>\""), "{text}");
    }
    assert_eq!(bench.rig.get("/api/v1/runs").await.json()["runs"], json!([]), "nothing ran");
    let days = [("since", "2026-11-18"), ("until", "2026-11-19")];
    assert_eq!(led(&operator, "/collect/regtech/run", &days).await, "/collect/regtech?done=run");
    let window = json!({"since": "2026-11-18", "until": "2026-11-19"});
    assert_eq!(bench.run_number(1).await["window"], window);

    let list = json!({"name": "list", "kind": "url", "settings": {"url": "http://127.0.0.1:9/list.txt"}});
    assert_eq!(bench.rig.write("POST", "/api/v1/sources", &list).await.status, 201);
    assert!(!page(&operator, "/collect/list").await.contains("id=\"days\""), "a list knows no days");
    let refused = operator.post("/collect/list/run", &[("since", "2026-11-18")]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("포털 수집처에만"), "{}", refused.text());
}

#[tokio::test]
async fn the_rows_that_a_run_refused_are_one_link_away() {
    let bench = Bench::new().await;
    let drop = tempfile::tempdir().unwrap();
    std::fs::write(drop.path().join("a.txt"), "9.0.0.1\n10.0.0.1\n<b>nonsense</b>\n").unwrap();
    let settings = json!({"path": drop.path(), "mode": "add", "settle": "0s"});
    // The name that the bench waits for.
    let body = json!({"name": "regtech", "kind": "directory", "settings": settings});
    assert_eq!(bench.rig.write("POST", "/api/v1/sources", &body).await.status, 201);
    let operator = bench.rig.signed_in(Role::Operator);
    led(&operator, "/collect/regtech/run", &[]).await;
    let run = bench.run_number(1).await;
    assert_eq!(run["refused"], 2, "{run}");
    let link = format!("/runs/{}#refused", run["run"]);
    for path in ["/collect", "/collect/regtech"] {
        assert!(page(&operator, path).await.contains(&format!("<a href=\"{link}\">2</a>")), "{path}");
    }
    let rows = page(&operator, link.split('#').next().unwrap()).await;
    assert!(rows.contains("id=\"refused\"") && rows.contains("10.0.0.1"), "{rows}");
    assert!(rows.contains("&#60;b&#62;nonsense") && !rows.contains("<b>nonsense"), "{rows}");
}

#[tokio::test]
async fn a_credential_goes_in_is_tried_and_never_comes_out() {
    let bench = Bench::new().await;
    assert_eq!(bench.rig.write("POST", "/api/v1/sources", &bench.source()).await.status, 201);
    let admin = bench.rig.signed_in(Role::Admin);
    assert!(page(&admin, "/collect/regtech").await.contains("자격 증명이 없습니다."));
    let good = [("username", NAME), ("secret", PASSWORD), ("expires_on", "2026-12-01")];
    let to = led(&admin, "/collect/regtech/credential", &good).await;
    assert_eq!(to, "/collect/regtech?done=credential");
    let shown = page(&admin, &to).await;
    assert!(shown.contains("저장한 값은 다시 보여 주지 않습니다") && shown.contains("2026-12-01"), "{shown}");
    let to = led(&admin, "/collect/regtech/verify", &[]).await;
    let shown = page(&admin, &to).await;
    assert!(shown.contains("자격 증명이 맞습니다.") && shown.contains("마지막 확인"), "{shown}");

    for (fields, status, says) in [
        (vec![("secret", "hush-hush")], 409, "사용자 이름과 비밀번호를 받습니다"),
        (vec![("username", NAME), ("secret", "")], 400, "비밀번호나 토큰이 비었거나"),
        (
            vec![("username", NAME), ("secret", "hush-hush"), ("expires_on", "soon")],
            400,
            "만료일은 2026-12-31처럼",
        ),
    ] {
        let answer = admin.post("/collect/regtech/credential", &fields).await;
        assert_eq!(answer.status, status, "{fields:?}");
        assert!(answer.text().contains(says), "{says} in {}", answer.text());
        assert!(!answer.text().contains("hush-hush"), "{}", answer.text());
    }
    let audit = bench.store.audit(&AuditQuery { limit: 100, ..AuditQuery::default() }).unwrap();
    assert!(!audit.is_empty());
    let mut said = format!("{audit:?}");
    for path in ["/collect", "/collect/regtech", "/collect?format=csv", "/logs/audit", "/logs/program"] {
        said.push_str(&page(&admin, path).await);
    }
    // As it is and as a page would escape it.
    let escaped = PASSWORD.replace('&', "&#38;");
    assert!(!said.contains(PASSWORD) && !said.contains(&escaped), "the password is somewhere");
}

#[tokio::test]
async fn a_credential_is_forgotten_after_a_question() {
    let bench = Bench::regtech().await;
    let admin = bench.rig.signed_in(Role::Admin);
    let sure = page(&admin, "/collect/regtech/credential/remove").await;
    assert!(sure.contains("포털의 세션을 끝냅니다") && sure.contains("되돌릴 수 없습니다."), "{sure}");
    let to = led(&admin, "/collect/regtech/credential/remove", &[]).await;
    let shown = page(&admin, &to).await;
    assert!(shown.contains("자격 증명을 지웠습니다.") && shown.contains("자격 증명이 없습니다."), "{shown}");
    let again = admin.post("/collect/regtech/credential/remove", &[]).await;
    assert_eq!(again.status, 404);
    assert!(again.text().contains("저장된 자격 증명이 없습니다."), "{}", again.text());
}

#[tokio::test]
async fn a_trial_says_what_came_and_keeps_nothing() {
    let bench = Bench::regtech().await;
    let operator = bench.rig.signed_in(Role::Operator);
    let tried = operator.post("/collect/regtech/test", &[]).await;
    assert_eq!(tried.status, 200, "{}", tried.text());
    assert!(tried.text().contains("저장하거나 바꾼 것은 없습니다."), "{}", tried.text());
    assert_eq!(bench.rig.get("/api/v1/runs").await.json()["runs"], json!([]));
    assert_eq!(bench.rig.signed_in(Role::Viewer).post("/collect/regtech/test", &[]).await.status, 403);
}

#[tokio::test]
async fn what_the_portal_refuses_is_said_with_what_to_do() {
    let bench = Bench::regtech().await;
    let admin = bench.rig.signed_in(Role::Admin);
    let wrong = [("username", NAME), ("secret", "not the password")];
    led(&admin, "/collect/regtech/credential", &wrong).await;
    let answer = admin.post("/collect/regtech/verify", &[]).await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    let info = collect::Trouble::CredentialRejected.info();
    assert!(answer.text().contains(info.korean), "{}", answer.text());
    assert!(!answer.text().contains("not the password"), "{}", answer.text());
    let shown = page(&admin, "/collect").await;
    assert!(shown.contains(info.korean), "what a person has to end stands on the card: {shown}");
    let shown = english(&admin, "/collect/regtech").await;
    assert!(shown.text().contains(info.english), "{}", shown.text());
    let run = admin.post("/collect/regtech/run", &[]).await;
    assert_eq!(run.status, 409);
    assert!(run.text().contains(info.korean), "{}", run.text());
    assert_eq!(bench.sim.refused_passwords(Portal::Regtech), 1, "sent once");
    let again = admin.post("/collect/regtech/credential", &wrong).await;
    assert_eq!(again.status, 409);
    assert!(again.text().contains("포털이 거절한 것과 같은 자격 증명"), "{}", again.text());
}

#[tokio::test]
async fn a_one_time_code_is_sent_and_typed_into_its_box() {
    let bench = Bench::regtech().await;
    bench.sim.faults().on(Fault::OtpAsked);
    let operator = bench.rig.signed_in(Role::Operator);
    let needed = operator.post("/collect/regtech/verify", &[]).await;
    assert_eq!(needed.status, 422);
    assert!(needed.text().contains(collect::Trouble::OtpNeeded.info().korean), "{}", needed.text());
    let box_ = page(&operator, "/collect/regtech").await;
    assert!(box_.contains("autocomplete=\"one-time-code\"") && box_.contains("코드 보내기"), "{box_}");
    let to = led(&operator, "/collect/regtech/otp", &[("act", "send"), ("code", "")]).await;
    assert!(page(&operator, &to).await.contains("코드를 보냈습니다."), "{to}");
    let code = bench.sim.otp(Portal::Regtech).unwrap();
    let to = led(&operator, "/collect/regtech/otp", &[("act", "enter"), ("code", &code)]).await;
    assert_eq!(to, "/collect/regtech?done=otp");
    assert!(page(&operator, &to).await.contains("로그인했습니다."));
}

#[tokio::test]
async fn an_empty_code_sends_none() {
    let bench = Bench::regtech().await;
    bench.sim.faults().on(Fault::OtpAsked);
    let operator = bench.rig.signed_in(Role::Operator);
    let answer = operator.post("/collect/regtech/otp", &[("act", "enter"), ("code", "")]).await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert!(answer.text().contains("받은 코드를 입력하세요"), "{}", answer.text());
    assert!(bench.sim.otp(Portal::Regtech).is_none(), "pressing the other button sends no code");
}

#[tokio::test]
async fn a_folder_that_holds_nothing_shows_when_it_was_looked_at() {
    let bench = Bench::new().await;
    let drop = tempfile::tempdir().unwrap();
    let settings = json!({"path": drop.path(), "mode": "add", "settle": "0s"});
    let body = json!({"name": "files", "kind": "directory", "settings": settings});
    assert_eq!(bench.rig.write("POST", "/api/v1/sources", &body).await.status, 201);
    let operator = bench.rig.signed_in(Role::Operator);
    assert!(!page(&operator, "/collect/files").await.contains("마지막 확인"));
    led(&operator, "/collect/files/run", &[]).await;
    let source = bench.rig.get("/api/v1/sources/files").await.json();
    assert_eq!((&source["runs"], &source["last_run"]), (&json!([]), &Value::Null), "nothing is no run");
    assert!(source["looked_at"].is_string(), "{source}");
    assert!(page(&operator, "/collect/files").await.contains("마지막 확인(새 파일 없음)"));
}
