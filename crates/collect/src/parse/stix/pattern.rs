//! The part of STIX patterns (STIX 2.1, section 9) that a block list can say: one of these addresses.
//!
//! ```text
//! pattern     = observation *( "OR" observation )
//! observation = "[" comparison *( "OR" comparison ) "]"       parentheses around either are allowed
//! comparison  = path ( "=" | "IN" | "ISSUBSET" | other ) value
//! ```
//!
//! An address is taken only when meeting it alone fulfils the pattern. `AND`, `NOT`, `FOLLOWEDBY`, a qualifier
//! (`WITHIN`, `REPEATS`, `START`), another comparison of an address and all that is not in this grammar make the pattern
//! one that is not understood, unless it plainly speaks of no address at all. A choice between an address and something
//! else (`[ipv4-addr:value = 'a' OR url:value = 'b']`) holds for the address by itself, so the address is taken.

use std::borrow::Cow;

/// What a pattern asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pattern<'p> {
    /// Any of these addresses or prefixes; not yet checked.
    Addresses(Vec<Cow<'p, str>>),
    /// Nothing that has an address.
    NoAddress,
    /// Something about addresses that is more than a choice of them.
    NotUnderstood,
}

/// How deep parentheses may nest.
const MAX_DEPTH: usize = 32;

pub(super) fn read(pattern: &str) -> Pattern<'_> {
    let mut reader = Reader { rest: pattern, depth: 0, found: Vec::new(), unread: false };
    let whole = reader.observations().is_some() && reader.rest.trim_start().is_empty();
    match (whole, reader.found.is_empty()) {
        (true, false) => Pattern::Addresses(reader.found),
        (true, true) if !reader.unread => Pattern::NoAddress,
        (false, _) if !mentions_address(pattern) => Pattern::NoAddress,
        _ => Pattern::NotUnderstood,
    }
}

fn mentions_address(text: &str) -> bool {
    ["ipv4-addr", "ipv6-addr", "src_ref", "dst_ref"].iter().any(|word| text.contains(word))
}

/// What of a path is an address.
#[derive(Clone, Copy, PartialEq)]
enum Object {
    V4,
    V6,
    /// An end of a connection: an address of either family, or a name.
    End,
    Other,
}

#[derive(Clone, Copy, PartialEq)]
enum Operator {
    Equal,
    In,
    Subset,
    Other,
}

struct Reader<'p> {
    rest: &'p str,
    depth: usize,
    found: Vec<Cow<'p, str>>,
    /// Something was said of an address that gives none.
    unread: bool,
}

/// Each part is `None` when it is not in the grammar.
impl<'p> Reader<'p> {
    fn observations(&mut self) -> Option<()> {
        self.choice(|reader| {
            reader.sign('[')?;
            reader.choice(Self::comparison)?;
            reader.sign(']')
        })
    }

    /// One or more, joined by `OR`, each perhaps a choice in parentheses.
    fn choice(&mut self, one: impl Fn(&mut Self) -> Option<()> + Copy) -> Option<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        loop {
            if self.sign('(').is_some() {
                self.choice(one)?;
                self.sign(')')?;
            } else {
                one(self)?;
            }
            if !self.word("OR") {
                break;
            }
        }
        self.depth -= 1;
        Some(())
    }

    fn comparison(&mut self) -> Option<()> {
        let path = self.path()?;
        let object = match path {
            "ipv4-addr:value" => Object::V4,
            "ipv6-addr:value" => Object::V6,
            "network-traffic:src_ref.value" | "network-traffic:dst_ref.value" => Object::End,
            _ => Object::Other,
        };
        self.unread |= object == Object::Other && mentions_address(path);
        let operator = self.operator()?;
        if operator == Operator::In {
            self.sign('(')?;
            loop {
                let value = self.value()?;
                self.take(object, operator, value)?;
                if self.sign(',').is_none() {
                    return self.sign(')');
                }
            }
        }
        let value = self.value()?;
        self.take(object, operator, value)
    }

    fn take(&mut self, object: Object, operator: Operator, value: Option<Cow<'p, str>>) -> Option<()> {
        if object == Object::Other {
            return Some(());
        }
        let value = value.filter(|_| operator != Operator::Other)?;
        let has_colon = value.contains(':');
        let is_name = !has_colon && value.bytes().any(|byte| byte.is_ascii_alphabetic());
        match object {
            Object::End if is_name => return Some(()),
            Object::V4 if has_colon => return None,
            Object::V6 if !has_colon => return None,
            // A range is no value of STIX: what it would mean here is not known.
            _ if value.contains('-') => return None,
            _ => {}
        }
        // Both ends of a connection are often asked for one address.
        if self.found.last() != Some(&value) {
            self.found.push(value);
        }
        Some(())
    }

    fn sign(&mut self, sign: char) -> Option<()> {
        self.rest = self.rest.trim_start().strip_prefix(sign)?;
        Some(())
    }

    /// Takes a word if it comes next and ends there.
    fn word(&mut self, word: &str) -> bool {
        match self.rest.trim_start().strip_prefix(word) {
            Some(rest)
                if !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':')) =>
            {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// `type:property.property[*].'quoted property'`.
    fn path(&mut self) -> Option<&'p str> {
        let text = self.rest.trim_start();
        let bytes = text.as_bytes();
        let mut end = 0;
        while let Some(&byte) = bytes.get(end) {
            end += match byte {
                b'_' | b'-' | b':' | b'.' => 1,
                _ if byte.is_ascii_alphanumeric() => 1,
                b'\'' if matches!(bytes[..end], [.., b'.' | b':']) => 1 + quoted(&text[end + 1..])?,
                b'[' if end > 0 => text[end..].find(']')? + 1,
                _ => break,
            };
        }
        let (path, rest) = text.split_at(end);
        self.rest = rest;
        path.contains(':').then_some(path)
    }

    fn operator(&mut self) -> Option<Operator> {
        for (word, operator) in [
            ("IN", Operator::In),
            ("ISSUBSET", Operator::Subset),
            ("ISSUPERSET", Operator::Other),
            ("LIKE", Operator::Other),
            ("MATCHES", Operator::Other),
        ] {
            if self.word(word) {
                return Some(operator);
            }
        }
        for (sign, operator) in [
            ("=", Operator::Equal),
            ("!=", Operator::Other),
            ("<=", Operator::Other),
            (">=", Operator::Other),
            ("<", Operator::Other),
            (">", Operator::Other),
        ] {
            if let Some(rest) = self.rest.trim_start().strip_prefix(sign) {
                self.rest = rest;
                return Some(operator);
            }
        }
        None
    }

    /// A literal: `Some` of a text, or `None` of a number, a date or bytes.
    #[expect(clippy::option_option, reason = "the outer one is the grammar's, as everywhere here")]
    fn value(&mut self) -> Option<Option<Cow<'p, str>>> {
        let text = self.rest.trim_start();
        if let Some(inside) = text.strip_prefix('\'') {
            let end = quoted(inside)?;
            self.rest = &inside[end..];
            return Some(Some(unescape(&inside[..end - 1])));
        }
        let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+')));
        let (word, rest) = text.split_at(end.unwrap_or(text.len()));
        self.rest = match (word, rest.strip_prefix('\'')) {
            ("", _) => return None,
            ("t" | "h" | "b", Some(inside)) => &inside[quoted(inside)?..],
            _ => rest,
        };
        Some(None)
    }
}

/// Where a quoted text ends, its closing quote included.
fn quoted(inside: &str) -> Option<usize> {
    let mut bytes = inside.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\'' => return Some(at + 1),
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    None
}

fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(if c == '\\' { chars.next().unwrap_or(c) } else { c });
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn addresses(pattern: &str) -> Vec<String> {
        match read(pattern) {
            Pattern::Addresses(found) => found.into_iter().map(Cow::into_owned).collect(),
            other => panic!("{pattern}: {other:?}"),
        }
    }

    #[test]
    fn a_choice_of_addresses_is_understood() {
        for (pattern, expected) in [
            ("[ipv4-addr:value = '45.9.20.1']", &["45.9.20.1"][..]),
            ("[ipv4-addr:value='45.9.20.1']", &["45.9.20.1"]),
            (" [ ipv6-addr:value = '2a0e:1::1' ] ", &["2a0e:1::1"]),
            ("[ipv4-addr:value ISSUBSET '45.9.20.0/24']", &["45.9.20.0/24"]),
            ("[ipv4-addr:value = '45.9.20.1' OR ipv4-addr:value = '45.9.20.2']", &["45.9.20.1", "45.9.20.2"]),
            ("[ipv4-addr:value = '45.9.20.1'] OR [ipv6-addr:value = '2a0e::1']", &["45.9.20.1", "2a0e::1"]),
            (
                "([ipv4-addr:value = '45.9.20.1'] OR ([(ipv4-addr:value='45.9.20.2')]))",
                &["45.9.20.1", "45.9.20.2"],
            ),
            ("[ipv4-addr:value IN ('45.9.20.1', '45.9.20.2')]", &["45.9.20.1", "45.9.20.2"]),
            (
                "[network-traffic:src_ref.value = '45.9.20.1' OR network-traffic:dst_ref.value = '45.9.20.1']",
                &["45.9.20.1"],
            ),
            ("[ipv4-addr:value = '45.9.20.1' OR domain-name:value = 'a.example']", &["45.9.20.1"]),
            ("[file:hashes.'SHA-256' = 'x\\'] AND [' OR ipv4-addr:value = '45.9.20.1']", &["45.9.20.1"]),
            (
                "[x:a[*].b > 5 OR x:c = t'2026-01-01T00:00:00Z' OR ipv4-addr:value = '45.9.20.1']",
                &["45.9.20.1"],
            ),
        ] {
            assert_eq!(addresses(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn what_is_more_than_a_choice_is_not_understood() {
        for pattern in [
            "[ipv4-addr:value = '45.9.20.1' AND domain-name:value = 'x']",
            "[domain-name:value = 'x' AND ipv4-addr:value = '45.9.20.1']",
            "[ipv4-addr:value = '45.9.20.1'] AND [domain-name:value = 'x']",
            "[ipv4-addr:value = '45.9.20.1'] FOLLOWEDBY [ipv4-addr:value = '45.9.20.2']",
            "[ipv4-addr:value = '45.9.20.1'] WITHIN 300 SECONDS",
            "[ipv4-addr:value = '45.9.20.1'] REPEATS 5 TIMES",
            "[ipv4-addr:value = '45.9.20.1'] START t'2026-01-01T00:00:00Z' STOP t'2026-02-01T00:00:00Z'",
            "[NOT ipv4-addr:value = '45.9.20.1']",
            "[ipv4-addr:value NOT = '45.9.20.1']",
            "[ipv4-addr:value NOT IN ('45.9.20.1')]",
            "[ipv4-addr:value != '45.9.20.1']",
            "[ipv4-addr:value LIKE '45.9.%']",
            "[ipv4-addr:value MATCHES '^45']",
            "[ipv4-addr:value ISSUPERSET '45.9.20.0/24']",
            "[ipv4-addr:value > '45.9.20.1']",
            "[ipv4-addr:value = 5]",
            "[ipv4-addr:value = t'45.9.20.1']",
            "[ipv4-addr:value = '45.9.20.1-45.9.20.9']",
            "[ipv4-addr:value = '2a0e::1']",
            "[ipv6-addr:value = '45.9.20.1']",
            "[ipv4-addr:value = '45.9.20.1'",
            "[ipv4-addr:value = '45.9.20.1]",
            "[ipv4-addr:value = '45.9.20.1']]",
            "[ipv4-addr:value = '45.9.20.1'] or [ipv4-addr:value = '45.9.20.2']",
            "[ipv4-addr:value = '45.9.20.1' ORipv4-addr:value = '45.9.20.2']",
            "[ipv4-addr:value = '45.9.20.1'] OR",
            "[ipv4-addr : value = '45.9.20.1']",
            "[ipv4-addr:belongs_to_refs[*].number = 64496]",
            "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '45.9.20.1']",
            "[EXISTS ipv4-addr:value]",
            "ipv4-addr:value = '45.9.20.1'",
        ] {
            assert_eq!(read(pattern), Pattern::NotUnderstood, "{pattern}");
        }
        let deep = format!("{}[ipv4-addr:value='45.9.20.1']{}", "(".repeat(50_000), ")".repeat(50_000));
        assert_eq!(read(&deep), Pattern::NotUnderstood);
    }

    #[test]
    fn what_has_no_address_is_told_apart() {
        for pattern in [
            "[domain-name:value = 'a.example']",
            "[url:value = 'http://a.example/' AND file:name = 'x']",
            "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e'] FOLLOWEDBY [file:size > 4]",
            "[network-traffic:dst_ref.value = 'a-b.example']",
            "rule x { condition: true }",
            "",
        ] {
            assert_eq!(read(pattern), Pattern::NoAddress, "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn random_patterns_never_panic(text in "[\\[\\]()'\\\\ =:.,a-z0-9ORANDISUBETV-]{0,120}") {
            read(&text);
        }

        #[test]
        fn any_pattern_that_is_cut_gives_nothing(end in 1usize..66) {
            let pattern = "[ipv4-addr:value = '45.9.20.1' OR ipv6-addr:value = '2a0e:1::1'] ";
            let found = matches!(read(&pattern[..end]), Pattern::Addresses(_));
            prop_assert_eq!(found, end >= pattern.trim_end().len());
        }
    }
}
