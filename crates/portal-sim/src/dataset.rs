//! Rows from a seed: the same seed gives the same rows on every machine.

use std::collections::HashSet;
use std::net::Ipv4Addr;

use jiff::civil::Date;
use prefix::{Net4, Prefix, Rules};

/// One listing, as either portal would tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The address, or `-` and the like where a fault wants it.
    pub address: String,
    /// Two letters.
    pub country: &'static str,
    /// Why, in Korean.
    pub reason: &'static str,
    /// Kind of attack, as SECUDIUM names it.
    pub category: &'static str,
    /// How grave, as SECUDIUM names it.
    pub severity: &'static str,
    /// The day it was registered.
    pub detected: Date,
    /// The last day on which it is listed; REGTECH always says one.
    pub until: Option<Date>,
}

/// Reasons in our own words.
pub const REASONS: [&str; 24] = [
    "관리자 페이지 무차별 대입 시도",
    "원격 데스크톱 로그인 반복 실패",
    "SSH 계정 추측 공격",
    "웹 취약점 자동 점검 도구 사용",
    "SQL 구문 삽입 시도",
    "스크립트 삽입(XSS) 시도 & 우회 문자열 사용",
    "경로 이동을 이용한 파일 열람 시도",
    "웹셸 업로드 시도",
    "포트 전수 검색",
    "DNS 증폭 공격 참여",
    "NTP 증폭 공격 참여",
    "원격 코드 실행 취약점 이용 시도",
    "악성코드 유포지 접속 유도",
    "명령 제어 서버 통신",
    "금융 사칭 사이트 운영",
    "스팸 메일 대량 발송",
    "VPN 장비 취약점 검색",
    "프린터 관리 포트 검색",
    "사물인터넷 기본 암호 로그인 시도",
    "개인정보 입력 유도 \"사칭\" 페이지",
    "랜섬웨어 감염 단말 통신",
    "비정상 HTTP 메서드 <TRACE> 사용",
    "데이터베이스 포트 무단 접속",
    "토르 출구를 통한 로그인 시도",
];

/// Countries of the made-up rows.
pub const COUNTRIES: [&str; 16] =
    ["US", "CN", "RU", "NL", "DE", "VN", "IN", "BR", "ID", "FR", "GB", "SG", "HK", "TW", "JP", "KR"];

const CATEGORIES: [&str; 3] = ["Hacking", "Worm", "Scanning"];
const SEVERITIES: [&str; 4] = ["MINOR", "WARNING", "CRITICAL", "FATAL"];

/// A source of numbers (`SplitMix64`): small, and the same for ever, which a library's generator does not promise.
#[derive(Clone, Debug)]
pub struct Seed(pub u64);

impl Seed {
    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number under `end`, which is not 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.number() % end
    }

    /// One of the items; an empty slice has none to give.
    pub fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        if items.is_empty() {
            return T::default();
        }
        items[self.below(items.len() as u64) as usize]
    }

    /// A host in public IPv4 space.
    pub fn host(&mut self) -> Ipv4Addr {
        loop {
            let bits = self.number() as u32;
            let prefix = Prefix::from(Net4::host(bits));
            // Zeros and ones at the end look like networks; real hosts seldom have them.
            if Rules::default().admit(prefix).is_ok() && !matches!(bits & 0xff, 0 | 255) {
                return bits.into();
            }
        }
    }
}

/// `count` rows with different addresses. They were registered in the 80 days up to `newest`, and end 82 to 180 days
/// after that, as REGTECH's do.
pub fn rows(seed: u64, count: usize, newest: Date) -> Vec<Row> {
    let mut seed = Seed(seed);
    let mut known = HashSet::new();
    let mut rows = Vec::with_capacity(count);
    while rows.len() < count {
        let address = seed.host();
        if !known.insert(address) {
            continue;
        }
        let detected = plus_days(newest, -(seed.below(80) as i64));
        rows.push(Row {
            address: address.to_string(),
            country: seed.pick(&COUNTRIES),
            reason: seed.pick(&REASONS),
            category: seed.pick(&CATEGORIES),
            severity: seed.pick(&SEVERITIES),
            detected,
            until: Some(plus_days(detected, 82 + seed.below(99) as i64)),
        });
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.detected));
    rows
}

/// A day some days later; at the ends of the calendar, the day itself.
pub fn plus_days(day: Date, days: i64) -> Date {
    day.checked_add(jiff::SignedDuration::from_hours(24 * days)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_public_different_addresses_every_time() {
        let day = jiff::civil::date(2026, 6, 1);
        let made = rows(7, 2_000, day);
        assert_eq!(made, rows(7, 2_000, day));
        assert_ne!(made[..10], rows(8, 2_000, day)[..10]);
        let addresses: HashSet<_> = made.iter().map(|row| &row.address).collect();
        assert_eq!(addresses.len(), 2_000);
        for row in &made {
            Rules::default().admit(row.address.parse().unwrap()).unwrap();
            assert!(row.detected <= day && row.until.unwrap() > row.detected);
        }
    }
}
