//! The frozen index: which networks hold an address, in nanoseconds.
//!
//! Built once per publication from sorted networks and never changed; a position in that order is the answer, so that
//! callers keep what belongs to a network in arrays beside it.
//!
//! Layout: a *level* over the leading bits says where in the order each bucket of the space begins; a *cell* per
//! network holds what the bucket does not say, and how many places before it its *parent* stands, the narrowest network
//! that covers it. A lookup finds the last network that begins at or before the address and climbs its parents until one
//! holds the address. That is right because prefixes nest: whatever holds the address and begins earlier also holds the
//! first address of every network that begins between.
//!
//! A trie that is changed in place was rejected: many times slower to read, and several times the memory.

mod cell;
mod level;

use std::ops::Range;

use self::cell::Cells;
pub use self::cell::Indexed;
use self::level::Level;
use crate::Net;

/// Why no index was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// The network at this position does not come after the one before it: out of order, or there twice.
    #[error("the network at position {0} does not come after the one before it")]
    Unsorted(usize),
    /// More networks than positions of 32 bits can name.
    #[error("more than 2^32 - 1 networks")]
    TooMany,
}

/// A frozen index over sorted networks of one family.
#[derive(Clone, Debug)]
pub struct Index<A: Indexed> {
    level: Level<A>,
    cells: A::Cells,
    /// Where a parent stands too far away for its cell: the position from which on this parent counts, and the parent.
    far: Vec<(u32, u32)>,
    /// Networks wider than a bucket, of which the cell alone does not know the address, by position. Empty where the
    /// cells keep whole addresses.
    wide: Vec<(u32, A)>,
}

impl<A: Indexed> Index<A> {
    /// Builds the index; `nets` come in order, each once.
    pub fn from_sorted(nets: &[Net<A>]) -> Result<Self, IndexError> {
        if u32::try_from(nets.len()).is_err() {
            return Err(IndexError::TooMany);
        }
        let mut level = Level::over(nets);
        let mut cells = A::Cells::sized(nets.len(), level.fixed());
        let mut far: Vec<(u32, u32)> = Vec::new();
        let mut wide = Vec::new();
        // The networks that are still open at this place, each inside the one before: position and network.
        let mut open: Vec<(u32, Net<A>)> = Vec::new();
        let mut before = None;
        for (at, &net) in nets.iter().enumerate() {
            if before.is_some_and(|before| before >= net) {
                return Err(IndexError::Unsorted(at));
            }
            before = Some(net);
            let position = at as u32;
            while open.last().is_some_and(|(_, outer)| !outer.holds(net.first())) {
                open.pop();
            }
            let distance = match open.last() {
                None => 0,
                Some(&(parent, _)) if position - parent < cells.escape() => position - parent,
                Some(&(parent, _)) => {
                    // Neighbours mostly share a parent: one row for all of them.
                    if far.last().is_none_or(|&(_, last)| last != parent) {
                        far.push((position, parent));
                    }
                    cells.escape()
                }
            };
            if !A::Cells::WHOLE && net.len() < level.fixed() {
                wide.push((position, net.first()));
            }
            cells.push(net, distance);
            level.count(net.first());
            if !net.is_host() {
                open.push((position, net));
            }
        }
        level.close();
        far.shrink_to_fit();
        wide.shrink_to_fit();
        Ok(Self { level, cells, far, wide })
    }

    /// How many networks.
    pub fn len(&self) -> usize {
        self.cells.count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Memory on the heap, in bytes.
    pub fn bytes(&self) -> usize {
        self.level.bytes()
            + self.cells.bytes()
            + self.far.capacity() * size_of::<(u32, u32)>()
            + self.wide.capacity() * size_of::<(u32, A)>()
    }

    /// The position of the longest network that holds `addr`.
    #[inline]
    pub fn longest(&self, addr: A) -> Option<usize> {
        let bucket = self.level.bucket(addr);
        let mut at = self.cells.upto(bucket.clone(), addr, A::WIDTH).checked_sub(1)?;
        loop {
            if self.holds(at, addr, &bucket) {
                return Some(at);
            }
            at = self.parent(at)?;
        }
    }

    /// The positions of all networks that cover `net`, itself too if it is there, the longest first.
    pub fn covering(&self, net: Net<A>) -> impl Iterator<Item = usize> + '_ {
        let bucket = self.level.bucket(net.first());
        let mut at = self.cells.upto(bucket.clone(), net.first(), net.len()).checked_sub(1);
        // What is not longer than `net` and holds its first address covers it; nothing after it in order can.
        while let Some(here) = at
            && !self.holds(here, net.first(), &bucket)
        {
            at = self.parent(here);
        }
        std::iter::successors(at, |&here| self.parent(here))
    }

    /// The positions of all networks inside `net`, itself too if it is there.
    pub fn inside(&self, net: Net<A>) -> Range<usize> {
        let first = match net.len().checked_sub(1) {
            // Behind all that begin earlier, and behind the wider ones that begin together with it.
            Some(wider) => self.cells.upto(self.level.bucket(net.first()), net.first(), wider),
            None => 0,
        };
        first..self.cells.upto(self.level.bucket(net.last()), net.last(), A::WIDTH)
    }

    /// The position of just this network.
    pub fn position(&self, net: Net<A>) -> Option<usize> {
        self.covering(net).next().filter(|&at| self.cells.prefix_len(at) == net.len())
    }

    /// The network at `position`; `None` past the end. Finds its bucket by bisection where the cells do not keep whole
    /// addresses: use [`Self::iter`] to read all.
    pub fn get(&self, position: usize) -> Option<Net<A>> {
        if position >= self.len() {
            return None;
        }
        let first = if A::Cells::WHOLE {
            self.cells.low(position)
        } else {
            self.level.first(self.level.bucket_of(position)) | self.cells.low(position)
        };
        Net::new(first, self.cells.prefix_len(position))
    }

    /// All networks in order.
    pub fn iter(&self) -> impl Iterator<Item = Net<A>> + '_ {
        self.level.buckets().flat_map(move |(first, positions)| {
            positions.filter_map(move |at| Net::new(first | self.cells.low(at), self.cells.prefix_len(at)))
        })
    }

    /// Whether the network at `at` holds `addr`, whose bucket is `bucket`.
    #[inline]
    fn holds(&self, at: usize, addr: A, bucket: &Range<usize>) -> bool {
        let len = self.cells.prefix_len(at);
        if A::Cells::WHOLE {
            (self.cells.low(at) ^ addr) & A::mask(len) == A::MIN
        } else if len >= self.level.fixed() {
            let low = self.level.low(addr);
            bucket.contains(&at) && (self.cells.low(at) ^ low) & A::mask(len) == A::MIN
        } else {
            self.wide_holds(at, len, addr)
        }
    }

    #[cold]
    fn wide_holds(&self, at: usize, len: u8, addr: A) -> bool {
        let row = self.wide.binary_search_by_key(&(at as u32), |&(position, _)| position);
        row.is_ok_and(|row| (self.wide[row].1 ^ addr) & A::mask(len) == A::MIN)
    }

    #[inline]
    fn parent(&self, at: usize) -> Option<usize> {
        match self.cells.distance(at) {
            0 => None,
            escape if escape == self.cells.escape() => {
                let after = self.far.partition_point(|&(from, _)| from as usize <= at);
                Some(self.far[after.checked_sub(1)?].1 as usize)
            }
            distance => Some(at - distance as usize),
        }
    }
}
