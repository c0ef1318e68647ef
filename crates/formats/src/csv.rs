//! `csv`: RFC 4180 with a header row, for spreadsheets, SIEM look-up tables and scripts.
//!
//! Lines end with LF, not the CRLF of the RFC: every reader that is known takes it, and line tools need it. Sources
//! are joined by `;`, which no source name holds. What is absent is an empty field.
//!
//! Texts come from outside and end in spreadsheets, so one that a spreadsheet would take for a formula (`=`, `+`, `-`,
//! `@`, a tab or line break first, also in their full-width forms) gets a `'` before it.

use blocklist::{Details, View};
use prefix::write::push_prefix;

use crate::origin::{self, Memo};
use crate::{About, Format, FormatError, text};

/// Its row of the table of formats.
pub(crate) const FORMAT: Format = Format {
    name: "csv",
    media_type: "text/csv; charset=utf-8; header=present",
    extension: "csv",
    about: About { en: "CSV with source, reason and dates", ko: "CSV(출처, 사유, 기간 포함)" },
    shows_origin: true,
    comments: false,
    device_limit: None,
    write,
    entry_bytes: 128,
};

const HEADER: &[u8] =
    b"prefix,family,length,sources,reason,country,category,severity,confidence,detected,until\n";

fn write(view: &View<'_>, body: &mut Vec<u8>) -> Result<(), FormatError> {
    let mut memo = Memo::default();
    let entries = origin::entries(view, FORMAT.name)?;
    body.extend_from_slice(HEADER);
    for entry in entries {
        push_prefix(body, entry.prefix);
        body.push(b',');
        text::number(body, entry.prefix.family().number().into());
        body.push(b',');
        text::number(body, entry.prefix.len().into());
        body.push(b',');
        for (at, source) in entry.sources.iter().enumerate() {
            if at > 0 {
                body.push(b';');
            }
            body.extend_from_slice(source.as_bytes());
        }
        body.push(b',');
        memo.put(body, entry.details, details);
        body.push(b',');
        text::time(body, entry.detected);
        body.push(b',');
        if let Some(until) = entry.until {
            text::time(body, until);
        }
        body.push(b'\n');
    }
    Ok(())
}

fn details(body: &mut Vec<u8>, details: &Details) {
    field(body, details.reason.as_deref());
    body.push(b',');
    field(body, details.country.as_ref().map(blocklist::Country::as_str));
    body.push(b',');
    field(body, details.category.as_deref());
    body.push(b',');
    field(body, details.severity.as_deref());
    body.push(b',');
    if let Some(confidence) = details.confidence {
        text::number(body, confidence.into());
    }
}

fn field(body: &mut Vec<u8>, text: Option<&str>) {
    let Some(text) = text else { return };
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        "'"
    } else {
        ""
    };
    if text.contains(['"', ',', '\r', '\n']) {
        body.push(b'"');
        body.extend_from_slice(guard.as_bytes());
        body.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        body.push(b'"');
    } else {
        body.extend_from_slice(guard.as_bytes());
        body.extend_from_slice(text.as_bytes());
    }
}
