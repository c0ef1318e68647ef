//! The two member portals, one directory each.
//!
//! A portal is not an API: it is a page made for people, and behind it stands an account that five wrong passwords lock.
//! So both clients keep to the same rules:
//!
//! - **Nothing is sent to a page that looks different** from the one that is known ([`Trouble::FormChanged`]).
//! - **A login goes through [`Account`] alone**, which writes down the attempt before it is sent and refuses a second one
//!   that could fail: at most one rejected login for each version of a credential.
//! - **A session is used again** until shortly before its end, sealed in the store between runs, and renewed at most once
//!   in a run.
//! - **What comes is compared** with what the portal itself counts and with what it sent before; when they disagree,
//!   nothing changes.

mod account;
mod cookies;
mod page;
pub(crate) mod regtech;
pub(crate) mod secudium;
mod session;

pub(crate) use account::{Account, By, CREDENTIALS};
pub(crate) use session::Session;

use blocklist::{Clock, Time};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use url::Url;

use crate::fetch::Network;
use crate::source::Settings;
use crate::{Failure, Options, Trouble};

/// What a portal client works with in one run.
pub(crate) struct Desk<'a> {
    pub(crate) network: &'a Network,
    pub(crate) settings: &'a Settings,
    pub(crate) account: &'a Account<'a>,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) options: &'a Options,
    /// Told what is being done, for whoever watches.
    pub(crate) step: &'a (dyn Fn(crate::collector::Step) + Send + Sync),
}

impl Desk<'_> {
    /// The address of a path of the portal.
    pub(crate) fn address(&self, path: &str) -> Result<Url, Failure> {
        let base = self.settings.url.as_ref().ok_or_else(|| Failure::new(Trouble::Settings).with("url"))?;
        base.join(path).map_err(|error| Failure::new(Trouble::Settings).with("url").because(error))
    }

    /// The portal's origin, as a browser would send it.
    pub(crate) fn origin(&self) -> Result<String, Failure> {
        Ok(self.address("/")?.origin().ascii_serialization())
    }

    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }
}

/// The day it is in Seoul, where both portals are.
pub(crate) fn day_in_seoul(now: Time) -> Date {
    let stamp = jiff::Timestamp::from_second(now.unix()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    stamp.to_zoned(TimeZone::fixed(blocklist::time::SEOUL)).date()
}
