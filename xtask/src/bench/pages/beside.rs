//! What stands beside listings: accounts, devices and what they read, what people changed, who tried to come in.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::Context as _;
use blocklist::{ConsumerName, ConsumerSettings, FeedSettings, Hash, Serial, Time};
use collect::random::SystemRandom;
use prefix::{Net, Prefix};
use store::{
    Actor, ConsumerAddress, FeedRefusal, History, NewKnownGood, NewToken, Outcome, Pull, Role, Store,
    TrendRow, UserName,
};

use super::super::data::Random;
use super::fill::{self, ACTOR, DAY, DAYS};

/// The account that asks.
pub(super) const NAME: &str = "bench";
/// Its password, of this data alone.
pub(super) const PASSWORD: &str = "corner lamp seven otter";
/// The feed, the device, the token and the list of known good addresses that requests name.
pub(super) const FEED: &str = "branch";
pub(super) const DEVICE: &str = "fw-1";
pub(super) const KNOWN_GOOD: &str = "resolvers";

/// Pulls of one transaction.
const AT_ONCE: usize = 5_000;

/// What must never be served, before anything is.
pub(super) fn protected(store: &Store, some: &[Prefix]) -> anyhow::Result<()> {
    let allow: Vec<_> = some.iter().take(1_000).map(|prefix| fill::allowed(*prefix)).collect();
    store.add_allow(&allow, &ACTOR)?;
    let good: Vec<Prefix> = (0..10_000_u32).map(|n| Net::host(0x0b80_0000 + 7 * n).into()).collect();
    let list = NewKnownGood {
        name: KNOWN_GOOD,
        description: Some("bench"),
        version: Some("1"),
        prefixes: &good,
        passed_over: 3,
    };
    store.install_known_good(&[list], &ACTOR)?;
    Ok(())
}

/// All of it, in proportion to the listings.
pub(super) fn fill(store: &Store, size: usize, now: Time) -> anyhow::Result<()> {
    accounts(store)?;
    let last = store.publications(None, 1)?.pop().map_or(1, |row| row.serial.0);
    pulls(store, size, last, now)?;
    refusals(store, size / 5, now)?;
    days(store, size, now)?;
    let people = ["kim", "lee", "park", "bench"];
    for turn in 0..size / 50 {
        let by = people[turn % people.len()];
        let history = History { days: 30 + turn as u32 % 300, ..History::default() };
        store.set_history(&history, &Actor { by, note: Some("bench"), address: Some(address(turn)) })?;
    }
    Ok(())
}

fn address(number: usize) -> IpAddr {
    Ipv4Addr::from(0x0a00_0000 | (number % 60_000) as u32).into()
}

fn accounts(store: &Store) -> anyhow::Result<()> {
    let hash = server::Passwords::new().hash_now(&PASSWORD.into(), &SystemRandom)?;
    let bench: UserName = NAME.parse()?;
    store.add_user(&bench, Role::Admin, &hash, false, None, &ACTOR)?;
    for number in 0..30 {
        let role = [Role::Viewer, Role::Operator][number % 2];
        store.add_user(&format!("person-{number}").parse()?, role, &hash, false, None, &ACTOR)?;
    }
    for number in 0..30_u8 {
        let token = NewToken {
            name: format!("token-{number}"),
            hash: Hash([number; 32]),
            hint: "bench".to_owned(),
            role: Role::Viewer,
            user: bench.clone(),
            sources: Vec::new(),
            until: None,
        };
        store.add_token(&token, &ACTOR)?;
    }
    Ok(())
}

/// Who reads: a device for a hundred listings, at most 200.
pub(super) fn devices(store: &Store, size: usize) -> anyhow::Result<()> {
    let feed = FeedSettings { cap: Some(100_000), ..FeedSettings::default() };
    store.add_feed(&FEED.parse()?, &feed, &ACTOR)?;
    for number in 1..=(size as u32 / 100).min(200) {
        let name: ConsumerName = format!("fw-{number}").parse()?;
        let address = ConsumerAddress { prefix: Net::host(0x0a01_0000 + number).into(), trusted: true };
        let settings = ConsumerSettings { cap: Some(300_000), ..ConsumerSettings::default() };
        store.add_consumer(&name, &settings, &[address], &ACTOR)?;
    }
    Ok(())
}

/// Reads of feeds in the last thirty days: most of them of an unchanged list.
fn pulls(store: &Store, count: usize, last: u64, now: Time) -> anyhow::Result<()> {
    let ids: Vec<_> = store.access()?.readers.into_iter().map(|reader| reader.id).collect();
    let devices = ids.len();
    anyhow::ensure!(devices > 0, "there is no device");
    let seconds = 30 * DAY - 60;
    let one = |number: usize| {
        let before = seconds - (number as i64 * seconds / count as i64);
        let serial = last.saturating_sub(before as u64 / 43_200).max(1);
        let status = if number.is_multiple_of(4) { 200 } else { 304 };
        Pull {
            at: now.plus_seconds(-before - 60),
            consumer: Some(ids[number % devices]),
            feed: if number.is_multiple_of(3) { FEED.to_owned() } else { "default".to_owned() },
            format: ["plain", "fortigate"][number % 2].to_owned(),
            address: Some(address(number % devices)),
            agent: Some("curl/8.5".to_owned()),
            serial: Some(Serial(serial)),
            status,
            bytes: if status == 200 { 14_000_000 } else { 0 },
            holds: true,
        }
    };
    let all: Vec<usize> = (0..count).collect();
    for numbers in all.chunks(AT_ONCE) {
        store.write_pulls(&numbers.iter().map(|number| one(*number)).collect::<Vec<_>>(), 90)?;
    }
    Ok(())
}

fn refusals(store: &Store, count: usize, now: Time) -> anyhow::Result<()> {
    let mut random = Random::new(13);
    let first = 60 * DAY;
    let all: Vec<FeedRefusal> = (0..count as i64)
        .map(|number| FeedRefusal {
            at: now.plus_seconds(number * first / count as i64 - first),
            consumer: (number % 3 == 0).then(|| DEVICE.to_owned()),
            address: Some(Ipv4Addr::from(random.address()).into()),
            outcome: if number % 50 == 0 { Outcome::Expired } else { Outcome::Wrong },
            agent: Some("curl/8.5".to_owned()),
        })
        .collect();
    all.chunks(AT_ONCE).try_for_each(|part| store.write_refusals(part))?;
    Ok(())
}

/// What the dashboard draws.
fn days(store: &Store, size: usize, now: Time) -> anyhow::Result<()> {
    let today = now.unix() / DAY;
    let names: Vec<_> = store.sources()?.into_iter().map(|row| row.name).collect();
    for day in today - DAYS..today {
        let entries = size as u64 * (day + DAYS + 1 - today).unsigned_abs() / DAYS.unsigned_abs();
        let row = |source| TrendRow { day, source, entries, added: entries / 90, ended: entries / 200 };
        let rows: Vec<_> = std::iter::once(None).chain(names.iter().cloned().map(Some)).map(row).collect();
        store.keep_trend(day, &rows).context("what the days came to")?;
    }
    Ok(())
}
