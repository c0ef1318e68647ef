//! Workbooks as they are downloaded, each built once and kept for a while.
//!
//! A file of 25,000 rows takes a moment to write; tests and impatient clients ask for the same one again and again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use jiff::civil::Date;

use crate::damage::{BAD_ROWS, Damage, damaged};
use crate::dataset::{Row, plus_days};
use crate::fault::Fault;
use crate::visit::Visit;
use crate::workbook::{
    Error, Sheet, Sheets, regtech_of, regtech_sheet, regtech_sheets, secudium_of, secudium_sheet,
};

/// Files and row sets that are kept; then all are forgotten.
const KEPT: usize = 24;
/// How often one row is repeated among bad rows.
const DUPLICATES: usize = 30_000;
/// A real legacy file: that format is not written here.
const XLS: &[u8] = include_bytes!("../../../examples/feeds/secudium.xls");

/// What is to be wrong with a workbook.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    sheets: Sheets,
    damage: Option<Damage>,
    bad_rows: bool,
    inline: bool,
    xls: bool,
}

impl Wanted {
    /// What the faults of a request make of a workbook.
    pub(crate) fn of(visit: &mut Visit, sheets: Sheets) -> Self {
        let damages = [
            (Fault::TruncatedZip, Damage::TruncatedZip),
            (Fault::ZipBomb, Damage::ZipBomb),
            (Fault::HeaderRenamed, Damage::HeaderRenamed),
            (Fault::ColumnMoved, Damage::ColumnMoved),
            (Fault::ColumnMissing, Damage::ColumnMissing),
        ];
        let damage = damages.into_iter().find(|(fault, _)| visit.strikes(*fault)).map(|(_, damage)| damage);
        Self {
            sheets,
            damage,
            bad_rows: visit.strikes(Fault::BadRows),
            inline: visit.strikes(Fault::InlineWrongDimension),
            xls: visit.strikes(Fault::XlsInstead),
        }
    }

    /// How the file's name ends.
    pub(crate) fn extension(&self) -> &'static str {
        if self.xls { "xls" } else { "xlsx" }
    }
}

/// What was built.
#[derive(Debug, Default)]
pub(crate) struct Books {
    books: Mutex<HashMap<String, Bytes>>,
    rows: Mutex<HashMap<String, Arc<Vec<Row>>>>,
}

impl Books {
    /// A workbook, built when it is not at hand.
    pub(crate) fn book(
        &self,
        key: &str,
        wanted: &Wanted,
        build: impl FnOnce(&Wanted) -> Result<Vec<u8>, Error>,
    ) -> Result<Bytes, Error> {
        if wanted.xls {
            return Ok(Bytes::from_static(XLS));
        }
        kept(&self.books, format!("{key} {wanted:?}"), || build(wanted).map(Bytes::from))
    }

    /// Rows, drawn when they are not at hand.
    pub(crate) fn rows(&self, key: &str, draw: impl FnOnce() -> Vec<Row>) -> Arc<Vec<Row>> {
        let rows = kept(&self.rows, key.to_owned(), || Ok::<_, std::convert::Infallible>(Arc::new(draw())));
        let Ok(rows) = rows;
        rows
    }
}

fn kept<T: Clone, E>(
    all: &Mutex<HashMap<String, T>>,
    key: String,
    make: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    let lock = || all.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = lock().get(&key) {
        return Ok(found.clone());
    }
    let made = make()?;
    let mut all = lock();
    if all.len() >= KEPT {
        all.clear();
    }
    all.insert(key, made.clone());
    Ok(made)
}

/// REGTECH's workbook; bad rows are dated so that they lie in a window that ends with `day`.
pub(crate) fn regtech(rows: &[Row], wanted: &Wanted, day: Date) -> Result<Vec<u8>, Error> {
    let mut list = regtech_sheet(rows);
    if wanted.bad_rows {
        let again = list.rows.get(1).cloned();
        list.rows.extend(bad_rows(day).map(|row| row.to_vec()));
        list.rows.extend(again.into_iter().flat_map(|row| vec![row; DUPLICATES]));
    }
    write(list, wanted.damage, |list| match wanted.sheets {
        Sheets::None => regtech_of(&[]),
        Sheets::One => regtech_of(list),
        Sheets::Three => regtech_of(
            &list.iter().cloned().flat_map(|list| regtech_sheets(list, Sheets::Three)).collect::<Vec<_>>(),
        ),
    })
}

/// SECUDIUM's workbook of a post.
pub(crate) fn secudium(rows: &[Row], wanted: &Wanted, day: Date) -> Result<Vec<u8>, Error> {
    let mut list = secudium_sheet(rows);
    if wanted.bad_rows {
        let again = list.rows.get(1).cloned();
        list.rows.extend(bad_rows(day).map(|[address, country, reason, detected, _]| {
            let time = format!("{detected} 00:00:00.0");
            let [kind, gravity, url] = ["Hacking", "MINOR", "-"].map(String::from);
            vec![time, kind, gravity, reason, address, country, url]
        }));
        list.rows.extend(again.into_iter().flat_map(|row| vec![row; DUPLICATES]));
    }
    write(list, wanted.damage, |list| match wanted.sheets {
        Sheets::None => secudium_of(&[]),
        _ if wanted.inline => regtech_of(list),
        _ => secudium_of(list),
    })
}

fn write(
    list: Sheet,
    damage: Option<Damage>,
    write: impl Fn(&[Sheet]) -> Result<Vec<u8>, Error>,
) -> Result<Vec<u8>, Error> {
    match damage {
        Some(damage) => damaged(list, damage, write),
        None => write(&[list]),
    }
}

/// The bad rows, as of a day.
fn bad_rows(day: Date) -> impl Iterator<Item = [String; 5]> {
    BAD_ROWS.iter().map(move |(row, _)| {
        row.map(|text| match text {
            "2026-05-01" => day.to_string(),
            "2026-08-01" => plus_days(day, 90).to_string(),
            "2026-04-01" => plus_days(day, -30).to_string(),
            other => other.to_owned(),
        })
    })
}
