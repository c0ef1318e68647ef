//! TLS is verified, always.

use std::time::Duration;

use collect::fetch::network::Request;
use collect::{Failure, Trouble};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::tls::Authority;
use crate::support::{Net, Server, answer};

async fn ask(
    net: &Net,
    authority: &Authority,
    name: &str,
    expired: bool,
    trusted: bool,
) -> Result<(), Failure> {
    let server = Server::start_tls(authority.server(name, expired), |_| answer(200, &[], "")).await;
    let file = trusted.then(|| authority.file(&net.spool()));
    let answer = net.network.send(&Request::get(server.url("/")).ca_file(file)).await;
    answer.map(|_| assert_eq!(server.asked().len(), 1)).inspect_err(|_| assert!(server.asked().is_empty()))
}

#[tokio::test]
async fn a_private_authority_is_trusted_where_its_file_is_named_and_nowhere_else() {
    let (net, authority) = (Net::new(), Authority::new());
    ask(&net, &authority, "127.0.0.1", false, true).await.unwrap();
    let error = ask(&net, &authority, "127.0.0.1", false, false).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Tls);
    assert!(error.detail.contains("issuer is not trusted"), "{error}");
    // The file of another authority helps nobody.
    let other = Authority::new();
    let server = Server::start_tls(authority.server("127.0.0.1", false), |_| answer(200, &[], "")).await;
    let request = Request::get(server.url("/")).ca_file(Some(other.file(&net.spool())));
    assert_eq!(net.network.send(&request).await.unwrap_err().trouble, Trouble::Tls);
}

#[tokio::test]
async fn a_certificate_for_another_name_or_another_time_is_refused() {
    let (net, authority) = (Net::new(), Authority::new());
    let name = ask(&net, &authority, "other.example", false, true).await.unwrap_err();
    let time = ask(&net, &authority, "127.0.0.1", true, true).await.unwrap_err();
    assert_eq!((name.trouble, time.trouble), (Trouble::Tls, Trouble::Tls));
    assert!(name.detail.contains("another name") && time.detail.contains("expired"), "{name} {time}");
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_told_from_one_that_says_nothing() {
    let net = Net::new();
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", plain.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = plain.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        stream.read_to_end(&mut Vec::new()).await.ok();
    });
    let error = net.network.send(&Request::get(url)).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Tls, "{error}");

    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", silent.local_addr().unwrap()).parse().unwrap();
    let request = Request::get(url).timeout(Duration::from_millis(200));
    assert_eq!(net.network.send(&request).await.unwrap_err().trouble, Trouble::Timeout);
}

#[tokio::test]
async fn an_authority_file_without_a_certificate_is_refused_by_name() {
    let net = Net::new();
    let url: url::Url = "https://127.0.0.1:1/".parse().unwrap();
    for text in ["", "no certificate", "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n"] {
        let file = net.spool().join("mine.pem");
        std::fs::write(&file, text).unwrap();
        let error = net.network.send(&Request::get(url.clone()).ca_file(Some(file))).await.unwrap_err();
        assert_eq!(error.trouble, Trouble::Settings, "{text}");
        assert!(error.detail.contains("mine.pem"), "{error}");
    }
    let gone =
        net.network.send(&Request::get(url).ca_file(Some("/nowhere/ca.pem".into()))).await.unwrap_err();
    assert!(gone.trouble == Trouble::Settings && gone.detail.contains("/nowhere/ca.pem"), "{gone}");
}

#[tokio::test]
async fn a_proxy_with_a_password_in_its_address_is_refused() {
    let url = "http://feeds.example/".parse().unwrap();
    let request = Request::get(url).proxy(Some("http://me:s3cret@127.0.0.1:1/".parse().unwrap())); // not a secret
    let error = Net::new().network.send(&request).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Settings);
    assert!(!format!("{error} {error:?}").contains("s3cret"));
}
