//! What came: looked at before any parser sees it.
//!
//! A page of HTML, text of another encoding and foreign archives are refused here, for every parser alike, because a
//! parser that is asked to read them would answer with thousands of refused rows and hide what happened. What is packed
//! by gzip or zip is unpacked here, once, and looked at again.

use std::io::{self, Chain, Cursor, Read};

use memchr::memmem;

use super::unpack::{self, Trouble, Zip};
use crate::ParseError;
use crate::error::Encoding;
use crate::options::{Limit, Limits};
use crate::workbook::Workbook;

/// How much of an input is looked at to tell what it is.
pub(super) const HEAD: usize = 64 << 10;

/// How much of a web page is searched for the login form.
const PAGE: u64 = 1 << 20;

/// An input, opened.
pub(super) enum Body<'a> {
    Text(Text<'a>),
    Workbook(Box<Workbook>),
}

/// Text that is read as it comes, without the byte order mark.
pub(super) struct Text<'a> {
    head: Vec<u8>,
    /// The head is the whole input.
    pub(super) whole: bool,
    reader: Capped<Chain<Cursor<Vec<u8>>, &'a mut dyn Read>>,
}

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Looks at the input, opens it and hands it on. It is handed on rather than given back because what is unpacked lives
/// only as long as its archive.
pub(super) fn open<T>(
    input: &mut dyn Read,
    limits: &Limits,
    read: impl FnOnce(Body<'_>) -> Result<T, ParseError>,
) -> Result<T, ParseError> {
    look(input, limits, false, read)
}

fn look<T>(
    input: &mut dyn Read,
    limits: &Limits,
    unpacked: bool,
    read: impl FnOnce(Body<'_>) -> Result<T, ParseError>,
) -> Result<T, ParseError> {
    let mut head = Vec::new();
    (&mut *input).take(HEAD as u64).read_to_end(&mut head)?;
    let whole = head.len() < HEAD;
    if head.starts_with(b"\xd0\xcf\x11\xe0") {
        let bytes = read_whole(head, input, limits)?;
        return read(Body::Workbook(Box::new(Workbook::open(bytes, limits)?)));
    }
    if head.starts_with(b"\x1f\x8b") && !unpacked {
        let mut inside = unpack::gzip(Cursor::new(head).chain(input), limits);
        return look(&mut inside, limits, true, read);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        let bytes = read_whole(head, input, limits)?;
        let held = bytes.len() as u64;
        return match unpack::zip(bytes)? {
            Zip::Workbook(bytes) => read(Body::Workbook(Box::new(Workbook::open(bytes, limits)?))),
            Zip::Other(_) if unpacked => Err(ParseError::Format { found: NESTED }),
            Zip::Other(mut archive) => {
                let mut inside = unpack::only_file(&mut archive, held, limits)?;
                look(&mut inside, limits, true, read)
            }
        };
    }
    if is_html(head.strip_prefix(BOM).unwrap_or(&head)) {
        // The form may stand far down. That the rest cannot be read changes nothing: it is a page.
        let _ = (&mut *input).take(PAGE).read_to_end(&mut head);
        return Err(ParseError::Html { login: has(&head, b"loginForm") });
    }
    foreign(&head, whole)?;
    let skip = if head.starts_with(BOM) { BOM.len() } else { 0 };
    let head = head.split_off(skip);
    let reader = Cursor::new(head.clone()).chain(input);
    let reader =
        Capped { reader, left: limits.text_bytes, limit: Limit::TextBytes, value: limits.text_bytes };
    read(Body::Text(Text { head, whole, reader }))
}

/// What is not unpacked twice.
const NESTED: &str = "an archive inside an archive";

fn read_whole(head: Vec<u8>, input: &mut dyn Read, limits: &Limits) -> Result<Vec<u8>, ParseError> {
    let value = limits.document_bytes;
    let mut bytes = head;
    let rest = value.saturating_add(1).saturating_sub(bytes.len() as u64);
    input.take(rest).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > value {
        return Err(ParseError::Limit { limit: Limit::DocumentBytes, value });
    }
    Ok(bytes)
}

impl Text<'_> {
    /// The beginning of the text, at most [`HEAD`] bytes.
    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    /// The whole text, for parsers that need it at once.
    pub(super) fn whole(&mut self, limits: &Limits) -> Result<Vec<u8>, ParseError> {
        self.reader.left = limits.document_bytes;
        self.reader.value = limits.document_bytes;
        self.reader.limit = Limit::DocumentBytes;
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl Read for Text<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

/// A reader that fails when it is asked for more than the limit.
struct Capped<R> {
    reader: R,
    left: u64,
    limit: Limit,
    value: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => {
                self.left = left;
                Ok(count)
            }
            None => Err(Trouble::over(self.limit, self.value)),
        }
    }
}

/// Refuses what is no list in any form.
fn foreign(head: &[u8], whole: bool) -> Result<(), ParseError> {
    if head.starts_with(b"\xff\xfe\0\0") || head.starts_with(b"\0\0\xfe\xff") {
        return Err(ParseError::Encoding { found: Encoding::Utf32, line: 1 });
    }
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Err(ParseError::Encoding { found: Encoding::Utf16, line: 1 });
    }
    for (magic, found) in FORMATS {
        if head.starts_with(magic) {
            return Err(ParseError::Format { found });
        }
    }
    if memchr::memchr(0, head).is_some() {
        return Err(if zeros_alternate(head) {
            ParseError::Encoding { found: Encoding::Utf16, line: 1 }
        } else {
            ParseError::Format { found: "a binary file" }
        });
    }
    let text = head.strip_prefix(BOM).unwrap_or(head).trim_ascii_start();
    if text.is_empty() && whole {
        return Err(ParseError::Empty);
    }
    if text.starts_with(b"<") {
        return Err(ParseError::Format { found: "an XML document" });
    }
    Ok(())
}

const FORMATS: [(&[u8], &str); 7] = [
    (b"\x1f\x8b", NESTED),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"%PDF-", "a PDF"),
    (b"\x7fELF", "a program"),
];

/// UTF-16 without its mark: Latin text has a zero in every second byte.
fn zeros_alternate(head: &[u8]) -> bool {
    let pairs = head.len() / 2;
    let zeros = |odd: usize| head.chunks_exact(2).filter(|pair| pair[odd] == 0).count();
    pairs > 1 && zeros(0).max(zeros(1)) * 10 >= pairs * 4 && zeros(0).min(zeros(1)) * 10 < pairs
}

/// Web pages begin with one of these, after white space, comments and an XML declaration. Case means nothing.
fn is_html(text: &[u8]) -> bool {
    let tags: [&[u8]; 8] =
        [b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<meta", b"<title", b"<form"];
    let starts =
        |text: &[u8], tag: &[u8]| text.len() >= tag.len() && text[..tag.len()].eq_ignore_ascii_case(tag);
    let mut text = text;
    loop {
        text = text.trim_ascii_start();
        let end: &[u8] = if text.starts_with(b"<!--") {
            b"-->"
        } else if text.starts_with(b"<?xml") {
            b"?>"
        } else {
            return tags.iter().any(|tag| starts(text, tag)) || text.starts_with(b"<") && has(text, b"<html");
        };
        match memmem::find(text, end) {
            Some(at) => text = &text[at + end.len()..],
            None => return false,
        }
    }
}

fn has(text: &[u8], needle: &[u8]) -> bool {
    memmem::find(text, needle).is_some()
}

/// What encoding text is in that is not UTF-8: EUC-KR writes Hangul as pairs of high bytes.
pub(super) fn encoding_of(text: &[u8]) -> Encoding {
    let (mut pairs, mut strays) = (0, 0);
    let mut bytes = text.iter();
    while let Some(&byte) = bytes.next() {
        if byte >= 0x81 {
            match bytes.next() {
                Some(&next) if next >= 0x41 => pairs += 1,
                _ => strays += 1,
            }
        }
    }
    if pairs > strays * 4 { Encoding::EucKr } else { Encoding::Other }
}
