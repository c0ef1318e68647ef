//! `ipset`: a file for `ipset restore`.
//!
//! A restore is not one transaction: it stops at the first bad line. So each set is filled beside the live one and
//! swapped in, and a failure before the swap leaves the live set as it was. A family that was not asked for is not
//! touched, so that the two families can be fetched as two files.

use blocklist::View;
use prefix::write::push_net;
use prefix::{Address, Family, Net};

use crate::{About, Format, FormatError, text};

/// Its row of the table of formats.
pub(crate) const FORMAT: Format = Format {
    name: "ipset",
    media_type: "text/plain; charset=utf-8",
    extension: "ipset",
    about: About { en: "ipset file, for ipset restore", ko: "ipset 파일(ipset restore)" },
    shows_origin: false,
    comments: true,
    device_limit: None,
    write,
    entry_bytes: "add bl4-tmp ".len() + text::NET4_BYTES + 1,
};

/// The cap of each set. Constant, because `create -exist` with another cap than the set has aborts the whole file: a
/// cap that followed the list would break on the first list that grew. It takes no memory by itself, so it lies well
/// over any list (four times a list of a million) and is still refused here before the kernel would say "set is full"
/// half way.
const MAXELEM: usize = 4_194_304;

fn write(view: &View<'_>, body: &mut Vec<u8>) -> Result<(), FormatError> {
    let entries = view.v4().len().max(view.v6().len());
    if entries > MAXELEM {
        return Err(FormatError::TooMany { format: FORMAT.name, entries, most: MAXELEM });
    }
    let only = view.selection().family;
    if only != Some(Family::V6) {
        set(body, "bl4", "inet", view.v4());
    }
    if only != Some(Family::V4) {
        set(body, "bl6", "inet6", view.v6());
    }
    Ok(())
}

fn set<A: Address>(body: &mut Vec<u8>, name: &str, family: &str, nets: &[Net<A>]) {
    for set in [name, &format!("{name}-tmp")] {
        text::display(
            body,
            format_args!("create {set} hash:net family {family} hashsize 1024 maxelem {MAXELEM} -exist\n"),
        );
    }
    text::display(body, format_args!("flush {name}-tmp\n"));
    let add = format!("add {name}-tmp ");
    for &net in nets {
        body.extend_from_slice(add.as_bytes());
        push_net(body, net);
        body.push(b'\n');
    }
    text::display(body, format_args!("swap {name} {name}-tmp\ndestroy {name}-tmp\n"));
}
