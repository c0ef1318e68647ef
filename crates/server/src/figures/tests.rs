//! Figures against a naive count of what the store keeps.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use blocklist::{Batch, Country, Details, FixedClock, Mode, Record, SourceName, State, Time, details};
use prefix::Prefix;
use proptest::prelude::*;
use store::{Import, ListingQuery, Store, Trigger};
use tempfile::TempDir;

use super::*;
use crate::api::stats::Share;
use crate::live::Budget;
use crate::pages::Level;

/// 2026-03-01T12:00:00Z.
const NOW: i64 = 1_772_366_400;
const DAY: i64 = 86_400;

struct Bench {
    _dir: TempDir,
    clock: Arc<FixedClock>,
    store: Arc<Store>,
    app: App,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Time::from_unix(NOW)));
        let store = Arc::new(Store::open(dir.path(), clock.clone()).unwrap());
        let app = App::new(Some(store.clone()), clock.clone(), Budget::default(), "0.0.0-test");
        Self { _dir: dir, clock, store, app }
    }

    /// The whole list of a source, which replaces the one that it had.
    fn import(&self, source: &str, rows: &BTreeMap<Prefix, Details>) {
        let mut batch = Batch::default();
        for (prefix, text) in rows {
            let details = batch.details.intern(text.clone());
            batch.accept(false);
            batch.records.push(Record { prefix: *prefix, details, detected: None, until: None });
        }
        let import = Import {
            source: &source.parse().unwrap(),
            parser: "list",
            mode: Mode::Full,
            input: "a.txt",
            input_key: None,
            started_at: blocklist::Clock::now(&*self.clock),
            batch: &batch,
            min_share: 0.0,
            allow_empty: true,
            trigger: Trigger::Person,
            window: None,
            state: None,
        };
        self.store.import(&import).unwrap();
    }

    /// What the store published is live, and counted.
    async fn figures(&self) -> Arc<Snapshot> {
        if let Some(publication) = self.store.files().load_current().unwrap() {
            self.app.go_live(publication).await;
        }
        self.app.refresh_figures().await;
        self.app.figures().unwrap()
    }

    fn at(&self, seconds: i64) {
        self.clock.set(Time::from_unix(NOW + seconds));
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn hosts(range: std::ops::Range<u8>) -> BTreeMap<Prefix, Details> {
    range.map(|n| (format!("9.1.1.{n}").parse().unwrap(), Details::default())).collect()
}

fn text(choices: &'static [&'static str]) -> impl Strategy<Value = Option<Box<str>>> {
    prop::sample::select(choices).prop_map(details::text)
}

prop_compose! {
    fn some_details()(
        reason in text(&["", "port scan", "web attack", "<script>"]),
        category in text(&["", "scan", "bot"]),
        country in prop::sample::select(&["", "US", "KR", "ZZ"][..]),
    ) -> Details {
        Details { reason, category, country: Country::new(country), ..Details::default() }
    }
}

fn list() -> impl Strategy<Value = BTreeMap<Prefix, Details>> {
    let prefix = (0_u8..8, 0_u8..6, any::<bool>()).prop_map(|(net, host, is_net)| {
        let text = if is_net { format!("9.9.{net}.0/24") } else { format!("9.9.{net}.{host}") };
        text.parse().unwrap()
    });
    prop::collection::btree_map(prefix, some_details(), 1..30)
}

/// Counts as a person would: a row after the other.
fn naive(rows: &[store::ListingRow], of: impl Fn(&store::ListingRow) -> Option<String>) -> Vec<Share> {
    let mut counts: HashMap<Option<String>, u64> = HashMap::new();
    for row in rows {
        *counts.entry(of(row)).or_default() += 1;
    }
    let mut shares: Vec<_> = counts.into_iter().map(|(name, listings)| Share { name, listings }).collect();
    shares.sort_by(|a, b| b.listings.cmp(&a.listings).then(a.name.cmp(&b.name)));
    shares
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn counts_in_memory_are_those_of_the_rows_that_the_store_keeps(a in list(), b in list()) {
        runtime().block_on(async {
            let bench = Bench::new();
            bench.import("a", &a);
            bench.import("b", &b);
            let snapshot = bench.figures().await;
            let query = ListingQuery { state: Some(State::Active), limit: usize::MAX, ..ListingQuery::default() };
            let rows = bench.store.listings(&query).unwrap();
            let counts = &snapshot.live.as_ref().unwrap().counts;
            prop_assert_eq!(counts.listings, rows.len() as u64);
            let text = |text: &Option<String>| text.clone();
            prop_assert_eq!(&counts.by_reason, &naive(&rows, |row| text(&row.reason)));
            prop_assert_eq!(&counts.by_category, &naive(&rows, |row| text(&row.category)));
            prop_assert_eq!(&counts.by_country, &naive(&rows, |row| row.country.map(|it| it.to_string())));
            prop_assert_eq!(&counts.by_source, &naive(&rows, |row| Some(row.source.to_string())));
            let kept = snapshot.kept.as_ref().unwrap();
            let of = |name: &str| kept.sources.iter().find(|source| source.view.row.name.as_str() == name);
            prop_assert_eq!(of("a").unwrap().view.row.active, a.len() as u64);
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn a_day_is_what_differs_from_the_last_publication_before_it() {
    let bench = Bench::new();
    bench.at(-DAY);
    bench.import("a", &hosts(0..100));
    bench.figures().await;
    bench.at(0);
    bench.import("a", &hosts(10..112));
    let snapshot = bench.figures().await;
    let rows = &snapshot.kept.as_ref().unwrap().trend.rows;
    let day = NOW.div_euclid(DAY);
    let of = |day: i64, source: Option<&str>| {
        let source: Option<SourceName> = source.map(|name| name.parse().unwrap());
        let row = rows.iter().find(|row| row.day == day && row.source == source).unwrap();
        (row.entries, row.added, row.ended)
    };
    assert_eq!([of(day - 1, None), of(day - 1, Some("a"))], [(100, 100, 0); 2]);
    assert_eq!([of(day, None), of(day, Some("a"))], [(102, 12, 10); 2]);
    let day = snapshot.kept.as_ref().unwrap().day.unwrap();
    assert_eq!((day.from.map(|from| from.0), day.to.0, day.added, day.removed), (Some(1), 2, 12, 10));
}

#[tokio::test]
async fn a_source_that_fails_and_a_device_that_is_silent_have_a_badge_and_what_is_well_has_none() {
    let bench = Bench::new();
    bench.import("a", &hosts(0..250));
    let name = "FW-1".parse().unwrap();
    let actor = store::Actor { by: "kim", note: None, address: None };
    bench.store.add_consumer(&name, &blocklist::ConsumerSettings::default(), &[], &actor).unwrap();
    assert_eq!(bench.figures().await.badges(), [], "a device that was just added is waited for");
    bench.at(2 * 3_600);
    let badges = bench.figures().await.badges();
    assert_eq!(badges, [Badge { page: Page::Devices, count: 1, level: Level::Warn }]);
    bench.import("a", &hosts(0..5));
    let snapshot = bench.figures().await;
    assert!(snapshot.kept.as_ref().unwrap().held.is_some());
    let held = Badge { page: Page::Publications, count: 1, level: Level::Warn };
    assert!(snapshot.badges().contains(&held), "{:?}", snapshot.badges());
}

#[tokio::test]
async fn without_a_store_the_live_list_is_counted_and_it_is_said_that_there_is_none() {
    let bench = Bench::new();
    bench.import("a", &hosts(0..10));
    let app = App::new(None, bench.clock.clone(), Budget::default(), "0.0.0-test");
    app.go_live(bench.store.files().load_current().unwrap().unwrap()).await;
    app.refresh_figures().await;
    let snapshot = app.figures().unwrap();
    assert_eq!(snapshot.live.as_ref().unwrap().counts.entries, 10);
    assert!(snapshot.kept.is_none() && !snapshot.store_answers);
}
