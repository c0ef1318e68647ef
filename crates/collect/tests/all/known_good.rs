//! Files of known-good addresses: read, passed over, refused.

use collect::known_good::{EXAMPLES, KnownGood, KnownGoodError, MAX_BYTES, MAX_ENTRIES, read};
use prefix::{Prefix, Refusal};
use proptest::prelude::*;

fn good(text: impl AsRef<[u8]>) -> KnownGood {
    read(&mut text.as_ref()).unwrap()
}

fn bad(text: impl AsRef<[u8]>) -> KnownGoodError {
    read(&mut text.as_ref()).unwrap_err()
}

fn texts(list: &KnownGood) -> Vec<String> {
    list.prefixes.iter().map(ToString::to_string).collect()
}

#[test]
fn a_warninglist_of_misp_is_read_with_its_name_and_version() {
    let list = good(
        r#"{"name": "List of resolvers", "description": "used by all", "version": 20260101, "type": "string",
            "matching_attributes": ["ip-dst"],
            "list": ["9.9.9.9", "8.8.8.0/24", "8.8.8.0/24", "2001:4860::/32", "5.6.7.8/24", "dns.example", "/^ns[0-9]/", 7, null]}"#,
    );
    assert_eq!(texts(&list), ["5.6.7.0/24", "8.8.8.0/24", "9.9.9.9", "2001:4860::/32"]);
    assert_eq!(
        (list.name.as_deref(), list.version.as_deref()),
        (Some("List of resolvers"), Some("20260101"))
    );
    assert_eq!((list.host_bits, list.passed_over()), (1, 4));
    assert_eq!(list.passed_over[&Refusal::Name].examples, [(6, "dns.example".to_owned())]);
}

#[test]
fn a_plain_list_is_read_with_comments_and_ranges() {
    let list = good("\u{feff}# resolvers\r\n9.9.9.9 # quad9\r\n\r\n10.0.0.0-10.0.0.2\nwww.example\n");
    assert_eq!(texts(&list), ["9.9.9.9", "10.0.0.0/31", "10.0.0.2"]);
    assert_eq!((list.name, list.passed_over[&Refusal::Name].count), (None, 1));
}

#[test]
fn what_would_empty_the_block_list_is_refused_by_itself() {
    for wide in ["0.0.0.0/0", "::/0", "64.0.0.0/7", "2000::/18", "0.0.0.0-127.255.255.255"] {
        let list = good(format!("9.9.9.9\n{wide}\n"));
        assert_eq!(texts(&list), ["9.9.9.9"]);
        assert_eq!(list.passed_over[&Refusal::TooWide].count, 1, "{wide}");
        assert!(matches!(bad(wide), KnownGoodError::NoAddress { passed_over: 1 }), "{wide}");
    }
}

#[test]
fn a_file_without_any_address_is_refused() {
    assert!(matches!(
        bad(r#"{"list": ["a.example", "b.example"]}"#),
        KnownGoodError::NoAddress { passed_over: 2 }
    ));
    for empty in ["", " \n", "\u{feff}", "# nothing\n", r#"{"list": []}"#] {
        assert!(matches!(bad(empty), KnownGoodError::Empty), "{empty:?}");
    }
}

#[test]
fn what_is_no_list_is_refused_whole() {
    assert!(matches!(bad("<!DOCTYPE html><html><body>9.9.9.9</body></html>"), KnownGoodError::Html));
    for binary in [
        &b"9.9.9.9\n\0\0\0"[..],
        b"\x1f\x8b\x08\x01",
        b"PK\x03\x04",
        b"%PDF-1.7",
        b"\xff\xfe9\0",
        b"{\"list\": [\"\xff\"]}",
    ] {
        assert!(matches!(bad(binary), KnownGoodError::Binary), "{binary:?}");
    }
    for json in [
        "{",
        "[\"9.9.9.9\"]",
        "{\"list\": {}}",
        "{\"list\": 1}",
        "{}",
        "{\"list\": [\"9.9.9.9\"",
        "{\"list\": [], \"list\": []}",
    ] {
        assert!(matches!(bad(json), KnownGoodError::Json(_)), "{json}");
    }
    let deep = format!("{{\"list\": {}", "[".repeat(100_000));
    assert!(matches!(bad(deep), KnownGoodError::Json(_)));
}

#[test]
fn bytes_and_entries_have_a_limit() {
    let mut endless = std::io::repeat(b'#');
    assert!(matches!(read(&mut endless), Err(KnownGoodError::TooLarge)));
    let just = "9.9.9.9\n".repeat(MAX_ENTRIES as usize);
    assert!((just.len() as u64) < MAX_BYTES);
    assert_eq!(good(&just).prefixes.len(), 1);
    assert!(matches!(bad(format!("{just}9.9.9.9")), KnownGoodError::TooMany));
    let many = vec!["1"; MAX_ENTRIES as usize + 1].join(",");
    assert!(matches!(bad(format!("{{\"list\": [{many}]}}")), KnownGoodError::TooMany));
}

#[test]
fn only_the_first_of_what_is_passed_over_is_shown_and_cut() {
    let long = format!("{}.example", "x".repeat(5000));
    let list = good(format!("{}9.9.9.9", format!("{long}\n").repeat(20)));
    let passed = &list.passed_over[&Refusal::Name];
    assert_eq!((passed.count, passed.examples.len()), (20, EXAMPLES));
    assert!(passed.examples.iter().all(|(_, text)| text.len() < 100));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), head in 0..4usize) {
        let heads: [&[u8]; 4] = [b"", b"{\"list\":[", b"{\"name\":", b"9.9.9.9\n"];
        let _ = read(&mut &*[heads[head], &bytes].concat());
    }

    #[test]
    fn both_forms_of_one_list_say_the_same(addresses in prop::collection::vec((any::<u32>(), 8..=32u8), 1..50)) {
        let prefixes: Vec<Prefix> = addresses.iter().map(|&(address, len)| prefix::Net4::new(address, len).unwrap().into()).collect();
        let words: Vec<String> = prefixes.iter().map(ToString::to_string).collect();
        let json = serde_json::json!({"list": words}).to_string();
        let (plain, misp) = (good(words.join("\n")), good(json));
        let mut wanted = prefixes;
        wanted.sort_unstable();
        wanted.dedup();
        prop_assert_eq!(&plain.prefixes, &wanted);
        prop_assert_eq!(&misp.prefixes, &wanted);
    }
}
