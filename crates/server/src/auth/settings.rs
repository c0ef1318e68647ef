//! What the configuration says of accounts.

use std::time::Duration;

use store::Role;

use super::password::DEFAULT_LENGTH;

/// Whom one-time codes are asked of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AskCodes {
    /// Of those who set them up.
    #[default]
    Own,
    /// Of every admin.
    Admins,
    /// Of everybody.
    All,
}

/// The rules of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRules {
    /// What a program on this machine may do that shows no credential; `None` is nothing.
    pub local_role: Option<Role>,
    /// How long a session lasts that nobody uses.
    pub idle: Duration,
    /// How long a session lasts at all.
    pub longest: Duration,
    /// The shortest password, in characters.
    pub password_length: usize,
    /// Whom one-time codes are asked of.
    pub codes: AskCodes,
    /// Whether other machines may sign in, and send tokens, over a connection that everybody on the way can read.
    pub unencrypted: bool,
}

impl Default for AccountRules {
    fn default() -> Self {
        Self {
            local_role: Some(Role::Viewer),
            idle: Duration::from_mins(30),
            longest: Duration::from_hours(12),
            password_length: DEFAULT_LENGTH,
            codes: AskCodes::Own,
            unencrypted: false,
        }
    }
}

impl AccountRules {
    /// Whether somebody of this role has to have one-time codes.
    pub(crate) fn asks_codes_of(&self, role: Role) -> bool {
        match self.codes {
            AskCodes::Own => false,
            AskCodes::Admins => role == Role::Admin,
            AskCodes::All => true,
        }
    }
}
