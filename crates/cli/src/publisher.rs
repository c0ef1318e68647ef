//! The publisher of `serve`: what time alone changes.
//!
//! Publishes once, for what may have changed while nothing served (a setting, a restored database, an end that passed),
//! and then at each second at which a listing or an allow entry ends or a held candidate runs out. The store knows when
//! that is; it is asked often, because another process may have changed it. When the store says no, the last good
//! publication goes on, and it is asked again a little later.

use std::sync::Arc;
use std::time::Duration;

use blocklist::Time;
use server::App;
use store::{Published, Store};
use tokio_util::sync::CancellationToken;

use crate::addresses;
use crate::commands::known_good;

/// How often the store is asked when something changes next.
const LOOK: Duration = Duration::from_millis(250);
/// At every so many looks a publication that was committed and not shown is shown.
const FINISH_EVERY: u32 = 20;
/// How long it waits after the store said no.
const RETRY: Duration = Duration::from_secs(5);

/// Publishes until it is cancelled.
pub(crate) async fn run(app: Arc<App>, store: Arc<Store>, cancel: CancellationToken) {
    // The last good publication first: reading it is what devices wait for.
    let patience = tokio::time::Instant::now() + RETRY;
    while app.live().is_none() && store.has_published() && tokio::time::Instant::now() < patience {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut looks = 0u32;
    let mut due = Due { store, first: true, held: None };
    loop {
        let now = app.now();
        let looked = tokio::task::spawn_blocking(move || {
            let said = due.look(now);
            // A command that was killed after its commit left a publication to be shown.
            let shown =
                if looks.is_multiple_of(FINISH_EVERY) { due.store.finish_publication() } else { Ok(()) };
            (due, said.and(shown))
        });
        looks = looks.wrapping_add(1);
        let wait = match looked.await {
            Ok((back, Ok(()))) => {
                due = back;
                LOOK
            }
            Ok((back, Err(error))) => {
                tracing::error!(%error, "cannot publish; the last good publication goes on");
                due = back;
                RETRY
            }
            Err(error) => {
                tracing::error!(%error, "publishing broke off; what ends is taken out after a restart");
                return;
            }
        };
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// What is to be published by time.
struct Due {
    store: Arc<Store>,
    first: bool,
    /// An event that the gate held: it would hold it again each quarter of a second.
    held: Option<Time>,
}

impl Due {
    fn look(&mut self, now: Time) -> store::Result<()> {
        let event = self.store.next_event()?.filter(|&event| event <= now && self.held != Some(event));
        if !self.first && event.is_none() {
            return Ok(());
        }
        let published = if self.first {
            protect(&self.store);
            self.store.publish()?
        } else {
            self.store.publish_ended()?
        };
        self.first = false;
        self.held = match published {
            Published::New(row) => {
                tracing::info!(serial = row.serial.0, added = row.added, removed = row.removed, "published");
                None
            }
            Published::Same(_) => self.held,
            Published::Held { last: None, .. } => event,
            Published::Held { reasons, .. } => {
                for reason in reasons {
                    tracing::warn!("the gate holds the next publication: {reason}");
                }
                event
            }
        };
        Ok(())
    }
}

/// What must never be served, before anything new is: the known-good lists of the program, and this machine's own
/// addresses.
fn protect(store: &Store) {
    known_good::install(store, |line| tracing::info!("{line}"));
    match addresses::own().map(|own| store.put_server_addresses(&own)) {
        Ok(Ok(None)) => {}
        Ok(Ok(Some(_))) => {
            tracing::info!("the addresses of this machine are kept as its own and never served");
        }
        Ok(Err(error)) => tracing::error!(%error, "cannot keep the addresses of this machine as its own"),
        Err(error) => {
            tracing::error!(%error, "cannot read the addresses of this machine; `blacklist own add` names them");
        }
    }
}
