//! A file over HTTP: as one run of its source, all of it or nothing.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::io::Write;

use axum::body::Body;
use axum::http::Request;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use support::Answer;
use support::portal::Bench;

async fn send(bench: &Bench, query: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post(format!("/api/v1/import?{query}")).header("host", "localhost");
    let request = request.header("content-type", "application/octet-stream");
    bench.rig.send(request.body(body.into()).unwrap()).await
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

async fn kept(bench: &Bench) -> [Value; 3] {
    let of = async |path: &str| bench.rig.get(path).await.json();
    [of("/api/v1/listings").await, of("/api/v1/publications").await, of("/api/v1/runs").await]
}

#[tokio::test]
async fn a_file_is_looked_at_imported_and_written_down() {
    let bench = Bench::new().await;
    let list = "9.0.0.1\n9.0.0.2 # seen\n10.0.0.1\nnonsense\n";
    let query = "source=partner&name=C%3A%5Ctmp%5Clist.txt";
    let tried = send(&bench, &format!("{query}&dry_run=true"), list).await.json();
    assert_eq!((&tried["dry_run"], &tried["run"]["new"]), (&json!(true), &json!(2)), "{tried}");
    assert_eq!(tried["preview"]["added"], json!(["9.0.0.1", "9.0.0.2"]));
    assert_eq!(tried["refusals"]["special_space"][0], json!({"line": 3, "text": "10.0.0.1"}), "{tried}");
    assert_eq!(bench.rig.get("/api/v1/sources").await.json()["sources"], json!([]), "nothing is kept");

    let done = send(&bench, &format!("{query}&note=by+mail"), list).await.json();
    assert_eq!(
        (&done["run"]["state"], &done["run"]["input"]),
        (&json!("done"), &json!("list.txt")),
        "{done}"
    );
    assert_eq!((&done["publication"]["entries"], &done["held"]), (&json!(2), &json!([])));
    assert_eq!(done["refusals"]["special_space"], tried["refusals"]["special_space"]);
    let record = bench.rig.get("/api/v1/audit?limit=1").await.json()["audit"][0].clone();
    assert_eq!(
        (&record["action"], &record["target"]),
        (&json!("source.import"), &json!("partner")),
        "{record}"
    );
    assert_eq!((&record["note"], &record["after"]["run"]), (&json!("by mail"), &done["run"]["run"]));
    let published = bench.store.files().load_current().unwrap().unwrap();
    assert_eq!(published.entries(), 2, "the list that feeds show is a new one");

    let whole = send(&bench, "source=partner&mode=full&min_share=0", packed(b"9.0.0.2\n")).await.json();
    assert_eq!((&whole["run"]["withdrawn"], &whole["run"]["unchanged"]), (&json!(1), &json!(1)), "{whole}");
}

#[tokio::test]
async fn what_is_no_list_changes_nothing_and_says_why() {
    let bench = Bench::new().await;
    assert_eq!(send(&bench, "source=partner", "9.0.0.1\n9.0.0.2\n9.0.0.3\n").await.status, 200);
    let before = kept(&bench).await;
    let bomb = packed(&b"9.0.0.1\n".repeat(8 << 20));
    let korean = b"\xc1\xa6\xb8\xf1,IP\n\xc7\xd1\xb1\xdb,9.0.0.1\n".to_vec();
    for (what, body, status, cause) in [
        ("empty", Vec::new(), 422, "unreadable"),
        ("white space", b" \n\n".to_vec(), 422, "unreadable"),
        ("a web page", b"<!DOCTYPE html><html><body>9.0.0.1</body></html>".to_vec(), 422, "maintenance"),
        ("a bomb", bomb, 422, "too_large"),
        ("another encoding", korean, 422, "unreadable"),
        ("a workbook that is cut off", b"PK\x03\x04".to_vec(), 422, "broken_off"),
    ] {
        for dry in ["", "&dry_run=true"] {
            let answer = send(&bench, &format!("source=partner{dry}"), body.clone()).await;
            answer.problem(status);
            assert_eq!(answer.json()["cause"], cause, "{what}: {answer:?}");
        }
    }
    let large = send(&bench, "source=partner", vec![b'9'; (32 << 20) + 1]).await;
    large.problem(413);
    assert_eq!(large.json()["cause"], "body_too_large");
    for (query, status) in [
        ("", 400),
        ("source=NO", 400),
        ("source=new", 400),
        ("source=upload", 400),
        ("source=manual", 409),
        ("source=partner&parser=magic", 400),
        ("source=partner&mode=some", 400),
        ("source=partner&min_share=2", 400),
        ("source=partner&nothing=1", 400),
    ] {
        send(&bench, query, "9.0.0.9\n").await.problem(status);
    }
    assert_eq!(kept(&bench).await, before);
}

#[tokio::test]
async fn what_must_never_be_served_is_refused_row_by_row_and_a_formula_is_a_text() {
    let bench = Bench::new().await;
    let table = "ip,reason\n0.0.0.0/0,all\n::/0,all\n9.0.0.1,\"=HYPERLINK(\"\"http://evil.example\"\")\"\n";
    let done = send(&bench, "source=partner", table).await.json();
    assert_eq!((&done["run"]["accepted"], &done["run"]["refused"]), (&json!(1), &json!(2)), "{done}");
    let listing = bench.rig.get("/api/v1/listings").await.json()["listings"][0].clone();
    assert_eq!(
        (&listing["prefix"], &listing["reason"]),
        (&json!("9.0.0.1"), &json!("=HYPERLINK(\"http://evil.example\")"))
    );
    // Nothing but what is refused is a run that is not believed, and is kept as such.
    let nothing = send(&bench, "source=partner", "0.0.0.0/0\n").await.json();
    assert_eq!(
        (&nothing["run"]["state"], &nothing["run"]["new"]),
        (&json!("refused"), &json!(0)),
        "{nothing}"
    );
    let shrunk = send(&bench, "source=partner&mode=full&dry_run=true", "9.9.9.9\n").await.json();
    assert_eq!(shrunk["run"]["withdrawn"], 1, "a list of one may be another: {shrunk}");
}
