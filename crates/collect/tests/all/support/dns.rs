//! A DNS server on loopback that knows one name.

use std::net::SocketAddr;

use tokio::net::UdpSocket;

/// Answers `name` with 127.0.0.1 and says of everything else that it does not exist.
pub(crate) async fn start(name: &'static str) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 512];
        while let Ok((count, from)) = socket.recv_from(&mut buffer).await {
            let reply = reply(&buffer[..count], name);
            socket.send_to(&reply, from).await.unwrap();
        }
    });
    address
}

/// RFC 1035, section 4: the head, the question again, and an answer that points back to its name.
fn reply(query: &[u8], known: &str) -> Vec<u8> {
    let mut end = 12;
    let mut name = String::new();
    while query[end] != 0 {
        let length = usize::from(query[end]);
        name.push_str(&String::from_utf8_lossy(&query[end + 1..=end + length]).to_lowercase());
        name.push('.');
        end += length + 1;
    }
    let question = &query[12..end + 5];
    let is_a = query[end + 1..end + 3] == [0, 1];
    let exists = name.trim_end_matches('.') == known;
    let mut reply = query[..2].to_vec();
    reply.extend([0x81, if exists { 0x80 } else { 0x83 }]);
    reply.extend([0, 1, 0, u8::from(exists && is_a), 0, 0, 0, 0]);
    reply.extend(question);
    if exists && is_a {
        reply.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
    }
    reply
}
