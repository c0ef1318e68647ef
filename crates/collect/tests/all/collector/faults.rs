//! Every fault of both portals: the run ends in the state that names the cause, the list is as good as before, and the
//! account is never locked.

use collect::Trouble;
use collect::collector::Collected;
use portal_sim::{Fault, Part, Portal, Rule, SimOptions};
use store::RunState;

use super::Bench;

/// What a run under a fault has to come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    /// A good run: the fault costs nothing, or is got around.
    Done,
    /// A run that took nothing, for this cause.
    Nothing(Trouble),
}

use Expect::{Done, Nothing};

/// The table: a fault that is added to the portals does not compile here without its line.
#[expect(clippy::match_same_arms, reason = "in the order of the faults, with what is to be said of each")]
fn expected(fault: Fault, portal: Portal) -> Expect {
    let regtech = portal == Portal::Regtech;
    match fault {
        Fault::WrongPassword | Fault::LoginE00010002 | Fault::LoginE00010201 => {
            Nothing(Trouble::CredentialRejected)
        }
        Fault::LoginE00010203 => Nothing(Trouble::EmailUnconfirmed),
        Fault::FiveStrikeLock if !regtech => Nothing(Trouble::CredentialRejected),
        Fault::LoginE00010204 | Fault::FiveStrikeLock => Nothing(Trouble::Locked),
        Fault::LoginE00010205 => Nothing(Trouble::PortalMessage),
        Fault::LoginE00010206 => Nothing(Trouble::Dormant),
        Fault::LoginE00010207 => Nothing(Trouble::ConsentNeeded),
        Fault::LoginE00010209 => Nothing(Trouble::IdentityCheck),
        Fault::OtpAsked => Nothing(Trouble::OtpNeeded),
        Fault::AlreadyLogin => Nothing(Trouble::AlreadyLoggedIn),
        Fault::FormChanged => Nothing(Trouble::FormChanged),
        Fault::SessionLost | Fault::SessionLostRedirect | Fault::TokenTakenOver => {
            Nothing(Trouble::SessionLost)
        }
        // A token that has ended already is used no further than the run that got it.
        Fault::JwtExpired => Nothing(Trouble::SessionLost),
        Fault::OneSheet | Fault::ThreeSheets | Fault::InlineWrongDimension | Fault::ColumnMoved => Done,
        // The list page has the rows.
        Fault::ZeroSheets if regtech => Done,
        Fault::ZeroSheets => Nothing(Trouble::Unreadable),
        Fault::TruncatedZip => Nothing(Trouble::BrokenOff),
        Fault::ZipBomb => Nothing(Trouble::TooLarge),
        Fault::HeaderRenamed | Fault::ColumnMissing if regtech => Nothing(Trouble::HeaderChanged),
        // The last column is one that nobody reads.
        Fault::HeaderRenamed | Fault::ColumnMissing => Done,
        // SECUDIUM's own legacy file, in either place.
        Fault::XlsInstead if regtech => Nothing(Trouble::Unreadable),
        Fault::XlsInstead => Done,
        // 30,000 rows more than the page counts are not believed; SECUDIUM has no such count.
        Fault::BadRows if regtech => Nothing(Trouble::CountMismatch),
        Fault::BadRows => Done,
        Fault::FileIsHtml => Nothing(Trouble::Maintenance),
        // Never asked for so long a window.
        Fault::WindowRefused => Done,
        Fault::WindowIgnored => Nothing(Trouble::WindowIgnored),
        // The workbook is read, not the pages.
        Fault::SamePage => Done,
        Fault::CountWrong => Nothing(Trouble::CountMismatch),
        // Of the days of a daily run there is nothing left.
        Fault::ZeroRows | Fault::Stale => Nothing(Trouble::ZeroRows),
        Fault::ControlCharacters => Done,
        Fault::EucKr => Nothing(Trouble::FormChanged),
        Fault::Maintenance => Nothing(Trouble::Maintenance),
        Fault::TooManyRequests | Fault::TooManyRequestsRetryAfter => Nothing(Trouble::RateLimited),
        Fault::Unavailable => Nothing(Trouble::ServerError),
        Fault::Stall => Nothing(Trouble::Timeout),
        Fault::EarlyEnd | Fault::Reset => Nothing(Trouble::BrokenOff),
        Fault::SlowTls => Done,
    }
}

/// Faults that end with a run that did what it could, so that what came is not the portal's truth.
fn is_untrue(fault: Fault) -> bool {
    matches!(fault, Fault::BadRows | Fault::XlsInstead)
}

async fn suffer(portal: Portal) -> Vec<String> {
    let mut wrong = Vec::new();
    for fault in Fault::ALL.iter().copied().filter(|fault| fault.portals().covers(portal)) {
        let bench = Bench::with(portal, SimOptions::default(), &[("history", "40d")]).await;
        bench.good().await;
        let (listed, published) = (bench.listed(), bench.published());
        bench.next_day();
        bench.sim.faults().on(fault);
        let collected = bench.collect().await;
        let name = fault.name();
        let came = match &collected {
            Collected::Run { run, .. } if run.state == RunState::Done => Done,
            Collected::Failed { failure, .. } => Nothing(failure.trouble),
            other => {
                wrong.push(format!("{name}: {other:?}"));
                continue;
            }
        };
        if came != expected(fault, portal) {
            wrong.push(format!("{name}: {came:?}, not {:?}: {collected:?}", expected(fault, portal)));
            continue;
        }
        if let Collected::Failed { run, failure } = &collected {
            let run = run.as_ref().unwrap();
            assert_eq!(run.cause_id.as_deref(), Some(failure.trouble.id()));
            assert_ne!(run.state, RunState::Done);
            if bench.state().condition.is_some()
                != (failure.trouble.needs_person() || failure.trouble == Trouble::AlreadyLoggedIn)
            {
                wrong.push(format!("{name}: condition {:?}", bench.state().condition));
            }
            // What ended meanwhile has ended; nothing else is gone and nothing has come.
            let kept = bench.listed();
            assert!(kept.iter().all(|(prefix, row)| listed.get(prefix) == Some(row)), "{name}: changed");
            let day = bench.sim.seoul().date().to_string();
            let alive = listed.iter().filter(|(_, row)| row[3].is_empty() || row[3] >= day).count();
            assert_eq!(kept.len(), alive, "{name}: lost");
            assert_eq!(bench.published(), published, "{name}: what is served changed");
        } else if portal == Portal::Regtech && !is_untrue(fault) && !bench.is_true_since(40) {
            wrong.push(format!("{name}: not the portal's truth"));
        }
        if bench.sim.is_locked(portal) && !matches!(fault, Fault::FiveStrikeLock | Fault::LoginE00010204) {
            wrong.push(format!("{name}: the account is locked"));
        }
        // However often it is tried again by itself, a refused password is not.
        for _ in 0..3 {
            bench.collect().await;
        }
        let refused = bench.sim.refused_passwords(portal);
        if refused > 1 {
            wrong.push(format!("{name}: {refused} passwords were refused"));
        }
        // When it is over, and the person has acted where one must, all is well.
        bench.sim.faults().clear();
        bench.sim.unlock();
        if bench.state().condition.is_some() {
            bench.credential(super::PASSWORD);
        }
        bench.advance(jiff::SignedDuration::from_hours(13));
        let again = bench.collect().await;
        match again {
            Collected::Run { run, .. } if run.state == RunState::Done => {}
            other => wrong.push(format!("{name}: afterwards {other:?}")),
        }
        if portal == Portal::Regtech && !is_untrue(fault) && !bench.is_true_since(40) {
            wrong.push(format!("{name}: afterwards not the portal's truth"));
        }
    }
    wrong
}

#[tokio::test]
async fn each_fault_of_regtech_ends_with_its_cause_and_costs_no_listing_and_no_account() {
    let wrong = suffer(Portal::Regtech).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn each_fault_of_secudium_ends_with_its_cause_and_costs_no_listing_and_no_account() {
    let wrong = suffer(Portal::Secudium).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_hiccup_of_one_request_is_got_over_within_the_run() {
    for fault in [Fault::Unavailable, Fault::EarlyEnd, Fault::Reset, Fault::Stall, Fault::TruncatedZip] {
        let bench = Bench::new(Portal::Regtech).await;
        bench.sim.faults().set(fault, Rule { times: Some(1), part: Some(Part::Data), ..Rule::default() });
        let collected = bench.collect().await;
        if fault == Fault::TruncatedZip {
            // It came whole as far as anybody can tell, so it is looked at by the next run.
            assert!(matches!(collected, Collected::Failed { .. }), "{}", fault.name());
            bench.advance(jiff::SignedDuration::from_hours(1));
            bench.good().await;
        } else {
            assert!(matches!(&collected, Collected::Run { .. }), "{}: {collected:?}", fault.name());
        }
        assert_eq!(bench.listed(), bench.truth(), "{}", fault.name());
    }
}

#[tokio::test]
async fn a_portal_that_stands_still_is_noticed_at_the_first_collection_too() {
    for portal in Portal::ALL {
        let bench = Bench::new(portal).await;
        bench.sim.faults().on(Fault::Stale);
        let Collected::Failed { failure, .. } = bench.collect().await else { panic!() };
        assert_eq!(failure.trouble, Trouble::Stale);
        assert!(bench.listed().is_empty());
        bench.set(&[("newest_within", "40d")]);
        bench.good().await;
    }
}

#[tokio::test]
async fn a_portal_that_shows_nothing_at_the_first_collection_is_not_believed() {
    for portal in Portal::ALL {
        let bench = Bench::new(portal).await;
        bench.sim.faults().on(Fault::ZeroRows);
        let Collected::Failed { failure, .. } = bench.collect().await else { panic!() };
        assert_eq!(failure.trouble, Trouble::ZeroRows);
        bench.sim.faults().clear();
        bench.good().await;
        assert!(bench.listed().len() > 500 || portal == Portal::Secudium);
        assert!(portal == Portal::Secudium || bench.listed() == bench.truth(), "the whole history");
    }
}
