//! Times and spans as people type them. Days and clocks are those of Asia/Seoul, or of the zone that the person chose on the
//! pages, unless the text names one.

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

use crate::Time;
use crate::time::SEOUL;

/// The longest span: ten years.
pub const MAX_SPAN: i64 = 3_650 * 86_400;

/// A text that is no time or span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadWhen {
    /// No time.
    #[error("write a time as 2026-11-23, '2026-11-23 14:30' (both Asia/Seoul) or 2026-11-23T05:30:00Z")]
    Time,
    /// No span.
    #[error("write a span as 30m, 4h or 7d, at most 3650d")]
    Span,
}

/// A moment: RFC 3339, or `YYYY-MM-DD[ HH:MM[:SS]]` in Asia/Seoul; a day alone is its 00:00.
pub fn moment(text: &str) -> Result<Time, BadWhen> {
    moment_in(text, SEOUL)
}

/// The same, in another zone than Asia/Seoul.
pub fn moment_in(text: &str, zone: Offset) -> Result<Time, BadWhen> {
    let text = text.trim();
    if let Ok(time) = text.parse() {
        return Ok(time);
    }
    let at = day(text).map(Date::into).or_else(|| clock(text));
    at.and_then(|at| time(at, zone)).ok_or(BadWhen::Time)
}

/// An end: as [`moment`], but a day alone still counts whole.
pub fn end(text: &str) -> Result<Time, BadWhen> {
    end_in(text, SEOUL)
}

/// The same, in another zone than Asia/Seoul.
pub fn end_in(text: &str, zone: Offset) -> Result<Time, BadWhen> {
    match day(text.trim()) {
        Some(day) => day.tomorrow().ok().and_then(|next| time(next.into(), zone)).ok_or(BadWhen::Time),
        None => moment_in(text, zone),
    }
}

/// A span in seconds: a whole number and `m`, `h` or `d`.
pub fn span(text: &str) -> Result<i64, BadWhen> {
    let text = text.trim();
    let unit = match text.as_bytes().last() {
        Some(b'm') => 60,
        Some(b'h') => 3_600,
        Some(b'd') => 86_400,
        _ => return Err(BadWhen::Span),
    };
    let digits = &text[..text.len() - 1];
    let plain = !digits.is_empty() && digits.len() <= 9 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let count: i64 = if plain { digits.parse().map_err(|_| BadWhen::Span)? } else { 0 };
    let seconds = count.saturating_mul(unit);
    if (1..=MAX_SPAN).contains(&seconds) { Ok(seconds) } else { Err(BadWhen::Span) }
}

fn day(text: &str) -> Option<Date> {
    if text.len() == 10 { text.parse().ok() } else { None }
}

fn clock(text: &str) -> Option<DateTime> {
    let (date, clock) = text.split_once([' ', 'T'])?;
    Some(DateTime::from_parts(day(date)?, clock.parse().ok()?))
}

fn time(at: DateTime, zone: Offset) -> Option<Time> {
    let at = at.to_zoned(TimeZone::fixed(zone)).ok()?;
    Some(Time::from_unix(at.timestamp().as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_a_zone_is_one_of_seoul() {
        let cases = [
            ("2026-11-23", "2026-11-22T15:00:00Z"),
            ("2026-11-23 14:30", "2026-11-23T05:30:00Z"),
            ("2026-11-23 14:30:15", "2026-11-23T05:30:15Z"),
            ("2026-11-23T05:30:00Z", "2026-11-23T05:30:00Z"),
            ("2026-11-23T14:30:00+09:00", "2026-11-23T05:30:00Z"),
        ];
        for (text, expected) in cases {
            assert_eq!(moment(text).map(|time| time.to_string()).as_deref(), Ok(expected), "{text}");
        }
        for bad in ["", "tomorrow", "2026-13-01", "23.11.2026", "2026-11-23 25:00", "14:30"] {
            assert_eq!(moment(bad), Err(BadWhen::Time), "{bad}");
        }
    }

    #[test]
    fn the_day_of_an_end_counts_whole() {
        assert_eq!(end("2026-11-23").unwrap().to_string(), "2026-11-23T15:00:00Z");
        assert_eq!(end("2026-11-23 14:30"), moment("2026-11-23 14:30"));
    }

    #[test]
    fn another_zone_moves_days_and_clocks_and_nothing_that_names_its_own() {
        let zone = jiff::tz::offset(0);
        for (text, from, until) in [
            ("2026-11-23", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"),
            ("2026-11-23T14:30", "2026-11-23T14:30:00Z", "2026-11-23T14:30:00Z"),
            ("2026-11-23T14:30:00+09:00", "2026-11-23T05:30:00Z", "2026-11-23T05:30:00Z"),
        ] {
            assert_eq!(moment_in(text, zone).unwrap().to_string(), from, "{text}");
            assert_eq!(end_in(text, zone).unwrap().to_string(), until, "{text}");
        }
    }

    #[test]
    fn spans_are_minutes_hours_or_days() {
        assert_eq!([span("30m"), span("4h"), span("7d")], [Ok(1_800), Ok(14_400), Ok(604_800)]);
        for bad in ["", "4", "0h", "-1h", "4 h", "h", "4w", "3651d", "99999999999d", "4시"] {
            assert_eq!(span(bad), Err(BadWhen::Span), "{bad}");
        }
    }
}
