//! The strict parser: what each cause of refusal is for, and agreement with the parsers of std.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stand outside of test functions")]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use prefix::parse::{Entry, parse};
use prefix::{Net, Prefix, Range, Refusal, write};
use proptest::prelude::*;

/// Every cause that a text alone can have, with texts that have it.
const REFUSED: [(Refusal, &[&str]); 13] = [
    (
        Refusal::NotAnAddress,
        &["", "abc", "1.2.3.4.5", "1..2.3", ".1.2.3", "1.2.3.", "1.2.3.4,", "-", "1.2.3.4-", "-1.2.3.4"],
    ),
    (
        Refusal::NotAnAddress,
        &["1::2::3", "1:2:3:4:5:6:7:8:9", ":::", "+1.2.3.4", " 1.2.3.4", "1.2.3.4 ", "\u{ff11}.2.3.4"],
    ),
    (Refusal::Name, &["example.com", "a.b", "ns1.example.co.kr", "1.2.3.4.in-addr.arpa", "my-host.example"]),
    (Refusal::Url, &["http://1.2.3.4/", "HTTPS://example.com", "ftp://[2a00::1]/x"]),
    (Refusal::Short, &["1.2", "1.2.3", "1.2.3/24"]),
    (Refusal::Octet, &["256.1.1.1", "1.2.3.999", "1.2.3.4000", "1.2.3.256/32", "99999999999.1.1.1"]),
    (Refusal::LeadingZero, &["010.1.1.1", "1.2.3.04", "1.2.00.4", "1.2.3.004/32"]),
    (Refusal::Form, &["0x7f.1.1.1", "0x7f000001", "16909060", "5"]),
    (Refusal::Port, &["1.2.3.4:80", "[2a00::1]:443", "[2a00::1]", "example.com:80"]),
    (Refusal::Zone, &["fe80::1%eth0", "fe80::1%1/64"]),
    (
        Refusal::Length,
        &[
            "1.2.3.4/33",
            "2a00::/129",
            "1.2.3.4/",
            "1.2.3.0/024",
            "1.2.3.0/255.255.255.0",
            "1.2.3.0/-1",
            "1.2.3.0/24/8",
        ],
    ),
    (Refusal::RangeFamily, &["1.2.3.4-2a00::1", "2a00::1-1.2.3.4"]),
    (Refusal::RangeOrder, &["1.2.3.4-1.2.3.3", "2a00::2-2a00::1", "::ffff:1.2.3.4-::ffff:1.2.3.3"]),
];

#[test]
fn each_cause_names_what_it_is_for() {
    for (cause, texts) in REFUSED {
        for text in texts {
            assert_eq!(parse(text.as_bytes()), Err(cause), "{text:?}");
        }
    }
    assert_eq!(parse(b"\xff\xfe1"), Err(Refusal::NotText));
}

#[test]
fn every_cause_of_the_text_stands_in_the_table() {
    // The other four are for lines and for admission, or need bytes that are no text.
    let elsewhere = [Refusal::Special, Refusal::TooWide, Refusal::LongLine, Refusal::NotText];
    for cause in Refusal::ALL {
        assert!(elsewhere.contains(&cause) || REFUSED.iter().any(|row| row.0 == cause), "{cause:?}");
    }
}

#[test]
fn what_is_meant_is_read() {
    let read = |text: &str| parse(text.as_bytes()).unwrap();
    let cases = [
        ("1.2.3.4", "1.2.3.4", false),
        ("0.0.0.0/0", "0.0.0.0/0", false),
        ("255.255.255.255", "255.255.255.255", false),
        ("1.2.3.4/32", "1.2.3.4", false),
        ("5.6.8.9/24", "5.6.8.0/24", true),
        ("2A00:0:0::1", "2a00::1", false),
        ("2a00::1/64", "2a00::/64", true),
        ("2a00::1/128", "2a00::1", false),
        ("::ffff:1.2.3.4", "1.2.3.4", false),
        ("::ffff:102:300/120", "1.2.3.0/24", false),
        ("::ffff:1.2.3.4-::ffff:1.2.3.5", "1.2.3.4/31", false),
        ("1.2.3.4-1.2.3.5", "1.2.3.4/31", false),
    ];
    for (text, canonical, host_bits) in cases {
        let parsed = read(text);
        let prefixes: Vec<String> = parsed.entry.prefixes().map(|prefix| prefix.to_string()).collect();
        assert_eq!(prefixes, [canonical], "{text}");
        assert_eq!(parsed.host_bits, host_bits, "{text}");
    }
    // Joining across the mapped space cannot become IPv4 and stays what it says.
    assert!(matches!(read("::1-::ffff:1.2.3.4").entry, Entry::Range6(_)));
}

/// A prefix of one of the families.
fn prefixes() -> impl Strategy<Value = Prefix> {
    prop_oneof![
        (any::<u32>(), 0u8..=32).prop_map(|(addr, len)| Net::new(addr, len).unwrap().into()),
        (any::<u128>(), 0u8..=128).prop_map(|(addr, len)| Net::new(addr, len).unwrap().into()),
        // Long runs of zeros, where RFC 5952 has its rules.
        (any::<u128>(), any::<u128>(), 0u8..=128).prop_map(|(addr, mask, len)| Net::new(
            addr & mask & mask.rotate_left(7),
            len
        )
        .unwrap()
        .into()),
    ]
}

proptest! {
    #[test]
    fn the_canonical_text_reads_back_as_the_same(prefix in prefixes()) {
        // A canonical prefix is never mapped IPv4.
        let mapped = prefix.v6().is_some_and(|net| net.len() >= 96 && net.first() >> 32 == 0xffff);
        prop_assume!(!mapped);
        let text = prefix.to_string();
        prop_assert_eq!(text.parse::<Prefix>().unwrap(), prefix);
        let mut bytes = b"x".to_vec();
        write::push_prefix(&mut bytes, prefix);
        prop_assert_eq!(&bytes[1..], text.as_bytes());
        let parsed = parse(text.as_bytes()).unwrap();
        prop_assert!(!parsed.host_bits);
    }

    #[test]
    fn hosts_are_written_as_std_writes_them(v4: u32, v6: u128) {
        prop_assert_eq!(Net::host(v4).to_string(), Ipv4Addr::from(v4).to_string());
        prop_assert_eq!(Net::host(v6).to_string(), Ipv6Addr::from(v6).to_string());
    }

    #[test]
    fn ranges_read_back(a: u32, b: u32, c: u128, d: u128) {
        let v4 = Range::new(a.min(b), a.max(b)).unwrap();
        let v6 = Range::new(c.min(d), c.max(d)).unwrap();
        prop_assume!(a != b && c != d);
        prop_assert_eq!(parse(v4.to_string().as_bytes()).unwrap().entry, Entry::Range4(v4));
        prop_assert_eq!(parse(v6.to_string().as_bytes()).unwrap().entry, Entry::Range6(v6));
    }

    #[test]
    fn near_addresses_are_read_as_std_reads_them(text in "[0-9.]{0,17}|([0-9]{1,3}\\.){3}[0-9]{1,3}|[0-9a-f:.]{0,40}|([0-9a-f]{0,4}:){2,8}[0-9a-f]{0,4}") {
        let ours = parse(text.as_bytes()).ok().map(|parsed| parsed.entry);
        let std = text.parse::<IpAddr>().ok().map(|addr| Entry::Prefix(addr.into()));
        prop_assert_eq!(ours, std);
    }

    #[test]
    fn no_bytes_make_it_panic_or_pass_text_that_is_none(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        if parse(&bytes).is_ok() {
            prop_assert!(bytes.is_ascii());
        }
    }
}

#[test]
fn every_part_with_up_to_four_digits_is_read_as_std_reads_it() {
    for value in 0..10_000 {
        for (width, place) in [(1, 0), (2, 1), (3, 2), (4, 3), (1, 3), (3, 0)] {
            let mut parts = ["7".to_owned(), "77".to_owned(), "177".to_owned(), "0".to_owned()];
            parts[place] = format!("{value:0width$}");
            let text = parts.join(".");
            let ours = text.parse::<Prefix>().ok();
            assert_eq!(ours, text.parse::<Ipv4Addr>().ok().map(|addr| IpAddr::from(addr).into()), "{text}");
        }
    }
}

#[test]
fn every_byte_at_every_place_is_read_as_std_reads_it() {
    for base in ["1.2.3.4", "123.45.67.8", "255.255.255.255"] {
        for place in 0..base.len() {
            for byte in 0..=0x7f_u8 {
                let mut text = base.as_bytes().to_vec();
                text[place] = byte;
                let text = String::from_utf8(text).unwrap();
                let std = text.parse::<Ipv4Addr>().ok().map(|addr| Prefix::from(IpAddr::from(addr)));
                let ours = parse(text.as_bytes()).ok().map(|parsed| parsed.entry);
                // A slash or dash in the middle makes another kind of entry, which std does not know.
                if byte != b'/' && byte != b'-' {
                    assert_eq!(ours, std.map(Entry::Prefix), "{text:?}");
                }
            }
        }
    }
}
