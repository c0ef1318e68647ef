//! Real connections: who may listen, limits, and how a stop ends them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use server::{bind, run};
use support::{PREFIXES, Rig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

async fn start() -> (SocketAddr, CancellationToken, JoinHandle<()>) {
    let rig = Rig::live(PREFIXES).await;
    let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let cancel = CancellationToken::new();
    let server = tokio::spawn(run([listener], Arc::clone(&rig.app), cancel.clone()));
    (address, cancel, server)
}

/// Sends bytes and reads until `end` came or the connection ended.
async fn talk(stream: &mut TcpStream, bytes: &[u8], end: &str) -> String {
    stream.write_all(bytes).await.unwrap();
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.contains(end) {
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut buffer));
        match read.await.unwrap_or_else(|_| panic!("no answer; so far: {text}")) {
            Ok(read) if read > 0 => text.push_str(&String::from_utf8_lossy(&buffer[..read])),
            _ => break,
        }
    }
    text
}

#[tokio::test]
async fn one_connection_carries_many_requests_with_lengths_and_no_chunks() {
    let (address, cancel, server) = start().await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    for _ in 0..3 {
        let answer = talk(
            &mut stream,
            b"GET /feeds/default/plain HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "2001:db8::/32\n",
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        assert!(answer.contains("content-length: 42\r\n") && !answer.contains("chunked"), "{answer}");
    }
    let head =
        talk(&mut stream, b"HEAD /feeds/default/plain HTTP/1.1\r\nHost: localhost\r\n\r\n", "\r\n\r\n").await;
    assert!(head.contains("content-length: 42\r\n") && head.ends_with("\r\n\r\n"), "{head}");
    cancel.cancel();
    server.await.unwrap();
}

#[tokio::test]
async fn an_old_device_without_a_host_is_answered_and_let_go() {
    let (address, cancel, server) = start().await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let answer = talk(&mut stream, b"GET /feeds/default/plain HTTP/1.0\r\n\r\n", "never").await;
    assert!(answer.starts_with("HTTP/1.0 200 OK") && answer.ends_with("2001:db8::/32\n"), "{answer}");
    cancel.cancel();
    server.await.unwrap();
}

#[tokio::test]
async fn a_header_without_end_is_refused() {
    let (address, cancel, server) = start().await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "x".repeat(20_000));
    let answer = talk(&mut stream, request.as_bytes(), "\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    cancel.cancel();
    server.await.unwrap();
}

#[tokio::test]
async fn a_stop_ends_idle_connections_at_once_and_takes_no_new_ones() {
    let (address, cancel, server) = start().await;
    let mut idle = TcpStream::connect(address).await.unwrap();
    talk(&mut idle, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", "}").await;
    cancel.cancel();
    tokio::time::timeout(Duration::from_secs(4), server)
        .await
        .expect("does not wait for who says nothing")
        .unwrap();
    assert_eq!(idle.read(&mut [0; 16]).await.unwrap(), 0);
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_stop_lets_a_request_end_that_is_under_way() {
    let (address, cancel, server) = start().await;
    let mut slow = TcpStream::connect(address).await.unwrap();
    let head = b"POST /api/v1/lookup HTTP/1.1\r\nHost: localhost\r\nContent-Length: 23\r\n\r\n{\"ips\":[";
    slow.write_all(head).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    cancel.cancel();
    let answer = talk(&mut slow, b"\"203.0.113.7\"]}", "}]}").await;
    assert!(answer.contains("200 OK") && answer.contains("\"listed\":true"), "{answer}");
    tokio::time::timeout(Duration::from_secs(4), server).await.expect("ends when all is said").unwrap();
}
