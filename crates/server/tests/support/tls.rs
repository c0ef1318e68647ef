//! Certificates of an authority of the test, in files as an operator has them, and a client that knows the authority.

#![allow(unreachable_pub, clippy::unwrap_used, reason = "only tests use it")]

use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use server::{ClientCertificates, TlsFiles};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// An authority.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key.
pub struct Pair {
    pub certificate: CertificateDer<'static>,
    pem: String,
    pub key: KeyPair,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn file(&self, dir: &Path) -> PathBuf {
        let file = dir.join("authority.pem");
        std::fs::write(&file, self.0.pem()).unwrap();
        file
    }

    /// A certificate that is good in the years from and before these.
    pub fn pair(&self, from: i32, before: i32) -> Pair {
        let names = ["localhost", "127.0.0.1", "::1"].map(String::from);
        let mut params = CertificateParams::new(names).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(before, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Pair { certificate: certificate.der().clone(), pem: certificate.pem(), key }
    }

    /// Connects and, where a pair is given, shows its certificate.
    pub async fn connect(&self, to: SocketAddr, shown: Option<&Pair>) -> io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider);
        let config = config.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots);
        let mut config = match shown {
            None => config.with_no_client_auth(),
            Some(pair) => {
                let key = PrivateKeyDer::try_from(pair.key.serialize_der()).unwrap();
                config.with_client_auth_cert(vec![pair.certificate.clone()], key).unwrap()
            }
        };
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let stream = TcpStream::connect(to).await?;
        TlsConnector::from(Arc::new(config)).connect("localhost".try_into().unwrap(), stream).await
    }

    /// One request and its whole answer.
    pub async fn get(&self, to: SocketAddr, shown: Option<&Pair>, path: &str) -> io::Result<String> {
        let mut stream = self.connect(to, shown).await?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }
}

impl Pair {
    /// Writes both files, the key for its owner alone.
    pub fn write(&self, dir: &Path) -> TlsFiles {
        let files = TlsFiles {
            certificate: dir.join("server.pem"),
            key: dir.join("server.key"),
            clients: ClientCertificates::Off,
        };
        std::fs::write(&files.certificate, &self.pem).unwrap();
        self.write_key(&files.key);
        files
    }

    pub fn write_key(&self, file: &Path) {
        std::fs::write(file, self.key.serialize_pem()).unwrap();
        std::fs::set_permissions(file, PermissionsExt::from_mode(0o600)).unwrap();
    }
}
