//! The first line of a page: a sentence that answers "is all well?", what needs a hand, and the figures under it.

use askama::Template;

use super::is_markup;
use crate::pages::chart::Spark;
use crate::pages::{Level, Markup};

/// The sentence.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/verdict.html")]
pub(crate) struct Verdict {
    /// The colour of its edge. The sentence says the same.
    pub(crate) level: Level,
    /// "차단은 정상입니다."
    pub(crate) says: String,
    /// "사람 손이 필요한 일이 2건 있습니다." in the colour of the level, or nothing.
    pub(crate) but: String,
    /// What stands below it: publication, numbers, ages.
    pub(crate) below: Markup,
    /// Each thing that needs a hand.
    pub(crate) todo: Vec<Todo>,
    /// What [`Shell::search`](crate::pages::Shell::search) gives.
    pub(crate) search: Markup,
}

/// A thing that needs a hand, with the link that does it.
#[derive(Clone, Debug)]
pub(crate) struct Todo {
    /// "SECUDIUM이 OTP를 기다립니다".
    pub(crate) says: String,
    /// "입력".
    pub(crate) act: String,
    /// Where.
    pub(crate) href: String,
}

/// Key figures in a row; each leads to the rows that it counts.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/figures.html")]
pub(crate) struct Figures {
    /// What the row is, for those who hear it.
    pub(crate) label: String,
    /// They themselves.
    pub(crate) figures: Vec<Figure>,
}

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// "차단 중".
    pub(crate) label: String,
    /// "26,624".
    pub(crate) value: String,
    /// How good that is.
    pub(crate) level: Level,
    /// Where its rows are.
    pub(crate) href: String,
    /// How it went lately.
    pub(crate) spark: Option<Spark>,
}

is_markup!(Verdict, Figures);
