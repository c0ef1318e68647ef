//! `secudium`: the workbook of SECUDIUM, xlsx or legacy xls.
//!
//! One sheet named by the day. There is no end date: how long such a listing stays is the policy's matter.

use super::portal::{self, Layout};
use super::rows::Rows;
use super::sniff::Sample;
use crate::ParseError;
use crate::options::Field;
use crate::workbook::Workbook;

const LAYOUT: Layout = Layout {
    sheet: None,
    columns: &[
        ("탐지시간", Field::Detected),
        ("공격유형", Field::Category),
        ("심각도", Field::Severity),
        ("공격종류", Field::Reason),
        ("공격 IP", Field::Address),
        ("공격 국가", Field::Country),
    ],
};

pub(super) fn sniff(sample: &Sample<'_>) -> bool {
    portal::knows(&LAYOUT, sample)
}

pub(super) fn read(book: &mut Workbook, rows: &mut Rows<'_>) -> Result<(), ParseError> {
    portal::read(&LAYOUT, book, rows)
}
