//! Who asks.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use serde_json::Value;
use store::{Role, SessionRow, UserName};

use super::Who;
use crate::api::problem::Problem;
use crate::api::reason::Reason;

/// What has to be done before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pending {
    /// A one-time code is still to come.
    Code,
    /// The password was set by somebody else.
    Password,
    /// This firm asks everybody of this role for one-time codes, and there is none yet.
    Enrol,
}

impl Pending {
    /// The page where it is done.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Code => "/login/code",
            Self::Password => "/password",
            Self::Enrol => "/account/code",
        }
    }

    /// What has to be done, for programs.
    pub(crate) fn what(self) -> &'static str {
        match self {
            Self::Code => "a one-time code is still to come: POST /api/v1/session/code",
            Self::Password => {
                "this password is good for one thing, to set another: POST /api/v1/session/password"
            }
            Self::Enrol => {
                "this account has to set up one-time codes first: on the page /account/code, or POST /api/v1/session/code/setup"
            }
        }
    }
}

/// How it is known who asks.
#[derive(Clone, Debug)]
pub(crate) enum Known {
    /// A program on this machine, that shows nothing: the configuration says what it may.
    Local,
    /// A token.
    Token {
        /// Its name.
        token: Box<str>,
        /// Whose it is.
        user: UserName,
    },
    /// A browser, or a program that signed in.
    Session {
        /// Whose.
        user: UserName,
        /// The session.
        row: Box<SessionRow>,
        /// What forms bring back.
        form_token: Box<str>,
        /// How the pages look to them.
        preferences: Value,
        /// Whether one-time codes are asked for.
        totp: bool,
    },
}

/// Somebody who may do something.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// How it is known.
    pub known: Known,
    /// What they may do.
    pub role: Role,
    /// From where.
    pub address: Option<IpAddr>,
    /// What has to be done first.
    pub pending: Option<Pending>,
}

impl Identity {
    /// The account; none for a program on this machine.
    pub(crate) fn user(&self) -> Option<&UserName> {
        match &self.known {
            Known::Local => None,
            Known::Token { user, .. } | Known::Session { user, .. } => Some(user),
        }
    }

    /// The session, for what only people who signed in can do.
    pub(crate) fn session(&self) -> Option<&SessionRow> {
        match &self.known {
            Known::Session { row, .. } => Some(row),
            _ => None,
        }
    }

    /// Account and session of somebody who signed in, with the code where one is asked for: the password alone must not
    /// change what opens the account.
    pub(crate) fn past_code(&self) -> Result<(&UserName, &SessionRow), Problem> {
        let Known::Session { user, row, .. } = &self.known else {
            let problem = Problem::forbidden("only somebody who signed in does this, for their own account");
            return Err(problem.because(Reason::OwnAccount));
        };
        if row.waits_for_code { Err(Problem::forbidden(Pending::Code.what())) } else { Ok((user, row)) }
    }

    /// Whether they may do what this role may.
    pub(crate) fn may(&self, role: Role) -> bool {
        self.pending.is_none() && self.role >= role
    }

    /// The same, or the problem that they may not.
    pub(crate) fn require(&self, role: Role) -> Result<(), Problem> {
        if self.may(role) { Ok(()) } else { Err(Problem::role(role)) }
    }

    /// For the record. An account speaks for itself: a `by` is only taken from a program on this machine and from a token,
    /// whose own name then stands beside it.
    pub(crate) fn who(&self, by: Option<&str>, note: Option<&str>) -> Result<Who, Problem> {
        Who::new(self, by, note)
    }

    /// For a decision that may need two people: the person alone, whichever way that one came.
    pub(crate) fn person(&self, by: Option<&str>, note: Option<&str>) -> Result<Who, Problem> {
        match &self.known {
            Known::Token { user, .. } => Who::person(self, user, by, note),
            Known::Local | Known::Session { .. } => Who::new(self, by, note)?.named(),
        }
    }

    /// The same, without anything that the request says.
    pub(crate) fn plain(&self) -> Who {
        Who::plain(self)
    }
}

/// The guard has put it there: without one, a route that asks for it was never reached.
impl<S: Sync> FromRequestParts<S> for Identity {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let found = parts.extensions.get::<Self>().cloned();
        found.ok_or_else(|| Problem::unauthorized("sign in, or send a token").because(Reason::SignIn))
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Identity {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}
