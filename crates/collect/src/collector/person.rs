//! What a person does at an account: try the credential, type a one-time code, paste a session.
//!
//! Each ends what only a person can end: when it succeeds, the source's condition is gone and its timetable goes on.

use blocklist::{SourceName, Time};
use secrecy::SecretString;
use serde::Serialize;
use store::Claim;

use super::fetching::Fetched;
use super::{CollectError, Collector, KeyError, Misfit, Order, Source, Watch};
use crate::portals::{Account, By, Desk, day_in_seoul, regtech, secudium};
use crate::source::{Kind, SourceState};
use crate::vault::Vault;
use crate::{Failure, Options, Trouble};

/// How long REGTECH waits for a one-time code, in seconds.
const CODE: i64 = 180;
/// A portal is asked for the rows of so many days, to see that the login is good for something.
const LOOK_BACK: i64 = 7;

/// The one-time code or the value of a session, as a person typed it.
#[derive(Debug)]
pub enum Word<'a> {
    /// Have the code sent. SECUDIUM needs no such thing.
    Send,
    /// The code.
    Code(&'a SecretString),
    /// A browser's session.
    Session(&'a SecretString),
}

/// What a credential is good for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Of which source.
    pub source: SourceName,
    /// The code is on its way; nothing else is verified yet.
    pub code_sent: bool,
    /// How many rows could be seen: at a portal those of the last week, else those of the content.
    pub rows: Option<u64>,
    /// When the session ends, where there is one and it says so.
    pub session_until: Option<Time>,
}

impl Collector {
    /// One real login, or one real read where there is no login, on a person's word.
    pub async fn verify(
        &self,
        name: &SourceName,
        watch: Watch<'_>,
    ) -> Result<Result<Verified, Failure>, CollectError> {
        let _claim = self.claim(name)?;
        let source = self.source(name)?;
        let tried = match source.kind {
            Kind::Regtech | Kind::Secudium => self.log_in(&source, None, watch).await,
            Kind::File | Kind::Manual => return Err(CollectError::NotFetched(name.clone())),
            _ => self.read_once(&source, watch).await,
        };
        self.after_person(&source, tried)
    }

    /// A one-time code, or a session from a browser.
    pub async fn word(
        &self,
        name: &SourceName,
        word: Word<'_>,
        watch: Watch<'_>,
    ) -> Result<Result<Verified, Failure>, CollectError> {
        let _claim = self.claim(name)?;
        let source = self.source(name)?;
        if !matches!(source.kind, Kind::Regtech | Kind::Secudium) {
            return Err(Misfit::NoPortal(name.clone()).into());
        }
        let tried = self.log_in(&source, Some(word), watch).await;
        self.after_person(&source, tried)
    }

    /// Whether a one-time code has been sent and is still waited for.
    pub fn waits_for_code(&self, name: &SourceName) -> Result<bool, KeyError> {
        let source = self.source(name)?;
        let vault = self.vault()?;
        // What keeps the session from being read is told by whatever is tried next.
        Ok(matches!(self.account(&vault, &source, By::Person).pending(), Ok(Some(_))))
    }

    /// Logs in, or takes what the person brought, and looks whether rows can be seen.
    async fn log_in(
        &self,
        source: &Source,
        word: Option<Word<'_>>,
        watch: Watch<'_>,
    ) -> Result<Verified, Failure> {
        let vault = self.vault()?;
        let account = self.account(&vault, source, By::Person);
        let options = self.options(source);
        let desk = self.desk(source, &account, &options, watch);
        let mut verified =
            Verified { source: source.name.clone(), code_sent: false, rows: None, session_until: None };
        let pasted = matches!(word, Some(Word::Session(_)));
        let session = match (source.kind, word) {
            (Kind::Regtech, None) => {
                // The new session takes the place of the one that is kept, which would else stay open.
                self.log_out(source, watch).await;
                regtech::log_in(&desk).await?
            }
            (Kind::Regtech, Some(Word::Send)) => {
                let session = regtech::send_otp(&desk).await?.waiting(self.now().plus_seconds(CODE));
                account.keep(&session)?;
                verified.code_sent = true;
                verified.session_until = session.expires_at;
                return Ok(verified);
            }
            (Kind::Regtech, Some(Word::Code(code))) => {
                let waiting = account.pending()?;
                let waiting = waiting.ok_or_else(|| {
                    Failure::new(Trouble::OtpNeeded)
                        .with("no code is under way, or its time is over: have one sent")
                })?;
                regtech::confirm_otp(&desk, waiting.waited(), code).await?
            }
            (Kind::Regtech, Some(Word::Session(value))) => regtech::pasted(value, self.now())?,
            (_, None) => secudium::log_in(&desk, None).await?,
            (_, Some(Word::Code(code))) => secudium::log_in(&desk, Some(code)).await?,
            (_, Some(Word::Session(value))) => secudium::pasted(value)?,
            (_, Some(Word::Send)) => {
                return Err(Failure::new(Trouble::OtpNeeded)
                    .with("SECUDIUM sends no code: take it from your generator"));
            }
        };
        let today = day_in_seoul(self.now());
        let window = (day_in_seoul(self.now().plus_seconds(-LOOK_BACK * 86_400)), today);
        let counted = match source.kind {
            Kind::Regtech => regtech::count(&desk, &session, window).await,
            _ => secudium::count(&desk, &session, window).await,
        };
        verified.rows = Some(counted.map_err(|failure| match failure.trouble {
            Trouble::SessionLost if pasted => {
                Failure::new(Trouble::SessionNotTaken).with("the portal does not know it")
            }
            _ => failure,
        })?);
        verified.session_until = session.expires_at;
        account.keep(&session)?;
        Ok(verified)
    }

    /// Fetches and reads once, and changes nothing.
    async fn read_once(&self, source: &Source, watch: Watch<'_>) -> Result<Verified, Failure> {
        let order = Order { dry_run: true, ..Order::by_person() };
        let fetched =
            self.fetch(source, &order, self.now(), watch).await.map_err(|unfetched| unfetched.failure)?;
        let rows = match &fetched {
            Fetched::Taken(taken) => Some(taken.parsed.batch.rows),
            Fetched::Same { earlier, .. } => Some(earlier.rows),
            Fetched::Nothing => None,
        };
        Ok(Verified { source: source.name.clone(), code_sent: false, rows, session_until: None })
    }

    /// A success ends the condition; a failure that needs a person becomes it.
    fn after_person(
        &self,
        source: &Source,
        tried: Result<Verified, Failure>,
    ) -> Result<Result<Verified, Failure>, CollectError> {
        match &tried {
            Ok(verified) if verified.code_sent => {}
            Ok(_) => self.free(source)?,
            // The first to say so said more than the guard that would not send it again.
            Err(failure)
                if source.state.condition.as_ref().is_some_and(|it| it.trouble == failure.trouble) => {}
            Err(failure) if failure.trouble.needs_person() => {
                let state = self.after(source, self.now(), failure);
                self.store.put_source_state(&source.name, &state.to_json())?;
            }
            Err(_) => {}
        }
        Ok(tried)
    }

    /// Nothing stands against the source any more.
    pub(super) fn free(&self, source: &Source) -> Result<(), CollectError> {
        // What was held back is due at once.
        let held = source.state.condition.is_some() || source.state.failures > 0;
        let state = SourceState {
            condition: None,
            not_before: None,
            failures: 0,
            circuit_open: false,
            attempted_at: source.state.attempted_at.filter(|_| !held),
            ..source.state.clone()
        };
        Ok(self.store.put_source_state(&source.name, &state.to_json())?)
    }

    pub(super) fn claim(&self, name: &SourceName) -> Result<Claim, CollectError> {
        // The source first: a claim on a name that is none would say "busy" to a typing error.
        self.source(name)?;
        self.store.claim(name)?.ok_or_else(|| CollectError::Busy(name.clone()))
    }

    pub(super) fn account<'a>(&'a self, vault: &'a Vault, source: &'a Source, by: By) -> Account<'a> {
        Account {
            store: &self.store,
            vault,
            source: &source.name,
            clock: &*self.clock,
            by,
            login: self.login_of(&source.name),
            locked_until: source.state.condition.as_ref().and_then(|condition| condition.until),
            origin: source
                .settings
                .url
                .as_ref()
                .map(|url| url.origin().ascii_serialization())
                .unwrap_or_default(),
        }
    }

    pub(super) fn desk<'a>(
        &'a self,
        source: &'a Source,
        account: &'a Account<'a>,
        options: &'a Options,
        step: Watch<'a>,
    ) -> Desk<'a> {
        Desk {
            network: &self.network,
            settings: &source.settings,
            account,
            clock: &*self.clock,
            options,
            step,
        }
    }
}
