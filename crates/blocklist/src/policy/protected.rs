//! What must never be served, whoever lists it: the firm's own networks, its consumers, its allow entries, known-good lists.

use prefix::{Prefix, Set};
use serde::{Deserialize, Serialize};

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
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hit {
    /// Who lists it.
    pub source: SourceName,
    /// What is listed.
    pub prefix: Prefix,
    /// What it touches.
    pub kind: GuardKind,
    /// The protected prefix.
    pub guard: Prefix,
}

/// All that is protected at one time, ready to be subtracted.
#[derive(Clone, Debug, Default)]
pub struct Protected {
    guards: Vec<Guard>,
    v4: Set<u32>,
    v6: Set<u128>,
}

impl Protected {
    /// Those of `guards` that hold at `now`.
    pub fn new(guards: Vec<Guard>, now: Time) -> Self {
        let _ = (guards, now, (Set::<u32>::new(), Set::<u128>::new()));
        todo!()
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

    /// The guards that share an address with `prefix`, by prefix and kind.
    pub fn touching(&self, prefix: Prefix) -> impl Iterator<Item = &Guard> {
        let _ = prefix;
        self.guards.iter().filter(|_| todo!())
    }

    /// Whether any address of `prefix` is protected.
    pub fn touches(&self, prefix: Prefix) -> bool {
        let _ = prefix;
        todo!()
    }

    /// The prefixes that are left of `prefix`, in order: itself when nothing of it is protected.
    pub fn rest_of(&self, prefix: Prefix) -> Vec<Prefix> {
        let _ = prefix;
        todo!()
    }

    /// The first moment at which one of the guards stops to hold.
    pub fn next_end(&self) -> Option<Time> {
        todo!()
    }

    /// The chunks that hold what is protected by one of the two and not by the other: those a change of guards can
    /// change. A guard wider than a chunk touches every chunk it covers; `chunks` are those there are.
    pub fn changed_chunks(&self, other: &Self, chunks: &[ChunkKey]) -> Vec<ChunkKey> {
        let _ = (other, chunks);
        todo!()
    }
}
