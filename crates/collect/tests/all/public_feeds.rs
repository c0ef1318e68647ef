//! How public feeds write their lists. The addresses are made up.

use collect::{Column, Defaults, Field, Note, Options, Parser, Skipped};

use crate::common::{auto, first, prefixes, refused, with};

#[test]
fn ndjson_with_a_last_object_about_the_list_itself() {
    let text = concat!(
        r#"{"cidr":"45.9.20.0/22","sblid":"SBL1","rir":"ripencc"}"#,
        "\n",
        r#"{"cidr":"45.9.40.0/24","sblid":"SBL2","rir":"apnic"}"#,
        "\n",
        r#"{"type":"metadata","timestamp":1777593600,"size":99,"records":2,"copyright":"x","terms":"y"}"#,
        "\n"
    );
    let parsed = auto(text.as_bytes()).unwrap();
    assert_eq!((parsed.parser, parsed.batch.rows), (Parser::Ndjson, 2));
    assert_eq!(prefixes(&parsed), ["45.9.20.0/22", "45.9.40.0/24"]);
    assert!(parsed.notes.contains(&Note::Skipped { what: Skipped::Metadata, count: 1 }));
}

const RANGES: &str = "45.9.20.0\t45.9.20.255\t24\t4000\tNAME\tNL\tabuse@example.com\n\
                      45.9.40.0\t45.9.41.255\t23\t3000\t\tKR\t\n";

#[test]
fn start_and_end_columns_are_one_range() {
    for head in [
        "# block list\n#\n",
        "# Start\tEnd\tNetmask\tAttacks\tName\tCountry\temail\n",
        "# x\nStart\tEnd\tNetmask\tAttacks\tName\tCountry\temail\n",
    ] {
        let parsed = auto(format!("{head}{RANGES}").as_bytes()).unwrap();
        assert_eq!(parsed.parser, Parser::Csv, "{head}");
        assert_eq!(prefixes(&parsed), ["45.9.20.0/24", "45.9.40.0/23"], "{head}");
    }
    let parsed = auto(b"start_ip,end_ip,why\n45.9.20.0,45.9.20.3,x\n").unwrap();
    assert_eq!(prefixes(&parsed), ["45.9.20.0/30"]);
    let parsed = auto(b"start,end,why\n45.9.20.0,45.9.20.3,x\n").unwrap();
    assert_eq!(prefixes(&parsed), ["45.9.20.0/30"]);
    let parsed = auto(br#"[{"start_ip":"45.9.20.0","end_ip":"45.9.20.3"}]"#).unwrap();
    assert_eq!(prefixes(&parsed), ["45.9.20.0/30"]);
    let parsed = auto(br#"[{"ip":"45.9.20.1","start_ip":"45.9.20.0","end_ip":"45.9.20.3"}]"#).unwrap();
    assert_eq!(prefixes(&parsed), ["45.9.20.1"]);
}

#[test]
fn the_end_of_a_range_may_be_named() {
    let mut options = Options::default();
    options.columns.set(Field::Address, Column::Number(2));
    options.columns.set(Field::Last, Column::Number(1));
    let parsed = with(Parser::Csv, b"45.9.20.3,45.9.20.0\n", &options).unwrap();
    assert_eq!(prefixes(&parsed), ["45.9.20.0/30"]);
}

#[test]
fn two_addresses_a_line_are_no_range_unless_the_data_proves_it() {
    let parsed = auto(b"src,dst\n45.9.20.1,45.9.20.9\n45.9.21.1,45.9.21.9\n").unwrap();
    assert_eq!(prefixes(&parsed), ["45.9.20.1", "45.9.21.1"]);
}

#[test]
fn a_reason_behind_a_semicolon_is_a_comment_or_a_column() {
    let text = b"45.9.20.1;scan\r\n45.9.20.2;brute force\r\n";
    let parsed = auto(text).unwrap();
    assert_eq!((parsed.parser, prefixes(&parsed).len(), first(&parsed).0), (Parser::List, 2, None));
    let mut options = Options::default();
    options.columns.set(Field::Reason, Column::Number(2));
    let parsed = with(Parser::Csv, text, &options).unwrap();
    assert_eq!(first(&parsed).0.as_deref(), Some("scan"));
}

#[test]
fn a_header_in_a_comment_names_the_columns() {
    for text in [
        "# Feed\n# \"first_seen\",\"ip\",\"malware\"\n\"2026-05-01 00:00:00\", \"45.9.20.1\", \"Bot\"\n",
        "\u{feff}#####\r\n# Feed (CSV) #\r\n# first_seen,dst_ip,malware\r\n2026-05-01 00:00:00,45.9.20.1,Bot\r\n# END 1\r\n",
    ] {
        let parsed = auto(text.as_bytes()).unwrap();
        assert_eq!((parsed.parser, prefixes(&parsed)), (Parser::Csv, vec!["45.9.20.1".into()]), "{text}");
        let (reason, _, detected, _) = first(&parsed);
        assert_eq!((reason.as_deref(), detected.as_deref()), (Some("Bot"), Some("2026-05-01 00:00")));
    }
}

#[test]
fn dates_under_a_header_that_says_utc_are_utc() {
    let text = "\"first_seen_utc\",\"dst_ip\",\"dst_port\",\"malware\"\n\"2026-05-01 15:00:00\",\"45.9.20.1\",\"443\",\"Bot\"\n";
    assert_eq!(first(&auto(text.as_bytes()).unwrap()).2.as_deref(), Some("2026-05-02 00:00"));
    let text = br#"[{"ip":"45.9.20.1","first_seen_utc":"2026-05-01"}]"#;
    assert_eq!(first(&auto(text).unwrap()).2.as_deref(), Some("2026-05-01 09:00"));
}

#[test]
fn json_of_reputation_and_botnet_feeds() {
    let parsed = auto(
        br#"{"meta":{"generatedAt":"2026-05-01T00:00:00+00:00"},"data":[{"ipAddress":"45.9.20.1","countryCode":"NL","abuseConfidenceScore":100,"lastReportedAt":"2026-04-30T15:00:00+00:00"}]}"#,
    )
    .unwrap();
    let details = parsed.batch.details.get(parsed.batch.records[0].details);
    assert_eq!((prefixes(&parsed), details.confidence), (vec!["45.9.20.1".into()], Some(100)));
    assert_eq!(first(&parsed).2.as_deref(), Some("2026-05-01 00:00"));
    let parsed = auto(
        br#"[{"ip_address":"45.9.20.1","port":443,"status":"online","hostname":null,"as_number":64496,"country":"NL","first_seen":"2026-05-01 00:00:00","last_online":"2026-05-02","malware":"Bot"}]"#,
    )
    .unwrap();
    assert_eq!((prefixes(&parsed), first(&parsed).0.as_deref()), (vec!["45.9.20.1".into()], Some("Bot")));
}

#[test]
fn a_list_of_exit_nodes_is_read_and_their_descriptors_are_not_guessed_at() {
    assert_eq!(prefixes(&auto(b"45.9.20.1\n45.9.20.2\n").unwrap()).len(), 2);
    let text = b"ExitNode 0011223344556677\nPublished 2026-05-01 00:00:00\nLastStatus 2026-05-01 01:00:00\nExitAddress 45.9.20.1 2026-05-01 01:00:00\n";
    assert!(auto(text).unwrap_err().hint().contains("name the parser"));
}

#[test]
fn defaults_speak_for_rows_that_say_nothing() {
    let options = Options {
        defaults: Defaults {
            reason: Some("exit node\n".into()),
            category: Some("tor".into()),
            confidence: Some(200),
            ..Defaults::default()
        },
        ..Options::default()
    };
    let details = |parser, text: &[u8]| {
        let parsed = with(parser, text, &options).unwrap();
        assert_eq!(refused(&parsed), []);
        let details = parsed.batch.details.get(parsed.batch.records[0].details).clone();
        (details.reason.map(String::from), details.category.map(String::from), details.confidence)
    };
    let silent = (Some("exit node".to_owned()), Some("tor".to_owned()), Some(100));
    assert_eq!(details(Parser::List, b"45.9.20.1\n"), silent);
    assert_eq!(details(Parser::Json, b"[\"45.9.20.1\"]"), silent);
    assert_eq!(details(Parser::Csv, b"ip,reason,confidence\n45.9.20.1,-,\n"), silent);
    let said = (Some("scan".to_owned()), Some("tor".to_owned()), Some(7));
    assert_eq!(details(Parser::Csv, b"ip,reason,confidence\n45.9.20.1,scan,7\n"), said);
    // What cannot be read was said all the same.
    assert_eq!(details(Parser::Csv, b"ip,confidence\n45.9.20.1,high\n").2, None);
}
