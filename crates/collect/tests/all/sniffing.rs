//! What `auto` makes of what comes.

use std::io::Read;

use collect::{Choice, PARSERS, ParseError, Parser};
use jiff::civil::date;
use portal_sim::dataset::rows;
use portal_sim::workbook::{Sheets, regtech, secudium};

use crate::common::auto;

fn samples() -> Vec<(Parser, Vec<u8>)> {
    let rows = rows(1, 5, date(2026, 6, 1));
    let text = |parser, text: &str| (parser, text.as_bytes().to_vec());
    vec![
        text(Parser::List, "45.9.20.1\n"),
        text(Parser::List, "# only a comment\n"),
        text(Parser::List, "\u{feff}45.9.20.1\r\n2a0e:1::/32 # note\r\n"),
        text(Parser::List, "45.9.20.0/24 ; SBL1\n45.9.21.0/24 ; SBL2\n"),
        text(Parser::List, "45.9.20.1\tone\n45.9.20.2\ttwo\n"),
        text(Parser::List, "45.9.20.1-45.9.20.9\nbad.example\n45.9.20.3"),
        text(Parser::List, "10.0.0.1\n"),
        text(Parser::Csv, "ip,reason\n45.9.20.1,scan\n"),
        text(Parser::Csv, "공격 IP;국가\n45.9.20.1;KR\n"),
        text(Parser::Csv, "id\tip\n1\t45.9.20.1\n"),
        text(Parser::Csv, "45.9.20.1,scan\n45.9.20.2,scan\n"),
        text(
            Parser::Csv,
            "# abuse\n\"2026-01-01\", \"45.9.20.1\", \"x\"\n\"2026-01-02\", \"45.9.20.2\", \"y\"\n",
        ),
        text(Parser::Csv, "ip|country\n"),
        text(Parser::Json, "[\"45.9.20.1\"]"),
        text(Parser::Json, "[]"),
        text(Parser::Json, "{\"data\":[{\"ip\":\"45.9.20.1\"}]}"),
        text(Parser::Json, "{\n \"data\": [\n {\"ip\": \"45.9.20.1\"}\n ]\n}\n"),
        text(Parser::Ndjson, "{\"ip\":\"45.9.20.1\"}\n{\"ip\":\"45.9.20.2\"}\n"),
        text(Parser::Ndjson, "{\"ip\":\"45.9.20.1\"}"),
        text(Parser::Stix, r#"{"type":"bundle","id":"bundle--1","objects":[]}"#),
        text(Parser::Stix, r#"{"type":"bundle","id":"bundle--1"}"#),
        text(Parser::Stix, "{\n \"objects\": [{\"type\": \"identity\", \"id\": \"identity--1\"}]\n}\n"),
        text(Parser::Stix, r#"{"more":false,"objects":[]}"#),
        text(Parser::Misp, r#"{"Event":{"info":"x","Attribute":[]}}"#),
        text(Parser::Misp, "{\"response\": [\n{\"Event\": {\"info\": \"x\"}}]}"),
        text(Parser::Json, r#"{"objects":["45.9.20.1"]}"#),
        text(Parser::Json, r#"{"response":[{"ip":"45.9.20.1"}]}"#),
        text(Parser::Csv, "# ip,why\n45.9.20.1,x\n"),
        text(Parser::Csv, "45.9.20.0\t45.9.20.255\t24\n"),
        (Parser::List, crate::archives::gzip(b"45.9.20.1\n")),
        (Parser::Regtech, regtech(&rows, Sheets::One).unwrap()),
        (Parser::Regtech, regtech(&rows, Sheets::Three).unwrap()),
        (Parser::Secudium, secudium(&rows).unwrap()),
        (Parser::Secudium, include_bytes!("../data/secudium.xls").to_vec()),
    ]
}

#[test]
fn every_parser_has_a_sample_that_auto_knows() {
    for (parser, sample) in samples() {
        let text = String::from_utf8_lossy(&sample[..sample.len().min(60)]).into_owned();
        assert_eq!(
            auto(&sample).map(|parsed| parsed.parser).map_err(|error| error.to_string()),
            Ok(parser),
            "{text}"
        );
    }
    for info in PARSERS {
        assert!(samples().iter().any(|(parser, _)| *parser == info.parser), "{}", info.name);
    }
}

#[test]
fn no_sample_is_claimed_by_two_parsers() {
    for (parser, sample) in samples() {
        assert_eq!(
            collect::parse::claims(&sample).unwrap(),
            [parser],
            "{}",
            String::from_utf8_lossy(&sample[..40.min(sample.len())])
        );
    }
}

#[test]
fn the_table_is_complete_and_names_are_unique() {
    for info in PARSERS {
        assert_eq!(info.parser.info().name, info.name);
        assert_eq!(info.name.parse::<Choice>().unwrap(), Choice::Is(info.parser));
        assert_eq!(Choice::Is(info.parser).to_string(), info.name);
        assert!(!info.english.is_empty() && !info.korean.is_ascii());
    }
    assert_eq!("auto".parse::<Choice>().unwrap(), Choice::Auto);
    let error = "excel".parse::<Choice>().unwrap_err().to_string();
    assert_eq!(
        error,
        "there is no parser 'excel'; there are: auto, list, csv, json, ndjson, stix, misp, regtech, secudium"
    );
}

#[test]
fn unknown_content_is_refused_with_the_parsers_that_there_are() {
    let error = auto(b"Dear team,\nplease block this soon.\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "no parser knows this content; it begins with \"Dear team, please block this soon.\""
    );
    assert!(error.hint().contains("list, csv, json, ndjson, stix, misp, regtech, secudium"));
}

#[test]
fn a_web_page_is_named_as_one_whatever_it_is_given_as() {
    let page = "\r\n\r\n<!-- x --><!DOCTYPE html><html><body>점검 중</body></html>";
    let login = "\r\n\r\n<!DOCTYPE html>\r\n<html><form id=\"loginForm\"></form></html>";
    for parser in std::iter::once(Choice::Auto).chain(PARSERS.iter().map(|info| Choice::Is(info.parser))) {
        let read = |text: &str| {
            collect::parse(parser, &mut text.as_bytes(), &collect::Options::default()).unwrap_err()
        };
        assert_eq!(read(page).to_string(), "this is a web page, not a list");
        assert_eq!(read(login).to_string(), "this is the portal's login page");
        assert!(matches!(read(login), ParseError::Html { login: true }));
        assert!(matches!(read("<HTML>"), ParseError::Html { login: false }));
        assert!(matches!(read("<div>x</div><html>"), ParseError::Html { login: false }));
    }
}

#[test]
fn a_login_form_far_down_a_page_is_found() {
    let mut page = String::from("<!DOCTYPE html><html>");
    page.push_str(&" ".repeat(75_000));
    page.push_str("<form id=\"loginForm\">");
    page.push_str(&" ".repeat(10_000));
    assert!(matches!(auto(page.as_bytes()), Err(ParseError::Html { login: true })));
}

#[test]
fn other_encodings_and_formats_are_named() {
    let utf16: Vec<u8> = "45.9.20.1\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&b"\xff\xfe"[..], &utf16].concat();
    for text in [utf16, marked] {
        assert!(auto(&text).unwrap_err().to_string().contains("UTF-16"));
    }
    // "국가" and "미국" in EUC-KR.
    let euc = b"ip,\xb1\xb9\xb0\xa1\n45.9.20.1,\xb9\xcc\xb1\xb9\n";
    assert_eq!(auto(euc).unwrap_err().to_string(), "line 1: the text is EUC-KR (CP949), not UTF-8");
    for (bytes, name) in [
        (&b"\x1f\x8b\x08\0"[..], "gzip"),
        (b"BZh91AY", "bzip2"),
        (b"%PDF-1.4", "PDF"),
        (b"\x7fELF\0", "program"),
        (b"\0\x01\0\x02\xff\0", "binary"),
        (b"<?xml version=\"1.0\"?><a/>", "XML"),
    ] {
        assert!(auto(bytes).unwrap_err().to_string().contains(name), "{name}");
    }
    for blank in ["", " \r\n\t\n", "\u{feff}"] {
        assert!(matches!(auto(blank.as_bytes()), Err(ParseError::Empty)));
    }
}

#[test]
fn the_wrong_kind_for_a_named_parser_is_said() {
    let error = crate::common::by(Parser::Regtech, b"45.9.20.1\n").unwrap_err();
    assert_eq!(error.to_string(), "regtech reads a workbook, but this is text");
    let book = regtech(&[], Sheets::One).unwrap();
    let error = crate::common::by(Parser::List, &book).unwrap_err();
    assert_eq!(error.to_string(), "list reads text, but this is a workbook");
}

#[test]
fn a_reader_that_fails_is_told_apart_from_bad_content() {
    struct Breaks(usize);
    impl Read for Breaks {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.0 == 0 {
                return Err(std::io::Error::other("reset"));
            }
            self.0 -= 1;
            let count = buffer.len().min(10);
            buffer[..count].copy_from_slice(&b"45.9.20.1\n"[..count]);
            Ok(count)
        }
    }
    for reads in [0, 10, 20_000] {
        let error =
            collect::parse(Choice::Auto, &mut Breaks(reads), &collect::Options::default()).unwrap_err();
        assert!(matches!(error, ParseError::Io(_)) && error.is_retryable(), "{reads}: {error}");
    }
}

#[test]
fn inputs_longer_than_what_is_looked_at_are_known_and_read_whole() {
    let hosts: Vec<String> =
        (0..20_000u32).map(|n| std::net::Ipv4Addr::from(0x2d09_0000 + n).to_string()).collect();
    let lines = |each: &dyn Fn(&String) -> String| hosts.iter().map(each).collect::<String>();
    let many = |each: &dyn Fn(&String) -> String| hosts.iter().map(each).collect::<Vec<_>>().join(",");
    let quoted: Vec<String> = hosts.iter().map(|host| format!("\"{host}\"")).collect();
    for (parser, text) in [
        (Parser::List, lines(&|host| format!("{host}\n"))),
        (Parser::Csv, "ip,사유\n".to_owned() + &lines(&|host| format!("{host},\"검색, 반복 시도\"\n"))),
        (Parser::Json, format!("[{}]", quoted.join(","))),
        (Parser::Json, format!("{{\n\"data\": [\n{}\n]\n}}\n", quoted.join(",\n"))),
        (Parser::Ndjson, lines(&|host| format!("{{\"ip\":\"{host}\",\"reason\":\"검색\"}}\n"))),
        (
            Parser::Stix,
            format!(
                "{{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[{}]}}",
                many(&|host| format!(
                    "{{\"type\":\"indicator\",\"id\":\"indicator--1\",\"pattern_type\":\"stix\",\"pattern\":\"[ipv4-addr:value = '{host}']\"}}"
                ))
            ),
        ),
        (
            Parser::Misp,
            format!(
                "{{\"Event\":{{\"info\":\"x\",\"Attribute\":[{}]}}}}",
                many(&|host| format!("{{\"type\":\"ip-src\",\"value\":\"{host}\",\"to_ids\":true}}"))
            ),
        ),
    ] {
        let parsed = auto(text.as_bytes()).unwrap();
        assert_eq!((parsed.parser, parsed.batch.accepted, parsed.batch.rows), (parser, 20_000, 20_000));
    }
}
