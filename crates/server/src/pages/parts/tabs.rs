//! Parts of a page that have their own addresses.

use askama::Template;

use super::is_markup;

/// The row of tabs.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/tabs.html")]
pub(crate) struct Tabs {
    /// What they part, for those who hear it.
    pub(crate) label: String,
    /// They themselves.
    pub(crate) tabs: Vec<Tab>,
}

/// A tab.
#[derive(Clone, Debug)]
pub(crate) struct Tab {
    /// Its name.
    pub(crate) name: String,
    /// Its address.
    pub(crate) href: String,
    /// How many things are there, or nothing.
    pub(crate) count: String,
    /// Whether it is open.
    pub(crate) is_open: bool,
}

is_markup!(Tabs);
