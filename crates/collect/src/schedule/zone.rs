//! The zone of a cron expression.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use jiff::tz::TimeZone;

/// A time zone by its IANA name; the zones are inside the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone itself.
    pub fn zone(&self) -> &TimeZone {
        &self.0
    }
}

impl Default for Zone {
    /// Asia/Seoul.
    fn default() -> Self {
        Self(TimeZone::get("Asia/Seoul").unwrap_or(TimeZone::fixed(blocklist::time::SEOUL)))
    }
}

impl Display for Zone {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.iana_name().unwrap_or("Asia/Seoul"))
    }
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let zone = TimeZone::get(text).ok().filter(|zone| zone.iana_name().is_some());
        zone.map(Self)
            .ok_or_else(|| format!("'{}': a zone such as Asia/Seoul or UTC", crate::text::short(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_known_by_name_without_a_file_of_the_system() {
        for name in ["Asia/Seoul", "UTC", "Europe/Berlin"] {
            assert_eq!(name.parse::<Zone>().unwrap().to_string(), name);
        }
        assert_eq!(Zone::default().to_string(), "Asia/Seoul");
        assert!("Seoul".parse::<Zone>().is_err());
    }
}
