//! Small helpers on text.

/// How many characters of a foreign text a message shows.
const SHOWN: usize = 60;

/// A foreign text as a message shows it: one line, no control characters, not long.
pub(crate) fn short(text: &str) -> String {
    let mut out = String::new();
    for (n, c) in text.trim().chars().enumerate() {
        if n == SHOWN {
            out.push_str("...");
            break;
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

/// A header as it is compared: composed Hangul, lower case, no white space, nothing invisible, no `_`, `-`, `.`, and
/// none of the quotes and signs that tables put around names.
///
/// Excel on a Mac and some exports write Hangul as single jamo (NFD); composing them is arithmetic on the code points
/// (Unicode Standard, section 3.12), so no table of normalisation is needed.
pub(crate) fn header(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let plain = !c.is_whitespace()
            && !c.is_control()
            && !matches!(
                c,
                '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '_' | '-' | '.' | '#' | '"' | '\''
            );
        if plain {
            out.extend(c.to_lowercase());
        }
    }
    compose(&out)
}

const L: u32 = 0x1100;
const V: u32 = 0x1161;
const T: u32 = 0x11a7;
const S: u32 = 0xac00;

fn compose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let joined = out.chars().next_back().and_then(|last| join(last as u32, c as u32));
        if let Some(joined) = joined {
            out.pop();
            out.push(joined);
        } else {
            out.push(c);
        }
    }
    out
}

fn join(last: u32, next: u32) -> Option<char> {
    if (L..L + 19).contains(&last) && (V..V + 21).contains(&next) {
        return char::from_u32(S + ((last - L) * 21 + (next - V)) * 28);
    }
    if (S..S + 11_172).contains(&last) && (last - S).is_multiple_of(28) && (T + 1..T + 28).contains(&next) {
        return char::from_u32(last + next - T);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_compared_without_space_case_and_decomposition() {
        assert_eq!(header(" 등록 사유\u{feff}"), "등록사유");
        // The same in single jamo.
        assert_eq!(
            header("\u{1103}\u{1173}\u{11bc}\u{1105}\u{1169}\u{11a8}\u{110b}\u{1175}\u{11af}"),
            "등록일"
        );
        assert_eq!(header("IP_Address"), "ipaddress");
        assert_ne!(header("등록일"), header("해제일"));
    }

    #[test]
    fn foreign_text_is_shown_short_and_on_one_line() {
        assert_eq!(short("a\nb"), "a b");
        assert_eq!(short(&"가".repeat(100)).chars().count(), 63);
    }
}
