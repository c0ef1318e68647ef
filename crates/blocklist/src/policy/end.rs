//! When a listing ends: a rule of its source.
//!
//! ```text
//! source                      what the source says; without a word of it, never
//! detected+90d                so many days after it was detected
//! last_seen+14d               so many days after a run last saw it
//! earlier(source,detected+90d)   the earlier of two; never is the latest of all
//! later(source,last_seen+7d)     the later of two
//! ```
//!
//! At most four levels deep, so that a person can still read it. Spaces around names and numbers are passed over. A text
//! that is no rule is refused with what is wrong about it and how it should look.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};

use crate::Time;
use crate::setting::short;

/// A rule for the end. Written and read as the text above, also in JSON. Days are 1 to 3,650.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum EndRule {
    /// What the source says.
    #[default]
    Source,
    /// Days after the detection.
    Detected(u16),
    /// Days after a run last saw it.
    LastSeen(u16),
    /// The earlier of two.
    Earlier(Box<EndRule>, Box<EndRule>),
    /// The later of two.
    Later(Box<EndRule>, Box<EndRule>),
}

/// The most days.
pub const MAX_DAYS: u16 = 3650;
/// The most levels: `source` is one, `earlier(source,detected+90d)` two.
pub const MAX_DEPTH: usize = 4;
/// The longest text: four levels with every number at its longest, and some spaces.
const MAX_TEXT: usize = 400;
const DAY: i64 = 86_400;

/// A text that is no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEndRule {
    /// No such rule.
    #[error("'{0}' is no end rule: write source, detected+90d, last_seen+14d, earlier(..) or later(..)")]
    Unknown(String),
    /// The days.
    #[error("'{0}' is no count of days: write 1 to 3650 with a d behind it, as in detected+90d")]
    Days(String),
    /// Not two rules between brackets.
    #[error("'{0}' does not hold two rules: write them between brackets, as in earlier(source,detected+90d)")]
    Pair(String),
    /// Too deep, or too long.
    #[error(
        "an end rule of more than 4 levels or 400 bytes: write a simpler one, as in later(source,last_seen+7d)"
    )]
    Deep,
}

impl EndRule {
    /// The end of a listing: `None` is never.
    #[inline]
    pub fn end(&self, until: Option<Time>, detected: Time, seen: Time) -> Option<Time> {
        match self {
            Self::Source => until,
            Self::Detected(days) => Some(detected.plus_seconds(i64::from(*days) * DAY)),
            Self::LastSeen(days) => Some(seen.plus_seconds(i64::from(*days) * DAY)),
            Self::Earlier(a, b) => match (a.end(until, detected, seen), b.end(until, detected, seen)) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            },
            Self::Later(a, b) => match (a.end(until, detected, seen), b.end(until, detected, seen)) {
                (Some(a), Some(b)) => Some(a.max(b)),
                _ => None,
            },
        }
    }

    /// Whether it asks when a run last saw a listing: then the store keeps it.
    pub fn asks_last_seen(&self) -> bool {
        match self {
            Self::Source | Self::Detected(_) => false,
            Self::LastSeen(_) => true,
            Self::Earlier(a, b) | Self::Later(a, b) => a.asks_last_seen() || b.asks_last_seen(),
        }
    }
}

impl FromStr for EndRule {
    type Err = BadEndRule;

    fn from_str(text: &str) -> Result<Self, BadEndRule> {
        if text.len() > MAX_TEXT {
            return Err(BadEndRule::Deep);
        }
        read(text, MAX_DEPTH)
    }
}

/// Reads a rule of at most `levels` levels.
fn read(text: &str, levels: usize) -> Result<EndRule, BadEndRule> {
    let below = levels.checked_sub(1).ok_or(BadEndRule::Deep)?;
    let text = text.trim();
    if text == "source" {
        return Ok(EndRule::Source);
    }
    if let Some((name, days)) = text.split_once('+')
        && !name.contains('(')
    {
        return match name.trim_end() {
            "detected" => Ok(EndRule::Detected(read_days(days)?)),
            "last_seen" => Ok(EndRule::LastSeen(read_days(days)?)),
            _ => Err(BadEndRule::Unknown(short(text))),
        };
    }
    let (name, rest) = text.split_once('(').ok_or_else(|| BadEndRule::Unknown(short(text)))?;
    let of: fn(_, _) -> EndRule = match name.trim_end() {
        "earlier" => EndRule::Earlier,
        "later" => EndRule::Later,
        _ => return Err(BadEndRule::Unknown(short(text))),
    };
    let pair = || BadEndRule::Pair(short(text));
    let (a, b) = split_pair(rest.strip_suffix(')').ok_or_else(pair)?).ok_or_else(pair)?;
    Ok(of(Box::new(read(a, below)?), Box::new(read(b, below)?)))
}

/// Splits at the one comma that stands in no brackets; `None` when there is none or more than one.
fn split_pair(text: &str) -> Option<(&str, &str)> {
    let mut open = 0usize;
    let mut commas = text.char_indices().filter(|&(_, c)| {
        match c {
            '(' => open += 1,
            ')' => open = open.saturating_sub(1),
            _ => {}
        }
        c == ',' && open == 0
    });
    let (at, _) = commas.next()?;
    if commas.next().is_some() {
        return None;
    }
    Some((text.get(..at)?, text.get(at + 1..)?))
}

fn read_days(text: &str) -> Result<u16, BadEndRule> {
    let text = text.trim();
    let digits = text.strip_suffix('d').filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    digits
        .and_then(|digits| digits.parse().ok())
        .filter(|days| (1..=MAX_DAYS).contains(days))
        .ok_or_else(|| BadEndRule::Days(short(text)))
}

impl Display for EndRule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source => f.write_str("source"),
            Self::Detected(days) => write!(f, "detected+{days}d"),
            Self::LastSeen(days) => write!(f, "last_seen+{days}d"),
            Self::Earlier(a, b) => write!(f, "earlier({a},{b})"),
            Self::Later(a, b) => write!(f, "later({a},{b})"),
        }
    }
}

impl TryFrom<String> for EndRule {
    type Error = BadEndRule;

    fn try_from(text: String) -> Result<Self, BadEndRule> {
        text.parse()
    }
}

impl Serialize for EndRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
