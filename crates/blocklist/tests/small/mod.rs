//! Random chunks, guards and policies in a space so small that single addresses can be counted: the 64 addresses from
//! 9.9.9.0, which are numbered 0 to 63, and the 64 from `2a00::`, which are 64 to 127.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]

use std::collections::{BTreeMap, BTreeSet};

use blocklist::policy::{
    Categories, EndRule, Evaluation, Filter, Guard, GuardKind, Kept, Policy, Protected, SourceRules,
};
use blocklist::{Details, DetailsId, DetailsTable, Listing, SourceId, SourceName, Time};
use prefix::prefix::Either;
use prefix::{Family, Net, Prefix, Rules};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;

/// The sources, by id; `manual` is one of them.
const SOURCES: [&str; 4] = ["a", "b", "c", "manual"];

/// All that an evaluation needs.
#[derive(Clone, Debug)]
pub struct Case {
    pub kept: Vec<Kept>,
    pub policy: Policy,
    pub protected: Protected,
    pub sources: BTreeMap<SourceId, SourceName>,
    pub details: DetailsTable,
    pub now: Time,
}

impl Case {
    /// One listing a host from 9.0.0.0 on, of source `a`, detected at 0, without end.
    pub fn plain(hosts: std::ops::Range<u32>) -> Self {
        let kept = hosts
            .map(|host| Kept {
                listing: Listing {
                    prefix: Net::host(0x0900_0000 | host).into(),
                    source: SourceId(0),
                    details: DetailsId(0),
                    detected: time(0),
                    until: None,
                },
                seen: time(0),
                end_is_set: false,
            })
            .collect();
        let (sources, details) = (sources(), DetailsTable::default());
        Self {
            kept,
            policy: Policy::default(),
            protected: Protected::default(),
            sources,
            details,
            now: time(1),
        }
    }

    pub fn by(&self) -> Evaluation<'_> {
        Evaluation {
            rules: Rules::default(),
            policy: &self.policy,
            protected: &self.protected,
            sources: &self.sources,
            details: &self.details,
            now: self.now,
        }
    }

    pub fn name(&self, source: SourceId) -> &SourceName {
        &self.sources[&source]
    }

    pub fn is_manual(&self, source: SourceId) -> bool {
        self.name(source).as_str() == "manual"
    }
}

pub fn time(seconds: i64) -> Time {
    Time::from_unix(seconds)
}

pub fn guard(prefix: &str, kind: &str) -> Guard {
    let kind = GuardKind::from_word(kind).unwrap();
    Guard { prefix: prefix.parse().unwrap(), kind, name: "".into(), until: None }
}

fn sources() -> BTreeMap<SourceId, SourceName> {
    SOURCES.iter().zip(0..).map(|(name, id)| (SourceId(id), name.parse().unwrap())).collect()
}

/// Every prefix of the space.
pub fn prefixes() -> Vec<Prefix> {
    let mut all = BTreeSet::new();
    for low in 0..64 {
        for bits in 0..=6 {
            all.insert(small(true, low, bits));
            all.insert(small(false, low, bits));
        }
    }
    all.into_iter().collect()
}

fn small(v4: bool, low: u8, bits: u8) -> Prefix {
    if v4 {
        Net::new(0x0909_0900 | u32::from(low), 26 + bits).unwrap().into()
    } else {
        Net::new(0x2a00_u128 << 112 | u128::from(low), 122 + bits).unwrap().into()
    }
}

/// The addresses of a prefix, which may be wider than the space.
pub fn addresses(prefix: Prefix) -> std::ops::Range<usize> {
    let (base, first, last) = match prefix.split() {
        Either::V4(net) => (0, u128::from(net.first()), u128::from(net.last())),
        Either::V6(net) => (64, net.first(), net.last()),
    };
    let begin = if base == 0 { 0x0909_0900 } else { 0x2a00_u128 << 112 };
    if last < begin || first > begin + 63 {
        return 0..0;
    }
    let place = |address: u128| base + usize::try_from(address.clamp(begin, begin + 63) - begin).unwrap();
    place(first)..place(last) + 1
}

/// Which of the 128 addresses some prefix holds.
pub fn space(prefixes: impl IntoIterator<Item = Prefix>) -> Vec<bool> {
    let mut space = vec![false; 128];
    for prefix in prefixes {
        space[addresses(prefix)].fill(true);
    }
    space
}

pub fn small_prefix() -> impl Strategy<Value = Prefix> {
    // Narrow ones are more, as in the world.
    (any::<bool>(), 0u8..64, prop_oneof![0u8..=6, 4u8..=6]).prop_map(|(v4, low, bits)| small(v4, low, bits))
}

pub fn guards() -> impl Strategy<Value = Vec<Guard>> {
    let wide = ["0.0.0.0/0", "9.0.0.0/8", "9.9.9.0/24", "::/0", "2a00::/16", "8.0.0.0/8"];
    let wide = proptest::sample::select(wide.to_vec()).prop_map(|text| text.parse().unwrap());
    let prefix = prop_oneof![30 => small_prefix(), 1 => wide];
    let kind = proptest::sample::select(GuardKind::ALL.to_vec());
    let guard = (prefix, kind, 0u8..3, option::of(0i64..20)).prop_map(|(prefix, kind, name, until)| Guard {
        prefix,
        kind,
        name: name.to_string().into(),
        until: until.map(time),
    });
    vec(guard, 0..8)
}

/// Ends and days are counted in days, so that rules and ends meet.
const DAY: i64 = 86_400;

pub fn end_rule() -> impl Strategy<Value = EndRule> {
    let leaf = prop_oneof![
        Just(EndRule::Source),
        (1u16..12).prop_map(EndRule::Detected),
        (1u16..12).prop_map(EndRule::LastSeen),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        (any::<bool>(), inner.clone(), inner).prop_map(|(earlier, a, b)| {
            let (a, b) = (Box::new(a), Box::new(b));
            if earlier { EndRule::Earlier(a, b) } else { EndRule::Later(a, b) }
        })
    })
}

pub fn filter() -> impl Strategy<Value = Filter> {
    let names = || btree_set(proptest::sample::select(vec!["", "Scan", "스캔", "BOT"]), 1..3);
    let own = |names: BTreeSet<&str>| names.into_iter().map(String::from).collect();
    let categories = prop_oneof![
        names().prop_map(move |names| Categories::Only(own(names))),
        names().prop_map(move |names| Categories::Except(own(names))),
    ];
    let family = proptest::sample::select(vec![Family::V4, Family::V6]);
    let rare = |strategy| option::weighted(0.15, strategy);
    (
        rare((0u8..=100).boxed()),
        any::<bool>(),
        option::weighted(0.15, categories),
        option::weighted(0.1, family),
    )
        .prop_map(|(min_confidence, confidence_required, categories, family)| Filter {
            min_confidence,
            confidence_required,
            categories,
            family,
        })
}

pub fn policy() -> impl Strategy<Value = Policy> {
    let source =
        || proptest::sample::select(SOURCES.to_vec()).prop_map(|name| name.parse::<SourceName>().unwrap());
    let rules = (filter(), end_rule(), proptest::bool::weighted(0.1))
        .prop_map(|(filter, end, trial)| SourceRules { filter, end, trial });
    let trusted = prop_oneof![3 => Just(Vec::new()), 1 => vec(source(), 0..2)];
    (filter(), 0u16..4, trusted, btree_map(source(), rules, 0..3))
        .prop_map(|(filter, min_sources, trusted, sources)| Policy { filter, min_sources, trusted, sources })
}

pub fn case() -> impl Strategy<Value = Case> {
    let days = |range: std::ops::Range<i64>| range.prop_map(|days| days * DAY);
    let row = (days(-5..5), option::of(days(0..20)), days(-5..10), proptest::bool::weighted(0.2), 0u8..5);
    let rows = btree_map((small_prefix(), 0u32..4), row, 0..24);
    (rows, guards(), policy(), days(0..8)).prop_map(|(rows, guards, policy, now)| {
        let mut details = DetailsTable::default();
        let kept = rows
            .into_iter()
            .map(|((prefix, source), (detected, until, seen, end_is_set, said))| Kept {
                listing: Listing {
                    prefix,
                    source: SourceId(source),
                    details: details.intern(said_of(said)),
                    detected: time(detected),
                    until: until.map(time),
                },
                seen: time(seen),
                end_is_set,
            })
            .collect();
        // Guards end within seconds of each other; half of them do not hold.
        let protected = Protected::new(guards, time(10));
        Case { kept, policy, protected, sources: sources(), details, now: time(now) }
    })
}

fn said_of(said: u8) -> Details {
    let category = [None, Some("scan"), Some("스캔"), Some("Bot"), Some("spam")][usize::from(said)];
    Details {
        category: category.map(Into::into),
        confidence: [None, Some(20), Some(60), None, Some(100)][usize::from(said)],
        ..Details::default()
    }
}
