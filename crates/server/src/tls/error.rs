//! Why there is no TLS: each names the file and what to do. None holds a part of a key.

use std::io;
use std::path::PathBuf;

use blocklist::Time;
use collect::vault::VaultError;

/// Why a certificate, a key or the authorities of clients are not taken.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file is not there, or not to be read by this user.
    #[error("cannot read {} ({key})", path.display())]
    Read {
        /// The setting that names it.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// The key can be read or changed by others.
    #[error("the key of the certificate is not taken (tls.key)")]
    Rights(#[source] VaultError),
    /// There is no certificate in the file.
    #[error(
        "{} holds no certificate ({key}): PEM is wanted, with -----BEGIN CERTIFICATE-----; of a server its own first, then those of who signed it",
        path.display()
    )]
    NoCertificate {
        /// The setting that names it.
        key: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// There is no key in the file that can be read without asking anybody.
    #[error(
        "{} holds no key (tls.key): PEM without a passphrase is wanted; `openssl pkey -in {} -out NEW` takes a passphrase away",
        path.display(), path.display()
    )]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// The key is of another certificate.
    #[error(
        "{} is not the key of {}: put both in place together (tls.certificate, tls.key)",
        key.display(), certificate.display()
    )]
    Mismatch {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// The library does not take it.
    #[error("{} cannot be used ({key})", path.display())]
    Unusable {
        /// The setting that names it.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// What the library says.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The certificate has ended.
    #[error("the certificate {} ended at {at}: put a new one there, and its key", path.display())]
    Ended {
        /// The file.
        path: PathBuf,
        /// When.
        at: Time,
    },
    /// The certificate is good later, or the clock is wrong.
    #[error("the certificate {} begins at {at}: wait, or set the clock of this machine", path.display())]
    NotYet {
        /// The file.
        path: PathBuf,
        /// When.
        at: Time,
    },
}
