//! Sets of addresses: union, difference, intersection, and the fewest prefixes that make one up.
//!
//! A set is the sorted list of its ranges, disjoint and with a gap between any two, so each set has one form only and
//! equal sets compare equal. Every operation is one walk over both operands; nothing here can fail.

use std::cmp::Ordering;

use crate::{Address, Net, Range, sort};

/// A set of addresses of one family, 8 bytes a range for IPv4 and 32 for IPv6.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Set<A> {
    ranges: Vec<Range<A>>,
}

impl<A: Address> Set<A> {
    /// The set of no address.
    pub const fn new() -> Self {
        Self { ranges: Vec::new() }
    }

    /// The union of ranges in any order; what overlaps or touches is joined in place.
    pub fn from_ranges(mut ranges: Vec<Range<A>>) -> Self {
        sort::by_address(&mut ranges, |range| range.first());
        let mut kept = 0;
        for i in 0..ranges.len() {
            let range = ranges[i];
            if kept > 0 && touches(ranges[kept - 1], range) {
                ranges[kept - 1] = ranges[kept - 1].extended(range.last());
            } else {
                ranges[kept] = range;
                kept += 1;
            }
        }
        ranges.truncate(kept);
        Self { ranges }
    }

    /// The union of single addresses in any order and ranges in any order. Takes a quarter less memory than
    /// [`Self::from_ranges`] where most are single, as in the lists of the world.
    pub fn from_parts(mut hosts: Vec<A>, ranges: Vec<Range<A>>) -> Self {
        sort::by_address(&mut hosts, |&host| host);
        let wide = Self::from_ranges(ranges);
        if hosts.is_empty() {
            return wide;
        }
        let mut joined = Joined::with_capacity(wide.ranges.len());
        let mut wide = wide.ranges.into_iter().peekable();
        for host in hosts {
            while let Some(range) = wide.next_if(|range| range.first() <= host) {
                joined.push(range);
            }
            joined.push(Range::host(host));
        }
        wide.for_each(|range| joined.push(range));
        joined.into_set()
    }

    /// The ranges, in order, disjoint, with a gap between any two.
    pub fn ranges(&self) -> &[Range<A>] {
        &self.ranges
    }

    /// The fewest prefixes that hold just these addresses, in order.
    pub fn nets(&self) -> impl Iterator<Item = Net<A>> + '_ {
        self.ranges.iter().flat_map(|range| range.nets())
    }

    /// Whether there is no address in it.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// How many addresses. All of IPv6 is 2^128, one more than the type can say, and is answered as 2^128 - 1.
    pub fn addresses(&self) -> u128 {
        self.ranges.iter().fold(0u128, |sum, range| {
            sum.saturating_add(range.last().minus(range.first()).to_u128()).saturating_add(1)
        })
    }

    /// Whether `addr` is in it.
    pub fn holds(&self, addr: A) -> bool {
        let after = self.ranges.partition_point(|range| range.first() <= addr);
        after > 0 && addr <= self.ranges[after - 1].last()
    }

    /// Whether any address of `range` is in it.
    pub fn overlaps(&self, range: Range<A>) -> bool {
        let after = self.ranges.partition_point(|mine| mine.first() <= range.last());
        after > 0 && range.first() <= self.ranges[after - 1].last()
    }

    /// Whether all addresses of `range` are in it.
    pub fn covers(&self, range: Range<A>) -> bool {
        let after = self.ranges.partition_point(|mine| mine.first() <= range.first());
        after > 0 && range.last() <= self.ranges[after - 1].last()
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut joined = Joined::with_capacity(self.ranges.len().max(other.ranges.len()));
        let (mut a, mut b) = (self.ranges.iter().peekable(), other.ranges.iter().peekable());
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            let from = if x.first() <= y.first() { &mut a } else { &mut b };
            from.next().into_iter().for_each(|range| joined.push(*range));
        }
        a.chain(b).for_each(|range| joined.push(*range));
        joined.into_set()
    }

    /// What is in this and not in `other`.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        let mut ranges = Vec::with_capacity(self.ranges.len());
        let mut holes = other.ranges.iter().copied().peekable();
        for range in &self.ranges {
            let mut left = Some(*range);
            while let (Some(rest), Some(hole)) = (left, holes.peek().copied()) {
                if hole.last() < rest.first() {
                    holes.next();
                    continue;
                }
                if hole.first() > rest.last() {
                    break;
                }
                let before = hole.first().prev().and_then(|last| Range::new(rest.first(), last));
                ranges.extend(before);
                // A hole that passes the end may reach into the next range too, so it stays.
                left = hole.last().next().and_then(|first| Range::new(first, rest.last()));
            }
            ranges.extend(left);
        }
        Self { ranges }
    }

    /// What is in both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let mut ranges = Vec::new();
        let (mut i, mut j) = (0, 0);
        while let (Some(a), Some(b)) = (self.ranges.get(i), other.ranges.get(j)) {
            ranges.extend(Range::new(a.first().max(b.first()), a.last().min(b.last())));
            match a.last().cmp(&b.last()) {
                Ordering::Less => i += 1,
                Ordering::Greater => j += 1,
                Ordering::Equal => (i, j) = (i + 1, j + 1),
            }
        }
        Self { ranges }
    }
}

impl<A: Address> FromIterator<Range<A>> for Set<A> {
    fn from_iter<I: IntoIterator<Item = Range<A>>>(ranges: I) -> Self {
        Self::from_ranges(ranges.into_iter().collect())
    }
}

impl<A: Address> FromIterator<Net<A>> for Set<A> {
    fn from_iter<I: IntoIterator<Item = Net<A>>>(nets: I) -> Self {
        nets.into_iter().map(Range::from).collect()
    }
}

/// Drops every network that a wider one of the sequence covers (repeats too) and joins no neighbours: what a feed sends,
/// whose entries must stay the ones that were listed. `nets` come in order.
pub fn uncovered<A: Address>(nets: impl IntoIterator<Item = Net<A>>) -> impl Iterator<Item = Net<A>> {
    let mut wide: Option<Net<A>> = None;
    nets.into_iter().filter(move |&net| {
        let covered = wide.is_some_and(|wide| wide.covers(net));
        if !covered {
            wide = Some(net);
        }
        !covered
    })
}

/// Whether `next`, which begins no earlier, overlaps `range` or follows it without a gap.
fn touches<A: Address>(range: Range<A>, next: Range<A>) -> bool {
    next.first() <= range.last() || range.last().next() == Some(next.first())
}

/// Ranges pushed in order of their first address, joined as they come.
struct Joined<A> {
    ranges: Vec<Range<A>>,
    open: Option<Range<A>>,
}

impl<A: Address> Joined<A> {
    fn with_capacity(ranges: usize) -> Self {
        Self { ranges: Vec::with_capacity(ranges), open: None }
    }

    #[inline]
    fn push(&mut self, range: Range<A>) {
        self.open = Some(match self.open {
            Some(open) if touches(open, range) => open.extended(range.last()),
            Some(open) => {
                self.ranges.push(open);
                range
            }
            None => range,
        });
    }

    fn into_set(mut self) -> Set<A> {
        self.ranges.extend(self.open);
        Set { ranges: self.ranges }
    }
}
