//! A list of names, each with a bar and a number.

use askama::Template;

use super::is_markup;
use crate::pages::chart::Bar;

/// The list, longest first as a rule.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/bars.html")]
pub(crate) struct BarList {
    /// Its rows.
    pub(crate) rows: Vec<BarRow>,
}

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct BarRow {
    /// "US 미국".
    pub(crate) name: String,
    /// As long as its share of the longest.
    pub(crate) bar: Bar,
    /// "6,963".
    pub(crate) value: String,
    /// Where the rows are that it counts.
    pub(crate) href: String,
}

impl BarList {
    /// A list of counts: name, count, where its rows are. The longest bar is the largest count.
    pub(crate) fn of(counts: impl IntoIterator<Item = (String, u64, String)>) -> Self {
        let counts: Vec<_> = counts.into_iter().collect();
        let most = counts.iter().map(|(_, count, _)| *count).max().unwrap_or(0);
        let row = |(name, count, href)| BarRow {
            name,
            bar: Bar::share(count, most),
            value: crate::pages::show::thousands(count),
            href,
        };
        Self { rows: counts.into_iter().map(row).collect() }
    }
}

is_markup!(BarList);
