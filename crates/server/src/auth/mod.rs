//! Who may do what: accounts, sessions, tokens, and the table of rights.
//!
//! ```text
//! request -> guard: what does the route need? (rights)
//!         -> enter: a token, a cookie, or a program on this machine -> Identity
//!         -> role, pending work, and for cookies the form token -> handler, with Identity in hand
//! ```
//!
//! **Failure.** Nobody is let in because something is broken: a store that cannot answer is 503. Sessions and tokens are asked
//! of the store for each request, so that what was taken back is taken back at once, whichever process did it.

mod code;
mod common;
mod cookie;
mod enrol;
mod enter;
mod give;
mod identity;
mod password;
mod prove;
mod rights;
mod secret;
mod settings;
mod sign_in;
mod who;

use collect::vault::Binding;
use store::{TOTP_TABLE, TOTP_VERSION, UserName};

pub(crate) use cookie::{NAME as COOKIE_NAME, clear as clear_cookie, set as set_cookie};
pub(crate) use enrol::Drawn;
pub(crate) use enter::agent;
pub(crate) use give::Given;
pub(crate) use identity::{Identity, Known, Pending};
pub use password::{DEFAULT_LENGTH, HashError, Passwords, SHORTEST, Weak, check as check_password};
pub(crate) use rights::{FILE_BY_API, Need, QUESTIONS, RIGHTS, need, writes};
pub(crate) use secret::session as session_secret;
pub use secret::{hash as hash_secret, one_time_password, token as new_token};
pub use settings::{AccountRules, AskCodes};
pub(crate) use sign_in::{NotIn, Place};
pub(crate) use who::Who;

/// Where the sealed secret of somebody's one-time codes belongs.
pub fn binding(user: &UserName) -> Binding<'_> {
    Binding { table: TOTP_TABLE, owner: user.as_str(), version: TOTP_VERSION }
}
