//! The live publication with its bodies and figures: swapped whole, so what is derived from one publication never
//! meets another.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use blocklist::{Head, Publication, Time};
use formats::FormatError;
use tokio::sync::{OnceCell, Semaphore};

use crate::api::stats::Figures;
use crate::feeds::{Body, Encoding, Shelf, Variant};

/// Bodies asked for within this many seconds are built for the next publication before it goes live. Devices poll once
/// an hour at the slowest that matters.
const LATELY: i64 = 3_600;
/// At most so many of them: each query with a number of its own is a body.
const WARMED: usize = 64;
/// Bodies that are built at once. Each takes a core; the rest of the machine answers requests.
const BUILDERS: usize = 2;

/// How many bytes of finished bodies one publication may keep. While the next one is built, both count.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Bodies of whole feeds.
    pub whole: usize,
    /// Bodies with a limit: there can be one for every number, and they must not push the whole ones out.
    pub limited: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { whole: 512 << 20, limited: 64 << 20 }
    }
}

/// Why there is no body.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum NoBody {
    /// The format cannot write this view.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// Building it failed.
    #[error("building a feed failed: {0}")]
    Failed(String),
}

/// A publication that is served, and all that is made of it.
#[derive(Debug)]
pub struct Live {
    publication: Arc<Publication>,
    figures: OnceCell<Arc<Figures>>,
    whole: Shelf,
    limited: Shelf,
    builders: Semaphore,
}

impl Live {
    /// A publication from which nothing is made yet.
    pub fn new(publication: Publication, budget: Budget) -> Self {
        Self {
            publication: Arc::new(publication),
            figures: OnceCell::new(),
            whole: Shelf::new(budget.whole),
            limited: Shelf::new(budget.limited),
            builders: Semaphore::new(BUILDERS),
        }
    }

    /// The publication.
    pub fn publication(&self) -> &Publication {
        &self.publication
    }

    /// What identifies it.
    pub fn head(&self) -> &Head {
        self.publication.head()
    }

    /// Its figures, computed by the first who asks.
    pub(crate) async fn figures(&self) -> Result<Arc<Figures>, tokio::task::JoinError> {
        let compute = || {
            let publication = Arc::clone(&self.publication);
            tokio::task::spawn_blocking(move || Arc::new(Figures::of(&publication)))
        };
        self.figures.get_or_try_init(compute).await.cloned()
    }

    /// A body of the feed: at once when it is built, else when it is. A reader that leaves does not stop the building,
    /// for the next one wants it too.
    pub(crate) async fn body(self: &Arc<Self>, variant: Variant, now: Time) -> Result<Arc<Body>, NoBody> {
        if let Some(body) = self.shelf(&variant).slot(variant, now).body.get() {
            return Ok(Arc::clone(body));
        }
        let live = Arc::clone(self);
        match tokio::spawn(live.build(variant, now)).await {
            Ok(built) => built,
            Err(error) => Err(NoBody::Failed(error.to_string())),
        }
    }

    /// Builds what was asked of the publication before, the latest asked for first.
    pub(crate) async fn warm_up(self: &Arc<Self>, before: &Self, now: Time) {
        let since = now.plus_seconds(-LATELY);
        let asked = before.whole.asked_since(since).into_iter().chain(before.limited.asked_since(since));
        for (variant, at) in asked.take(WARMED) {
            if let Err(error) = self.body(variant, at).await {
                tracing::debug!(%error, "a body of the last publication has none in this one");
            }
        }
    }

    fn shelf(&self, variant: &Variant) -> &Shelf {
        if variant.is_whole() { &self.whole } else { &self.limited }
    }

    /// Boxed because a packed body asks for the unpacked one first.
    fn build(self: Arc<Self>, variant: Variant, now: Time) -> Building {
        Box::pin(async move {
            let shelf = self.shelf(&variant);
            let slot = shelf.slot(variant, now);
            let built = slot.body.get_or_try_init(|| self.make(variant, now)).await.cloned();
            match &built {
                Ok(_) => shelf.tidy(&variant),
                Err(_) => shelf.forget(&variant),
            }
            built
        })
    }

    async fn make(self: &Arc<Self>, variant: Variant, now: Time) -> Result<Arc<Body>, NoBody> {
        let unpacked = match variant.encoding {
            Encoding::Identity => None,
            Encoding::Gzip => Some(Arc::clone(self).build(variant.unpacked(), now).await?),
        };
        let failed = |error: &dyn std::fmt::Display| NoBody::Failed(error.to_string());
        let _turn = self.builders.acquire().await.map_err(|closed| failed(&closed))?;
        let publication = Arc::clone(&self.publication);
        let work = move || match unpacked {
            None => Body::build(&publication, &variant).map_err(NoBody::Format),
            Some(body) => {
                body.pack(publication.head(), &variant).map_err(|error| NoBody::Failed(error.to_string()))
            }
        };
        let body = tokio::task::spawn_blocking(work).await.map_err(|error| failed(&error))??;
        Ok(Arc::new(body))
    }
}

type Building = Pin<Box<dyn Future<Output = Result<Arc<Body>, NoBody>> + Send>>;
