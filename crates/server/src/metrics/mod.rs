//! What is counted, for Prometheus at `/metrics`. No globals: each [`App`] counts its own, so tests do not meet.
//!
//! The doc comment of a field is its help text. Every label has a bounded set of values: routes are those of the
//! router, formats those of the table, sources those that are set up, never what a request happens to name.

mod held;
mod sources;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use blocklist::Time;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use self::held::{RuleLabels, Waiting};
use self::sources::{Counted, Reading, RunLabels, SourceLabels};
use crate::App;

/// A read of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FeedLabels {
    format: &'static str,
    /// `2xx` and so on; 304, the unchanged feed, is `3xx`.
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FormatLabels {
    format: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DenialLabels {
    status: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    status: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

/// From 50 microseconds, what an unchanged feed takes, to ten seconds.
fn durations() -> Histogram {
    Histogram::new([0.000_05, 0.000_1, 0.000_25, 0.001, 0.005, 0.025, 0.1, 0.5, 2.0, 10.0])
}

type Durations = Family<RouteLabels, Histogram, fn() -> Histogram>;

/// What is counted of one route.
struct RouteCounters {
    duration: Histogram,
    statuses: Mutex<Vec<(StatusCode, Counter)>>,
}

/// Declares the struct and registers each field under its name with its doc comment as help.
macro_rules! metrics {
    (
        $(#[doc = $about:literal])*
        $vis:vis struct $name:ident {
            $(#[doc = $help:literal] $(#[unit($unit:ident)])? $field:ident: $type:ty = $new:expr,)*
        }
    ) => {
        $(#[doc = $about])*
        $vis struct $name {
            registry: Registry,
            /// The counters of each route, found without making a label of the route.
            routes: RwLock<HashMap<Box<str>, Arc<RouteCounters>>>,
            /// Up to where runs are counted.
            counted: Counted,
            /// One scrape is written at a time: gauges of sources are set and written as one.
            writing: Mutex<()>,
            $(#[doc = $help] $field: $type,)*
        }

        impl $name {
            /// Everything at zero.
            pub(crate) fn new(version: &'static str) -> Self {
                let mut registry = Registry::with_prefix("blacklist");
                registry.register("build", "The program that answers", Info::new([("version", version)]));
                $(
                    let $field: $type = $new;
                    // The library ends each help text with a full stop of its own.
                    let help = $help.trim().trim_end_matches('.');
                    metrics!(@register registry, $field, help $(, $unit)?);
                )*
                Self {
                    registry,
                    routes: RwLock::default(),
                    counted: Counted::default(),
                    writing: Mutex::default(),
                    $($field),*
                }
            }
        }
    };
    (@register $registry:ident, $field:ident, $help:ident) => {
        $registry.register(stringify!($field), $help, $field.clone());
    };
    (@register $registry:ident, $field:ident, $help:ident, $unit:ident) => {
        $registry.register_with_unit(stringify!($field), $help, Unit::$unit, $field.clone());
    };
}

metrics! {
    /// The counters of an app.
    pub(crate) struct Metrics {
        /// Reads of feeds by format and class of status; 3xx are unchanged feeds.
        feed_requests: Family<FeedLabels, Counter> = Family::default(),
        /// Reads of feeds that were refused before they were looked at, by status: 401 unknown, 403 another feed, 404 no feed.
        feed_denials: Family<DenialLabels, Counter> = Family::default(),
        /// Reads of feeds that were not written down: the queue was full, or the store could not write.
        pulls_lost: Counter = Counter::default(),
        /// Times that feeds and consumers could not be read from the store; those that were known went on.
        access_failures: Counter = Counter::default(),
        /// Bytes of feed bodies that were sent, as packed.
        #[unit(Bytes)] feed_sent: Family<FormatLabels, Counter> = Family::default(),
        /// Addresses and prefixes that were looked up.
        lookups: Counter = Counter::default(),
        /// Requests by route and status.
        http_requests: Family<RequestLabels, Counter> = Family::default(),
        /// Time from the request's header to the start of the answer, by route.
        #[unit(Seconds)] http_request_duration: Durations = Family::new_with_constructor(durations),
        /// Publications that could not be read; the last good one stayed live.
        publication_failures: Counter = Counter::default(),
        /// Number of the live publication, 0 without one.
        publication_serial: Gauge = Gauge::default(),
        /// Distinct prefixes of the live publication.
        publication_entries: Gauge = Gauge::default(),
        /// Time since the live publication was published.
        #[unit(Seconds)] publication_age: Gauge = Gauge::default(),
        /// 1 while a candidate waits for a person, else 0.
        held: Gauge = Gauge::default(),
        /// Reasons of the gate for the candidate that waits, by rule.
        held_reasons: Family<RuleLabels, Gauge> = Family::default(),
        /// Connections that were closed because there were too many from one address.
        connections_refused: Counter = Counter::default(),
        /// Requests that were refused because there were too many from one address.
        requests_refused: Counter = Counter::default(),
        /// When the certificate of the server ends, in seconds since 1970; 0 without one.
        certificate_end: Gauge = Gauge::default(),
        /// Requests of which a trusted proxy said nothing readable of who asks.
        forwarded_unread: Counter = Counter::default(),
        /// Number of the publication that a person brought back and that is held there, 0 when the list goes on.
        publication_pinned: Gauge = Gauge::default(),
        /// Time since the last good run of a source; absent before the first.
        #[unit(Seconds)] source_age: Family<SourceLabels, Gauge> = Family::default(),
        /// Runs of a source since its last good one whose content never came; refused content is not counted here.
        source_failures: Family<SourceLabels, Gauge> = Family::default(),
        /// Runs since the program started, by source and how they ended.
        runs: Family<RunLabels, Counter> = Family::default(),
    }
}

impl Metrics {
    /// A feed was read.
    pub(crate) fn feed(&self, format: &'static str, status: StatusCode, bytes: usize) {
        let status = match status.as_u16() {
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            _ => "5xx",
        };
        self.feed_requests.get_or_create(&FeedLabels { format, status }).inc();
        if bytes > 0 {
            self.feed_sent.get_or_create(&FormatLabels { format }).inc_by(bytes as u64);
        }
    }

    /// A read of a feed was refused before it was looked at.
    pub(crate) fn denied(&self, status: StatusCode) {
        self.feed_denials.get_or_create(&DenialLabels { status: status.as_u16().into() }).inc();
    }

    /// A read of a feed was not written down.
    pub(crate) fn pull_lost(&self) {
        self.pulls_lost.inc();
    }

    /// A connection was closed: too many came from one address.
    pub(crate) fn connection_refused(&self) {
        self.connections_refused.inc();
    }

    /// A request was refused: too many came from one address.
    pub(crate) fn request_refused(&self) {
        self.requests_refused.inc();
    }

    /// A trusted proxy said nothing readable of who asks.
    pub(crate) fn forwarded_unread(&self) {
        self.forwarded_unread.inc();
    }

    /// Feeds and consumers could not be read from the store.
    pub(crate) fn access_failed(&self) {
        self.access_failures.inc();
    }

    /// So many addresses were looked up.
    pub(crate) fn looked_up(&self, count: usize) {
        self.lookups.inc_by(count as u64);
    }

    /// A request was answered, as far as the start of the answer.
    pub(crate) fn request(&self, route: &str, status: StatusCode, took: Duration) {
        let known = self.routes.read().unwrap_or_else(PoisonError::into_inner).get(route).map(Arc::clone);
        let counters = known.unwrap_or_else(|| self.learn(route));
        counters.duration.observe(took.as_secs_f64());
        let mut statuses = counters.statuses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, counter)) = statuses.iter().find(|(known, _)| *known == status) {
            counter.inc();
        } else {
            let labels = RequestLabels { route: route.to_owned(), status: status.as_u16().into() };
            let counter = self.http_requests.get_or_create_owned(&labels);
            counter.inc();
            statuses.push((status, counter));
        }
    }

    fn learn(&self, route: &str) -> Arc<RouteCounters> {
        let duration =
            self.http_request_duration.get_or_create_owned(&RouteLabels { route: route.to_owned() });
        let counters = Arc::new(RouteCounters { duration, statuses: Mutex::default() });
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(routes.entry(route.into()).or_insert(counters))
    }

    /// A publication could not be read.
    pub(crate) fn publication_failed(&self) {
        self.publication_failures.inc();
    }

    /// All figures as text. The gauges are read from the live publication now, so they never lag behind it. Without a
    /// reading, those of sources and of what waits are as they were last: a store that cannot answer hides nothing else.
    fn render(&self, app: &App, read: Option<&(Reading, Waiting)>) -> Result<String, std::fmt::Error> {
        let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((sources, waiting)) = read {
            self.take_over(sources);
            self.show_waiting(waiting);
        }
        let (serial, entries, age) = app.live().map_or((0, 0, 0), |live| {
            let head = live.head();
            (
                head.serial.0 as i64,
                live.publication().entries() as i64,
                app.now().unix() - head.published_at.unix(),
            )
        });
        self.publication_serial.set(serial);
        self.publication_entries.set(entries);
        self.publication_age.set(age.max(0));
        self.certificate_end.set(app.certificate_ends().map_or(0, Time::unix));
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// What is counted, in the `OpenMetrics` text format.
#[utoipa::path(
    get, path = "/metrics", tag = "health",
    responses((status = 200, description = "OpenMetrics text", body = String, content_type = "application/openmetrics-text"))
)]
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> Response {
    let (counted, started_at, now) = (app.metrics.counted.newest(), app.started_at(), app.now());
    let read = app
        .ask_store(move |store| Ok((Reading::take(store, counted, started_at, now)?, Waiting::take(store)?)));
    match app.metrics.render(&app, read.await.ok().as_ref()) {
        Ok(text) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(CONTENT_TYPE, kind)], text).into_response()
        }
        Err(error) => app.incident("the metrics cannot be written", &error).into_response(),
    }
}
