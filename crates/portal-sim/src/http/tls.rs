//! A certificate authority of one day and a certificate for loopback names.

use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A certificate could not be made.
    #[error("a certificate could not be made")]
    Certificate(#[from] rcgen::Error),
    /// The certificate and key were not taken.
    #[error("the certificate cannot be used")]
    Config(#[from] rustls::Error),
    /// The authority's certificate could not be written.
    #[error("the certificate of the authority could not be written")]
    Write(#[from] std::io::Error),
}

/// Makes an authority, writes its certificate (PEM) to a file, and signs one for `localhost`, `127.0.0.1` and `::1`.
pub(crate) fn authority(file: &Path) -> Result<TlsAcceptor, TlsError> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, "Simulated portals");
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let names = ["localhost", "127.0.0.1", "::1"].map(String::from).to_vec();
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(names)?.signed_by(&key, &issuer)?;
    std::fs::write(file, issuer.pem())?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
