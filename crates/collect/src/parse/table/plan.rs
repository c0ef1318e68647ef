//! What a table's columns mean: found once, from the beginning of the text.

use super::split::split;
use crate::options::{Column, Field};
use crate::parse::rows::Rows;
use crate::parse::{sniff, words};
use crate::{ParseError, text};

/// How a table is read.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) delimiter: u8,
    pub(super) has_header: bool,
    /// Fields of every row.
    pub(super) width: usize,
    /// Which field is in which column, from 0, under which header, if there is one.
    pub(super) columns: Vec<(Field, usize, String)>,
}

const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// How many rows tell what a table is.
const LOOKED_AT: usize = 50;

/// The first rows of a table.
struct Top {
    delimiter: u8,
    rows: Vec<Vec<String>>,
    /// A header that stands in a comment above the rows, as many public feeds write it.
    above: Option<Vec<String>>,
}

impl Plan {
    /// Whether the beginning of a text is plainly a table.
    pub(super) fn is_table(head: &[u8]) -> bool {
        let Some(top) =
            DELIMITERS.into_iter().filter_map(|delimiter| Top::with(head, delimiter)).max_by_key(Top::even)
        else {
            return false;
        };
        if top.even() * 5 < top.rows.len() * 4 {
            return false;
        }
        if top.rows[0].len() > 1 && !words::find(Field::Address, top.names()).is_empty() {
            return true;
        }
        // Read as a list, only the first address of each range would be taken.
        if top.last_column(0).is_some() || top.last_column(1).is_some() {
            return true;
        }
        match top.address_column(0) {
            Some(0) => matches!(top.delimiter, b',' | b'|'),
            found => found.is_some(),
        }
    }

    /// Finds what the columns mean.
    pub(super) fn new(head: &[u8], rows: &mut Rows<'_>) -> Result<Self, ParseError> {
        let top =
            DELIMITERS.into_iter().filter_map(|delimiter| Top::with(head, delimiter)).max_by_key(Top::even);
        let top = top.unwrap_or_else(|| Top::read(head, b','));
        let Some(first) = top.rows.first() else {
            // Nothing but comments: a table without rows.
            return Ok(Self {
                delimiter: b',',
                has_header: false,
                width: 1,
                columns: vec![(Field::Address, 0, String::new())],
            });
        };
        let wanted = rows.options.columns.clone();
        let is_wanted = |name: &str| {
            Field::ALL.iter().any(|field| matches!(wanted.get(*field), Column::Name(n) if text::header(n) == text::header(name)))
        };
        let has_header = top.above.is_none()
            && first.iter().all(|cell| prefix::parse(cell.trim().as_bytes()).is_err())
            && (Field::ALL.iter().any(|field| !words::find(*field, top.names()).is_empty())
                || (0..first.len()).any(|column| top.heads_range(column))
                || first.iter().any(|cell| is_wanted(cell)));
        let named = has_header || top.above.is_some();
        let mut columns = Vec::new();
        for field in Field::ALL {
            if let Some(column) = top.column(field, wanted.get(field), has_header)? {
                let name = top.names().nth(column).filter(|_| named).unwrap_or_default().to_owned();
                // The end of a range stands right after its beginning; elsewhere it is another column's.
                let after = |(_, address, _): &(Field, usize, String)| column == address + 1;
                if field == Field::Last
                    && *rows.options.columns.get(field) == Column::Auto
                    && !columns.first().is_some_and(after)
                {
                    continue;
                }
                let number = (column + 1).to_string();
                rows.note_column(field, if named { &name } else { &number });
                columns.push((field, column, name));
            }
        }
        Ok(Self { delimiter: top.delimiter, has_header, width: first.len(), columns })
    }
}

impl Top {
    fn read(head: &[u8], delimiter: u8) -> Self {
        let rows =
            sniff::lines(head).filter_map(|line| split(&String::from_utf8_lossy(line), delimiter).map(own));
        let mut top = Self { delimiter, rows: rows.take(LOOKED_AT).collect(), above: None };
        top.above = top.header_above(head);
        top
    }

    /// The last comment above the rows that has a column for each of theirs, one of addresses among them. A header
    /// among the rows themselves comes first.
    fn header_above(&self, head: &[u8]) -> Option<Vec<String>> {
        let first = self.rows.first()?;
        if first.len() < 2 || !words::find(Field::Address, self.names()).is_empty() {
            return None;
        }
        let comments = head.split(|&b| b == b'\n' || b == b'\r').map(<[u8]>::trim_ascii);
        let comments = comments.take_while(|line| line.first().is_none_or(|&b| matches!(b, b'#' | b';')));
        let headers = comments.filter_map(|line| {
            let line = String::from_utf8_lossy(line);
            let names = own(split(line.trim_start_matches(['#', ';', ' ']), self.delimiter)?);
            let fits = names.len() == first.len()
                && !words::find(Field::Address, names.iter().map(String::as_str)).is_empty();
            fits.then_some(names)
        });
        headers.last()
    }

    /// The rows with a delimiter that the first one has.
    fn with(head: &[u8], delimiter: u8) -> Option<Self> {
        Some(Self::read(head, delimiter)).filter(|top| top.rows.first().is_some_and(|row| row.len() > 1))
    }

    /// How many rows are as wide as the first; [`Iterator::max_by_key`] takes the last of equals, so a tie falls to
    /// the wider one only by the order of [`DELIMITERS`].
    fn even(&self) -> usize {
        self.rows.iter().filter(|row| row.len() == self.rows[0].len()).count()
    }

    fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.above.as_ref().or(self.rows.first()).into_iter().flatten().map(String::as_str)
    }

    /// Whether a column and the one after it are headed as the two ends of a range.
    fn heads_range(&self, column: usize) -> bool {
        let headed = |column: usize, words: &[&str]| {
            self.names().nth(column).is_some_and(|name| words.contains(&text::header(name).as_str()))
        };
        headed(column, &["start", "first", "from", "begin"]) && headed(column + 1, &["end", "last", "to"])
    }

    /// The column of the last addresses of ranges, where the data proves it: it is the one after the first addresses,
    /// and either the one after it holds the length of just that prefix, or the two are headed start and end.
    fn last_column(&self, skip: usize) -> Option<usize> {
        let rows = self.rows.get(skip..)?;
        let first = self.address_column(skip)?;
        let headed = self.heads_range(first);
        let proven = |row: &Vec<String>| {
            let [from, to, rest @ ..] = row.get(first..).unwrap_or_default() else { return false };
            let (from, to) = (from.trim(), to.trim());
            let Ok(range) = prefix::parse(format!("{from}-{to}").as_bytes()) else { return false };
            let length = rest.first().map_or("", |cell| cell.trim());
            headed
                || prefix::parse(format!("{from}/{length}").as_bytes())
                    .is_ok_and(|net| net.entry.prefixes().eq(range.entry.prefixes()))
        };
        // A row with dirt must not hide what all the others say.
        let count = rows.iter().filter(|row| proven(row)).count();
        (count > 0 && count * 5 >= rows.len() * 4).then_some(first + 1)
    }

    /// The first column in which at least half of the rows, the first `skip` apart, hold an address.
    fn address_column(&self, skip: usize) -> Option<usize> {
        let rows = self.rows.get(skip..)?;
        let holds = |row: &Vec<String>, column: usize| {
            row.get(column).is_some_and(|cell| prefix::parse(cell.trim().as_bytes()).is_ok())
        };
        let width = self.rows[0].len();
        (0..width).find(|&column| {
            let count = rows.iter().filter(|row| holds(row, column)).count();
            count > 0 && count * 2 >= rows.len()
        })
    }

    fn column(&self, field: Field, wanted: &Column, has_header: bool) -> Result<Option<usize>, ParseError> {
        let width = self.rows[0].len();
        let refusal =
            |problem| ParseError::Column { field, problem, found: self.names().map(text::short).collect() };
        match wanted {
            Column::Unread if field == Field::Address => {
                Err(refusal("the address cannot be left unread".into()))
            }
            Column::Unread => Ok(None),
            Column::Number(number) if *number <= width => Ok(Some(number - 1)),
            Column::Number(number) => {
                Err(refusal(format!("there is no column {number}, the table has {width}")))
            }
            Column::Name(name) => {
                let same = |(_, found): &(usize, &str)| text::header(found) == text::header(name);
                let hits: Vec<usize> = self.names().enumerate().filter(same).map(|(at, _)| at).collect();
                match hits.as_slice() {
                    [at] => Ok(Some(*at)),
                    [] => Err(refusal(format!("there is no column '{}'", text::short(name)))),
                    _ => {
                        Err(refusal(format!("column '{}' is there {} times", text::short(name), hits.len())))
                    }
                }
            }
            Column::Auto => {
                let named = has_header || self.above.is_some();
                let hits = if named { words::find(field, self.names()) } else { Vec::new() };
                match (hits.as_slice(), field) {
                    ([at], _) => Ok(Some(*at)),
                    ([], Field::Address) => match self.address_column(usize::from(has_header)) {
                        Some(at) => Ok(Some(at)),
                        None => Err(refusal("no column holds addresses".into())),
                    },
                    ([], Field::Last) => Ok(self.last_column(usize::from(has_header))),
                    ([], _) => Ok(None),
                    (several, _) => {
                        let name = self.names().nth(several[0]).unwrap_or_default();
                        Err(refusal(format!(
                            "column '{}' is there {} times",
                            text::short(name),
                            several.len()
                        )))
                    }
                }
            }
        }
    }
}

fn own(fields: Vec<std::borrow::Cow<'_, str>>) -> Vec<String> {
    fields.into_iter().map(std::borrow::Cow::into_owned).collect()
}
