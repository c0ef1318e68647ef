//! What the algorithms need of an address: an unsigned integer whose most significant bit is the first of the network.

use std::fmt::Debug;
use std::hash::Hash;
use std::ops::{BitAnd, BitOr, BitXor, Not};

/// An IPv4 address as `u32` or an IPv6 address as `u128`, in host byte order.
///
/// Sealed by intent: the two integers are the only address families there are.
pub trait Address:
    Copy
    + Ord
    + Hash
    + Debug
    + Default
    + Send
    + Sync
    + 'static
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Not<Output = Self>
{
    /// Bits of an address: 32 or 128.
    const WIDTH: u8;
    /// The all-zeros address.
    const MIN: Self;
    /// The all-ones address.
    const MAX: Self;

    /// The network mask of `len` leading ones. `len` is at most [`Self::WIDTH`].
    #[must_use]
    fn mask(len: u8) -> Self;
    /// The next address, or `None` after the last.
    #[must_use]
    fn next(self) -> Option<Self>;
    /// The address before, or `None` before the first.
    #[must_use]
    fn prev(self) -> Option<Self>;
    /// Leading zero bits.
    fn leading_zeros(self) -> u8;
    /// Trailing zero bits.
    fn trailing_zeros(self) -> u8;
    /// Widened to 128 bits, by value.
    fn to_u128(self) -> u128;
    /// The `count` bits that follow the first `skip`, as a number. At most 32 bits, and no more than there are.
    fn digit(self, skip: u8, count: u8) -> usize;
    /// The address of which [`Self::digit`] reads `value`, all other bits zero.
    fn from_digit(value: usize, skip: u8, count: u8) -> Self;
    /// The difference as a number; `other` is not greater.
    #[must_use]
    fn minus(self, other: Self) -> Self;
    /// Appends the canonical text of the network of `len` bits that begins here; see [`write`](crate::write).
    fn push_net(self, len: u8, out: &mut Vec<u8>);
}

macro_rules! address {
    ($int:ty, $push:path) => {
        impl Address for $int {
            const WIDTH: u8 = <$int>::BITS as u8;
            const MIN: Self = 0;
            const MAX: Self = <$int>::MAX;

            #[inline]
            fn mask(len: u8) -> Self {
                // A shift by the full width is undefined, and `/0` asks for it.
                (!0 as Self).checked_shl(u32::from(<Self as Address>::WIDTH - len)).unwrap_or(0)
            }
            #[inline]
            fn next(self) -> Option<Self> {
                self.checked_add(1)
            }
            #[inline]
            fn prev(self) -> Option<Self> {
                self.checked_sub(1)
            }
            #[inline]
            fn leading_zeros(self) -> u8 {
                self.leading_zeros() as u8
            }
            #[inline]
            fn trailing_zeros(self) -> u8 {
                self.trailing_zeros() as u8
            }
            #[inline]
            fn to_u128(self) -> u128 {
                self.into()
            }
            #[inline]
            fn digit(self, skip: u8, count: u8) -> usize {
                let rest = <Self as Address>::WIDTH - skip - count;
                (self & !Self::mask(skip)).checked_shr(u32::from(rest)).unwrap_or(0) as usize
            }
            #[inline]
            fn from_digit(value: usize, skip: u8, count: u8) -> Self {
                let rest = <Self as Address>::WIDTH - skip - count;
                (value as Self).checked_shl(u32::from(rest)).unwrap_or(0)
            }
            #[inline]
            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }
            #[inline]
            fn push_net(self, len: u8, out: &mut Vec<u8>) {
                $push(self, len, out);
            }
        }
    };
}

address!(u32, crate::write::push4);
address!(u128, crate::write::push6);
