//! The guard of the account, and what a person does.

use std::sync::Arc;

use blocklist::SystemClock;
use collect::Trouble;
use collect::collector::{CollectError, Collected, KeyError, Word};
use collect::fetch::{Answer, Network, Request, Statuses};
use collect::vault::Credential;
use portal_sim::{Fault, Part, Portal, Rule};
use reqwest::header::{self, HeaderName, HeaderValue};
use secrecy::SecretString;
use url::Url;

use super::{Bench, NAME, PASSWORD, SETUP};

fn sent(bench: &Bench) -> usize {
    // By the path: a connection that is reset is written down before anything of the request is read.
    let first_step = |path: &str| path == "/member/findOneMember" || path == "/isap-api/loginProcess";
    bench.sim.journal().iter().filter(|entry| first_step(&entry.path)).count()
}

#[tokio::test]
async fn a_wrong_password_is_sent_once_however_often_and_by_whomever_it_is_tried() {
    for portal in Portal::ALL {
        let bench = Bench::new(portal).await;
        bench.credential("not the password");
        for _ in 0..4 {
            assert!(matches!(bench.collect().await, Collected::Failed { .. }));
            assert_eq!(bench.verify().await.unwrap_err().trouble, Trouble::CredentialRejected);
            bench.next_day();
            bench
                .restarted()
                .collect(&bench.source, &collect::collector::Order::scheduled(), &|_| {})
                .await
                .unwrap();
        }
        assert_eq!(sent(&bench), 1, "{portal:?}");
        assert_eq!(bench.sim.refused_passwords(portal), 1);
        // A new version is a new chance, for the right one as for a second wrong one.
        bench.credential(PASSWORD);
        bench.good().await;
    }
}

#[tokio::test]
async fn a_login_without_an_answer_is_not_repeated_with_a_credential_that_never_worked() {
    let bench = Bench::new(Portal::Regtech).await;
    bench.sim.faults().set(Fault::Stall, Rule { part: Some(Part::Login), after: 1, ..Rule::default() });
    let Collected::Failed { failure, .. } = bench.collect().await else { panic!() };
    assert_eq!(failure.trouble, Trouble::Timeout);
    assert_eq!(sent(&bench), 1);
    for _ in 0..5 {
        bench.next_day();
        bench.sim.faults().set(Fault::Stall, Rule { part: Some(Part::Login), after: 1, ..Rule::default() });
        bench.collect().await;
    }
    assert_eq!(sent(&bench), 1);
    assert_eq!(bench.state().condition.unwrap().trouble, Trouble::LoginUnknown);
    bench.sim.faults().clear();
    assert!(bench.verify().await.unwrap().rows.unwrap() > 0);
    bench.good().await;
}

#[tokio::test]
async fn one_that_worked_may_miss_a_few_answers_and_never_five() {
    let bench = Bench::new(Portal::Regtech).await;
    bench.good().await;
    let before = sent(&bench);
    bench.sim.faults().set(Fault::Reset, Rule { part: Some(Part::Login), after: 1, ..Rule::default() });
    for _ in 0..8 {
        bench.next_day();
        bench.sim.faults().set(Fault::Reset, Rule { part: Some(Part::Login), after: 1, ..Rule::default() });
        bench.collect().await;
    }
    assert_eq!(sent(&bench) - before, 3);
    assert_eq!(bench.state().condition.unwrap().trouble, Trouble::LoginUnknown);
}

#[tokio::test]
async fn a_one_time_code_is_sent_typed_in_and_good_for_the_next_runs() {
    let bench = Bench::new(Portal::Regtech).await;
    bench.sim.faults().on(Fault::OtpAsked);
    let Collected::Failed { failure, .. } = bench.collect().await else { panic!() };
    assert_eq!(failure.trouble, Trouble::OtpNeeded);
    let word = async |word: Word<'_>| bench.collector.word(&bench.source, word, &|_| {}).await.unwrap();
    assert!(word(Word::Send).await.unwrap().code_sent);
    assert_eq!(bench.state().condition.as_ref().unwrap().trouble, Trouble::OtpNeeded, "not yet");
    let code = SecretString::from(bench.sim.otp(Portal::Regtech).unwrap());
    assert!(word(Word::Code(&code)).await.unwrap().rows.unwrap() > 0);
    assert_eq!(bench.state().condition, None);
    bench.good().await;
    assert_eq!(bench.listed(), bench.truth());
}

#[tokio::test]
async fn a_wrong_or_late_code_is_said_to_be_so() {
    let bench = Bench::new(Portal::Regtech).await;
    bench.sim.faults().on(Fault::OtpAsked);
    bench.collect().await;
    let word = async |word: Word<'_>| bench.collector.word(&bench.source, word, &|_| {}).await.unwrap();
    let wrong = SecretString::from("000000");
    assert_eq!(word(Word::Code(&wrong)).await.unwrap_err().trouble, Trouble::OtpNeeded, "none was sent");
    word(Word::Send).await.unwrap();
    let right = bench.sim.otp(Portal::Regtech).unwrap();
    let wrong = SecretString::from(if right == "000000" { "000001" } else { "000000" });
    assert_eq!(word(Word::Code(&wrong)).await.unwrap_err().trouble, Trouble::OtpNeeded);
    word(Word::Send).await.unwrap();
    bench.advance(jiff::SignedDuration::from_secs(181));
    let late = SecretString::from(bench.sim.otp(Portal::Regtech).unwrap_or(right));
    assert_eq!(word(Word::Code(&late)).await.unwrap_err().trouble, Trouble::OtpNeeded);
    assert!(!bench.sim.is_locked(Portal::Regtech));
}

#[tokio::test]
async fn secudiums_code_goes_with_the_login() {
    let bench = Bench::new(Portal::Secudium).await;
    bench.sim.faults().on(Fault::OtpAsked);
    let Collected::Failed { failure, .. } = bench.collect().await else { panic!() };
    assert_eq!(failure.trouble, Trouble::OtpNeeded);
    let code = SecretString::from(bench.sim.otp(Portal::Secudium).unwrap());
    let verified = bench.collector.word(&bench.source, Word::Code(&code), &|_| {}).await.unwrap().unwrap();
    assert!(verified.rows.unwrap() > 0);
    bench.good().await;
}

#[tokio::test]
async fn somebody_elses_session_is_left_alone_unless_the_setting_says_so() {
    let bench = Bench::new(Portal::Secudium).await;
    bench.sim.somebody_logs_in(NAME);
    let Collected::Failed { failure, .. } = bench.collect().await else { panic!() };
    assert_eq!(failure.trouble, Trouble::AlreadyLoggedIn);
    assert_eq!(bench.sim.open_sessions(Portal::Secudium), 1, "theirs");
    assert!(!bench.sim.journal().iter().any(|entry| entry.path.contains("list")));
    // When they are done, the next run goes through by itself.
    bench.sim.end_sessions(Portal::Secudium);
    bench.good().await;
    bench.sim.end_sessions(Portal::Secudium);
    bench.sim.somebody_logs_in(NAME);
    bench.set(&[("take_over", "yes")]);
    bench.next_day();
    bench.good().await;
}

#[tokio::test]
async fn a_session_is_used_again_until_shortly_before_its_end_also_after_a_restart() {
    let bench = Bench::new(Portal::Regtech).await;
    bench.good().await;
    let logins = sent(&bench);
    bench.advance(jiff::SignedDuration::from_hours(20));
    bench.restarted().collect(&bench.source, &collect::collector::Order::scheduled(), &|_| {}).await.unwrap();
    assert_eq!(sent(&bench), logins, "sealed in the store");
    bench.advance(jiff::SignedDuration::from_mins(3 * 60 + 56));
    bench.good().await;
    assert!(sent(&bench) > logins, "less than five minutes were left");
}

#[tokio::test]
async fn a_session_is_sent_to_the_portal_that_made_it_and_ended_with_the_source() {
    let bench = Bench::new(Portal::Regtech).await;
    bench.good().await;
    let other = Bench::new(Portal::Regtech).await;
    bench.set(&[("url", &other.sim.url(Portal::Regtech))]);
    bench.advance(jiff::SignedDuration::from_hours(6));
    bench.good().await;
    assert_eq!(sent(&other), 1, "a login of its own");
    assert_eq!(other.sim.open_sessions(Portal::Regtech), 1);
    let removed = bench.collector.remove_source(&bench.source, &SETUP, &|_| {}).await.unwrap();
    assert!(removed.listings > 0);
    assert_eq!(other.sim.open_sessions(Portal::Regtech), 0, "logged out");
}

#[tokio::test]
async fn a_verification_goes_past_our_own_session_and_leaves_only_one_open() {
    for portal in Portal::ALL {
        let bench = Bench::new(portal).await;
        bench.good().await;
        for _ in 0..3 {
            assert!(bench.verify().await.unwrap().rows.is_some());
            assert_eq!(bench.sim.open_sessions(portal), 1, "{portal:?}");
        }
        bench.good().await;
    }
}

#[tokio::test]
async fn a_rejected_password_set_again_is_refused_and_the_right_one_makes_the_source_due_at_once() {
    let bench = Bench::new(Portal::Regtech).await;
    bench.credential("not the password");
    bench.collect().await;
    let again = Credential::login(NAME, SecretString::from("not the password")).unwrap();
    let refused = bench.collector.set_credential(&bench.source, &again, None, None, &SETUP);
    assert!(matches!(refused, Err(KeyError::Collect(CollectError::Order(_)))), "{refused:?}");
    assert_eq!(bench.state().condition.unwrap().trouble, Trouble::CredentialRejected);
    bench.credential(PASSWORD);
    let view = &bench.collector.views().unwrap()[0];
    assert_eq!(view.next_run_at.unwrap().unix(), bench.sim.now().as_second());
    bench.good().await;
}

#[tokio::test]
async fn a_lost_session_is_renewed_once_in_a_run() {
    for portal in Portal::ALL {
        let bench = Bench::new(portal).await;
        bench.good().await;
        bench.sim.end_sessions(portal);
        bench.advance(jiff::SignedDuration::from_hours(6));
        bench.good().await;
    }
}

#[tokio::test]
async fn a_browsers_session_can_be_pasted() {
    // A session that the portal made for somebody who logged in with a browser.
    let bench = Bench::new(Portal::Regtech).await;
    bench.sim.faults().on(Fault::OtpAsked);
    bench.collect().await;
    bench.sim.faults().clear();
    let value = browser(&bench).await;
    bench.sim.faults().on(Fault::OtpAsked);
    let word = Word::Session(&SecretString::from(value)).send(&bench).await;
    assert!(word.unwrap().rows.unwrap() > 0);
    bench.good().await;
    assert_eq!(bench.listed(), bench.truth());
    let bad = Word::Session(&SecretString::from("nonsense")).send(&bench).await;
    assert_eq!(bad.unwrap_err().trouble, Trouble::SessionNotTaken);
}

/// What a person's browser does; the value of its cookie.
async fn browser(bench: &Bench) -> String {
    let network = Network::new(bench.dir.path(), Arc::new(SystemClock));
    let base = Url::parse(&bench.sim.url(Portal::Regtech)).unwrap();
    let cookie = |answer: &Answer, name: &str| {
        let all = answer.headers.get_all("set-cookie").iter();
        let found = all.filter_map(|value| value.to_str().unwrap().strip_prefix(name)).next_back().unwrap();
        found.trim_start_matches('=').split(';').next().unwrap().to_owned()
    };
    let form = network.send(&Request::get(base.join("/login/loginForm").unwrap())).await.unwrap();
    let front = format!("regtech-front={}", cookie(&form, "regtech-front"));
    let post = |path: &str| {
        let header = |text: &str| HeaderValue::try_from(text).unwrap();
        Request::post(base.join(path).unwrap())
            .header(header::COOKIE, header(&front))
            .header(header::ORIGIN, header(&base.origin().ascii_serialization()))
            .header(header::REFERER, header(base.join("/login/loginForm").unwrap().as_str()))
            .header(HeaderName::from_static("x-requested-with"), header("XMLHttpRequest"))
            .statuses(Statuses::Explained)
    };
    let step = post("/member/findOneMember").field("memberId", NAME).field("memberPw", PASSWORD);
    assert!(network.send(&step).await.unwrap().status.is_success());
    let mut step = post("/login/addLogin").field("username", NAME).field("password", PASSWORD);
    for (name, value) in
        [("login_error", ""), ("txId", ""), ("token", ""), ("memberId", ""), ("smsTimeExcess", "N")]
    {
        step = step.field(name, value);
    }
    cookie(&network.send(&step).await.unwrap(), "regtech-va")
}

trait Send {
    async fn send(self, bench: &Bench) -> Result<collect::collector::Verified, collect::Failure>;
}

impl Send for Word<'_> {
    async fn send(self, bench: &Bench) -> Result<collect::collector::Verified, collect::Failure> {
        bench.collector.word(&bench.source, self, &|_| {}).await.unwrap()
    }
}

#[tokio::test]
async fn a_stop_in_the_middle_changes_nothing_and_is_nobodys_failure() {
    let bench = Bench::new(Portal::Regtech).await;
    bench.sim.faults().set(Fault::Stall, Rule { part: Some(Part::Data), ..Rule::default() });
    bench.set(&[("retries", "0")]);
    let stop = async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        bench.cancel();
    };
    let (collected, ()) = tokio::join!(bench.collect(), stop);
    let Collected::Failed { failure, .. } = collected else { panic!("{collected:?}") };
    assert_eq!(failure.trouble, Trouble::Interrupted);
    assert!(bench.listed().is_empty());
    let state = bench.state();
    assert_eq!((state.failures, state.not_before, state.attempted_at), (0, None, None));
}

#[tokio::test]
async fn two_runs_of_one_source_never_overlap() {
    let bench = Bench::new(Portal::Regtech).await;
    let (one, two) = tokio::join!(bench.collect(), bench.collect());
    let busy = |collected: &Collected| matches!(collected, Collected::Busy);
    assert!(busy(&one) != busy(&two), "{one:?} {two:?}");
}
