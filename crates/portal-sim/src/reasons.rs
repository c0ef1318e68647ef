//! Why an address is listed: 120 short texts, as many as the portal was seen to use, in our own words.

use crate::dataset::REASONS;

macro_rules! about {
    ($($what:literal),+ $(,)?) => {
        [$([
            concat!($what, " 취약점 공격 탐지"),
            concat!($what, " 취약점 스캔 탐지"),
            concat!($what, " 원격 명령 실행 시도 탐지"),
            concat!($what, " 인증 우회 시도 탐지"),
            concat!($what, " 관리자 계정 대입 공격 탐지"),
            concat!($what, " 설정 파일 열람 시도 탐지"),
            concat!($what, " 악성 파일 업로드 시도 탐지"),
            concat!($what, " 비정상 요청 반복 탐지"),
        ]),+]
    };
}

const ABOUT: [[&str; 8]; 12] = about![
    "WordPress",
    "Apache Struts",
    "Apache Log4j",
    "Oracle WebLogic",
    "Spring Framework",
    "PHPUnit",
    "ThinkPHP",
    "Exchange Server",
    "SSL VPN 장비",
    "NAS 장비",
    "무선 공유기",
    "IP 카메라",
];

/// How many different reasons there are.
pub const COUNT: usize = REASONS.len() + ABOUT.len() * ABOUT[0].len();

/// The reason of a number; numbers beyond [`COUNT`] begin again.
pub fn reason(number: u64) -> &'static str {
    let at = number as usize % COUNT;
    match at.checked_sub(REASONS.len()) {
        None => REASONS[at],
        Some(at) => ABOUT[at / 8][at % 8],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn there_are_120_different_short_reasons() {
        let all: HashSet<_> = (0..COUNT as u64).map(reason).collect();
        assert_eq!(all.len(), 120);
        assert!(all.iter().all(|text| text.chars().count() <= 49));
    }
}
