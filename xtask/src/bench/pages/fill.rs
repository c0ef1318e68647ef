//! A data directory as ninety days of work leave it: listings of several sources, most of them served, some ended, withdrawn
//! or taken out by a person, with the runs and publications that brought them.
//!
//! ```text
//! regtech        45 %  every 18 days, each listing with a reason of its own, an end after 30 or 180 days
//! secudium       10 %  every 18 days, 2,000 reasons, no end
//! blocklist-de   30 %  the full list every 18 days, one in a hundred another than before
//! threat-feed    14 %  the full list once, half of it IPv6
//! netblocks       1 %  networks
//! manual               by people, at most 500, some of them taken back
//! ```

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use blocklist::{
    Batch, Clock as _, Country, Details, DetailsId, FixedClock, Mode, Record, SourceName, SystemClock, Time,
};
use prefix::{Net, Prefix, Rules};
use store::{Actor, ByHand, Edit, EditTo, Import, NewAllow, Store, Trigger};

use super::super::data::{self, Random};
use super::beside;

/// Days of history.
pub(super) const DAYS: i64 = 90;
/// Days from one turn of a portal to the next. Each publication of a million takes a second of its own.
const TURN: i64 = 18;
pub(super) const DAY: i64 = 86_400;
/// Who did what people do.
pub(super) const ACTOR: Actor<'static> = Actor { by: "bench", note: None, address: None };
/// A network of the firm, which no listing but the last one touches: it is what the gate holds a candidate for.
const OWN: &str = "11.7.0.0/16";

/// What a request needs to name something that is there.
pub(super) struct World {
    /// An address that is listed, with a history.
    pub(super) listed: Prefix,
    /// One that people blocked.
    pub(super) by_hand: Prefix,
    /// A reason that one listing alone has.
    pub(super) reason: String,
    /// A run with rows that were refused.
    pub(super) run: i64,
    /// An old publication, and the last.
    pub(super) serials: (u64, u64),
    /// The candidate that is held.
    pub(super) held: i64,
    /// An allow entry.
    pub(super) allow: i64,
}

/// Makes it. The clock of the store walks through the days, so that everything has its time.
pub(super) fn fill(dir: &Path, size: usize) -> anyhow::Result<World> {
    let now = SystemClock.now();
    let clock = Arc::new(FixedClock::at(now.plus_seconds(-DAYS * DAY)));
    let store = Store::open(dir, Arc::<FixedClock>::clone(&clock))?;
    let hosts = hosts(size);
    let of = |from: usize, to: usize| &hosts[size * from / 100..size * to / 100];
    let (regtech, secudium, full) = (of(0, 45), of(45, 55), of(55, 85));
    store.add_own(&[OWN.parse()?], Some("bench"), false, &ACTOR)?;
    // Before anything is published: each of them is a publication of its own else.
    beside::protected(&store, of(99, 100))?;
    beside::devices(&store, size)?;
    whole(&store, "threat-feed", &threats(of(85, 92), size * 7 / 100))?;
    whole(&store, "netblocks", &networks(size / 100))?;
    let mut run = 0;
    for turn in 0..DAYS / TURN {
        let at = now.plus_seconds((turn * TURN - DAYS) * DAY);
        clock.set(at);
        let place = |all: &[Prefix], turn: i64| all.len() * turn as usize / (DAYS / TURN) as usize;
        let part = |all: &[Prefix]| {
            let from = place(all, turn);
            (from, all[from..place(all, turn + 1)].to_vec())
        };
        let (first, new) = part(regtech);
        run = bring(&store, "regtech", Mode::Add, &incidents(first, &new, at))?;
        bring(&store, "secudium", Mode::Add, &alike(&part(secudium).1, at))?;
        bring(&store, "blocklist-de", Mode::Full, &full_list(full, turn as usize))?;
    }
    clock.set(now.plus_seconds(-600));
    let by_hand = by_hand(&store, size)?;
    store.publish_ended()?;
    beside::fill(&store, size, now)?;
    // The last word of a source is one that the gate asks about.
    clock.set(now.plus_seconds(-300));
    let mut batch = Batch::default();
    for address in ["11.7.3.4", "11.9.3.4"] {
        add(&mut batch, address.parse()?, Details::default(), Some(now), None);
    }
    bring(&store, "secudium", Mode::Add, &batch)?;
    let Some(held) = store.held(None, 1)?.pop() else { anyhow::bail!("nothing is held") };
    let serials = store.publications(None, 1)?.pop().map_or(0, |row| row.serial.0);
    let Some(allow) = store.allow_entries(false, None, 1)?.pop() else { anyhow::bail!("nothing is allowed") };
    clock.set(now);
    Ok(World {
        listed: regtech[regtech.len() - 1],
        by_hand,
        reason: reason_of(regtech.len() - 1),
        run,
        serials: (serials / 2, serials),
        held: held.id.0,
        allow: allow.id.0,
    })
}

/// Different addresses all over the public space, in no order, none in 11/8.
fn hosts(size: usize) -> Vec<Prefix> {
    let admitted = |&addr: &u32| addr >> 24 != 11 && Rules::default().admit(Net::host(addr).into()).is_ok();
    let mut hosts = data::distinct(size + size / 50);
    hosts.retain(admitted);
    hosts.truncate(size);
    hosts.into_iter().map(|addr| Net::host(addr).into()).collect()
}

fn reason_of(number: usize) -> String {
    const WHAT: [&str; 8] = [
        "웹 취약점 공격 시도",
        "SSH 무차별 대입",
        "포트 스캔",
        "악성코드 유포지",
        "C2 서버 통신",
        "SQL 삽입 시도",
        "피싱 사이트",
        "관리자 페이지 접근",
    ];
    format!("{} 탐지 (사고 2026-{number:07})", WHAT[number % WHAT.len()])
}

/// What a portal of incidents says: a reason, a country and a kind of attack for each.
fn incidents(first: usize, prefixes: &[Prefix], at: Time) -> Batch {
    const COUNTRIES: [&str; 16] =
        ["CN", "US", "RU", "KR", "NL", "DE", "IN", "BR", "VN", "FR", "GB", "HK", "SG", "UA", "JP", "IS"];
    const KINDS: [&str; 6] = ["웹공격", "무차별대입", "스캔", "악성코드", "C2", "피싱"];
    let mut random = Random::new(first as u64 + 11);
    let mut batch = Batch::default();
    for (number, &prefix) in (first..).zip(prefixes) {
        // The first countries have the most, the last one a handful in a thousand.
        let place = (random.below(16) * random.below(16) / 16) as usize;
        let details = Details {
            reason: Some(reason_of(number).into()),
            country: Country::new(COUNTRIES[place]),
            category: Some(KINDS[number % KINDS.len()].into()),
            severity: Some(["상", "중", "하"][number % 3].into()),
            confidence: Some((50 + number % 50) as u8),
        };
        let days = if number % 3 == 0 { 30 } else { 180 };
        let detected = at.plus_seconds(-(random.below((TURN * DAY) as u64) as i64));
        add(&mut batch, prefix, details, Some(detected), Some(detected.plus_seconds(days * DAY)));
    }
    for line in 0..20 {
        batch.refuse(line, blocklist::Cause::NoAddress, b"<b>no address</b>");
    }
    batch
}

/// A few reasons for many.
fn alike(prefixes: &[Prefix], at: Time) -> Batch {
    let mut batch = Batch::default();
    for (number, &prefix) in prefixes.iter().enumerate() {
        let details = Details {
            reason: Some(format!("Malicious activity, signature {}", number * 7 % 2_000).into()),
            country: Country::new(["US", "CN", "DE"][number % 3]),
            ..Details::default()
        };
        add(&mut batch, prefix, details, Some(at), None);
    }
    batch
}

/// The list of a public feed: of a hundred, another one is missing each time.
fn full_list(prefixes: &[Prefix], turn: usize) -> Batch {
    let mut batch = Batch::default();
    let there = prefixes.iter().enumerate().filter(|(place, _)| place % 100 != turn);
    for (_, &prefix) in there {
        add(&mut batch, prefix, Details::default(), None, None);
    }
    batch
}

fn threats(v4: &[Prefix], v6: usize) -> Batch {
    let mut batch = Batch::default();
    let v6 = data::clustered6(v6).into_iter().map(Prefix::from);
    let all: BTreeSet<Prefix> =
        v4.iter().copied().chain(v6.filter(|net| Rules::default().admit(*net).is_ok())).collect();
    for (number, prefix) in all.into_iter().enumerate() {
        let details = Details {
            category: Some(["botnet", "scanner", "proxy"][number % 3].into()),
            confidence: Some((number % 100) as u8),
            ..Details::default()
        };
        add(&mut batch, prefix, details, None, None);
    }
    batch
}

fn networks(count: usize) -> Batch {
    let mut random = Random::new(5);
    let mut batch = Batch::default();
    let mut seen = BTreeSet::new();
    while seen.len() < count {
        let net = Net::new(random.address(), 20 + random.below(9) as u8).map(Prefix::from);
        let Some(net) = net.filter(|net| Rules::default().admit(*net).is_ok()) else { continue };
        if net.v4().is_some_and(|net| net.first() >> 24 != 11) && seen.insert(net) {
            add(&mut batch, net, Details::default(), None, None);
        }
    }
    batch
}

fn add(batch: &mut Batch, prefix: Prefix, details: Details, detected: Option<Time>, until: Option<Time>) {
    let details = if details == Details::default() { DetailsId(0) } else { batch.details.intern(details) };
    batch.accept(false);
    batch.records.push(Record { prefix, details, detected, until });
}

/// A full list that is brought once.
fn whole(store: &Store, name: &str, batch: &Batch) -> anyhow::Result<()> {
    bring(store, name, Mode::Full, batch).map(drop)
}

fn bring(store: &Store, name: &str, mode: Mode, batch: &Batch) -> anyhow::Result<i64> {
    let source: SourceName = name.parse()?;
    let import = Import {
        source: &source,
        parser: "list",
        mode,
        input: "bench",
        input_key: None,
        started_at: store_time(batch),
        batch,
        min_share: 0.5,
        allow_empty: true,
        trigger: Trigger::Schedule,
        window: None,
        state: None,
    };
    Ok(store.import(&import)?.run.run.0)
}

/// When a run started: when the first of its listings was detected.
fn store_time(batch: &Batch) -> Time {
    let told = batch.records.iter().filter_map(|record| record.detected).max();
    told.unwrap_or_else(|| SystemClock.now().plus_seconds(-DAYS * DAY))
}

/// What people block, change and take back. One that stays.
fn by_hand(store: &Store, size: usize) -> anyhow::Result<Prefix> {
    let mut random = Random::new(9);
    let mut batch = Batch::default();
    let mut prefixes = BTreeSet::new();
    while prefixes.len() < (size / 100).min(500) {
        let prefix: Prefix = Net::host(0x0b00_0000 | random.below(1 << 18) as u32).into();
        prefixes.insert(prefix);
    }
    for &prefix in &prefixes {
        let details = Details { reason: Some("분석가 차단".into()), ..Details::default() };
        add(&mut batch, prefix, details, None, None);
    }
    store.block(&ByHand { batch: &batch, input: "bench", anyway: true, wide: false }, &ACTOR)?;
    let all: Vec<Prefix> = prefixes.into_iter().collect();
    let edit = |&prefix: &Prefix, to| Edit { source: None, prefix, to };
    let (gone, rest) = all.split_at(all.len() / 5);
    store.edit_listings(&gone.iter().map(|one| edit(one, EditTo::Removed)).collect::<Vec<_>>(), &ACTOR)?;
    let end = store_time(&Batch::default()).plus_seconds(2 * DAYS * DAY);
    let changed: Vec<_> = rest[1..].iter().step_by(2).map(|one| edit(one, EditTo::End(Some(end)))).collect();
    store.edit_listings(&changed, &ACTOR)?;
    Ok(rest[0])
}

/// An allow entry for an address.
pub(super) fn allowed(prefix: Prefix) -> NewAllow {
    NewAllow {
        prefix,
        reason: "bench".to_owned(),
        owner: Some("보안운영팀".to_owned()),
        ticket: None,
        until: None,
        remind_days: None,
        wide: false,
    }
}
