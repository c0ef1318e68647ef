//! `json`: one object that names the publication and holds every entry with its origin.
//!
//! `{"version":1,"serial":..,"published_at":..,"hash":..,"count":..,"total":..,"entries":[..]}`: `count` entries are in
//! this body and `total` on all pages. Each entry stands on a line of its own. What is absent is `null`, never left
//! out, so that every entry has the same keys in the same order and tables can be made of them without a schema.

use blocklist::{Details, Entry, View};
use prefix::write::push_prefix;

use crate::origin::{self, Memo};
use crate::{About, Format, FormatError, text};

/// Its row of the table of formats.
pub(crate) const FORMAT: Format = Format {
    name: "json",
    media_type: "application/json",
    extension: "json",
    about: About { en: "JSON with source, reason and dates", ko: "JSON(출처, 사유, 기간 포함)" },
    shows_origin: true,
    comments: false,
    device_limit: None,
    write,
    entry_bytes: ENTRY_BYTES,
};

/// About what an entry takes.
pub(crate) const ENTRY_BYTES: usize = 232;

fn write(view: &View<'_>, body: &mut Vec<u8>) -> Result<(), FormatError> {
    let mut memo = Memo::default();
    let entries = origin::entries(view, FORMAT.name)?;
    let head = view.publication().head();
    text::display(
        body,
        format_args!(
            r#"{{"version":1,"serial":{},"published_at":"{}","hash":"{}","count":{},"total":{},"entries":["#,
            head.serial,
            head.published_at,
            head.hash,
            view.len(),
            view.total()
        ),
    );
    for (at, item) in entries.enumerate() {
        body.extend_from_slice(if at == 0 { b"\n" } else { b",\n" });
        entry(body, &item, &mut memo);
    }
    body.extend_from_slice(b"\n]}\n");
    Ok(())
}

/// Appends an entry as one object without a line break.
pub(crate) fn entry<'a>(body: &mut Vec<u8>, entry: &Entry<'a>, memo: &mut Memo<'a>) {
    body.extend_from_slice(b"{\"prefix\":\"");
    push_prefix(body, entry.prefix);
    body.extend_from_slice(b"\",\"family\":");
    text::number(body, entry.prefix.family().number().into());
    body.extend_from_slice(b",\"sources\":[");
    for (at, source) in entry.sources.iter().enumerate() {
        if at > 0 {
            body.push(b',');
        }
        // Source names hold nothing that must be quoted.
        body.push(b'"');
        body.extend_from_slice(source.as_bytes());
        body.push(b'"');
    }
    body.push(b']');
    memo.put(body, entry.details, details);
    body.extend_from_slice(b",\"detected\":\"");
    text::time(body, entry.detected);
    body.extend_from_slice(b"\",\"until\":");
    match entry.until {
        Some(until) => {
            body.push(b'"');
            text::time(body, until);
            body.push(b'"');
        }
        None => body.extend_from_slice(b"null"),
    }
    body.push(b'}');
}

fn details(body: &mut Vec<u8>, details: &Details) {
    let texts = [
        ("reason", details.reason.as_deref()),
        ("country", details.country.as_ref().map(blocklist::Country::as_str)),
        ("category", details.category.as_deref()),
        ("severity", details.severity.as_deref()),
    ];
    for (key, value) in texts {
        text::display(body, format_args!(",\"{key}\":"));
        match value {
            Some(value) => string(body, value),
            None => body.extend_from_slice(b"null"),
        }
    }
    body.extend_from_slice(b",\"confidence\":");
    match details.confidence {
        Some(confidence) => text::number(body, confidence.into()),
        None => body.extend_from_slice(b"null"),
    }
}

/// A JSON string (RFC 8259 section 7): quotes, backslashes and control characters are escaped.
fn string(body: &mut Vec<u8>, text: &str) {
    body.push(b'"');
    for &byte in text.as_bytes() {
        match byte {
            b'"' | b'\\' => body.extend_from_slice(&[b'\\', byte]),
            0..0x20 => text::display(body, format_args!("\\u{byte:04x}")),
            _ => body.push(byte),
        }
    }
    body.push(b'"');
}

#[cfg(test)]
mod tests {
    #[test]
    fn any_text_is_read_back_as_it_was() {
        for text in ["", "a\"b\\c", "\0\u{1f}\n\t", "한국어 \u{2028} 🚫", "\u{7f}</script>"] {
            let mut body = Vec::new();
            super::string(&mut body, text);
            assert_eq!(serde_json::from_slice::<String>(&body).unwrap(), text);
        }
    }
}
