//! gzip and zip.

use std::io::{self, Read, Write};

use collect::options::Limit;
use collect::{Choice, Options, ParseError, Parser, parse};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::date;
use portal_sim::dataset::rows;
use portal_sim::workbook::{Sheets, pack, regtech};

use crate::common::{auto, prefixes};

const LIST: &[u8] = b"45.9.20.1\n45.9.20.2\n";

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let files: Vec<_> = files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    pack(&files).unwrap()
}

#[test]
fn gzip_is_unpacked_and_its_content_known() {
    let parsed = auto(&gzip(LIST)).unwrap();
    assert_eq!(
        (parsed.parser, prefixes(&parsed)),
        (Parser::List, vec!["45.9.20.1".into(), "45.9.20.2".into()])
    );
    assert_eq!(auto(&gzip(b"\xef\xbb\xbfip,reason\r\n45.9.20.1,x\r\n")).unwrap().parser, Parser::Csv);
    let book = regtech(&rows(1, 5, date(2026, 6, 1)), Sheets::One).unwrap();
    assert_eq!(auto(&gzip(&book)).unwrap().parser, Parser::Regtech);
    assert!(matches!(auto(&gzip(b"<!DOCTYPE html>")), Err(ParseError::Html { login: false })));
    assert!(matches!(auto(&gzip(b"")), Err(ParseError::Empty)));
}

#[test]
fn every_member_of_a_gzip_is_read() {
    let both = [gzip(b"45.9.20.1\n"), gzip(b""), gzip(b"45.9.20.2\n")].concat();
    assert_eq!(prefixes(&auto(&both).unwrap()), ["45.9.20.1", "45.9.20.2"]);
}

#[test]
fn a_gzip_that_is_cut_or_changed_gives_nothing() {
    let hosts: Vec<String> = (0..2_000).map(|n| format!("45.9.{}.{}", n / 250, n * 7 % 251)).collect();
    let hosts = hosts.join("\n");
    let packed = gzip(hosts.as_bytes());
    for end in (2..packed.len()).step_by(13).chain(packed.len() - 9..packed.len()) {
        let error = auto(&packed[..end]).unwrap_err();
        assert!(matches!(error, ParseError::Damaged { what: "gzip file", .. }), "cut at {end}: {error}");
        assert!(error.is_retryable());
    }
    let mut flipped = packed.clone();
    *flipped.last_mut().unwrap() ^= 1;
    assert!(matches!(auto(&flipped), Err(ParseError::Damaged { .. })));
    assert!(matches!(auto(&[packed, b"rubbish".to_vec()].concat()), Err(ParseError::Damaged { .. })));
}

#[test]
fn a_source_that_fails_under_a_gzip_is_not_taken_for_damage() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("reset"))
        }
    }
    let packed = gzip(LIST);
    let mut input = packed[..packed.len() - 4].chain(Fails);
    assert!(matches!(parse(Choice::Auto, &mut input, &Options::default()), Err(ParseError::Io(_))));
}

/// A gzip that unpacks to `megabytes` of line ends, made piece by piece as it is read.
fn bomb(megabytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(LIST).unwrap();
    let piece = vec![b'\n'; 1 << 20];
    for _ in 0..megabytes {
        encoder.write_all(&piece).unwrap();
    }
    encoder.finish().unwrap()
}

#[test]
fn a_gzip_bomb_is_stopped_by_what_comes_out_of_it() {
    let bomb = bomb(64);
    let error = auto(&bomb).unwrap_err();
    assert!(matches!(error, ParseError::Limit { limit: Limit::UnpackRatio, value: 250 }), "{error}");
    let mut options = Options::default();
    options.limits.unpack_ratio = u64::MAX;
    options.limits.unpacked_bytes = 3 << 20;
    let error = parse(Choice::Auto, &mut &*bomb, &options).unwrap_err();
    assert!(matches!(error, ParseError::Limit { limit: Limit::UnpackedBytes, .. }), "{error}");
    let zipped = zip(&[("list.txt", &[LIST, &vec![b'\n'; 64 << 20]].concat())]);
    let error = auto(&zipped).unwrap_err();
    assert!(matches!(error, ParseError::Limit { limit: Limit::UnpackRatio, value: 250 }), "{error}");
}

#[test]
fn endless_empty_members_are_stopped() {
    struct Endless(Vec<u8>, usize);
    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            for byte in &mut *buffer {
                *byte = self.0[self.1 % self.0.len()];
                self.1 += 1;
            }
            Ok(buffer.len())
        }
    }
    let mut options = Options::default();
    options.limits.text_bytes = 1 << 20;
    let error = parse(Choice::Auto, &mut Endless(gzip(b""), 0), &options).unwrap_err();
    assert!(matches!(error, ParseError::Limit { limit: Limit::TextBytes, .. }), "{error}");
}

#[test]
fn a_zip_of_one_file_is_unpacked_whatever_lies_beside_it() {
    for files in [
        &[("list.txt", LIST)][..],
        &[("a/", b""), ("a/list.txt", LIST), ("__MACOSX/a/._list.txt", b"x"), (".DS_Store", b"x")],
        &[("../../etc/list", LIST)],
    ] {
        assert_eq!(prefixes(&auto(&zip(files)).unwrap()), ["45.9.20.1", "45.9.20.2"]);
    }
    let book = regtech(&rows(1, 5, date(2026, 6, 1)), Sheets::One).unwrap();
    assert_eq!(auto(&zip(&[("book.xlsx", &book)])).unwrap().parser, Parser::Regtech);
}

#[test]
fn a_zip_of_several_or_no_files_is_refused_with_their_names() {
    let error = auto(&zip(&[("allow.txt", LIST), ("block.txt", LIST)])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the zip archive holds 2 files, and which is meant is not known: 'allow.txt', 'block.txt'"
    );
    assert_eq!(auto(&zip(&[(".hidden", LIST)])).unwrap_err().to_string(), "the zip archive holds no file");
}

#[test]
fn an_archive_inside_an_archive_is_refused() {
    for bytes in [
        gzip(&gzip(LIST)),
        gzip(&zip(&[("list.txt", LIST)])),
        zip(&[("list.gz", &gzip(LIST))]),
        zip(&[("list.zip", &zip(&[("list.txt", LIST)]))]),
    ] {
        let error = auto(&bytes).unwrap_err();
        assert_eq!(error.to_string(), "this is an archive inside an archive, which no parser reads");
    }
}

#[test]
fn an_encrypted_or_damaged_zip_gives_nothing() {
    let whole = zip(&[("list.txt", LIST)]);
    for end in 4..whole.len() {
        assert!(auto(&whole[..end]).is_err(), "cut at {end}");
    }
    let mut encrypted = whole.clone();
    let directory = encrypted.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    encrypted[6] |= 1;
    encrypted[directory + 8] |= 1;
    let error = auto(&encrypted).unwrap_err();
    assert_eq!(error.to_string(), "the zip archive is encrypted with a password");
    let mut wrong_sum = whole;
    wrong_sum[directory + 16] ^= 1;
    assert!(matches!(auto(&wrong_sum), Err(ParseError::Damaged { what: "zip archive", .. })));
}
