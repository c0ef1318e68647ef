//! A run that a person ends: whenever that is, nothing of it is kept, nothing is lost, and the next one is good.

use std::sync::atomic::{AtomicUsize, Ordering};

use collect::Trouble;
use collect::collector::{Collected, NotCancelled, Order, Step};
use collect::source::{Kind, Settings};
use portal_sim::{Fault, Part, Portal, Rule, SimOptions};
use store::RunState;

use super::{Bench, SETUP};

fn run_of(collected: &Collected) -> &store::Run {
    match collected {
        Collected::Failed { run: Some(run), failure } => {
            assert_eq!(failure.trouble, Trouble::Cancelled);
            run
        }
        other => panic!("not cancelled: {other:?}"),
    }
}

#[tokio::test]
async fn a_run_that_waits_for_a_portal_ends_at_once_and_the_next_is_good() {
    for portal in Portal::ALL {
        let bench = Bench::new(portal).await;
        bench.good().await;
        let (listed, published) = (bench.listed(), bench.published());
        bench.advance(jiff::SignedDuration::from_hours(1));
        bench.sim.faults().set(Fault::Stall, Rule { part: Some(Part::Data), ..Rule::default() });
        let before = bench.state();
        let started = bench.collector.alive().since;
        let collected = tokio::join!(bench.collect(), async {
            while !bench.collector.alive().running.contains_key(&bench.source) {
                tokio::task::yield_now().await;
            }
            bench.collector.cancel(&bench.source).unwrap();
            assert!(bench.collector.alive().running[&bench.source].cancelled);
        })
        .0;
        let run = run_of(&collected);
        assert_eq!((run.state, run.cause_id.as_deref()), (RunState::Failed, Some("cancelled")));
        assert_eq!((bench.listed(), bench.published()), (listed, published));
        let state = bench.state();
        assert_eq!((state.failures, state.not_before, &state.condition), (0, None, &None));
        assert!(state.attempted_at > before.attempted_at && state.attempted_at > Some(started));
        assert_eq!((state.good_at, state.covered_until), (before.good_at, before.covered_until));
        bench.sim.faults().clear();
        bench.good().await;
        assert!(bench.collector.alive().running.is_empty());
    }
}

#[tokio::test]
async fn it_can_be_ended_at_every_step_but_the_last() {
    for portal in Portal::ALL {
        let mut ended = 0;
        for at in 0.. {
            let bench = Bench::with(portal, SimOptions::default(), &[("history", "3d")]).await;
            let steps = AtomicUsize::new(0);
            let told = std::sync::Mutex::new(None);
            let watch = |step: Step| {
                if steps.fetch_add(1, Ordering::Relaxed) == at {
                    let done = bench.collector.cancel(&bench.source);
                    *told.lock().unwrap() = Some((matches!(step, Step::Keep { .. }), done));
                }
            };
            let order = Order::scheduled();
            let collected = bench.collector.collect(&bench.source, &order, &watch).await.unwrap();
            match told.into_inner().unwrap().expect("a run has a last step") {
                (true, done) => {
                    assert_eq!(done, Err(NotCancelled::Keeping(bench.source.clone())));
                    assert!(matches!(&collected, Collected::Run { run, .. } if run.state == RunState::Done));
                    break;
                }
                (false, done) => {
                    done.unwrap();
                    run_of(&collected);
                    assert!(bench.listed().is_empty() && bench.published().is_none());
                    // The login that was on its way was waited for: nothing holds the next one back.
                    assert_eq!(bench.store.credential(&bench.source).unwrap().unwrap().unanswered, 0);
                    bench.good().await;
                    ended += 1;
                }
            }
        }
        assert!(ended >= 2, "{portal:?}: {ended}");
    }
}

#[tokio::test]
async fn a_login_on_its_way_is_waited_for_and_what_the_portal_says_to_it_counts() {
    let bench = Bench::new(Portal::Regtech).await;
    bench.sim.faults().on(Fault::WrongPassword);
    let unanswered = || bench.store.credential(&bench.source).unwrap().unwrap().unanswered;
    let (collected, ()) = tokio::join!(bench.collect(), async {
        while unanswered() == 0 {
            tokio::task::yield_now().await;
        }
        bench.collector.cancel(&bench.source).unwrap();
    });
    let Collected::Failed { failure, .. } = collected else { panic!("{collected:?}") };
    assert_eq!((failure.trouble, unanswered()), (Trouble::CredentialRejected, 0));
}

#[tokio::test]
async fn files_after_the_one_that_is_being_kept_are_not_begun() {
    let bench = Bench::new(Portal::Regtech).await;
    let drop = tempfile::tempdir().unwrap();
    for (name, line) in [("a.txt", "9.0.0.1\n"), ("b.txt", "9.0.0.2\n")] {
        std::fs::write(drop.path().join(name), line).unwrap();
    }
    let mut all = Settings::of(Kind::Directory);
    let path = drop.path().display().to_string();
    let given = [("path", path.as_str()), ("mode", "add"), ("settle", "0s")];
    all.set_all(Kind::Directory, given).unwrap();
    let files: blocklist::SourceName = "files".parse().unwrap();
    bench.store.add_source(&files, "directory", &all.to_json(Kind::Directory), true, &SETUP).unwrap();
    let watch = |step: Step| {
        if matches!(step, Step::Keep { .. }) {
            bench.collector.cancel(&files).unwrap();
        }
    };
    let all = bench.collector.drain(&files, &Order::by_person(), &watch).await.unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    let all = bench.collector.drain(&files, &Order::by_person(), &|_| {}).await.unwrap();
    let runs = all.iter().filter(|one| matches!(one, Collected::Run { .. })).count();
    assert_eq!(runs, 1, "the other file is still there: {all:?}");
    assert_eq!(super::listings(&bench.store, &files).len(), 2);
}

#[tokio::test]
async fn where_nothing_runs_there_is_nothing_to_end() {
    let bench = Bench::new(Portal::Regtech).await;
    let nothing = Err(NotCancelled::NothingRuns(bench.source.clone()));
    assert_eq!(bench.collector.cancel(&bench.source), nothing);
    bench.good().await;
    assert_eq!(bench.collector.cancel(&bench.source), nothing);
}
