//! Five wrong passwords lock an account for ten minutes of simulated time.

use jiff::SignedDuration;
use portal_sim::{Fault, Portal};

use crate::visitor::{PASSWORD, Regtech, Secudium, sim};

#[tokio::test]
async fn five_wrong_passwords_lock_regtech_for_ten_minutes() {
    let sim = sim().await;
    let visitor = Regtech::arrive(&sim).await;
    for _ in 0..5 {
        assert!(!sim.is_locked(Portal::Regtech));
        let got = visitor.step1("wrong").await;
        assert_eq!((got.status, got.json()["code"].as_str().unwrap()), (404, "E00010201"));
    }
    assert!(sim.is_locked(Portal::Regtech));
    assert_eq!(sim.refused_passwords(Portal::Regtech), 5);
    assert_eq!(visitor.step1(PASSWORD).await.json()["code"], "E00010204");
    sim.advance(SignedDuration::from_secs(599));
    assert_eq!(visitor.step1(PASSWORD).await.json()["code"], "E00010204");
    sim.advance(SignedDuration::from_secs(1));
    assert!(!sim.is_locked(Portal::Regtech));
    Regtech::log_in(&sim).await;
}

#[tokio::test]
async fn five_wrong_passwords_lock_secudium_for_ten_minutes() {
    let sim = sim().await;
    for _ in 0..5 {
        let got = Secudium::login(&sim, &[("password", "wrong")]).await.json();
        assert_eq!(got["response"]["code"], "login.failed");
    }
    assert_eq!(Secudium::login(&sim, &[]).await.json()["response"]["code"], "account.locked");
    assert!(sim.is_locked(Portal::Secudium) && !sim.is_locked(Portal::Regtech));
    sim.advance(SignedDuration::from_mins(10));
    Secudium::log_in(&sim).await;
}

#[tokio::test]
async fn a_right_password_forgets_the_wrong_ones() {
    let sim = sim().await;
    let visitor = Regtech::arrive(&sim).await;
    for _ in 0..3 {
        for _ in 0..4 {
            visitor.step1("wrong").await;
        }
        assert_eq!(visitor.step1(PASSWORD).await.status, 200);
    }
    assert!(!sim.is_locked(Portal::Regtech));
}

#[tokio::test]
async fn a_wrong_password_in_step_2_counts_too() {
    let sim = sim().await;
    let mut visitor = Regtech::arrive(&sim).await;
    for _ in 0..5 {
        let got = visitor.step2("wrong").await;
        assert!(got.status == 302 && got.header("location").contains("error=true"));
        assert!(visitor.va.is_empty());
    }
    assert!(sim.is_locked(Portal::Regtech));
    sim.unlock();
    Regtech::log_in(&sim).await;
}

#[tokio::test]
async fn the_journal_tells_attempts_and_failures_and_no_password() {
    let sim = sim().await;
    sim.faults().on_for(Fault::WrongPassword, 1);
    let visitor = Regtech::arrive(&sim).await;
    visitor.step1(PASSWORD).await;
    visitor.step1(PASSWORD).await;
    let told: Vec<_> =
        sim.journal().iter().map(|entry| (entry.login_attempt, entry.failed_login, entry.status)).collect();
    assert_eq!(told, [(false, false, 200), (true, true, 404), (true, false, 200)]);
    let text = serde_json::to_string(&sim.journal()).unwrap();
    assert!(!text.contains("horse") && text.contains("wrong_password"));
}
