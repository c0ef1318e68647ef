//! The parts that pages are put together from. Each is a struct with a small template, shown with `{{ part }}`.
//!
//! What is only an element with a class (a card, a callout, a list of facts) has no struct: the style guide has them all,
//! `templates/styleguide.html`.

mod bars;
mod changes;
mod field;
mod node;
mod river;
mod steps;
mod table;
mod tabs;
mod told;
mod verdict;

pub(crate) use bars::BarList;
pub(crate) use changes::Changes;
pub(crate) use field::Field;
pub(crate) use node::Node;
pub(crate) use river::{Flow, Side};
pub(crate) use steps::Step;
pub(crate) use table::{Column, Head, Pager, Sort};
pub(crate) use tabs::{Tab, Tabs};
pub(crate) use told::{Confirm, Empty, Notice};
pub(crate) use verdict::{Figure, Figures, Todo, Verdict};

/// Derives nothing new: says that a part's template has escaped what needs it.
macro_rules! is_markup {
    ($($part:ty),*) => { $(impl askama::filters::HtmlSafe for $part {})* };
}
use is_markup;
