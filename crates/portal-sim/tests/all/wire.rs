//! What goes wrong on the wire really goes wrong there.

use std::io::ErrorKind;
use std::time::Duration;

use portal_sim::{Fault, Part, Portal, Rule, Sim};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use crate::client::{PATIENCE, ask, send, try_send};
use crate::visitor::{Regtech, sim};

fn page(portal: Portal) -> (&'static str, &'static str) {
    match portal {
        Portal::Regtech => ("GET", "/login/loginForm"),
        Portal::Secudium => ("GET", "/login"),
    }
}

/// A connection is reset before an answer.
pub(crate) async fn resets(sim: &Sim, portal: Portal) {
    let error = try_send(&sim.url(portal), page(portal), &[], "").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(sim.journal().pop().unwrap().status, 0);
}

/// The connection ends after half of a body.
pub(crate) async fn ends_early(sim: &Sim, portal: Portal) {
    let got = send(&sim.url(portal), page(portal), &[], "").await;
    let announced: usize = got.header("content-length").parse().unwrap();
    assert!(!got.whole && got.status == 200 && got.body.len() == announced / 2, "{announced}");
}

/// Half of a body comes, and then nothing.
pub(crate) async fn stalls(sim: &Sim, portal: Portal) {
    let base = sim.url(portal);
    let host = base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    ask(&mut stream, host, page(portal), &[], "").await;
    let mut bytes = Vec::new();
    let half = async {
        loop {
            assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "it goes on");
            let text = String::from_utf8_lossy(&bytes);
            let Some(end) = text.find("\r\n\r\n") else { continue };
            let length = text.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap();
            let length: usize = length.parse().unwrap();
            if bytes.len() - end - 4 == length / 2 {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, half).await.unwrap();
    let more = tokio::time::timeout(Duration::from_millis(300), stream.read_buf(&mut bytes)).await;
    assert!(more.is_err(), "nothing more comes, and the connection stays");
}

#[tokio::test]
async fn a_workbook_can_break_off_while_the_login_works() {
    let sim = sim().await;
    let visitor = Regtech::log_in(&sim).await;
    sim.faults().set(Fault::EarlyEnd, Rule { part: Some(Part::Data), times: Some(1), ..Rule::default() });
    assert_eq!(send(&visitor.base, page(Portal::Regtech), &[], "").await.status, 200);
    assert!(!visitor.download().await.whole);
    assert!(visitor.download().await.whole);
}

#[tokio::test]
async fn a_connection_serves_many_requests() {
    let sim = sim().await;
    let base = sim.url(Portal::Regtech);
    let mut stream = TcpStream::connect(base.strip_prefix("http://").unwrap()).await.unwrap();
    for _ in 0..3 {
        let request = b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n";
        tokio::io::AsyncWriteExt::write_all(&mut stream, request).await.unwrap();
        let mut bytes = Vec::new();
        while !String::from_utf8_lossy(&bytes).ends_with("</html>\r\n") {
            assert!(stream.read_buf(&mut bytes).await.unwrap() > 0);
        }
        assert!(bytes.starts_with(b"HTTP/1.1 404"));
    }
}

#[tokio::test]
async fn everything_ends_with_the_simulation() {
    let sim = sim().await;
    let base = sim.url(Portal::Regtech);
    let mut stream = TcpStream::connect(base.strip_prefix("http://").unwrap()).await.unwrap();
    drop(sim);
    let mut byte = [0];
    let ended = tokio::time::timeout(PATIENCE, stream.read(&mut byte)).await.unwrap();
    assert!(matches!(ended, Ok(0) | Err(_)));
}
