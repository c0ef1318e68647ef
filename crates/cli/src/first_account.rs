//! The first account, made by the first start of `serve`: without one, nobody could sign in to make another.
//!
//! Its one-time password goes to standard output, once. It never goes to the log, which is kept, copied and read by many.
//! Who missed it, or could not be shown it because standard output was closed, gets another by the command line: whoever
//! may run that on the data directory may do everything there anyway.

use std::sync::Arc;

use blocklist::Time;
use collect::random::Random;
use secrecy::{ExposeSecret, SecretString};
use server::{Passwords, one_time_password};
use store::{Actor, Role, Store, UserName};

use crate::failure::Failure;
use crate::language::Language;

/// How long a one-time password is good, in hours.
pub(crate) const ONE_TIME_HOURS: i64 = 72;
/// Who makes the first account.
const PROGRAM: Actor<'static> = Actor { address: None, by: "blacklist", note: Some("the first start") };

/// A password that is good once, as it was kept.
pub(crate) struct OneTime {
    pub(crate) text: SecretString,
    /// The first second at which it is no longer good.
    pub(crate) until: Time,
}

/// Draws a one-time password; and its hash, for the store.
pub(crate) fn draw(now: Time, random: &dyn Random) -> Result<(OneTime, SecretString), Failure> {
    let text = one_time_password(random).map_err(|error| Failure::from_error(&error))?;
    let hash = Passwords::new().hash_now(&text, random).map_err(|error| Failure::from_error(&error))?;
    Ok((OneTime { text, until: now.plus_seconds(ONE_TIME_HOURS * 3_600) }, hash))
}

/// Makes the account when there is none at all, and hands back its password; blocks.
pub(crate) fn make(store: &Store, now: Time, random: &dyn Random) -> Result<Option<OneTime>, Failure> {
    if !store.users()?.is_empty() {
        return Ok(None);
    }
    let name: UserName = UserName::FIRST.parse().map_err(|error| Failure::from_error(&error))?;
    let (password, hash) = draw(now, random)?;
    match store.add_user(&name, Role::Admin, &hash, true, Some(password.until), &PROGRAM) {
        Ok(_) => Ok(Some(password)),
        // Another process was quicker, and shows its password.
        Err(store::Error::UserExists(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Makes it off the async threads, and tells of it; `url` is where to sign in. That it cannot be made keeps nothing else
/// from being served.
pub(crate) async fn greet(
    store: Arc<Store>,
    now: Time,
    random: Arc<dyn Random>,
    url: &str,
    language: Language,
) {
    let made = tokio::task::spawn_blocking(move || make(&store, now, &*random)).await;
    match made {
        Ok(Ok(None)) => {}
        Ok(Ok(Some(password))) => {
            if crate::output::write_out(words(&password, url, language).expose_secret().as_bytes()).is_err() {
                tracing::warn!(
                    "the first account is made and its password could not be shown; `blacklist user password {} --one-time` makes another",
                    UserName::FIRST
                );
            }
        }
        Ok(Err(failure)) => {
            tracing::error!(causes = ?failure.causes, "{}; nobody can sign in: `blacklist user add` makes an account", failure.what);
        }
        Err(error) => {
            tracing::error!(%error, "the first account could not be made; `blacklist user add` makes one");
        }
    }
}

/// What the person at the terminal is told.
fn words(password: &OneTime, url: &str, language: Language) -> SecretString {
    let (name, text, until) = (UserName::FIRST, password.text.expose_secret(), password.until.to_seoul());
    match language {
        Language::English => format!(
            "sign in at {url}/ as {name} with the one-time password {text}\n\
             it is shown this once and is good until {until} KST; signing in asks for a password of your own\n\
             for another one: blacklist user password {name} --one-time\n"
        ),
        Language::Korean => format!(
            "{url}/ 에서 계정 {name}, 일회용 비밀번호 {text} 로 로그인하십시오\n\
             이 비밀번호는 지금 한 번만 표시되고 {until}(KST)까지 쓸 수 있습니다. 로그인하면 새 비밀번호를 정합니다\n\
             다시 발급: blacklist user password {name} --one-time\n"
        ),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use blocklist::{Clock, SystemClock};
    use collect::random::SeededRandom;

    use super::*;

    #[test]
    fn it_is_made_once_with_a_password_that_opens_it_and_has_to_be_changed() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), Arc::new(SystemClock)).unwrap();
        let (now, random) = (SystemClock.now(), SeededRandom::new(5));
        let password = make(&store, now, &random).unwrap().unwrap();
        let keys = store.user_keys(&"admin".parse().unwrap()).unwrap().unwrap();
        assert!(Passwords::new().verify_now(&password.text, Some(&keys.password)));
        assert_eq!((keys.row.role, keys.row.must_change), (Role::Admin, true));
        assert_eq!(keys.row.password_until, Some(now.plus_seconds(72 * 3_600)));
        assert!(make(&store, now, &random).unwrap().is_none(), "made once");
        for language in [Language::English, Language::Korean] {
            let words = words(&password, "http://127.0.0.1:1", language);
            let words = words.expose_secret();
            assert!(words.contains(password.text.expose_secret()) && words.lines().count() == 3, "{words}");
        }
    }
}
