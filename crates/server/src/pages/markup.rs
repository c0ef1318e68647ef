//! HTML that is made here, so that a template does not escape it again.

use std::fmt::{self, Display, Write};

use askama::filters::{Html, HtmlSafe, escape};

/// A piece of HTML. Text comes into it by [`Markup::text`] alone, which escapes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Markup(String);

impl Markup {
    /// Markup that the program itself wrote. Never what somebody sent.
    pub(crate) fn trusted(html: impl Into<String>) -> Self {
        Self(html.into())
    }

    /// A text, escaped.
    pub(crate) fn text(text: impl Display) -> Self {
        Self(escaped(text))
    }

    /// The HTML.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Display for Markup {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl HtmlSafe for Markup {}

/// A text with the five signs of HTML escaped, for an element or a quoted attribute.
pub(crate) fn escaped(text: impl Display) -> String {
    let mut out = String::new();
    // The escaper refuses nothing, and writing to a string does not fail.
    let Ok(safe) = escape(text, Html);
    let _ = write!(out, "{safe}");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_once_and_markup_is_not() {
        let text = Markup::text("<b title=\"a'b\">&amp;</b>");
        assert!(!text.as_str().contains(['<', '>', '"', '\'']), "{text}");
        assert_eq!(Markup::trusted("<b>").to_string(), "<b>");
    }
}
