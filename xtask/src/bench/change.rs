//! One listing more, on a list of a million: policy, gate, delta, disk, index and feed, in the process that serves.
//!
//! The peer is the disk itself: ten appends of a block, each with its `fdatasync`. A change that costs its own size takes
//! a few of them, however long the list is; one that rebuilds the list takes as many as the list is long.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use blocklist::gate::{Candidate, GateRules, judge};
use blocklist::policy::{Evaluation, Kept, Policy, Protected, evaluate};
use blocklist::{
    Batch, Chunk, ChunkKey, Content, Delta, DetailsId, Head, Listing, Mode, Publication, Record, Selection,
    Serial, SourceId, SourceName, SystemClock, Time, View, codec,
};
use prefix::{Net, Prefix, Rules};
use server::{App, Budget};
use store::{Actor, ByHand, Import, NewAllow, Store, Trigger};
use tokio_util::sync::CancellationToken;

use super::ask;
use super::data::Random;
use super::guard::PATIENCE;
use super::report::{Goal, Report};

/// Listings there are before the change.
const SIZES: [(&str, usize); 3] = [("10k", 10_000), ("100k", 100_000), ("1M", 1_000_000)];
const ALLOWED: usize = 1_000;
const CHANGES: usize = 15;
const ACTOR: Actor<'static> = Actor { address: None, by: "bench", note: None };

/// Seconds from the call until the store has committed, until a question is answered from it, until the feed has it.
#[derive(Clone, Copy)]
struct Took {
    stored: f64,
    live: f64,
    fed: f64,
}

pub(crate) fn run(report: &mut Report) -> anyhow::Result<()> {
    println!(
        "# change: one address blocked by hand, with 1,000 allow entries; the peer is ten appends, each with fdatasync"
    );
    let mut medians = BTreeMap::new();
    for (name, size) in SIZES {
        let (took, syncs) = changes(size)?;
        let pairs = |of: fn(&Took) -> f64| -> Vec<(f64, f64)> {
            took.iter().zip(&syncs).map(|(took, sync)| (of(took) * 1e3, sync * 1e3)).collect()
        };
        report.pairs(
            &format!("change {name}, stored, vs 10 fdatasync"),
            "ms",
            Goal::Told,
            &pairs(|took| took.stored),
        )?;
        report.pairs(
            &format!("change {name}, in lookups, vs 10 fdatasync"),
            "ms",
            Goal::AtMost(1.0),
            &pairs(|took| took.live),
        )?;
        let mut fed: Vec<f64> = took.iter().map(|took| took.fed * 1e3).collect();
        fed.sort_by(f64::total_cmp);
        report.value(&format!("change {name}, in the feed"), "ms", Goal::AtMost(100.0), fed[fed.len() / 2]);
        let mut live: Vec<f64> = took.iter().map(|took| took.live).collect();
        live.sort_by(f64::total_cmp);
        medians.insert(size, live[live.len() / 2]);
    }
    if let (Some(small), Some(large)) = (medians.get(&10_000), medians.get(&1_000_000)) {
        report.value(
            "change, lookups, 1M over 10k (list is 100 times)",
            "",
            Goal::AtMost(5.0),
            large / small,
        );
    }
    shares(report)
}

/// Changes one after the other, each awaited in the feed.
fn changes(size: usize) -> anyhow::Result<(Vec<Took>, Vec<f64>)> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let dir = tempfile::tempdir()?;
    let store = Arc::new(Store::open(dir.path(), Arc::new(SystemClock))?);
    fill(&store, size)?;
    let cancel = CancellationToken::new();
    let _end = cancel.clone().drop_guard();
    let app = Arc::new(App::new(Some(Arc::clone(&store)), Arc::new(SystemClock), Budget::default(), "bench"));
    let address = runtime.block_on(async {
        let listener = server::bind(([127, 0, 0, 1], 0).into()).await?;
        let address = listener.local_addr()?;
        tokio::spawn(server::watch(Arc::clone(&app), Arc::clone(&store), server::POLL, cancel.clone()));
        tokio::spawn(server::run([listener], Arc::clone(&app), cancel.clone()));
        anyhow::Ok(address)
    })?;
    fed(address, Serial(1))?;
    let (mut took, mut syncs) = (Vec::new(), Vec::new());
    for change in 0..CHANGES as u32 {
        super::import::settle()?;
        syncs.push(ten_syncs(dir.path())?);
        took.push(one(&store, &app, address, Net::host(0x0b00_0000 + change * 77_777).into())?);
    }
    Ok((took, syncs))
}

fn one(store: &Arc<Store>, app: &Arc<App>, address: SocketAddr, prefix: Prefix) -> anyhow::Result<Took> {
    let batch = batch(&[prefix]);
    let began = Instant::now();
    let order = ByHand { batch: &batch, input: "bench", anyway: false, wide: false };
    let done = store.block(&order, &ACTOR)?;
    let stored = began.elapsed().as_secs_f64();
    let serial = done.published.current().map(|row| row.serial);
    let Some(serial) = serial else { anyhow::bail!("not published") };
    while app.live().is_none_or(|live| live.head().serial < serial) {
        ensure!(began.elapsed() < PATIENCE, "the change is not live");
        std::thread::sleep(Duration::from_micros(100));
    }
    let live = began.elapsed().as_secs_f64();
    ensure!(app.live().is_some_and(|live| live.publication().lists(prefix)), "{prefix} is not listed");
    // A reader that waits is told as soon as the feed has it, and reads the whole list once.
    let news = format!("/feeds/default/changes?since={}&wait=10", serial.0 - 1);
    ensure!(ask::get(&address.to_string(), &news, "")?.status == 200, "no news of {serial}");
    fed(address, serial)?;
    Ok(Took { stored, live, fed: began.elapsed().as_secs_f64() })
}

/// Reads the feed until it shows a serial.
fn fed(address: SocketAddr, serial: Serial) -> anyhow::Result<()> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        let answer = ask::get(&address.to_string(), "/feeds/default/plain", "")?;
        if answer.status == 200 && answer.field("x-feed-serial")?.parse::<u64>()? >= serial.0 {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    anyhow::bail!("the feed does not show {serial}")
}

fn fill(store: &Store, size: usize) -> anyhow::Result<()> {
    let hosts = hosts(size);
    let batch = batch(&hosts);
    let import = Import {
        source: &"u1".parse()?,
        parser: "list",
        mode: Mode::Full,
        input: "bench",
        input_key: None,
        started_at: Time::from_unix(1_700_000_000),
        batch: &batch,
        min_share: 0.5,
        allow_empty: false,
        trigger: Trigger::Person,
        window: None,
        state: None,
    };
    store.import(&import)?;
    let allow: Vec<NewAllow> = hosts
        .iter()
        .step_by(size / ALLOWED)
        .map(|&prefix| NewAllow {
            prefix,
            reason: "bench".to_owned(),
            owner: None,
            ticket: None,
            until: None,
            remind_days: None,
            wide: false,
        })
        .collect();
    store.add_allow(&allow, &ACTOR)?;
    Ok(())
}

/// Addresses all over the public space, none in 11/8, where the changes are.
fn hosts(size: usize) -> Vec<Prefix> {
    let mut random = Random::new(7);
    let mut hosts = std::collections::BTreeSet::new();
    while hosts.len() < size {
        let prefix: Prefix = Net::host(random.address()).into();
        let of_changes = prefix.v4().is_some_and(|net| net.first() >> 24 == 0x0b);
        if Rules::default().admit(prefix).is_ok() && !of_changes {
            hosts.insert(prefix);
        }
    }
    // As many again where the changes are as anywhere else.
    hosts.into_iter().collect()
}

fn batch(prefixes: &[Prefix]) -> Batch {
    let mut batch = Batch::default();
    for &prefix in prefixes {
        batch.accept(false);
        batch.records.push(Record { prefix, details: DetailsId(0), detected: None, until: None });
    }
    batch
}

/// Seconds for ten appends of a block, each with its own `fdatasync`.
fn ten_syncs(dir: &Path) -> anyhow::Result<f64> {
    let path = dir.join("syncs");
    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
    let began = Instant::now();
    for _ in 0..10 {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
    }
    let took = began.elapsed().as_secs_f64();
    fs::remove_file(path)?;
    Ok(took)
}

/// What a step made, so that it is not left out; dropped after the clock has stopped.
type Done = Box<dyn std::any::Any>;

fn done(made: impl std::any::Any) -> Done {
    Box::new(made)
}

/// Where the time goes on a million, step by step, each alone.
fn shares(report: &mut Report) -> anyhow::Result<()> {
    println!("# change 1M, step by step: medians of each step alone");
    let dir = tempfile::tempdir()?;
    let hosts = hosts(1_000_000);
    let sources: BTreeMap<SourceId, SourceName> = [(SourceId(0), "u1".parse()?)].into();
    let details = blocklist::DetailsTable::default();
    let now = Time::from_unix(1_700_000_000);
    let listing = |&prefix: &Prefix| Listing {
        prefix,
        source: SourceId(0),
        details: DetailsId(0),
        detected: now,
        until: None,
    };
    let before = Content::new(&sources, &details, hosts.iter().map(listing).collect());
    let key = ChunkKey::of(hosts[hosts.len() / 2]);
    let Some(key) = key else { anyhow::bail!("no chunk") };
    let mut kept: Vec<Kept> = hosts
        .iter()
        .filter(|prefix| ChunkKey::of(**prefix) == Some(key))
        .map(|prefix| Kept { listing: listing(prefix), seen: now, end_is_set: false })
        .collect();
    let new = kept[kept.len() / 2];
    let free = (1..).map(|n| Net::host(new.listing.prefix.v4().map_or(0, Net::first).wrapping_add(n)).into());
    let free = free.map(|prefix: Prefix| Listing { prefix, ..new.listing });
    let Some(extra) = free.into_iter().find(|extra| hosts.binary_search(&extra.prefix).is_err()) else {
        anyhow::bail!("no room")
    };
    kept.push(Kept { listing: extra, ..new });
    let guards = hosts.iter().step_by(1_000).map(|&prefix| blocklist::policy::Guard {
        prefix,
        kind: blocklist::policy::GuardKind::Allow,
        name: "1".into(),
        until: None,
    });
    let (policy, protected) = (Policy::default(), Protected::new(guards.collect(), now));
    let by = Evaluation {
        rules: Rules::default(),
        policy: &policy,
        protected: &protected,
        sources: &sources,
        details: &details,
        now,
    };
    let mut step =
        |name: &str, mut work: Box<dyn FnMut() -> anyhow::Result<Done> + '_>| -> anyhow::Result<()> {
            let mut times = Vec::new();
            for _ in 0..9 {
                let began = Instant::now();
                let made = work()?;
                times.push(began.elapsed().as_secs_f64() * 1e3);
                drop(made);
            }
            times.sort_by(f64::total_cmp);
            report.value(&format!("  {name}"), "ms", Goal::Told, times[times.len() / 2]);
            Ok(())
        };
    let listings = evaluate(&kept, &by).listings;
    let chunk = Chunk::build(key, &sources, &details, listings.clone()).map(Arc::new);
    let after = before.with(&[(key, chunk)].into());
    let head = Head { serial: Serial(2), published_at: now, changed_at: now, hash: after.hash() };
    let delta_file = codec::encode_delta(&head, &before, &after);
    let (rules, path) = (GateRules::default(), dir.path().join("delta"));
    let publication = Publication::new(Head { serial: Serial(1), ..head }, before.clone())?;
    step("policy: one chunk", Box::new(|| Ok(done(evaluate(&kept, &by)))))?;
    step(
        "chunk: order, bytes, hash",
        Box::new(|| Ok(done(Chunk::build(key, &sources, &details, listings.clone())))),
    )?;
    step(
        "gate",
        Box::new(|| {
            let candidate =
                Candidate { content: &after, before: Some(&before), new_hits: &[], knows_history: true };
            Ok(done(judge(&candidate, &rules)))
        }),
    )?;
    step("delta", Box::new(|| Ok(done(Delta::of(&before, &after)))))?;
    step("hash of the content", Box::new(|| Ok(done(after.hash()))))?;
    step("file of the delta", Box::new(|| Ok(done(codec::encode_delta(&head, &before, &after)))))?;
    step(
        "disk: written and synced",
        Box::new(|| {
            let mut file = fs::File::create(&path)?;
            file.write_all(&delta_file)?;
            file.sync_data()?;
            Ok(done(file))
        }),
    )?;
    step(
        "index",
        Box::new(|| {
            // A chunk anew, for an index is made once.
            let chunk = Chunk::build(key, &sources, &details, listings.clone()).map(Arc::new);
            let after = before.with(&[(key, chunk)].into());
            Ok(done(Publication::new(head, after)?))
        }),
    )?;
    step(
        "feed: bytes of the whole list",
        Box::new(|| {
            let format: &formats::Format = "plain".parse::<&'static formats::Format>()?;
            let view = View::new(&publication, Selection::default());
            Ok(done(format.render(&view, &formats::Options::default())?))
        }),
    )?;
    Ok(())
}
