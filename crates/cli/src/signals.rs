//! What a person or the system says to a running program.

use std::sync::Arc;

use tokio::sync::Notify;

/// Ends at the first SIGINT or SIGTERM. Handlers are in place when this returns, so no signal is missed.
pub(crate) fn stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Says so at each SIGHUP, which ends nothing from here on.
pub(crate) fn on_hangup(told: Arc<Notify>) -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        while hangup.recv().await.is_some() {
            told.notify_one();
        }
    })
}
