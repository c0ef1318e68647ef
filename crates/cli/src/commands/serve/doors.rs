//! Where `serve` is reached: addresses, and the certificate that is shown there.
//!
//! All of it is opened before anything is touched: a second server on the same port, or one without its key, must not change
//! a thing.

use std::io;
use std::sync::Arc;

use server::{Front, ListenError, Tls};
use tokio::net::TcpListener;

use crate::args::Serve;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::write_out;

/// The open sockets, and what stands before the routes.
pub(super) struct Doors {
    pub(super) listeners: Vec<TcpListener>,
    pub(super) front: Front,
}

impl Doors {
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

/// Says what listening beyond this machine means.
pub(super) fn warn_of_strangers(listeners: &[TcpListener], front: &Front) {
    for address in listeners.iter().filter_map(|listener| listener.local_addr().ok()) {
        if !address.ip().to_canonical().is_loopback() && !front.is_encrypted(address) {
            tracing::warn!(
                %address,
                "other machines can read feeds with the secret of a consumer; secrets and lists go over the network unencrypted, as long as no tls.certificate is set"
            );
        }
    }
}

/// The first lines on stdout say where, one each, because port 0 takes whatever is free.
pub(super) fn announce(listeners: &[TcpListener], front: &Front) -> Result<(), Failure> {
    let line = |listener: &TcpListener| -> io::Result<String> {
        let address = listener.local_addr()?;
        let scheme = if front.is_encrypted(address) { "https" } else { "http" };
        Ok(format!("listening on {scheme}://{address}\n"))
    };
    let lines: io::Result<String> = listeners.iter().map(line).collect();
    write_out(lines.map_err(|error| Failure::from_error(&error))?.as_bytes())
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
