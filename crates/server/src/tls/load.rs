//! Certificate, key and authorities: read, held against each other, and made into what a handshake needs.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use blocklist::Time;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{InconsistentKeys, RootCertStore, ServerConfig};
use secrecy::zeroize::Zeroizing;

use super::{ClientCertificates, TlsError, TlsFiles, validity};

/// The most bytes of a file that are read; a bundle of every public authority has 200 kB.
const MAX_BYTES: u64 = 4 << 20;

/// What a handshake needs, and until when it is good.
pub(super) struct Loaded {
    pub(super) config: Arc<ServerConfig>,
    pub(super) from: Time,
    pub(super) until: Time,
}

impl Loaded {
    /// Reads the files. Whether the certificate is good now is for the caller to say.
    pub(super) fn read(files: &TlsFiles) -> Result<Self, TlsError> {
        let chain = certificates("tls.certificate", &files.certificate)?;
        let (from, until) = chain.first().and_then(|first| validity::of(first)).ok_or_else(|| {
            unusable("tls.certificate", &files.certificate)("it does not say from when until when it is good")
        })?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let pair =
            CertifiedKey::from_der(chain, key(&files.key)?, &provider).map_err(|error| match error {
                rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                    TlsError::Mismatch { certificate: files.certificate.clone(), key: files.key.clone() }
                }
                // Before the key is compared with it, the certificate is read.
                rustls::Error::InvalidCertificate(_) => {
                    unusable("tls.certificate", &files.certificate)(error)
                }
                error => unusable("tls.key", &files.key)(error),
            })?;
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(unusable("tls.certificate", &files.certificate))?;
        let config = match &files.clients {
            ClientCertificates::Off => config.with_no_client_auth(),
            ClientCertificates::Optional(authorities) | ClientCertificates::Required(authorities) => {
                let mut roots = RootCertStore::empty();
                for authority in certificates("tls.client_ca", authorities)? {
                    roots.add(authority).map_err(unusable("tls.client_ca", authorities))?;
                }
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                let verifier = match &files.clients {
                    ClientCertificates::Required(_) => verifier,
                    _ => verifier.allow_unauthenticated(),
                };
                config.with_client_cert_verifier(
                    verifier.build().map_err(unusable("tls.client_ca", authorities))?,
                )
            }
        };
        let mut config = config.with_cert_resolver(Arc::new(SingleCertAndKey::from(pair)));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), from, until })
    }
}

fn unusable<E: Into<Box<dyn std::error::Error + Send + Sync>>>(
    key: &'static str,
    path: &Path,
) -> impl FnOnce(E) -> TlsError {
    move |cause| TlsError::Unusable { key, path: path.to_owned(), cause: cause.into() }
}

fn open(key: &'static str, path: &Path) -> Result<File, TlsError> {
    File::open(path).map_err(|cause| TlsError::Read { key, path: path.to_owned(), cause })
}

/// A file in memory, and no longer there than it has to be.
fn bytes(key: &'static str, path: &Path, file: File) -> Result<Zeroizing<Vec<u8>>, TlsError> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(16 << 10));
    match file.take(MAX_BYTES).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(cause) => Err(TlsError::Read { key, path: path.to_owned(), cause }),
    }
}

pub(super) fn certificates(key: &'static str, path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let bytes = bytes(key, path, open(key, path)?)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    let found = found.map_err(|error| unusable(key, path)(error.to_string()))?;
    if found.is_empty() {
        return Err(TlsError::NoCertificate { key, path: path.to_owned() });
    }
    Ok(found)
}

fn key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let file = open("tls.key", path)?;
    collect::vault::check_key_file(path, &file).map_err(TlsError::Rights)?;
    let bytes = bytes("tls.key", path, file)?;
    // What is wrong with it is not told: that could be a line of it.
    PrivateKeyDer::from_pem_slice(&bytes).map_err(|_| TlsError::NoKey { path: path.to_owned() })
}
