//! What a source logs in with.

use std::fmt::{self, Debug, Formatter};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use store::CredentialKind;
use zeroize::{Zeroize, Zeroizing};

/// The longest user name, in characters.
pub const MAX_USERNAME: usize = 200;
/// The longest password or token, in bytes.
pub const MAX_SECRET: usize = 4_096;

/// A login or a token. `Debug` tells the kind only, there is no `Display`, and all of it is overwritten when dropped.
#[derive(Clone)]
pub enum Credential {
    /// A user name and a password.
    Login {
        /// The user name.
        username: String,
        /// The password.
        password: SecretString,
    },
    /// A token.
    Token(SecretString),
}

/// A credential that is refused; what was given is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCredential {
    /// No user name, one too long, or one with control characters.
    #[error("a user name has 1 to {MAX_USERNAME} characters, none of them a control character")]
    Username,
    /// No secret, one too long, or one with control characters.
    #[error("a password or token has 1 to {MAX_SECRET} bytes, and no control character such as a line end")]
    Secret,
    /// What the store kept is no credential.
    #[error("what was kept is no credential")]
    Kept,
}

/// How a credential is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum Kept<S> {
    Login { username: S, password: S },
    Token(S),
}

impl Credential {
    /// A user name and a password.
    pub fn login(username: impl Into<String>, password: SecretString) -> Result<Self, BadCredential> {
        Self::Login { username: username.into(), password }.checked()
    }

    /// A token.
    pub fn token(token: SecretString) -> Result<Self, BadCredential> {
        Self::Token(token).checked()
    }

    /// What it is made of.
    pub fn kind(&self) -> CredentialKind {
        match self {
            Self::Login { .. } => CredentialKind::Login,
            Self::Token(_) => CredentialKind::Token,
        }
    }

    /// Compact JSON, to be sealed.
    pub fn to_json(&self) -> Result<Zeroizing<Vec<u8>>, BadCredential> {
        self.check()?;
        let kept = match self {
            Self::Login { username, password } => {
                Kept::Login { username: username.as_str(), password: password.expose_secret() }
            }
            Self::Token(token) => Kept::Token(token.expose_secret()),
        };
        // Room for all of it even if every byte is escaped, so that the buffer never grows and leaves a copy behind.
        let mut json = Zeroizing::new(Vec::with_capacity(6 * (4 * MAX_USERNAME + MAX_SECRET) + 64));
        serde_json::to_writer(&mut *json, &kept).map_err(|_| BadCredential::Kept)?;
        Ok(json)
    }

    /// Reads what was sealed.
    pub fn from_json(json: &[u8]) -> Result<Self, BadCredential> {
        // The cause is dropped: a message of the JSON reader may hold a piece of the text.
        let kept: Kept<Zeroizing<String>> = serde_json::from_slice(json).map_err(|_| BadCredential::Kept)?;
        let secret = |text: &Zeroizing<String>| SecretString::from(text.as_str());
        match &kept {
            Kept::Login { username, password } => Self::login(username.as_str(), secret(password)),
            Kept::Token(token) => Self::token(secret(token)),
        }
    }

    fn checked(self) -> Result<Self, BadCredential> {
        self.check().map(|()| self)
    }

    fn check(&self) -> Result<(), BadCredential> {
        let secret = match self {
            Self::Login { username, password } => {
                let length = username.chars().take(MAX_USERNAME + 1).count();
                if !(1..=MAX_USERNAME).contains(&length) || username.chars().any(char::is_control) {
                    return Err(BadCredential::Username);
                }
                password
            }
            Self::Token(token) => token,
        };
        let secret = secret.expose_secret();
        if !(1..=MAX_SECRET).contains(&secret.len()) || secret.chars().any(char::is_control) {
            return Err(BadCredential::Secret);
        }
        Ok(())
    }
}

impl Debug for Credential {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().as_str())
    }
}

impl Drop for Credential {
    fn drop(&mut self) {
        // Secrets overwrite themselves.
        if let Self::Login { username, .. } = self {
            username.zeroize();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_credential_is_never_printed() {
        let login = Credential::login("operator", "hunter2".into()).unwrap();
        assert_eq!(format!("{login:?}"), "login");
        assert_eq!(format!("{:?}", Credential::token("t".into()).unwrap()), "token");
        let json = String::from_utf8(login.to_json().unwrap().to_vec()).unwrap();
        assert_eq!(json, r#"{"login":{"username":"operator","password":"hunter2"}}"#);
    }

    #[test]
    fn what_is_empty_too_long_or_has_line_ends_is_refused() {
        for name in ["", &"가".repeat(MAX_USERNAME + 1), "a\0b", "a\nb"] {
            assert_eq!(Credential::login(name, "x".into()).unwrap_err(), BadCredential::Username);
        }
        for secret in ["", &"x".repeat(MAX_SECRET + 1), "a\0b", "a\r\nb"] {
            assert_eq!(Credential::token(secret.into()).unwrap_err(), BadCredential::Secret);
            assert_eq!(Credential::login("a", secret.into()).unwrap_err(), BadCredential::Secret);
        }
        Credential::login("가".repeat(MAX_USERNAME), "x".repeat(MAX_SECRET).into()).unwrap();
        let unchecked = Credential::Token("a\nb".into());
        assert_eq!(unchecked.to_json().unwrap_err(), BadCredential::Secret);
    }

    #[test]
    fn what_is_no_credential_is_refused_without_a_word_of_it() {
        for bad in ["", "{}", "\"secret\"", r#"{"token":5}"#, r#"{"login":{"username":"secret"}}"#] {
            let refused = Credential::from_json(bad.as_bytes()).unwrap_err();
            assert_eq!(refused, BadCredential::Kept);
            assert!(!refused.to_string().contains("secret"));
        }
        assert_eq!(Credential::from_json(br#"{"token":"a\n"}"#).unwrap_err(), BadCredential::Secret);
    }

    proptest! {
        #[test]
        fn a_credential_reads_back(username in "\\PC{1,200}", password in "\\PC{1,300}") {
            prop_assume!(!username.chars().chain(password.chars()).any(char::is_control));
            let login = Credential::login(username.clone(), password.clone().into()).unwrap();
            let json = login.to_json().unwrap();
            let back = Credential::from_json(&json).unwrap();
            let Credential::Login { username: name, password: secret } = &back else { unreachable!() };
            prop_assert_eq!(name, &username);
            prop_assert_eq!(secret.expose_secret(), &password);
            let token = Credential::token(password.clone().into()).unwrap().to_json().unwrap();
            let back = Credential::from_json(&token).unwrap();
            prop_assert!(matches!(&back, Credential::Token(secret) if secret.expose_secret() == password));
        }
    }
}
