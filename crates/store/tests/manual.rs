//! What people do by hand: block, end, remove, take back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::gate::{GateRules, Reason};
use blocklist::policy::{EndRule, GuardKind, Policy, SourceRules};
use blocklist::{Batch, Mode, State, Time};
use rusqlite::Connection;
use store::{
    Actor, AuditQuery, ByHand, Edit, EditTo, Edited, Error, ImportedRun, ListingQuery, ListingRow,
    Objections, Published, Run, Texts, Unfit,
};
use support::{Bench, SETUP, START, batch, name, plain};

const KIM: Actor<'static> = Actor { address: None, by: "kim", note: Some("ticket 7") };

fn at(seconds: i64) -> Time {
    Time::from_unix(START + seconds)
}

fn by_hand(batch: &Batch) -> ByHand<'_> {
    ByHand { batch, input: "-", anyway: false, wide: false }
}

fn block(bench: &Bench, rows: &[support::Row<'_>]) -> ImportedRun {
    bench.store.block(&by_hand(&batch(rows)), &KIM).unwrap()
}

fn edit(source: Option<&str>, prefix: &str, to: EditTo) -> Edit {
    Edit { source: source.map(name), prefix: prefix.parse().unwrap(), to }
}

fn do_edit(bench: &Bench, source: Option<&str>, prefix: &str, to: EditTo) -> Edited {
    bench.store.edit_listings(&[edit(source, prefix, to)], &KIM).unwrap()
}

fn objections(error: Error) -> Objections {
    match error {
        Error::Objections(objections) => *objections,
        other => panic!("{other}"),
    }
}

fn listings(bench: &Bench, source: &str) -> Vec<ListingRow> {
    let query = ListingQuery { source: Some(name(source)), limit: 99, ..ListingQuery::default() };
    bench.store.listings(&query).unwrap()
}

fn states(bench: &Bench, source: &str) -> Vec<State> {
    listings(bench, source).iter().map(|row| row.state).collect()
}

fn connection(bench: &Bench) -> Connection {
    Connection::open(bench.dir.path().join("blacklist.db")).unwrap()
}

/// Protects a prefix, as whoever keeps guards does.
fn protect(bench: &Bench, sql: &str, prefix: &str) {
    let mut key = [0; prefix::Prefix::MAX_KEY];
    let key = prefix.parse::<prefix::Prefix>().unwrap().to_key(&mut key).to_vec();
    let connection = connection(bench);
    connection.execute(sql, [key]).unwrap();
    connection
        .execute("INSERT INTO settings (key, value, changed_at) VALUES ('guards.version', '1', 0)", [])
        .unwrap();
}

const ALLOW: &str = "INSERT INTO allow_entries (prefix, reason, owner, created_at, created_by)
    VALUES (?, 'partner', 'net team', 0, 'lee')";
const OWN: &str =
    "INSERT INTO own_networks (prefix, kind, created_at, created_by) VALUES (?, 'firm', 0, 'lee')";

#[test]
fn a_block_by_hand_is_a_run_of_the_source_manual_with_who_and_why() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["2.2.2.2"]));
    let done = block(&bench, &[("1.1.1.1", Some(60), "c2"), ("1.1.2.0/24", None, "c2")]);
    assert_eq!((done.run.source.as_str(), done.run.parser.as_str(), done.run.new), ("manual", "manual", 2));
    let Published::New(row) = &done.published else { panic!("not published") };
    assert_eq!(
        (row.serial.0, bench.feed()),
        (2, vec!["1.1.1.1".into(), "1.1.2.0/24".into(), "2.2.2.2".into()])
    );
    let run: Run = bench.store.run(done.run.run).unwrap().unwrap();
    assert_eq!((run.by.as_deref(), run.note.as_deref()), (Some("kim"), Some("ticket 7")));
    let source = bench.store.source_config(&name("manual")).unwrap().unwrap();
    assert_eq!(source.kind, "manual");
    let audit = bench.store.audit(&AuditQuery::newest(9)).unwrap();
    assert_eq!((audit[0].action.as_str(), audit[0].target.as_str()), ("listing.add", "1.1.1.1 1.1.2.0/24"));
    // It ends by itself.
    bench.at(60);
    assert!(matches!(bench.store.publish_ended().unwrap(), Published::New(_)));
    assert_eq!(bench.feed(), ["1.1.2.0/24", "2.2.2.2"]);
    assert_eq!(states(&bench, "manual"), [State::Expired, State::Active]);
    assert!(bench.store.check().unwrap().is_empty());
}

#[test]
fn a_block_goes_out_while_the_gate_holds_something_else_and_ends_there_too() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["2.2.2.1", "2.2.2.2", "2.2.2.3", "2.2.2.4"]));
    bench.store.set_gate(&GateRules { jump_floor: 0, ..GateRules::default() }, &KIM).unwrap();
    // Three of four go: held.
    let one = edit(Some("a"), "2.2.2.1", EditTo::Removed);
    let rest = ["2.2.2.2", "2.2.2.3"].map(|prefix| edit(Some("a"), prefix, EditTo::Removed));
    let held = bench.store.edit_listings(&[&[one], &rest[..]].concat(), &KIM).unwrap();
    assert!(matches!(held.published, Published::Held { .. }), "{held:?}");
    let done = block(&bench, &[("1.1.1.1", Some(60), "c2")]);
    let Published::Held { reasons, last: Some(last) } = done.published else { panic!("not held") };
    assert!(reasons.iter().any(|reason| matches!(reason, Reason::Lost { .. })), "{reasons:?}");
    assert_eq!(last.origin, store::Origin::Frozen);
    assert_eq!(bench.feed(), ["1.1.1.1", "2.2.2.1", "2.2.2.2", "2.2.2.3", "2.2.2.4"]);
    bench.at(60);
    bench.store.publish_ended().unwrap();
    assert_eq!(bench.feed(), ["2.2.2.1", "2.2.2.2", "2.2.2.3", "2.2.2.4"]);
}

#[test]
fn what_may_not_be_blocked_is_refused_whole_and_by_name() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["2.2.2.2"]));
    protect(&bench, ALLOW, "9.9.9.0/24");
    let new = batch(&[
        ("1.1.1.1", None, "x"),
        ("9.9.9.9", None, "x"),
        ("10.0.0.1", None, "x"),
        ("9.0.0.0/9", None, "x"),
        ("1.1.1.2", Some(0), "x"),
    ]);
    let told = objections(bench.store.block(&by_hand(&new), &KIM).unwrap_err());
    let guard = |prefix: &str| (prefix.to_owned(), "protected".to_owned());
    let causes: Vec<(String, String)> = told
        .first
        .iter()
        .map(|objection| {
            let value = serde_json::to_value(objection).unwrap();
            (objection.prefix.to_string(), value["cause"].as_str().unwrap().to_owned())
        })
        .collect();
    assert_eq!(
        causes,
        [
            guard("9.9.9.9"),
            ("10.0.0.1".into(), "refused".into()),
            ("9.0.0.0/9".into(), "wide".into()),
            guard("9.0.0.0/9"),
            ("1.1.1.2".into(), "ended".into()),
        ]
    );
    assert_eq!(
        told.first[0].why,
        Unfit::Protected { kind: GuardKind::Allow, guard: "9.9.9.0/24".into(), name: "1".into() }
    );
    assert!(told.first[0].to_string().contains("--anyway") && told.first[0].korean().contains("--anyway"));
    // Nothing of it was done, not even the source was made.
    assert_eq!(bench.feed(), ["2.2.2.2"]);
    assert!(bench.store.source_config(&name("manual")).unwrap().is_none());
}

#[test]
fn what_is_blocked_anyway_is_kept_and_nothing_protected_is_served_for_it() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["2.2.2.2"]));
    protect(&bench, OWN, "9.9.9.128/25");
    let new = batch(&[("9.9.9.0/24", None, "x"), ("9.0.0.0/9", None, "y")]);
    let order = ByHand { anyway: true, wide: true, ..by_hand(&new) };
    let done = bench.store.block(&order, &KIM).unwrap();
    assert!(matches!(done.published, Published::New(_)), "{:?}", done.published);
    let feed = bench.feed();
    assert!(feed.contains(&"9.9.9.0/25".to_owned()) && !feed.contains(&"9.9.9.0/24".to_owned()), "{feed:?}");
    assert_eq!(states(&bench, "manual"), [State::Active, State::Active]);
    // Nobody is asked again.
    assert!(matches!(bench.store.publish().unwrap(), Published::Same(_)));
}

#[test]
fn a_second_block_never_shortens_the_first_and_lets_in_what_was_removed() {
    let bench = Bench::new();
    block(&bench, &[("1.1.1.1", None, "c2"), ("1.1.1.2", Some(90), "c2")]);
    block(&bench, &[("1.1.1.1", Some(60), "again"), ("1.1.1.2", Some(60), "again")]);
    let rows = listings(&bench, "manual");
    assert_eq!((rows[0].until, rows[1].until), (None, Some(at(90))));
    assert_eq!(rows[0].reason.as_deref(), Some("again"));
    do_edit(&bench, Some("manual"), "1.1.1.1", EditTo::Removed);
    assert_eq!(bench.feed(), ["1.1.1.2"]);
    block(&bench, &[("1.1.1.1", Some(60), "back")]);
    assert_eq!(bench.feed(), ["1.1.1.1", "1.1.1.2"]);
    assert_eq!(listings(&bench, "manual")[0].until, Some(at(60)));
    assert!(bench.store.check().unwrap().is_empty());
}

#[test]
fn an_end_that_a_person_set_wins_over_the_source_until_it_is_taken_back() {
    let bench = Bench::new();
    let rows = batch(&[("1.1.1.1", None, "scan"), ("2.2.2.2", None, "scan")]);
    bench.import("a", Mode::Full, &rows);
    let edited = do_edit(&bench, Some("a"), "1.1.1.1", EditTo::End(Some(at(60))));
    assert_eq!((edited.changed, edited.unchanged), (1, 0));
    assert_eq!(do_edit(&bench, Some("a"), "1.1.1.1", EditTo::End(Some(at(60)))).unchanged, 1);
    bench.at(60);
    bench.import("a", Mode::Full, &rows);
    assert_eq!(bench.feed(), ["2.2.2.2"]);
    let row = &listings(&bench, "a")[0];
    assert_eq!((row.state, row.until, row.end_set_by_person), (State::Expired, Some(at(60)), true));
    let source = &bench.store.sources().unwrap()[0];
    assert_eq!((source.active, source.expired), (1, 1));
    let expired = ListingQuery { state: Some(State::Expired), limit: 9, ..ListingQuery::default() };
    assert_eq!(bench.store.listings(&expired).unwrap().len(), 1);
    let active = ListingQuery { state: Some(State::Active), limit: 9, ..ListingQuery::default() };
    assert_eq!(bench.store.listings(&active).unwrap().len(), 1);
    do_edit(&bench, Some("a"), "1.1.1.1", EditTo::End(None));
    assert_eq!(bench.feed(), ["1.1.1.1", "2.2.2.2"]);
    assert!(bench.store.check().unwrap().is_empty());
}

#[test]
fn what_a_person_removed_stays_out_until_the_removal_is_taken_back() {
    let bench = Bench::new();
    let source = name("a");
    let rows = plain(&["1.1.1.1", "2.2.2.2"]);
    let request = store::Import { input_key: Some([1; 32]), ..bench.request(&source, Mode::Full, &rows) };
    bench.store.import(&request).unwrap();
    bench.import("b", Mode::Full, &plain(&["1.1.1.1"]));
    // Every source that has it.
    assert_eq!(do_edit(&bench, None, "1.1.1.1", EditTo::Removed).changed, 2);
    assert_eq!(bench.feed(), ["2.2.2.2"]);
    assert!(bench.store.same_input(&source, &[1; 32]).unwrap().is_none());
    bench.store.import(&request).unwrap();
    assert_eq!(
        (bench.feed(), states(&bench, "a")),
        (vec!["2.2.2.2".into()], vec![State::Removed, State::Active])
    );
    do_edit(&bench, Some("a"), "1.1.1.1", EditTo::Restored);
    assert_eq!(states(&bench, "a"), [State::Active, State::Active]);
    assert_eq!(states(&bench, "b"), [State::Removed]);
    let again = objections(
        bench.store.edit_listings(&[edit(Some("a"), "1.1.1.1", EditTo::Restored)], &KIM).unwrap_err(),
    );
    assert_eq!(again.first[0].why, Unfit::NotRemoved);
    assert!(bench.store.check().unwrap().is_empty());
    let told: Vec<(String, String)> = connection(&bench)
        .prepare("SELECT event, \"by\" || ' ' || note FROM listing_events WHERE source = 1 ORDER BY id")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let by = || "kim ticket 7".to_owned();
    assert_eq!(told, [("removed".into(), by()), ("relisted".into(), by())]);
}

#[test]
fn what_was_withdrawn_and_removed_is_withdrawn_again_when_restored() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1", "2.2.2.2"]));
    bench.import("a", Mode::Full, &plain(&["2.2.2.2"]));
    do_edit(&bench, Some("a"), "1.1.1.1", EditTo::Removed);
    bench.import("a", Mode::Full, &plain(&["1.1.1.1", "2.2.2.2"]));
    assert_eq!(states(&bench, "a"), [State::Removed, State::Active]);
    do_edit(&bench, Some("a"), "1.1.1.1", EditTo::Restored);
    assert_eq!(states(&bench, "a"), [State::Withdrawn, State::Active]);
    bench.import("a", Mode::Full, &plain(&["1.1.1.1", "2.2.2.2"]));
    assert_eq!(states(&bench, "a"), [State::Active, State::Active]);
    assert!(bench.store.check().unwrap().is_empty());
}

#[test]
fn the_removal_of_a_source_takes_no_person_s_removal_along() {
    let bench = Bench::new();
    bench.import("b", Mode::Full, &plain(&["9.9.9.9"]));
    bench.import("a", Mode::Full, &plain(&["1.1.1.1", "2.2.2.2"]));
    // In the same second.
    do_edit(&bench, Some("a"), "1.1.1.1", EditTo::Removed);
    bench.store.remove_source(&name("a"), &SETUP).unwrap();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1", "2.2.2.2"]));
    assert_eq!(states(&bench, "a"), [State::Removed, State::Active]);
    assert!(bench.store.check().unwrap().is_empty());
}

#[test]
fn texts_change_only_where_a_person_wrote_them() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["1.1.1.1"]));
    block(&bench, &[("1.1.1.1", None, "c2")]);
    let texts =
        EditTo::Texts(Texts { category: Some("botnet".into()), confidence: Some(90), ..Texts::default() });
    assert_eq!(do_edit(&bench, None, "1.1.1.1", texts.clone()).changed, 1);
    let row = &listings(&bench, "manual")[0];
    assert_eq!(
        (row.reason.as_deref(), row.category.as_deref(), row.confidence),
        (Some("c2"), Some("botnet"), Some(90))
    );
    let told = objections(bench.store.edit_listings(&[edit(Some("a"), "1.1.1.1", texts)], &KIM).unwrap_err());
    assert_eq!(told.first[0].why, Unfit::NotByHand { source: name("a") });
    let told =
        objections(bench.store.edit_listings(&[edit(None, "7.7.7.7", EditTo::Removed)], &KIM).unwrap_err());
    assert_eq!(told.first[0].why, Unfit::NotListed);
}

#[test]
fn a_preview_tells_what_would_come_and_go_and_changes_nothing() {
    let bench = Bench::new();
    bench.import("a", Mode::Full, &plain(&["2.2.2.2", "3.3.3.3"]));
    let (run, preview) = bench.store.preview_block(&by_hand(&plain(&["1.1.1.1", "2.2.2.2"]))).unwrap();
    assert_eq!((run.new, preview.delta.added.len(), preview.entries), (2, 1, 3));
    let ((changed, _), preview) =
        bench.store.preview_edit(&[edit(None, "3.3.3.3", EditTo::Removed)]).unwrap();
    assert_eq!((changed, preview.delta.removed.len()), (1, 1));
    assert_eq!(bench.feed(), ["2.2.2.2", "3.3.3.3"]);
    assert!(bench.store.source_config(&name("manual")).unwrap().is_none());
    assert!(bench.store.audit(&AuditQuery::newest(9)).unwrap().is_empty());
}

#[test]
fn a_small_addition_to_a_big_source_touches_nothing_else() {
    let bench = Bench::new();
    let many: Vec<String> = (0..4000).map(|n| format!("1.1.{}.{}", n / 250, n % 250)).collect();
    bench.import("a", Mode::Full, &plain(&many.iter().map(String::as_str).collect::<Vec<_>>()));
    do_edit(&bench, Some("a"), "1.1.3.3", EditTo::Removed);
    let rows = batch(&[
        ("1.1.0.7", None, "new words"),
        ("1.1.0.8", None, ""),
        ("1.1.3.3", None, ""),
        ("7.7.7.7", None, ""),
    ]);
    let run = bench.import("a", Mode::Add, &rows).run;
    assert_eq!((run.new, run.changed, run.unchanged), (1, 1, 2));
    assert_eq!(bench.feed().len(), 4000);
    assert!(bench.feed().contains(&"7.7.7.7".to_owned()) && bench.feed().contains(&"1.1.15.249".to_owned()));
    assert!(bench.store.check().unwrap().is_empty());
}

#[test]
fn a_listing_that_is_seen_again_ends_later_and_is_written_once_an_hour() {
    let bench = Bench::new();
    let end: EndRule = "last_seen+1d".parse().unwrap();
    let rules = SourceRules { end, ..SourceRules::default() };
    let policy = Policy { sources: [(name("a"), rules)].into(), ..Policy::default() };
    bench.store.set_policy(&policy, &KIM).unwrap();
    let source = name("a");
    let rows = plain(&["1.1.1.1", "2.2.2.2"]);
    let import = |rows: &Batch| {
        let request = store::Import { input_key: Some([3; 32]), ..bench.request(&source, Mode::Add, rows) };
        bench.store.import(&request).unwrap()
    };
    let seen = || -> Vec<i64> {
        let connection = connection(&bench);
        let mut statement = connection.prepare("SELECT seen FROM listings ORDER BY prefix").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    import(&rows);
    assert_eq!(seen(), [START, START]);
    bench.at(3600);
    assert!(matches!(import(&rows).published, Published::Same(_)));
    assert_eq!(seen(), [START, START]);
    bench.at(3601);
    assert!(matches!(import(&plain(&["1.1.1.1"])).published, Published::New(_)));
    assert_eq!(seen(), [START + 3601, START]);
    bench.at(86_400);
    bench.store.publish_ended().unwrap();
    assert_eq!(bench.feed(), ["1.1.1.1"]);
    // The same input again is seen too, without being read.
    let earlier = bench.store.same_input(&source, &[3; 32]).unwrap().unwrap();
    bench.store.import_same(&earlier, &bench.same("-")).unwrap();
    assert_eq!(seen(), [START + 86_400, START]);
    bench.at(86_400 + 3601);
    bench.store.publish_ended().unwrap();
    assert_eq!(bench.feed(), ["1.1.1.1"]);
}
