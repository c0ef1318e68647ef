//! Why an address is served or not, now and at a time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::gate::GateRules;
use blocklist::policy::{GuardKind, Policy, SourceRules};
use blocklist::{Mode, Serial, State, Time};
use rusqlite::Connection;
use store::explain::words::{Language, sentence, text};
use store::explain::{Answer, Explanation, MAX_EVENTS, MAX_LISTINGS};
use store::{Actor, ByHand, Edit, EditTo, RunId};
use support::{Bench, START, batch, name, plain, with_refusal};

const KIM: Actor<'static> = Actor { address: None, by: "kim", note: Some("ticket 7") };

fn at(seconds: i64) -> Time {
    Time::from_unix(START + seconds)
}

fn ask(bench: &Bench, asked: &str) -> Explanation {
    bench.store.explain(asked.parse().unwrap(), None).unwrap()
}

fn ask_at(bench: &Bench, asked: &str, seconds: i64) -> Explanation {
    bench.store.explain(asked.parse().unwrap(), Some(at(seconds))).unwrap()
}

fn edit(bench: &Bench, source: &str, prefix: &str, to: EditTo) {
    let edit = Edit { source: Some(name(source)), prefix: prefix.parse().unwrap(), to };
    bench.store.edit_listings(&[edit], &KIM).unwrap();
}

fn connection(bench: &Bench) -> Connection {
    Connection::open(bench.dir.path().join("blacklist.db")).unwrap()
}

fn key(prefix: &str) -> Vec<u8> {
    prefix.parse::<prefix::Prefix>().unwrap().to_key(&mut [0; prefix::Prefix::MAX_KEY]).to_vec()
}

fn allow(bench: &Bench, prefix: &str, seconds: i64) {
    let connection = connection(bench);
    connection
        .execute(
            "INSERT INTO allow_entries (prefix, reason, owner, ticket, created_at, created_by)
             VALUES (?, 'partner bank', 'net team', 'NET-9', ?, 'lee')",
            rusqlite::params![key(prefix), START + seconds],
        )
        .unwrap();
    connection
        .execute("INSERT INTO settings (key, value, changed_at) VALUES ('guards.version', '1', 0)", [])
        .unwrap();
}

#[test]
fn what_is_served_says_by_whom_and_since_when() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &batch(&[("9.1.2.3", None, "scan")]));
    bench.at(100);
    bench.import("b", Mode::Full, &plain(&["9.1.2.0/24"]));
    bench.at(200);
    edit(&bench, "a", "9.1.2.3", EditTo::Removed);
    let told = ask(&bench, "9.1.2.3");
    // Covered by the one or the other all the time.
    let Answer::Served { prefixes, sources, serial, since } = &told.answer else {
        panic!("{:?}", told.answer)
    };
    assert_eq!((prefixes.as_slice(), serial.0, *since), (&["9.1.2.0/24".to_owned()][..], 3, Some(at(0))));
    assert_eq!(sources, &[name("b")]);
    let serials: Vec<(u64, usize, usize)> = told
        .publications
        .steps
        .iter()
        .map(|step| (step.serial.0, step.added.len(), step.removed.len()))
        .collect();
    assert_eq!(serials, [(3, 0, 1), (2, 1, 0), (1, 1, 0)]);
    let rows: Vec<(String, State)> =
        told.listings.iter().map(|told| (told.row.prefix.to_string(), told.row.state)).collect();
    assert_eq!(rows, [("9.1.2.3".into(), State::Removed), ("9.1.2.0/24".into(), State::Active)]);
    let removal = &told.listings[0].events[0];
    assert_eq!(
        (removal.event.as_str(), removal.by.as_deref(), removal.note.as_deref()),
        ("removed", Some("kim"), Some("ticket 7"))
    );
    assert_eq!(removal.before["reason"], "scan");
    assert_eq!(told.listings[1].came.as_ref().unwrap().input, "a.txt");
    assert_eq!(told.feeds[0].has, Some(true));
    assert!(told.text.contains("9.1.2.0/24 listed by b"), "{}", told.text);
    let korean = sentence(&told, Language::Korean);
    assert!(korean.contains("게시 중") && korean.contains("9.1.2.0/24"), "{korean}");
}

#[test]
fn an_allow_entry_is_named_with_reason_and_owner() {
    let bench = Bench::new();
    bench.import("regtech", Mode::Full, &plain(&["9.1.2.0/24", "8.8.8.8"]));
    allow(&bench, "9.1.2.3", 0);
    bench.store.publish().unwrap();
    let told = ask(&bench, "9.1.2.3");
    assert_eq!(
        told.text,
        "9.1.2.3 is not served: allow entry 1 (partner bank, net team, NET-9) on 9.1.2.3 cuts it out of 9.1.2.0/24 \
         listed by regtech"
    );
    let Answer::Protected { guard, .. } = &told.answer else { panic!("{:?}", told.answer) };
    assert_eq!((guard.kind, guard.owner.as_deref()), (GuardKind::Allow, Some("net team")));
    assert!(matches!(ask(&bench, "9.1.2.4").answer, Answer::Served { .. }));
    assert_eq!(told.publications.steps.len(), 2);
    let korean = text(&told, Language::Korean);
    assert!(korean.contains("허용 항목 1") && korean.contains("3. 보호 대상"), "{korean}");
}

#[test]
fn what_never_came_was_refused_ended_or_lies_in_parts_says_so() {
    let bench = Bench::new();
    let rows = batch(&[("9.1.2.3", Some(50), "scan"), ("9.9.9.9", None, ""), ("7.7.7.7", None, "")]);
    bench.import("a", Mode::Full, &with_refusal(rows, 8, "009.008.7.6,bad,KR"));
    bench.at(60);
    bench.store.publish_ended().unwrap();
    assert!(matches!(ask(&bench, "6.6.6.6").answer, Answer::Never));
    let Answer::Refused { line: 8, .. } = ask(&bench, "9.8.7.6").answer else { panic!("not refused") };
    assert_eq!(ask(&bench, "9.8.7.6").refused[0].run, RunId(1));
    assert_eq!(ask(&bench, "9.1.2.3").answer, Answer::Ended { source: name("a"), at: at(50) });
    assert_eq!(ask(&bench, "9.9.9.0/24").answer, Answer::Parts { listings: 1 });
    bench.import("a", Mode::Full, &plain(&["9.9.9.9", "7.7.7.8"]));
    assert_eq!(ask(&bench, "7.7.7.7").answer, Answer::Withdrawn { source: name("a") });
    edit(&bench, "a", "9.9.9.9", EditTo::Removed);
    assert_eq!(ask(&bench, "9.9.9.9").answer, Answer::Removed { source: name("a"), by: Some("kim".into()) });
    for asked in ["6.6.6.6", "9.8.7.6", "9.1.2.3", "9.9.9.0/24", "7.7.7.7", "9.9.9.9"] {
        let told = ask(&bench, asked);
        for language in [Language::English, Language::Korean] {
            assert!(text(&told, language).starts_with(&sentence(&told, language)));
        }
    }
}

#[test]
fn the_rule_of_the_policy_that_keeps_it_out_is_named() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["9.1.2.0/24"]));
    bench.import("b", Mode::Full, &plain(&["8.8.8.8"]));
    let trial = SourceRules { trial: true, ..SourceRules::default() };
    let policy = Policy { sources: [(name("a"), trial)].into(), ..Policy::default() };
    bench.store.set_policy(&policy, &KIM).unwrap();
    let told = ask(&bench, "9.1.2.3");
    assert!(told.text.contains("on trial"), "{}", told.text);
    let policy = Policy { min_sources: 2, ..Policy::default() };
    bench.store.set_policy(&policy, &KIM).unwrap();
    let told = ask(&bench, "9.1.2.3");
    assert!(told.text.contains("1 sources list it, 2 are needed"), "{}", told.text);
    bench.import("c", Mode::Full, &plain(&["9.1.2.3"]));
    assert!(matches!(ask(&bench, "9.1.2.3").answer, Answer::Served { .. }));
    assert!(matches!(ask(&bench, "9.1.2.4").answer, Answer::Policy { .. }));
}

#[test]
fn what_the_gate_holds_or_a_rollback_keeps_away_says_so() {
    let bench = Bench::new();
    let many: Vec<String> = (0..20).map(|n| format!("9.0.0.{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    bench.import("a", Mode::Full, &plain(&many));
    let strict = GateRules { jump_floor: 0, max_added: Some(10), ..GateRules::default() };
    bench.store.set_gate(&strict, &KIM).unwrap();
    bench.at(10);
    bench.import("a", Mode::Add, &plain(&["9.1.0.1", "9.1.0.2", "9.1.0.3", "9.1.0.4"]));
    let told = ask(&bench, "9.1.0.1");
    assert!(matches!(told.answer, Answer::Held { .. }), "{:?}", told.answer);
    assert!(told.gate.held.as_ref().unwrap().adds);
    assert!(!ask(&bench, "9.0.0.1").gate.held.unwrap().adds);
    bench.at(20);
    let (held, _) = bench.store.held_candidate(None).unwrap().unwrap();
    bench.store.approve(held.id, held.candidate, &KIM).unwrap();
    assert!(matches!(ask(&bench, "9.1.0.1").answer, Answer::Served { .. }));
    assert!(matches!(ask_at(&bench, "9.1.0.1", 15).answer, Answer::Held { .. }));
    bench.store.rollback(Serial(1), &KIM).unwrap();
    assert_eq!(
        ask(&bench, "9.1.0.1").answer,
        Answer::Pinned { serial: ask(&bench, "9.1.0.1").gate.pinned.unwrap().serial }
    );
}

#[test]
fn at_a_time_everything_is_as_it_was_then() {
    let bench = Bench::new();
    bench.at(10);
    bench.import("a", Mode::Full, &batch(&[("9.1.2.3", None, "old words"), ("8.8.8.8", None, "")]));
    bench.at(20);
    bench.import("a", Mode::Full, &batch(&[("9.1.2.3", Some(500), "new words"), ("8.8.8.8", None, "")]));
    bench.at(30);
    edit(&bench, "a", "9.1.2.3", EditTo::End(Some(at(40))));
    bench.at(50);
    bench.store.publish_ended().unwrap();
    bench.at(60);
    edit(&bench, "a", "9.1.2.3", EditTo::Removed);
    bench.at(70);
    edit(&bench, "a", "9.1.2.3", EditTo::Restored);
    edit(&bench, "a", "9.1.2.3", EditTo::End(None));
    bench.at(80);
    let then = |seconds: i64| {
        let told = ask_at(&bench, "9.1.2.3", seconds);
        let served = matches!(told.answer, Answer::Served { .. });
        let row = told.listings.first().map(|told| told.row.clone());
        (served, row.map(|row| (row.state, row.reason.unwrap_or_default(), row.until, row.end_set_by_person)))
    };
    assert_eq!(then(15), (true, Some((State::Active, "old words".into(), None, false))));
    assert_eq!(then(25), (true, Some((State::Active, "new words".into(), Some(at(500)), false))));
    assert_eq!(then(35), (true, Some((State::Active, "new words".into(), Some(at(40)), true))));
    assert_eq!(then(55), (false, Some((State::Expired, "new words".into(), Some(at(40)), true))));
    assert_eq!(then(65), (false, Some((State::Removed, "new words".into(), Some(at(40)), true))));
    assert_eq!(then(75), (true, Some((State::Active, "new words".into(), Some(at(500)), false))));
    assert_eq!(then(5), (false, None));
    assert_eq!(ask_at(&bench, "9.1.2.3", 5).answer, Answer::NothingPublished);
    assert!(ask_at(&bench, "9.1.2.3", 5).text.contains("nothing was published by then"));
    // Later changes are not told.
    assert_eq!(ask_at(&bench, "9.1.2.3", 25).listings[0].events.len(), 1);
}

#[test]
fn a_publication_that_is_no_longer_kept_is_an_answer() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["9.1.2.3"]));
    bench.at(100);
    bench.import("a", Mode::Full, &plain(&["9.1.2.3", "8.8.8.8"]));
    std::fs::remove_file(bench.store.files().path(Serial(1)).unwrap()).unwrap();
    let bench = bench.reopen();
    assert_eq!(ask_at(&bench, "9.1.2.3", 50).answer, Answer::NotKept { serial: Serial(1) });
    assert!(ask_at(&bench, "9.1.2.3", 50).text.contains("no longer kept"));
}

#[test]
fn consumers_are_told_by_the_publication_that_they_hold() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["9.1.2.3", "8.8.8.8"]));
    bench.at(10);
    bench.import("a", Mode::Full, &plain(&["8.8.8.8"]));
    bench.at(20);
    bench.import("a", Mode::Full, &plain(&["8.8.8.8", "9.1.2.3"]));
    let connection = connection(&bench);
    for (id, serial) in [(1, 1), (2, 2), (3, 3)] {
        connection
            .execute(
                "INSERT INTO consumers (id, name, settings, created_at, created_by) VALUES (?1, 'fw' || ?1, '{}', 0, 'x')",
                [id],
            )
            .unwrap();
        connection
            .execute(
                "INSERT INTO holdings (consumer, feed, format, serial, at) VALUES (?, 'default', 'plain', ?, ?)",
                rusqlite::params![id, serial, START],
            )
            .unwrap();
    }
    let has: Vec<Option<bool>> = ask(&bench, "9.1.2.3").consumers.iter().map(|holder| holder.has).collect();
    assert_eq!(has, [Some(true), Some(false), Some(true)]);
}

#[test]
fn what_is_too_much_is_cut_and_said() {
    let bench = Bench::new();
    let many: Vec<String> = (0..=MAX_LISTINGS).map(|n| format!("9.1.{}.{}", n / 250, n % 250)).collect();
    bench.import("a", Mode::Full, &plain(&many.iter().map(String::as_str).collect::<Vec<_>>()));
    let told = ask(&bench, "9.1.0.0/16");
    assert_eq!((told.listings.len(), told.listings_cut), (MAX_LISTINGS, true));
    for n in 0..=MAX_EVENTS as i64 {
        edit(&bench, "a", "9.1.0.1", EditTo::End(Some(at(1000 + n))));
    }
    let told = ask(&bench, "9.1.0.1");
    assert_eq!((told.listings[0].events.len(), told.listings[0].events_cut), (MAX_EVENTS, true));
    assert!(text(&told, Language::English).contains("... and older"));
}

#[test]
fn a_block_by_hand_tells_who_and_why() {
    let bench = Bench::new();
    let new = batch(&[("9.1.2.3", Some(60), "c2")]);
    bench.store.block(&ByHand { batch: &new, input: "10.0.0.9", anyway: false, wide: false }, &KIM).unwrap();
    let told = ask(&bench, "9.1.2.3");
    let came = told.listings[0].came.as_ref().unwrap();
    assert_eq!(
        (came.by.as_deref(), came.note.as_deref(), came.input.as_str()),
        (Some("kim"), Some("ticket 7"), "10.0.0.9")
    );
    assert!(text(&told, Language::English).contains("by kim: ticket 7"));
    let json = serde_json::to_value(&told).unwrap();
    assert_eq!((&json["ip"], &json["answer"]["why"]), (&"9.1.2.3".into(), &"served".into()));
    assert_eq!(json["listings"][0]["source"], "manual");
}
