//! Asks a server of this machine over TLS, as the health check does.
//!
//! The server has to show the very certificate that the configuration names; its names and its end do not matter, because it
//! is asked by a number and its end is no reason to restart it.

use std::io::{self, Read, Write};
use std::net::{IpAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme,
    StreamOwned,
};

use super::load::certificates;

/// Sends a request and reads the answer, at most `most` bytes of it.
pub fn ask(stream: TcpStream, certificate: &Path, request: &[u8], most: u64) -> io::Result<Vec<u8>> {
    let mut shown = certificates("tls.certificate", certificate).map_err(io::Error::other)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let same = Same { wanted: shown.swap_remove(0), provider: Arc::clone(&provider) };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(same))
        .with_no_client_auth();
    let peer: IpAddr = stream.peer_addr()?.ip();
    let connection = ClientConnection::new(Arc::new(config), peer.into()).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    stream.write_all(request)?;
    let mut answer = Vec::new();
    match stream.take(most).read_to_end(&mut answer) {
        // A server that lets go without saying so has said all that its length announced, or the status is missing anyway.
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
        _ => Ok(answer),
    }
}

/// Takes one certificate and no other.
#[derive(Debug)]
struct Same {
    wanted: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Same {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if *shown == self.wanted {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
