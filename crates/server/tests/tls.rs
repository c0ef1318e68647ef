//! TLS as a server of ours speaks it: who gets in, what a change of the files does, and what is refused at the start.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;
#[path = "support/tls.rs"]
mod tls;

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use blocklist::{FixedClock, Time};
use server::{
    App, Budget, ClientCertificates, Front, Limits, Tls, TlsError, TlsFiles, bind, follow_tls, run,
};
use support::{PREFIXES, PUBLISHED, publication};
use tls::Authority;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::sync::DropGuard;

/// The year of the test's clock.
const YEAR: i32 = 2026;

/// A server on two sockets of loopback.
struct Encrypted {
    tls: Arc<Tls>,
    addresses: [SocketAddr; 2],
    app: Arc<App>,
    _end: DropGuard,
}

async fn serve(files: TlsFiles, change: impl FnOnce(&mut Front)) -> Encrypted {
    let tls = Arc::new(Tls::open(files).unwrap());
    let mut front = Front { tls: Some(Arc::clone(&tls)), ..Front::default() };
    change(&mut front);
    let clock = Arc::new(FixedClock::at(Time::from_unix(PUBLISHED + 3_600)));
    let app = Arc::new(App::new(None, clock, Budget::default(), "test").with_front(front));
    app.go_live(publication(1, PREFIXES)).await;
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let listeners = [bind(any).await.unwrap(), bind(any).await.unwrap()];
    let addresses = [listeners[0].local_addr().unwrap(), listeners[1].local_addr().unwrap()];
    let cancel = CancellationToken::new();
    tokio::spawn(run(listeners, Arc::clone(&app), cancel.clone()));
    Encrypted { tls, addresses, app, _end: cancel.drop_guard() }
}

async fn plain(to: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

const PLAIN: &str = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn every_address_is_encrypted_and_answers_over_http_1_1_alone() {
    let (dir, authority) = (tempfile::tempdir().unwrap(), Authority::new("one"));
    let server = serve(authority.pair(2020, 2040).write(dir.path()), |_| {}).await;
    for address in server.addresses {
        let feed = authority.get(address, None, "/feeds/default/plain").await.unwrap();
        assert!(feed.starts_with("HTTP/1.1 200 OK") && feed.ends_with("2001:db8::/32\n"), "{feed}");
        let stream = authority.connect(address, None).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"http/1.1" as &[u8]));
        assert!(Authority::new("other").connect(address, None).await.is_err());
    }
    assert_eq!(server.app.certificate_ends().unwrap().to_string(), "2040-01-01T00:00:00Z");
    let metrics = authority.get(server.addresses[0], None, "/metrics").await.unwrap();
    assert!(metrics.contains("blacklist_certificate_end 2208988800\n"), "{metrics}");
}

#[tokio::test]
async fn who_comes_encrypted_is_told_to_come_back_so_unless_that_is_switched_off() {
    let (dir, authority) = (tempfile::tempdir().unwrap(), Authority::new("one"));
    let files = authority.pair(2020, 2040).write(dir.path());
    let server = serve(files.clone(), |_| {}).await;
    let answer = authority.get(server.addresses[0], None, "/healthz").await.unwrap();
    assert!(answer.contains("strict-transport-security: max-age=31536000\r\n"), "{answer}");
    let server = serve(files, |front| (front.hsts_seconds, front.plain_on_loopback) = (0, false)).await;
    let answer = authority.get(server.addresses[0], None, "/healthz").await.unwrap();
    assert!(answer.contains("200 OK") && !answer.contains("strict-transport-security"), "{answer}");
}

#[tokio::test]
async fn plain_http_to_an_encrypted_port_hears_what_is_wrong() {
    let (dir, authority) = (tempfile::tempdir().unwrap(), Authority::new("one"));
    let files = authority.pair(2020, 2040).write(dir.path());
    let server = serve(files.clone(), |_| {}).await;
    let answer = plain(server.addresses[0], PLAIN).await;
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("speaks TLS"), "{answer}");
    assert_eq!(plain(server.addresses[0], "\r\n\r\n").await, "", "what is no request is not answered");
    let kept = serve(files, |front| front.plain_on_loopback = true).await;
    let answer = plain(kept.addresses[0], PLAIN).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(!answer.contains("strict-transport-security"), "{answer}");
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_closed_and_keeps_nobody_waiting() {
    let (dir, authority) = (tempfile::tempdir().unwrap(), Authority::new("one"));
    let server = serve(authority.pair(2020, 2040).write(dir.path()), |front| {
        front.limits = Limits { handshake: Duration::from_millis(300), ..Limits::default() };
    })
    .await;
    // One says nothing at all, one begins a handshake.
    let mut silent = TcpStream::connect(server.addresses[0]).await.unwrap();
    let mut begun = TcpStream::connect(server.addresses[0]).await.unwrap();
    begun.write_all(&[22, 3, 1]).await.unwrap();
    assert!(authority.get(server.addresses[0], None, "/healthz").await.unwrap().contains("200 OK"));
    for stream in [&mut silent, &mut begun] {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        assert!(rest.is_empty(), "closed without an answer");
    }
}

#[tokio::test]
async fn a_client_without_a_certificate_comes_in_unless_one_is_required_and_never_with_a_strange_one() {
    let (dir, authority) = (tempfile::tempdir().unwrap(), Authority::new("servers"));
    let (people, strangers) = (Authority::new("people"), Authority::new("strangers"));
    let (known, strange) = (people.pair(2020, 2040), strangers.pair(2020, 2040));
    let ended = people.pair(2020, 2021);
    let file = people.file(dir.path());
    let files = authority.pair(2020, 2040).write(dir.path());
    let optional = TlsFiles { clients: ClientCertificates::Optional(file.clone()), ..files.clone() };
    let required = TlsFiles { clients: ClientCertificates::Required(file), ..files };
    for (files, nobody) in [(optional, true), (required, false)] {
        let server = serve(files, |_| {}).await;
        for (shown, wanted) in
            [(None, nobody), (Some(&known), true), (Some(&strange), false), (Some(&ended), false)]
        {
            let answer = authority.get(server.addresses[0], shown, "/healthz").await;
            assert_eq!(answer.is_ok_and(|answer| answer.contains("200 OK")), wanted, "{:?}", server.tls);
        }
    }
}

#[tokio::test]
async fn a_new_pair_is_taken_over_and_a_bad_one_leaves_the_last_good_one() {
    let (dir, authority) = (tempfile::tempdir().unwrap(), Authority::new("one"));
    let files = authority.pair(2020, 2040).write(dir.path());
    let server = serve(files.clone(), |_| {}).await;
    let now = Time::from_unix(PUBLISHED);
    let shown = async || {
        let stream = authority.connect(server.addresses[0], None).await.unwrap();
        stream.get_ref().1.peer_certificates().unwrap()[0].clone()
    };
    let first = shown().await;
    let second = authority.pair(2021, 2050);
    // In the middle of the change: the key is still the one before.
    std::fs::copy(&files.key, dir.path().join("old.key")).unwrap();
    second.write(dir.path());
    std::fs::rename(dir.path().join("old.key"), &files.key).unwrap();
    assert!(matches!(server.tls.reload(now), Err(TlsError::Mismatch { .. })));
    assert_eq!(shown().await, first);
    second.write_key(&files.key);
    server.tls.reload(now).unwrap();
    assert_eq!(shown().await, second.certificate);
    assert_eq!(server.tls.not_after().to_string(), "2050-01-01T00:00:00Z");
    for (from, before) in [(2020, YEAR), (YEAR + 1, 2040)] {
        authority.pair(from, before).write(dir.path());
        let refused = server.tls.reload(now);
        assert!(matches!(refused, Err(TlsError::Ended { .. } | TlsError::NotYet { .. })), "{refused:?}");
    }
    std::fs::remove_file(&files.certificate).unwrap();
    assert!(matches!(server.tls.reload(now), Err(TlsError::Read { .. })));
    assert_eq!(shown().await, second.certificate);
}

#[tokio::test]
async fn files_are_followed_and_looked_at_when_it_is_said() {
    let (dir, authority) = (tempfile::tempdir().unwrap(), Authority::new("one"));
    let tls = Arc::new(Tls::open(authority.pair(2020, 2040).write(dir.path())).unwrap());
    let (told, cancel) = (Arc::new(Notify::new()), CancellationToken::new());
    let clock = Arc::new(FixedClock::at(Time::from_unix(PUBLISHED)));
    let follow = |poll| {
        tokio::spawn(follow_tls(Arc::clone(&tls), clock.clone(), poll, Arc::clone(&told), cancel.clone()))
    };
    let until = async |year: i32| {
        let wanted = format!("{year}-01-01T00:00:00Z");
        while tls.not_after().to_string() != wanted {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let patience = Duration::from_mins(1);
    let following = follow(Duration::from_secs(100_000));
    authority.pair(2020, 2041).write(dir.path());
    told.notify_one();
    tokio::time::timeout(patience, until(2041)).await.expect("it was told");
    let polling = follow(Duration::from_millis(10));
    // It looks at what is there before it follows.
    tokio::time::sleep(Duration::from_millis(50)).await;
    authority.pair(2020, 2042).write(dir.path());
    tokio::time::timeout(patience, until(2042)).await.expect("it looks itself");
    cancel.cancel();
    following.await.unwrap();
    polling.await.unwrap();
}

#[test]
fn what_is_wrong_at_the_start_names_the_file_and_what_to_do() {
    let (dir, authority) = (tempfile::tempdir().unwrap(), Authority::new("one"));
    let (one, other) = (authority.pair(2020, 2040), authority.pair(2020, 2040));
    let good = one.write(dir.path());
    let refused = |files: TlsFiles| -> String {
        let error = Tls::open(files).unwrap_err();
        let causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
        std::iter::once(error.to_string())
            .chain(causes.map(ToString::to_string))
            .collect::<Vec<_>>()
            .join(": ")
    };
    let path = |name: &str, text: &str, mode: u32| {
        let file = dir.path().join(name);
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
        file
    };
    let foreign = dir.path().join("foreign.key");
    other.write_key(&foreign);
    let key_text = one.key.serialize_pem();
    let secret = key_text.lines().nth(1).unwrap();
    let cut = &key_text[..key_text.len() / 2];
    let certificate = |file: &Path| TlsFiles { certificate: file.into(), ..good.clone() };
    let key = |file: &Path| TlsFiles { key: file.into(), ..good.clone() };
    for (files, file, words) in [
        (certificate(Path::new("/nonexistent.pem")), "/nonexistent.pem", "tls.certificate"),
        (certificate(&path("empty.pem", "nothing", 0o644)), "empty.pem", "-----BEGIN CERTIFICATE-----"),
        (
            certificate(&path(
                "bad.pem",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                0o644,
            )),
            "bad.pem",
            "tls.certificate",
        ),
        (key(Path::new("/nonexistent.key")), "/nonexistent.key", "tls.key"),
        (key(&path("open.key", &key_text, 0o640)), "open.key", "chmod 600"),
        (key(&path("cut.key", cut, 0o600)), "cut.key", "openssl pkey"),
        (
            key(&path("sealed.key", &key_text.replace("PRIVATE", "ENCRYPTED PRIVATE"), 0o600)),
            "sealed.key",
            "passphrase",
        ),
        (key(&foreign), "foreign.key", "put both in place together"),
        (
            TlsFiles { clients: ClientCertificates::Optional("/nonexistent.ca".into()), ..good.clone() },
            "/nonexistent.ca",
            "tls.client_ca",
        ),
    ] {
        let said = refused(files);
        assert!(said.contains(file) && said.contains(words), "{said}");
        assert!(!said.contains(secret), "{said}");
    }
    // It has ended, and a server that comes back after a power cut serves all the same.
    assert!(Tls::open(authority.pair(2020, 2021).write(dir.path())).is_ok());
}
