//! Tables as files: RFC 4180 with a byte order mark, because spreadsheets take a file without one for the code page of the
//! machine, and Korean texts for noise.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe in front: what a portal wrote into a reason must not
//! run on an analyst's machine.

use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// What makes a spreadsheet read a cell as a formula, when it stands first.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A table as a file. `name` is the file's, without its ending: letters, digits and `-`.
pub(crate) fn csv<C: AsRef<str>>(
    name: &str,
    header: &[&str],
    rows: impl IntoIterator<Item = impl AsRef<[C]>>,
) -> Response {
    let mut text = String::from('\u{feff}');
    line(&mut text, header);
    for row in rows {
        line(&mut text, row.as_ref());
    }
    let fields = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"blacklist-{name}.csv\"")),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (fields, text).into_response()
}

fn line<C: AsRef<str>>(text: &mut String, cells: &[C]) {
    for (place, value) in cells.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        cell(text, value.as_ref());
    }
    text.push_str("\r\n");
}

fn cell(text: &mut String, value: &str) {
    let is_formula = value.starts_with(FORMULA) && value.parse::<f64>().is_err();
    let quoted = is_formula || value.contains([',', '"', '\n', '\r']);
    if quoted {
        text.push('"');
    }
    if is_formula {
        text.push('\'');
    }
    for c in value.chars() {
        if c == '"' {
            text.push('"');
        }
        text.push(c);
    }
    if quoted {
        text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::line;

    fn of(cells: &[&str]) -> String {
        let mut text = String::new();
        line(&mut text, cells);
        text
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(of(&["a", "b,c", "d\"e", "f\ng", ""]), "a,\"b,c\",\"d\"\"e\",\"f\ng\",\r\n");
    }

    #[test]
    fn no_cell_is_a_formula_and_a_number_stays_one() {
        assert_eq!(of(&["=1+1", "@x", "-5", "+82-2"]), "\"'=1+1\",\"'@x\",-5,\"'+82-2\"\r\n");
    }
}
