//! The example feeds that are shipped, each with its name.

use std::fmt::Write;

use jiff::civil::date;

use crate::dataset::{Row, Seed, plus_days, rows};
use crate::workbook::{Error, Sheets, regtech, secudium, secudium_sheet};

/// Every example feed but the legacy workbook: file name and content.
pub fn all() -> Result<Vec<(&'static str, Vec<u8>)>, Error> {
    Ok(vec![
        ("regtech.xlsx", regtech(&lasting(rows(1, 300, date(2026, 11, 20))), Sheets::One)?),
        ("secudium.xlsx", secudium(&secudium_rows())?),
        ("list.txt", list().into_bytes()),
        ("table.csv", table().into_bytes()),
        ("feed.json", json().into_bytes()),
        ("feed.ndjson", ndjson().into_bytes()),
    ])
}

/// The rows of `secudium.xlsx` and `secudium.xls`: one day's.
pub fn secudium_rows() -> Vec<Row> {
    let mut rows = rows(2, 113, date(2026, 11, 20));
    for row in &mut rows {
        row.detected = date(2026, 11, 20);
    }
    rows
}

/// The same rows as a table of text, from which `secudium.xls` is made: the legacy format is not written here.
pub fn secudium_table() -> String {
    let quote = |text: &String| format!("\"{}\"", text.replace('"', "\"\""));
    let lines = secudium_sheet(&secudium_rows()).rows.into_iter();
    lines.map(|row| row.iter().map(quote).collect::<Vec<_>>().join(",") + "\r\n").collect()
}

/// Rows that are still listed when somebody tries the examples years from now: they end from 2035 on.
fn lasting(mut rows: Vec<Row>) -> Vec<Row> {
    for (at, row) in rows.iter_mut().enumerate() {
        row.until = Some(plus_days(date(2035, 1, 1), at as i64 % 365));
    }
    rows
}

fn list() -> String {
    let mut seed = Seed(3);
    let mut text = String::from(
        "# Example list: one entry a line. The addresses are random.\n; A comment may begin so, too.\n\n",
    );
    for row in rows(4, 60, date(2026, 11, 20)) {
        let _ = writeln!(text, "{}", row.address);
    }
    for _ in 0..10 {
        let [a, b, c, _] = seed.host().octets();
        let _ = writeln!(text, "{a}.{b}.{c}.0/24\t# a network");
        let [a, b, c, _] = seed.host().octets();
        let _ = writeln!(text, "{a}.{b}.{c}.10-{a}.{b}.{c}.20 ; a range");
    }
    for _ in 0..10 {
        let _ = writeln!(text, "2a0e:{:x}:{:x}::/48", seed.below(0x1_0000), 1 + seed.below(0xffff));
        let _ = writeln!(
            text,
            "2a0e:{:x}:{:x}::{:x}",
            seed.below(0x1_0000),
            seed.below(0x1_0000),
            1 + seed.below(0xffff)
        );
    }
    text.push_str("\n# These are refused, each for its own reason:\n");
    text.push_str(
        "10.1.2.3\n999.1.1.1\n010.20.30.40\n0.0.0.0/0\nbad.example\nhttp://bad.example/\n45.9.20.1:443\n",
    );
    text
}

fn table() -> String {
    let mut text = String::from("ip,country,reason,category,detected,until,confidence\n");
    for (at, row) in lasting(rows(5, 80, date(2026, 11, 20))).iter().enumerate() {
        let reason = row.reason.replace('"', "\"\"");
        let until = row.until.filter(|_| at % 3 > 0).map(|day| day.to_string()).unwrap_or_default();
        let Row { address, country, category, detected, .. } = row;
        let _ =
            writeln!(text, "{address},{country},\"{reason}\",{category},{detected},{until},{}", 50 + at % 51);
    }
    text
}

fn object(at: usize, row: &Row) -> String {
    let reason = row.reason.replace('"', "\\\"");
    let Row { address, country, detected, .. } = row;
    format!(
        r#"{{"ip":"{address}","country":"{country}","reason":"{reason}","first_seen":"{detected}T00:00:00+09:00","confidence":{}}}"#,
        60 + at % 41
    )
}

fn json() -> String {
    let items: Vec<String> = rows(6, 40, date(2026, 11, 20))
        .iter()
        .enumerate()
        .map(|(at, row)| format!("    {}", object(at, row)))
        .collect();
    format!("{{\n  \"name\": \"example\",\n  \"data\": [\n{}\n  ]\n}}\n", items.join(",\n"))
}

fn ndjson() -> String {
    rows(7, 40, date(2026, 11, 20)).iter().enumerate().map(|(at, row)| object(at, row) + "\n").collect()
}
