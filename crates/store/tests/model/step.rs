//! What happens, at random: the steps, and the few addresses that they are about.

use blocklist::Mode;
use prefix::prefix::Either;
use prefix::{Net, Prefix};
use proptest::prelude::*;

/// A prefix of one of three blocks of 16 addresses, two of them in chunks of IPv4 and one in IPv6.
pub(crate) type Place = (u8, u8, u8);

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Import {
        source: usize,
        mode: Mode,
        rows: Vec<(Place, Option<i64>)>,
    },
    Block(Place, Option<i64>),
    Allow(Place, Option<i64>),
    Unallow(usize),
    Policy {
        two: bool,
        trial: bool,
        only_v4: bool,
    },
    Wait(i64),
    /// The clock is set back.
    Back(i64),
    Publish,
    Force,
    Approve,
    Reject,
    Rollback(prop::sample::Index),
    Release,
    RemoveSource(usize),
    Reopen,
    /// The process died after the commit and before the link moved.
    LoseLink,
    /// The file of the last publication is gone.
    LoseFile,
}

pub(crate) fn place() -> impl Strategy<Value = Place> {
    (0u8..3, 0u8..16, 0u8..=4)
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let until = || proptest::option::weighted(0.4, 1i64..200);
    let mode = prop_oneof![Just(Mode::Full), Just(Mode::Add)];
    prop_oneof![
        8 => (0usize..2, mode, proptest::collection::vec((place(), until()), 0..16))
            .prop_map(|(source, mode, rows)| Step::Import { source, mode, rows }),
        2 => (place(), until()).prop_map(|(place, until)| Step::Block(place, until)),
        3 => (place(), until()).prop_map(|(place, until)| Step::Allow(place, until)),
        1 => (0usize..4).prop_map(Step::Unallow),
        1 => any::<(bool, bool, bool)>().prop_map(|(two, trial, only_v4)| Step::Policy { two, trial, only_v4 }),
        3 => (1i64..60).prop_map(Step::Wait),
        1 => (1i64..60).prop_map(Step::Back),
        1 => Just(Step::Publish),
        1 => Just(Step::Force),
        3 => Just(Step::Approve),
        1 => Just(Step::Reject),
        1 => any::<prop::sample::Index>().prop_map(Step::Rollback),
        1 => Just(Step::Release),
        1 => (0usize..2).prop_map(Step::RemoveSource),
        1 => Just(Step::Reopen),
        1 => Just(Step::LoseLink),
        1 => Just(Step::LoseFile),
    ]
}

pub(crate) fn prefix((block, low, bits): Place) -> Prefix {
    let low = low & (0xf0u16 >> bits) as u8 | low & 0x0f & !(0x0f >> bits);
    match block {
        0 => Net::new(0x0909_0900 | u32::from(low), 28 + bits).unwrap().into(),
        1 => Net::new(0x0b0b_0b00 | u32::from(low), 28 + bits).unwrap().into(),
        _ => Net::new(0x2a00_u128 << 112 | u128::from(low), 124 + bits).unwrap().into(),
    }
}

/// Every address of a prefix, as a host.
pub(crate) fn addresses(prefix: Prefix) -> Vec<Prefix> {
    match prefix.split() {
        Either::V4(net) => (net.first()..=net.last()).map(|addr| Net::host(addr).into()).collect(),
        Either::V6(net) => (net.first()..=net.last()).map(|addr| Net::host(addr).into()).collect(),
    }
}
