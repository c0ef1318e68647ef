//! What was asked for: the text of the search box, taken apart, and the filters beside it.
//!
//! A part of the text is an address, prefix or range if it can be read as one, else the name of a source that there is, else
//! a country, else a word of a reason. What stands in quotes is words. What each part was taken for is told, so that
//! whoever asked sees a misunderstanding.

use std::str::FromStr;

use blocklist::search::{Filter, MAX_WORDS};
use blocklist::{Country, SourceName, State, Time, details, policy::MANUAL, when};
use jiff::tz::Offset;
use prefix::{Entry, Family, Prefix};

use super::country;

/// The longest text that is looked at, in bytes.
const MAX_TEXT: usize = 2_000;
/// The most prefixes that the places may come to: a range can be 62 of them, or 254 of IPv6.
const MAX_PLACES: usize = 1_000;
/// The most words of a country's name.
const MAX_NAME: usize = 4;

/// Where listings stand that are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Standing {
    /// In the live publication.
    #[default]
    Published,
    /// Kept, and not ended, whether published or not.
    Active,
    /// Ended.
    Expired,
    /// Gone from the full list of their source.
    Withdrawn,
    /// Taken out by a person.
    Removed,
    /// Blocked by hand, and not ended.
    Manual,
}

impl Standing {
    /// Each of them.
    pub(crate) const ALL: [Self; 6] =
        [Self::Published, Self::Active, Self::Expired, Self::Withdrawn, Self::Removed, Self::Manual];

    /// As the address has it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Active => State::Active.as_str(),
            Self::Expired => State::Expired.as_str(),
            Self::Withdrawn => State::Withdrawn.as_str(),
            Self::Removed => State::Removed.as_str(),
            Self::Manual => MANUAL,
        }
    }

    /// What the store is asked for; `None` is what the publication has.
    pub(crate) fn kept(self) -> Option<State> {
        match self {
            Self::Published => None,
            Self::Active | Self::Manual => Some(State::Active),
            Self::Expired => Some(State::Expired),
            Self::Withdrawn => Some(State::Withdrawn),
            Self::Removed => Some(State::Removed),
        }
    }
}

impl FromStr for Standing {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|standing| standing.as_str() == text).ok_or(())
    }
}

/// What a part of the text was taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// An address, prefix or range, as it was written.
    Place(String),
    /// A source.
    Source(SourceName),
    /// A country.
    Country(Country),
    /// Words.
    Word(String),
}

/// The text of the search box, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    /// What it asks for.
    pub(crate) filter: Filter,
    /// Its parts.
    pub(crate) parts: Vec<Part>,
    /// It asks for more than is looked at.
    pub(crate) is_too_much: bool,
}

impl Text {
    /// Takes a text apart. `sources` are those that there are.
    pub(crate) fn of(text: &str, sources: &[SourceName]) -> Self {
        let mut out = Self { is_too_much: text.len() > MAX_TEXT, ..Self::default() };
        let text = &text[..text.floor_char_boundary(MAX_TEXT)];
        let tokens = tokens(text);
        let mut at = 0;
        while at < tokens.len() {
            at += out.take(&tokens[at..], tokens.len() == 1, sources);
        }
        out.is_too_much |= out.filter.words.len() > MAX_WORDS || out.filter.places.len() > MAX_PLACES;
        out.filter.places.truncate(MAX_PLACES);
        out
    }

    /// The one address or prefix that is all it asks for.
    pub(crate) fn only_place(&self) -> Option<Prefix> {
        let only = Filter { places: self.filter.places.clone(), ..Filter::default() };
        match self.filter.places.as_slice() {
            [place] if self.filter == only => Some(*place),
            _ => None,
        }
    }

    /// Takes what stands first, and says how many tokens that is.
    fn take(&mut self, tokens: &[Token<'_>], is_all: bool, sources: &[SourceName]) -> usize {
        let Token { text, is_quoted } = tokens[0];
        if is_quoted {
            self.word(text);
            return 1;
        }
        // `a - b` is a range with spaces.
        if let [_, dash, last, ..] = tokens
            && dash.text == "-"
            && self.place(&format!("{text}-{}", last.text))
        {
            return 3;
        }
        if self.place(text) {
            return 1;
        }
        let lower = text.to_lowercase();
        if let Some(source) = sources.iter().find(|source| source.as_str() == lower)
            && self.filter.source.is_none()
        {
            self.filter.source = Some(source.clone());
            self.parts.push(Part::Source(source.clone()));
            return 1;
        }
        if self.filter.country.is_none()
            && let Some((country, count)) = country_of(tokens, is_all)
        {
            self.filter.country = Some(country);
            self.parts.push(Part::Country(country));
            return count;
        }
        self.word(text);
        1
    }

    fn place(&mut self, text: &str) -> bool {
        let Ok(parsed) = prefix::parse(text.as_bytes()) else { return false };
        self.filter.places.extend(parsed.entry.prefixes().take(MAX_PLACES));
        self.parts.push(Part::Place(match parsed.entry {
            Entry::Prefix(prefix) => prefix.to_string(),
            Entry::Range4(_) | Entry::Range6(_) => text.to_owned(),
        }));
        true
    }

    fn word(&mut self, text: &str) {
        // As texts are kept: what no listing can hold is not looked for.
        let Some(word) = details::text(text) else { return };
        self.filter.words.push(word.to_string());
        self.parts.push(Part::Word(word.into()));
    }
}

/// A word of the text, or what stands between two quotes.
#[derive(Clone, Copy, Debug)]
struct Token<'a> {
    text: &'a str,
    is_quoted: bool,
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for (place, part) in text.split('"').enumerate() {
        if place % 2 == 1 {
            tokens.push(Token { text: part, is_quoted: true });
        } else {
            let words = part.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
            tokens.extend(words.map(|text| Token { text, is_quoted: false }));
        }
    }
    tokens
}

/// The country that the tokens begin with, and how many of them name it. Two small letters are one only where they are
/// all that was typed: "in" and "it" are words.
fn country_of(tokens: &[Token<'_>], is_all: bool) -> Option<(Country, usize)> {
    let plain = tokens.iter().take(MAX_NAME).take_while(|token| !token.is_quoted).count();
    for count in (1..=plain).rev() {
        let name = tokens[..count].iter().map(|token| token.text).collect::<Vec<_>>().join(" ");
        if let Some(country) = country::named(&name) {
            return Some((country, count));
        }
    }
    let text = tokens[0].text;
    let is_code = is_all || text.chars().all(|c| c.is_ascii_uppercase());
    country::coded(text).filter(|_| is_code).map(|country| (country, 1))
}

/// The filters beside the box, as they stand in an address.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fields<'a> {
    /// The name of a source.
    pub(crate) source: Option<&'a str>,
    /// A code or a name of a country.
    pub(crate) country: Option<&'a str>,
    /// A category.
    pub(crate) category: Option<&'a str>,
    /// `4` or `6`.
    pub(crate) family: Option<&'a str>,
    /// A time or a day.
    pub(crate) since: Option<&'a str>,
    /// A time or a day.
    pub(crate) before: Option<&'a str>,
}

impl Fields<'_> {
    /// Adds them to what the box asks for: a field speaks louder. Days are those of the zone. The error is the name of the first that cannot be read.
    pub(crate) fn add_to(self, filter: &mut Filter, zone: Offset) -> Result<(), &'static str> {
        fn read<T>(
            key: &'static str,
            text: Option<&str>,
            into: &mut Option<T>,
            read: impl FnOnce(&str) -> Option<T>,
        ) -> Result<(), &'static str> {
            match text.map(str::trim).filter(|text| !text.is_empty()) {
                None => Ok(()),
                Some(text) => {
                    *into = Some(read(text).ok_or(key)?);
                    Ok(())
                }
            }
        }
        let time = |text: &str| -> Option<Time> { when::moment_in(text, zone).ok() };
        read("source", self.source, &mut filter.source, |text| text.to_lowercase().parse().ok())?;
        read("country", self.country, &mut filter.country, |text| {
            country::named(text).or_else(|| Country::new(text))
        })?;
        read("category", self.category, &mut filter.category, |text| details::text(text).map(Into::into))?;
        read("family", self.family, &mut filter.family, |text| match text {
            "4" => Some(Family::V4),
            "6" => Some(Family::V6),
            _ => None,
        })?;
        read("since", self.since, &mut filter.detected_since, time)?;
        read("before", self.before, &mut filter.ends_before, time)
    }
}

#[cfg(test)]
mod tests {
    use blocklist::time::SEOUL;

    use super::*;

    fn sources() -> Vec<SourceName> {
        ["regtech", "us", "manual"].map(|name| name.parse().unwrap()).into()
    }

    fn parts(text: &str) -> Vec<String> {
        let told = |part: &Part| match part {
            Part::Place(place) => format!("place {place}"),
            Part::Source(source) => format!("source {source}"),
            Part::Country(country) => format!("country {country}"),
            Part::Word(word) => format!("word {word}"),
        };
        Text::of(text, &sources()).parts.iter().map(told).collect()
    }

    #[test]
    fn each_part_is_taken_for_what_it_looks_like() {
        let cases: [(&str, &[&str]); 14] = [
            ("1.2.3.4", &["place 1.2.3.4"]),
            (" 1.2.3.9/24, 2001:4860::/32 ", &["place 1.2.3.0/24", "place 2001:4860::/32"]),
            ("1.2.3.4-1.2.3.9", &["place 1.2.3.4-1.2.3.9"]),
            ("1.2.3.4 - 1.2.3.9", &["place 1.2.3.4-1.2.3.9"]),
            ("REGTECH 스캔", &["source regtech", "word 스캔"]),
            ("kr", &["country KR"]),
            ("KR 스캔", &["country KR", "word 스캔"]),
            ("scan in it", &["word scan", "word in", "word it"]),
            ("중국 웹쉘", &["country CN", "word 웹쉘"]),
            ("south korea scan", &["country KR", "word scan"]),
            ("us", &["source us"]),
            ("\"port scan\" KR", &["word port scan", "country KR"]),
            ("1.2.3", &["word 1.2.3"]),
            ("\"\" , ", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(parts(text), expected, "{text}");
        }
    }

    #[test]
    fn a_lone_address_is_told_from_one_with_more() {
        let only = |text: &str| Text::of(text, &sources()).only_place().map(|place| place.to_string());
        assert_eq!(only("1.2.3.4").as_deref(), Some("1.2.3.4"));
        assert_eq!(only("1.2.3.4 scan"), None);
        assert_eq!(only("1.2.3.4-1.2.3.9"), None);
        assert_eq!(only(""), None);
    }

    #[test]
    fn more_than_is_looked_at_is_told() {
        assert!(Text::of(&"a ".repeat(MAX_WORDS + 1), &[]).is_too_much);
        assert!(Text::of(&"가".repeat(MAX_TEXT), &[]).is_too_much);
        assert!(!Text::of(&"a ".repeat(MAX_WORDS), &[]).is_too_much);
    }

    #[test]
    fn a_field_that_cannot_be_read_is_named() {
        let mut filter = Filter::default();
        let good = Fields {
            country: Some("중국"),
            since: Some("2026-03-01"),
            family: Some("6"),
            ..Fields::default()
        };
        good.add_to(&mut filter, Offset::UTC).unwrap();
        assert_eq!(filter.detected_since.unwrap().to_string(), "2026-03-01T00:00:00Z");
        good.add_to(&mut filter, SEOUL).unwrap();
        assert_eq!(filter.country, Country::new("CN"));
        assert_eq!(filter.family, Some(Family::V6));
        assert_eq!(filter.detected_since.unwrap().to_string(), "2026-02-28T15:00:00Z");
        let bad = Fields { before: Some("tomorrow"), ..Fields::default() };
        assert_eq!(bad.add_to(&mut filter, SEOUL), Err("before"));
    }
}
