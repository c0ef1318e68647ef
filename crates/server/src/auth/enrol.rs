//! One-time codes of whoever is signed in: set up, shown to be right, taken away.
//!
//! A secret is shown when it is drawn and never again, and it is asked for only after a code of it was right: a telephone that
//! did not take it keeps nobody out. Where codes are set up already, they are taken away first, with the password.
//!
//! **Failure.** Without the key that seals secrets nothing is drawn, and nobody's codes change.

use blocklist::Hash;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use store::UserName;

use super::binding;
use super::code::{CodeSecret, recovery_codes, recovery_hash};
use super::identity::Identity;
use super::sign_in::{NotIn, Place};
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;

/// A secret that was drawn, as it is shown this once.
pub(crate) struct Drawn {
    /// What is typed into a telephone.
    pub text: Zeroizing<String>,
    /// What its camera reads: an SVG picture.
    pub picture: Zeroizing<String>,
}

impl App {
    /// Draws a secret. The password is asked for unless it was typed a little while ago.
    pub(crate) async fn draw_codes(
        &self,
        identity: &Identity,
        password: Option<SecretString>,
        place: Place,
    ) -> Result<Drawn, NotIn> {
        self.prove_or_fresh(identity, password, place).await?;
        let name = identity.past_code()?.0.clone();
        let asked = name.clone();
        if self.ask_store(move |store| store.user(&asked)).await?.is_some_and(|user| user.totp) {
            return Err(Problem::conflict("one-time codes are set up already; take them away first")
                .because(Reason::TotpIsSet)
                .into());
        }
        let secret = CodeSecret::draw(self.random())
            .map_err(|error| self.incident("no secret can be made now", &error))?;
        let sealed = self.vault_or_503(true)?.seal(&binding(&name), secret.bytes());
        let sealed = sealed.map_err(|error| self.incident("the secret cannot be sealed", &error))?;
        let shown = Self::show_codes(&name, &secret)?;
        self.ask_store(move |store| store.draw_totp(&name, &sealed)).await?;
        Ok(shown)
    }

    /// The secret that was drawn last and not confirmed, for a form that is shown again after a wrong code.
    pub(crate) async fn drawn_codes(&self, identity: &Identity) -> Result<Option<Drawn>, NotIn> {
        let name = identity.past_code()?.0.clone();
        let Some(secret) = self.pending_code(&name).await? else { return Ok(None) };
        Ok(Some(Self::show_codes(&name, &secret)?))
    }

    /// Takes the first code of a secret that was drawn: from now on codes are asked for. Answers new recovery codes, which are
    /// shown this once. A wrong code counts nowhere: the secret was shown to whoever sends it.
    pub(crate) async fn confirm_codes(
        &self,
        identity: &Identity,
        code: &str,
    ) -> Result<Vec<Zeroizing<String>>, NotIn> {
        let name = identity.past_code()?.0.clone();
        let Some(secret) = self.pending_code(&name).await? else {
            let error = store::Error::TotpNotPending(name);
            return Err(self.store_problem(&error).into());
        };
        let Some(step) = secret.step_of(code, self.now()) else { return Err(NotIn::Wrong) };
        let (codes, hashes) = self.draw_recovery()?;
        let who = identity.plain();
        self.ask_store(move |store| store.confirm_totp(&name, step, &hashes, &who.actor())).await?;
        Ok(codes)
    }

    /// Puts new recovery codes in the place of those before, and answers them this once.
    pub(crate) async fn renew_recovery(
        &self,
        identity: &Identity,
        password: SecretString,
        place: Place,
    ) -> Result<Vec<Zeroizing<String>>, NotIn> {
        self.prove(identity, password, place).await?;
        let (name, who) = (identity.past_code()?.0.clone(), identity.plain());
        let (codes, hashes) = self.draw_recovery()?;
        self.ask_store(move |store| store.new_recovery_codes(&name, &hashes, &who.actor())).await?;
        Ok(codes)
    }

    /// Takes the codes away. Whether there were any.
    pub(crate) async fn remove_codes(
        &self,
        identity: &Identity,
        password: SecretString,
        place: Place,
    ) -> Result<bool, NotIn> {
        self.prove(identity, password, place).await?;
        let (name, who) = (identity.past_code()?.0.clone(), identity.plain());
        Ok(self.ask_store(move |store| store.remove_totp(&name, &who.actor())).await?)
    }

    async fn pending_code(&self, name: &UserName) -> Result<Option<CodeSecret>, NotIn> {
        let asked = name.clone();
        let keys = self.ask_store(move |store| store.user_keys(&asked)).await?;
        let sealed = keys.and_then(|keys| keys.totp_pending);
        Ok(sealed.map(|sealed| self.open_code(name, &sealed)).transpose()?)
    }

    fn show_codes(name: &UserName, secret: &CodeSecret) -> Result<Drawn, Problem> {
        let shown = secret.text(name.as_str()).zip(secret.picture(name.as_str()));
        let (text, picture) =
            shown.ok_or_else(|| Problem::unavailable("the secret cannot be shown as a picture"))?;
        Ok(Drawn { text, picture })
    }

    fn draw_recovery(&self) -> Result<(Vec<Zeroizing<String>>, Vec<Hash>), Problem> {
        let codes = recovery_codes(self.random())
            .map_err(|error| self.incident("no recovery codes can be made now", &error))?;
        let hashes = codes.iter().map(|code| recovery_hash(code)).collect();
        Ok((codes, hashes))
    }
}
