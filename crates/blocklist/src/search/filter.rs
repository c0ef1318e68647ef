//! What is asked of a listing, and what of that a chunk can answer once for all of its listings.

use prefix::{Family, Prefix};

use super::folded::fold;
use crate::{Chunk, Country, Details, Listing, SourceName, Time};

/// The most words that are searched for; further ones are passed over.
pub const MAX_WORDS: usize = 16;

/// Which listings. What is left out lets all through; all that is said must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// That share an address with one of these. Empty is anywhere.
    pub places: Vec<Prefix>,
    /// Of this source.
    pub source: Option<SourceName>,
    /// Said to be there.
    pub country: Option<Country>,
    /// With this category, whatever its case.
    pub category: Option<String>,
    /// With each of these somewhere in reason, category or severity, or in the name of the source, whatever its case.
    pub words: Vec<String>,
    /// Only of this family.
    pub family: Option<Family>,
    /// Detected then or later.
    pub detected_since: Option<Time>,
    /// That end before then.
    pub ends_before: Option<Time>,
}

impl Filter {
    /// Whether a listing fits, from its parts: for those that do not lie in a publication.
    pub fn takes(
        &self,
        prefix: Prefix,
        source: &SourceName,
        details: &Details,
        (detected, until): (Time, Option<Time>),
    ) -> bool {
        (self.places.is_empty()
            || self.places.iter().any(|place| place.covers(prefix) || prefix.covers(*place)))
            && self.family.is_none_or(|family| family == prefix.family())
            && self.source.as_ref().is_none_or(|only| only == source)
            && self.takes_details(details, &mut Categories::default())
            && self.takes_times(detected, until)
            && self.takes_words(source, details)
    }

    fn takes_words(&self, source: &SourceName, details: &Details) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let text = super::folded::text_of(details);
        let words = self.folded_words();
        words.iter().all(|word| text.contains(word) || source.as_str().contains(word))
    }

    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn takes_details<'a>(&self, details: &'a Details, seen: &mut Categories<'a>) -> bool {
        self.country.is_none_or(|country| details.country == Some(country))
            && self.category.as_ref().is_none_or(|wanted| {
                details.category.as_deref().is_some_and(|category| seen.is(category, wanted))
            })
    }

    fn takes_times(&self, detected: Time, until: Option<Time>) -> bool {
        self.detected_since.is_none_or(|since| detected >= since)
            && self.ends_before.is_none_or(|before| until.is_some_and(|until| until < before))
    }

    fn folded_words(&self) -> Vec<String> {
        self.words.iter().take(MAX_WORDS).map(|word| fold(word)).filter(|word| !word.is_empty()).collect()
    }
}

/// Categories that were held against the wanted one: a handful, although a million details may name them, and bringing a text
/// into one case takes longer than all the rest.
#[derive(Default)]
struct Categories<'a>(Vec<(&'a str, bool)>);

impl<'a> Categories<'a> {
    /// So many are remembered; a source that has more has one for each listing.
    const MOST: usize = 16;

    fn is(&mut self, category: &'a str, wanted: &str) -> bool {
        if let Some((_, is)) = self.0.iter().find(|(seen, _)| *seen == category) {
            return *is;
        }
        let is = fold(category) == fold(wanted);
        if self.0.len() < Self::MOST {
            self.0.push((category, is));
        }
        is
    }
}

/// A filter, as far as a chunk answers it.
pub(super) struct ChunkFilter<'a> {
    filter: &'a Filter,
    /// Which words each source of the chunk has in its name; [`NOT`] for one that is not asked for.
    sources: Vec<u32>,
    /// The same of its details.
    details: Vec<u32>,
    /// All words.
    every: u32,
    /// Every listing of the chunk fits, wherever it lies.
    pub(super) all: bool,
}

/// Not asked for, whatever words it has. There are at most [`MAX_WORDS`] bits of words.
const NOT: u32 = 1 << 31;

impl<'a> ChunkFilter<'a> {
    /// `None` when no listing of the chunk fits.
    pub(super) fn of(filter: &'a Filter, chunk: &Chunk) -> Option<Self> {
        if filter.family.is_some_and(|family| family != chunk.key().net().family()) {
            return None;
        }
        let words = filter.folded_words();
        let every = (1 << words.len()) - 1;
        let mut sources = Vec::with_capacity(chunk.sources().len());
        for name in chunk.sources() {
            let has = |(bit, word): (usize, &String)| u32::from(name.as_str().contains(word.as_str())) << bit;
            let asked = filter.source.as_ref().is_none_or(|only| only == name);
            sources.push(if asked { words.iter().enumerate().map(has).sum() } else { NOT });
        }
        let mut details = vec![0; chunk.details().len()];
        let mut seen = Categories::default();
        if filter.country.is_some() || filter.category.is_some() {
            for (mask, of) in details.iter_mut().zip(chunk.details()) {
                *mask = if filter.takes_details(of, &mut seen) { 0 } else { NOT };
            }
        }
        for (bit, word) in words.iter().enumerate() {
            chunk.folded().each_with(word, |place| details[place] |= 1 << bit);
        }
        let can = |mask: &u32| mask & NOT == 0;
        let possible = |a: &[u32], b: &[u32]| {
            a.iter()
                .filter(|mask| can(mask))
                .any(|a| b.iter().filter(|mask| can(mask)).any(|b| a | b == every))
        };
        if !possible(&sources, &details) {
            return None;
        }
        let has_times = filter.detected_since.is_some() || filter.ends_before.is_some();
        let all = !has_times
            && sources.iter().all(&can)
            && details.iter().all(can)
            && sources.iter().all(|a| details.iter().all(|b| a | b == every));
        Some(Self { filter, sources, details, every, all })
    }

    /// Whether a listing of the chunk fits.
    #[inline]
    pub(super) fn takes(&self, listing: &Listing) -> bool {
        let mask = self.sources[listing.source.0 as usize] | self.details[listing.details.0 as usize];
        mask == self.every && self.filter.takes_times(listing.detected, listing.until)
    }
}

#[cfg(test)]
mod tests {
    use super::Categories;

    #[test]
    fn a_category_is_the_wanted_one_whatever_its_case_and_however_many_came_before() {
        let names: Vec<String> = (0..2 * Categories::MOST).map(|n| format!("Kind {n}")).collect();
        let mut seen = Categories::default();
        for name in names.iter().chain(&names) {
            assert_eq!(seen.is(name, "kIND 30"), name == "Kind 30", "{name}");
        }
    }
}
