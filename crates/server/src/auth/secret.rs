//! Secrets that this program makes: what cookies and tokens hold, and passwords that are good once.
//!
//! Cookies and tokens are 256 random bits, kept as their SHA-256: nobody guesses them, so nothing slower is needed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use blocklist::Hash;
use collect::random::{Random, RandomError};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

/// What tokens begin with, so that scanners for leaked secrets can know them.
pub(crate) const TOKEN_PREFIX: &str = "bl_";
/// So many first characters tell two tokens apart.
const HINT: usize = TOKEN_PREFIX.len() + 4;
/// Letters of one-time passwords.
const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// What a cookie holds.
pub(crate) fn session(random: &dyn Random) -> Result<Zeroizing<String>, RandomError> {
    let mut bytes = Zeroizing::new([0; 32]);
    random.fill(&mut *bytes)?;
    Ok(Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes)))
}

/// A token, and its first characters.
pub fn token(random: &dyn Random) -> Result<(SecretString, String), RandomError> {
    let text = session(random)?;
    let text = format!("{TOKEN_PREFIX}{}", *text);
    let hint = text[..HINT].to_owned();
    Ok((text.into(), hint))
}

/// A password that is good once: 79 bits in four groups.
pub fn one_time_password(random: &dyn Random) -> Result<SecretString, RandomError> {
    let mut text = String::with_capacity(19);
    for place in 0..16 {
        if place > 0 && place % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(LETTERS[random.below(LETTERS.len() as u64)? as usize]));
    }
    Ok(text.into())
}

/// As a cookie or token is kept.
pub fn hash(text: &str) -> Hash {
    Hash::of(text.as_bytes())
}

/// What a form has to bring back: bound to the cookie, and telling nothing about it.
pub(crate) fn form_token(session: &str) -> String {
    Hash::of(format!("form\n{session}").as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use collect::random::SeededRandom;
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn each_is_drawn_anew_and_long_enough() {
        let random = SeededRandom::new(3);
        let (first, second) = (session(&random).unwrap(), session(&random).unwrap());
        assert_ne!(*first, *second);
        assert_eq!(first.len(), 43);
        let (token, hint) = token(&random).unwrap();
        assert_eq!(token.expose_secret().len(), 46);
        assert!(token.expose_secret().starts_with(&hint) && hint.len() == 7);
        let password = one_time_password(&random).unwrap();
        assert_eq!(password.expose_secret().split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4, 4]);
    }

    #[test]
    fn a_form_token_belongs_to_one_session() {
        assert_ne!(form_token("a"), form_token("b"));
        assert_ne!(form_token("a"), hash("a").to_string(), "the table of sessions must not hold it");
    }
}
