//! Addresses that are unique without anybody remembering them.
//!
//! Day (modulo 1,024), place in the day and a salt make a 32-bit number, and a keyed permutation turns it into an
//! address that looks random. Two places can never meet, because a permutation maps no two numbers to one. The salt is
//! counted up until the address is public. Drawing at random and remembering what was drawn would have been simpler, but then
//! a day's rows would depend on all days before it.
//!
//! ```text
//!   31      22 21          8 7     0
//!  | day mod  |  place      |  salt |  -> four rounds of a Feistel network -> address
//! ```

use std::net::Ipv4Addr;

use jiff::civil::Date;
use prefix::{Net4, Prefix, Rules};

use super::{LONGEST, plus_days};
use crate::dataset::Seed;

/// REGTECH's rows.
pub(super) const REGTECH: u64 = 1;
/// SECUDIUM's rows.
pub(super) const SECUDIUM: u64 = 2;
/// How many rows a day has room for.
pub(super) const PER_DAY: u64 = 1 << 14;
/// Days after which an address may come back: it has ended by then, so it is in no export twice.
const COMES_BACK: i64 = LONGEST + 10;

/// The keys of the permutations.
#[derive(Clone, Debug)]
pub(super) struct Addresses {
    seed: u64,
}

/// The number of a day, counted from 1970.
pub(super) fn number(day: Date) -> i64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    day.duration_since(epoch).as_hours() / 24
}

impl Addresses {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The address of a place in a day. About one in 25 is that of the same place [`COMES_BACK`] days earlier.
    pub(super) fn of(&self, portal: u64, day: Date, at: u64) -> Ipv4Addr {
        let mut origin = day;
        // More than three times would go back far enough to meet a day of the same number modulo 1,024.
        for _ in 0..3 {
            if portal != REGTECH || !self.mix(portal, number(origin) as u64 ^ (at << 32)).is_multiple_of(25) {
                break;
            }
            origin = plus_days(origin, -COMES_BACK);
        }
        let place = ((number(origin).rem_euclid(1_024) as u32) << 22) | ((at % PER_DAY) as u32 * 256);
        let public = |bits: &u32| {
            // Zeros and ones at the end look like networks; real hosts seldom have them.
            Rules::default().admit(Prefix::from(Net4::host(*bits))).is_ok() && !matches!(bits & 0xff, 0 | 255)
        };
        // One address in seven is not public: that all 256 salts fail does not happen.
        let bits = (0..256).map(|salt| self.permute(portal, place | salt)).find(public);
        bits.unwrap_or(0x0808_0808).into()
    }

    fn permute(&self, portal: u64, number: u32) -> u32 {
        let (mut left, mut right) = (number >> 16, number & 0xffff);
        for round in 0..4 {
            let mixed = self.mix((portal << 8) | round, u64::from(right)) as u32 & 0xffff;
            (left, right) = (right, left ^ mixed);
        }
        (left << 16) | right
    }

    fn mix(&self, purpose: u64, number: u64) -> u64 {
        let first = Seed(self.seed ^ (purpose << 40)).number();
        Seed(first ^ number).number()
    }
}
