//! The texts of a chunk in one block, in one case: searched at the speed of memory instead of text by text.

use memchr::memmem;

use crate::Details;

/// Between two texts. No detail holds a control character, so no word reaches over it.
const BETWEEN: char = '\0';

/// What the details of a chunk say, in lower case, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    text: String,
    /// Where the text of each set of details ends.
    ends: Vec<u32>,
}

/// A text in the case in which it is searched.
pub(super) fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// All texts of a set of details, folded.
pub(super) fn text_of(details: &Details) -> String {
    let mut text = String::new();
    push(&mut text, details);
    text
}

fn push(text: &mut String, details: &Details) {
    for one in [&details.reason, &details.category, &details.severity].into_iter().flatten() {
        if one.is_ascii() {
            text.extend(one.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
        } else {
            text.push_str(&fold(one));
        }
        text.push(BETWEEN);
    }
}

impl Folded {
    /// Of the details of a chunk, in their order.
    pub(crate) fn of(details: &[Details]) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::with_capacity(details.len()));
        for one in details {
            push(&mut text, one);
            ends.push(text.len() as u32);
        }
        text.shrink_to_fit();
        Self { text, ends }
    }

    /// Names each set of details that has the word, which is folded, somewhere in its texts.
    pub(super) fn each_with(&self, word: &str, mut found: impl FnMut(usize)) {
        let finder = memmem::Finder::new(word);
        let bytes = self.text.as_bytes();
        let (mut from, mut place) = (0, 0);
        while let Some(at) = finder.find(&bytes[from..]) {
            // Step by step: a word that many have is found in the next set or the one after.
            while self.ends.get(place).is_some_and(|end| *end as usize <= from + at) {
                place += 1;
            }
            let Some(end) = self.ends.get(place) else { return };
            found(place);
            from = *end as usize;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::details::text;

    #[test]
    fn a_word_is_found_in_each_text_and_in_none_across_two() {
        let details = |reason: &str, category: &str| Details {
            reason: text(reason),
            category: text(category),
            ..Details::default()
        };
        let all =
            [details("Port SCAN", "recon"), details("", ""), details("스캔", "Scan"), details("s", "can")];
        let folded = Folded::of(&all);
        let with = |word: &str| {
            let mut found = Vec::new();
            folded.each_with(word, |place| found.push(place));
            found
        };
        assert_eq!(with("scan"), [0, 2]);
        assert_eq!(with("스캔"), [2]);
        assert_eq!(with("n"), [0, 2, 3]);
        assert_eq!(with("nothing"), [0; 0]);
    }
}
