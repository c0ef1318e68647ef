//! The keys of accounts.

use std::fmt::Display;
use std::time::Duration;

use server::{AskCodes, SHORTEST};
use store::Role;

use super::{Key, Kind, read, show};

/// The word for a role that may do nothing.
const NONE: &str = "none";
/// The longest password that may be asked for, in characters: nobody types more.
const LONGEST_ASKED: usize = 128;

pub(super) const LOCAL_ROLE: Key = key!(
    "accounts.local_role",
    Text,
    accounts.local_role,
    local_role,
    show_local_role,
    "What a program on this machine may do over HTTP that shows no token: none, viewer, operator or admin.",
    "이 서버 안의 프로그램이 토큰 없이 HTTP로 접속할 때의 권한: none(없음), viewer, operator, admin."
);

pub(super) const IDLE_MINUTES: Key = key!(
    "accounts.idle_minutes",
    Whole,
    accounts.idle,
    |text: &str| span(text, 60, 1, 24 * 60),
    |idle: &Duration| (idle.as_secs() / 60).to_string(),
    "After so many minutes without use a session ends (1 to 1440).",
    "이 시간(분) 동안 사용하지 않으면 로그아웃합니다(1~1440)."
);

pub(super) const SESSION_HOURS: Key = key!(
    "accounts.session_hours",
    Whole,
    accounts.longest,
    |text: &str| span(text, 3_600, 1, 30 * 24),
    |longest: &Duration| (longest.as_secs() / 3_600).to_string(),
    "After so many hours a session ends, used or not (1 to 720).",
    "사용 중이라도 이 시간이 지나면 다시 로그인해야 합니다(1~720시간)."
);

pub(super) const PASSWORD_LENGTH: Key = key!(
    "accounts.password_length",
    Whole,
    accounts.password_length,
    |text: &str| within(text, SHORTEST, LONGEST_ASKED),
    show,
    "The fewest characters of a new password (8 to 128).",
    "새 비밀번호의 최소 글자 수(8~128)."
);

pub(super) const CODES: Key = key!(
    "accounts.codes",
    Text,
    accounts.codes,
    codes,
    show_codes,
    "Who needs one-time codes to sign in: own (those who set them up), admins or all.",
    "로그인할 때 인증 번호(OTP)를 요구할 대상: own(직접 설정한 계정만), admins(모든 관리자), all(모든 계정)."
);

pub(super) const UNENCRYPTED: Key = key!(
    "accounts.unencrypted",
    Flag,
    accounts.unencrypted,
    read,
    show,
    "Let other machines sign in, and send tokens, over a connection that is not encrypted: everybody on the way can read them.",
    "다른 장비가 암호화되지 않은 연결로 로그인하거나 토큰을 보내는 것을 허용합니다. 중간에서 누구나 볼 수 있습니다."
);

fn local_role(text: &str) -> Result<Option<Role>, String> {
    let role: Option<Role> = if text == NONE { None } else { text.parse().ok() };
    if role.is_none() && text != NONE {
        return Err(format!("'{text}': one of none viewer operator admin"));
    }
    Ok(role)
}

#[expect(clippy::ref_option, reason = "the shape of every writer: a reference to the field")]
fn show_local_role(role: &Option<Role>) -> String {
    role.map_or(NONE, Role::as_str).to_owned()
}

fn codes(text: &str) -> Result<AskCodes, String> {
    match text {
        "own" => Ok(AskCodes::Own),
        "admins" => Ok(AskCodes::Admins),
        "all" => Ok(AskCodes::All),
        _ => Err(format!("'{text}': one of own admins all")),
    }
}

fn show_codes(codes: &AskCodes) -> String {
    match codes {
        AskCodes::Own => "own",
        AskCodes::Admins => "admins",
        AskCodes::All => "all",
    }
    .to_owned()
}

/// So many spans of some seconds each.
fn span(text: &str, seconds: u64, least: u64, most: u64) -> Result<Duration, String> {
    within(text, least, most).map(|count| Duration::from_secs(count * seconds))
}

fn within<T>(text: &str, least: T, most: T) -> Result<T, String>
where
    T: std::str::FromStr<Err: Display> + PartialOrd + Display + Copy,
{
    let number: T = read(text)?;
    if (least..=most).contains(&number) {
        Ok(number)
    } else {
        Err(format!("'{text}': not between {least} and {most}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn set(key: &Key, text: &str) -> Result<Config, String> {
        let mut config = Config::default();
        (key.set)(&mut config, text).map(|()| config)
    }

    #[test]
    fn what_a_local_program_may_do_is_a_role_or_nothing() {
        assert_eq!(set(&LOCAL_ROLE, "none").unwrap().accounts.local_role, None);
        assert_eq!(set(&LOCAL_ROLE, "admin").unwrap().accounts.local_role, Some(Role::Admin));
        for bad in ["", "root", "Admin"] {
            assert!(set(&LOCAL_ROLE, bad).unwrap_err().contains("none viewer"), "{bad}");
        }
    }

    #[test]
    fn times_and_lengths_are_bounded() {
        let config = set(&IDLE_MINUTES, "5").unwrap();
        assert_eq!(config.accounts.idle, Duration::from_mins(5));
        assert_eq!(set(&SESSION_HOURS, "720").unwrap().accounts.longest, Duration::from_hours(720));
        for (key, bad) in [
            (&IDLE_MINUTES, "0"),
            (&IDLE_MINUTES, "1441"),
            (&SESSION_HOURS, "721"),
            (&PASSWORD_LENGTH, "7"),
            (&PASSWORD_LENGTH, "129"),
            (&CODES, "everybody"),
            (&UNENCRYPTED, "yes"),
        ] {
            assert!(set(key, bad).is_err(), "{} = {bad}", key.name);
        }
    }
}
