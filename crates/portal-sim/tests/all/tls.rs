//! The portals over TLS.

use std::sync::Arc;
use std::time::Duration;

use portal_sim::{Fault, Portal, Sim, SimOptions};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::client::{answer, ask};

/// A simulation whose TLS would pause for an hour under its fault, and a client that trusts it.
async fn start(directory: &tempfile::TempDir) -> (Sim, TlsConnector) {
    let file = directory.path().join("ca.pem");
    let options = SimOptions {
        tls_ca: Some(file.clone()),
        tls_pause: Duration::from_hours(1),
        ..SimOptions::default()
    };
    let sim = Sim::start(options).await.unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    (sim, TlsConnector::from(Arc::new(config)))
}

async fn connect(
    sim: &Sim,
    portal: Portal,
    connector: &TlsConnector,
) -> tokio_rustls::client::TlsStream<TcpStream> {
    let url = sim.url(portal);
    let stream = TcpStream::connect(url.strip_prefix("https://").unwrap()).await.unwrap();
    connector.connect(ServerName::try_from("127.0.0.1").unwrap(), stream).await.unwrap()
}

#[tokio::test]
async fn a_client_that_trusts_the_written_authority_is_served() {
    let directory = tempfile::tempdir().unwrap();
    let (sim, connector) = start(&directory).await;
    for (portal, path) in [(Portal::Regtech, "/login/loginForm"), (Portal::Secudium, "/login")] {
        let mut stream = connect(&sim, portal, &connector).await;
        ask(&mut stream, "127.0.0.1", ("GET", path), &[], "").await;
        assert_eq!(answer(&mut stream).await.unwrap().status, 200);
    }
}

#[tokio::test]
async fn slow_tls_does_not_answer_a_hello_in_time() {
    let directory = tempfile::tempdir().unwrap();
    let (sim, connector) = start(&directory).await;
    for portal in Portal::ALL {
        sim.faults().on_for(Fault::SlowTls, 1);
        let first = tokio::time::timeout(Duration::from_millis(300), connect(&sim, portal, &connector)).await;
        assert!(first.is_err(), "it waits for an hour");
        connect(&sim, portal, &connector).await;
    }
}
