//! How long is waited for what: handed in, so that tests need not wait.

use std::fmt::{self, Debug, Formatter};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// A wait that has begun.
pub type Waiting = Pin<Box<dyn Future<Output = ()> + Send>>;

/// How long is waited for what.
#[derive(Clone)]
pub struct Patience {
    /// For a connection: name, TCP and TLS together.
    pub connect: Duration,
    /// For a further byte of a body. The first byte may take as long as the whole answer: portals think long before
    /// they send a workbook.
    pub stall: Duration,
    /// Before the first try again; up to as much again is added by chance, so that not everybody comes at once.
    pub first: Duration,
    /// How many times longer each further wait is.
    pub factor: f32,
    /// The longest wait between two tries. A server that asks for more is not waited for.
    pub longest: Duration,
    /// Waits between two tries.
    pub sleep: Arc<dyn Fn(Duration) -> Waiting + Send + Sync>,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            stall: Duration::from_secs(30),
            first: Duration::from_secs(1),
            factor: 4.0,
            longest: Duration::from_mins(1),
            sleep: Arc::new(|wait| Box::pin(tokio::time::sleep(wait))),
        }
    }
}

impl Debug for Patience {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Patience")
            .field("connect", &self.connect)
            .field("stall", &self.stall)
            .field("first", &self.first)
            .field("factor", &self.factor)
            .field("longest", &self.longest)
            .finish_non_exhaustive()
    }
}
