//! Names to addresses, without the C library: a static program cannot load its parts, and on a machine without
//! `resolv.conf` the program still has to start.
//!
//! The resolver is made at the first name that needs one. `/etc/hosts` counts, `localhost` is known, and without any
//! DNS server every other name is unknown.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use prefix::{Prefix, Rules};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Why a name leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// DNS says that there is no such name, or no address for it.
    #[error("DNS knows no address of this name")]
    Unknown,
    /// No DNS server said anything.
    #[error("no DNS server answered")]
    NoServer,
    /// The name came by a redirect and leads into private or special space.
    #[error("the redirect leads to an address that is not public")]
    Private,
}

/// Names to addresses.
#[derive(Clone)]
pub struct Names {
    resolver: Arc<OnceLock<Option<TokioResolver>>>,
    /// Asked in place of the servers of the system.
    server: Option<SocketAddr>,
}

impl Names {
    /// As `/etc/hosts` and `/etc/resolv.conf` say; nothing is read before the first name.
    pub fn system() -> Self {
        Self { resolver: Arc::default(), server: None }
    }

    /// Asks one DNS server, whatever the system says: for tests, which must not ask the servers of the machine.
    pub fn from_server(server: SocketAddr) -> Self {
        Self { resolver: Arc::default(), server: Some(server) }
    }

    /// The addresses of a name; the port is left open.
    async fn find(&self, name: &str) -> Result<Vec<SocketAddr>, NameError> {
        let name = name.trim_end_matches('.');
        if name.eq_ignore_ascii_case("localhost") {
            let own = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
            return Ok(own.map(|address| SocketAddr::new(address, 0)).into());
        }
        let resolver = self.resolver.get_or_init(|| self.resolver()).as_ref().ok_or(NameError::NoServer)?;
        let found = resolver.lookup_ip(name).await.map_err(|error| cause(&error))?;
        let addresses: Vec<_> = found.iter().map(|address| SocketAddr::new(address, 0)).collect();
        if addresses.is_empty() { Err(NameError::Unknown) } else { Ok(addresses) }
    }

    fn resolver(&self) -> Option<TokioResolver> {
        let provider = TokioRuntimeProvider::default();
        let mut builder = match self.server {
            Some(server) => {
                let (mut udp, mut tcp) = (ConnectionConfig::udp(), ConnectionConfig::tcp());
                (udp.port, tcp.port) = (server.port(), server.port());
                let server = NameServerConfig::new(server.ip(), true, vec![udp, tcp]);
                let config = ResolverConfig::from_name_servers(vec![server]);
                TokioResolver::builder_with_config(config, provider)
            }
            None => TokioResolver::builder(provider.clone()).unwrap_or_else(|error| {
                tracing::warn!(%error, "no DNS server is set on this machine; /etc/hosts alone is asked");
                TokioResolver::builder_with_config(ResolverConfig::default(), provider)
            }),
        };
        // IPv4 first: where both are there but only one works, it is this one.
        builder.options_mut().ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        builder.build().inspect_err(|error| tracing::warn!(%error, "no names can be resolved")).ok()
    }
}

fn cause(error: &NetError) -> NameError {
    if error.is_no_records_found() || matches!(error, NetError::Proto(_)) {
        NameError::Unknown
    } else {
        NameError::NoServer
    }
}

/// Whether an address is anything but public: this machine, private, reserved.
pub(super) fn is_special(address: IpAddr) -> bool {
    Rules::default().admit(Prefix::from(address.to_canonical())).is_err()
}

/// What the client asks: all addresses, or public ones only.
///
/// The connection is made to what this returns, so there is no moment between look and step in which a name could
/// change where it leads.
pub(super) struct Guard {
    pub(super) names: Names,
    pub(super) public_only: bool,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, public_only) = (self.names.clone(), self.public_only);
        Box::pin(async move {
            let found = names.find(name.as_str()).await?;
            // One private address among public ones is a trick as well.
            if public_only && found.iter().any(|address| is_special(address.ip())) {
                return Err(NameError::Private.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn this_machine_is_known_without_dns_and_is_not_public() {
        let guard = |public_only| Guard { names: Names::system(), public_only };
        let open: Vec<_> = guard(false).resolve("LocalHost.".parse().unwrap()).await.unwrap().collect();
        assert!(open.iter().all(|address| address.ip().is_loopback()) && open.len() == 2);
        let Err(error) = guard(true).resolve("localhost".parse().unwrap()).await else { panic!() };
        assert_eq!(error.downcast_ref(), Some(&NameError::Private));
    }

    #[test]
    fn only_public_addresses_are_public() {
        for special in
            ["127.0.0.1", "10.1.2.3", "169.254.169.254", "0.0.0.0", "::1", "::ffff:10.0.0.1", "fd00::1"]
        {
            assert!(is_special(special.parse().unwrap()), "{special}");
        }
        for public in ["1.1.1.1", "2606:4700::1111"] {
            assert!(!is_special(public.parse().unwrap()), "{public}");
        }
    }
}
