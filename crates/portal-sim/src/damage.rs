//! The portals' files with one thing wrong, each kind of damage by name.

mod bomb;

pub use bomb::bomb;

use crate::dataset::Row;
use crate::workbook::{Error, Sheet, regtech_of, regtech_sheet};

/// What can be wrong with a workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// A header has another name.
    HeaderRenamed,
    /// A header is there twice.
    HeaderDoubled,
    /// The columns stand in another order; nothing is lost, and a reader must not mind.
    ColumnMoved,
    /// A column is gone.
    ColumnMissing,
    /// The list's sheet is gone, another is there.
    SheetMissing,
    /// The archive breaks off.
    TruncatedZip,
    /// A part unpacks to 4 GB of zeros.
    ZipBomb,
    /// Rows of every bad kind among the good ones.
    BadRows,
}

impl Damage {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::HeaderRenamed,
        Self::HeaderDoubled,
        Self::ColumnMoved,
        Self::ColumnMissing,
        Self::SheetMissing,
        Self::TruncatedZip,
        Self::ZipBomb,
        Self::BadRows,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HeaderRenamed => "header_renamed",
            Self::HeaderDoubled => "header_doubled",
            Self::ColumnMoved => "column_moved",
            Self::ColumnMissing => "column_missing",
            Self::SheetMissing => "sheet_missing",
            Self::TruncatedZip => "truncated_zip",
            Self::ZipBomb => "zip_bomb",
            Self::BadRows => "bad_rows",
        }
    }
}

/// REGTECH's workbook of these rows, with the damage.
pub fn regtech(rows: &[Row], damage: Damage) -> Result<Vec<u8>, Error> {
    damaged(regtech_sheet(rows), damage, regtech_of)
}

/// A list with the damage, written by one of the portals' writers.
pub fn damaged(
    mut list: Sheet,
    damage: Damage,
    write: impl Fn(&[Sheet]) -> Result<Vec<u8>, Error>,
) -> Result<Vec<u8>, Error> {
    match damage {
        Damage::HeaderRenamed => set_last_header(&mut list, 1, "해제 예정일"),
        Damage::HeaderDoubled => set_last_header(&mut list, 2, "해제일"),
        Damage::ColumnMoved => list.rows.iter_mut().for_each(|row| row.rotate_left(2)),
        Damage::ColumnMissing => list.rows.iter_mut().for_each(|row| {
            row.pop();
        }),
        Damage::SheetMissing => list = Sheet::new("보안권고문", &["유형", "제목", "작성일"]),
        Damage::BadRows => list.rows.extend(bad_rows()),
        Damage::TruncatedZip => {
            let mut bytes = write(&[list])?;
            bytes.truncate(bytes.len() * 2 / 3);
            return Ok(bytes);
        }
        Damage::ZipBomb => return bomb("xl/worksheets/sheet1.xml", 4 << 30, u32::MAX),
    }
    write(&[list])
}

/// Renames a header, counted from the right from 1.
fn set_last_header(sheet: &mut Sheet, from_right: usize, name: &str) {
    let row = sheet.rows.first_mut();
    let cell = row.and_then(|row| row.len().checked_sub(from_right).and_then(|at| row.get_mut(at)));
    if let Some(cell) = cell {
        name.clone_into(cell);
    }
}

/// Rows of every bad kind, and some that look bad and are not, each with the id of the cause that refuses it.
pub const BAD_ROWS: [([&str; 5], Option<&str>); 14] = [
    (["999.1.1.1", "US", "범위를 넘는 주소", "2026-05-01", "2026-08-01"], Some("octet_over_255")),
    (["10.0.0.1", "KR", "사설 주소", "2026-05-01", "2026-08-01"], Some("special_space")),
    (["0.0.0.0/0", "US", "모든 주소", "2026-05-01", "2026-08-01"], Some("too_wide")),
    (["http://bad.example/x", "US", "주소가 아닌 URL", "2026-05-01", "2026-08-01"], Some("url")),
    (["bad.example", "US", "주소가 아닌 이름", "2026-05-01", "2026-08-01"], Some("name")),
    (["", "US", "주소 없음", "2026-05-01", "2026-08-01"], Some("no_address")),
    (["010.1.1.1", "US", "앞에 0이 붙은 주소", "2026-05-01", "2026-08-01"], Some("leading_zero")),
    (
        ["45.9.20.1", "US", "해제일이 등록일보다 빠름", "2026-05-01", "2026-04-01"],
        Some("end_before_detected"),
    ),
    (["45.9.20.2", "US", "1년의 날짜", "0001-01-01", "2026-08-01"], Some("date")),
    (["45.9.20.3", "US", "날짜가 아닌 글", "내일", "2026-08-01"], Some("date")),
    (["45.9.20.0/24", "US", "대역", "2026-05-01", "2026-08-01"], None),
    (["45.9.21.7/24", "-", "호스트 비트가 있는 대역", "2026-05-01", ""], None),
    (["", "", "", "", ""], None),
    (["45.9.22.1", "", "-", "", "-"], None),
];

fn bad_rows() -> impl Iterator<Item = Vec<String>> {
    BAD_ROWS.iter().map(|(row, _)| row.map(String::from).to_vec())
}
