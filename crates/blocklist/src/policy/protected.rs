//! What must never be served, whoever lists it: the firm's own networks, its consumers, its allow entries, known-good lists.
//!
//! Nothing here can fail. Guards may nest and repeat; they are many (known-good lists have a hundred thousand), so each
//! knows the nearest that covers it, and a question costs one bisection and a climb.

use std::fmt::{self, Display, Formatter};

use prefix::prefix::Either;
use prefix::{Address, Net, Prefix, Range, Set};
use serde::{Deserialize, Serialize, Serializer};

use super::pieces::from;
use crate::{ChunkKey, SourceName, Time};

/// Why a prefix is protected, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardKind {
    /// The firm's own network, or an address of this server.
    Own,
    /// An address of a consumer.
    Consumer,
    /// An allow entry.
    Allow,
    /// On a known-good list.
    KnownGood,
}

impl GuardKind {
    /// Every kind, the gravest first.
    pub const ALL: [Self; 4] = [Self::Own, Self::Consumer, Self::Allow, Self::KnownGood];

    /// The word, as in JSON and in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Consumer => "consumer",
            Self::Allow => "allow",
            Self::KnownGood => "known_good",
        }
    }

    /// The kind of a word that [`Self::as_str`] gave.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// What is touched, in Korean.
    pub const fn korean(self) -> &'static str {
        match self {
            Self::Own => "자사 대역",
            Self::Consumer => "소비 장비 주소",
            Self::Allow => "허용 항목",
            Self::KnownGood => "정상 목록",
        }
    }
}

/// What is touched, in words.
impl Display for GuardKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Own => "own networks",
            Self::Consumer => "addresses of consumers",
            Self::Allow => "allow entries",
            Self::KnownGood => "known-good lists",
        })
    }
}

/// One protected prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// What is protected. May be of any width.
    pub prefix: Prefix,
    /// Why.
    pub kind: GuardKind,
    /// The name by which a person finds it: the number of the allow entry, the consumer, the list.
    pub name: Box<str>,
    /// The first moment at which it no longer holds.
    pub until: Option<Time>,
}

/// An active listing that touches a protected prefix: overlaps it, covers it, or lies within.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Hit {
    /// Who lists it.
    pub source: SourceName,
    /// What is listed.
    #[serde(serialize_with = "as_text")]
    pub prefix: Prefix,
    /// What it touches.
    pub kind: GuardKind,
    /// The protected prefix.
    #[serde(serialize_with = "as_text")]
    pub guard: Prefix,
}

fn as_text<S: Serializer>(prefix: &Prefix, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(prefix)
}

/// All that is protected at one time, ready to be subtracted.
#[derive(Clone, Debug)]
pub struct Protected {
    guards: Vec<Guard>,
    /// Of each guard: the position of the nearest one before it that covers it, itself if there is none.
    parents: Vec<u32>,
    v4: Set<u32>,
    v6: Set<u128>,
    /// All that is not protected.
    free4: Set<u32>,
    free6: Set<u128>,
}

impl Default for Protected {
    fn default() -> Self {
        Self::new(Vec::new(), Time::from_unix(0))
    }
}

impl Protected {
    /// Those of `guards` that hold at `now`.
    pub fn new(mut guards: Vec<Guard>, now: Time) -> Self {
        guards.retain(|guard| guard.until.is_none_or(|until| until > now));
        guards.sort_unstable_by(|a, b| {
            let key = |guard: &Guard| (guard.prefix, guard.kind);
            let rest = |guard: &Guard| (guard.until.is_none(), guard.until);
            key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name)).then_with(|| rest(a).cmp(&rest(b)))
        });
        let parents = parents(&guards);
        let v4: Set<u32> = guards.iter().filter_map(|guard| guard.prefix.v4()).collect();
        let v6: Set<u128> = guards.iter().filter_map(|guard| guard.prefix.v6()).collect();
        let (free4, free6) = (all_but(&v4), all_but(&v6));
        Self { guards, parents, v4, v6, free4, free6 }
    }

    /// The guards that hold, by prefix and kind.
    pub fn guards(&self) -> &[Guard] {
        &self.guards
    }

    /// Their addresses.
    pub fn v4(&self) -> &Set<u32> {
        &self.v4
    }

    /// Their addresses.
    pub fn v6(&self) -> &Set<u128> {
        &self.v6
    }

    /// All other addresses.
    pub(super) fn free4(&self) -> &Set<u32> {
        &self.free4
    }

    /// All other addresses.
    pub(super) fn free6(&self) -> &Set<u128> {
        &self.free6
    }

    /// The guards that share an address with `prefix`, by prefix and kind.
    pub fn touching(&self, prefix: Prefix) -> impl Iterator<Item = &Guard> {
        let first = self.guards.partition_point(|guard| guard.prefix < prefix);
        // Prefixes nest, so what covers this one covers, or is, the last guard that comes before it.
        let mut covering = Vec::new();
        let mut at = first.checked_sub(1);
        while let Some(here) = at {
            if self.guards[here].prefix.covers(prefix) {
                covering.push(&self.guards[here]);
            }
            let parent = self.parents[here] as usize;
            at = (parent < here).then_some(parent);
        }
        let inside = self.guards[first..].iter().take_while(move |guard| prefix.covers(guard.prefix));
        covering.into_iter().rev().chain(inside)
    }

    /// Whether any address of `prefix` is protected.
    pub fn touches(&self, prefix: Prefix) -> bool {
        match prefix.split() {
            Either::V4(net) => self.v4.overlaps(net.into()),
            Either::V6(net) => self.v6.overlaps(net.into()),
        }
    }

    /// The prefixes that are left of `prefix`, in order: itself when nothing of it is protected.
    pub fn rest_of(&self, prefix: Prefix) -> Vec<Prefix> {
        fn rest<A: Address>(net: Net<A>, free: &Set<A>) -> Vec<Prefix>
        where
            Prefix: From<Net<A>>,
        {
            from(free.ranges(), net.first()).pieces(net).map(Prefix::from).collect()
        }
        match prefix.split() {
            Either::V4(net) => rest(net, &self.free4),
            Either::V6(net) => rest(net, &self.free6),
        }
    }

    /// The first moment at which one of the guards stops to hold.
    pub fn next_end(&self) -> Option<Time> {
        self.guards.iter().filter_map(|guard| guard.until).min()
    }

    /// The chunks that hold what is protected by one of the two and not by the other: those a change of guards can
    /// change, be it only the [`Hit`]s of them. A guard wider than a chunk touches every chunk it covers; `chunks` are
    /// those there are.
    pub fn changed_chunks(&self, other: &Self, chunks: &[ChunkKey]) -> Vec<ChunkKey> {
        // An address that one protects and the other does not lies in a guard that the other has not, so the guards
        // that differ say it all.
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for prefix in differing(&self.guards, &other.guards) {
            match prefix.split() {
                Either::V4(net) => v4.push(Range::from(net)),
                Either::V6(net) => v6.push(Range::from(net)),
            }
        }
        let (v4, v6) = (Set::from_ranges(v4), Set::from_ranges(v6));
        let differs = |chunk: &ChunkKey| match chunk.net().split() {
            Either::V4(net) => v4.overlaps(net.into()),
            Either::V6(net) => v6.overlaps(net.into()),
        };
        chunks.iter().copied().filter(differs).collect()
    }
}

/// The complement.
fn all_but<A: Address>(set: &Set<A>) -> Set<A> {
    Range::new(A::MIN, A::MAX).into_iter().collect::<Set<A>>().subtract(set)
}

/// Of each guard, the nearest before it that covers it; itself if there is none.
fn parents(guards: &[Guard]) -> Vec<u32> {
    let mut open: Vec<u32> = Vec::new();
    let mut parents = Vec::with_capacity(guards.len());
    for (guard, at) in guards.iter().zip(0u32..) {
        while open.last().is_some_and(|&outer| !guards[outer as usize].prefix.covers(guard.prefix)) {
            open.pop();
        }
        parents.push(open.last().copied().unwrap_or(at));
        open.push(at);
    }
    parents
}

/// The prefixes that one side protects for a reason for which the other does not; both are sorted.
fn differing(a: &[Guard], b: &[Guard]) -> Vec<Prefix> {
    let key = |guard: &Guard| (guard.prefix, guard.kind);
    let (mut a, mut b) = (a, b);
    let mut found = Vec::new();
    while let Some(next) = a.first().into_iter().chain(b.first()).map(key).min() {
        // Behind all of this key: names do not count.
        let here = |side: &[Guard]| side.iter().take_while(|guard| key(guard) == next).count();
        let (of_a, of_b) = (here(a), here(b));
        if (of_a == 0) != (of_b == 0) {
            found.push(next.0);
        }
        (a, b) = (&a[of_a..], &b[of_b..]);
    }
    found
}
