//! The same listings, allow entries and rules give the same bytes, in whatever order and in however many steps they came.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod support;

use blocklist::gate::{GateRules, Reason};
use blocklist::policy::{EndRule, Policy, SourceRules};
use blocklist::{Hash, Mode};
use prefix::{Net, Prefix};
use proptest::prelude::*;
use store::{Actor, NewAllow, Published};
use support::{Bench, batch, name};

const KIM: Actor<'static> = Actor { address: None, by: "kim", note: None };

type Row = (u8, u8, u8, Option<i64>);

fn prefix((block, low, bits, _): Row) -> Prefix {
    let mask = 0xffu8.checked_shl(u32::from(8 - bits)).unwrap_or(0);
    match block {
        0 => Net::new(0x0909_0900 | u32::from(low & mask), 24 + bits).unwrap().into(),
        1 => Net::new(0x0b0b_0b00 | u32::from(low & mask), 24 + bits).unwrap().into(),
        _ => Net::new(0x2a00_u128 << 112 | u128::from(low & mask), 120 + bits).unwrap().into(),
    }
}

#[derive(Clone, Debug)]
enum Change {
    Rows(usize, Vec<Row>),
    Allow(Row),
    Policy(u16),
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (0u8..3, any::<u8>(), 0u8..=8, proptest::option::weighted(0.3, 1_000i64..1_010));
    proptest::collection::vec(row, 1..12)
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let source = (0usize..3, rows()).prop_map(|(source, rows)| Change::Rows(source, rows));
    let allow = (0u8..3, any::<u8>(), 2u8..=8).prop_map(|(a, b, c)| Change::Allow((a, b, c, None)));
    proptest::collection::vec(prop_oneof![4 => source, 2 => allow], 1..10)
        .prop_flat_map(|changes| (Just(changes), 0u16..3))
        .prop_map(|(mut changes, k)| {
            changes.push(Change::Policy(k));
            changes
        })
}

/// Makes the changes one after the other; each list of rows in pieces of `piece` rows.
fn hash(changes: &[Change], piece: usize, reopen: bool) -> Option<Hash> {
    let mut bench = Bench::new();
    // Whether something is held meanwhile depends on the order, and shall not matter here.
    let open = GateRules {
        min_share: None,
        max_added: None,
        max_removed: None,
        widest_v4: None,
        widest_v6: None,
        ..GateRules::default()
    };
    bench.store.set_gate(&open, &KIM).unwrap();
    for change in changes {
        match change {
            Change::Rows(source, rows) => {
                for rows in rows.chunks(piece) {
                    let texts: Vec<_> = rows.iter().map(|&row| (prefix(row).to_string(), row.3)).collect();
                    let rows: Vec<_> =
                        texts.iter().map(|(text, until)| (text.as_str(), *until, "")).collect();
                    bench.import(["a", "b", "c"][*source], Mode::Add, &batch(&rows));
                }
            }
            // The same prefix again is refused, which changes nothing.
            Change::Allow(row) => drop(bench.store.add_allow(&[NewAllow::new(prefix(*row), "a test")], &KIM)),
            Change::Policy(k) => {
                let mut policy = Policy { min_sources: *k, ..Policy::default() };
                let end = EndRule::Earlier(EndRule::Source.into(), EndRule::Detected(1).into());
                policy.sources.insert(name("b"), SourceRules { end, ..SourceRules::default() });
                bench.store.set_policy(&policy, &KIM).unwrap();
            }
        }
        if reopen {
            bench = bench.reopen();
        }
    }
    bench.at(1_005);
    bench.store.publish_ended().unwrap();
    let step_by_step = bench.store.files().load_current().unwrap().map(|publication| publication.head().hash);
    // From scratch: nothing that was made before is trusted. Whether an empty list is held, or was never there, is a matter
    // of what was served before.
    if let Published::Held { reasons, .. } = bench.store.publish().unwrap() {
        assert_eq!(reasons, [Reason::Empty]);
        return None;
    }
    let at_once = bench.store.files().load_current().unwrap().map(|publication| publication.head().hash);
    assert_eq!(step_by_step, at_once);
    at_once
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn neither_order_nor_pieces_nor_restarts_change_a_byte(
        changes in changes(), turn in any::<prop::sample::Index>(), piece in 1usize..4,
    ) {
        // Of one prefix that comes twice from one source the last word counts, so each comes once.
        let mut seen = std::collections::BTreeSet::new();
        let mut changes = changes;
        for change in &mut changes {
            if let Change::Rows(source, rows) = change {
                rows.retain(|row| seen.insert((*source, prefix(*row))));
            }
        }
        changes.retain(|change| !matches!(change, Change::Rows(_, rows) if rows.is_empty()));
        let mut turned = changes.clone();
        turned.rotate_left(turn.index(changes.len()));
        turned.reverse();
        let first = hash(&changes, usize::MAX, false);
        prop_assert_eq!(first, hash(&turned, piece, false));
        prop_assert_eq!(first, hash(&changes, piece, true));
    }
}
