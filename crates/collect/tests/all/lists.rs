//! Lists.

use collect::Parser;
use proptest::prelude::*;

use crate::common::{by, prefixes, refused};

#[test]
fn entries_comments_ranges_and_both_line_ends_are_read() {
    let text = "# head\n\n45.9.20.1\r\n 45.9.21.0/24 # note\n;x\n2A0E:1::/32;y\n45.9.22.0-45.9.22.2\n45.9.23.7/24\tz";
    let parsed = by(Parser::List, text.as_bytes()).unwrap();
    assert_eq!(
        prefixes(&parsed),
        ["45.9.20.1", "45.9.21.0/24", "2a0e:1::/32", "45.9.22.0/31", "45.9.22.2", "45.9.23.0/24"]
    );
    assert_eq!((parsed.batch.rows, parsed.batch.accepted, parsed.batch.host_bits), (5, 5, 1));
}

#[test]
fn refused_lines_keep_their_number_and_text() {
    let text = "45.9.20.1\nbad.example\n\n010.1.1.1 # octal?\n10.0.0.0-10.0.0.9\n9.255.255.255-10.0.0.1\n\u{ff11}.1.1.1\n";
    let parsed = by(Parser::List, text.as_bytes()).unwrap();
    assert_eq!(
        refused(&parsed),
        [(2, "name"), (4, "leading_zero"), (5, "special_space"), (6, "special_space"), (7, "not_an_address")]
    );
    assert_eq!(&*parsed.batch.refused[1].text, "010.1.1.1 # octal?");
}

#[test]
fn a_line_without_end_is_refused_and_the_next_is_read() {
    let mut text = vec![b'1'; 200_000];
    text.extend_from_slice(b"\n45.9.20.1\n");
    let parsed = by(Parser::List, &text).unwrap();
    assert_eq!((refused(&parsed), prefixes(&parsed)), (vec![(1, "line_too_long")], vec!["45.9.20.1".into()]));
}

#[test]
fn bytes_that_are_no_text_refuse_their_line_only() {
    let parsed = by(Parser::List, b"45.9.20.1 # caf\xe9\n\xb1\xb9\xb0\xa1\n45.9.20.2\n").unwrap();
    assert_eq!((refused(&parsed), prefixes(&parsed).len()), (vec![(2, "not_text")], 2));
}

proptest! {
    #[test]
    fn hosts_round_trip_in_order_with_repeats(hosts in prop::collection::vec(0x0100_0000u32..0x0900_0000, 1..200), crlf: bool) {
        let end = if crlf { "\r\n" } else { "\n" };
        let texts: Vec<String> = hosts.iter().map(|&host| std::net::Ipv4Addr::from(host).to_string()).collect();
        let parsed = by(Parser::List, texts.join(end).as_bytes()).unwrap();
        prop_assert_eq!(prefixes(&parsed), texts);
    }
}
