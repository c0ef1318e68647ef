//! Sorting by address: radix for many IPv4 values, comparison for the rest.
//!
//! One scatter by the upper eleven bits goes through main memory. It leaves some thousand values a bucket of ten million
//! spread ones, which lie in the first-level cache while two more passes put them in order. Three passes over the whole
//! took twice as long. IPv6 would take twelve; comparison is quicker.

use std::ops::Range;

use crate::Address;

/// Bits of each pass, from the uppermost: where they begin, and how many.
const TOP: (u8, u8) = (0, 11);
const MIDDLE: (u8, u8) = (11, 10);
const BOTTOM: (u8, u8) = (21, 11);

/// Under this many values the counting costs more than it saves.
const FEW: usize = 1 << 12;
const FEW_IN_BUCKET: usize = 1 << 9;

/// Sorts by the address that `key` reads; the order of equal addresses is not kept.
pub(crate) fn by_address<A: Address, T: Copy + Default>(items: &mut Vec<T>, key: impl Fn(&T) -> A + Copy) {
    // Most lists of the world come sorted.
    if items.is_sorted_by_key(key) {
        return;
    }
    if A::WIDTH > u32::BITS as u8 || items.len() < FEW || u32::try_from(items.len()).is_err() {
        items.sort_unstable_by_key(key);
        return;
    }
    let mut spread = vec![T::default(); items.len()];
    let ends = scatter(items, &mut spread, key, TOP);
    let mut start = 0;
    for end in ends {
        let bucket: Range<usize> = start..end as usize;
        start = end as usize;
        if bucket.len() < FEW_IN_BUCKET {
            spread[bucket].sort_unstable_by_key(key);
        } else {
            let (there, back) = (&mut spread[bucket.clone()], &mut items[bucket]);
            scatter(there, back, key, BOTTOM);
            scatter(back, there, key, MIDDLE);
        }
    }
    *items = spread;
}

/// Copies `from` to `to` in the order of one digit, keeping the order within; gives where each digit ends.
fn scatter<A: Address, T: Copy>(
    from: &[T],
    to: &mut [T],
    key: impl Fn(&T) -> A,
    (skip, bits): (u8, u8),
) -> Vec<u32> {
    let mut places = vec![0u32; 1 << bits];
    for item in from {
        places[key(item).digit(skip, bits)] += 1;
    }
    let mut at = 0;
    for place in &mut places {
        at += std::mem::replace(place, at);
    }
    for item in from {
        let place = &mut places[key(item).digit(skip, bits)];
        to[*place as usize] = *item;
        *place += 1;
    }
    places
}
