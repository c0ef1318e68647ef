//! Passwords: what is taken as one, and how it is kept.
//!
//! **Kept** as Argon2id (RFC 9106) in a PHC string, with a random salt. One hash takes [`MEMORY_KIB`] of memory and some tens
//! of milliseconds, so no more than [`AT_ONCE`] are made at a time, and no more than [`WAITING`] wait: whoever floods the
//! sign-in page makes the sign-in page slow, not the server large.
//!
//! **Taken** when it is long enough, is none of the words that everybody tries first, does not repeat the name, and was not
//! theirs before. No rule about signs and capitals: they make passwords that are written on paper.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use collect::random::{Random, RandomError};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use super::common::COMMON;

/// The shortest that can be asked for, and what is asked for where nobody says.
pub const SHORTEST: usize = 8;
/// The length that is asked for where the configuration does not say.
pub const DEFAULT_LENGTH: usize = 12;
/// The longest that is hashed, in characters.
const LONGEST: usize = 256;
/// Memory of one hash, in KiB: the first of the two choices of OWASP's table.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// Hashes at a time.
const AT_ONCE: usize = 2;
/// Tries that wait for their turn.
const WAITING: usize = 64;
const SALT: usize = 16;

/// Why a text is not taken as a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// Too short.
    #[error("a password has at least {0} characters")]
    Short(usize),
    /// Too long.
    #[error("a password has at most {LONGEST} characters")]
    Long,
    /// Everybody tries it first.
    #[error(
        "this password is among those that are tried first; several words that do not belong together are better"
    )]
    Common,
    /// It is made of the name.
    #[error("the password must not hold the name of the account")]
    Name,
    /// It was theirs before.
    #[error("this password was used before")]
    Used,
}

/// Nobody could look at it now.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many wait already.
    #[error("too many passwords are being checked")]
    Busy,
    /// The system gives no randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The library says no, or its thread ended.
    #[error("a password cannot be hashed: {0}")]
    Failed(String),
}

/// What a new password is held against.
pub fn check(text: &SecretString, name: &str, length: usize) -> Result<(), Weak> {
    let text = text.expose_secret();
    let characters = text.chars().count();
    if characters < length.max(SHORTEST) {
        return Err(Weak::Short(length.max(SHORTEST)));
    }
    if characters > LONGEST {
        return Err(Weak::Long);
    }
    let lower = text.to_lowercase();
    if name.len() >= 3 && lower.contains(&name.to_lowercase()) {
        return Err(Weak::Name);
    }
    if is_common(&lower) { Err(Weak::Common) } else { Ok(()) }
}

/// Whether what is left is a word of the list, after the digits and signs at both ends are taken off and those that stand for
/// letters are read as letters; or whether it is made of very few different characters, or of a row of the keyboard.
fn is_common(lower: &str) -> bool {
    let plain = |text: &str| -> String { text.chars().map(letter).filter(|c| c.is_alphanumeric()).collect() };
    let stripped = lower.trim_matches(|c: char| !c.is_alphabetic());
    let different: BTreeSet<char> = lower.chars().collect();
    if different.len() < 5 || is_row(lower) {
        return true;
    }
    let (whole, inner) = (plain(lower), plain(stripped));
    // The longest first: "pass" would leave "word" of "password".
    let mut words = COMMON.to_vec();
    words.sort_by_key(|word| Reverse(word.len()));
    let rest = words.iter().fold(inner, |rest, word| rest.replace(word, ""));
    COMMON.binary_search(&whole.as_str()).is_ok() || rest.chars().count() < 3
}

/// A digit or sign that is often put for a letter, as that letter.
fn letter(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// Whether most of its neighbours are neighbours in a row of the keyboard or in the alphabet.
fn is_row(lower: &str) -> bool {
    const ROWS: [&str; 7] = [
        "1234567890",
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "abcdefghijklmnopqrstuvwxyz",
        "1q2w3e4r5t6y7u8i9o0p",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    ];
    let characters: Vec<char> = lower.chars().collect();
    let near = |a: char, b: char| {
        ROWS.iter().any(|row| match (row.find(a), row.find(b)) {
            (Some(a), Some(b)) => a.abs_diff(b) <= 1,
            _ => false,
        })
    };
    let close = characters.windows(2).filter(|pair| near(pair[0], pair[1])).count();
    close * 3 >= characters.len().saturating_sub(1) * 2
}

/// Hashes passwords, a few at a time.
#[derive(Clone)]
pub struct Passwords {
    work: Arc<Work>,
}

struct Work {
    argon2: Argon2<'static>,
    turns: Semaphore,
    places: Semaphore,
    /// What an unknown name is checked against, so that it takes as long as a known one.
    nobody: String,
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passwords")
    }
}

impl Passwords {
    /// As they are hashed outside of tests.
    pub fn new() -> Self {
        Self::with_cost(MEMORY_KIB, PASSES)
    }

    /// With other costs: tests need not wait.
    pub fn with_cost(memory_kib: u32, passes: u32) -> Self {
        let params = Params::new(memory_kib, passes, 1, None).unwrap_or_default();
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        // Nobody's password: its salt and text need not be secret, only its cost be the same.
        let nobody = argon2
            .hash_password_with_salt(b"nobody's password", &[7; SALT])
            .map(|hash| hash.to_string())
            .unwrap_or_default();
        let (turns, places) = (Semaphore::new(AT_ONCE), Semaphore::new(AT_ONCE + WAITING));
        Self { work: Arc::new(Work { argon2, turns, places, nobody }) }
    }

    /// Hashes a password; blocks for some tens of milliseconds.
    pub fn hash_now(&self, text: &SecretString, random: &dyn Random) -> Result<SecretString, HashError> {
        let mut salt = [0; SALT];
        random.fill(&mut salt)?;
        let hash = self.work.argon2.hash_password_with_salt(text.expose_secret().as_bytes(), &salt);
        hash.map(|hash| hash.to_string().into()).map_err(|error| HashError::Failed(error.to_string()))
    }

    /// Whether this is the password; blocks. Without one that is kept it takes as long, and is no.
    pub fn verify_now(&self, text: &SecretString, kept: Option<&SecretString>) -> bool {
        let known = kept.map_or(self.work.nobody.as_str(), ExposeSecret::expose_secret);
        let Ok(hash) = PasswordHash::new(known) else { return false };
        let same = self.work.argon2.verify_password(text.expose_secret().as_bytes(), &hash).is_ok();
        same && kept.is_some()
    }

    /// Whether one of these is the password; blocks.
    pub fn is_one_of(&self, text: &SecretString, kept: &[SecretString]) -> bool {
        kept.iter().any(|kept| self.verify_now(text, Some(kept)))
    }

    /// Does such work off the async threads, when its turn comes.
    pub(crate) async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Result<T, HashError> {
        let _place = self.work.places.try_acquire().map_err(|_| HashError::Busy)?;
        let _turn = self.work.turns.acquire().await.map_err(|_| HashError::Busy)?;
        let passwords = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&passwords)).await;
        done.map_err(|error| HashError::Failed(error.to_string()))
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use collect::random::SeededRandom;

    use super::*;

    fn checked(text: &str) -> Result<(), Weak> {
        check(&text.into(), "kim.jisu", DEFAULT_LENGTH)
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for text in [
            "password1234",
            "P@ssw0rd2026!",
            "adminadmin123!",
            "qwertyuiop12",
            "1q2w3e4r5t6y",
            "blacklist2026",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "123456789012",
            "qlalfqjsgh12!",
        ] {
            assert_eq!(checked(text), Err(Weak::Common), "{text}");
        }
    }

    #[test]
    fn length_name_and_nothing_else_decide() {
        assert_eq!(checked("short"), Err(Weak::Short(12)));
        assert_eq!(checked(&"xyz ".repeat(65)), Err(Weak::Long));
        assert_eq!(checked("7-Kim.Jisu-rain"), Err(Weak::Name));
        for text in ["corner lamp seven otter", "비 오는 날 초록 우산 셋", "vK3-tq9-Lw2-hd"] {
            assert_eq!(checked(text), Ok(()), "{text}");
        }
        // Nobody can ask for less than eight.
        assert_eq!(check(&"lamp7ot".into(), "kim", 1), Err(Weak::Short(SHORTEST)));
    }

    #[test]
    fn the_list_is_in_order() {
        assert!(COMMON.is_sorted());
    }

    #[test]
    fn the_right_password_opens_and_no_other() {
        let passwords = Passwords::with_cost(8, 1);
        let random = SeededRandom::new(1);
        let (right, wrong) = ("corner lamp".into(), "corner lamb".into());
        let kept = passwords.hash_now(&right, &random).unwrap();
        assert!(kept.expose_secret().starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        assert!(passwords.verify_now(&right, Some(&kept)));
        assert!(!passwords.verify_now(&wrong, Some(&kept)));
        assert!(!passwords.verify_now(&right, None));
        assert!(!passwords.verify_now(&"nobody's password".into(), None), "nobody has a password");
        assert!(!passwords.verify_now(&right, Some(&"not a hash".into())));
        let again = passwords.hash_now(&right, &random).unwrap();
        assert_ne!(again.expose_secret(), kept.expose_secret(), "another salt");
        assert!(passwords.is_one_of(&right, &["x".into(), kept]));
    }
}
