//! Follows the publications, whoever makes them: this process, which says so at once, or another, which is seen on disk.

use std::sync::Arc;
use std::time::Duration;

use blocklist::{Publication, Serial};
use store::{PublicationFiles, Store};
use tokio_util::sync::CancellationToken;

use crate::App;

/// How often the link to the current publication is read. One `readlink`; a change is live within this time and what
/// building takes.
pub const POLL: Duration = Duration::from_millis(150);
/// How long a publication that cannot be read is left alone before it is tried again.
const RETRY: Duration = Duration::from_secs(5);

/// Where publications come from. Both calls block.
pub trait Publications: Send + Sync + 'static {
    /// The number of the current publication, cheaply; `None` when nothing was ever published.
    fn current_serial(&self) -> store::Result<Option<Serial>>;
    /// Reads a publication and checks it. `before` is the one that is live: what both have in common is not read again.
    fn load(&self, serial: Serial, before: Option<&Publication>) -> store::Result<Publication>;
}

impl Publications for PublicationFiles {
    fn current_serial(&self) -> store::Result<Option<Serial>> {
        self.current_serial()
    }

    fn load(&self, serial: Serial, before: Option<&Publication>) -> store::Result<Publication> {
        self.load_after(serial, before)
    }
}

impl Publications for Arc<Store> {
    fn current_serial(&self) -> store::Result<Option<Serial>> {
        self.files().current_serial()
    }

    /// What this process published is in memory, and is what lies on disk.
    fn load(&self, serial: Serial, before: Option<&Publication>) -> store::Result<Publication> {
        let latest = self.latest().filter(|(head, _)| head.serial == serial);
        let made = latest.and_then(|(head, content)| Publication::new(head, content).ok());
        let publication = made.map_or_else(|| self.files().load_after(serial, before), Ok)?;
        self.remember_served(&publication);
        Ok(publication)
    }
}

/// Makes each new publication live, until it is cancelled. One that cannot be read is logged once and counted at each
/// try, and the last good one stays live.
pub async fn watch(
    app: Arc<App>,
    publications: impl Publications,
    poll: Duration,
    cancel: CancellationToken,
) {
    let publications = Arc::new(publications);
    let mut complained = None;
    while !cancel.is_cancelled() {
        let live = app.live();
        let source = Arc::clone(&publications);
        let read =
            tokio::task::spawn_blocking(move || look(&*source, live.as_ref().map(|live| live.publication())))
                .await;
        let wait = match read {
            Ok(Ok(Some(publication))) => {
                complained = None;
                app.go_live(publication).await;
                poll
            }
            Ok(Ok(None)) => poll,
            Ok(Err(error)) => complain(&app, &mut complained, &error),
            Err(error) => complain(&app, &mut complained, &error),
        };
        tokio::select! {
            () = cancel.cancelled() => {}
            () = app.news() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// The current publication when it is another than the live one. A lower number counts as well: a restored backup.
fn look(publications: &impl Publications, live: Option<&Publication>) -> store::Result<Option<Publication>> {
    match publications.current_serial()? {
        Some(serial) if Some(serial) != live.map(|live| live.head().serial) => {
            publications.load(serial, live).map(Some)
        }
        _ => Ok(None),
    }
}

fn complain(
    app: &App,
    complained: &mut Option<String>,
    error: &(dyn std::error::Error + 'static),
) -> Duration {
    app.metrics.publication_failed();
    let text = error.to_string();
    if complained.as_ref() != Some(&text) {
        let _ = app.incident("a publication cannot be read; the last good one stays live", error);
        *complained = Some(text);
    }
    RETRY
}
