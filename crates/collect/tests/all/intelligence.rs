//! STIX and MISP.

use collect::{Note, ParseError, Parsed, Parser, Skipped};

use crate::common::{auto, by, first, prefixes, refused};

fn bundle(objects: &str) -> String {
    format!(r#"{{"type":"bundle","id":"bundle--1","objects":[{objects}]}}"#)
}

fn indicator(pattern: &str, more: &str) -> String {
    format!(
        r#"{{"type":"indicator","id":"indicator--1","pattern_type":"stix","pattern":"{pattern}","valid_from":"2026-05-01T00:00:00Z"{more}}}"#
    )
}

fn skipped(parsed: &Parsed) -> Vec<(Skipped, u64)> {
    let of =
        |note: &Note| if let Note::Skipped { what, count } = note { Some((*what, *count)) } else { None };
    parsed.notes.iter().filter_map(of).collect()
}

#[test]
fn indicators_of_a_bundle_become_rows_with_what_they_say() {
    let text = bundle(&indicator(
        "[ipv4-addr:value = '45.9.20.1'] OR [ipv6-addr:value = '2a0e:1::1']",
        r#","name":"Scanner","description":"x","labels":["old"],"indicator_types":["malicious-activity","benign"],"confidence":80,"valid_until":"2026-08-01T12:00:00.000Z""#,
    ));
    let parsed = auto(text.as_bytes()).unwrap();
    assert_eq!(
        (parsed.parser, prefixes(&parsed)),
        (Parser::Stix, vec!["45.9.20.1".into(), "2a0e:1::1".into()])
    );
    let (reason, _, detected, until) = first(&parsed);
    assert_eq!(reason.as_deref(), Some("Scanner"));
    assert_eq!(detected.as_deref(), Some("2026-05-01 09:00"));
    assert_eq!(until.as_deref(), Some("2026-08-01 21:00"));
    let details = parsed.batch.details.get(parsed.batch.records[0].details);
    assert_eq!(
        (details.category.as_deref(), details.confidence),
        (Some("malicious-activity, benign"), Some(80))
    );
}

#[test]
fn a_pattern_that_is_more_than_a_choice_is_refused_for_its_own_cause() {
    let text = bundle(
        &[
            indicator("[ipv4-addr:value='45.9.20.1' AND domain-name:value='x']", ""),
            indicator("[ipv4-addr:value='45.9.20.2']", ""),
            indicator("[ipv4-addr:value='10.0.0.1' OR ipv4-addr:value='45.9.20.3']", ""),
        ]
        .join(","),
    );
    let parsed = auto(text.as_bytes()).unwrap();
    assert_eq!(prefixes(&parsed), ["45.9.20.2", "45.9.20.3"]);
    assert_eq!(refused(&parsed), [(1, "pattern"), (3, "special_space")]);
    assert_eq!(&*parsed.batch.refused[0].text, "[ipv4-addr:value='45.9.20.1' AND domain-name:value='x']");
}

#[test]
fn what_is_no_indicator_of_an_address_is_counted_and_left() {
    let text = bundle(
        &[
            r#"{"type":"identity","id":"identity--1","name":"x"}"#.to_owned(),
            indicator("[domain-name:value='a.example']", ""),
            indicator("[file:hashes.MD5='x']", ""),
            r#"{"type":"ipv4-addr","id":"ipv4-addr--1","value":"45.9.20.9"}"#.to_owned(),
            indicator("alert ip 45.9.20.8", "").replace(r#""stix""#, r#""snort""#),
            indicator("[ipv4-addr:value='45.9.20.1']", ""),
            format!(r#"{{"type":"report","id":"report--1","object_refs":["{}"]}}"#, "x".repeat(100_000)),
        ]
        .join(","),
    );
    let parsed = auto(text.as_bytes()).unwrap();
    assert_eq!((prefixes(&parsed), parsed.batch.rows), (vec!["45.9.20.1".into()], 1));
    let expected = [(Skipped::NoAddress, 2), (Skipped::OtherLanguage, 1), (Skipped::Observed, 1)];
    assert_eq!(skipped(&parsed), expected);
    assert!(parsed.notes.iter().any(|note| note.to_string() == "left: 2 indicators without an address"));
}

#[test]
fn a_revoked_indicator_ends_when_it_was_revoked() {
    for (more, end) in [
        (r#","revoked":true,"modified":"2026-05-02T00:00:00Z""#, Some("2026-05-02 09:00")),
        (r#","revoked":true,"modified":"2026-04-01T00:00:00Z""#, Some("2026-04-01 09:00")),
        (
            r#","revoked":true,"modified":"2026-05-09T00:00:00Z","valid_until":"2026-05-03T00:00:00Z""#,
            Some("2026-05-03 09:00"),
        ),
        (r#","revoked":false,"modified":"2026-05-02T00:00:00Z""#, None),
    ] {
        let parsed = auto(bundle(&indicator("[ipv4-addr:value='45.9.20.1']", more)).as_bytes()).unwrap();
        assert_eq!(first(&parsed).3.as_deref(), end, "{more}");
    }
    let text = bundle(&indicator("[ipv4-addr:value='45.9.20.1']", r#","revoked":true"#));
    assert_eq!(refused(&auto(text.as_bytes()).unwrap()), [(1, "date")]);
}

#[test]
fn a_page_of_a_collection_is_read_and_says_that_there_are_more() {
    let page = |more| {
        let object = indicator("[ipv4-addr:value='45.9.20.1']", "");
        format!(r#"{{"more":{more},"next":"abc","objects":[{object}]}}"#)
    };
    let parsed = auto(page("true").as_bytes()).unwrap();
    assert_eq!((parsed.parser, parsed.notes.contains(&Note::MorePages)), (Parser::Stix, true));
    assert!(!auto(page("false").as_bytes()).unwrap().notes.contains(&Note::MorePages));
    for empty in ["{}", r#"{"more":false}"#, r#"{"more":false,"objects":[]}"#] {
        assert_eq!(by(Parser::Stix, empty.as_bytes()).unwrap().batch.rows, 0, "{empty}");
    }
    for other in ["[]", r#"{"data":[]}"#, r#"{"objects":{}}"#, r#"{"objects":[],"objects":[]}"#, "5"] {
        assert!(matches!(by(Parser::Stix, other.as_bytes()), Err(ParseError::Elements { .. })), "{other}");
    }
}

fn attribute(kind: &str, value: &str, more: &str) -> String {
    format!(
        r#"{{"uuid":"x","type":"{kind}","category":"Network activity","timestamp":"1777593600","value":"{value}"{more}}}"#
    )
}

fn event(attributes: &[String], objects: &str) -> String {
    let attributes = attributes.join(",");
    format!(r#"{{"Event":{{"info":"Campaign","Attribute":[{attributes}],"Object":[{objects}]}}}}"#)
}

#[test]
fn addresses_for_detection_of_an_event_and_its_objects_become_rows() {
    let ids = r#","to_ids":true"#;
    let object = format!(r#"{{"name":"c2","Attribute":[{}]}}"#, attribute("ip-dst", "45.9.20.4", ids));
    let gone =
        format!(r#"{{"name":"c2","deleted":true,"Attribute":[{}]}}"#, attribute("ip-dst", "45.9.20.5", ids));
    let text = event(
        &[
            attribute("ip-src", "45.9.20.1", ids),
            attribute("ip-dst|port", "45.9.20.2|443", ids),
            attribute("ip-src|port", "2a0e:1::1|80", ids),
            attribute("ip-src", "45.9.20.6", r#","to_ids":false"#),
            attribute("ip-src", "45.9.20.7", r#","to_ids":true,"deleted":true"#),
            attribute("domain|ip", "a.example|45.9.20.8", ids),
            attribute("ip-src", "45.9.20.0/24", ids),
            attribute("ip-src", "a.example", ids),
        ],
        &format!("{object},{gone}"),
    );
    for text in [text.clone(), format!(r#"{{"response":[{text}]}}"#)] {
        let parsed = auto(text.as_bytes()).unwrap();
        let expected = ["45.9.20.1", "45.9.20.2", "2a0e:1::1", "45.9.20.0/24", "45.9.20.4"];
        assert_eq!((parsed.parser, prefixes(&parsed)), (Parser::Misp, expected.map(str::to_owned).to_vec()));
        assert_eq!(refused(&parsed), [(8, "name")]);
        let left = [(Skipped::OtherType, 1), (Skipped::NotForDetection, 1), (Skipped::Deleted, 2)];
        assert_eq!(skipped(&parsed), left);
        let (reason, _, detected, until) = first(&parsed);
        assert_eq!((reason.as_deref(), detected.as_deref()), (Some("Campaign"), Some("2026-05-01 09:00")));
        assert_eq!(until, None);
        let details = parsed.batch.details.get(parsed.batch.records[0].details);
        assert_eq!(details.category.as_deref(), Some("Network activity"));
    }
}

#[test]
fn what_is_no_event_is_refused_whole() {
    for text in [
        "{}",
        "[]",
        r#"{"response":{}}"#,
        r#"{"response":[{"Feed":{}}]}"#,
        r#"{"Event":5}"#,
        r#"{"Event":{"Attribute":{}}}"#,
    ] {
        assert!(matches!(by(Parser::Misp, text.as_bytes()), Err(ParseError::Elements { .. })), "{text}");
    }
}

#[test]
fn a_document_that_is_cut_off_anywhere_is_refused() {
    let stix = bundle(&indicator("[ipv4-addr:value='45.9.20.1']", ""));
    let misp = event(&[attribute("ip-src", "45.9.20.1", r#","to_ids":true"#)], "");
    for (parser, text) in [(Parser::Stix, stix), (Parser::Misp, misp)] {
        for end in 0..text.len() {
            assert!(by(parser, &text.as_bytes()[..end]).is_err(), "{parser} cut at {end}");
            assert!(auto(&text.as_bytes()[..end]).is_err(), "auto cut at {end}");
        }
    }
}
