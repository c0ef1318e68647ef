//! The beginning of a connection to an encrypted port.

use std::io;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use super::patient::Patient;
use crate::front::Limits;
use crate::tls::Tls;

/// With what a client begins that speaks TLS.
const HANDSHAKE: u8 = 22;
/// What a client hears that speaks plain HTTP to an encrypted port.
const SPEAKS_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Content-Length: 38\r\nConnection: close\r\nCache-Control: no-store\r\n\r\n\
    this port speaks TLS: ask by https://\n";
/// How long the answer above may lie in the line before it is closed.
const LINGER: Duration = Duration::from_secs(1);

/// Makes a connection encrypted; `None` is one that was answered or that says nothing sensible.
pub(super) async fn encrypt(
    stream: TcpStream,
    tls: &Tls,
    limits: &Limits,
) -> Option<TlsStream<Patient<TcpStream>>> {
    match tokio::time::timeout(limits.handshake, begin(stream, tls, limits)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            tracing::debug!(%error, "a handshake of TLS broke off");
            None
        }
        Err(_) => {
            tracing::debug!("a handshake of TLS took too long");
            None
        }
    }
}

async fn begin(
    stream: TcpStream,
    tls: &Tls,
    limits: &Limits,
) -> io::Result<Option<TlsStream<Patient<TcpStream>>>> {
    let mut first = [0; 1];
    if stream.peek(&mut first).await? == 0 {
        return Ok(None);
    }
    if first[0] != HANDSHAKE {
        if first[0].is_ascii_uppercase() {
            refuse(stream).await?;
        }
        return Ok(None);
    }
    tls.acceptor().accept(Patient::new(stream, limits.stalled)).await.map(Some)
}

/// A request that is not read would make the system throw the answer away; so what comes is taken, for a moment.
async fn refuse(mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(SPEAKS_TLS).await?;
    stream.shutdown().await?;
    let mut nowhere = tokio::io::sink();
    let rest = tokio::io::copy(&mut stream, &mut nowhere);
    let _ = tokio::time::timeout(LINGER, rest).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::SPEAKS_TLS;

    #[test]
    fn the_length_of_the_answer_is_that_of_its_text() {
        let text = std::str::from_utf8(SPEAKS_TLS).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{}", body.len());
    }
}
