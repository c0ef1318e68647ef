//! A scripted TAXII 2.1 collection.

use collect::fetch::taxii::fetch;
use collect::source::Kind;
use collect::{Note, Trouble};

use super::bench::{Bench, content, is_unchanged};
use crate::common::prefixes;
use crate::support::{Asked, Server, Step, answer};

const TYPE: (&str, &str) = ("content-type", "application/taxii+json;version=2.1");

fn indicator(address: &str) -> String {
    format!(
        r#"{{"type":"indicator","id":"indicator--5f2a9c3e-1b7d-4c1e-9a53-0123456789ab","pattern_type":"stix","name":"scan","pattern":"[ipv4-addr:value = '{address}']","valid_from":"2023-11-01T00:00:00Z"}}"#
    )
}

fn page(addresses: &[&str], next: Option<&str>, added_last: &str) -> Vec<Step> {
    let objects: Vec<_> = addresses.iter().map(|address| indicator(address)).collect();
    let paging = next.map_or(String::new(), |next| format!(r#""more":true,"next":"{next}","#));
    let body = format!(r#"{{{paging}"objects":[{}]}}"#, objects.join(","));
    answer(200, &[TYPE, ("x-taxii-date-added-last", added_last)], body)
}

fn query(asked: &Asked, name: &str) -> Option<String> {
    let url = url::Url::parse("http://a.example").unwrap().join(asked.target()).unwrap();
    url.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}

fn bench(server: &Server) -> Bench {
    Bench::new(Kind::Taxii, &[("url", server.url("/api/collections/c1/").as_str())])
}

async fn fails(script: impl Fn(&Asked) -> Vec<Step> + Send + Sync + 'static) -> (Trouble, usize) {
    let server = Server::start(script).await;
    let mut bench = bench(&server);
    bench.settings.retries = 0;
    let error = fetch(&bench.ask()).await.unwrap_err();
    (error.trouble, server.asked().len())
}

#[tokio::test]
async fn all_pages_become_one_batch_and_the_next_run_asks_for_what_came_since() {
    let server = Server::start(|asked| match (query(asked, "added_after"), query(asked, "next")) {
        (None, None) => page(&["1.1.1.1", "10.0.0.1"], Some("a b&c"), "2023-11-02T00:00:00.000001Z"),
        (None, Some(next)) if next == "a b&c" => page(&["1.1.1.2"], Some("p3"), "2023-11-04T00:00:00Z"),
        (None, Some(next)) if next == "p3" => page(&["1.1.1.3", "x"], None, "2023-11-03T00:00:00Z"),
        (Some(after), None) if after == "2023-11-04T00:00:00Z" => answer(200, &[TYPE], "{}"),
        _ => answer(400, &[], ""),
    })
    .await;
    let mut bench = bench(&server);
    let all = content(fetch(&bench.ask()).await);
    assert_eq!(prefixes(&all.parsed), ["1.1.1.1", "1.1.1.2", "1.1.1.3"]);
    let refused: Vec<_> =
        all.parsed.batch.refused.iter().map(|row| (row.line, row.text[..7].to_owned())).collect();
    assert_eq!(refused, [(2, "page 1:".to_owned()), (2, "page 3:".to_owned())]);
    assert_eq!(all.cursor.as_deref(), Some("2023-11-04T00:00:00Z"));
    assert_eq!(all.input, server.url("/api/collections/c1/objects/").to_string());
    assert!(all.input_key.is_none() && !all.parsed.notes.contains(&Note::MorePages));
    for asked in server.asked() {
        assert_eq!(asked.header("accept"), Some("application/taxii+json;version=2.1"));
        assert!(asked.target().starts_with("/api/collections/c1/objects/"));
    }
    bench.keep(&all);
    assert!(is_unchanged(fetch(&bench.ask()).await));
}

#[tokio::test]
async fn a_server_that_pages_by_dates_alone_is_followed() {
    let server = Server::start(|asked| match query(asked, "added_after").as_deref() {
        None => {
            let body = format!(r#"{{"more":true,"objects":[{}]}}"#, indicator("1.1.1.1"));
            answer(200, &[TYPE, ("x-taxii-date-added-last", "2023-11-02T00:00:00Z")], body)
        }
        Some("2023-11-02T00:00:00Z") => page(&["1.1.1.2"], None, "2023-11-03T00:00:00Z"),
        Some(_) => answer(400, &[], ""),
    })
    .await;
    assert_eq!(prefixes(&content(fetch(&bench(&server).ask()).await).parsed), ["1.1.1.1", "1.1.1.2"]);
}

#[tokio::test]
async fn pages_that_go_round_in_a_circle_are_stopped() {
    let same = |_: &Asked| page(&["1.1.1.1"], Some("again"), "2023-11-02T00:00:00Z");
    assert_eq!(fails(same).await, (Trouble::CountMismatch, 2));
    let nowhere = |_: &Asked| answer(200, &[TYPE], r#"{"more":true,"objects":[]}"#);
    assert_eq!(fails(nowhere).await, (Trouble::CountMismatch, 1));
    // The date stays what it was.
    let stuck = |_: &Asked| {
        answer(200, &[TYPE, ("x-taxii-date-added-last", "2023-11-02T00:00:00Z")], r#"{"more":true}"#)
    };
    assert_eq!(fails(stuck).await, (Trouble::CountMismatch, 2));
}

#[tokio::test]
async fn all_pages_together_are_limited() {
    let server = Server::start(|asked| {
        let next = query(asked, "next").map_or(1, |next| next.parse::<u64>().unwrap() + 1);
        page(&["1.1.1.1"; 10], Some(&next.to_string()), "2023-11-02T00:00:00Z")
    })
    .await;
    let mut bench = bench(&server);
    bench.settings.max_bytes = 10_000;
    let error = fetch(&bench.ask()).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::TooLarge);
    assert!((2..10).contains(&server.asked().len()));
    bench.settings.max_bytes = 1 << 20;
    bench.options.limits.rows = 25;
    assert_eq!(fetch(&bench.ask()).await.unwrap_err().trouble, Trouble::TooLarge);
}

#[tokio::test]
async fn what_is_no_page_of_a_collection_is_refused_whole() {
    let of = |kind: &'static str, body: &'static str| {
        move |_: &Asked| answer(200, &[("content-type", kind)], body)
    };
    assert_eq!(fails(of("text/html", "<html>")).await.0, Trouble::Maintenance);
    assert_eq!(fails(of("application/json", "{}")).await.0, Trouble::Unreadable);
    assert_eq!(fails(of("application/taxii+json;version=2.0", "{}")).await.0, Trouble::Unreadable);
    for body in ["[]", "{\"more\":1}", "{\"objects\":[{]}", ""] {
        assert_eq!(
            fails(of("application/taxii+json; version=2.1", body)).await.0,
            Trouble::Unreadable,
            "{body}"
        );
    }
    let second = |asked: &Asked| match query(asked, "next") {
        None => page(&["1.1.1.1"], Some("p2"), "2023-11-02T00:00:00Z"),
        Some(_) => answer(500, &[], ""),
    };
    assert_eq!(fails(second).await, (Trouble::ServerError, 2));
}
