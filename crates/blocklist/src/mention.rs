//! Whether a row that was refused speaks of an address: for people who ask why it is not listed.
//!
//! Looser than the parsers, which refused the row: also `010.1.2.3` and `1.2.3.4:443` are what a person means by them.

use prefix::parse::Entry;
use prefix::{Net, Prefix};

/// Whether `text` names `asked`, or a prefix or range that covers it.
pub fn mentions(text: &str, asked: Prefix) -> bool {
    let part = |c: char| c.is_ascii_hexdigit() || matches!(c, '.' | ':' | '/' | '-');
    text.split(|c| !part(c)).filter(|word| word.contains(['.', ':'])).any(|word| names(word, asked))
}

fn names(word: &str, asked: Prefix) -> bool {
    let word = word.trim_matches(['.', ':', '/', '-']);
    if let Ok(parsed) = prefix::parse(word.as_bytes()) {
        return covers(parsed.entry, asked);
    }
    // A port, a path or a scheme around it.
    word.split([':', '/']).any(|piece| loose(piece).is_some_and(|host| host.covers(asked)))
        || word.split('/').any(|piece| piece.parse::<Prefix>().is_ok_and(|host| host.covers(asked)))
}

fn covers(entry: Entry, asked: Prefix) -> bool {
    match entry {
        Entry::Prefix(prefix) => prefix.covers(asked),
        Entry::Range4(range) => {
            asked.v4().is_some_and(|net| range.first() <= net.first() && net.last() <= range.last())
        }
        Entry::Range6(range) => {
            asked.v6().is_some_and(|net| range.first() <= net.first() && net.last() <= range.last())
        }
    }
}

/// Four decimal numbers, leading zeros and all.
fn loose(text: &str) -> Option<Prefix> {
    let mut address = 0u32;
    let mut count = 0;
    for number in text.split('.') {
        count += 1;
        address = address << 8
            | u32::from(
                number
                    .trim_start_matches('0')
                    .parse::<u8>()
                    .or_else(|error| {
                        // Nothing but zeros.
                        if !number.is_empty() && number.bytes().all(|byte| byte == b'0') {
                            Ok(0)
                        } else {
                            Err(error)
                        }
                    })
                    .ok()?,
            );
    }
    (count == 4).then(|| Net::host(address).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_found_by_what_a_person_reads_in_it() {
        let asked = "9.1.2.3".parse().unwrap();
        for text in [
            "9.1.2.3",
            "009.001.02.3,scan,KR",
            "\"ip\":\"9.1.2.3\", \"until\":\"bad\"",
            "http://9.1.2.3:8080/x",
            "9.1.2.3:443",
            "9.0.0.0/8",
            "9.1.2.0 - 9.1.2.9, 9.1.2.0-9.1.2.9",
            "see 9.1.2.3.",
        ] {
            assert!(mentions(text, asked), "{text}");
        }
        for text in
            ["", "9.1.2.30", "19.1.2.3", "9.1.2", "9.1.2.3.4", "9.1.2.4/32", "1.2.3", "8.0.0.0-8.9.9.9"]
        {
            assert!(!mentions(text, asked), "{text}");
        }
        assert!(mentions("bad,2a00:1::/32,x", "2a00:1::5".parse().unwrap()));
        assert!(mentions("0.0.0.0/0", asked) && mentions("0.0.0.0", "0.0.0.0".parse().unwrap()));
    }
}
