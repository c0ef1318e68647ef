//! Policy and limits of the gate: read, tried, changed. A change publishes at once.

use blocklist::gate::GateRules;
use blocklist::policy::Policy;
use rusqlite::{Connection, OptionalExtension, Transaction};
use serde_json::json;

use super::history::put;
use super::{Store, audit, dirty};
use crate::{Actor, Error, Preview, Published, Result};

/// The keys under which policy and gate are kept, as JSON.
const POLICY: &str = "policy";
const GATE: &str = "gate";

impl Store {
    /// The policy.
    pub fn policy(&self) -> Result<Policy> {
        self.read(policy)
    }

    /// The limits of the gate.
    pub fn gate(&self) -> Result<GateRules> {
        self.read(gate_rules)
    }

    /// Changes the policy, and publishes what follows.
    pub fn set_policy(&self, new: &Policy, actor: &Actor<'_>) -> Result<Published> {
        self.change(|transaction| self.put_policy(transaction, new, actor)).map(|((), published)| published)
    }

    /// What [`Self::set_policy`] would add and remove.
    pub fn preview_policy(&self, new: &Policy) -> Result<Preview> {
        self.preview_change(|transaction| self.put_policy(transaction, new, &Actor::NOBODY))
            .map(|((), preview)| preview)
    }

    /// Changes the limits of the gate, and judges what is held by them.
    pub fn set_gate(&self, new: &GateRules, actor: &Actor<'_>) -> Result<Published> {
        let changed = self.change(|transaction| {
            let before = json!(gate_rules(transaction)?);
            let after = json!(new);
            put(transaction, GATE, &after.to_string(), self.now())?;
            audit::write(transaction, self.now(), actor, "gate.set", GATE, Some(&before), Some(&after))
        });
        changed.map(|((), published)| published)
    }

    fn put_policy(&self, transaction: &Transaction<'_>, new: &Policy, actor: &Actor<'_>) -> Result<()> {
        let before = json!(policy(transaction)?);
        let after = serde_json::to_value(new).map_err(|_| Error::Corrupt { what: "a policy" })?;
        put(transaction, POLICY, &after.to_string(), self.now())?;
        dirty::mark_all(transaction)?;
        audit::write(transaction, self.now(), actor, "policy.set", POLICY, Some(&before), Some(&after))
    }
}

/// A setting that is kept as JSON; its default when it was never set. One that cannot be read stops everything: a policy
/// that is guessed could serve what it forbids.
pub(super) fn json_setting<T: serde::de::DeserializeOwned + Default>(
    connection: &Connection,
    key: &str,
    what: &'static str,
) -> Result<T> {
    let text: Option<String> = connection
        .prepare_cached("SELECT value FROM settings WHERE key = ?")
        .and_then(|mut statement| statement.query_row([key], |row| row.get(0)).optional())
        .map_err(Error::database("cannot read a setting"))?;
    match text {
        Some(text) => serde_json::from_str(&text).map_err(|_| Error::Corrupt { what }),
        None => Ok(T::default()),
    }
}

pub(super) fn policy(connection: &Connection) -> Result<Policy> {
    json_setting(connection, POLICY, "a policy")
}

pub(super) fn gate_rules(connection: &Connection) -> Result<GateRules> {
    json_setting(connection, GATE, "rules of the gate")
}
