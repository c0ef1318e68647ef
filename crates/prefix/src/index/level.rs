//! The first level: where in the order of networks each bucket of the address space begins.

use std::marker::PhantomData;
use std::ops::Range;

use crate::{Address, Net};

/// At most this many bits: 2^20 buckets of 4 bytes lie in the caches of today, 2^24 do not.
const MAX_BITS: u8 = 20;
/// At least this many: 1 KiB, and as few as an IPv4 [cell](super::cell) can do with.
const MIN_BITS: u8 = 8;

/// Offsets by the bits that follow the leading ones which all networks share.
#[derive(Clone, Debug)]
pub(super) struct Level<A> {
    /// Leading bits that all networks share, and their value.
    skip: u8,
    shared: A,
    bits: u8,
    /// The position of the first network of each bucket, and one more for the end.
    offsets: Vec<u32>,
    address: PhantomData<A>,
}

impl<A: Address> Level<A> {
    /// An empty level shaped for `nets`, sorted: at most five buckets to four networks, so that no size takes
    /// more than 5 bytes a network for it. Filled with [`Self::count`] and [`Self::close`].
    pub(super) fn over(nets: &[Net<A>]) -> Self {
        let (first, last) = match nets {
            [] => (A::MIN, A::MIN),
            [first, .., last] => (first.first(), last.first()),
            [only] => (only.first(), only.first()),
        };
        let wanted = nets.len() + nets.len() / 4;
        let bits = wanted.checked_ilog2().unwrap_or(0).clamp(MIN_BITS.into(), MAX_BITS.into()) as u8;
        let skip = (first ^ last).leading_zeros().min(A::WIDTH - bits);
        let offsets = vec![0; (1 << bits) + 1];
        Self { skip, shared: first & A::mask(skip), bits, offsets, address: PhantomData }
    }

    /// Counts a network into its bucket.
    #[inline]
    pub(super) fn count(&mut self, first: A) {
        self.offsets[first.digit(self.skip, self.bits) + 1] += 1;
    }

    /// Makes offsets of the counts.
    pub(super) fn close(&mut self) {
        let mut sum = 0;
        for offset in &mut self.offsets {
            sum += *offset;
            *offset = sum;
        }
    }

    /// Leading bits of an address that its bucket says.
    #[inline]
    pub(super) fn fixed(&self) -> u8 {
        self.skip + self.bits
    }

    /// The bits that the bucket does not say, in their place.
    #[inline]
    pub(super) fn low(&self, addr: A) -> A {
        addr & !A::mask(self.fixed())
    }

    /// The positions of the networks that begin in the bucket of `addr`. Outside of what the networks share, the empty
    /// range at the end that `addr` lies beyond.
    #[inline]
    pub(super) fn bucket(&self, addr: A) -> Range<usize> {
        let base = addr & A::mask(self.skip);
        if base != self.shared {
            let end = if base < self.shared { 0 } else { self.offsets[self.offsets.len() - 1] as usize };
            return end..end;
        }
        let at = addr.digit(self.skip, self.bits);
        self.offsets[at] as usize..self.offsets[at + 1] as usize
    }

    /// The bucket in which the network at `position` begins.
    pub(super) fn bucket_of(&self, position: usize) -> usize {
        self.offsets.partition_point(|&offset| offset as usize <= position) - 1
    }

    /// The first address of a bucket.
    pub(super) fn first(&self, bucket: usize) -> A {
        self.shared | A::from_digit(bucket, self.skip, self.bits)
    }

    /// Each bucket's first address and positions.
    pub(super) fn buckets(&self) -> impl Iterator<Item = (A, Range<usize>)> + '_ {
        self.offsets
            .windows(2)
            .enumerate()
            .map(|(bucket, ends)| (self.first(bucket), ends[0] as usize..ends[1] as usize))
    }

    pub(super) fn bytes(&self) -> usize {
        self.offsets.capacity() * size_of::<u32>()
    }
}
