//! Dates as sources write them, read as Asia/Seoul unless they name a zone themselves.
//!
//! Korean portals write days, not moments. A day that begins something begins at its 00:00; a day that ends something
//! still counts whole. Only what names its zone is taken to the second when it ends something.

use std::fmt::{self, Display, Formatter};

use blocklist::{Cause, Time};
use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};

/// A date as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// A day, perhaps with a time of day, by the clocks of Seoul.
    Local(DateTime),
    /// A point in time.
    Exact(Timestamp),
}

/// The years that are read; outside of them a date is a mistake (0001 and 9999 stand for "none" in some systems).
const YEARS: std::ops::RangeInclusive<i16> = 1970..=9998;

impl Moment {
    /// Days since 1899-12-30, as workbooks count. Their leap day of 1900, which never was, lies before the years read.
    pub(super) fn from_serial(days: f64) -> Option<Self> {
        if !(0.0..=3_000_000.0).contains(&days) {
            return None;
        }
        let seconds = (days * 86_400.0).round() as i64;
        let start = Date::constant(1899, 12, 30).to_datetime(jiff::civil::Time::midnight());
        Self::local(start.checked_add(SignedDuration::from_secs(seconds)).ok()?)
    }

    /// A bare number: `YYYYMMDD`, a day of a workbook (five digits), or seconds or milliseconds since 1970.
    pub(super) fn from_number(number: f64) -> Option<Self> {
        match number {
            n if (25_569.0..1_000_000.0).contains(&n) => Self::from_serial(n),
            n if n.fract() != 0.0 => None,
            n if (19_700_101.0..=99_981_231.0).contains(&n) => compact(n as u64),
            n if (1e9..1e11).contains(&n) => Self::exact(Timestamp::from_second(n as i64).ok()?),
            n if (1e12..1e14).contains(&n) => Self::exact(Timestamp::from_millisecond(n as i64).ok()?),
            _ => None,
        }
    }

    fn local(at: DateTime) -> Option<Self> {
        YEARS.contains(&at.year()).then_some(Self::Local(at))
    }

    fn exact(at: Timestamp) -> Option<Self> {
        let seconds = at.as_second();
        (0..253_370_764_800).contains(&seconds).then_some(Self::Exact(at)) // to the end of 9998
    }

    /// When what is dated so begins.
    pub(super) fn begins(self) -> Result<Time, Cause> {
        match self {
            Self::Exact(at) => Ok(Time::from_unix(at.as_second())),
            Self::Local(at) => {
                let day = Time::start_of_day(at.date()).ok_or(Cause::Date)?;
                let since =
                    i64::from(at.hour()) * 3600 + i64::from(at.minute()) * 60 + i64::from(at.second());
                Ok(day.plus_seconds(since))
            }
        }
    }

    /// When what ends so has ended.
    pub(super) fn ends(self) -> Result<Time, Cause> {
        match self {
            Self::Exact(at) => Ok(Time::from_unix(at.as_second())),
            Self::Local(at) => Time::end_of_day(at.date()).ok_or(Cause::Date),
        }
    }
}

impl Display for Moment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(at) => Display::fmt(at, f),
            Self::Local(at) => Display::fmt(&at.strftime("%Y-%m-%d %H:%M:%S"), f),
        }
    }
}

/// Reads a date. Known are `YYYY-MM-DD` (also with `.` or `/`), `YYYYMMDD`, `2025년 06월 24일`, each but the compact one
/// with ` HH:MM[:SS[.f]]` after it, RFC 3339, and seconds or milliseconds since 1970.
pub(super) fn read(text: &str) -> Option<Moment> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return match text.len() {
            8 => compact(text.parse().ok()?),
            10 | 13 => Moment::from_number(text.parse().ok()?),
            _ => None,
        };
    }
    if text.len() > 10
        && text.as_bytes()[10].eq_ignore_ascii_case(&b't')
        && let Ok(at) = text.parse::<Timestamp>()
    {
        return Moment::exact(at);
    }
    let (year, rest) = number(text, 4..=4)?;
    let (separator, rest) = separator(rest, &["-", ".", "/", "년"])?;
    let (month, rest) = number(rest, 1..=2)?;
    let rest = match separator {
        "년" => rest.trim_start().strip_prefix('월')?.trim_start(),
        same => rest.strip_prefix(same)?.trim_start_matches(if same == "." { " " } else { "" }),
    };
    let (day, rest) = number(rest, 1..=2)?;
    let rest = match separator {
        "년" => rest.trim_start().strip_prefix('일')?,
        "." => rest.strip_prefix('.').unwrap_or(rest),
        _ => rest,
    };
    let date = Date::new(year as i16, month as i8, day as i8).ok()?;
    Moment::local(date.to_datetime(time(rest)?))
}

/// A date without a zone, with that of UTC; `None` for any other text.
pub(super) fn in_utc(text: &str) -> Option<String> {
    match read(text)? {
        Moment::Local(at) => Some(format!("{}Z", at.strftime("%Y-%m-%dT%H:%M:%S"))),
        Moment::Exact(_) => None,
    }
}

fn compact(number: u64) -> Option<Moment> {
    let date = Date::new((number / 10_000) as i16, (number / 100 % 100) as i8, (number % 100) as i8).ok()?;
    Moment::local(date.to_datetime(jiff::civil::Time::midnight()))
}

/// The time of day after a date: nothing, or `HH:MM`, `HH:MM:SS`, `HH:MM:SS.f` after space or `T`.
fn time(rest: &str) -> Option<jiff::civil::Time> {
    if rest.trim().is_empty() {
        return Some(jiff::civil::Time::midnight());
    }
    let rest = rest.strip_prefix(['T', ' '])?.trim();
    let (hour, rest) = number(rest, 1..=2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2..=2)?;
    let (second, rest) = match rest.strip_prefix(':') {
        Some(rest) => number(rest, 2..=2)?,
        None => (0, rest),
    };
    let whole = match rest.strip_prefix('.') {
        Some(fraction) => !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit()),
        None => rest.is_empty(),
    };
    if !whole {
        return None;
    }
    jiff::civil::Time::new(hour as i8, minute as i8, second as i8, 0).ok()
}

fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<(u16, &str)> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    if !digits.contains(&end) {
        return None;
    }
    Some((text[..end].parse().ok()?, &text[end..]))
}

fn separator<'a>(text: &'a str, known: &[&'static str]) -> Option<(&'static str, &'a str)> {
    known
        .iter()
        .find_map(|&separator| Some((separator, text.strip_prefix(separator)?.trim_start_matches(' '))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begins(text: &str) -> Option<String> {
        read(text).map(|moment| moment.begins().unwrap().to_seoul())
    }

    #[test]
    fn every_way_of_writing_a_day_is_read() {
        let day = [
            "2025-06-24",
            "2025.06.24",
            "2025. 6. 24.",
            "2025/06/24",
            "20250624",
            "2025년 06월 24일",
            "2025년6월24일",
            " 2025-06-24 00:00:00 ",
            "2025-06-24 00:00:00.0",
            "2025-06-24T00:00:00",
            "2025-06-23T15:00:00Z",
            "2025-06-24T00:00:00+09:00",
            "1750690800",
            "1750690800000",
        ];
        for text in day {
            assert_eq!(begins(text).as_deref(), Some("2025-06-24 00:00"), "{text}");
        }
        assert_eq!(begins("2025년 06월 24일 13:05:59.25").as_deref(), Some("2025-06-24 13:05"));
        for number in [45832.0, 20_250_624.0, 1_750_690_800.0, 1_750_690_800_000.0] {
            assert_eq!(Moment::from_number(number).unwrap().begins().unwrap().to_seoul(), "2025-06-24 00:00");
        }
        let noon = Moment::from_serial(45832.5).unwrap();
        assert_eq!(noon.begins().unwrap().to_seoul(), "2025-06-24 12:00");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "today",
            "2025-06",
            "2025-6-31",
            "2025-13-01",
            "06/24/2025",
            "24.06.2025",
            "2025-06/24",
            "0001-01-01",
            "1969-12-31",
            "9999-12-31",
            "99991231",
            "45832",
            "2025-06-24x",
            "2025-06-24 25:00:00",
            "2025-06-24 1",
            "2025-06-24 10:00:00.",
            "2025-06-24 10:00 KST",
            "2025년",
            "２０２５-06-24",
            "20250600",
            "-2025-06-24",
            "9999-12-31T00:00:00Z",
            "2025-06-24 10:00:61",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        for number in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1.0, 20_250_632.0, 1e300, 25_568.0] {
            assert_eq!(Moment::from_number(number), None, "{number}");
            assert_eq!(Moment::from_serial(number.min(1.0)), None, "{number}");
        }
    }

    #[test]
    fn an_end_day_counts_whole_and_an_exact_end_to_the_second() {
        assert_eq!(read("2025-06-24").unwrap().ends().unwrap().to_seoul(), "2025-06-25 00:00");
        assert_eq!(read("2025-06-24 13:00:00").unwrap().ends().unwrap().to_seoul(), "2025-06-25 00:00");
        assert_eq!(read("2025-06-24T13:00:00+09:00").unwrap().ends().unwrap().to_seoul(), "2025-06-24 13:00");
    }
}
