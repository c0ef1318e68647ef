//! `paloalto`: the external dynamic list of PAN-OS, type IP.
//!
//! One address, range or subnet a line; the first space ends the entry. Lines that are only a comment are not
//! documented, so none are written.

use crate::{About, DeviceLimit, Format, lines};

/// Its row of the table of formats.
pub(crate) const FORMAT: Format = Format {
    name: "paloalto",
    media_type: "text/plain; charset=utf-8",
    extension: "txt",
    about: About { en: "Palo Alto external dynamic list (EDL)", ko: "Palo Alto 외부 동적 목록(EDL)" },
    shows_origin: false,
    comments: false,
    // All lists of a device together; the PA-3200, 5200 and 7000 series hold 150,000.
    device_limit: Some(DeviceLimit { entries: 50_000, bytes: None }),
    write: lines::write,
    entry_bytes: lines::LINE_BYTES,
};
