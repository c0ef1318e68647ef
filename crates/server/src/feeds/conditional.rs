//! Whether the reader has the body already (RFC 9110 section 13), and which encoding it takes (section 12.5.3).

use std::time::{Duration, UNIX_EPOCH};

use axum::http::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use blocklist::Time;

/// How a body is packed for the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Encoding {
    /// As it is.
    Identity,
    /// gzip.
    Gzip,
}

/// Whether a body with this entity tag and this date is what the reader has. `If-None-Match` wins: where it is given,
/// the date says nothing (RFC 9110 section 13.2.2).
pub(super) fn is_unchanged(request: &HeaderMap, etag: &HeaderValue, modified: Time) -> bool {
    if request.contains_key(IF_NONE_MATCH) {
        return request.get_all(IF_NONE_MATCH).iter().any(|tags| names(tags.as_bytes(), etag.as_bytes()));
    }
    let since = request.get(IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok()).and_then(parse_date);
    since.is_some_and(|since| modified <= since)
}

/// Whether a list of entity tags is `*` or names `etag`, by weak comparison: `W/` is passed over. A tag may hold commas,
/// so the list is read tag by tag; what is no tag ends the reading, and the full answer is always a right one.
fn names(mut list: &[u8], etag: &[u8]) -> bool {
    if list.trim_ascii() == b"*" {
        return true;
    }
    loop {
        while let [b' ' | b'\t' | b',', rest @ ..] = list {
            list = rest;
        }
        list = list.strip_prefix(b"W/").unwrap_or(list);
        let Some(end) = list.strip_prefix(b"\"").and_then(|rest| rest.iter().position(|&b| b == b'"')) else {
            return false;
        };
        let (tag, rest) = list.split_at(end + 2);
        if tag == etag {
            return true;
        }
        list = rest;
    }
}

/// A date in any of the three forms that a recipient must read.
fn parse_date(text: &str) -> Option<Time> {
    let since = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Time::from_unix(i64::try_from(since.as_secs()).ok()?))
}

/// The last second that an HTTP date can write: its year has four digits.
const LAST_DATE: i64 = 253_402_300_799;

/// A time as an HTTP date; before 1970 it is 1970.
pub(super) fn http_date(time: Time) -> String {
    let seconds = time.unix().clamp(0, LAST_DATE).unsigned_abs();
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}

/// The encoding that the reader takes: gzip only where it is asked for, by its name or by `*`, with a weight over 0
/// and not under that of the plain form.
pub(crate) fn encoding(request: &HeaderMap) -> Encoding {
    let (mut gzip, mut any, mut identity) = (None, None, None);
    for value in request.get_all(ACCEPT_ENCODING) {
        let Ok(value) = value.to_str() else { continue };
        for coding in value.split(',') {
            let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
            let name = name.trim();
            let place = if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") {
                &mut gzip
            } else if name.eq_ignore_ascii_case("identity") {
                &mut identity
            } else if name == "*" {
                &mut any
            } else {
                continue;
            };
            *place = Some(weight(parameters));
        }
    }
    let gzip = gzip.or(any).unwrap_or(0);
    if gzip > 0 && gzip >= identity.unwrap_or(0) { Encoding::Gzip } else { Encoding::Identity }
}

/// The weight of `q=...` in thousandths; 1000 when there is none, 0 when it cannot be read.
fn weight(parameters: &str) -> u32 {
    let Some(q) = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    }) else {
        return 1000;
    };
    let (whole, part) = q.split_once('.').unwrap_or((q, ""));
    if part.len() > 3 || !part.bytes().all(|b| b.is_ascii_digit()) {
        return 0;
    }
    let thousandths = format!("{part:0<3}").parse().unwrap_or(0);
    match whole {
        "1" => 1000,
        "0" => thousandths,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(name: &axum::http::HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
    }

    fn matches(values: &[&str]) -> bool {
        // The date would say that nothing changed; a tag that does not match must win over it.
        let mut request = request(&IF_NONE_MATCH, values);
        request.insert(IF_MODIFIED_SINCE, HeaderValue::from_static("Fri, 01 Jan 2100 00:00:00 GMT"));
        is_unchanged(&request, &HeaderValue::from_static("\"abc\""), Time::from_unix(0))
    }

    #[test]
    fn tags_match_by_star_by_list_and_weakly() {
        for good in
            [&["\"abc\""][..], &["*"], &[" * "], &["W/\"abc\""], &["\"x\", \"abc\""], &["\"x,\",W/\"abc\""]]
        {
            assert!(matches(good), "{good:?}");
        }
        assert!(matches(&["\"x\"", "\"abc\""]), "a field given twice is one list");
        for bad in
            [&["\"abcd\""][..], &["abc"], &["\"x\""], &[""], &["\"abc"], &["\"x, \"abc\""], &["w/\"abc\""]]
        {
            assert!(!matches(bad), "{bad:?}");
        }
    }

    #[test]
    fn dates_match_in_each_form_and_only_from_the_change_on() {
        let etag = HeaderValue::from_static("\"abc\"");
        let modified: Time = "1994-11-06T08:49:37Z".parse().unwrap();
        let unchanged = |text: &str| is_unchanged(&request(&IF_MODIFIED_SINCE, &[text]), &etag, modified);
        assert!(unchanged("Sun, 06 Nov 1994 08:49:37 GMT"));
        assert!(unchanged("Sunday, 06-Nov-94 08:49:37 GMT"));
        assert!(unchanged("Sun Nov  6 08:49:37 1994"));
        assert!(!unchanged("Sun, 06 Nov 1994 08:49:36 GMT"));
        assert!(!unchanged("yesterday"));
        assert_eq!(http_date(modified), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date(Time::from_unix(i64::MAX)), "Fri, 31 Dec 9999 23:59:59 GMT");
    }

    #[test]
    fn gzip_is_sent_only_to_those_who_take_it() {
        let asks = |values: &[&str]| encoding(&request(&ACCEPT_ENCODING, values)) == Encoding::Gzip;
        for yes in ["gzip", "deflate, gzip;q=0.5", "GZIP", "*", "br;q=1, *;q=0.1", "gzip;q=0.001", "x-gzip"] {
            assert!(asks(&[yes]), "{yes}");
        }
        for no in [
            "",
            "br",
            "gzip;q=0",
            "gzip; Q=0.000",
            "*, gzip;q=0",
            "*;q=0",
            "identity, gzip;q=0.5",
            "gzip;q=x",
        ] {
            assert!(!asks(&[no]), "{no}");
        }
        assert!(asks(&["br", "gzip"]) && !asks(&[]));
    }
}
