//! What a page says instead of rows, after an act, and before a dangerous one.

use askama::Template;

use super::is_markup;
use crate::api::problem::Problem;
use crate::pages::markup::escaped;
use crate::pages::words::{Common, refusal};
use crate::pages::{Level, Markup, Shell, View};

/// An empty table: what would be there, and how to make it.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/empty.html")]
pub(crate) struct Empty {
    /// "아직 등록한 장비가 없습니다."
    pub(crate) says: String,
    /// "장비를 등록하면 여기서 ..."
    pub(crate) hint: String,
    /// What to press and where it leads.
    pub(crate) act: Option<(String, String)>,
}

/// A sentence that stands out: what was done, what went wrong.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/notice.html")]
pub(crate) struct Notice {
    /// How good it is.
    pub(crate) level: Level,
    /// The sentence.
    pub(crate) says: String,
    /// What still works, what to do, an id.
    pub(crate) more: Markup,
}

impl Notice {
    /// That something was done.
    pub(crate) fn done(says: impl Into<String>) -> Self {
        Self { level: Level::Ok, says: says.into(), more: Markup::default() }
    }

    /// That something was refused: why, and what to do about it.
    pub(crate) fn refused(view: View, problem: &Problem) -> Self {
        let words = Common::of(view.language);
        let refusal::Refused { says, todo, is_said } = refusal::of(view, problem);
        if is_said {
            return Self {
                level: Level::Bad,
                says: format!("{}: {says}", words.not_taken),
                more: Markup::text(todo),
            };
        }
        // In the other language, so that it is read aloud as what it is.
        let more = Markup::trusted(format!("<span lang=\"en\">{}</span>", escaped(&says)));
        Self { level: Level::Bad, says: format!("{}.", words.not_taken), more }
    }
}

/// The second step of a dangerous act, for a browser without scripts: what will change, and the form again.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/confirm.html")]
pub(crate) struct Confirm<'a> {
    /// The frame, for the token and the words.
    pub(crate) shell: &'a Shell,
    /// "214건이 12대 장비에서 빠집니다."
    pub(crate) says: String,
    /// Whether it can be undone, and how.
    pub(crate) undo: String,
    /// Where the form goes.
    pub(crate) action: String,
    /// What it sent the first time.
    pub(crate) fields: Vec<(String, String)>,
    /// What the button says.
    pub(crate) button: String,
    /// Where no leads.
    pub(crate) back: String,
}

is_markup!(Empty, Notice, Confirm<'_>);
