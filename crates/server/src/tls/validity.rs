//! From when until when a certificate is good: the one thing of it that the TLS library does not tell.
//!
//! DER is read as far as the two times stand in it (RFC 5280 section 4.1) and no further; whether the rest is sound is the
//! library's to say. A whole X.509 library for two times was not worth its code.

use blocklist::Time;
use jiff::civil::{DateTime, date};

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// The first and the last second of a certificate.
pub(super) fn of(der: &[u8]) -> Option<(Time, Time)> {
    let (certificate, _) = element(der, SEQUENCE)?;
    let (signed, _) = element(certificate, SEQUENCE)?;
    let rest = element(signed, VERSION).map_or(signed, |(_, rest)| rest);
    let (_serial, rest) = element(rest, INTEGER)?;
    let (_algorithm, rest) = element(rest, SEQUENCE)?;
    let (_issuer, rest) = element(rest, SEQUENCE)?;
    let (times, _) = element(rest, SEQUENCE)?;
    let (from, rest) = time(times)?;
    let (until, _) = time(rest)?;
    Some((from, until))
}

/// What an element of this tag holds, and what comes after it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[first, length], rest) = bytes.split_first_chunk::<2>()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(length - 0x80))?;
            (digits.iter().fold(0, |length, &digit| length << 8 | usize::from(digit)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length).filter(|_| first == tag)
}

/// `YYMMDDHHMMSSZ`, of the years 1950 to 2049, or `YYYYMMDDHHMMSSZ`.
fn time(bytes: &[u8]) -> Option<(Time, &[u8])> {
    let (text, rest, short) = match element(bytes, UTC_TIME) {
        Some((text, rest)) => (text, rest, true),
        None => element(bytes, GENERALIZED_TIME).map(|(text, rest)| (text, rest, false))?,
    };
    let digits = text.strip_suffix(b"Z").filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
    let (year, digits) = digits.split_at_checked(if short { 2 } else { 4 })?;
    let &[month, day, hour, minute, second] = digits.as_chunks::<2>().0 else { return None };
    let number = |digits: &[u8]| digits.iter().fold(0, |number, digit| number * 10 + i16::from(digit - b'0'));
    let year = match (short, number(year)) {
        (true, year @ 0..50) => 2000 + year,
        (true, year) => 1900 + year,
        (false, year) => year,
    };
    let [month, day, hour, minute, second] =
        [month, day, hour, minute, second].map(|digits| number(&digits) as i8);
    let moment = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    // Without a time zone: a certificate without an end says 9999-12-31T23:59:59Z, which is more than a timestamp takes.
    let seconds = moment.duration_since(date(1970, 1, 1).at(0, 0, 0, 0)).as_secs();
    Some((Time::from_unix(seconds), rest))
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    fn certificate(from: (i32, u8, u8), until: (i32, u8, u8)) -> Vec<u8> {
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.not_before = date_time_ymd(from.0, from.1, from.2);
        params.not_after = date_time_ymd(until.0, until.1, until.2);
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    #[test]
    fn both_forms_of_time_are_read() {
        let (from, until) = of(&certificate((1999, 12, 31), (2031, 2, 3))).unwrap();
        assert_eq!(from.to_string(), "1999-12-31T00:00:00Z");
        assert_eq!(until.to_string(), "2031-02-03T00:00:00Z");
        let (from, until) = of(&certificate((2049, 12, 31), (2150, 1, 1))).unwrap();
        assert_eq!(from.to_string(), "2049-12-31T00:00:00Z");
        assert_eq!(until.to_string(), "2150-01-01T00:00:00Z");
        let endless = [b"\x18\x0f" as &[u8], b"99991231235959Z"].concat();
        assert_eq!(time(&endless).unwrap().0.unix(), 253_402_300_799);
    }

    #[test]
    fn what_is_cut_or_something_else_has_no_times() {
        let whole = certificate((2020, 1, 1), (2040, 1, 1));
        for cut in 0..whole.len() {
            assert_eq!(of(&whole[..cut]), None, "{cut}");
        }
        for bytes in [b"\x17\x0d2501010000000" as &[u8], b"\x17\x0d250132000000Z", b"\x17\x01Z", b"\x04\x01Z"]
        {
            assert!(time(bytes).is_none(), "{bytes:?}");
        }
    }
}
