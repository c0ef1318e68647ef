//! What a source says about a prefix beside the dates. Interned: a list of a million addresses has one or a hundred
//! distinct sets of details, so a listing holds a number.

use std::collections::HashMap;
use std::fmt::{self, Debug, Display, Formatter};
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A two-letter country code, upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// Two ASCII letters of either case; anything else is `None`.
    pub fn new(text: &str) -> Option<Self> {
        match *text.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Some(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => None,
        }
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Display for Country {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Debug for Country {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What a source says about a prefix beside the dates. Absent is `None`, never an empty text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Details {
    /// Why it is listed, as the source words it.
    pub reason: Option<Box<str>>,
    /// Where the address is said to be.
    pub country: Option<Country>,
    /// The kind of attack, as the source names it.
    pub category: Option<Box<str>>,
    /// How grave, as the source names it.
    pub severity: Option<Box<str>>,
    /// How sure the source is: 0 to 100.
    pub confidence: Option<u8>,
}

/// The longest text of a detail, in bytes; longer ones are cut at a character.
pub const MAX_TEXT: usize = 500;

/// A text as it is kept: control characters become spaces, white space around goes, too long is cut, empty is `None`.
pub fn text(raw: &str) -> Option<Box<str>> {
    let spaced: String;
    let clean = if raw.contains(char::is_control) {
        spaced = raw.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        spaced.trim()
    } else {
        raw.trim()
    };
    let cut = clean.floor_char_boundary(MAX_TEXT);
    let clean = clean[..cut].trim_end();
    (!clean.is_empty()).then(|| clean.into())
}

/// A set of details in its [`DetailsTable`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DetailsId(pub u32);

/// The distinct sets of details. Id 0 is always the empty one.
#[derive(Clone, Debug)]
pub struct DetailsTable {
    items: Vec<Arc<Details>>,
    ids: HashMap<Arc<Details>, u32>,
}

impl Default for DetailsTable {
    fn default() -> Self {
        let mut table = Self { items: Vec::new(), ids: HashMap::new() };
        table.intern(Details::default());
        table
    }
}

impl DetailsTable {
    /// The id of these details; equal details get the same one.
    pub fn intern(&mut self, details: Details) -> DetailsId {
        if let Some(&id) = self.ids.get(&details) {
            return DetailsId(id);
        }
        let id = self.items.len() as u32;
        let details = Arc::new(details);
        self.items.push(Arc::clone(&details));
        self.ids.insert(details, id);
        DetailsId(id)
    }

    /// The details of an id that this table gave. An id of another table gives that table's mistake: the empty set.
    pub fn get(&self, id: DetailsId) -> &Details {
        self.items.get(id.0 as usize).unwrap_or(&self.items[0])
    }

    /// All sets, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Details> {
        self.items.iter().map(AsRef::as_ref)
    }

    /// How many distinct sets there are; at least one.
    #[expect(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.items.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cleaned_and_cut_at_a_character() {
        assert_eq!(text("  a\tb\r\n"), Some("a b".into()));
        assert_eq!(text(" \n"), None);
        let long = "가".repeat(400);
        assert_eq!(text(&long).unwrap().len(), 498);
    }

    #[test]
    fn equal_details_share_an_id() {
        let mut table = DetailsTable::default();
        let scan = Details { reason: text("scan"), ..Details::default() };
        let id = table.intern(scan.clone());
        assert_eq!(table.intern(scan.clone()), id);
        assert_eq!(table.get(id), &scan);
        assert_eq!(table.intern(Details::default()), DetailsId(0));
    }
}
