//! Signing in, and what belongs to it: a one-time code, another password.
//!
//! **Nobody learns which names there are.** A name that is not there is checked against nobody's password, counted and
//! locked like one that is there, and answered in the same words.
//!
//! **Order.** The lock is asked, the password checked and the try written down in one turn of [`super::Passwords`], so that
//! many tries at once are no more tries than one after the other.

use std::net::IpAddr;

use blocklist::Time;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use store::{Attempt, Face, Limits, Outcome, Proof, SessionRow, Store, UserName, UserRow};

use super::code::{CodeSecret, recovery_hash};
use super::identity::{Identity, Known};
use super::password::{HashError, Weak, check};
use super::prove::is_theirs;
use super::secret;
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;

/// From where somebody tries.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Pages or API.
    pub face: Face,
    /// The address.
    pub address: Option<IpAddr>,
    /// The program.
    pub agent: Option<String>,
}

/// Somebody who came in, as far as the password goes.
pub(crate) struct SignedIn {
    /// What the cookie is to hold.
    pub secret: Zeroizing<String>,
    /// The session.
    pub session: SessionRow,
    /// The account.
    pub user: UserRow,
}

/// Why somebody did not.
#[derive(Debug)]
pub(crate) enum NotIn {
    /// Name or password, or the code, is not right.
    Wrong,
    /// Too many tries: none is heard before then.
    Locked(Time),
    /// The one-time password was not used in time.
    Expired,
    /// The password is right and a new one is not taken.
    Weak(Weak),
    /// It cannot be known now.
    Problem(Problem),
}

impl From<Problem> for NotIn {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl App {
    /// Checks name and password, and begins a session.
    pub(crate) async fn sign_in(
        &self,
        name: &str,
        password: SecretString,
        place: Place,
    ) -> Result<SignedIn, NotIn> {
        let store = self.store_or_503()?;
        // What can be no name is nobody's: it is checked all the same.
        let name: Option<UserName> = name.parse().ok();
        let (now, ends_at) = (self.now(), self.now().plus_seconds(self.accounts().longest.as_secs() as i64));
        let secret =
            secret::session(self.random()).map_err(|error| self.incident("no randomness", &error))?;
        let hash = secret::hash(&secret);
        let turn = self.passwords().in_turn(move |passwords| -> store::Result<Result<_, NotIn>> {
            let keys = name.as_ref().map(|name| store.user_keys(name)).transpose()?.flatten();
            let typed = name.as_ref();
            if let Some(until) = store.lock(typed, place.address, &Limits::default())? {
                note(&store, typed, &place, Proof::Password, Outcome::Locked)?;
                return Ok(Err(NotIn::Locked(until)));
            }
            let right = passwords.verify_now(&password, keys.as_ref().map(|keys| &keys.password));
            let user = keys.map(|keys| keys.row);
            let outcome = match &user {
                Some(user) if right && user.disabled_at.is_some() => Outcome::Disabled,
                Some(user) if right && user.password_until.is_some_and(|until| until <= now) => {
                    Outcome::Expired
                }
                Some(_) if right => Outcome::Ok,
                _ => Outcome::Wrong,
            };
            let locked = note(&store, typed, &place, Proof::Password, outcome)?;
            let Some(user) = user.filter(|_| outcome == Outcome::Ok) else {
                return Ok(Err(if outcome == Outcome::Expired { NotIn::Expired } else { NotIn::Wrong }));
            };
            // Another process locked it meanwhile.
            if let Some(until) = locked {
                return Ok(Err(NotIn::Locked(until)));
            }
            let session = store.open_session(
                &hash,
                &user.name,
                user.totp,
                ends_at,
                place.address,
                place.agent.as_deref(),
            )?;
            Ok(Ok((session, user)))
        });
        let (session, user) = self.after_turn(turn.await)??;
        Ok(SignedIn { secret, session, user })
    }

    /// Takes a one-time or recovery code for a session that waits for it. The session goes on under a new secret: who saw the
    /// old one has nothing.
    pub(crate) async fn send_code(
        &self,
        identity: &Identity,
        code: &str,
        place: Place,
    ) -> Result<Zeroizing<String>, NotIn> {
        let Known::Session { user, row, .. } = &identity.known else {
            return Err(no_code_awaited());
        };
        if !row.waits_for_code {
            return Err(no_code_awaited());
        }
        let (name, id, now) = (user.clone(), row.id, self.now());
        let secret =
            secret::session(self.random()).map_err(|error| self.incident("no randomness", &error))?;
        let hash = secret::hash(&secret);
        let store = self.store_or_503()?;
        let keys = self.ask_store({
            let name = name.clone();
            move |store| store.user_keys(&name)
        });
        let Some(keys) = keys.await? else { return Err(NotIn::Wrong) };
        let step = match &keys.totp {
            Some(sealed) => self.open_code(&name, sealed)?.step_of(code, now),
            None => None,
        };
        let recovery = recovery_hash(code);
        // In turn, so that codes are not tried side by side either.
        let turn = self.passwords().in_turn(move |_| -> store::Result<Result<(), NotIn>> {
            if let Some(until) = store.lock(Some(&name), place.address, &Limits::default())? {
                note(&store, Some(&name), &place, Proof::Code, Outcome::Locked)?;
                return Ok(Err(NotIn::Locked(until)));
            }
            let (proof, right) = match step {
                Some(step) => (Proof::Code, store.use_totp_step(&name, step)?),
                None => (Proof::Recovery, store.use_recovery_code(&name, &recovery)?),
            };
            let (proof, outcome) = if right { (proof, Outcome::Ok) } else { (Proof::Code, Outcome::Wrong) };
            let locked = note(&store, Some(&name), &place, proof, outcome)?;
            if !right {
                return Ok(Err(NotIn::Wrong));
            }
            if let Some(until) = locked {
                return Ok(Err(NotIn::Locked(until)));
            }
            let over = || {
                Problem::unauthorized("the session has ended meanwhile; sign in again")
                    .because(Reason::SessionOver)
                    .into()
            };
            Ok(store.pass_code(id, &hash)?.map(drop).ok_or_else(over))
        });
        self.after_turn(turn.await)??;
        Ok(secret)
    }

    /// Sets another password for whoever is signed in; their other sessions end.
    pub(crate) async fn change_password(
        &self,
        identity: &Identity,
        current: SecretString,
        new: SecretString,
        place: Place,
    ) -> Result<(), NotIn> {
        let (user, row) = identity.past_code()?;
        check(&new, user.as_str(), self.accounts().password_length).map_err(NotIn::Weak)?;
        let (name, id, who, random) = (user.clone(), row.id, identity.plain(), self.shared_random());
        let store = self.store_or_503()?;
        let turn = self.passwords().in_turn(move |passwords| -> store::Result<Result<(), NotIn>> {
            if let Err(not) = is_theirs(&store, passwords, &name, &current, &place)? {
                return Ok(Err(not));
            }
            if passwords.is_one_of(&new, &store.old_passwords(&name)?) {
                return Ok(Err(NotIn::Weak(Weak::Used)));
            }
            let Ok(phc) = passwords.hash_now(&new, &*random) else {
                return Ok(Err(Problem::unavailable("a password cannot be kept now").into()));
            };
            store.set_password(&name, &phc, false, None, Some(id), &who.actor())?;
            store.prove_session(id)?;
            Ok(Ok(()))
        });
        self.after_turn(turn.await)?
    }

    /// The secret of somebody's one-time codes, opened.
    pub(crate) fn open_code(&self, user: &UserName, sealed: &store::Sealed) -> Result<CodeSecret, Problem> {
        let vault = self.vault_or_503(false)?;
        let binding = super::binding(user);
        let opened = vault.unseal(&binding, sealed);
        opened
            .map(CodeSecret::from_bytes)
            .map_err(|error| self.incident("the secret of the codes cannot be opened", &error))
    }

    /// What came of work that was done in turn.
    pub(super) fn after_turn<T>(&self, done: Result<store::Result<T>, HashError>) -> Result<T, NotIn> {
        match done {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(self.store_problem(&error).into()),
            Err(HashError::Busy) => {
                Err(Problem::unavailable("too many people try to sign in; try again in a few seconds")
                    .because(Reason::Crowded)
                    .into())
            }
            Err(error) => Err(self.incident("this cannot be checked now", &error).into()),
        }
    }
}

fn no_code_awaited() -> NotIn {
    Problem::conflict("this session waits for no code").into()
}

/// Writes down a try. After one that was right, an answer is a no all the same: until when nothing is heard.
pub(super) fn note(
    store: &Store,
    typed: Option<&UserName>,
    place: &Place,
    proof: Proof,
    outcome: Outcome,
) -> store::Result<Option<Time>> {
    let attempt = Attempt {
        face: place.face,
        proof,
        account: typed.map(UserName::as_str),
        address: place.address,
        outcome,
        agent: place.agent.as_deref(),
    };
    store.attempt(&attempt, &Limits::default())
}
