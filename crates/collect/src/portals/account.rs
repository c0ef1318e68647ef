//! A portal account: its credential, its session, and the guard that keeps it from being locked.
//!
//! **The guard.** Portals lock an account after five wrong passwords. Before a login is sent, the attempt is committed to
//! the store; its answer is committed after. So, whatever crashes in between:
//!
//! | what is known of this version of the credential | by the timetable | by a person |
//! |---|---|---|
//! | never sent, or accepted last time | may be sent | may be sent |
//! | rejected as wrong | never again | never again: only a new version helps |
//! | refused for another reason (dormant, one-time code ...) | not sent | may be sent, not while the portal's lock lasts |
//! | sent, and no answer came; never accepted before | not sent | may be sent, up to three times |
//! | the same, but accepted before | may be sent, up to three times | the same |

use std::sync::Arc;

use blocklist::{Clock, SourceName, Time};
use store::{Answer, CredentialRow, PortalSession, Store};

use tokio::sync::OwnedMutexGuard;

use super::Session;
use crate::collector::cancel::Login;
use crate::vault::{Binding, Credential, Vault};
use crate::{Failure, Trouble};

/// Logins without an answer, in a row, after which none is sent any more. Well under the portals' five.
const UNANSWERED: u32 = 3;

/// On whose word a login is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The program's own.
    Timetable,
    /// A person's, who looks at what comes of it.
    Person,
}

/// The account of one source. Its calls to the store block for a moment; they are few and small.
pub(crate) struct Account<'a> {
    pub(crate) store: &'a Arc<Store>,
    pub(crate) vault: &'a Vault,
    pub(crate) source: &'a SourceName,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) by: By,
    /// Held while a login is on its way: nobody ends a run in the middle of one.
    pub(crate) login: Login,
    /// When the lock that the portal named ends.
    pub(crate) locked_until: Option<Time>,
    /// The portal's origin: a session of another one is not used here.
    pub(crate) origin: String,
}

/// The table of credentials, as their seals name it.
pub(crate) const CREDENTIALS: &str = "credentials";
/// The table of sessions, as their seals name it.
pub(crate) const SESSIONS: &str = "portal_sessions";

/// A credential that may be sent once: the attempt is written down.
pub(crate) struct Attempt {
    pub(crate) credential: Credential,
    version: u32,
    _on_its_way: Option<OwnedMutexGuard<()>>,
}

impl Account<'_> {
    /// The session that is kept, if it can still be used.
    pub(crate) fn session(&self) -> Result<Option<Session>, Failure> {
        Ok(self.kept()?.filter(|session| session.is_good(self.clock.now())))
    }

    /// The session that waits for a one-time code.
    pub(crate) fn pending(&self) -> Result<Option<Session>, Failure> {
        let now = self.clock.now();
        Ok(self.kept()?.filter(|session| session.pending && session.expires_at.is_none_or(|end| now < end)))
    }

    fn kept(&self) -> Result<Option<Session>, Failure> {
        let Some(row) = self.store.portal_session(self.source)? else { return Ok(None) };
        let credential = self.store.credential(self.source)?;
        // A session of an older password has no right to go on.
        if credential.is_none_or(|credential| credential.version != row.credential_version) {
            return Ok(None);
        }
        let binding =
            Binding { table: SESSIONS, owner: self.source.as_str(), version: row.credential_version };
        // One that cannot be opened is worth a new login, no more.
        let Ok(plain) = self.vault.unseal(&binding, &row.sealed) else { return Ok(None) };
        Ok(Session::from_bytes(&plain).filter(|session| session.origin == self.origin))
    }

    /// Keeps a session, sealed.
    pub(crate) fn keep(&self, session: &Session) -> Result<(), Failure> {
        let row = self.row()?;
        let binding = Binding { table: SESSIONS, owner: self.source.as_str(), version: row.version };
        let session = Session { origin: self.origin.clone(), ..session.clone() };
        let sealed = self.vault.seal(&binding, &session.to_bytes())?;
        let session =
            PortalSession { credential_version: row.version, sealed, expires_at: session.expires_at };
        self.store.put_portal_session(self.source, &session)?;
        Ok(())
    }

    /// Forgets the session.
    pub(crate) fn forget(&self) -> Result<(), Failure> {
        self.store.remove_portal_session(self.source)?;
        Ok(())
    }

    /// The credential, for one login that is sent right after: the attempt is written down first. Fails when the guard
    /// says no, with the cause for which it does.
    pub(crate) fn attempt(&self) -> Result<Attempt, Failure> {
        let row = self.row()?;
        self.may_send(&row)?;
        let credential = self.open(&row)?;
        let on_its_way = Arc::clone(&self.login).try_lock_owned().ok();
        self.write_down(row.version)?;
        Ok(Attempt { credential, version: row.version, _on_its_way: on_its_way })
    }

    /// The portal let it in.
    pub(crate) fn accepted(&self, attempt: &Attempt) -> Result<(), Failure> {
        self.answered(attempt, Answer::Accepted)
    }

    /// The portal said no. Hands the failure back, so that it can be passed on.
    pub(crate) fn rejected(&self, attempt: &Attempt, failure: Failure) -> Failure {
        match self.answered(attempt, Answer::Rejected(failure.trouble.id())) {
            Ok(()) => failure,
            // The attempt stays written down as unanswered: that holds the next one back as well.
            Err(broken) => broken,
        }
    }

    /// The portal answered without looking at the password: its own error, a limit on requests.
    pub(crate) fn not_judged(&self, attempt: &Attempt, failure: Failure) -> Failure {
        match self.answered(attempt, Answer::NotJudged) {
            Ok(()) => failure,
            Err(broken) => broken,
        }
    }

    /// No usable answer came to a login. One that was turned away before it was looked at was not counted by the portal;
    /// any other may have been.
    pub(crate) fn unanswered(&self, attempt: &Attempt, failure: Failure) -> Failure {
        match failure.trouble {
            Trouble::Unreachable
            | Trouble::NameUnknown
            | Trouble::Tls
            | Trouble::ServerError
            | Trouble::RateLimited => self.not_judged(attempt, failure),
            _ => failure,
        }
    }

    /// The same credential is sent once more, after an answer that did not judge it.
    pub(crate) fn repeat(&self, attempt: &Attempt) -> Result<(), Failure> {
        self.write_down(attempt.version)
    }

    fn write_down(&self, version: u32) -> Result<(), Failure> {
        if self.store.credential_attempt(self.source, version)? {
            return Ok(());
        }
        Err(Failure::new(Trouble::Interrupted).with("the credential was changed meanwhile"))
    }

    fn answered(&self, attempt: &Attempt, answer: Answer<'_>) -> Result<(), Failure> {
        self.store.credential_answered(self.source, attempt.version, answer, self.clock.now())?;
        Ok(())
    }

    fn row(&self) -> Result<CredentialRow, Failure> {
        self.store.credential(self.source)?.ok_or_else(|| Failure::new(Trouble::CredentialMissing))
    }

    fn open(&self, row: &CredentialRow) -> Result<Credential, Failure> {
        let binding = Binding { table: CREDENTIALS, owner: self.source.as_str(), version: row.version };
        let opened = self.vault.unseal(&binding, &row.sealed)?;
        Credential::from_json(&opened).map_err(|error| Failure::new(Trouble::VaultLocked).because(error))
    }

    /// The table at the head of this file.
    fn may_send(&self, row: &CredentialRow) -> Result<(), Failure> {
        if let Some(by) = &row.rejected_by {
            let trouble = Trouble::from_id(by).unwrap_or(Trouble::CredentialRejected);
            let locked = self.locked_until.filter(|until| *until > self.clock.now());
            if trouble == Trouble::CredentialRejected || self.by == By::Timetable || locked.is_some() {
                let failure = Failure::new(trouble).until(locked);
                return Err(match (locked, row.rejected_at) {
                    (Some(until), _) => failure.with(format!("until {} KST", until.to_seoul())),
                    (None, Some(at)) => failure.with(format!("at {} KST, and not sent again", at.to_seoul())),
                    (None, None) => failure,
                });
            }
        }
        let first = row.verified_at.is_none();
        let most = if first && self.by == By::Timetable { 1 } else { UNANSWERED };
        if row.unanswered >= most {
            return Err(
                Failure::new(Trouble::LoginUnknown).with(format!("{} of this credential", row.unanswered))
            );
        }
        Ok(())
    }
}
