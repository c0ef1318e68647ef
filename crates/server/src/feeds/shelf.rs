//! Where finished bodies stand, within a budget.
//!
//! Two requests never build the same body: the first to ask makes the slot, the rest wait for it. Over the budget the
//! slots that nobody asked for the longest go, except the one that was just built: a body larger than the whole budget
//! is served all the same.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use blocklist::Time;
use tokio::sync::OnceCell;

use super::body::Body;
use super::query::Variant;

/// What a slot takes beside the bytes, about: it bounds how many small bodies are kept.
const SLOT_BYTES: usize = 2_048;

/// The place of one body.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    /// The body, once it is built.
    pub(crate) body: OnceCell<Arc<Body>>,
    /// When it was last asked for, in seconds since 1970.
    asked_at: AtomicI64,
}

/// Bodies within a budget of bytes.
#[derive(Debug)]
pub(crate) struct Shelf {
    budget: usize,
    slots: RwLock<HashMap<Variant, Arc<Slot>>>,
}

impl Shelf {
    /// An empty one that holds so many bytes.
    pub(crate) fn new(budget: usize) -> Self {
        Self { budget, slots: RwLock::default() }
    }

    /// The slot of a variant, made when there is none, and marked as asked for.
    pub(crate) fn slot(&self, variant: &Variant, now: Time) -> Arc<Slot> {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        let found = slots.get(variant).map(Arc::clone);
        drop(slots);
        let slot = found.unwrap_or_else(|| {
            let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(variant.clone()).or_default())
        });
        slot.asked_at.fetch_max(now.unix(), Ordering::Relaxed);
        slot
    }

    /// Takes away a slot whose body could not be built.
    pub(crate) fn forget(&self, variant: &Variant) {
        self.slots.write().unwrap_or_else(PoisonError::into_inner).remove(variant);
    }

    /// Brings the shelf under its budget after `newest` was built. Down to three quarters, so that a long row of new
    /// bodies does not sort the shelf for each of them.
    pub(crate) fn tidy(&self, newest: &Variant) {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let mut total: usize = slots.values().map(|slot| size(slot)).sum();
        if total <= self.budget {
            return;
        }
        let mut by_age: Vec<(i64, Variant, usize)> = slots
            .iter()
            // What is being built is asked for right now.
            .filter(|(variant, slot)| *variant != newest && slot.body.initialized())
            .map(|(variant, slot)| (slot.asked_at.load(Ordering::Relaxed), variant.clone(), size(slot)))
            .collect();
        by_age.sort_unstable_by_key(|(asked_at, _, size)| (*asked_at, *size));
        for (_, variant, size) in by_age {
            if total <= self.budget / 4 * 3 {
                break;
            }
            slots.remove(&variant);
            total -= size;
        }
    }

    /// A body that is built, of a variant that fits. Nothing is marked as asked for.
    pub(crate) fn built(&self, fits: impl Fn(&Variant) -> bool) -> Option<Arc<Body>> {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        slots.iter().filter(|(variant, _)| fits(variant)).find_map(|(_, slot)| slot.body.get().cloned())
    }

    /// The variants that were asked for since `since` and when, the latest first.
    pub(crate) fn asked_since(&self, since: Time) -> Vec<(Variant, Time)> {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        let mut asked: Vec<(Variant, Time)> = slots
            .iter()
            .map(|(variant, slot)| (variant.clone(), Time::from_unix(slot.asked_at.load(Ordering::Relaxed))))
            .filter(|&(_, at)| at >= since)
            .collect();
        asked.sort_unstable_by_key(|&(_, at)| std::cmp::Reverse(at));
        asked
    }

    #[cfg(test)]
    pub(crate) fn bytes(&self) -> usize {
        self.slots.read().unwrap().values().map(|slot| size(slot)).sum()
    }
}

fn size(slot: &Slot) -> usize {
    SLOT_BYTES + slot.body.get().map_or(0, |body| body.bytes.len())
}
