//! Accounts, sessions, tokens, and tries to come in.

use utoipa::ToSchema;

/// An account of a person, without anything that opens it.
#[derive(ToSchema)]
pub(crate) struct User {
    /// Its name.
    pub name: String,
    /// What it may do: `viewer`, `operator` or `admin`.
    pub role: String,
    /// Whether it opens nothing but the way to another password.
    pub must_change: bool,
    /// When the password was set; RFC 3339, UTC.
    pub password_at: String,
    /// The first moment at which a one-time password is no longer good.
    pub password_until: Option<String>,
    /// Whether one-time codes are asked for.
    pub totp: bool,
    /// Recovery codes that were not used.
    pub recovery_codes: u64,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// By whom.
    pub created_by: String,
    /// When it last came in.
    pub last_login_at: Option<String>,
    /// When it was closed; `null` when it is open.
    pub disabled_at: Option<String>,
    /// Until when it is locked for those who are not known, if it is now.
    pub locked_until: Option<String>,
}

/// A session, without its cookie.
#[derive(ToSchema)]
pub(crate) struct SessionEntry {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub user: String,
    /// Whether a one-time code is still to come.
    pub waits_for_code: bool,
    /// When it began; RFC 3339, UTC.
    pub created_at: String,
    /// When it was last used, to the minute.
    pub seen_at: String,
    /// When it is over, whatever is done.
    pub ends_at: String,
    /// When the password was last typed.
    pub proved_at: String,
    /// From where it began.
    pub address: Option<String>,
    /// With which program.
    pub agent: Option<String>,
    /// Whether it is the one that asks.
    pub own: bool,
}

/// A token, without the token.
#[derive(ToSchema)]
pub(crate) struct Token {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its first characters.
    pub hint: String,
    /// What it may do at most: `viewer`, `operator` or `admin`.
    pub role: String,
    /// Whose it is.
    pub user: String,
    /// From where it is good; empty is from anywhere.
    pub sources: Vec<String>,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// By whom.
    pub created_by: String,
    /// The first moment at which it is no longer good.
    pub until: Option<String>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<String>,
    /// From where.
    pub last_address: Option<String>,
    /// When it was taken back.
    pub revoked_at: Option<String>,
    /// By whom.
    pub revoked_by: Option<String>,
}

/// Tries to come in: the same within a minute is one.
#[derive(ToSchema)]
pub(crate) struct AttemptEntry {
    /// Its number.
    pub id: i64,
    /// When the first was; RFC 3339, UTC.
    pub at: String,
    /// When the last was.
    pub last_at: String,
    /// How many.
    pub count: u64,
    /// Where: `page`, `api`, `feed` or `command`.
    pub face: String,
    /// With what: `password`, `code`, `recovery`, `session`, `token`, `secret`, or `unlock`.
    pub kind: String,
    /// By whom; `null` where nobody is known by it. What was typed is not kept.
    pub account: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// `ok`, `wrong`, `locked`, `disabled`, `expired`, `place` or `forbidden`.
    pub result: String,
    /// With which program.
    pub agent: Option<String>,
}

/// A counter of failures.
#[derive(ToSchema)]
pub(crate) struct Lock {
    /// `account`, `address`, or `pair`: an account at one place.
    pub kind: String,
    /// Which; a pair is the name, a space and the place. `?` and a number stands for names that nobody has.
    pub key: String,
    /// Failures that count.
    pub failures: u64,
    /// When the last was; RFC 3339, UTC.
    pub last_at: String,
    /// The first moment at which another try is heard; `null` when it is heard now.
    pub until: Option<String>,
}

/// Whether the record of changes is whole.
#[derive(ToSchema)]
pub(crate) struct Chain {
    /// `whole` or `broken`.
    pub state: String,
    /// When whole: how many entries were looked at.
    pub entries: Option<u64>,
    /// When whole: entries older than the chain, which nothing guards.
    pub before: Option<u64>,
    /// When broken: the first entry that does not fit.
    pub id: Option<i64>,
    /// When broken: in what way.
    pub what: Option<String>,
}
