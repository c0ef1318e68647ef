//! The password again, from somebody who is signed in: an open screen must not be enough to change what opens the account.

use secrecy::SecretString;
use store::{Limits, Outcome, Proof, SessionRow, Store, UserName};

use super::identity::Identity;
use super::password::Passwords;
use super::sign_in::{NotIn, Place, note};
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;

/// For so long a password that was typed counts as typed, in seconds.
const FRESH: i64 = 15 * 60;

impl App {
    /// Whether the password was typed so lately that it need not be typed again.
    pub(crate) fn is_fresh(&self, session: &SessionRow) -> bool {
        self.now() < session.proved_at.plus_seconds(FRESH)
    }

    /// Checks the password of whoever is signed in.
    pub(crate) async fn prove(
        &self,
        identity: &Identity,
        password: SecretString,
        place: Place,
    ) -> Result<(), NotIn> {
        let (user, row) = identity.past_code()?;
        let (name, id, store) = (user.clone(), row.id, self.store_or_503()?);
        let turn = self.passwords().in_turn(move |passwords| -> store::Result<Result<(), NotIn>> {
            if let Err(not) = is_theirs(&store, passwords, &name, &password, &place)? {
                return Ok(Err(not));
            }
            store.prove_session(id)?;
            Ok(Ok(()))
        });
        self.after_turn(turn.await)?
    }

    /// The same, where a password that was typed a little while ago is enough.
    pub(super) async fn prove_or_fresh(
        &self,
        identity: &Identity,
        password: Option<SecretString>,
        place: Place,
    ) -> Result<(), NotIn> {
        match password {
            Some(password) => self.prove(identity, password, place).await,
            None if self.is_fresh(identity.past_code()?.1) => Ok(()),
            None => Err(Problem::forbidden("the password was typed too long ago: type it again")
                .because(Reason::TypeAgain)
                .with_hint("send it as 'password'")
                .into()),
        }
    }
}

/// Whether this is the password of an account; blocks. A failure counts like one at the door.
pub(super) fn is_theirs(
    store: &Store,
    passwords: &Passwords,
    name: &UserName,
    password: &SecretString,
    place: &Place,
) -> store::Result<Result<(), NotIn>> {
    if let Some(until) = store.lock(Some(name), place.address, &Limits::default())? {
        note(store, Some(name), place, Proof::Password, Outcome::Locked)?;
        return Ok(Err(NotIn::Locked(until)));
    }
    let keys = store.user_keys(name)?;
    if passwords.verify_now(password, keys.as_ref().map(|keys| &keys.password)) {
        return Ok(Ok(()));
    }
    note(store, Some(name), place, Proof::Password, Outcome::Wrong)?;
    Ok(Err(NotIn::Wrong))
}
