//! The addresses of one family as they were read: hosts apart from the rest, because most are.

use crate::{Address, Range, Set};

#[derive(Debug)]
pub(super) struct Parts<A> {
    hosts: Vec<A>,
    ranges: Vec<Range<A>>,
}

impl<A> Default for Parts<A> {
    fn default() -> Self {
        Self { hosts: Vec::new(), ranges: Vec::new() }
    }
}

impl<A: Address> Parts<A> {
    #[inline]
    pub(super) fn push(&mut self, range: Range<A>) {
        if range.first() == range.last() {
            self.hosts.push(range.first());
        } else {
            self.ranges.push(range);
        }
    }

    /// What there is now, for [`Self::cut`].
    pub(super) fn mark(&self) -> (usize, usize) {
        (self.hosts.len(), self.ranges.len())
    }

    /// Forgets what came after the mark.
    pub(super) fn cut(&mut self, (hosts, ranges): (usize, usize)) {
        self.hosts.truncate(hosts);
        self.ranges.truncate(ranges);
    }

    pub(super) fn into_set(self) -> Set<A> {
        Set::from_parts(self.hosts, self.ranges)
    }
}
