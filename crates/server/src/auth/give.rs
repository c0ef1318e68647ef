//! Passwords that somebody gives to somebody else.
//!
//! One that is drawn here is shown once, is good for [`GOOD_FOR`], and opens nothing but the way to another one. One that
//! was thought of is held against the same rules as everybody's own.

use blocklist::Time;
use secrecy::SecretString;
use store::{Role, UserName, UserRow};

use super::identity::Identity;
use super::password::{HashError, check};
use super::secret;
use super::sign_in::NotIn;
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;

/// For how long a password that is drawn is good, in seconds.
const GOOD_FOR: i64 = 72 * 3_600;

/// A password that was drawn, as it is shown this once.
pub(crate) struct Given {
    /// The password.
    pub password: SecretString,
    /// The first second at which it is no longer good.
    pub until: Time,
}

impl App {
    /// Makes an account. Without a password one is drawn.
    pub(crate) async fn add_user(
        &self,
        name: UserName,
        role: Role,
        password: Option<SecretString>,
        identity: &Identity,
    ) -> Result<(UserRow, Option<Given>), NotIn> {
        let who = identity.plain();
        let (text, given) = if let Some(password) = password {
            check(&password, name.as_str(), self.accounts().password_length).map_err(NotIn::Weak)?;
            (password, None)
        } else {
            let given = self.draw_password()?;
            (given.password.clone(), Some(given))
        };
        let phc = self.hash_password(text).await?;
        let (must_change, until) = (given.is_some(), given.as_ref().map(|given| given.until));
        let added =
            self.ask_store(move |store| store.add_user(&name, role, &phc, must_change, until, &who.actor()));
        Ok((added.await?, given))
    }

    /// Gives an account a password that is drawn; all its sessions end.
    pub(crate) async fn give_password(&self, name: UserName, identity: &Identity) -> Result<Given, NotIn> {
        let (who, given) = (identity.plain(), self.draw_password()?);
        let asked = name.clone();
        if self.ask_store(move |store| store.user(&asked)).await?.is_none() {
            return Err(self.store_problem(&store::Error::NoUser(name)).into());
        }
        let (phc, until) = (self.hash_password(given.password.clone()).await?, given.until);
        let set = self
            .ask_store(move |store| store.set_password(&name, &phc, true, Some(until), None, &who.actor()));
        set.await?;
        Ok(given)
    }

    fn draw_password(&self) -> Result<Given, Problem> {
        let password = secret::one_time_password(self.random())
            .map_err(|error| self.incident("no password can be made now", &error))?;
        Ok(Given { password, until: self.now().plus_seconds(GOOD_FOR) })
    }

    async fn hash_password(&self, text: SecretString) -> Result<SecretString, NotIn> {
        let random = self.shared_random();
        let hashed = self.passwords().in_turn(move |passwords| passwords.hash_now(&text, &*random)).await;
        hashed.and_then(|hashed| hashed).map_err(|error| match error {
            HashError::Busy => {
                Problem::unavailable("too many people try to sign in; try again in a few seconds")
                    .because(Reason::Crowded)
                    .into()
            }
            error => self.incident("a password cannot be kept now", &error).into(),
        })
    }
}
