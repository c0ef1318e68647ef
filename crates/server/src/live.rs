//! The live publication with its bodies and figures: swapped whole, so what is derived from one publication never
//! meets another.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use blocklist::{FeedSettings, Head, Publication, Selection, Time};
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

    /// The publication, to be kept for longer than its bodies.
    pub(crate) fn shared(&self) -> Arc<Publication> {
        Arc::clone(&self.publication)
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
        if let Some(body) = self.shelf(&variant).slot(&variant, now).body.get() {
            return Ok(Arc::clone(body));
        }
        let live = Arc::clone(self);
        match tokio::spawn(live.build(variant, now)).await {
            Ok(built) => built,
            Err(error) => Err(NoBody::Failed(error.to_string())),
        }
    }

    /// How many entries a feed has, as far as that is known without a look at all of them: of the whole publication, and of
    /// a feed that somebody read.
    pub(crate) fn known_entries(&self, feed: &FeedSettings) -> Option<u64> {
        if *feed == FeedSettings::default() {
            return Some(self.publication.entries() as u64);
        }
        let wanted = feed.select(Selection::default(), true);
        let fits = |variant: &Variant| {
            let asked = variant.selection;
            variant.feed.settings == *feed && (asked.family, asked.merge) == (wanted.family, wanted.merge)
        };
        let body = self.whole.built(fits).or_else(|| self.limited.built(fits))?;
        Some(body.total() as u64)
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
            let slot = shelf.slot(&variant, now);
            let built = slot.body.get_or_try_init(|| self.make(variant.clone(), now)).await.cloned();
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use blocklist::{Content, DetailsId, DetailsTable, Hash, Listing, Serial, SourceId};

    use super::*;

    fn live(hosts: u32, budget: Budget) -> Arc<Live> {
        let sources: BTreeMap<_, _> = [(SourceId(0), "a".parse().unwrap())].into();
        let zero = Time::from_unix(0);
        let listing = |n: u32| Listing {
            prefix: prefix::Net::host(0x0900_0000 + 2 * n).into(),
            source: SourceId(0),
            details: DetailsId(0),
            detected: zero,
            until: None,
        };
        let content = Content::new(&sources, &DetailsTable::default(), (0..hosts).map(listing).collect());
        let head = Head { serial: Serial(1), published_at: zero, changed_at: zero, hash: Hash([0; 32]) };
        Arc::new(Live::new(Publication::new(head, content).unwrap(), budget))
    }

    fn variant(format: &str, query: &str, encoding: Encoding) -> Variant {
        let feed = Arc::new(crate::access::Feed::all());
        Variant::parse(feed, None, format.parse().unwrap(), query, encoding).unwrap()
    }

    #[tokio::test]
    async fn a_body_for_each_limit_neither_fills_the_memory_nor_pushes_whole_feeds_out() {
        let budget = Budget { whole: 1 << 20, limited: 1 << 20 };
        let live = live(2_000, budget);
        let whole = variant("plain", "", Encoding::Identity);
        let first = live.body(whole.clone(), Time::from_unix(0)).await.unwrap();
        for limit in 1..=1_500 {
            let limited = variant("plain", &format!("limit={limit}"), Encoding::Identity);
            let body = live.body(limited, Time::from_unix(limit)).await.unwrap();
            assert_eq!(body.bytes.split(|&byte| byte == b'\n').count() as i64, limit + 1);
            assert!(live.limited.bytes() <= budget.limited, "{limit}: {}", live.limited.bytes());
        }
        let again = live.body(whole, Time::from_unix(2_000)).await.unwrap();
        assert!(Arc::ptr_eq(&first, &again));
    }

    #[tokio::test]
    async fn over_the_budget_the_longest_unasked_goes_and_the_newest_stays() {
        let live = live(2_000, Budget { whole: 60_000, limited: 0 });
        let ask = async |query: &str, at| {
            live.body(variant("plain", query, Encoding::Identity), Time::from_unix(at)).await.unwrap()
        };
        let old = ask("", 1).await;
        let other = ask("comments=1", 2).await;
        assert!(Arc::ptr_eq(&old, &ask("", 3).await), "both fit");
        ask("merge=1", 4).await;
        assert!(!Arc::ptr_eq(&other, &ask("comments=1", 5).await), "was asked for before the other");
        let huge = variant("json", "", Encoding::Identity);
        let body = live.body(huge.clone(), Time::from_unix(6)).await.unwrap();
        assert!(body.bytes.len() > 60_000);
        assert!(
            Arc::ptr_eq(&body, &live.body(huge, Time::from_unix(6)).await.unwrap()),
            "larger than the budget"
        );
    }

    #[tokio::test]
    async fn what_was_asked_for_lately_is_there_before_the_next_goes_live() {
        let (before, next) = (live(10, Budget::default()), live(11, Budget::default()));
        let lately = [
            variant("plain", "", Encoding::Identity),
            variant("json", "family=4", Encoding::Gzip),
            variant("ipset", "limit=3", Encoding::Identity),
        ];
        let now = Time::from_unix(100_000);
        for variant in &lately {
            before.body(variant.clone(), now.plus_seconds(-60)).await.unwrap();
        }
        let long_ago = variant("csv", "", Encoding::Identity);
        before.body(long_ago.clone(), now.plus_seconds(-LATELY - 1)).await.unwrap();
        next.warm_up(&before, now).await;
        let is_there = |variant: &Variant| next.shelf(variant).slot(variant, now).body.initialized();
        assert!(lately.iter().all(is_there));
        assert!(!is_there(&long_ago));
    }

    #[tokio::test]
    async fn a_reader_that_leaves_does_not_make_the_next_build_again() {
        let live = live(2_000, Budget::default());
        let variant = variant("json", "", Encoding::Gzip);
        let left =
            tokio::time::timeout(std::time::Duration::ZERO, live.body(variant.clone(), Time::from_unix(0)))
                .await;
        assert!(left.is_err(), "left while it was built");
        let slot = live.shelf(&variant).slot(&variant, Time::from_unix(0));
        while !slot.body.initialized() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }
}
