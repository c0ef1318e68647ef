//! The portals' files with one thing wrong, each fault by name.

mod bomb;

pub use bomb::bomb;

use crate::dataset::Row;
use crate::workbook::{Error, Sheet, regtech_of, regtech_sheet};

/// What can be wrong with a workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
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

impl Fault {
    /// Every fault.
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

    /// The fault's name.
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

/// REGTECH's workbook of these rows, with the fault.
pub fn regtech(rows: &[Row], fault: Fault) -> Result<Vec<u8>, Error> {
    let mut list = regtech_sheet(rows);
    match fault {
        Fault::HeaderRenamed => set_header(&mut list, 4, "해제 예정일"),
        Fault::HeaderDoubled => set_header(&mut list, 3, "해제일"),
        Fault::ColumnMoved => list.rows.iter_mut().for_each(|row| row.rotate_left(2)),
        Fault::ColumnMissing => list.rows.iter_mut().for_each(|row| {
            row.pop();
        }),
        Fault::SheetMissing => list = Sheet::new("보안권고문", &["유형", "제목", "작성일"]),
        Fault::BadRows => list.rows.extend(bad_rows()),
        Fault::TruncatedZip => {
            let mut bytes = regtech_of(&[list])?;
            bytes.truncate(bytes.len() * 2 / 3);
            return Ok(bytes);
        }
        Fault::ZipBomb => return bomb("xl/worksheets/sheet1.xml", 4 << 30, u32::MAX),
    }
    regtech_of(&[list])
}

fn set_header(sheet: &mut Sheet, column: usize, name: &str) {
    if let Some(cell) = sheet.rows.first_mut().and_then(|row| row.get_mut(column)) {
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
