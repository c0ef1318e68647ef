//! Secrets go in and never come out: not in an answer, a metric or the log.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use serde_json::json;
use support::portal::{Bench, NAME, PASSWORD};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_answer_no_metric_and_no_line_of_the_log_holds_a_secret() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .init();
    let bench = Bench::regtech().await;
    let rig = &bench.rig;
    let mut said = String::new();
    for (method, path, body) in [
        ("PUT", "/credentials/regtech", json!({"username": NAME, "secret": PASSWORD})),
        // Every way to get the body wrong.
        ("PUT", "/credentials/regtech", json!({"username": NAME, "secret": [PASSWORD]})),
        ("PUT", "/credentials/regtech", json!({"username": {NAME: PASSWORD}, "secret": "x"})),
        ("PUT", "/credentials/regtech", json!({PASSWORD: "secret"})),
        ("PUT", "/credentials/regtech", json!({"secret": "x", "expires_on": PASSWORD})),
        ("PUT", "/credentials/regtech", json!({"secret": "x", "remind_days": PASSWORD})),
        ("PUT", "/credentials/regtech", json!(PASSWORD)),
        ("PUT", "/credentials/regtech", json!({"secret": PASSWORD})),
        ("PUT", "/credentials/regtech", json!({"username": NAME, "secret": format!("{PASSWORD}\n")})),
        ("PUT", "/credentials/regtech", json!({"username": NAME, "secret": PASSWORD.repeat(300)})),
        ("PUT", "/credentials/regtech", json!({"username": NAME, "secret": PASSWORD.repeat(5_000)})),
        ("PUT", "/credentials/nosuch", json!({"username": NAME, "secret": PASSWORD})),
        ("POST", "/credentials/regtech/verify", json!({"secret": PASSWORD})),
        ("POST", "/credentials/regtech/verify", json!({})),
        ("POST", "/sources/regtech/test", json!({})),
        ("POST", "/sources/regtech/run", json!({})),
        ("POST", "/credentials/regtech/otp", json!({"code": PASSWORD})),
        ("POST", "/credentials/regtech/otp", json!({"kode": PASSWORD})),
        ("POST", "/credentials/regtech/otp", json!({"code": [PASSWORD]})),
        ("POST", "/credentials/regtech/session", json!({"value": PASSWORD})),
        ("POST", "/credentials/regtech/session", json!({"value": {"x": PASSWORD}})),
        ("POST", "/credentials/regtech/session", json!([PASSWORD])),
        (
            "PUT",
            "/credentials/regtech",
            json!({"username": NAME, "secret": format!("{PASSWORD}, but wrong")}),
        ),
        ("POST", "/credentials/regtech/verify", json!({})),
        ("POST", "/sources/regtech/run", json!({})),
    ] {
        let answer = rig.write(method, &format!("/api/v1{path}"), &body).await;
        writeln!(said, "{method} {path} {} {:?} {}", answer.status, answer.headers, answer.text()).unwrap();
        if path == "/sources/regtech/run" && answer.status == 202 {
            bench.run_number(1).await;
        }
    }
    for path in [
        "/api/v1/sources",
        "/api/v1/sources/regtech",
        "/api/v1/credentials",
        "/api/v1/runs",
        "/api/v1/runs/1",
        "/api/v1/openapi.json",
        "/metrics",
    ] {
        said += rig.get(path).await.text();
    }
    let broken = rig.post("/api/v1/credentials/regtech/session", format!("{{\"value\":\"{PASSWORD}")).await;
    said += broken.text();
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(said.contains("credential_rejected") && said.contains("\"key_id\""), "{said}");
    assert!(logged.contains("collected"), "{logged}");
    let quoted = json!(PASSWORD).to_string();
    let form = PASSWORD.replace(':', "%3A").replace('&', "%26");
    for secret in [PASSWORD, quoted.trim_matches('"'), &form, NAME] {
        assert!(!said.contains(secret), "{secret} in an answer:\n{said}");
        assert!(!logged.contains(secret), "{secret} in the log:\n{logged}");
    }
}
