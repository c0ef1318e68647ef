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

impl Tabs {
    /// Those with these names and addresses, of which one is open.
    pub(crate) fn of<'a>(
        label: &str,
        open: &str,
        tabs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let tab = |(name, href): (&str, &str)| Tab {
            name: name.into(),
            href: href.into(),
            count: String::new(),
            is_open: href == open,
        };
        Self { label: label.into(), tabs: tabs.into_iter().map(tab).collect() }
    }
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
