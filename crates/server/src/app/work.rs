//! Work that requests start at sources: it comes to its end also when whoever asked has gone, and a stop waits for it.

use std::time::Duration;

use tokio::task::JoinHandle;

use super::App;
use crate::api::problem::Problem;

/// How long a stop waits for what requests started at sources.
const FAREWELL: Duration = Duration::from_secs(20);

impl App {
    /// Starts work at a source that has to come to its end whether or not somebody waits for it.
    pub(crate) fn start<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.tasks.spawn(work)
    }

    /// The same, and waits for it.
    pub(crate) async fn see_through<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Problem> {
        self.start(work).await.map_err(|error| self.incident("this could not be brought to its end", &error))
    }

    /// Waits until what requests started has ended, for some seconds.
    pub(crate) async fn finish(&self) {
        self.tasks.close();
        if tokio::time::timeout(FAREWELL, self.tasks.wait()).await.is_err() {
            tracing::warn!(
                tasks = self.tasks.len(),
                "stopped before all that requests had started had ended"
            );
        }
    }
}
