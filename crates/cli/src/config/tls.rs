//! The keys of TLS, and what they come to together.

use std::path::PathBuf;

use server::{ClientCertificates, TlsFiles};

use super::Config;
use crate::failure::Failure;

/// The keys as they stand.
#[derive(Clone, Debug, Default)]
pub(crate) struct TlsKeys {
    /// `tls.certificate`
    pub(crate) certificate: Option<PathBuf>,
    /// `tls.key`
    pub(crate) key: Option<PathBuf>,
    /// `tls.client_certificates`
    pub(crate) client_certificates: ClientCheck,
    /// `tls.client_ca`
    pub(crate) client_ca: Option<PathBuf>,
}

/// Whether clients show certificates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ClientCheck {
    /// No.
    #[default]
    Off,
    /// Who shows one shows a good one.
    Optional,
    /// Everybody does.
    Required,
}

impl Config {
    /// The files of TLS, if it is on; half a setting is refused.
    pub(crate) fn tls_files(&self) -> Result<Option<TlsFiles>, Failure> {
        let TlsKeys { certificate, key, client_certificates, client_ca } = &self.tls;
        let (certificate, key) = match (certificate, key) {
            (None, None) if *client_certificates == ClientCheck::Off => return Ok(None),
            (Some(certificate), Some(key)) => (certificate.clone(), key.clone()),
            (None, _) => return Err(missing("tls.certificate")),
            (_, None) => return Err(missing("tls.key")),
        };
        let authorities = || client_ca.clone().ok_or_else(|| missing("tls.client_ca"));
        let clients = match client_certificates {
            ClientCheck::Off => ClientCertificates::Off,
            ClientCheck::Optional => ClientCertificates::Optional(authorities()?),
            ClientCheck::Required => ClientCertificates::Required(authorities()?),
        };
        Ok(Some(TlsFiles { certificate, key, clients }))
    }
}

fn missing(key: &str) -> Failure {
    Failure::usage(format!("{key} is not set, and other keys of TLS are"))
        .hint("TLS takes tls.certificate and tls.key; client certificates take tls.client_ca beside them")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(keys: TlsKeys) -> Result<Option<TlsFiles>, String> {
        Config { tls: keys, ..Config::default() }.tls_files().map_err(|failure| failure.what)
    }

    #[test]
    fn half_a_setting_is_refused_by_the_key_that_is_missing() {
        let file = || Some(PathBuf::from("x.pem"));
        let pair = || TlsKeys { certificate: file(), key: file(), ..TlsKeys::default() };
        assert_eq!(files(TlsKeys::default()), Ok(None));
        assert_eq!(files(pair()).unwrap().unwrap().clients, ClientCertificates::Off);
        for (keys, wanted) in [
            (TlsKeys { key: None, ..pair() }, "tls.key"),
            (TlsKeys { certificate: None, ..pair() }, "tls.certificate"),
            (TlsKeys { client_certificates: ClientCheck::Required, ..TlsKeys::default() }, "tls.certificate"),
            (TlsKeys { client_certificates: ClientCheck::Optional, ..pair() }, "tls.client_ca"),
        ] {
            assert!(files(keys).unwrap_err().starts_with(wanted), "{wanted}");
        }
        let required = TlsKeys { client_certificates: ClientCheck::Required, client_ca: file(), ..pair() };
        assert_eq!(files(required).unwrap().unwrap().clients, ClientCertificates::Required("x.pem".into()));
    }
}
