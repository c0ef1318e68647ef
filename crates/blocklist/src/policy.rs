//! The rules that turn active listings into the block list.

use prefix::Rules;

use crate::{Listing, Time};

/// The first policy: what ended is out, special space never passes.
///
/// Special space was refused on the way in already. It is judged again here because a listing may have been kept under
/// other rules (the documentation networks can be allowed by a setting), and because this is the last door.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Which prefixes are admitted at all.
    pub rules: Rules,
}

impl Policy {
    /// Whether an active listing is in the block list at `now`.
    #[inline]
    pub fn admits(&self, listing: &Listing, now: Time) -> bool {
        !listing.has_ended(now) && self.rules.admit(listing.prefix).is_ok()
    }

    /// Leaves what is in the block list at `now`.
    pub fn apply(&self, listings: &mut Vec<Listing>, now: Time) {
        listings.retain(|listing| self.admits(listing, now));
    }
}
