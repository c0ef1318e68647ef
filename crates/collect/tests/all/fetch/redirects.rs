//! Which redirects are followed, and what goes along.

use collect::fetch::network::{Request, Statuses};
use collect::{Failure, Trouble};
use reqwest::Method;
use reqwest::header::{COOKIE, HeaderName, HeaderValue};

use crate::support::tls::Authority;
use crate::support::{Net, Server, answer};

async fn to(location: &'static str) -> Server {
    Server::start(move |asked| match asked.target() {
        "/start" => answer(302, &[("location", location)], ""),
        _ => answer(200, &[], "arrived"),
    })
    .await
}

async fn refused(location: &'static str) -> Failure {
    let server = to(location).await;
    Net::new().network.send(&Request::get(server.url("/start")).redirects(3)).await.unwrap_err()
}

#[tokio::test]
async fn redirects_are_followed_up_to_their_number() {
    let server = to("end?x=1#part").await;
    let answer = Net::new().network.send(&Request::get(server.url("/start")).redirects(1)).await.unwrap();
    assert_eq!((answer.url, answer.body.len()), (server.url("/end?x=1"), 7));

    let around = Server::always(307, &[("location", "/start")], "").await;
    let error = Net::new().network.send(&Request::get(around.url("/start")).redirects(3)).await.unwrap_err();
    assert_eq!((error.trouble, around.asked().len()), (Trouble::Redirect, 4));
}

#[tokio::test]
async fn whoever_follows_none_is_told_where_it_leads() {
    let server = to("/end").await;
    let request = Request::get(server.url("/start")).statuses(Statuses::Explained);
    let answer = Net::new().network.send(&request).await.unwrap();
    assert_eq!(answer.location(), Some(server.url("/end")));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_redirect_to_nowhere_or_to_another_scheme_is_refused() {
    for location in
        ["ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http://me:pw@127.0.0.1/", "javascript:1"]
    {
        assert_eq!(refused(location).await.trouble, Trouble::Redirect, "{location}");
    }
    let none = Server::always(302, &[], "").await;
    let error = Net::new().network.send(&Request::get(none.url("/")).redirects(1)).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Redirect);
}

#[tokio::test]
async fn tls_is_never_left() {
    let (net, authority) = (Net::new(), Authority::new());
    let plain = Server::always(200, &[], "").await;
    let location = plain.url("/").to_string();
    let tls = authority.server("127.0.0.1", false);
    let server = Server::start_tls(tls, move |_| answer(302, &[("location", &location)], "")).await;
    let request = Request::get(server.url("/")).redirects(3).ca_file(Some(authority.file(&net.spool())));
    let error = net.network.send(&request).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Redirect);
    assert!(error.detail.contains("plain HTTP") && plain.asked().is_empty(), "{error}");
}

#[tokio::test]
async fn a_public_address_leads_nowhere_private() {
    // The proxy makes a public name of a server on loopback.
    for location in [
        "http://127.0.0.1:1/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://[::ffff:192.168.0.1]/",
        "http://2130706433/",
        "http://localhost/",
        "http://a.localhost./",
    ] {
        let proxy = Server::always(302, &[("location", location)], "").await;
        let url = "http://feeds.example/list".parse().unwrap();
        let request = Request::get(url).redirects(3).proxy(Some(proxy.url("")));
        let error = Net::new().network.send(&request).await.unwrap_err();
        assert_eq!(error.trouble, Trouble::Redirect, "{location}");
        assert!(error.detail.contains("not"), "{error}");
        assert_eq!(proxy.asked().len(), 1);
        assert_eq!(proxy.asked()[0].target(), "http://feeds.example/list");
    }
}

#[tokio::test]
async fn a_secret_stays_at_its_origin() {
    let target = Server::always(200, &[], "").await;
    let (away, back) = (target.other_origin("/away").to_string(), "/there");
    let server = Server::start(move |asked| {
        let location = if asked.target().starts_with("/start") { back } else { &away };
        answer(302, &[("location", location)], "")
    })
    .await;
    let secret = "s3cret".to_owned().into();
    let request = Request::get(server.url("/start?a=1"))
        .redirects(5)
        .header(COOKIE, HeaderValue::from_static("session=s3cret"))
        .secret_query("key", secret)
        .secret_header(HeaderName::from_static("x-token"), &"s3cret".to_owned().into())
        .unwrap()
        .basic("user", &"s3cret".to_owned().into())
        .unwrap();
    Net::new().network.send(&request).await.unwrap();
    let home = server.asked();
    assert_eq!((home[0].target(), home[1].target()), ("/start?a=1&key=s3cret", "/there?key=s3cret"));
    for asked in &home {
        assert_eq!(asked.header("x-token"), Some("s3cret"));
        assert_eq!(asked.header("authorization"), Some("Basic dXNlcjpzM2NyZXQ="));
    }
    let away = &target.asked()[0];
    assert_eq!(away.target(), "/away");
    assert!(!away.head.contains("s3cret") && away.header("authorization").is_none(), "{away:?}");
}

#[tokio::test]
async fn a_form_becomes_a_get_or_stays_at_its_origin() {
    let server = Server::start(|asked| match asked.target() {
        "/303" => answer(303, &[("location", "/end")], ""),
        "/307" => answer(307, &[("location", "/end")], ""),
        "/308" => answer(308, &[("location", "http://localhost:1/")], ""),
        _ => answer(200, &[], ""),
    })
    .await;
    let network = Net::new().network;
    let post = |path| Request::new(Method::POST, server.url(path)).field("pw", "s3cret").redirects(1);
    network.send(&post("/303")).await.unwrap();
    network.send(&post("/307")).await.unwrap();
    let error = network.send(&post("/308")).await.unwrap_err();
    let asked: Vec<_> = server.asked().iter().map(|asked| (asked.line.clone(), asked.body.clone())).collect();
    assert_eq!(asked[1], ("GET /end HTTP/1.1".to_owned(), String::new()));
    assert_eq!(asked[3], ("POST /end HTTP/1.1".to_owned(), "pw=s3cret".to_owned()));
    assert_eq!(error.trouble, Trouble::Redirect);
}
