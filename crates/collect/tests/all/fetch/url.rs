//! One document behind an address.

use std::io::Write as _;

use collect::Trouble;
use collect::fetch::url::fetch;
use collect::source::Kind;
use collect::vault::Credential;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::bench::{Bench, content, is_unchanged};
use crate::common::{first, prefixes};
use crate::support::{Server, answer};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn bench(server: &Server, settings: &[(&str, &str)]) -> Bench {
    let url = server.url("/list.txt?user=7").to_string();
    let mut all = vec![("url", url.as_str())];
    all.extend(settings);
    Bench::new(Kind::Url, &all)
}

#[tokio::test]
async fn a_document_is_fetched_parsed_and_named_without_its_query() {
    let server = Server::always(200, &[], "1.1.1.1\n10.0.0.1\n").await;
    let mut bench = bench(&server, &[("reason", "scanner"), ("confidence", "70")]);
    let content = content(fetch(&bench.ask()).await);
    assert_eq!(prefixes(&content.parsed), ["1.1.1.1"]);
    assert_eq!(first(&content.parsed).0.as_deref(), Some("scanner"));
    assert_eq!(content.parsed.batch.refused_rows(), 1);
    assert_eq!(content.input, server.url("/list.txt").to_string());
    assert!(content.input_key.is_some() && content.cursor.is_none());
}

#[tokio::test]
async fn what_the_server_says_is_unchanged_is_not_sent_again() {
    let server = Server::start(|asked| match asked.header("if-none-match") {
        Some("\"v1\"") => answer(304, &[("etag", "\"v1\"")], ""),
        _ => answer(
            200,
            &[("etag", "\"v1\""), ("last-modified", "Tue, 14 Nov 2023 22:00:00 GMT")],
            "1.1.1.1\n",
        ),
    })
    .await;
    let mut bench = bench(&server, &[]);
    let one = content(fetch(&bench.ask()).await);
    bench.keep(&one);
    assert!(is_unchanged(fetch(&bench.ask()).await));
    assert_eq!(server.asked()[1].header("if-modified-since"), Some("Tue, 14 Nov 2023 22:00:00 GMT"));

    // Another address or other settings: another list, which has to come whole.
    bench.settings.reason = Some("other".to_owned());
    content(fetch(&bench.ask()).await);
    bench.settings.reason = None;
    bench.settings.url = Some(server.url("/other"));
    content(fetch(&bench.ask()).await);
    for asked in &server.asked()[2..] {
        assert_eq!((asked.header("if-none-match"), asked.header("if-modified-since")), (None, None));
    }
}

#[tokio::test]
async fn the_same_bytes_are_unchanged_where_the_server_says_nothing() {
    let server = Server::always(200, &[], "1.1.1.1\n").await;
    let mut bench = bench(&server, &[]);
    let one = content(fetch(&bench.ask()).await);
    bench.keep(&one);
    assert!(is_unchanged(fetch(&bench.ask()).await));
    bench.settings.category = Some("scan".to_owned());
    let two = content(fetch(&bench.ask()).await);
    assert_ne!(one.input_key, two.input_key);
}

#[tokio::test]
async fn an_unchanged_that_nobody_asked_for_is_refused() {
    let server = Server::always(304, &[], "").await;
    let error = fetch(&bench(&server, &[]).ask()).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::HttpStatus);
}

#[tokio::test]
async fn a_packed_body_is_opened_whoever_packed_it() {
    for headers in [&[("content-encoding", "gzip")] as &[_], &[("content-type", "application/gzip")]] {
        let server = Server::start(move |_| answer(200, headers, gzip(b"1.1.1.1\n"))).await;
        let content = content(fetch(&bench(&server, &[]).ask()).await);
        assert_eq!(prefixes(&content.parsed), ["1.1.1.1"]);
    }
    let server = Server::always(200, &[("content-encoding", "br")], "1.1.1.1\n").await;
    let error = fetch(&bench(&server, &[]).ask()).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Unreadable);
}

#[tokio::test]
async fn a_bomb_is_stopped_by_what_comes_out_of_it() {
    let bomb = gzip(&vec![b'\n'; 64 << 20]);
    let server = Server::start(move |_| answer(200, &[("content-encoding", "gzip")], &bomb)).await;
    let error = fetch(&bench(&server, &[("parser", "list")]).ask()).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::TooLarge, "{error}");
}

#[tokio::test]
async fn what_is_no_list_is_refused_by_its_cause() {
    for (body, trouble) in [
        ("<!DOCTYPE html><title>Down for maintenance</title>", Trouble::Maintenance),
        ("", Trouble::Unreadable),
        ("\u{7}\0\0", Trouble::Unreadable),
    ] {
        let server = Server::always(200, &[], body).await;
        let error = fetch(&bench(&server, &[]).ask()).await.unwrap_err();
        assert_eq!(error.trouble, trouble, "{body}");
    }
    let server = Server::always(200, &[], &"1.1.1.1\n".repeat(200)).await;
    let error = fetch(&bench(&server, &[("max_bytes", "1024")]).ask()).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::TooLarge);
}

#[tokio::test]
async fn the_credential_goes_where_the_settings_say() {
    let login = || Credential::login("me", "pw".to_owned().into()).unwrap();
    let token = || Credential::token("t0k3n".to_owned().into()).unwrap();
    let server = Server::always(200, &[], "1.1.1.1\n").await;
    for (settings, credential) in [
        (&[("auth", "basic")] as &[_], login()),
        (&[("auth", "header"), ("auth_name", "X-Key")], token()),
        (&[("auth", "query"), ("auth_name", "key")], token()),
        (&[], token()),
    ] {
        let mut bench = bench(&server, settings);
        bench.credential = Some(credential);
        let content = content(fetch(&bench.ask()).await);
        assert!(!format!("{content:?}").contains("t0k3n"));
    }
    let asked = server.asked();
    assert_eq!(asked[0].header("authorization"), Some("Basic bWU6cHc="));
    assert_eq!(asked[1].header("x-key"), Some("t0k3n"));
    assert_eq!(asked[2].target(), "/list.txt?user=7&key=t0k3n");
    assert!(!format!("{:?}", asked[3]).contains("t0k3n"));
}

#[tokio::test]
async fn nothing_is_sent_without_the_credential_that_is_needed() {
    let server = Server::always(200, &[], "1.1.1.1\n").await;
    let mut bench = bench(&server, &[("auth", "basic")]);
    assert_eq!(fetch(&bench.ask()).await.unwrap_err().trouble, Trouble::CredentialMissing);
    bench.credential = Some(Credential::token("t0k3n".to_owned().into()).unwrap());
    assert_eq!(fetch(&bench.ask()).await.unwrap_err().trouble, Trouble::Settings);
    assert!(server.asked().is_empty());
}
