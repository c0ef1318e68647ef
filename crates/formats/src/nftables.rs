//! `nftables`: a whole ruleset file for `nft -f`, loaded in one transaction.
//!
//! The first two lines make the load repeatable: the table is declared, so that deleting it works on the first load
//! too, and built anew. A bad element leaves the old state as it was. An empty `elements` is a syntax error, so a family
//! without entries has a set without that line: the chain names both sets and must find them.

use blocklist::View;
use prefix::write::push_net;
use prefix::{Address, Net};

use crate::{About, Format, FormatError, lines, text};

/// Its row of the table of formats.
pub(crate) const FORMAT: Format = Format {
    name: "nftables",
    media_type: "text/plain; charset=utf-8",
    extension: "nft",
    about: About { en: "nftables ruleset file, for nft -f", ko: "nftables 규칙 파일(nft -f)" },
    shows_origin: false,
    comments: true,
    device_limit: None,
    write,
    entry_bytes: lines::LINE_BYTES + BETWEEN.len() - 1,
};

const HEAD: &str = "\
table inet blacklist
delete table inet blacklist
table inet blacklist {
";
const TAIL: &str = "	chain input {
		type filter hook input priority -10; policy accept;
		ip saddr @bl4 drop
		ip6 saddr @bl6 drop
	}
}
";
/// Between two elements: one a line, so that two files can be compared by line.
const BETWEEN: &str = ",\n\t\t\t";

#[expect(clippy::unnecessary_wraps, reason = "the shape of a format's writer")]
fn write(view: &View<'_>, body: &mut Vec<u8>) -> Result<(), FormatError> {
    body.extend_from_slice(HEAD.as_bytes());
    set(body, "bl4", "ipv4_addr", view.v4());
    set(body, "bl6", "ipv6_addr", view.v6());
    body.extend_from_slice(TAIL.as_bytes());
    Ok(())
}

fn set<A: Address>(body: &mut Vec<u8>, name: &str, kind: &str, nets: &[Net<A>]) {
    text::display(
        body,
        format_args!("\tset {name} {{\n\t\ttype {kind}\n\t\tflags interval\n\t\tauto-merge\n"),
    );
    if let Some((&first, rest)) = nets.split_first() {
        body.extend_from_slice(b"\t\telements = { ");
        push_net(body, first);
        for &net in rest {
            body.extend_from_slice(BETWEEN.as_bytes());
            push_net(body, net);
        }
        body.extend_from_slice(b" }\n");
    }
    body.extend_from_slice(b"\t}\n");
}
