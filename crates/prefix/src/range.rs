//! Ranges `first-last` and the prefixes that make them up.

use crate::{Address, Net};

/// The addresses from `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
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

    /// The range of this one address.
    #[inline]
    pub fn host(addr: A) -> Self {
        Self { first: addr, last: addr }
    }

    /// The range that also reaches to `last`, if it did not before.
    #[inline]
    pub(crate) fn extended(self, last: A) -> Self {
        Self { first: self.first, last: self.last.max(last) }
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
            let aligned = A::WIDTH - addr.trailing_zeros();
            let left = self.last.minus(addr);
            // 2^n addresses fit when `left` is 2^n - 1 or more: its n low bits are all set, or a higher one is.
            let fits = match left.next() {
                Some(count) => count.leading_zeros() + 1,
                None => 0,
            };
            let len = aligned.max(fits);
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
