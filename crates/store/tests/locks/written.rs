//! What is written down of tries, how much of it, and what it tells nobody.

use blocklist::Clock;
use store::{Attempt, AttemptQuery, Outcome, Proof};

use crate::support::START;
use crate::support::people::staffed;
use crate::tries::{AWAY, HOME, attempt, count, database, enter, fail, limits, locked, spray};

#[test]
fn the_wait_does_not_tell_which_accounts_there_are_nor_keeps_what_was_typed() {
    let bench = staffed();
    let (mut there, mut not) = (Vec::new(), Vec::new());
    for _ in 0..8 {
        there.push(fail(&bench, "kim", HOME));
        not.push(fail(&bench, "hunter2", AWAY));
        bench.at(bench.clock.now().unix() - START + 10);
    }
    assert_eq!(there, not);
    assert_eq!(not[7], Some(8));
    let shown = format!(
        "{:?} {:?}",
        bench.store.locks().unwrap(),
        bench.store.attempts(&AttemptQuery { limit: 99, ..AttemptQuery::default() }).unwrap()
    );
    assert!(shown.contains("kim") && shown.contains('?') && !shown.contains("hunter2"), "{shown}");
    drop(bench.store.backup(Some(&bench.dir.path().join("copy.db"))).unwrap());
    let bytes = std::fs::read(bench.dir.path().join("copy.db")).unwrap();
    assert!(!bytes.windows(7).any(|window| window == b"hunter2"));
}

#[test]
fn the_same_try_within_a_minute_is_one_row() {
    let bench = staffed();
    let mut shown = Vec::new();
    for (at, account, address) in
        [(0, "kim", HOME), (30, "kim", HOME), (59, "kim", HOME), (59, "boss", HOME), (60, "kim", HOME)]
    {
        bench.at(at);
        fail(&bench, account, address);
    }
    enter(&bench, "kim", HOME);
    let all = AttemptQuery { limit: 9, ..AttemptQuery::default() };
    for row in bench.store.attempts(&all).unwrap() {
        let account = row.account.unwrap();
        shown.push((row.at.unix() - START, row.last_at.unix() - START, row.count, account, row.result));
    }
    let row = |at, last, count, account: &str, result: &str| {
        (at, last, count, account.to_owned(), result.to_owned())
    };
    assert_eq!(
        shown,
        [
            row(60, 60, 1, "kim", "ok"),
            row(60, 60, 1, "kim", "wrong"),
            row(59, 59, 1, "boss", "wrong"),
            row(0, 59, 3, "kim", "wrong")
        ]
    );
    let found =
        |query: AttemptQuery| bench.store.attempts(&AttemptQuery { limit: 9, ..query }).unwrap().len();
    assert_eq!(found(AttemptQuery { account: Some("kim".into()), ..AttemptQuery::default() }), 3);
    assert_eq!(
        found(AttemptQuery { address: Some(HOME.into()), before: Some(2), ..AttemptQuery::default() }),
        1
    );
    assert_eq!(found(AttemptQuery { address: Some(AWAY.into()), ..AttemptQuery::default() }), 0);
}

#[test]
fn rows_are_bounded_and_nobody_gets_rid_of_a_counter_by_failing_elsewhere() {
    let bench = staffed();
    spray(&bench, "kim", 30);
    let raw = database(&bench);
    raw.execute_batch(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000)
         INSERT INTO auth_locks SELECT 'address', 'x' || n, 1, 1767225600, 1767225600, NULL FROM n;
         UPDATE sqlite_sequence SET seq = 200005 WHERE name = 'auth_attempts';",
    )
    .unwrap();
    bench.at(1);
    fail(&bench, "boss", AWAY);
    assert_eq!(count(&bench, "auth_locks"), 99_000);
    assert!(locked(&bench, "kim", AWAY));
    // Numbers 1 to 6 of 30 are gone, and there is one more.
    assert_eq!(count(&bench, "auth_attempts"), 25);
    let longest = "x".repeat(100_000);
    let long = Attempt {
        proof: Proof::Token,
        account: Some(&longest),
        agent: Some(&longest),
        ..attempt("", AWAY, Outcome::Wrong)
    };
    bench.store.attempt(&long, &limits()).unwrap();
    let row = bench.store.attempts(&AttemptQuery { limit: 1, ..AttemptQuery::default() }).unwrap().remove(0);
    assert_eq!((row.account.unwrap().len(), row.agent.unwrap().len()), (63, 200));
    // What counts no more goes, a bounded part at a time; what still may close something stays.
    bench.at(1801);
    let pruned: Vec<usize> = (0..12).map(|_| bench.store.prune_accounts().unwrap()).collect();
    assert_eq!((pruned[0], pruned[11]), (10_000, 0));
    bench.at(90 * 86_400 + 2);
    assert_eq!(bench.store.prune_accounts().unwrap(), 26);
    assert_eq!((count(&bench, "auth_locks"), count(&bench, "auth_attempts")), (0, 0));
}

#[test]
fn no_look_up_of_a_request_scans_a_table() {
    let bench = staffed();
    let raw = database(&bench);
    for sql in [
        "SELECT 1 FROM sessions JOIN users ON users.id = sessions.user WHERE sessions.hash = x'00' AND sessions.ends_at > 1",
        "SELECT 1 FROM tokens JOIN users ON users.id = tokens.user WHERE tokens.hash = x'00' AND tokens.revoked_at IS NULL",
        "SELECT count(*) FROM recovery_codes WHERE user = 1 AND used_at IS NULL",
        "SELECT id FROM users WHERE name = 'kim' AND removed_at IS NULL",
        "SELECT failures, first_at, last_at, until FROM auth_locks WHERE kind = 'pair' AND key = 'kim x'",
        "SELECT 1 FROM known_places WHERE user = 1 AND place = 'x' AND last_at > 1",
        "SELECT id FROM auth_attempts WHERE account IS 'kim' AND address IS NULL AND face = 'page' AND kind = 'password'
            AND result = 'wrong' AND at > 1 ORDER BY at DESC LIMIT 1",
        "DELETE FROM auth_attempts WHERE id <= 5",
        "SELECT id FROM auth_attempts WHERE id < 9 AND account = 'kim' ORDER BY id DESC LIMIT 5",
        "SELECT id FROM auth_attempts WHERE id < 9 AND address = 'x' ORDER BY id DESC LIMIT 5",
        "SELECT id FROM sessions WHERE user = 1 ORDER BY id DESC LIMIT 100",
        "SELECT id FROM audit_log WHERE id > 5 ORDER BY id LIMIT 5",
    ] {
        let plan: Vec<String> = raw
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap()
            .query_map([], |row| row.get(3))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let plan = plan.join("; ");
        assert!(
            plan.contains("SEARCH") && !plan.contains("SCAN") && !plan.contains("TEMP B-TREE"),
            "{sql}: {plan}"
        );
    }
}
