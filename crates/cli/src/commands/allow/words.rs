//! Prefixes, numbers and ends as a person types them.

use std::str::FromStr;

use blocklist::Time;
use jiff::civil::{Date, DateTime};
use prefix::Prefix;
use store::AllowId;

use crate::args::OrNone;

/// What an argument names: an address or prefix, or the prefixes of a range.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) prefixes: Vec<Prefix>,
    /// What was typed, when its host bits were cleared.
    pub(crate) cleared: Option<String>,
}

impl Named {
    /// All prefixes of several, each once, in the order they were typed.
    pub(crate) fn all(named: &[Self]) -> Vec<Prefix> {
        let mut all: Vec<Prefix> = Vec::new();
        for prefix in named.iter().flat_map(|named| &named.prefixes) {
            if !all.contains(prefix) {
                all.push(*prefix);
            }
        }
        all
    }

    /// What is said of those whose host bits were cleared.
    pub(crate) fn notes(named: &[Self]) -> Vec<String> {
        let of = |named: &Self| {
            let typed = named.cleared.as_ref()?;
            Some(format!("{typed} has host bits; taken as {}", named.prefixes.first()?))
        };
        named.iter().filter_map(of).collect()
    }
}

/// Reads an address, prefix or range.
pub(crate) fn prefixes(text: &str) -> Result<Named, String> {
    let text = text.trim();
    let parsed = prefix::parse(text.as_bytes()).map_err(|refusal| refusal.to_string())?;
    Ok(Named {
        prefixes: parsed.entry.prefixes().collect(),
        cleared: parsed.host_bits.then(|| text.to_owned()),
    })
}

/// Which entry: by its number, or by what it names.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which {
    Id(AllowId),
    Prefix(Prefix),
}

impl FromStr for Which {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(AllowId(id)));
        }
        text.parse().map(Self::Prefix).map_err(|_| "the number of an entry, or its prefix".to_owned())
    }
}

/// Reads an end: a day, which itself still counts, or a moment; both in Korean time where no zone is said.
pub(crate) fn until(text: &str) -> Result<Time, String> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Time>() {
        return Ok(time);
    }
    let date = || Time::end_of_day(text.parse::<Date>().ok()?);
    let moment = || {
        let moment: DateTime = text.parse().ok()?;
        let start = Time::start_of_day(moment.date())?;
        let time = moment.time();
        let seconds =
            i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
        Some(start.plus_seconds(seconds))
    };
    // A day is a moment too, so a text with a clock is told by its colon.
    let read = if text.contains(':') { moment() } else { date() };
    read.ok_or_else(|| {
        "a day as in 2026-12-31, or a moment as in 2026-12-31T18:00 or 2026-12-31T09:00:00Z".to_owned()
    })
}

/// The same, or `none`.
pub(crate) fn until_or_none(text: &str) -> Result<OrNone<Time>, String> {
    if text == "none" { Ok(OrNone(None)) } else { until(text).map(|time| OrNone(Some(time))) }
}

/// Reads days, or `none`.
pub(crate) fn days(text: &str) -> Result<OrNone<u32>, String> {
    match text {
        "none" => Ok(OrNone(None)),
        text => {
            text.parse().map(|days| OrNone(Some(days))).map_err(|_| "a number of days, or none".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_still_counts_and_a_moment_without_a_zone_is_korean() {
        let read = |text| until(text).unwrap().to_string();
        assert_eq!(read("2026-12-31"), "2026-12-31T15:00:00Z");
        assert_eq!(read("2026-12-31T18:00"), "2026-12-31T09:00:00Z");
        assert_eq!(read("2026-12-31 18:00:30"), "2026-12-31T09:00:30Z");
        assert_eq!(read("2026-12-31T18:00:00Z"), "2026-12-31T18:00:00Z");
        for bad in ["", "tomorrow", "2026-13-01", "2026-12-31T25:00", "none"] {
            assert!(until(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn host_bits_are_cleared_and_told() {
        let named = [prefixes("5.6.7.8/24").unwrap(), prefixes("5.6.7.0/24").unwrap()];
        assert_eq!(Named::all(&named), ["5.6.7.0/24".parse().unwrap()]);
        assert_eq!(Named::notes(&named), ["5.6.7.8/24 has host bits; taken as 5.6.7.0/24"]);
        assert!(prefixes("example.com").unwrap_err().contains("name"));
    }

    #[test]
    fn an_entry_is_named_by_number_or_prefix() {
        assert!(matches!("12".parse(), Ok(Which::Id(AllowId(12)))));
        assert!(matches!("10.0.0.0/8".parse(), Ok(Which::Prefix(_))));
        assert!("x".parse::<Which>().is_err());
    }
}
