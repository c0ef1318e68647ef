//! `plain`: one entry a line, for everything that reads lists.

use crate::{About, Format, lines};

/// Its row of the table of formats.
pub(crate) const FORMAT: Format = Format {
    name: "plain",
    media_type: "text/plain; charset=utf-8",
    extension: "txt",
    about: About { en: "one prefix a line", ko: "한 줄에 대역 하나" },
    shows_origin: false,
    comments: true,
    device_limit: None,
    write: lines::write,
    entry_bytes: lines::LINE_BYTES,
};
