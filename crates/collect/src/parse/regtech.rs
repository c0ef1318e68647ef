//! `regtech`: the workbook of 금융보안 레그테크.
//!
//! One sheet of one or three holds the list. Its columns are found by their headers, never by place: the portal has
//! moved them before. The end date is the source's own, and its day still counts.

use super::portal::{self, Layout};
use super::rows::Rows;
use super::sniff::Sample;
use crate::ParseError;
use crate::options::Field;
use crate::workbook::Workbook;

const LAYOUT: Layout = Layout {
    sheet: Some("요주의 IP"),
    columns: &[
        ("IP", Field::Address),
        ("국가", Field::Country),
        ("등록사유", Field::Reason),
        ("등록일", Field::Detected),
        ("해제일", Field::Until),
    ],
};

pub(super) fn sniff(sample: &Sample<'_>) -> bool {
    portal::knows(&LAYOUT, sample)
}

pub(super) fn read(book: &mut Workbook, rows: &mut Rows<'_>) -> Result<(), ParseError> {
    portal::read(&LAYOUT, book, rows)
}
