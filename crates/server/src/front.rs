//! What stands before the routes, as it is configured: who is believed, and how much of everything one reader gets.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use prefix::Prefix;

use crate::tls::Tls;

/// Proxies, encryption, limits and fields.
#[derive(Clone, Debug)]
pub struct Front {
    /// The networks of the proxies that are believed when they say for whom they ask.
    pub trusted_proxies: Vec<Prefix>,
    /// With what connections are encrypted; `None` is with nothing.
    pub tls: Option<Arc<Tls>>,
    /// Whether addresses of loopback are not encrypted all the same.
    pub plain_on_loopback: bool,
    /// For how many seconds a browser that came over TLS never comes without; 0 says nothing of it.
    pub hsts_seconds: u32,
    /// How much of everything there is.
    pub limits: Limits,
}

impl Default for Front {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            tls: None,
            plain_on_loopback: false,
            hsts_seconds: 365 * 86_400,
            limits: Limits::default(),
        }
    }
}

impl Front {
    /// Whether connections to an address of this server are encrypted.
    pub fn is_encrypted(&self, address: SocketAddr) -> bool {
        let kept_plain = self.plain_on_loopback && address.ip().to_canonical().is_loopback();
        self.tls.is_some() && !kept_plain
    }
}

/// How much of everything there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once; more wait in the queue of the system.
    pub connections: usize,
    /// Connections at once from one address (of IPv6, from one /64); more are closed. Trusted proxies may have any number.
    pub connections_per_address: usize,
    /// Requests a second from one address for anything but feeds. Programs on this machine may ask as often as they like.
    pub requests_per_second: u32,
    /// The same, all at once after a rest.
    pub requests_at_once: u32,
    /// How long the handshake of TLS may take.
    pub handshake: Duration,
    /// How long a request's header may take, and how long a connection may be idle between two requests.
    pub header: Duration,
    /// How long an answer may wait for a reader that takes none of it.
    pub stalled: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            connections_per_address: 128,
            requests_per_second: 50,
            requests_at_once: 200,
            handshake: Duration::from_secs(10),
            header: Duration::from_secs(30),
            stalled: Duration::from_mins(1),
        }
    }
}
