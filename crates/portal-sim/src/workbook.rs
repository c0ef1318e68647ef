//! The portals' workbooks, written by hand as the portals write them.

mod inline;
mod pack;
mod shared;
mod xml;

pub use pack::{Error, pack};

use crate::dataset::Row;

/// A sheet of text: a header and rows, all as the portal would print them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The name on its tab.
    pub name: String,
    /// The rows, the header first. An empty text is an empty cell.
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    /// A sheet with a header.
    pub fn new(name: &str, header: &[&str]) -> Self {
        Self { name: name.to_owned(), rows: vec![header.iter().map(|&text| text.to_owned()).collect()] }
    }
}

/// The header of REGTECH's list.
pub const REGTECH_HEADER: [&str; 5] = ["IP", "국가", "등록사유", "등록일", "해제일"];
/// The header of SECUDIUM's list.
pub const SECUDIUM_HEADER: [&str; 7] =
    ["탐지시간", "공격유형", "심각도", "공격종류", "공격 IP", "공격 국가", "URL"];

/// Which sheets REGTECH sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheets {
    /// The list alone.
    One,
    /// The list between the two other kinds.
    Three,
    /// None, as was seen once.
    None,
}

/// The rows as REGTECH's list.
pub fn regtech_sheet(rows: &[Row]) -> Sheet {
    let mut sheet = Sheet::new("요주의 IP", &REGTECH_HEADER);
    sheet.rows.extend(rows.iter().map(|row| {
        let until = row.until.map(|day| day.to_string()).unwrap_or_default();
        vec![row.address.clone(), row.country.into(), row.reason.into(), row.detected.to_string(), until]
    }));
    sheet
}

/// REGTECH's sheets around its list.
pub fn regtech_sheets(list: Sheet, sheets: Sheets) -> Vec<Sheet> {
    match sheets {
        Sheets::One => vec![list],
        Sheets::None => Vec::new(),
        Sheets::Three => {
            let mut advice = Sheet::new("보안권고문", &["유형", "제목", "작성일"]);
            advice.rows.push(["권고", "원격 접속 장비 설정 점검", "2026-05-04"].map(String::from).to_vec());
            let mut flaws = Sheet::new("취약점 정보", &["CVE", "등록일", "CVSSv2", "CVSSv3"]);
            flaws.rows.push(["CVE-2099-0001", "2026-05-04 09:00:00", "", "9.8"].map(String::from).to_vec());
            vec![advice, list, flaws]
        }
    }
}

/// The workbook that REGTECH sends.
pub fn regtech(rows: &[Row], sheets: Sheets) -> Result<Vec<u8>, Error> {
    regtech_of(&regtech_sheets(regtech_sheet(rows), sheets))
}

/// Any sheets in REGTECH's way of writing: inline strings, every character a numeric entity, empty cells without a
/// type, and the dimension `A1` whatever there is.
pub fn regtech_of(sheets: &[Sheet]) -> Result<Vec<u8>, Error> {
    pack(&inline::parts(sheets))
}

/// The rows as SECUDIUM's list of a day, named `YYMMDD`.
pub fn secudium_sheet(rows: &[Row]) -> Sheet {
    let day = rows.iter().map(|row| row.detected).max();
    let name = day.map_or("000000".into(), |day| day.strftime("%y%m%d").to_string());
    let mut sheet = Sheet::new(&name, &SECUDIUM_HEADER);
    sheet.rows.extend(rows.iter().map(|row| {
        let detected = format!("{} 00:00:00.0", row.detected);
        let [category, severity, reason, country] =
            [row.category, row.severity, row.reason, row.country].map(String::from);
        vec![detected, category, severity, reason, row.address.clone(), country, "-".into()]
    }));
    sheet
}

/// The workbook that SECUDIUM sends.
pub fn secudium(rows: &[Row]) -> Result<Vec<u8>, Error> {
    secudium_of(&[secudium_sheet(rows)])
}

/// Any sheets in SECUDIUM's way of writing: shared strings, a true dimension, plain text.
pub fn secudium_of(sheets: &[Sheet]) -> Result<Vec<u8>, Error> {
    pack(&shared::parts(sheets))
}
