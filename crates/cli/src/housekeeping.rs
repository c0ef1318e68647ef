//! What `serve` forgets about each hour: sessions that are over, old tries to sign in, counters that count no more.
//!
//! Nothing depends on it: what is over opens nothing, whether or not its row is still there. When the store says no, the
//! next hour tries again.

use std::sync::Arc;
use std::time::Duration;

use store::Store;
use tokio_util::sync::CancellationToken;

/// How often.
const EVERY: Duration = Duration::from_hours(1);
/// The store forgets some rows at a time, so that nobody waits long for the writer. The rest of them goes next hour.
const TIMES: usize = 100;

/// Forgets until it is cancelled, at once for the first time.
pub(crate) async fn run(store: Arc<Store>, cancel: CancellationToken) {
    loop {
        let store = Arc::clone(&store);
        match tokio::task::spawn_blocking(move || forget(&store)).await {
            Ok(Ok(0)) => {}
            Ok(Ok(rows)) => tracing::debug!(rows, "forgot sessions and tries that are over"),
            Ok(Err(error)) => tracing::warn!(%error, "cannot forget what is over; tried again in an hour"),
            Err(error) => {
                tracing::error!(%error, "forgetting what is over broke off; it goes on after a restart");
                return;
            }
        }
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

fn forget(store: &Store) -> store::Result<usize> {
    let mut rows = 0;
    for _ in 0..TIMES {
        match store.prune_accounts()? {
            0 => break,
            gone => rows += gone,
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use blocklist::{Hash, SystemClock, Time};
    use store::{Actor, Role};

    use super::*;

    #[test]
    fn a_session_that_is_over_is_forgotten_and_one_that_holds_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), Arc::new(SystemClock)).unwrap();
        let name = "kim".parse().unwrap();
        let actor = Actor { by: "test", note: None, address: None };
        store.add_user(&name, Role::Viewer, &"!".into(), false, None, &actor).unwrap();
        let open = |hash: &[u8], ends_at| {
            store.open_session(&Hash::of(hash), &name, false, Time::from_unix(ends_at), None, None).unwrap()
        };
        open(b"over", 1);
        let holds = open(b"holds", i64::from(u32::MAX)).id;
        assert_eq!(forget(&store).unwrap(), 1);
        assert_eq!(forget(&store).unwrap(), 0);
        let left = store.sessions(None, Duration::from_mins(1)).unwrap();
        assert_eq!(left.iter().map(|row| row.id).collect::<Vec<_>>(), [holds]);
    }
}
