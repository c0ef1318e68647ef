//! Ranges `first-last` and the prefixes that make them up.

use crate::{Address, Net};

/// The addresses from `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range<A> {
    first: A,
    last: A,
}

impl<A: Address> Range<A> {
    /// `None` when `last` comes before `first`.
    #[inline]
    pub fn new(first: A, last: A) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// The first address.
    #[inline]
    pub fn first(self) -> A {
        self.first
    }

    /// The last address.
    #[inline]
    pub fn last(self) -> A {
        self.last
    }

    /// The fewest prefixes that hold just these addresses, in order: at most 62 for IPv4, 254 for IPv6.
    pub fn nets(self) -> impl Iterator<Item = Net<A>> {
        let mut next = Some(self.first);
        std::iter::from_fn(move || {
            let addr = next?;
            // The widest network that begins here and does not pass the end: bounded by the alignment of the address
            // and by how many addresses are left.
            let aligned = A::WIDTH - addr.trailing_zeros().min(A::WIDTH);
            let mut len = aligned;
            while addr | !A::mask(len) > self.last {
                len += 1;
            }
            let net = Net::new(addr, len)?;
            next = if net.last() == self.last { None } else { net.last().next() };
            Some(net)
        })
    }
}

impl<A: Address> From<Net<A>> for Range<A> {
    #[inline]
    fn from(net: Net<A>) -> Self {
        Self { first: net.first(), last: net.last() }
    }
}
