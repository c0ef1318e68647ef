//! Cells in the plain shape in which nearly all are written, taken straight from the bytes.
//!
//! ```text
//! <c r="A2" t="inlineStr"><is><t>&#44397;</t></is></c>    <c r="B2" t="s"><v>12</v></c>    <c r="C2"/>
//! </row><row r="3">
//! ```
//!
//! A sheet is a few tags around every word, and an event for each tag and each entity cost more than all else that is
//! done with a row. Nothing here is an error: what is of any other shape is left to the XML reader, which then says what
//! it means. So this may refuse what is right, but never takes what the reader would refuse or read otherwise.

use std::str;

use super::super::xml;

/// What stands at the beginning of some bytes, inside a row and between two of its cells.
#[derive(Debug, PartialEq)]
pub(super) enum Plain<'b> {
    /// A cell: the values of `r` and `t`.
    Cell { place: Option<&'b str>, kind: Option<&'b str> },
    /// The end of the row, and the beginning of the next: the value of its `r`.
    Row { number: Option<&'b str> },
}

/// What is plain at the beginning of `bytes`, and how long it is. The text of a cell is added to `text`; of one that is
/// not plain something may be.
pub(super) fn read<'b>(bytes: &'b [u8], text: &mut String) -> Option<(Plain<'b>, usize)> {
    let mut input = Input(bytes);
    let plain = if input.eat(b"</row><row").is_some() {
        let [number] = input.attributes(["r"])?;
        input.eat(b">")?;
        Plain::Row { number }
    } else {
        input.eat(b"<c")?;
        let [place, kind] = input.attributes(["r", "t"])?;
        input.content(text)?;
        Plain::Cell { place, kind }
    };
    Some((plain, bytes.len() - input.0.len()))
}

struct Input<'b>(&'b [u8]);

impl<'b> Input<'b> {
    fn eat(&mut self, wanted: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(wanted)?;
        Some(())
    }

    /// The values of the attributes of these names. Others may stand beside them, but no name twice that is wanted, and
    /// none with a prefix: it would be the same name to the reader.
    fn attributes<const N: usize>(&mut self, wanted: [&str; N]) -> Option<[Option<&'b str>; N]> {
        let mut found = [None; N];
        while self.eat(b" ").is_some() {
            let name = self.while_all(u8::is_ascii_lowercase);
            self.eat(b"=\"")?;
            let value = self.while_all(|&byte| is_plain(byte));
            self.eat(b"\"")?;
            if let Some(at) = wanted.iter().position(|wanted| wanted.as_bytes() == name)
                && found[at].replace(str::from_utf8(value).ok()?).is_some()
            {
                return None;
            }
        }
        Some(found)
    }

    /// What follows the attributes of a cell, to its end.
    fn content(&mut self, text: &mut String) -> Option<()> {
        if self.eat(b"/>").is_some() {
            return Some(());
        }
        self.eat(b">")?;
        if self.eat(b"<is><t>").is_some() {
            self.text(text)?;
            self.eat(b"</t></is></c>")
        } else {
            self.eat(b"<v>")?;
            self.text(text)?;
            self.eat(b"</v></c>")
        }
    }

    /// Text up to the next tag.
    fn text(&mut self, out: &mut String) -> Option<()> {
        let (raw, rest) = self.0.split_at(memchr::memchr(b'<', self.0)?);
        self.0 = rest;
        let mut raw = str::from_utf8(raw).ok()?;
        // The reader makes one line end of all.
        if raw.as_bytes().contains(&b'\r') {
            return None;
        }
        while let Some(at) = memchr::memchr(b'&', raw.as_bytes()) {
            out.push_str(&raw[..at]);
            let (name, after) = raw[at + 1..].split_once(';')?;
            out.push(character(name)?);
            raw = after;
        }
        out.push_str(raw);
        Some(())
    }

    fn while_all(&mut self, of: impl Fn(&u8) -> bool) -> &'b [u8] {
        let end = self.0.iter().position(|byte| !of(byte)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }
}

/// Whether a byte of an attribute's value means itself.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'&' | b'<' | b'>')
}

/// What an entity stands for, if that is beyond doubt.
fn character(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else { return xml::named(name) };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, radix).ok().and_then(char::from_u32).filter(|&c| c != '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(bytes: &str) -> Option<(Option<&str>, Option<&str>, String, &str)> {
        let mut text = String::new();
        match read(bytes.as_bytes(), &mut text)? {
            (Plain::Cell { place, kind }, len) => Some((place, kind, text, &bytes[len..])),
            (Plain::Row { .. }, _) => None,
        }
    }

    #[test]
    fn the_cells_of_both_portals_are_plain() {
        assert_eq!(
            cell(r#"<c r="A2" t="inlineStr"><is><t>a &#44397;&#xac00;&amp;나</t></is></c><c r="#),
            Some((Some("A2"), Some("inlineStr"), "a 국가&나".to_owned(), "<c r="))
        );
        assert_eq!(
            cell(r#"<c r="B2" s="1" t="s"><v>12</v></c></row>"#),
            Some((Some("B2"), Some("s"), "12".to_owned(), "</row>"))
        );
        assert_eq!(cell(r#"<c r="C2"/>"#), Some((Some("C2"), None, String::new(), "")));
        assert_eq!(cell("<c><v>7</v></c>"), Some((None, None, "7".to_owned(), "")));
        let row = r#"</row><row r="3" spans="1:5"><c"#;
        assert_eq!(
            read(row.as_bytes(), &mut String::new()),
            Some((Plain::Row { number: Some("3") }, row.len() - 2))
        );
    }

    #[test]
    fn what_may_mean_something_else_is_left_to_the_reader() {
        for bytes in [
            "",
            "<c",
            r#"<c r="A2" t="s"><v>1</v></"#,
            r#"<c r="A2" r="A3"><v>1</v></c>"#,
            r#"<c x:r="A1" r="A2"><v>1</v></c>"#,
            r"<c r='A2'><v>1</v></c>",
            r#"<c r="A&#50;"><v>1</v></c>"#,
            "<c r=\"A\t2\"><v>1</v></c>",
            r#"<c r="A2"t="s"><v>1</v></c>"#,
            r#"<cols r="A2"><v>1</v></c>"#,
            r#"<c r="A2"><f>1+1</f><v>2</v></c>"#,
            r#"<c r="A2"><is><t>a</t><rPh><t>b</t></rPh></is></c>"#,
            r#"<c r="A2"><is><t>a<!-- --></t></is></c>"#,
            r#"<c r="A2"><is><t>a</is></t></c>"#,
            r#"<c r="A2"><v>1</v><v>2</v></c>"#,
            "<c r=\"A2\"><v>1\r\n2</v></c>",
            "<c r=\"A2\"><v>&#0;</v></c>",
            "<c r=\"A2\"><v>&#55357;</v></c>",
            "<c r=\"A2\"><v>&#+65;</v></c>",
            "<c r=\"A2\"><v>&#;</v></c>",
            "<c r=\"A2\"><v>&nbsp;</v></c>",
            "<c r=\"A2\"><v>a & b;</v></c>",
            "<c r=\"A2\"><v>a & b</v></c>",
            "</row>",
            "</row><row r=\"3\"/>",
            "</row></sheetData>",
            "</row> <row r=\"3\">",
        ] {
            assert_eq!(read(bytes.as_bytes(), &mut String::new()), None, "{bytes}");
        }
        assert_eq!(read(b"<c><v>\xff</v></c>", &mut String::new()), None);
    }
}
