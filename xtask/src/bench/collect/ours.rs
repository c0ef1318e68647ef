//! The product's side: collector, store, publication, server, put together as `serve` does it.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use blocklist::{FixedClock, SourceName, Time};
use collect::Limits;
use collect::collector::{Collected, Collector, Order, Program, Step};
use collect::fetch::Network;
use collect::random::SystemRandom;
use collect::source::{Kind, Settings};
use collect::vault::{KeySource, Vault};
use server::{App, Budget};
use store::{Actor, RunState, Store};
use tokio_util::sync::CancellationToken;

use super::super::ask;
use super::super::guard::PATIENCE;
use super::source::Source;

/// 2026-11-20 09:00 in Asia/Seoul, when all rows are listed.
pub(super) const NOW: i64 = 1_795_132_800;
/// How often is looked for a publication where waiting for the next look is not to be measured.
pub(super) const QUICK: Duration = Duration::from_millis(1);

/// Seconds since the answer began.
pub(super) struct Took {
    /// Until all rows are read and the store takes over.
    pub(super) read: f64,
    /// Until the feed has them.
    pub(super) shown: f64,
}

/// Collects the file once, into a new data directory.
pub(super) fn collect(file: &Path, rows: usize, poll: Duration) -> anyhow::Result<Took> {
    let dir = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(in_directory(dir.path(), file, rows, poll))
}

/// Who sets it up, for the record.
const BENCH: Actor<'static> = Actor { by: "bench", note: None, address: None };

async fn in_directory(dir: &Path, file: &Path, rows: usize, poll: Duration) -> anyhow::Result<Took> {
    let clock = Arc::new(FixedClock::at(Time::from_unix(NOW)));
    let store = Arc::new(Store::open(dir, clock.clone())?);
    let cancel = CancellationToken::new();
    let _end = cancel.clone().drop_guard();

    let app = Arc::new(App::new(Some(store.clone()), clock.clone(), Budget::default(), "bench"));
    let listener = server::bind(([127, 0, 0, 1], 0).into()).await?;
    let address = listener.local_addr()?.to_string();
    tokio::spawn(server::watch(Arc::clone(&app), Arc::clone(&store), poll, cancel.clone()));
    tokio::spawn(server::run([listener], app, cancel.clone()));

    let source = Source::of(file)?;
    let name: SourceName = "regtech".parse()?;
    let mut settings = Settings::of(Kind::Url);
    settings.set_all(Kind::Url, [("url", source.url.as_str()), ("parser", "regtech")])?;
    store.add_source(&name, Kind::Url.name(), &settings.to_json(Kind::Url), true, &BENCH)?;
    let collector = collector(dir, &store, &clock, cancel);

    let read = Mutex::new(None);
    let watch = |step: Step| {
        if matches!(step, Step::Keep { .. }) {
            *read.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
    };
    let collected = collector.collect(&name, &Order::scheduled(), &watch).await?;
    let Collected::Run { run, .. } = collected else { anyhow::bail!("not collected: {collected:?}") };
    ensure!(run.state == RunState::Done && run.accepted == rows as u64, "not all collected: {run:?}");
    // Only now: no feed shows the rows before they are published, and asking meanwhile would take time from the work.
    let (shown, entries) = tokio::task::spawn_blocking(move || shown(&address)).await??;
    ensure!(entries == rows, "the feed has {entries} of {rows} rows");
    let began = source.answered()?;
    let read = read.into_inner().unwrap_or_else(PoisonError::into_inner).context("nothing was kept")?;
    Ok(Took { read: (read - began).as_secs_f64(), shown: (shown - began).as_secs_f64() })
}

fn collector(
    dir: &Path,
    store: &Arc<Store>,
    clock: &Arc<FixedClock>,
    cancel: CancellationToken,
) -> Collector {
    let random = Arc::new(SystemRandom);
    let key = KeySource::in_directory(dir);
    let open_vault =
        Box::new(move |create| Vault::open(&KeySource { create, ..key.clone() }, Arc::new(SystemRandom)));
    let program = Program { limits: Limits::default(), rules: prefix::Rules::default(), min_share: 0.5 };
    let network = Network::new(dir, clock.clone());
    Collector::new(Arc::clone(store), clock.clone(), random, network, open_vault, program, cancel)
}

/// Asks for the feed until there is one: when its last byte was here, and how many lines it has.
fn shown(address: &str) -> anyhow::Result<(Instant, usize)> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        let answer = ask::get(address, "/feeds/default/plain", "")?;
        if answer.status == 200 {
            return Ok((Instant::now(), answer.body.split(|&byte| byte == b'\n').count() - 1));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    anyhow::bail!("no feed on {address}")
}
