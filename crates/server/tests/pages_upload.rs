//! The pages on which a file is sent: first what would change, then the deed.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use store::Role;
use support::Answer;
use support::accounts::Browser;
use support::portal::Bench;

/// A form in parts, as a browser sends it.
fn parts(fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--xx\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n").bytes());
        body.extend([value.as_bytes(), b"\r\n"].concat());
    }
    if let Some((name, bytes)) = file {
        let head = format!("--xx\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n");
        body.extend([head.as_bytes(), b"content-type: text/plain\r\n\r\n", bytes, b"\r\n"].concat());
    }
    body.extend(b"--xx--\r\n");
    body
}

async fn send(browser: &Browser, path: &str, body: Vec<u8>) -> Answer {
    let request = Request::post(path)
        .header("accept", "text/html")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=xx");
    browser.send(request, Body::from(body)).await
}

async fn upload(browser: &Browser, fields: &[(&str, &str)], file: &[u8]) -> Answer {
    let csrf = browser.csrf();
    let all: Vec<(&str, &str)> =
        [("csrf", csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
    send(browser, "/collect/upload", parts(&all, Some(("list.txt", file)))).await
}

fn id(page: &str) -> String {
    let from = page.split("name=\"id\" value=\"").nth(1).unwrap();
    from.split('"').next().unwrap().to_owned()
}

async fn kept(bench: &Bench) -> [Value; 3] {
    let of = async |path: &str| bench.rig.get(path).await.json();
    [of("/api/v1/sources").await, of("/api/v1/listings").await, of("/api/v1/publications").await]
}

#[tokio::test]
async fn a_file_is_looked_at_and_then_imported() {
    let bench = Bench::new().await;
    let operator = bench.rig.signed_in(Role::Operator);
    let form = operator.get("/collect/upload").await;
    assert!(form.text().contains("enctype=\"multipart/form-data\""), "{}", form.text());
    assert!(operator.get("/collect").await.text().contains("href=\"/collect/upload\""));
    let before = kept(&bench).await;
    let list = b"9.0.0.1\n9.0.0.2\n10.0.0.1\n<b>x</b>\n";
    let seen = upload(&operator, &[("name", "partner"), ("mode", "add"), ("parser", "list")], list).await;
    assert_eq!(seen.status, 200, "{}", seen.text());
    for part in ["9.0.0.1", "2 / 4", "신규 2 · 변경 0", "특수 대역", "10.0.0.1", "&#60;b&#62;x", "추가 2건"]
    {
        assert!(seen.text().contains(part), "{part} in {}", seen.text());
    }
    assert!(!seen.text().contains("<b>x"), "{}", seen.text());
    assert_eq!(kept(&bench).await, before, "a look changes nothing");

    let id = id(seen.text());
    let other = bench.rig.signed_in(Role::Admin);
    let strange = other.post("/collect/upload/keep", &[("id", &id)]).await;
    assert_eq!(strange.status, 409, "a file waits for its sender");
    let done = operator.post("/collect/upload/keep", &[("id", &id)]).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/collect/partner?done=imported"));
    assert!(operator.get("/collect/partner?done=imported").await.text().contains("파일을 반영했습니다"));
    assert_eq!(bench.rig.get("/api/v1/listings").await.json()["listings"].as_array().unwrap().len(), 2);
    let run = bench.rig.get("/api/v1/runs").await.json()["runs"][0].clone();
    assert_eq!((&run["input"], &run["new"]), (&json!("list.txt"), &json!(2)));
    let record = bench.rig.get("/api/v1/audit?limit=1").await.json()["audit"][0].clone();
    assert_eq!((&record["action"], &record["by"]), (&json!("source.import"), &json!("operator")), "{record}");
    let again = operator.post("/collect/upload/keep", &[("id", &id)]).await;
    assert_eq!(again.status, 409);
    assert!(again.text().contains("파일을 다시 고르세요"), "{}", again.text());

    let form = operator.get("/collect/upload?source=partner").await;
    assert!(form.text().contains("<option value=\"partner\" selected>"), "{}", form.text());
    let link = "href=\"/collect/upload?source=partner\"";
    assert!(operator.get("/collect/partner").await.text().contains(link));
}

#[tokio::test]
async fn what_is_wrong_stands_at_the_field_or_above_the_form() {
    let bench = Bench::new().await;
    let operator = bench.rig.signed_in(Role::Operator);
    let before = kept(&bench).await;
    let csrf = operator.csrf();
    let none = send(&operator, "/collect/upload", parts(&[("csrf", &csrf), ("name", "a")], None)).await;
    assert_eq!(none.status, 422);
    assert!(
        none.text().contains("id=\"file-wrong\"") && none.text().contains("value=\"a\""),
        "{}",
        none.text()
    );
    for (fields, status, says) in [
        (&[][..], 422, "id=\"name-wrong\""),
        (&[("name", "a"), ("source", "b")], 422, "id=\"name-wrong\""),
        (&[("name", "NO")], 400, "수집처 이름은"),
        (&[("name", "upload")], 400, "화면 주소로"),
        (&[("name", "manual")], 409, "직접 차단한"),
    ] {
        let refused = upload(&operator, fields, b"9.0.0.1\n").await;
        assert_eq!(refused.status.as_u16(), status, "{fields:?}: {}", refused.text());
        assert!(refused.text().contains(says), "{fields:?}: {}", refused.text());
    }
    let html = upload(&operator, &[("name", "a")], b"<!DOCTYPE html><html></html>").await;
    assert_eq!(html.status, 422);
    assert!(html.text().contains("데이터 대신 웹 페이지가 옴"), "{}", html.text());
    let large = upload(&operator, &[("name", "a")], &vec![b'9'; (32 << 20) + 1]).await;
    assert_eq!(large.status, 413);
    let nothing = upload(&operator, &[("name", "a")], b"0.0.0.0/0\n").await;
    assert!(nothing.text().contains("이대로는 반영되지 않습니다"), "{}", nothing.text());
    assert!(!nothing.text().contains("/collect/upload/keep"), "{}", nothing.text());
    assert_eq!(kept(&bench).await, before);
}

#[tokio::test]
async fn a_candidate_that_the_gate_would_hold_is_said_to_be_so_before() {
    let bench = Bench::new().await;
    let operator = bench.rig.signed_in(Role::Operator);
    let list = (0..200).map(|n| format!("9.0.0.{n}\n")).collect::<Vec<_>>().concat();
    let seen = upload(&operator, &[("name", "partner")], list.as_bytes()).await;
    assert!(!seen.text().contains("id=\"held\""), "{}", seen.text());
    let done = operator.post("/collect/upload/keep", &[("id", &id(seen.text()))]).await;
    assert_eq!(done.header("location"), "/collect/partner?done=imported");
    let jump = (0..2_000).map(|n| format!("9.1.{}.{}\n", n / 256, n % 256)).collect::<Vec<_>>().concat();
    let seen = upload(&operator, &[("source", "partner")], jump.as_bytes()).await;
    assert!(seen.text().contains("id=\"held\"") && seen.text().contains("신규 2,000"), "{}", seen.text());
    let done = operator.post("/collect/upload/keep", &[("id", &id(seen.text()))]).await;
    assert_eq!(done.header("location"), "/collect/partner?done=held");
    let feed = bench.rig.get("/api/v1/publications").await.json();
    assert_eq!(feed["publications"][0]["entries"], 200, "the list goes on as it was");
}

#[tokio::test]
async fn a_form_without_its_token_from_elsewhere_or_by_a_viewer_is_refused() {
    let bench = Bench::new().await;
    let (operator, viewer) = (bench.rig.signed_in(Role::Operator), bench.rig.signed_in(Role::Viewer));
    let file = Some(("list.txt", &b"9.0.0.1\n"[..]));
    let (own, others) = (operator.csrf(), viewer.csrf());
    for fields in [
        &[("name", "a")][..],
        &[("csrf", ""), ("name", "a")],
        &[("csrf", &others), ("name", "a")],
        &[("csrf", &own), ("csrf", &own), ("name", "a")],
    ] {
        let answer = send(&operator, "/collect/upload", parts(fields, file)).await;
        assert_eq!(answer.status, 403, "{fields:?}: {}", answer.text());
    }
    // Only this route takes a form in parts.
    let other = send(&operator, "/collect/upload/keep", parts(&[("csrf", &own)], None)).await;
    assert_eq!(other.status, 415);
    let broken = send(&operator, "/collect/upload", b"--xx\r\n".to_vec()).await;
    assert_eq!(broken.status, 400);
    let many: Vec<(&str, &str)> = std::iter::repeat_n(("csrf", own.as_str()), 40).collect();
    assert_eq!(send(&operator, "/collect/upload", parts(&many, None)).await.status, 400);
    assert_eq!(viewer.get("/collect/upload").await.status, 403);
    assert_eq!(upload(&viewer, &[("name", "a")], b"9.0.0.1\n").await.status, 403);
    assert!(!viewer.get("/collect").await.text().contains("/collect/upload"));
    assert_eq!(bench.rig.get("/api/v1/sources").await.json()["sources"], json!([]));
}
