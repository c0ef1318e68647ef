//! The dataset has the portals' numbers, and moves as theirs does.

use std::collections::{HashMap, HashSet};

use jiff::civil::{Time, date, datetime};
use portal_sim::dataset::plus_days;
use portal_sim::world::HISTORY;
use portal_sim::{Size, World};

fn full() -> World {
    World::new(1, date(2026, 11, 20), Size::Full)
}

#[test]
fn the_portal_holds_what_it_was_seen_to_hold() {
    let (world, today) = (full(), date(2026, 11, 20));
    let counts: Vec<u64> = (0..=HISTORY).map(|ago| world.count(plus_days(today, -ago))).collect();
    let all: u64 = counts.iter().sum();
    assert!((120_000..=140_000).contains(&all), "{all}");
    let (normal, bursts): (Vec<u64>, Vec<u64>) = counts.iter().partition(|count| **count < 1_000);
    assert!(normal.iter().all(|count| (47..=132).contains(count)));
    assert_eq!(bursts.into_iter().collect::<HashSet<_>>(), HashSet::from([2_492, 3_902]));
    let active = world.truth(today).len();
    assert!((22_000..=28_000).contains(&active), "{active}");
    let window = world.export(today.to_datetime(Time::MAX), Some(plus_days(today, -89)), Some(today)).len();
    assert!((15_000..=25_000).contains(&window), "{window}");
}

#[test]
fn rows_last_82_to_180_days_and_mostly_90() {
    let truth = full().truth(date(2026, 11, 20));
    let mut lengths: HashMap<i64, usize> = HashMap::new();
    for row in &truth {
        *lengths.entry(row.until.unwrap().duration_since(row.detected).as_hours() / 24).or_default() += 1;
    }
    assert!(lengths.keys().all(|days| (82..=180).contains(days)));
    assert_eq!(lengths.iter().max_by_key(|(_, count)| **count).unwrap().0, &90);
    assert!(truth.is_sorted_by(|a, b| a.detected >= b.detected), "newest first");
    let reasons: HashSet<_> = truth.iter().map(|row| row.reason).collect();
    assert_eq!(reasons.len(), 120);
}

#[test]
fn an_address_is_in_an_export_once_on_every_one_of_200_days() {
    let world = full();
    for later in (0..=200).step_by(10) {
        let truth = world.truth(plus_days(date(2026, 11, 20), later));
        let addresses: HashSet<_> = truth.iter().map(|row| &row.address).collect();
        assert_eq!(addresses.len(), truth.len(), "{later} days later");
        for row in &truth {
            let address: prefix::Prefix = row.address.parse().unwrap();
            prefix::Rules::default().admit(address).unwrap();
        }
    }
}

#[test]
fn rows_come_and_leave_with_the_days_and_some_addresses_come_back() {
    let world = full();
    let (today, later) = (date(2026, 11, 20), date(2027, 6, 1));
    let ends = world.truth(today).into_iter().find(|row| row.until == Some(today)).unwrap();
    let tomorrow = world.truth(plus_days(today, 1));
    assert!(!tomorrow.iter().any(|row| row.address == ends.address), "its last day is over");
    assert!(tomorrow.iter().any(|row| row.detected == plus_days(today, 1)));
    let now: HashSet<_> = world.truth(today).into_iter().map(|row| row.address).collect();
    let back = world.truth(later).iter().filter(|row| now.contains(&row.address)).count();
    assert!(back > 100, "{back}");
}

#[test]
fn a_seed_says_everything_whichever_day_is_asked_for_first() {
    let (one, two) = (full(), full());
    let (day, earlier) = (date(2027, 3, 1), date(2026, 12, 1));
    let late = one.truth(day);
    assert_eq!(two.truth(earlier), one.truth(earlier));
    assert_eq!(two.truth(day), late);
    assert_ne!(World::new(2, date(2026, 11, 20), Size::Full).truth(day), late);
    let now = day.to_datetime(Time::MAX);
    assert_eq!(one.posts(now, earlier, day), two.posts(now, earlier, day));
}

#[test]
fn a_day_of_a_world_does_not_depend_on_when_the_world_began() {
    let later = World::new(1, date(2026, 12, 20), Size::Full);
    assert_eq!(full().truth(date(2027, 1, 5)), later.truth(date(2027, 1, 5)));
}

#[test]
fn rows_of_a_rate_appear_by_the_minute_and_stay() {
    let begin = datetime(2026, 11, 20, 9, 0, 0, 0);
    let world = full().growing(3, begin);
    let count = |now| world.truth_at(now).len();
    let before = count(begin);
    assert_eq!(before, full().truth_at(begin).len());
    assert_eq!(count(datetime(2026, 11, 20, 9, 0, 59, 0)), before);
    assert_eq!(count(datetime(2026, 11, 20, 9, 10, 0, 0)), before + 30);
    let rows = world.registered(date(2026, 11, 20), Time::MAX);
    assert_eq!(rows.len() as u64, full().count(date(2026, 11, 20)) + 15 * 60 * 3);
}

#[test]
fn the_board_has_about_a_post_a_day_with_about_113_rows() {
    let world = full();
    let today = date(2026, 11, 20);
    let posts = world.posts(today.to_datetime(Time::MAX), plus_days(today, -364), today);
    assert!((300..=430).contains(&posts.len()), "{}", posts.len());
    let days: HashSet<_> = posts.iter().map(|post| post.day).collect();
    assert!(days.len() < 365, "some days have none");
    let rows: usize = posts.iter().map(|post| post.rows.len()).sum();
    assert!((100..=125).contains(&(rows / posts.len())), "{rows}");
    let uuids: HashSet<_> = posts.iter().map(|post| &post.uuid).collect();
    assert_eq!(uuids.len(), posts.len());
    assert!(posts.is_sorted_by(|a, b| a.id > b.id), "newest first");
    assert!(
        posts.iter().all(|post| post.rows.iter().all(|row| row.detected == post.day && row.until.is_none()))
    );
}
