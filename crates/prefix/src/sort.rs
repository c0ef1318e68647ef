//! Sorting by address: radix for many IPv4 values, comparison for the rest.
//!
//! Ten million IPv4 values take three passes of eleven bits, each a sequential read and a scatter over 2,048 places,
//! which is what the second-level caches hold. IPv6 would take twelve passes; comparison is quicker.

use crate::Address;

/// Bits of one pass, and how many values it scatters over.
const BITS: u8 = 11;
const PLACES: usize = 1 << BITS;

/// Under this many values the counting costs more than it saves.
const FEW: usize = 1 << 12;

/// Sorts by the address that `key` reads; the order of equal addresses is not kept.
pub(crate) fn by_address<A: Address, T: Copy + Default>(items: &mut Vec<T>, key: impl Fn(&T) -> A) {
    // Most lists of the world come sorted.
    if items.is_sorted_by_key(&key) {
        return;
    }
    if A::WIDTH > u32::BITS as u8 || items.len() < FEW || u32::try_from(items.len()).is_err() {
        items.sort_unstable_by_key(key);
        return;
    }
    let digits = [(21, BITS), (10, BITS), (0, 10)];
    let mut counts = vec![[0u32; PLACES]; digits.len()];
    for item in &*items {
        let key = key(item);
        for (count, (skip, bits)) in counts.iter_mut().zip(digits) {
            count[key.digit(skip, bits)] += 1;
        }
    }
    let mut scratch = vec![T::default(); items.len()];
    for (places, (skip, bits)) in counts.iter_mut().zip(digits) {
        let mut at = 0;
        for place in places.iter_mut() {
            at += std::mem::replace(place, at);
        }
        for item in &*items {
            let place = &mut places[key(item).digit(skip, bits)];
            scratch[*place as usize] = *item;
            *place += 1;
        }
        std::mem::swap(items, &mut scratch);
    }
}
