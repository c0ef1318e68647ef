//! TLS: the certificate and its key from files, taken over again when they change.
//!
//! ```text
//! tls.certificate, tls.key, tls.client_ca --read, compared--> Loaded (swapped whole) --> every handshake from then on
//! ```
//!
//! **Failure.** At the start a pair that cannot be used is a refusal. Later the last good pair stays, and the log says why:
//! half a pair is what there is in the middle of every change. A certificate that has ended is taken at the start, for a
//! server that does not come back after a power cut helps nobody, and the log says so as an error; it is never taken in
//! place of one that is still good.

mod error;
mod load;
mod probe;
mod validity;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use blocklist::{Clock, Time};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

pub use error::TlsError;
use load::Loaded;
pub use probe::ask;

/// How often the files are looked at.
pub const TLS_POLL: Duration = Duration::from_secs(10);
/// How long before its end the log speaks of it, in seconds.
const SOON: i64 = 14 * 86_400;

/// The files of a server's TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate of the server, then those of who signed it.
    pub certificate: PathBuf,
    /// Its key, which nobody else may read.
    pub key: PathBuf,
    /// Whether clients show certificates.
    pub clients: ClientCertificates,
}

/// Whether clients show certificates, and who has to have signed them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ClientCertificates {
    /// None is asked for.
    #[default]
    Off,
    /// One is asked for; one that is shown has to be good.
    Optional(PathBuf),
    /// Nobody comes in without one.
    Required(PathBuf),
}

/// What handshakes are made with.
pub struct Tls {
    files: TlsFiles,
    current: ArcSwap<Loaded>,
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").field("files", &self.files).finish_non_exhaustive()
    }
}

impl Tls {
    /// Reads the files for the first time.
    pub fn open(files: TlsFiles) -> Result<Self, TlsError> {
        let current = ArcSwap::from_pointee(Loaded::read(&files)?);
        Ok(Self { files, current })
    }

    /// When the certificate ends.
    pub fn not_after(&self) -> Time {
        self.current.load().until
    }

    /// Reads the files again; what was read stays where they cannot be used.
    pub fn reload(&self, now: Time) -> Result<(), TlsError> {
        let next = Loaded::read(&self.files)?;
        let path = || self.files.certificate.clone();
        if next.until <= now {
            return Err(TlsError::Ended { path: path(), at: next.until });
        }
        if next.from > now {
            return Err(TlsError::NotYet { path: path(), at: next.from });
        }
        self.current.store(Arc::new(next));
        Ok(())
    }

    /// For the next handshake.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.current.load().config))
    }

    fn marks(&self) -> Vec<Option<Mark>> {
        let authorities = match &self.files.clients {
            ClientCertificates::Off => None,
            ClientCertificates::Optional(path) | ClientCertificates::Required(path) => Some(path),
        };
        let files = [&self.files.certificate, &self.files.key].into_iter().chain(authorities);
        files.map(|path| Mark::of(path)).collect()
    }
}

/// What changes about a file when it is written or exchanged, also behind a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    modified: Option<SystemTime>,
    length: u64,
    number: u64,
}

impl Mark {
    fn of(path: &Path) -> Option<Self> {
        let file = fs::metadata(path).ok()?;
        let number = std::os::unix::fs::MetadataExt::ino(&file);
        Some(Self { modified: file.modified().ok(), length: file.len(), number })
    }
}

/// How near the end of the certificate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Fine,
    Soon,
    Ended,
}

impl Stage {
    fn at(until: Time, now: Time) -> Self {
        let left = until.unix() - now.unix();
        if left <= 0 {
            Self::Ended
        } else if left <= SOON {
            Self::Soon
        } else {
            Self::Fine
        }
    }
}

/// Follows the files until it is cancelled: takes them over when they change, and at once when it is told to.
pub async fn follow_tls(
    tls: Arc<Tls>,
    clock: Arc<dyn Clock>,
    poll: Duration,
    told: Arc<Notify>,
    cancel: CancellationToken,
) {
    let (mut seen, mut stage) = (tls.marks(), Stage::Fine);
    loop {
        let next = Stage::at(tls.not_after(), clock.now());
        if next != stage {
            stage = next;
            warn(stage, tls.not_after());
        }
        let asked = tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(poll) => false,
            () = told.notified() => true,
        };
        let marks = tls.marks();
        if !asked && marks == seen {
            continue;
        }
        seen = marks;
        match tls.reload(clock.now()) {
            Ok(()) => tracing::info!(until = %tls.not_after(), "the certificate was taken over"),
            Err(error) => {
                let causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
                let causes = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
                tracing::error!(causes, until = %tls.not_after(), "{error}; the certificate before it stays");
            }
        }
    }
}

fn warn(stage: Stage, until: Time) {
    match stage {
        Stage::Fine => {}
        Stage::Soon => {
            tracing::warn!(%until, "the certificate ends soon: put a new one in its place, and its key");
        }
        Stage::Ended => {
            tracing::error!(%until, "the certificate has ended: whoever checks it does not connect any more");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_spoken_of_two_weeks_before() {
        let at = |left| Stage::at(Time::from_unix(1_000_000_000 + left), Time::from_unix(1_000_000_000));
        assert_eq!(
            [at(SOON + 1), at(SOON), at(1), at(0)],
            [Stage::Fine, Stage::Soon, Stage::Soon, Stage::Ended]
        );
    }
}
