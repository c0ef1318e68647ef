//! How well something is: a colour, a shape and a word, so that nobody has to see the colour.

use super::super::markup::{Markup, escaped};
use super::Given;

/// How well something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Neither well nor not: switched off, ended, not yet.
    #[default]
    Plain,
    /// Well.
    Ok,
    /// Somebody should look.
    Warn,
    /// Broken.
    Bad,
}

impl Level {
    /// The class that gives it its colour and shape.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A word for a state, with its shape and colour.
pub(crate) fn state(level: impl Given<Level>, word: &str) -> Markup {
    Markup::trusted(format!("<span class=\"state {}\">{}</span>", level.given().class(), escaped(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_has_its_word_escaped() {
        assert_eq!(state(Level::Warn, "a<b").as_str(), "<span class=\"state warn\">a&#60;b</span>");
    }
}
