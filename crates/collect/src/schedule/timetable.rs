//! When a source runs by itself.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use croner::Cron;

use crate::source::Span;

/// When a source runs by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Timetable {
    /// Only when a person says so.
    Never,
    /// So long after the last run began.
    Every(Span),
    /// At the times of a cron expression of five fields, in the source's zone.
    Cron(Box<Cron>),
}

/// The shortest interval: a mistyped unit must not hammer a server.
const SHORTEST: Span = Span::seconds(1);

/// The longest expression: every minute and hour written out has less.
const MOST: usize = 400;

impl Display for Timetable {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::Every(span) => Display::fmt(span, f),
            Self::Cron(cron) => f.write_str(cron.as_str()),
        }
    }
}

impl FromStr for Timetable {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() > MOST {
            return Err(format!("'{}': longer than {MOST} characters", crate::text::short(text)));
        }
        if text == "never" {
            return Ok(Self::Never);
        }
        if text.split_whitespace().count() == 1 {
            let span: Span = text.parse()?;
            return if span < SHORTEST {
                Err("at least one second".to_owned())
            } else {
                Ok(Self::Every(span))
            };
        }
        if text.split_whitespace().count() != 5 {
            return Err(
                "an interval such as 1h, or a cron expression of five fields such as '10 6,18 * * *'"
                    .to_owned(),
            );
        }
        let cron = Cron::from_str(text).map_err(|why| {
            format!("'{}': {}", crate::text::short(text), crate::text::short(&why.to_string()))
        })?;
        // Any moment does to ask whether there is a time at all: what comes, comes in every four hundred years. The
        // search ends by itself, at the year 5000.
        if cron.find_next_occurrence(&jiff::civil::date(2000, 1, 1).at(0, 0, 0, 0), true).is_err() {
            return Err(format!("'{}': never comes", crate::text::short(text)));
        }
        Ok(Self::Cron(Box::new(cron)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timetable_reads_back_what_it_shows() {
        for text in ["never", "15m", "10 6,18 * * *", "0 9 * * 1-5"] {
            assert_eq!(text.parse::<Timetable>().unwrap().to_string(), text);
        }
        "0 0 29 2 *".parse::<Timetable>().unwrap();
        for never in ["0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *"] {
            assert!(never.parse::<Timetable>().unwrap_err().ends_with("never comes"), "{never}");
        }
        for bad in ["", "0s", "soon", "* * * *", "61 * * * *", "* * * * * *", "0 0 31 2 * x"] {
            assert!(bad.parse::<Timetable>().is_err(), "{bad}");
        }
    }
}
