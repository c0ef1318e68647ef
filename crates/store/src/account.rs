//! Accounts as they are kept: people, who is signed in, tokens of programs.

use std::fmt::{self, Display, Formatter};
use std::net::IpAddr;
use std::str::FromStr;

use blocklist::{Hash, Time};
use prefix::Prefix;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Sealed;

/// To what the secret of one-time codes is sealed, beside the name of the account: as if this were its table.
pub const TOTP_TABLE: &str = "users.totp";
/// And this its version. A secret that is drawn keeps its seal when it is confirmed, so there is no other.
pub const TOTP_VERSION: u32 = 1;

/// What somebody may do; each may do what those before may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks.
    Viewer,
    /// Decides on listings, allow entries, held candidates; starts runs.
    Operator,
    /// Sets up: sources, credentials, feeds, consumers, policy, accounts.
    Admin,
}

impl Role {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Operator, Self::Admin];

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Admin => "admin",
        }
    }
}

impl Display for Role {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No such role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a role is 'viewer', 'operator' or 'admin'")]
pub struct BadRole;

impl FromStr for Role {
    type Err = BadRole;

    fn from_str(text: &str) -> Result<Self, BadRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(BadRole)
    }
}

/// The name of an account: what is typed to sign in. Lower case, 1 to 63 of `a-z 0-9 . _ -`, a letter or digit first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct UserName(Box<str>);

impl UserName {
    /// The account that the first start makes.
    pub const FIRST: &'static str = "admin";

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for UserName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is no name of an account. It is not kept: it could be a password in the wrong field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name is 1 to 63 letters a-z, digits, '.', '_' or '-', a letter or digit first")]
pub struct BadUserName;

impl FromStr for UserName {
    type Err = BadUserName;

    /// Capitals are taken for small letters.
    fn from_str(text: &str) -> Result<Self, BadUserName> {
        let text = text.trim().to_ascii_lowercase();
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let sound = text.starts_with(letter)
            && text.len() <= 63
            && text.chars().all(|c| letter(c) || ['.', '_', '-'].contains(&c));
        if sound { Ok(Self(text.into())) } else { Err(BadUserName) }
    }
}

/// An account's number in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub i64);

/// A session's number in the store. Not what the cookie holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub i64);

/// A token's number in the store. Not the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenId(pub i64);

/// An account, without anything that opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UserRow {
    /// Its number.
    #[serde(skip)]
    pub id: UserId,
    /// Its name.
    pub name: UserName,
    /// What it may do.
    pub role: Role,
    /// Whether it opens nothing but the page that changes the password.
    pub must_change: bool,
    /// When the password was set.
    pub password_at: Time,
    /// The first second at which a one-time password is no longer good.
    pub password_until: Option<Time>,
    /// Whether one-time codes are asked for.
    pub totp: bool,
    /// Recovery codes that were not used.
    pub recovery_codes: u64,
    /// How the pages look to it; the store does not look into it.
    #[serde(skip)]
    pub preferences: Value,
    /// When it was made.
    pub created_at: Time,
    /// By whom.
    pub created_by: String,
    /// When it last came in.
    pub last_login_at: Option<Time>,
    /// When it was closed.
    pub disabled_at: Option<Time>,
    /// Until when it is locked for those who are not known, if it is now.
    pub locked_until: Option<Time>,
}

/// What opens an account, for whoever checks it. Never shown.
#[derive(Clone, Debug)]
pub struct UserKeys {
    /// The account.
    pub row: UserRow,
    /// The password: a PHC string.
    pub password: secrecy::SecretString,
    /// The sealed secret of one-time codes, if codes are asked for.
    pub totp: Option<Sealed>,
    /// A secret that was drawn and not proved yet.
    pub totp_pending: Option<Sealed>,
}

/// What is to be changed of an account; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserChange {
    /// What it may do.
    pub role: Option<Role>,
    /// Whether it is closed. Closing ends its sessions and tokens.
    pub disabled: Option<bool>,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SessionRow {
    /// Its number.
    pub id: SessionId,
    /// Whose.
    pub user: UserName,
    /// Whether a one-time code is still to come.
    pub waits_for_code: bool,
    /// When it began.
    pub created_at: Time,
    /// When it was last used, to the minute.
    pub seen_at: Time,
    /// The first second at which it is over, whatever is done.
    pub ends_at: Time,
    /// When the password was last typed.
    pub proved_at: Time,
    /// From where it began.
    pub address: Option<IpAddr>,
    /// With which program.
    pub agent: Option<String>,
}

/// A token of a program, without the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenRow {
    /// Its number.
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// Its first characters.
    pub hint: String,
    /// What it may do at most.
    pub role: Role,
    /// Whose it is.
    pub user: UserName,
    /// From where it is good; empty is from anywhere.
    pub sources: Vec<String>,
    /// When it was made.
    pub created_at: Time,
    /// By whom.
    pub created_by: String,
    /// The first second at which it is no longer good.
    pub until: Option<Time>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Time>,
    /// From where.
    pub last_address: Option<IpAddr>,
    /// When it was taken back.
    pub revoked_at: Option<Time>,
    /// By whom.
    pub revoked_by: Option<String>,
}

/// A token to be made. `hash` is the SHA-256 of the token.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Its name: 1 to 63 characters, unlike those of other tokens that hold.
    pub name: String,
    /// The hash of the token.
    pub hash: Hash,
    /// Its first characters.
    pub hint: String,
    /// What it may do at most.
    pub role: Role,
    /// Whose it is.
    pub user: UserName,
    /// From where it is good; empty is from anywhere.
    pub sources: Vec<Prefix>,
    /// The first second at which it is no longer good.
    pub until: Option<Time>,
}
