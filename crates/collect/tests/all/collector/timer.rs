//! Runs by the timetable.

use std::sync::Arc;
use std::time::Duration;

use collect::collector::timer;
use jiff::SignedDuration;
use portal_sim::{Fault, Portal};
use store::{RunQuery, Trigger};

use super::{Bench, SETUP};

async fn until(what: &str, done: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{what} did not happen");
}

fn runs(bench: &Bench) -> usize {
    bench.store.runs(&RunQuery { limit: 100, ..RunQuery::default() }).unwrap().len()
}

#[tokio::test]
async fn sources_run_when_they_are_due_and_not_before_and_never_while_disabled() {
    let bench = Bench::new(Portal::Regtech).await;
    let timer = tokio::spawn(timer::run(Arc::new(bench.restarted())));
    until("the first run", || runs(&bench) == 1).await;
    bench.advance(SignedDuration::from_hours(5));
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(runs(&bench), 1, "every six hours");
    bench.advance(SignedDuration::from_mins(70));
    until("the second run", || runs(&bench) == 2).await;
    bench.store.enable_source(&bench.source, false, &SETUP).unwrap();
    bench.advance(SignedDuration::from_hours(48));
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(runs(&bench), 2);
    bench.store.enable_source(&bench.source, true, &SETUP).unwrap();
    until("the run after the pause", || runs(&bench) == 3).await;
    bench.cancel();
    timer.await.unwrap();
    let all = bench.store.runs(&RunQuery { limit: 100, ..RunQuery::default() }).unwrap();
    assert!(all.iter().all(|run| run.trigger == Trigger::Schedule));
    assert_eq!(bench.listed(), bench.truth());
}

#[tokio::test]
async fn a_stop_ends_runs_that_are_under_way_and_the_next_start_takes_it_all() {
    let bench = Bench::new(Portal::Regtech).await;
    bench.sim.faults().on(Fault::Stall);
    bench.set(&[("timeout", "10m")]);
    let timer = tokio::spawn(timer::run(Arc::new(bench.restarted())));
    until("a request", || !bench.sim.journal().is_empty()).await;
    bench.cancel();
    tokio::time::timeout(Duration::from_secs(30), timer).await.unwrap().unwrap();
    bench.sim.faults().clear();
    let again = bench.started_again();
    let order = collect::collector::Order::scheduled();
    again.collect(&bench.source, &order, &|_| {}).await.unwrap();
    assert_eq!(bench.listed(), bench.truth());
}
