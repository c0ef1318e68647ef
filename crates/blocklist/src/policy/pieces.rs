//! What of a network lies in a set: a walk over the ranges of the set, beside networks in order.

use prefix::{Address, Net, Range};

/// Ranges in order, disjoint, with a gap between any two; those before the last network that was asked for are gone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walk<'a, A> {
    ranges: &'a [Range<A>],
}

/// A walk that begins at `first`, for networks from there on.
pub(super) fn from<A: Address>(ranges: &[Range<A>], first: A) -> Walk<'_, A> {
    Walk { ranges: &ranges[ranges.partition_point(|range| range.last() < first)..] }
}

impl<'a, A: Address> Walk<'a, A> {
    /// Goes on to a network that begins no earlier than the one before it, and says whether all of it is in the set.
    #[inline]
    pub(super) fn holds(&mut self, net: Net<A>) -> bool {
        while let [first, rest @ ..] = self.ranges
            && first.last() < net.first()
        {
            self.ranges = rest;
        }
        self.ranges.first().is_some_and(|range| range.first() <= net.first() && net.last() <= range.last())
    }

    /// The fewest prefixes that hold what of `net` is in the set, in order.
    pub(super) fn pieces(mut self, net: Net<A>) -> impl Iterator<Item = Net<A>> + 'a {
        self.holds(net);
        let here = self.ranges.iter().take_while(move |range| range.first() <= net.last());
        here.filter_map(move |range| Range::new(range.first().max(net.first()), range.last().min(net.last())))
            .flat_map(Range::nets)
    }
}
