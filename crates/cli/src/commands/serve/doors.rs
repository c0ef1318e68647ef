//! Where `serve` is reached: addresses, and the certificate that is shown there.
//!
//! All of it is opened before anything is touched: a second server on the same port, or one without its key, must not change
//! a thing.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use server::{Front, ListenError, Tls};
use tokio::net::TcpListener;

use crate::args::Serve;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::write_out;

/// The open sockets, and what stands before the routes.
pub(super) struct Doors {
    /// The sockets, in the order of the settings.
    pub(super) listeners: Vec<TcpListener>,
    /// What stands before the routes, the certificate with it.
    pub(super) front: Front,
}

impl Doors {
    /// Opens all of them, or none that is kept.
    pub(super) async fn open(args: &Serve, context: &Context<'_>) -> Result<Self, Failure> {
        let config = context.config();
        let mut front = config.front.clone();
        if let Some(files) = config.tls_files()? {
            let tls = Tls::open(files).map_err(|error| {
                Failure::from_error(&error).hint("nothing was started; the manual's page tls-and-proxies.md makes a certificate for trying")
            })?;
            front.tls = Some(Arc::new(tls));
        }
        let addresses = if args.listen.is_empty() { &config.listen } else { &args.listen };
        let mut listeners = Vec::with_capacity(addresses.len());
        for &address in addresses {
            listeners.push(server::bind(address).await.map_err(|error| bind_failure(&error))?);
        }
        Ok(Self { listeners, front })
    }
}

/// Says what listening beyond this machine means, where the way there can be read.
pub(super) fn warn_of_strangers(listeners: &[TcpListener], front: &Front, unencrypted: bool) {
    for address in listeners.iter().filter_map(|listener| listener.local_addr().ok()) {
        if address.ip().to_canonical().is_loopback() || front.is_encrypted(address) {
            continue;
        }
        if unencrypted {
            tracing::warn!(
                %address,
                "other machines can sign in, send tokens and read feeds, all of it unencrypted: passwords, tokens and lists can be \
                 read on the way (accounts.unencrypted)"
            );
        } else {
            tracing::warn!(
                %address,
                "other machines can read feeds with the secret of a consumer; secrets and lists go over the network unencrypted, \
                 as long as no tls.certificate is set. Nobody signs in over such a connection"
            );
        }
    }
}

/// The first lines on stdout say where, one each, because port 0 takes whatever is free. Hands back where a browser on this
/// machine finds it: an address that stands for all of them is none to type.
pub(super) fn announce(listeners: &[TcpListener], front: &Front) -> Result<String, Failure> {
    let of = |listener: &TcpListener| -> io::Result<(&'static str, SocketAddr)> {
        let address = listener.local_addr()?;
        Ok((if front.is_encrypted(address) { "https" } else { "http" }, address))
    };
    let all: io::Result<Vec<_>> = listeners.iter().map(of).collect();
    let all = all.map_err(|error| Failure::from_error(&error))?;
    let lines = all.iter().map(|(scheme, address)| format!("listening on {scheme}://{address}\n"));
    write_out(lines.collect::<Vec<_>>().concat().as_bytes())?;
    let home = |address: SocketAddr| match address {
        SocketAddr::V4(it) if it.ip().is_unspecified() => (Ipv4Addr::LOCALHOST, it.port()).into(),
        SocketAddr::V6(it) if it.ip().is_unspecified() => (Ipv6Addr::LOCALHOST, it.port()).into(),
        other => other,
    };
    let first = all.first().map(|(scheme, address)| format!("{scheme}://{}", home(*address)));
    Ok(first.unwrap_or_default())
}

fn bind_failure(error: &ListenError) -> Failure {
    let failure = Failure::from_error(error);
    match error {
        ListenError::Bind { cause, .. } if cause.kind() == io::ErrorKind::AddrInUse => failure.hint(
            "another program has that port, perhaps a second `blacklist serve`, or [::] stands beside 0.0.0.0 and takes IPv4 too; --listen 127.0.0.1:PORT takes another",
        ),
        ListenError::Bind { .. } => failure,
    }
}
