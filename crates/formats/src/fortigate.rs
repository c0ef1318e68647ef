//! `fortigate`: the external threat feed of FortiOS (external resource of type address).
//!
//! One address, range or subnet a line. Comments are not documented for this file, and each line that is no address
//! counts as an error on the device, so none are written. A device does not look for repeats; a view has none.

use crate::{About, DeviceLimit, Format, lines};

/// Its row of the table of formats.
pub(crate) const FORMAT: Format = Format {
    name: "fortigate",
    media_type: "text/plain; charset=utf-8",
    extension: "txt",
    about: About {
        en: "FortiGate external threat feed",
        ko: "FortiGate 외부 위협 피드(External Threat Feed)",
    },
    shows_origin: false,
    comments: false,
    // The smallest published one: before FortiOS 7.4.4, for each resource, whichever comes first.
    device_limit: Some(DeviceLimit { entries: 131_072, bytes: Some(10_000_000) }),
    write: lines::write,
    entry_bytes: lines::LINE_BYTES,
};
