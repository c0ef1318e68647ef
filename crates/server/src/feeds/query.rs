//! What a request may ask of a feed. Strict: a misspelt `famliy=4` would send IPv6 to a device that cannot read it.

use std::num::NonZeroUsize;
use std::sync::Arc;

use blocklist::Selection;
use formats::{Format, Options};
use prefix::Family;

use super::conditional::Encoding;
use crate::access::Feed;

/// One body of a feed: what of it, in which format, in which encoding. The key under which bodies are kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Variant {
    /// What passes at all.
    pub feed: Arc<Feed>,
    /// How it is written.
    pub format: &'static Format,
    /// Which prefixes.
    pub selection: Selection,
    /// The format's options.
    pub options: Options,
    /// How it is packed.
    pub encoding: Encoding,
}

impl Variant {
    /// Reads a query string. The error says in one sentence what is wrong with it. `cap` is what the reader takes at most.
    pub(crate) fn parse(
        feed: Arc<Feed>,
        cap: Option<usize>,
        format: &'static Format,
        query: &str,
        encoding: Encoding,
    ) -> Result<Self, String> {
        let selection = Selection { cap, ..Selection::default() };
        let mut variant = Self { feed, format, selection, options: Options::default(), encoding };
        let mut page = None;
        let mut seen = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if seen.contains(&key) {
                return Err(format!("'{}' is given twice", shown(key)));
            }
            seen.push(key);
            match key {
                "family" => variant.selection.family = family(value)?,
                "limit" => variant.selection.limit = Some(count(key, value)?),
                "page" => page = Some(count(key, value)?),
                "comments" => variant.options.comments = flag(key, value)?,
                "merge" => variant.selection.merge = flag(key, value)?,
                _ => {
                    return Err(format!(
                        "unknown '{}'; there are: family, limit, page, comments, merge",
                        shown(key)
                    ));
                }
            }
        }
        if let Some(page) = page {
            if variant.selection.limit.is_none() {
                return Err("'page' needs 'limit': without it everything is on one page".into());
            }
            variant.selection.page = page - 1;
        }
        // What the format refuses for every publication is refused before one is looked at.
        if variant.options.comments && !format.comments {
            return Err(formats::FormatError::NoComments(format.name).to_string());
        }
        if variant.selection.merge && format.shows_origin {
            return Err(formats::FormatError::MergedHasNoOrigin(format.name).to_string());
        }
        variant.selection = variant.feed.settings.select(variant.selection, !format.shows_origin);
        Ok(variant)
    }

    /// The same without packing.
    pub(crate) fn unpacked(&self) -> Self {
        Self { encoding: Encoding::Identity, ..self.clone() }
    }

    /// Whether it is one of the few that need no number: those are kept apart from the many that do.
    pub(crate) fn is_whole(&self) -> bool {
        self.selection.limit.is_none()
    }
}

pub(super) fn family(value: &str) -> Result<Option<Family>, String> {
    match value {
        "4" => Ok(Some(Family::V4)),
        "6" => Ok(Some(Family::V6)),
        "all" => Ok(None),
        _ => Err(format!("'family' is 4, 6 or all, not '{}'", shown(value))),
    }
}

fn flag(key: &str, value: &str) -> Result<bool, String> {
    match value {
        "1" => Ok(true),
        "0" => Ok(false),
        _ => Err(format!("'{key}' is 0 or 1, not '{}'", shown(value))),
    }
}

fn count(key: &str, value: &str) -> Result<usize, String> {
    let digits = value.bytes().all(|b| b.is_ascii_digit());
    let number = value.parse::<NonZeroUsize>().ok().filter(|_| digits);
    number
        .map(NonZeroUsize::get)
        .ok_or_else(|| format!("'{key}' is a whole number from 1 on, not '{}'", shown(value)))
}

/// What was typed, short enough for a message.
fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(format: &str, query: &str) -> Result<Variant, String> {
        Variant::parse(Arc::new(Feed::all()), None, format.parse().unwrap(), query, Encoding::Identity)
    }

    #[test]
    fn every_key_is_read() {
        let variant = parse("plain", "family=6&limit=10&page=3&comments=1&merge=1").unwrap();
        let selection =
            Selection { family: Some(Family::V6), merge: true, cap: None, limit: Some(10), page: 2 };
        assert_eq!((variant.selection, variant.options.comments), (selection, true));
        assert_eq!(parse("plain", "").unwrap(), parse("plain", "family=all&comments=0&merge=0").unwrap());
    }

    #[test]
    fn what_is_not_understood_is_refused_by_name() {
        for (query, word) in [
            ("famliy=4", "famliy"),
            ("family=5", "'5'"),
            ("family", "family"),
            ("limit=0", "limit"),
            ("limit=-1", "-1"),
            ("limit=+1", "+1"),
            ("limit=99999999999999999999999", "limit"),
            ("page=1", "limit"),
            ("limit=5&page=0", "page"),
            ("comments=yes", "yes"),
            ("merge=1&merge=1", "twice"),
        ] {
            let error = parse("plain", query).unwrap_err();
            assert!(error.contains(word), "{query}: {error}");
        }
        assert!(parse("fortigate", "comments=1").unwrap_err().contains("fortigate"));
        assert!(parse("csv", "merge=1").unwrap_err().contains("csv"));
    }
}
