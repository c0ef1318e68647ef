//! Credentials: versions that never come back, logins counted before they are sent, all secrets resealed or none.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::Time;
use jiff::civil::date;
use rusqlite::Connection;
use store::{Answer, CredentialKind, Error, NewCredential, PortalSession, Sealed, SealedRow};
use support::{Bench, SETUP, START, name};

const NEW: NewCredential =
    NewCredential { kind: CredentialKind::Login, expires_on: Some(date(2026, 6, 30)), remind_days: Some(14) };

/// What may go wrong where the key is.
#[derive(Debug)]
enum Wrong {
    Seal,
    Store(Error),
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

fn sealed(key: &str, bytes: &[u8]) -> Sealed {
    Sealed { key_id: key.to_owned(), bytes: bytes.to_owned() }
}

fn put(bench: &Bench, source: &str) -> u32 {
    let seal = |version: u32| Ok(sealed("k1", format!("{source} {version}").as_bytes()));
    bench.store.put_credential::<Error>(&name(source), &NEW, &SETUP, seal).unwrap()
}

fn filled() -> Bench {
    let bench = Bench::new();
    for source in ["a", "b"] {
        bench.store.add_source(&name(source), "regtech", "{}", true, &SETUP).unwrap();
        put(&bench, source);
    }
    bench
}

fn session(version: u32) -> PortalSession {
    let expires_at = Some(Time::from_unix(START + 900));
    PortalSession { credential_version: version, sealed: sealed("k1", b"session"), expires_at }
}

#[test]
fn a_version_never_comes_back() {
    let bench = filled();
    assert_eq!((put(&bench, "a"), put(&bench, "a")), (2, 3));
    assert!(bench.store.remove_credential(&name("a"), &SETUP).unwrap());
    assert!(!bench.store.remove_credential(&name("a"), &SETUP).unwrap());
    assert_eq!(put(&bench, "a"), 4);
    let row = bench.store.credential(&name("a")).unwrap().unwrap();
    assert_eq!((row.version, row.sealed.bytes.as_slice()), (4, b"a 4".as_slice()));
    assert_eq!((row.kind, row.expires_on, row.remind_days), (NEW.kind, NEW.expires_on, NEW.remind_days));
    assert_eq!(bench.store.credentials().unwrap().len(), 2);
    assert!(!format!("{row:?}").contains("[97"), "sealed bytes are shown: {row:?}");
}

#[test]
fn a_credential_that_cannot_be_sealed_changes_nothing() {
    let bench = filled();
    let failed = bench.store.put_credential(&name("a"), &NEW, &SETUP, |_| Err(Wrong::Seal));
    assert!(matches!(failed, Err(Wrong::Seal)));
    assert_eq!(bench.store.credential(&name("a")).unwrap().unwrap().version, 1);
    let nobody =
        bench.store.put_credential(&name("none"), &NEW, &SETUP, |_| Ok::<_, Wrong>(sealed("k", b"")));
    assert!(matches!(nobody, Err(Wrong::Store(Error::NoSource(_)))));
}

#[test]
fn a_login_counts_before_it_is_sent_and_until_it_is_answered() {
    let bench = filled();
    let a = name("a");
    assert!(bench.store.credential_attempt(&a, 1).unwrap());
    assert!(bench.store.credential_attempt(&a, 1).unwrap());
    // Another password was set meanwhile: the one at hand must not be sent.
    assert!(!bench.store.credential_attempt(&a, 2).unwrap());
    let bench = bench.reopen();
    assert_eq!(bench.store.credential(&a).unwrap().unwrap().unanswered, 2);
    let at = |seconds| Time::from_unix(START + seconds);
    assert!(bench.store.credential_answered(&a, 1, Answer::Accepted, at(5)).unwrap());
    assert!(bench.store.credential_answered(&a, 1, Answer::Rejected("login_rejected"), at(9)).unwrap());
    let row = bench.store.credential(&a).unwrap().unwrap();
    assert_eq!((row.unanswered, row.verified_at, row.rejected_at), (0, Some(at(5)), Some(at(9))));
    assert_eq!(row.rejected_by.as_deref(), Some("login_rejected"));
    assert_eq!(put(&bench, "a"), 2);
    let row = bench.store.credential(&a).unwrap().unwrap();
    assert_eq!((row.verified_at, row.rejected_at, row.rejected_by, row.unanswered), (None, None, None, 0));
    // The answer to the old password says nothing about the new one.
    assert!(!bench.store.credential_answered(&a, 1, Answer::Rejected("login_rejected"), at(10)).unwrap());
    assert_eq!(bench.store.credential(&a).unwrap().unwrap().rejected_at, None);
}

#[test]
fn a_session_goes_with_the_credential_it_was_given_for() {
    let bench = filled();
    let a = name("a");
    assert!(bench.store.put_portal_session(&a, &session(1)).unwrap());
    assert!(bench.store.put_portal_session(&a, &session(1)).unwrap());
    assert_eq!(bench.store.portal_session(&a).unwrap(), Some(session(1)));
    put(&bench, "a");
    assert_eq!(bench.store.portal_session(&a).unwrap(), None);
    assert!(!bench.store.put_portal_session(&a, &session(1)).unwrap());
    assert!(bench.store.put_portal_session(&a, &session(2)).unwrap());
    assert!(bench.store.remove_portal_session(&a).unwrap());
    assert!(!bench.store.remove_portal_session(&a).unwrap());
    bench.store.put_portal_session(&a, &session(2)).unwrap();
    bench.store.remove_credential(&a, &SETUP).unwrap();
    assert_eq!(bench.store.portal_session(&a).unwrap(), None);
}

#[test]
fn secrets_are_resealed_all_or_none() {
    let bench = filled();
    bench.store.put_portal_session(&name("a"), &session(1)).unwrap();
    let keys = || -> Vec<String> {
        let rows = bench.store.credentials().unwrap();
        let session = bench.store.portal_session(&name("a")).unwrap().unwrap();
        rows.into_iter().map(|row| row.sealed.key_id).chain([session.sealed.key_id]).collect()
    };
    let mut seen = Vec::new();
    let failed = bench.store.reseal(|row: &SealedRow| {
        seen.push((row.table, row.owner.clone(), row.version));
        if row.table == "portal_sessions" { Err(Wrong::Seal) } else { Ok(sealed("k2", b"new")) }
    });
    assert!(matches!(failed, Err(Wrong::Seal)));
    assert_eq!(
        seen,
        [
            ("credentials", "a".to_owned(), 1),
            ("credentials", "b".into(), 1),
            ("portal_sessions", "a".into(), 1)
        ]
    );
    assert_eq!(keys(), ["k1", "k1", "k1"]);
    let done = bench.store.reseal::<Error>(|row| Ok(sealed("k2", &row.sealed.bytes)));
    assert_eq!((done.unwrap(), keys()), (3, vec!["k2".to_owned(); 3]));
    assert_eq!(bench.store.credential(&name("b")).unwrap().unwrap().sealed.bytes, b"b 1");
}

#[test]
fn a_backup_carries_credentials_and_restores_them() {
    let bench = filled();
    bench.store.put_portal_session(&name("a"), &session(1)).unwrap();
    let backup = bench.store.backup(None).unwrap();
    bench.store.remove_credential(&name("a"), &SETUP).unwrap();
    bench.store.restore(&backup).unwrap();
    assert_eq!(bench.store.credential(&name("a")).unwrap().unwrap().sealed, sealed("k1", b"a 1"));
    assert_eq!(bench.store.portal_session(&name("a")).unwrap(), Some(session(1)));
}

#[test]
fn check_finds_what_no_longer_fits_together() {
    for (sql, says) in [
        (
            "UPDATE sources SET settings = 'x' WHERE id = 1",
            "source a has settings or a state that are no JSON",
        ),
        ("UPDATE sources SET state = 'x' WHERE id = 2", "source b has settings or a state that are no JSON"),
        ("DELETE FROM sources WHERE id = 1", "a row of credentials points to a sources"),
        ("DELETE FROM credentials WHERE source = 1", "a row of portal_sessions points to a credentials"),
        ("UPDATE sources SET removed_at = 1 WHERE id = 1", "source a was removed and still has a credential"),
        (
            "UPDATE credentials SET version = 9 WHERE source = 2",
            "source b has a credential of a version that",
        ),
        ("UPDATE portal_sessions SET credential_version = 0", "source a has a session of another credential"),
    ] {
        let bench = filled();
        bench.store.put_portal_session(&name("a"), &session(1)).unwrap();
        assert!(bench.store.check().unwrap().is_empty());
        let connection = Connection::open(bench.dir.path().join("blacklist.db")).unwrap();
        connection
            .execute_batch(&format!("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {sql}"))
            .unwrap();
        let problems = bench.store.check().unwrap();
        assert!(problems.iter().any(|problem| problem.starts_with(says)), "{sql}: {problems:?}");
    }
}
