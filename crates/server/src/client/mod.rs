//! The other end of a request, as far as it can be told: found once, before everything else, and left with the request.
//!
//! ```text
//! connection: peer, TLS? --> Client::of_connection --settle, by header fields--> Client --> guard, feeds, accounts, limits
//! ```
//!
//! **Who is believed.** What a proxy says of whom it speaks for ([`forwarded`]) counts only where the connection comes from
//! an address in `server.trusted_proxies`; anybody else can write such fields too, and they are passed over. On this machine
//! their mere presence says that a proxy brought the request, so whoever asks is not on this machine.
//!
//! **Failure.** Where a trusted proxy says nothing, or nothing that can be read, the address is the proxy's own and
//! [`Client::is_exact`] says so: nobody is trusted for that address.
//!
//! A request without a proxy, which almost every one is, costs looking at the names of its fields, and no memory.

mod forwarded;

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use prefix::{Net, Prefix};

use forwarded::Said;

/// A connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Connection {
    /// Its other end. Without one, as only a test has it, nobody knows who asks.
    pub peer: Option<IpAddr>,
    /// Whether it is encrypted.
    pub tls: bool,
}

/// The other end of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Client {
    /// From which address it comes; behind a trusted proxy, to that.
    pub address: Option<IpAddr>,
    /// Whether nobody on the way can read it.
    pub secure: bool,
    /// A program on this machine, that speaks to it as such.
    pub local: bool,
    /// Whether a proxy brought it.
    pub via_proxy: bool,
    /// How it came here.
    pub connection: Connection,
}

impl Client {
    /// Whoever is at the other end of a connection, as long as nothing says that it is a proxy.
    pub(crate) fn of_connection(peer: SocketAddr, tls: bool) -> Self {
        let connection = Connection { peer: Some(peer.ip().to_canonical()), tls };
        Self { address: connection.peer, secure: tls, local: false, via_proxy: false, connection }
    }

    /// What was found for a request. Where nothing was, nobody knows who asks.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or_default()
    }

    /// Whether whoever asks is on this machine: nobody else reads what is said on the way.
    pub(crate) fn is_home(&self) -> bool {
        self.is_from_loopback() && !self.via_proxy
    }

    /// Whether the connection comes from this machine.
    pub(crate) fn is_from_loopback(&self) -> bool {
        self.connection.peer.is_some_and(|peer| peer.is_loopback())
    }

    /// Whether the address is that of whoever asks, and not of a proxy that does not say for whom.
    pub(crate) fn is_exact(&self) -> bool {
        let named = |address: IpAddr| !address.is_loopback() && Some(address) != self.connection.peer;
        self.address.is_some_and(|address| if self.via_proxy { named(address) } else { true })
    }

    /// Looks at what the request says. `here` is whether it speaks to this machine as a program on it does.
    fn settle(mut self, headers: &HeaderMap, here: bool, trusted: &[Prefix]) -> (Self, Told) {
        let from_loopback = self.is_from_loopback();
        let is_trusted = self.connection.peer.is_some_and(|peer| holds(trusted, peer));
        if !from_loopback && !is_trusted {
            return (self, Told::Understood);
        }
        let brought = headers.keys().any(|name| is_of_a_proxy(name.as_str()));
        self.local = from_loopback && here && !brought;
        self.via_proxy = brought || !self.local;
        if !is_trusted || !brought {
            return (self, Told::Understood);
        }
        match forwarded::read(headers, |address| holds(trusted, address)) {
            Ok(Said { address, https }) => {
                self.address = address.or(self.address);
                self.secure = https.unwrap_or(self.secure);
                (self, Told::Understood)
            }
            // What cannot be read may have been written to look encrypted.
            Err(forwarded::Unreadable) => (Self { secure: false, ..self }, Told::Unreadable),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

/// Whether what a trusted proxy says could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// It could, or it said nothing.
    Understood,
    /// It could not.
    Unreadable,
}

/// Finds out who is at the other end, and leaves it with the request.
pub(crate) fn settle(request: &mut Request, here: bool, trusted: &[Prefix]) -> (Client, Told) {
    let known = request.extensions().get::<Client>().copied();
    // A server of ours says more of its connections; this is what is left when something else brings the request.
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let client = known.or_else(|| peer.map(|ConnectInfo(peer)| Client::of_connection(*peer, false)));
    let (client, told) = client.unwrap_or_default().settle(request.headers(), here, trusted);
    match request.extensions_mut().get_mut::<Client>() {
        Some(place) => *place = client,
        None => drop(request.extensions_mut().insert(client)),
    }
    (client, told)
}

/// Whether a field is one that proxies add. Names of fields are in lower case.
fn is_of_a_proxy(name: &str) -> bool {
    match name.as_bytes() {
        [b'x', b'-', rest @ ..] => rest.starts_with(b"forwarded") || rest == b"real-ip",
        [b'f', ..] => name == "forwarded",
        [b'v', ..] => name == "via",
        _ => false,
    }
}

/// What one reader can ask from: an address, of IPv6 the network of 64 bits that every machine has for itself.
pub(crate) fn reach(address: IpAddr) -> Prefix {
    const INTERFACE: u128 = (1 << 64) - 1;
    match address.to_canonical() {
        IpAddr::V4(address) => Net::host(u32::from(address)).into(),
        IpAddr::V6(address) => {
            let first = u128::from(address) & !INTERFACE;
            Net::new(first, 64).unwrap_or(Net::host(first)).into()
        }
    }
}

/// Whether an address is in one of the networks.
pub(crate) fn holds(networks: &[Prefix], address: IpAddr) -> bool {
    let address = Prefix::from(address);
    networks.iter().any(|network| network.covers(address))
}

#[cfg(test)]
mod tests;
