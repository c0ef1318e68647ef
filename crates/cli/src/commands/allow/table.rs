//! Entries as files: CSV and JSON are read and written, and what was written is read as it was; a plain list is read.
//!
//! A bad row is a refusal with its line and cause; what is no table at all is an error of the whole.
//!
//! Texts come from people and end in spreadsheets, so one that a spreadsheet would take for a formula gets a `'` before it
//! in CSV, and so does one that begins with `'`: that one `'` is taken off again when the file is read.

use std::borrow::Cow;
use std::fmt::Display;

use csv::{Position, ReaderBuilder, StringRecord, WriterBuilder};
use prefix::ListReader;
use serde::{Deserialize, Serialize};
use store::{AllowRow, NewAllow};

use super::words;
use crate::args::{FileFormat, TableFormat};

/// The columns, in the order in which they are written.
const COLUMNS: [&str; 6] = ["prefix", "reason", "owner", "ticket", "until", "remind_days"];

/// What a spreadsheet takes for a formula, also in full-width forms.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A row of a file.
#[derive(Debug)]
pub(super) struct Row {
    /// Its line, or of JSON its number, from 1.
    pub(super) at: u64,
    /// As it stands.
    pub(super) text: String,
    /// What it means: a range makes several. Else why it is refused.
    pub(super) entries: Result<Vec<NewAllow>, String>,
}

/// What holds for rows that do not say it themselves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given<'a> {
    pub(super) reason: Option<&'a str>,
    pub(super) wide: bool,
}

/// The fields of a row.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields<'a> {
    prefix: Cow<'a, str>,
    #[serde(default)]
    reason: Option<Cow<'a, str>>,
    #[serde(default)]
    owner: Option<Cow<'a, str>>,
    #[serde(default)]
    ticket: Option<Cow<'a, str>>,
    #[serde(default)]
    until: Option<Cow<'a, str>>,
    #[serde(default)]
    remind_days: Option<u32>,
}

impl Fields<'_> {
    fn entries(self, given: Given<'_>) -> Result<Vec<NewAllow>, String> {
        let word = |text: Option<Cow<'_, str>>| {
            text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let named = words::prefixes(&self.prefix)?;
        let reason = word(self.reason).or_else(|| given.reason.map(str::to_owned));
        let reason = reason.ok_or("there is no reason; --reason gives one to rows without")?;
        let until = word(self.until).map(|text| words::until(&text)).transpose();
        let new = NewAllow {
            owner: word(self.owner),
            ticket: word(self.ticket),
            until: until.map_err(|why| format!("the end is {why}"))?,
            remind_days: self.remind_days,
            wide: given.wide,
            // Replaced below.
            ..NewAllow::new(named.prefixes.first().copied().ok_or("it names nothing")?, reason)
        };
        Ok(named.prefixes.into_iter().map(|prefix| NewAllow { prefix, ..new.clone() }).collect())
    }
}

/// Reads a file whose format is said, or seen by its begin.
pub(super) fn read(bytes: &[u8], format: Option<FileFormat>, given: Given<'_>) -> Result<Vec<Row>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the file is no UTF-8 text")?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match format.unwrap_or_else(|| look(text)) {
        FileFormat::Csv => read_csv(text, given),
        FileFormat::Json => read_json(text, given),
        FileFormat::List => read_list(text, given),
    }
}

fn look(text: &str) -> FileFormat {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let is_column =
        |name: &str| COLUMNS.contains(&name.trim().trim_matches('"').to_ascii_lowercase().as_str());
    if first.trim_start().starts_with(['[', '{']) {
        FileFormat::Json
    } else if first.split(',').any(is_column) {
        FileFormat::Csv
    } else {
        FileFormat::List
    }
}

fn read_csv(text: &str, given: Given<'_>) -> Result<Vec<Row>, String> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let broken = |error: csv::Error| format!("the table cannot be read: {error}");
    let headers = reader.headers().map_err(broken)?.clone();
    let mut columns: Vec<&'static str> = Vec::new();
    for header in &headers {
        let name = header.trim().to_ascii_lowercase();
        let column =
            COLUMNS.into_iter().find(|column| *column == name).filter(|column| !columns.contains(column));
        columns.push(column.ok_or_else(|| {
            format!("the column '{header}' is unknown or there twice; there are: {}", COLUMNS.join(", "))
        })?);
    }
    if !columns.contains(&"prefix") {
        return Err(format!("there is no column 'prefix'; there are: {}", COLUMNS.join(", ")));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        rows.push(Row {
            at: record.position().map_or(0, Position::line),
            text: record.iter().collect::<Vec<_>>().join(","),
            entries: csv_fields(&columns, &record).and_then(|fields| fields.entries(given)),
        });
    }
    Ok(rows)
}

fn csv_fields<'r>(columns: &[&str], record: &'r StringRecord) -> Result<Fields<'r>, String> {
    if record.len() != columns.len() {
        return Err(format!("{} fields in place of {}", record.len(), columns.len()));
    }
    let mut fields = Fields::default();
    for (column, text) in columns.iter().zip(record) {
        let text = unguarded(text);
        if text.trim().is_empty() && *column != "prefix" {
            continue;
        }
        match *column {
            "prefix" => fields.prefix = text.into(),
            "reason" => fields.reason = Some(text.into()),
            "owner" => fields.owner = Some(text.into()),
            "ticket" => fields.ticket = Some(text.into()),
            "until" => fields.until = Some(text.into()),
            _ => {
                fields.remind_days =
                    Some(text.trim().parse().map_err(|_| "remind_days is no number of days")?);
            }
        }
    }
    Ok(fields)
}

fn read_json(text: &str, given: Given<'_>) -> Result<Vec<Row>, String> {
    let broken = |error: &dyn Display| format!("the file is no JSON array of entries: {error}");
    let values: Vec<&serde_json::value::RawValue> =
        serde_json::from_str(text).map_err(|error| broken(&error))?;
    let row = |(at, value): (u64, &&serde_json::value::RawValue)| {
        let fields = serde_json::from_str::<Fields<'_>>(value.get()).map_err(|error| error.to_string());
        Row { at, text: value.get().to_owned(), entries: fields.and_then(|fields| fields.entries(given)) }
    };
    Ok((1..).zip(&values).map(row).collect())
}

fn read_list(text: &str, given: Given<'_>) -> Result<Vec<Row>, String> {
    let reason = given.reason.ok_or("a plain list says no reason; --reason gives one to all of it")?;
    let mut reader = ListReader::new(text.as_bytes());
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row().map_err(|error| error.to_string())? {
        let entries = row.parsed.map_err(|refusal| refusal.to_string()).map(|parsed| {
            let new = |prefix| NewAllow { wide: given.wide, ..NewAllow::new(prefix, reason) };
            parsed.entry.prefixes().map(new).collect()
        });
        rows.push(Row { at: row.line, text: String::from_utf8_lossy(row.text).into_owned(), entries });
    }
    Ok(rows)
}

/// Writes entries.
pub(super) fn write(rows: &[AllowRow], format: TableFormat) -> Result<Vec<u8>, String> {
    let until: Vec<Option<String>> = rows.iter().map(|row| row.until.map(|time| time.to_string())).collect();
    let fields = rows.iter().zip(&until).map(|(row, until)| Fields {
        prefix: row.prefix.to_string().into(),
        reason: Some(row.reason.as_str().into()),
        owner: row.owner.as_deref().map(Cow::from),
        ticket: row.ticket.as_deref().map(Cow::from),
        until: until.as_deref().map(Cow::from),
        remind_days: row.remind_days,
    });
    if format == TableFormat::Json {
        let mut json =
            serde_json::to_vec_pretty(&fields.collect::<Vec<_>>()).map_err(|error| error.to_string())?;
        json.push(b'\n');
        return Ok(json);
    }
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    let mut put = |record: [&str; 6]| writer.write_record(record).map_err(|error| error.to_string());
    put(COLUMNS)?;
    for fields in fields {
        let word = |text: &Option<Cow<'_, str>>| guarded(text.as_deref().unwrap_or_default()).into_owned();
        let days = fields.remind_days.map(|days| days.to_string()).unwrap_or_default();
        let [reason, owner, ticket, until] =
            [&fields.reason, &fields.owner, &fields.ticket, &fields.until].map(word);
        put([&fields.prefix, &reason, &owner, &ticket, &until, &days])?;
    }
    writer.into_inner().map_err(|error| error.to_string())
}

fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULA) || text.starts_with('\'') { format!("'{text}").into() } else { text.into() }
}

fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) || rest.starts_with('\'') => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use blocklist::Time;
    use proptest::prelude::*;
    use store::{AllowId, AllowState};

    use super::*;

    const NOTHING: Given<'static> = Given { reason: None, wide: false };

    fn good(text: &str, format: Option<FileFormat>) -> Vec<NewAllow> {
        let rows = read(text.as_bytes(), format, NOTHING).unwrap();
        rows.into_iter().flat_map(|row| row.entries.unwrap()).collect()
    }

    fn kept(new: &NewAllow) -> AllowRow {
        let new = new.clone();
        AllowRow {
            id: AllowId(1),
            prefix: new.prefix,
            state: AllowState::Holds,
            reason: new.reason,
            owner: new.owner,
            ticket: new.ticket,
            until: new.until,
            remind_days: new.remind_days,
            created_at: Time::from_unix(0),
            created_by: String::new(),
            changed_at: None,
            changed_by: None,
            removed_at: None,
            removed_by: None,
        }
    }

    /// A text as the store keeps it: one line, trimmed, not empty.
    fn word() -> impl Strategy<Value = String> {
        let begin = prop::sample::select(vec!["", "=", "'", "''", "'=", "-1", "@a", "＝", "\"", ",", "#"]);
        (begin, "[ -~가-힣＝']{1,20}")
            .prop_map(|(begin, rest)| format!("{begin}{rest}").trim().to_owned())
            .prop_filter("a word", |text| !text.is_empty())
    }

    fn entry() -> impl Strategy<Value = NewAllow> {
        let words = (word(), prop::option::of(word()), prop::option::of(word()));
        let prefix = (any::<u32>(), 8..=32u8, any::<bool>());
        let times = (prop::option::of(0..4_000_000_000i64), prop::option::of(0..3650u32));
        (words, prefix, times).prop_map(
            |((reason, owner, ticket), (address, len, v6), (until, remind_days))| {
                let prefix: prefix::Prefix = if v6 {
                    prefix::Net6::new(u128::from(address) << 96, len + 20).unwrap().into()
                } else {
                    prefix::Net4::new(address, len).unwrap().into()
                };
                let until = until.map(Time::from_unix);
                NewAllow { owner, ticket, until, remind_days, ..NewAllow::new(prefix, reason) }
            },
        )
    }

    proptest! {
        #[test]
        fn what_was_exported_is_imported_as_it_was(entries in prop::collection::vec(entry(), 0..20)) {
            let rows: Vec<AllowRow> = entries.iter().map(kept).collect();
            for (format, read_as) in [(TableFormat::Csv, FileFormat::Csv), (TableFormat::Json, FileFormat::Json)] {
                let text = String::from_utf8(write(&rows, format).unwrap()).unwrap();
                prop_assert_eq!(&good(&text, None), &entries, "{}", text);
                prop_assert_eq!(&good(&text, Some(read_as)), &entries, "{}", text);
            }
        }

        #[test]
        fn no_cell_of_the_table_is_a_formula(entries in prop::collection::vec(entry(), 1..5)) {
            let rows: Vec<AllowRow> = entries.iter().map(kept).collect();
            let text = write(&rows, TableFormat::Csv).unwrap();
            for record in csv::Reader::from_reader(&*text).records() {
                for cell in &record.unwrap() {
                    prop_assert!(!cell.starts_with(FORMULA), "{cell}");
                }
            }
        }

        #[test]
        fn whatever_comes_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300), head in 0..3usize) {
            let heads: [&[u8]; 3] = [b"prefix,reason\n", b"[{\"prefix\":", b""];
            let _ = read(&[heads[head], &bytes].concat(), None, Given { reason: Some("x"), wide: false });
        }
    }

    #[test]
    fn a_bad_row_is_told_by_its_line_and_cause() {
        let text = "prefix,reason,until\n1.2.3.4,a,\nexample.com,b,\n1.2.3.5,,\n1.2.3.6,c,soon\n1.2.3.7,d\n";
        let rows = read(text.as_bytes(), None, NOTHING).unwrap();
        let told: Vec<(u64, String)> =
            rows.into_iter().filter_map(|row| Some((row.at, row.entries.err()?))).collect();
        let causes = ["a name", "no reason", "the end is", "2 fields in place of 3"];
        assert_eq!(told.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [3, 4, 5, 6]);
        assert!(told.iter().zip(causes).all(|((_, cause), want)| cause.contains(want)), "{told:?}");
    }

    #[test]
    fn what_is_no_table_of_entries_is_refused_whole() {
        for (text, why) in [
            ("prefix,resaon\n", "resaon"),
            ("reason,prefix,prefix\n", "twice"),
            ("reason\nx\n", "no column 'prefix'"),
            ("{\"prefix\":\"1.2.3.4\"}", "array"),
            ("1.2.3.4\n", "--reason"),
            ("<html></html>", "--reason"),
        ] {
            let told = read(text.as_bytes(), None, NOTHING).unwrap_err();
            assert!(told.contains(why), "{text}: {told}");
        }
        let given = Given { reason: Some("x"), wide: false };
        assert!(read(b"<html></html>", None, given).unwrap_err().contains("web page"));
        let unknown = read(br#"[{"prefix":"1.2.3.4","raeson":"x"}]"#, None, given).unwrap();
        assert!(unknown[0].entries.as_ref().unwrap_err().contains("raeson"));
    }
}
