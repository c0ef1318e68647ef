//! Which faults are on, and for what.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::{Fault, Portal};

/// The part of a portal that a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Pages and steps of the login, and the end of a session.
    Login,
    /// Lists, boards and files.
    Data,
}

/// For what a fault is on. Everything that is not said is not limited.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rule {
    /// How often it strikes before it is off.
    pub times: Option<u32>,
    /// How many requests that it could strike it lets go first.
    pub after: u32,
    /// The only portal that it strikes.
    pub portal: Option<Portal>,
    /// The only part that it strikes.
    pub part: Option<Part>,
}

/// The faults that are on. They may change while requests are answered.
#[derive(Debug, Default)]
pub struct Switches {
    on: Mutex<BTreeMap<Fault, Rule>>,
}

impl Switches {
    /// Turns a fault on until it is turned off.
    pub fn on(&self, fault: Fault) {
        self.set(fault, Rule::default());
    }

    /// Turns a fault on for the next `times` requests that it can strike.
    pub fn on_for(&self, fault: Fault, times: u32) {
        self.set(fault, Rule { times: Some(times), ..Rule::default() });
    }

    /// Turns a fault on with a rule.
    pub fn set(&self, fault: Fault, rule: Rule) {
        self.lock().insert(fault, rule);
    }

    /// Turns a fault off.
    pub fn off(&self, fault: Fault) {
        self.lock().remove(&fault);
    }

    /// Turns all faults off.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The faults that are on, each with what is left of its rule.
    pub fn all(&self) -> BTreeMap<Fault, Rule> {
        self.lock().clone()
    }

    /// Whether a fault strikes here, now. A strike counts. Without a part, a rule for any part fits: a hello of TLS belongs
    /// to none yet.
    pub(crate) fn strikes(&self, fault: Fault, portal: Portal, part: Option<Part>) -> bool {
        let mut on = self.lock();
        let Some(rule) = on.get_mut(&fault) else { return false };
        if !fault.portals().covers(portal)
            || rule.portal.is_some_and(|only| only != portal)
            || rule.part.is_some_and(|only| part.is_some_and(|part| only != part))
        {
            return false;
        }
        if rule.after > 0 {
            rule.after -= 1;
            return false;
        }
        let Some(times) = rule.times.as_mut() else { return true };
        let strikes = *times > 0;
        *times = times.saturating_sub(1);
        if *times == 0 {
            on.remove(&fault);
        }
        strikes
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Fault, Rule>> {
        self.on.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
