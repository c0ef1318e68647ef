//! Whether somebody left the first steps of a new house. Which of them are done nobody keeps: what they make says so itself.

use serde_json::json;

use super::history::put;
use super::policy::json_setting;
use super::{Store, audit};
use crate::{Actor, Result};

/// The key under which it is kept.
const KEY: &str = "first_steps.left";

impl Store {
    /// Whether somebody left them.
    pub fn first_steps_left(&self) -> Result<bool> {
        self.read(|connection| json_setting(connection, KEY, "whether the first steps were left"))
    }

    /// Leaves them: nobody is led to them any more.
    pub fn leave_first_steps(&self, actor: &Actor<'_>) -> Result<()> {
        self.change_accounts(|transaction, now| {
            put(transaction, KEY, "true", now)?;
            audit::write(transaction, now, actor, "first_steps.leave", "-", None, Some(&json!(true)))
        })
    }
}
