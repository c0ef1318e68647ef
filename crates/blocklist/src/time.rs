//! Points in time, and the day rules of the portals.

use std::fmt::{self, Debug, Display, Formatter};
use std::num::NonZeroI64;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time, in whole seconds since 1970-01-01T00:00:00Z. Written as RFC 3339 in UTC.
///
/// An `Option<Time>` is as small as a `Time`, because millions of end dates are kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time(
    /// The seconds with the sign bit flipped: the one value that is left out lies 292 billion years back.
    NonZeroI64,
);

/// Asia/Seoul, UTC+9. The zone has had no daylight saving since 1988, so no zone database is needed.
pub const SEOUL: Offset = jiff::tz::offset(9);

impl Time {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn from_unix(seconds: i64) -> Self {
        // The one value that is left out becomes the second after it, so the fallback is never reached.
        Self(NonZeroI64::new(seconds.max(i64::MIN + 1) ^ i64::MIN).unwrap_or(NonZeroI64::MAX))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix(self) -> i64 {
        self.0.get() ^ i64::MIN
    }

    /// The given number of seconds later.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_unix(self.unix().saturating_add(seconds))
    }

    /// 00:00 Asia/Seoul of the given day: when what was detected that day counts from.
    pub fn start_of_day(date: Date) -> Option<Self> {
        let zoned = date.to_zoned(TimeZone::fixed(SEOUL)).ok()?;
        Some(Self::from_unix(zoned.timestamp().as_second()))
    }

    /// 00:00 Asia/Seoul of the day after: the end of a listing whose source names an end day, because that day itself
    /// still counts as listed.
    pub fn end_of_day(date: Date) -> Option<Self> {
        Self::start_of_day(date.tomorrow().ok()?)
    }

    /// Reads what people type: RFC 3339, or `YYYY-MM-DD[ HH:MM[:SS]]` in Asia/Seoul, where a day alone is its 00:00.
    pub fn from_person(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(time) = text.parse() {
            return Some(time);
        }
        // The parser of the library takes half a dozen other forms, of which a week date is one.
        let plain = |b: u8| b.is_ascii_digit() || b"-: T".contains(&b);
        if ![10, 16, 19].contains(&text.len()) || !text.bytes().all(plain) {
            return None;
        }
        let at: jiff::civil::DateTime = text.parse().ok()?;
        let zoned = at.to_zoned(TimeZone::fixed(SEOUL)).ok()?;
        Some(Self::from_unix(zoned.timestamp().as_second()))
    }

    /// As `YYYY-MM-DD HH:MM` in Asia/Seoul, for people.
    pub fn to_seoul(self) -> String {
        match jiff::Timestamp::from_second(self.unix()) {
            Ok(stamp) => stamp.to_zoned(TimeZone::fixed(SEOUL)).strftime("%Y-%m-%d %H:%M").to_string(),
            Err(_) => format!("@{}", self.unix()),
        }
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.unix().cmp(&other.unix())
    }
}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Display for Time {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // Field by field: a look-up writes some of these, and a format string would be read anew each time.
        let Ok(stamp) = jiff::Timestamp::from_second(self.unix()) else {
            return write!(f, "@{}", self.unix());
        };
        let at = Offset::UTC.to_datetime(stamp);
        let (date, time) = (at.date(), at.time());
        write!(f, "{:04}-{:02}-{:02}T", date.year(), date.month(), date.day())?;
        write!(f, "{:02}:{:02}:{:02}Z", time.hour(), time.minute(), time.second())
    }
}

impl Debug for Time {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl FromStr for Time {
    type Err = jiff::Error;

    /// Reads RFC 3339.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from_unix(text.parse::<jiff::Timestamp>()?.as_second()))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_type_times_of_seoul_or_name_the_zone() {
        let midnight = Time::start_of_day(jiff::civil::date(2026, 3, 1)).unwrap();
        for (text, after) in [
            ("2026-03-01", 0),
            (" 2026-03-01 09:30 ", 34_200),
            ("2026-03-01T09:30:05", 34_205),
            ("2026-03-01T00:30:05Z", 34_205),
            ("2026-03-01T09:30:05+09:00", 34_205),
        ] {
            assert_eq!(Time::from_person(text), Some(midnight.plus_seconds(after)), "{text}");
        }
        for bad in ["", "2026", "2026-13-01", "2026-03-01 25:00", "2026-03-01 9:30", "20260301", "yesterday"]
        {
            assert_eq!(Time::from_person(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_end_day_counts_until_midnight_in_seoul() {
        let end = Time::end_of_day(jiff::civil::date(2026, 2, 28)).unwrap();
        assert_eq!(end.to_string(), "2026-02-28T15:00:00Z");
        assert_eq!(end.to_seoul(), "2026-03-01 00:00");
    }

    #[test]
    fn an_absent_time_costs_no_space() {
        assert_eq!(size_of::<Option<Time>>(), size_of::<Time>());
        assert_eq!(Time::from_unix(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Time::from_unix(-62_135_596_800).to_string(), "0001-01-01T00:00:00Z");
        assert_eq!(Time::from_unix(i64::MAX).to_string(), format!("@{}", i64::MAX));
        let text = "2026-11-23T09:05:07Z";
        assert_eq!(text.parse::<Time>().unwrap().to_string(), text);
        assert!(Time::from_unix(-1) < Time::from_unix(0));
        assert!(Time::from_unix(i64::MIN) < Time::from_unix(0));
    }
}
