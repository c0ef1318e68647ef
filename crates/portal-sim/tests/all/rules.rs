//! A fault strikes where and as often as its rule says.

use portal_sim::{Fault, Part, Portal, Rule};

use crate::client::send;
use crate::visitor::{Regtech, sim};

#[test]
fn every_fault_has_its_own_name_in_snake_case() {
    let mut names: Vec<_> = Fault::ALL.iter().map(|fault| fault.name()).collect();
    assert!(
        names.iter().all(|name| name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')))
    );
    assert!(Fault::ALL.iter().all(|fault| Fault::named(fault.name()) == Some(*fault)));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Fault::ALL.len());
}

#[tokio::test]
async fn a_fault_for_two_requests_is_off_after_them() {
    let sim = sim().await;
    sim.faults().on_for(Fault::Unavailable, 2);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(send(&sim.url(Portal::Regtech), ("GET", "/"), &[], "").await.status);
    }
    assert_eq!(statuses, [503, 503, 200, 200]);
    assert!(sim.faults().all().is_empty());
}

#[tokio::test]
async fn a_fault_of_one_part_and_portal_leaves_the_others_alone() {
    let sim = sim().await;
    let rule = Rule { portal: Some(Portal::Regtech), part: Some(Part::Data), after: 1, times: Some(1) };
    sim.faults().set(Fault::TooManyRequests, rule);
    let visitor = Regtech::log_in(&sim).await;
    assert_eq!(send(&sim.url(Portal::Secudium), ("GET", "/login"), &[], "").await.status, 200);
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(visitor.download().await.status);
    }
    assert_eq!(statuses, [200, 429, 200]);
}

#[tokio::test]
async fn a_fault_that_is_turned_off_is_off() {
    let sim = sim().await;
    sim.faults().on(Fault::Maintenance);
    let page = || async { send(&sim.url(Portal::Regtech), ("GET", "/"), &[], "").await.text() };
    assert!(page().await.contains("시스템 점검"));
    sim.faults().off(Fault::Maintenance);
    assert!(!page().await.contains("시스템 점검"));
}
