//! The head of a table, with links that sort it, and the way to its further rows. The rows are the page's own.

use askama::Template;

use super::is_markup;
use crate::pages::address::Address;
use crate::pages::words::Common;

/// The order of a table, as the address has it: `sort=key` or `sort=-key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sort {
    /// The column.
    pub(crate) key: String,
    /// The largest first.
    pub(crate) descending: bool,
}

impl Sort {
    /// What the address asks for if a column has that key; else the given one.
    pub(crate) fn of(address: &Address, columns: &[Column], default: &str) -> Self {
        let known = |text: &&str| {
            let key = text.strip_prefix('-').unwrap_or(text);
            columns.iter().any(|column| column.is_sorted && column.key == key)
        };
        let text = address.get("sort").filter(known).unwrap_or(default);
        let key = text.strip_prefix('-');
        Self { key: key.unwrap_or(text).to_owned(), descending: key.is_some() }
    }
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// Its key in the address.
    pub(crate) key: &'static str,
    /// Its heading.
    pub(crate) name: &'static str,
    /// Whether the table can be sorted by it.
    pub(crate) is_sorted: bool,
    /// Whether it holds numbers, which stand at the right.
    pub(crate) is_number: bool,
}

impl Column {
    /// A column that the table is not sorted by.
    pub(crate) const fn plain(name: &'static str) -> Self {
        Self { key: "", name, is_sorted: false, is_number: false }
    }

    /// A column that the table can be sorted by.
    pub(crate) const fn sorted(key: &'static str, name: &'static str) -> Self {
        Self { key, name, is_sorted: true, is_number: false }
    }

    /// The same with numbers.
    #[must_use]
    pub(crate) const fn number(mut self) -> Self {
        self.is_number = true;
        self
    }
}

/// The `<thead>`.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/head.html")]
pub(crate) struct Head {
    /// The columns.
    pub(crate) columns: Vec<Column>,
    /// The order it has; none when it cannot be sorted.
    pub(crate) sort: Option<Sort>,
    /// The page, whose filters the links keep. They lead to its first rows.
    pub(crate) address: Address,
}

impl Head {
    /// What `aria-sort` says of a column.
    fn order(&self, column: &Column) -> &'static str {
        match &self.sort {
            Some(sort) if sort.key == column.key && sort.descending => "descending",
            Some(sort) if sort.key == column.key => "ascending",
            _ => "none",
        }
    }

    /// Sorts by a column, or turns its order.
    fn link(&self, column: &Column) -> String {
        let sign = if self.order(column) == "ascending" { "-" } else { "" };
        self.address.clone().without("after").with("sort", format!("{sign}{}", column.key)).to_string()
    }
}

/// What stands under a table: how many rows there are, the first and the next page, and all of it as a file.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/pager.html")]
pub(crate) struct Pager {
    /// The words.
    pub(crate) words: &'static Common,
    /// "26,624건 중 100건".
    pub(crate) says: String,
    /// The first page, unless this is it.
    pub(crate) first: Option<String>,
    /// The next page, if there is one.
    pub(crate) next: Option<String>,
    /// All rows as CSV.
    pub(crate) csv: Option<String>,
}

impl Pager {
    /// Of a list with a cursor: `after` is where this page's successor begins.
    pub(crate) fn of(words: &'static Common, says: String, address: &Address, after: Option<&str>) -> Self {
        let first = address.get("after").map(|_| address.clone().without("after").to_string());
        let next = after.map(|after| address.clone().with("after", after).to_string());
        Self { words, says, first, next, csv: None }
    }

    /// With the file of all rows.
    #[must_use]
    pub(crate) fn with_csv(self, address: Address) -> Self {
        Self { csv: Some(address.without("after").to_string()), ..self }
    }
}

is_markup!(Head, Pager);

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 2] = [Column::sorted("ip", "IP"), Column::sorted("end", "End").number()];

    #[test]
    fn a_heading_sorts_turns_and_says_so_and_leads_to_the_first_rows() {
        let address = Address::of(&"/ip?state=active&after=9&sort=end".parse().unwrap());
        let sort = Sort::of(&address, &COLUMNS, "ip");
        let head = Head { columns: COLUMNS.to_vec(), sort: Some(sort), address }.to_string();
        assert!(head.contains(r#"aria-sort="none"><a href="/ip?state=active&#38;sort=ip""#), "{head}");
        assert!(head.contains(r#"aria-sort="ascending"><a href="/ip?state=active&#38;sort=-end""#), "{head}");
        assert!(!head.contains("after"), "{head}");
    }

    #[test]
    fn an_unknown_order_is_the_usual_one() {
        let address = Address::of(&"/ip?sort=drop".parse().unwrap());
        assert_eq!(Sort::of(&address, &COLUMNS, "-end"), Sort { key: "end".into(), descending: true });
    }

    #[test]
    fn the_pager_goes_on_and_back_with_the_filters() {
        let address = Address::of(&"/ip?state=active&after=9".parse().unwrap());
        let pager =
            Pager::of(Common::of(crate::pages::view::Language::English), String::new(), &address, Some("18"));
        assert_eq!(pager.first.as_deref(), Some("/ip?state=active"));
        assert_eq!(pager.next.as_deref(), Some("/ip?state=active&after=18"));
        let pager = pager.with_csv(address.with("format", "csv"));
        assert_eq!(pager.csv.as_deref(), Some("/ip?state=active&format=csv"));
    }
}
