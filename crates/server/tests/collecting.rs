//! Sources are added, changed, run and removed over HTTP, against the simulated portals.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use blocklist::Clock;
use portal_sim::{Fault, Part, Portal, Rule};
use serde_json::{Value, json};
use support::portal::Bench;
use support::{PREFIXES, Rig};

#[tokio::test]
async fn a_source_is_added_changed_run_and_removed() {
    let bench = Bench::new().await;
    let rig = &bench.rig;
    let added = rig.write("POST", "/api/v1/sources", &bench.source()).await;
    assert_eq!((added.status.as_u16(), added.header("location")), (201, "/api/v1/sources/regtech"));
    assert_eq!(added.json()["settings"]["timeout"], "5s");
    assert_eq!(added.json()["enabled"], true);

    let change = json!({"settings": {"timeout": null, "schedule": "12h"}, "enabled": false});
    let changed = rig.write("PATCH", "/api/v1/sources/regtech", &change).await.json();
    assert_eq!((&changed["settings"]["schedule"], &changed["enabled"]), (&json!("12h"), &json!(false)));
    assert!(changed["settings"].get("timeout").is_none(), "{changed}");
    let all = changed["all_settings"].as_array().unwrap();
    let schedule = all.iter().find(|setting| setting["name"] == "schedule").unwrap();
    assert_eq!(schedule, &json!({"name": "schedule", "value": "12h", "default": "6h"}));

    assert_eq!(bench.credential(support::portal::PASSWORD).await.status, 200);
    let test = rig.write("POST", "/api/v1/sources/regtech/test", &json!({})).await.json();
    assert!(test["run"]["rows"].as_u64().unwrap() > 0, "{test}");
    assert_eq!(rig.get("/api/v1/runs").await.json()["runs"], json!([]), "a test keeps nothing");

    let started = rig.ask("POST", "/api/v1/sources/regtech/run", &[]).await;
    assert_eq!((started.status.as_u16(), started.header("location")), (202, "/api/v1/sources/regtech"));
    assert_eq!(started.json()["runs"], "/api/v1/runs?source=regtech");
    let run = bench.run_number(1).await;
    assert_eq!((&run["state"], &run["trigger"]), (&json!("done"), &json!("person")));
    assert_eq!(run["window"]["until"], "2026-11-20");
    let one = rig.get("/api/v1/sources/regtech").await.json();
    assert_eq!((&one["freshness"], &one["runs"][0]["run"]), (&json!("fresh"), &run["run"]));

    let days = json!({"since": "2026-11-18", "until": "2026-11-19"});
    assert_eq!(rig.write("POST", "/api/v1/sources/regtech/run", &days).await.status, 202);
    assert_eq!(bench.run_number(2).await["window"], days);
    assert_eq!(rig.get("/api/v1/runs?state=done").await.json()["runs"].as_array().unwrap().len(), 2);
    assert_eq!(rig.get("/api/v1/runs?state=failed").await.json()["runs"], json!([]));

    let removed = rig.ask("DELETE", "/api/v1/sources/regtech", &[]).await.json();
    assert_eq!(removed["listings"], one["active"]);
    assert_eq!(removed["publication"]["serial"], 1, "{removed}");
    assert!(removed["held"][0].as_str().unwrap().contains("lists nothing"), "{removed}");
    rig.get("/api/v1/sources/regtech").await.problem(404);
    assert_eq!(rig.get("/api/v1/credentials").await.json()["credentials"], json!([]));
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_the_reason_and_changes_nothing() {
    let bench = Bench::regtech().await;
    let rig = &bench.rig;
    let before = rig.get("/api/v1/sources").await.json();
    let url = bench.sim.url(Portal::Regtech);
    for (method, path, body, status, words) in [
        ("POST", "", bench.source(), 409, "already"),
        ("POST", "", json!({"name": "x", "kind": "ftp"}), 400, "regtech, secudium"),
        ("POST", "", json!({"name": "x", "kind": "url"}), 400, "url: has to be given"),
        ("POST", "", json!({"kind": "file"}), 400, "'name'"),
        ("POST", "", json!({"name": "X", "kind": "file"}), 400, "no source name"),
        ("POST", "", json!({"name": "x"}), 400, "either 'kind' or 'template'"),
        ("POST", "", json!({"name": "x", "kind": "url", "template": "dshield"}), 400, "either"),
        ("POST", "", json!({"template": "nosuch"}), 400, "source-templates"),
        ("POST", "", json!({"name": "x", "kind": "url", "sets": {}}), 400, "unknown field `sets`"),
        (
            "POST",
            "",
            json!({"name": "x", "kind": "regtech", "settings": {"url": url, "path": "/x"}}),
            400,
            "path",
        ),
        ("PATCH", "/regtech", json!({"settings": {"schedule": "often"}}), 400, "schedule"),
        ("PATCH", "/regtech", json!({"settings": {"nothing": null}}), 400, "nothing"),
        ("PATCH", "/regtech", json!({"settings": {"retries": 3}}), 400, "string"),
        ("PATCH", "/nosuch", json!({"enabled": true}), 404, "nosuch"),
        ("PATCH", "/NO%20NAME", json!({}), 404, "no such source"),
        ("DELETE", "/nosuch", json!({}), 404, "nosuch"),
        ("POST", "/nosuch/run", json!({}), 404, "nosuch"),
        ("POST", "/nosuch/test", json!({}), 404, "nosuch"),
        ("POST", "/regtech/run", json!({"since": "yesterday"}), 400, "YYYY-MM-DD"),
    ] {
        let answer = rig.write(method, &format!("/api/v1/sources{path}"), &body).await;
        let detail = answer.problem(status);
        assert!(detail.contains(words), "{method} {path} {body}: {detail}");
    }
    let large = rig.write("POST", "/api/v1/sources", &json!({"name": "x".repeat(65_536)})).await;
    assert!(large.problem(413).contains("65536"));
    assert_eq!(rig.get("/api/v1/sources").await.json(), before);
}

#[tokio::test]
async fn a_template_is_a_source_of_its_own_name_with_what_is_given_over_it() {
    let bench = Bench::new().await;
    let templates = bench.rig.get("/api/v1/source-templates").await.json();
    let template = &templates["templates"][0];
    let body = json!({"template": template["template"], "settings": {"schedule": "never"}, "enabled": false});
    let added = bench.rig.write("POST", "/api/v1/sources", &body).await.json();
    assert_eq!((&added["name"], &added["kind"]), (&template["template"], &template["kind"]));
    assert_eq!(added["settings"]["url"], template["settings"]["url"]);
    assert_eq!((&added["settings"]["schedule"], &added["enabled"]), (&json!("never"), &json!(false)));
    let named = json!({"name": "another", "template": template["template"]});
    assert_eq!(bench.rig.write("POST", "/api/v1/sources", &named).await.json()["name"], "another");
}

#[tokio::test]
async fn files_of_a_directory_are_taken_one_run_each_in_the_background() {
    let bench = Bench::new().await;
    let drop = tempfile::tempdir().unwrap();
    for (name, line) in [("a.txt", "9.0.0.1\n"), ("b.txt", "9.0.0.2\n")] {
        std::fs::write(drop.path().join(name), line).unwrap();
    }
    let settings = json!({"path": drop.path(), "mode": "add", "settle": "0s"});
    let body = json!({"name": "regtech", "kind": "directory", "settings": settings});
    assert_eq!(bench.rig.write("POST", "/api/v1/sources", &body).await.status, 201);
    assert_eq!(bench.rig.ask("POST", "/api/v1/sources/regtech/run", &[]).await.status, 202);
    bench.run_number(2).await;
    let source = bench.rig.get("/api/v1/sources/regtech").await.json();
    assert_eq!(source["active"], 2, "{source}");
    let nothing = bench.rig.ask("POST", "/api/v1/sources/regtech/test", &[]).await.json();
    assert_eq!(nothing, json!({"run": null, "notes": []}));
}

#[tokio::test]
async fn nothing_changes_under_a_run_that_is_under_way() {
    let bench = Bench::regtech().await;
    let claim = bench.store.claim(&"regtech".parse().unwrap()).unwrap().unwrap();
    for (method, path, body) in [
        ("PATCH", "/api/v1/sources/regtech", json!({"enabled": false})),
        ("DELETE", "/api/v1/sources/regtech", json!({})),
        ("POST", "/api/v1/sources/regtech/run", json!({})),
        ("POST", "/api/v1/sources/regtech/test", json!({})),
        ("PUT", "/api/v1/credentials/regtech", json!({"username": "a", "secret": "b"})),
        ("DELETE", "/api/v1/credentials/regtech", json!({})),
        ("POST", "/api/v1/credentials/regtech/verify", json!({})),
        ("POST", "/api/v1/credentials/regtech/otp", json!({})),
        ("POST", "/api/v1/credentials/regtech/session", json!({"value": "x"})),
    ] {
        let detail = bench.rig.write(method, path, &body).await.problem(409);
        assert!(detail.contains("under way"), "{method} {path}: {detail}");
    }
    drop(claim);
    let test = bench.rig.ask("POST", "/api/v1/sources/regtech/test", &[]).await;
    assert_eq!(test.status, 200, "{test:?}");
}

#[tokio::test]
async fn a_refused_password_stands_against_every_run_until_a_person_acts() {
    let bench = Bench::regtech().await;
    let rig = &bench.rig;
    bench.credential("not the password").await;
    let verified = rig.ask("POST", "/api/v1/credentials/regtech/verify", &[]).await;
    verified.problem(422);
    assert_eq!(verified.json()["cause"], "credential_rejected");
    assert!(verified.json()["hint"].as_str().unwrap().contains("credential set"));
    let run = rig.ask("POST", "/api/v1/sources/regtech/run", &[]).await;
    run.problem(409);
    assert_eq!(run.json()["cause"], "credential_rejected");
    assert_eq!(bench.sim.refused_passwords(Portal::Regtech), 1, "sent once");
    let source = rig.get("/api/v1/sources/regtech").await.json();
    assert_eq!(source["condition"]["id"], "credential_rejected");
    assert_eq!(source["credential"]["rejected_by"], "credential_rejected");

    bench.credential(support::portal::PASSWORD).await;
    let verified = rig.ask("POST", "/api/v1/credentials/regtech/verify", &[]).await.json();
    assert!(verified["rows"].as_u64().unwrap() > 0, "{verified}");
    assert!(rig.get("/api/v1/sources/regtech").await.json()["condition"].is_null());
}

#[tokio::test]
async fn a_one_time_code_is_sent_and_typed_in() {
    let bench = Bench::regtech().await;
    bench.sim.faults().on(Fault::OtpAsked);
    let verify = bench.rig.ask("POST", "/api/v1/credentials/regtech/verify", &[]).await;
    verify.problem(422);
    assert_eq!(verify.json()["cause"], "otp_needed");
    let otp = "/api/v1/credentials/regtech/otp";
    assert_eq!(bench.rig.write("POST", otp, &json!({})).await.json()["code_sent"], true);
    let code = bench.sim.otp(Portal::Regtech).unwrap();
    let logged_in = bench.rig.write("POST", otp, &json!({"code": code})).await.json();
    assert!(logged_in["rows"].as_u64().unwrap() > 0, "{logged_in}");
}

#[tokio::test]
async fn a_key_that_is_lost_is_a_fault_of_this_machine_and_told_without_its_place() {
    let bench = Bench::regtech().await;
    std::fs::remove_file(bench.dir.path().join("vault.key")).unwrap();
    for answer in
        [bench.credential("x").await, bench.rig.ask("POST", "/api/v1/credentials/regtech/verify", &[]).await]
    {
        answer.problem(503);
        assert_eq!(answer.json()["cause"], "vault_locked");
        assert!(answer.json()["id"].is_string());
        assert!(!answer.text().contains("vault.key"), "{}", answer.text());
    }
}

#[tokio::test]
async fn who_takes_no_credential_is_told_so() {
    let bench = Bench::new().await;
    bench.rig.write("POST", "/api/v1/sources", &json!({"name": "ours", "kind": "file"})).await;
    let put = json!({"secret": "x"});
    assert!(bench.rig.write("PUT", "/api/v1/credentials/ours", &put).await.problem(409).contains("takes no"));
    bench.rig.ask("DELETE", "/api/v1/credentials/ours", &[]).await.problem(404);
    bench.rig.ask("POST", "/api/v1/sources/ours/run", &[]).await.problem(409);
    bench.rig.write("PUT", "/api/v1/credentials/nosuch", &put).await.problem(404);
    bench.rig.ask("DELETE", "/api/v1/credentials/nosuch", &[]).await.problem(404);
}

#[tokio::test]
async fn a_process_that_collects_nothing_shows_sources_and_changes_none() {
    let bench = Bench::regtech().await;
    let rig = Rig::new(Some(bench.store.clone()));
    assert_eq!(rig.get("/api/v1/sources").await.json()["sources"][0]["name"], "regtech");
    assert_eq!(rig.get("/api/v1/credentials").await.json()["credentials"][0]["source"], "regtech");
    for (method, path) in [
        ("PATCH", "/api/v1/sources/regtech"),
        ("DELETE", "/api/v1/sources/regtech"),
        ("POST", "/api/v1/sources/regtech/run"),
        ("POST", "/api/v1/sources/regtech/test"),
        ("DELETE", "/api/v1/credentials/regtech"),
        ("POST", "/api/v1/credentials/regtech/verify"),
        ("POST", "/api/v1/credentials/regtech/otp"),
    ] {
        let detail = rig.ask(method, path, &[]).await.problem(503);
        assert_eq!(detail, "nothing is collected by this process", "{method} {path}");
    }
    let put = rig.write("PUT", "/api/v1/credentials/regtech", &json!({"secret": "x"})).await;
    put.problem(503);
}

#[tokio::test]
async fn the_metrics_tell_age_failures_and_runs_of_each_source() {
    let bench = Bench::regtech().await;
    let rig = &bench.rig;
    let line = async |line: &str| {
        let metrics = rig.get("/metrics").await;
        assert!(metrics.text().lines().any(|found| found == line), "{line}\n{}", metrics.text());
    };
    line(r#"blacklist_source_failures{source="regtech"} 0"#).await;
    assert!(!rig.get("/metrics").await.text().contains("source_age_seconds{"), "never collected");
    rig.ask("POST", "/api/v1/sources/regtech/run", &[]).await;
    bench.run_number(1).await;
    rig.clock.set(rig.clock.now().plus_seconds(60));
    line(r#"blacklist_source_age_seconds{source="regtech"} 60"#).await;
    bench.sim.faults().on(Fault::HeaderRenamed);
    rig.ask("POST", "/api/v1/sources/regtech/run", &[]).await;
    bench.run_number(2).await;
    bench.sim.faults().clear();
    bench.sim.faults().on(Fault::Unavailable);
    rig.ask("POST", "/api/v1/sources/regtech/run", &[]).await;
    bench.run_number(3).await;
    line(r#"blacklist_source_failures{source="regtech"} 1"#).await;
    line(r#"blacklist_runs_total{source="regtech",state="failed"} 1"#).await;
    line(r#"blacklist_runs_total{source="regtech",state="done"} 1"#).await;
    line(r#"blacklist_runs_total{source="regtech",state="refused"} 1"#).await;
    rig.ask("DELETE", "/api/v1/sources/regtech", &[]).await;
    assert!(!rig.get("/metrics").await.text().contains("source_failures{"));
    // A store that cannot answer takes no other figure away.
    std::fs::remove_file(bench.dir.path().join("blacklist.db")).unwrap();
    line("blacklist_publication_serial 0").await;
}

#[tokio::test]
async fn the_shapes_of_the_document_are_those_of_the_answers() {
    let bench = Bench::regtech().await;
    let rig = &bench.rig;
    let document = rig.get("/api/v1/openapi.json").await.json();
    let shape = |name: &str, answer: &Value| support::has_shape(&document, name, answer);
    let test = rig.ask("POST", "/api/v1/sources/regtech/test", &[]).await.json();
    shape("Preview", &test);
    shape("Run", &test["run"]);
    shape("Started", &rig.ask("POST", "/api/v1/sources/regtech/run", &[]).await.json());
    bench.run_number(1).await;
    shape("Verified", &rig.ask("POST", "/api/v1/credentials/regtech/verify", &[]).await.json());
    let credentials = rig.get("/api/v1/credentials").await.json();
    shape("Credentials", &credentials);
    shape("Credential", &credentials["credentials"][0]);
    bench.credential("wrong").await;
    let problem = rig.ask("POST", "/api/v1/credentials/regtech/verify", &[]).await.json();
    assert_eq!(problem.as_object().unwrap().len(), 5, "{problem}");
    let source = rig.get("/api/v1/sources/regtech").await.json();
    shape("OneSource", &source);
    shape("SettingValue", &source["all_settings"][0]);
    shape("Condition", &source["condition"]);
    shape("Window", &source["runs"][0]["window"]);
    let kinds = rig.get("/api/v1/source-kinds").await.json();
    shape("Kinds", &kinds);
    shape("KindShown", &kinds["kinds"][0]);
    shape("SettingShown", &kinds["kinds"][0]["settings"][0]);
    let templates = rig.get("/api/v1/source-templates").await.json();
    shape("Templates", &templates);
    shape("TemplateShown", &templates["templates"][0]);
    shape("Words", &templates["templates"][0]["terms"]);
    shape("RemovedSource", &rig.ask("DELETE", "/api/v1/sources/regtech", &[]).await.json());
}

#[tokio::test]
async fn a_live_publication_needs_no_collector() {
    let rig = Rig::live(PREFIXES).await;
    assert_eq!(rig.get("/api/v1/source-kinds").await.status, 200);
    rig.get("/api/v1/credentials").await.problem(503);
}

#[tokio::test]
async fn a_run_that_waits_for_a_portal_is_cancelled_and_nothing_changes() {
    let bench = Bench::regtech().await;
    let rig = &bench.rig;
    let start = || rig.ask("POST", "/api/v1/sources/regtech/run", &[]);
    let cancel = || rig.ask("POST", "/api/v1/sources/regtech/cancel", &[]);
    let nothing = cancel().await;
    assert!(nothing.problem(409).contains("no run of 'regtech'"));
    assert_eq!(nothing.json()["cause"], "nothing_runs");
    rig.write("POST", "/api/v1/sources/nosuch/cancel", &json!({})).await.problem(404);

    assert_eq!(start().await.status, 202);
    bench.run_number(1).await;
    let listings = rig.get("/api/v1/listings").await.json();
    let before = rig.get("/api/v1/sources/regtech").await.json();
    let publications = rig.get("/api/v1/publications").await.json();
    bench.sim.faults().set(Fault::Stall, Rule { part: Some(Part::Data), ..Rule::default() });
    assert_eq!(start().await.status, 202);
    let cancelled = cancel().await;
    assert_eq!((cancelled.status.as_u16(), cancelled.header("location")), (202, "/api/v1/sources/regtech"));
    let run = bench.run_number(2).await;
    assert_eq!((&run["state"], &run["cause_id"]), (&json!("failed"), &json!("cancelled")));
    assert_eq!(rig.get("/api/v1/listings").await.json(), listings);
    assert_eq!(rig.get("/api/v1/publications").await.json(), publications);
    let after = rig.get("/api/v1/sources/regtech").await.json();
    for kept in ["failures", "circuit_open", "condition", "good_at", "freshness", "covered_until"] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
    let record = rig.get("/api/v1/audit?limit=1").await.json();
    let last = &record["audit"][0];
    assert_eq!((&last["action"], &last["target"]), (&json!("source.cancel"), &json!("regtech")), "{record}");

    bench.sim.faults().clear();
    assert_eq!(start().await.status, 202);
    assert_eq!(bench.run_number(3).await["state"], "done");
}
