//! Lengths of time as people write them: `90s`, `15m`, `6h`, `7d`.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;
use std::time::Duration;

/// A length of time in whole seconds, at most ten years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u32);

const UNITS: [(char, u32); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];
const LONGEST: u32 = 3_660 * 86_400;

impl Span {
    /// So many seconds, cut at ten years.
    pub const fn seconds(seconds: u32) -> Self {
        Self(if seconds > LONGEST { LONGEST } else { seconds })
    }

    /// So many minutes.
    pub const fn minutes(minutes: u32) -> Self {
        Self::seconds(minutes.saturating_mul(60))
    }

    /// So many hours.
    pub const fn hours(hours: u32) -> Self {
        Self::seconds(hours.saturating_mul(3_600))
    }

    /// So many days.
    pub const fn days(days: u32) -> Self {
        Self::seconds(days.saturating_mul(86_400))
    }

    /// In seconds.
    pub const fn as_seconds(self) -> i64 {
        self.0 as i64
    }

    /// For timers.
    pub const fn as_duration(self) -> Duration {
        Duration::from_secs(self.0 as u64)
    }
}

impl Display for Span {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (unit, seconds) = UNITS
            .into_iter()
            .find(|(_, seconds)| self.0 >= *seconds && self.0.is_multiple_of(*seconds))
            .unwrap_or(('s', 1));
        write!(f, "{}{unit}", self.0 / seconds)
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!("'{}': a number with s, m, h or d behind it, such as 15m or 6h", crate::text::short(text))
        };
        let unit = text.chars().next_back().ok_or_else(wrong)?;
        let seconds = UNITS.into_iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?.1;
        let number = &text[..text.len() - 1];
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        let number: u32 = number.parse().map_err(|_| wrong())?;
        match number.checked_mul(seconds) {
            Some(seconds) if seconds <= LONGEST => Ok(Self(seconds)),
            _ => Err(format!("'{text}': longer than ten years")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_reads_back_what_it_shows() {
        for text in ["0s", "90s", "15m", "6h", "7d", "61m", "3660d"] {
            assert_eq!(text.parse::<Span>().unwrap().to_string(), text);
        }
        assert_eq!("60m".parse::<Span>().unwrap().to_string(), "1h");
        assert_eq!("2h".parse::<Span>().unwrap().as_seconds(), 7_200);
        for bad in ["", "m", "15", "-1h", "1.5h", "1w", "99999d", "4294967295d", " 1h", "1시"] {
            assert!(bad.parse::<Span>().is_err(), "{bad}");
        }
    }
}
