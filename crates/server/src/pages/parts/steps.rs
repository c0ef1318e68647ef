//! The way of a row from source to device, as steps from left to right.

use askama::Template;

use super::is_markup;
use crate::pages::{Level, Markup};

/// A step with its verdict. Steps stand in `<ol class="steps">`.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/step.html")]
pub(crate) struct Step {
    /// "허용목록".
    pub(crate) name: String,
    /// How it went.
    pub(crate) level: Level,
    /// The verdict in a word or two.
    pub(crate) verdict: String,
    /// What there is to say.
    pub(crate) detail: Markup,
    /// The row did not come so far.
    pub(crate) is_off: bool,
}

is_markup!(Step);
