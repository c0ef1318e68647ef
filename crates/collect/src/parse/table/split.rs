//! One row of a table into its fields (RFC 4180, read leniently).

use std::borrow::Cow;

/// Splits a row. `None` when its last quote is still open.
///
/// A quote counts only at the beginning of a field, spaces before it apart (some feeds write `, "text"`); inside, two
/// quotes are one. What stands between the closing quote and the delimiter is kept as it is.
pub(super) fn split(row: &str, delimiter: u8) -> Option<Vec<Cow<'_, str>>> {
    let delimiter = delimiter as char;
    let mut fields = Vec::new();
    let mut rest = row;
    loop {
        let begin = rest.trim_start_matches(' ');
        let after = if let Some(quoted) = begin.strip_prefix('"') {
            let (field, after) = unquote(quoted, delimiter)?;
            fields.push(field);
            after
        } else {
            let end = rest.find(delimiter).unwrap_or(rest.len());
            fields.push(Cow::Borrowed(&rest[..end]));
            &rest[end..]
        };
        match after.strip_prefix(delimiter) {
            Some(next) => rest = next,
            None => return Some(fields),
        }
    }
}

/// The field after its opening quote, and the rest from the delimiter on.
fn unquote(text: &str, delimiter: char) -> Option<(Cow<'_, str>, &str)> {
    let mut field = Cow::Borrowed("");
    let mut rest = text;
    loop {
        let quote = rest.find('"')?;
        append(&mut field, &rest[..quote]);
        rest = &rest[quote + 1..];
        match rest.strip_prefix('"') {
            Some(next) => {
                append(&mut field, "\"");
                rest = next;
            }
            None => break,
        }
    }
    let end = rest.find(delimiter).unwrap_or(rest.len());
    append(&mut field, rest[..end].trim_end_matches(' '));
    Some((field, &rest[end..]))
}

fn append<'a>(field: &mut Cow<'a, str>, text: &'a str) {
    if field.is_empty() {
        *field = Cow::Borrowed(text);
    } else if !text.is_empty() {
        field.to_mut().push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quotes_hold_delimiters_quotes_and_line_ends() {
        assert_eq!(split("a,\"b,\"\"c\"\"\nd\",", b',').unwrap(), ["a", "b,\"c\"\nd", ""]);
        assert_eq!(split("\"a\", \"b\" ,c", b',').unwrap(), ["a", "b", "c"]);
        assert_eq!(split("5\" disk|x", b'|').unwrap(), ["5\" disk", "x"]);
        assert_eq!(split("a,\"b", b','), None);
        assert_eq!(split("a,\"b\"\"", b','), None);
        assert_eq!(split("", b',').unwrap(), [""]);
    }

    proptest! {
        #[test]
        fn what_a_csv_writer_wrote_is_split_back(fields in prop::collection::vec("[a-z가 ,\"\n|;]{0,8}", 1..6)) {
            let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
            writer.write_record(&fields).unwrap();
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            prop_assert_eq!(split(text.trim_end_matches('\n'), b',').unwrap(), fields);
        }
    }
}
