//! JSON documents and NDJSON.

use collect::{Column, Field, Options, ParseError, Parser};

use crate::common::{auto, by, first, prefixes, refused, with};

#[test]
fn arrays_of_strings_or_objects_at_the_top_or_one_level_down_are_found() {
    for text in [
        r#"["45.9.20.1", "45.9.21.0/24"]"#,
        r#"[{"ip":"45.9.20.1"},{"IP_Address":"45.9.21.0/24"}]"#,
        r#"{"count":2,"errors":[],"tags":["a"],"items":["45.9.20.1","45.9.21.0/24"]}"#,
        r#"{"data":[{"ipAddress":"45.9.20.1"},{"ipAddress":"45.9.21.0/24"}]}"#,
    ] {
        assert_eq!(prefixes(&auto(text.as_bytes()).unwrap()), ["45.9.20.1", "45.9.21.0/24"], "{text}");
    }
}

#[test]
fn fields_are_found_by_their_names() {
    let text = r#"[{"ip":"45.9.20.1","country":"kr","tags":null,"description":"a\tb","first_seen":"2026-05-01T10:00:00+09:00",
        "expires":1785542400,"confidence":250,"note":"second choice","tag":["x","y"]}]"#;
    let parsed = auto(text.as_bytes()).unwrap();
    let (a, b, c, d) = first(&parsed);
    let expected = [Some("a b"), Some("KR"), Some("2026-05-01 10:00"), Some("2026-08-01 09:00")];
    assert_eq!([a, b, c, d], expected.map(|text| text.map(str::to_owned)));
    let details = parsed.batch.details.get(parsed.batch.records[0].details);
    assert_eq!((details.category.as_deref(), details.confidence), (Some("x, y"), None));
    assert!(parsed.notes.iter().any(|note| note.to_string().contains("'250'")));
}

#[test]
fn paths_lead_to_the_array_and_to_the_fields() {
    let text = r#"{"result":{"page":{"rows":[{"a":{"ip":"45.9.20.1"},"a.why":"x"}]}}}"#;
    let mut options = Options::default();
    options.json.items = Some("result.page.rows".into());
    options.columns.set(Field::Address, Column::Name("a.ip".into()));
    options.columns.set(Field::Reason, Column::Name("a.why".into()));
    let parsed = with(Parser::Json, text.as_bytes(), &options).unwrap();
    assert_eq!((prefixes(&parsed), first(&parsed).0.as_deref()), (vec!["45.9.20.1".into()], Some("x")));
    options.json.items = Some("result.pages".into());
    let error = with(Parser::Json, text.as_bytes(), &options).unwrap_err();
    assert_eq!(error.to_string(), "there is no 'pages' of the path 'result.pages'; fields found: 'page'");
    options.json.items = Some("result".into());
    assert_eq!(
        with(Parser::Json, text.as_bytes(), &options).unwrap_err().to_string(),
        "'result' is no array; fields found: 'page'"
    );
}

#[test]
fn two_arrays_of_addresses_are_refused_because_one_may_be_the_allow_list() {
    let error = auto(br#"{"allow":["45.9.20.1"],"block":["45.9.20.2"]}"#).unwrap_err();
    assert!(error.to_string().contains("several arrays hold addresses (allow, block)"), "{error}");
}

#[test]
fn elements_of_another_shape_are_refused_by_themselves() {
    let parsed = auto(
        br#"["45.9.20.1", 5, null, {"ip":null}, {"ip":{}}, ["45.9.20.2"], "10.0.0.1", {"ip": 755569665}]"#,
    )
    .unwrap();
    let expected = [
        (2, "shape"),
        (3, "shape"),
        (4, "no_address"),
        (5, "no_address"),
        (6, "shape"),
        (7, "special_space"),
        (8, "hex_or_decimal_form"),
    ];
    assert_eq!((refused(&parsed), prefixes(&parsed).len()), (expected.to_vec(), 1));
}

#[test]
fn objects_without_any_address_are_refused_with_the_fields_found() {
    for (parser, text) in [
        (Parser::Json, r#"[{"addr_v4":"45.9.20.1","n":1}]"#),
        (Parser::Ndjson, r#"{"addr_v4":"45.9.20.1","n":1}"#),
    ] {
        let error = by(parser, text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "no element holds an address; columns found: 'addr_v4', 'n'");
    }
    let error = by(Parser::Json, br#"{"status":"ok"}"#).unwrap_err();
    assert!(
        matches!(error, ParseError::Elements { .. }) && error.to_string().contains("'status'"),
        "{error}"
    );
}

#[test]
fn a_document_that_is_cut_off_or_goes_on_is_refused_whole() {
    let text = r#"{"data":[{"ip":"45.9.20.1"},{"ip":"45.9.20.2"}]}"#;
    for end in 1..text.len() {
        assert!(by(Parser::Json, &text.as_bytes()[..end]).is_err(), "cut at {end}");
    }
    assert!(matches!(by(Parser::Json, format!("{text} x").as_bytes()), Err(ParseError::Damaged { .. })));
    assert!(by(Parser::Json, "[".repeat(100_000).as_bytes()).is_err());
}

#[test]
fn ndjson_lines_are_refused_by_themselves_but_a_cut_last_line_refuses_all() {
    let text = "{\"ip\":\"45.9.20.1\"}\n\n{broken}\n\"45.9.20.2\"\n7\n{\"ip\":\"45.9.20.3\"}\n";
    let parsed = by(Parser::Ndjson, text.as_bytes()).unwrap();
    assert_eq!((refused(&parsed), prefixes(&parsed).len()), (vec![(3, "shape"), (5, "shape")], 3));
    let cut = &text[..text.len() - 5];
    assert!(matches!(by(Parser::Ndjson, cut.as_bytes()), Err(ParseError::Damaged { .. })));
}

#[test]
fn wrong_encoding_names_the_line() {
    let error =
        by(Parser::Json, b"[\n\"45.9.20.1\",\n{\"ip\":\"45.9.20.2\",\"reason\":\"\xb1\xb9\xb0\xa1\"}]")
            .unwrap_err();
    assert_eq!(error.to_string(), "line 3: the text is EUC-KR (CP949), not UTF-8");
}
