//! `ndjson`: one JSON object a line, the same objects as `json` has, for bulk loaders and streams of lines.
//!
//! There is no trailer line: readers that make a record of each line would take it for an entry. Whether a body is
//! whole is told by its length.

use blocklist::View;

use crate::origin::{self, Memo};
use crate::{About, Format, FormatError, json};

/// Its row of the table of formats.
pub(crate) const FORMAT: Format = Format {
    name: "ndjson",
    media_type: "application/x-ndjson",
    extension: "ndjson",
    about: About { en: "one JSON object a line", ko: "한 줄에 JSON 객체 하나" },
    shows_origin: true,
    comments: false,
    device_limit: None,
    write,
    entry_bytes: json::ENTRY_BYTES,
};

fn write(view: &View<'_>, body: &mut Vec<u8>) -> Result<(), FormatError> {
    let mut memo = Memo::default();
    for item in origin::entries(view, FORMAT.name)? {
        json::entry(body, &item, &mut memo);
        body.push(b'\n');
    }
    Ok(())
}
