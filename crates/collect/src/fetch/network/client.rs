//! The reqwest clients: one for each authority file, proxy and reach, made when first needed.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Proxy};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::AsyncReadExt as _;
use url::Url;

use super::cause::shown;
use super::names::{Guard, Names};
use crate::{Failure, Trouble};

/// How the program names itself.
const USER_AGENT: &str = concat!("blacklist/", env!("CARGO_PKG_VERSION"));
/// The largest authority file, in bytes: all public authorities together are a quarter of it.
const AUTHORITIES: u64 = 1 << 20;
/// So many clients are kept; there are few authority files and proxies.
const KEPT: usize = 32;

/// What two requests must share to share connections.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Route {
    /// The certificates of the authority file themselves: a file that was mended counts from the next request on.
    authorities: Vec<CertificateDer<'static>>,
    pub(super) proxy: Option<Url>,
    /// Names may lead to public addresses only.
    pub(super) public_only: bool,
}

impl Route {
    pub(super) async fn new(ca_file: Option<&Path>, proxy: Option<Url>) -> Result<Self, Failure> {
        let authorities = match ca_file {
            Some(file) => authorities(file).await?,
            None => Vec::new(),
        };
        Ok(Self { authorities, proxy, public_only: false })
    }
}

async fn authorities(file: &Path) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let bad = |problem: String| {
        Failure::new(Trouble::Settings).with(format!("ca_file {}: {problem}", file.display()))
    };
    let mut pem = Vec::new();
    let opened = tokio::fs::File::open(file).await.map_err(|error| bad(error.to_string()))?;
    opened.take(AUTHORITIES + 1).read_to_end(&mut pem).await.map_err(|error| bad(error.to_string()))?;
    if pem.len() as u64 > AUTHORITIES {
        return Err(bad("larger than 1 MiB".to_owned()));
    }
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let found = found.map_err(|error| bad(error.to_string()))?;
    if found.is_empty() {
        return Err(bad("holds no certificate in PEM form".to_owned()));
    }
    Ok(found)
}

/// Every client.
pub(super) struct Clients {
    names: Names,
    connect: Duration,
    made: Mutex<HashMap<Route, Client>>,
}

impl Clients {
    pub(super) fn new(names: Names, connect: Duration) -> Self {
        Self { names, connect, made: Mutex::default() }
    }

    pub(super) fn names(&self) -> &Names {
        &self.names
    }

    /// The client for a route.
    pub(super) fn get(&self, route: &Route) -> Result<Client, Failure> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = made.get(route) {
            return Ok(client.clone());
        }
        let client = self.make(route)?;
        if made.len() >= KEPT {
            made.clear();
        }
        made.insert(route.clone(), client.clone());
        Ok(client)
    }

    fn make(&self, route: &Route) -> Result<Client, Failure> {
        let names = Guard { names: self.names.clone(), public_only: route.public_only };
        let mut builder = Client::builder()
            .user_agent(USER_AGENT)
            .tls_backend_preconfigured(tls(&route.authorities)?)
            .dns_resolver(Arc::new(names))
            .redirect(Policy::none())
            .referer(false)
            // A request that may have been read is never sent twice behind our back.
            .retry(reqwest::retry::never())
            .connect_timeout(self.connect)
            .pool_idle_timeout(Duration::from_secs(30))
            .no_proxy();
        if let Some(proxy) = &route.proxy {
            builder = builder.proxy(through(proxy)?);
        }
        builder.build().map_err(|error| Failure::new(Trouble::Local).because(error.without_url()))
    }
}

fn through(proxy: &Url) -> Result<Proxy, Failure> {
    let bad =
        |problem: &str| Failure::new(Trouble::Settings).with(format!("proxy {}: {problem}", shown(proxy)));
    if !proxy.username().is_empty() || proxy.password().is_some() {
        return Err(bad("a user name or password in its address is not supported"));
    }
    Proxy::all(proxy.clone()).map_err(|error| bad("cannot be used").because(error.without_url()))
}

/// Verification with the public authorities and those of the file: there is no way to switch it off.
fn tls(authorities: &[CertificateDer<'static>]) -> Result<ClientConfig, Failure> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for authority in authorities {
        roots.add(authority.clone()).map_err(|error| {
            Failure::new(Trouble::Settings)
                .with("ca_file holds a certificate that is no authority's")
                .because(error)
        })?;
    }
    // The provider is named here, not installed for the whole process: a library must not depend on who started it.
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::new(Trouble::Tls).with(&error).because(error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
