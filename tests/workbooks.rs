//! The portals' workbooks from file to feed, in the sizes that were seen: every row is taken, and what it says is kept.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "a test")]

mod support;

use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use portal_sim::dataset::{Row, rows};
use portal_sim::workbook::{Sheets, regtech, secudium};
use serde_json::Value;
use support::program::Program;
use support::spans::Addresses;

/// The portals' day. The rows end some days after it, so all of them are active whenever the test runs.
fn today() -> Date {
    jiff::Timestamp::now().to_zoned(TimeZone::fixed(offset(9))).date()
}

/// Every row was taken as a new listing, and none was refused.
fn all_new(run: &Value, parser: &str, rows: &[Row]) {
    assert_eq!(run["parser"], parser, "{run}");
    for (count, want) in [("accepted", rows.len()), ("new", rows.len()), ("refused", 0), ("withdrawn", 0)] {
        assert_eq!(run[count].as_u64(), Some(want as u64), "{count} in {run}");
    }
}

/// What `check` says of a row's address is what its row says.
fn kept(program: &Program, source: &str, row: &Row) {
    let answer = program.json(&["check", &row.address]);
    let listing = &answer["listings"][0];
    assert_eq!(
        (&answer["listed"], &listing["source"]),
        (&Value::Bool(true), &Value::from(source)),
        "{answer}"
    );
    assert_eq!(
        (&listing["reason"], &listing["country"]),
        (&row.reason.into(), &row.country.into()),
        "{answer}"
    );
    assert_eq!(listing["state"], "active", "{answer}");
}

fn addresses<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Addresses {
    Addresses::of(rows.into_iter().map(|row| row.address.as_str()))
}

#[test]
fn a_regtech_workbook_of_22664_rows_is_taken_whole_alone_or_between_other_sheets() {
    let program = Program::new();
    let rows = rows(11, 22_664, today());
    let file = program.write("fctiList.xlsx", regtech(&rows, Sheets::One).unwrap());
    all_new(&program.import(&file, "regtech"), "regtech", &rows);
    assert_eq!(Addresses::of(program.plain().lines()), addresses(&rows));
    for row in rows.iter().step_by(4_999) {
        kept(&program, "regtech", row);
    }

    let file = program.write("three.xlsx", regtech(&rows, Sheets::Three).unwrap());
    let again = program.import(&file, "regtech");
    for (count, want) in [("new", 0), ("changed", 0), ("withdrawn", 0), ("unchanged", rows.len())] {
        assert_eq!(again[count].as_u64(), Some(want as u64), "{count} in {again}");
    }
}

#[test]
fn a_secudium_workbook_of_113_rows_joins_what_regtech_listed() {
    let program = Program::new();
    let (first, second) = (rows(12, 500, today()), rows(13, 113, today()));
    program.import(&program.write("fctiList.xlsx", regtech(&first, Sheets::One).unwrap()), "regtech");
    let file = program.write("secudium.xlsx", secudium(&second).unwrap());
    all_new(&program.import(&file, "secudium"), "secudium", &second);
    assert_eq!(Addresses::of(program.plain().lines()), addresses(first.iter().chain(&second)));
    for row in second.iter().step_by(20) {
        kept(&program, "secudium", row);
    }
}
