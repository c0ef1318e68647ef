//! One entry a line: the body that several formats share.

use blocklist::View;
use prefix::write::push_net;

use crate::{FormatError, text};

/// The longest IPv4 line; an IPv6 line may be longer, but few lists have more of those.
pub(crate) const LINE_BYTES: usize = text::NET4_BYTES + 1;

/// Writes each prefix in canonical form, ended by LF. Nothing else: no blank line, no space, no carriage return.
#[expect(clippy::unnecessary_wraps, reason = "the shape of a format's writer")]
pub(crate) fn write(view: &View<'_>, body: &mut Vec<u8>) -> Result<(), FormatError> {
    for &net in view.v4() {
        push_net(body, net);
        body.push(b'\n');
    }
    for &net in view.v6() {
        push_net(body, net);
        body.push(b'\n');
    }
    Ok(())
}
