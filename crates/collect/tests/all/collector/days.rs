//! Collections over many days: the store holds what the portal holds, row for row, dates too.

use std::collections::BTreeSet;

use collect::collector::{CollectError, Order};
use portal_sim::Portal;
use portal_sim::dataset::plus_days;

use super::{Bench, listings};

#[tokio::test]
async fn a_first_collection_and_120_daily_ones_hold_what_regtech_lists_each_day() {
    let bench = Bench::full(Portal::Regtech).await;
    let first = bench.good().await;
    assert!((23_000..28_000).contains(&first.new), "{first:?}");
    assert_eq!(bench.listed(), bench.truth());
    assert_eq!(first.window.unwrap().until, bench.sim.seoul().date());
    let mut fresh = 0;
    for day in 1..=120 {
        bench.next_day();
        let run = bench.good().await;
        fresh += run.new + run.changed;
        assert_eq!(bench.listed(), bench.truth(), "day {day}");
        let window = run.window.unwrap();
        assert_eq!((window.until - window.since).get_days(), 8, "the day, the one before, and the overlap");
    }
    assert!(fresh > 10_000, "the portal moved: {fresh}");
    let logins = bench.sim.journal().iter().filter(|entry| entry.path == "/member/findOneMember").count();
    assert_eq!(logins, 121, "a session lasts a day, so each run logs in once and no more");
    assert!(!bench.sim.is_locked(Portal::Regtech));
}

#[tokio::test]
async fn windows_stay_under_three_months_and_cover_the_history_newest_first() {
    let bench = Bench::new(Portal::Regtech).await;
    bench.good().await;
    let journal = bench.sim.journal();
    let asked = journal.iter().filter(|entry| entry.path.ends_with("DownloadXlsx"));
    let windows: Vec<_> = asked.filter_map(|entry| entry.window.clone()).collect();
    assert_eq!(windows.len(), 3, "{windows:?}");
    assert_eq!(windows[0].1, "20261120");
    assert_eq!(windows[2].0, "20260524", "180 days back");
    for pair in windows.windows(2) {
        let day = |text: &str| jiff::civil::Date::strptime("%Y%m%d", text).unwrap();
        assert_eq!(day(&pair[1].1).tomorrow().unwrap(), day(&pair[0].0));
    }
}

#[tokio::test]
async fn after_a_long_pause_everything_that_was_missed_is_taken() {
    let bench = Bench::new(Portal::Regtech).await;
    bench.good().await;
    for _ in 0..130 {
        bench.next_day();
    }
    bench.good().await;
    assert_eq!(bench.listed(), bench.truth());
}

#[tokio::test]
async fn days_on_demand_are_asked_for_alone_and_move_nothing_else() {
    let bench = Bench::new(Portal::Regtech).await;
    let day = |day: i8| jiff::civil::date(2026, 10, day);
    let order = Order { since: Some(day(1)), until: Some(day(10)), ..Order::by_person() };
    bench.order(&order).await;
    let listed = bench.listed();
    assert!(!listed.is_empty());
    assert!(listed.values().all(|row| ("2026-10-01".."2026-10-11").contains(&row[2].as_str())));
    assert_eq!(bench.state().covered_until, None, "the first collection is still to come");
    bench.good().await;
    assert_eq!(bench.listed(), bench.truth());
}

#[tokio::test]
async fn days_on_demand_that_leave_a_gap_do_not_hide_it_from_the_next_run() {
    let bench = Bench::new(Portal::Regtech).await;
    let today = || bench.sim.seoul().date();
    let newest = || Order { since: Some(today()), ..Order::by_person() };
    bench.order(&newest()).await;
    bench.good().await;
    assert_eq!(bench.listed(), bench.truth(), "the first collection took the whole history");
    for _ in 0..40 {
        bench.next_day();
    }
    bench.order(&newest()).await;
    bench.good().await;
    assert_eq!(bench.listed(), bench.truth(), "forty days were missed");
}

#[tokio::test]
async fn days_that_make_no_window_are_refused_before_anything_is_asked() {
    let bench = Bench::new(Portal::Regtech).await;
    bench.good().await;
    let asked = bench.sim.journal().len();
    let today = bench.sim.seoul().date();
    let tomorrow = today.tomorrow().unwrap();
    for (since, until) in
        [(None, Some(tomorrow)), (Some(tomorrow), None), (None, Some(jiff::civil::date(2020, 1, 1)))]
    {
        let order = Order { since, until, ..Order::by_person() };
        let refused = bench.collector.collect(&bench.source, &order, &|_| {}).await;
        assert!(matches!(refused, Err(CollectError::Order(_))), "{refused:?}");
    }
    assert_eq!(bench.sim.journal().len(), asked);
}

#[tokio::test]
async fn secudiums_posts_are_taken_file_by_file_and_nothing_from_the_board_itself() {
    let bench = Bench::full(Portal::Secudium).await;
    let first_day = plus_days(bench.sim.seoul().date(), -180);
    for day in 0..20 {
        if day > 0 {
            bench.next_day();
        }
        bench.good().await;
        let now = bench.sim.seoul();
        let posts = bench.sim.world().posts(now, first_day, now.date());
        let truth: BTreeSet<String> =
            posts.iter().flat_map(|post| &post.rows).map(|row| row.address.clone()).collect();
        let listed = listings(&bench.store, &bench.source);
        assert!(
            listed.iter().all(|row| row.until.is_none() && row.category.is_some() && row.severity.is_some())
        );
        let listed: BTreeSet<String> = listed.iter().map(|row| row.prefix.to_string()).collect();
        assert_eq!(listed, truth, "day {day}");
        assert!(truth.len() > 10_000);
    }
}
