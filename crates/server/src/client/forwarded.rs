//! What proxies say of whom they speak for: `X-Forwarded-For` and `X-Forwarded-Proto`, or `Forwarded` (RFC 7239).
//!
//! Each proxy adds the address that it was asked from at the right. So the list is read from the right, and the first address
//! that is no trusted proxy is whoever asks: what stands left of it was written by that one, and could be anything. Where all
//! are trusted it is the leftmost.
//!
//! **Failure.** What cannot be read as far as it has to be is [`Unreadable`] as a whole. So is a request that has both
//! forms and they differ: a proxy writes one of them, and the other came from whoever asks.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::header::{FORWARDED, HeaderName};
use axum::http::{HeaderMap, HeaderValue};

const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// What they say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// Who asks.
    pub(super) address: Option<IpAddr>,
    /// Whether the proxy was asked over TLS.
    pub(super) https: Option<bool>,
}

/// It cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// Reads what the proxies say. `trusted` tells which addresses are proxies.
pub(super) fn read(headers: &HeaderMap, trusted: impl Fn(IpAddr) -> bool) -> Result<Said, Unreadable> {
    let common = Said { address: by_list(headers, &trusted)?, https: proto(headers)? };
    let standard = by_standard(headers, &trusted)?;
    Ok(Said { address: one(common.address, standard.address)?, https: one(common.https, standard.https)? })
}

/// The one that is said, or what both say.
fn one<T: PartialEq>(common: Option<T>, standard: Option<T>) -> Result<Option<T>, Unreadable> {
    match (common, standard) {
        (Some(common), Some(standard)) if common != standard => Err(Unreadable),
        (common, standard) => Ok(common.or(standard)),
    }
}

/// The members of a list that may stand in several fields, from the right. Empty members count for nothing.
fn members<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> impl Iterator<Item = Result<&'a str, Unreadable>> {
    let fields = headers.get_all(name).iter().rev().map(|field| text(field).ok_or(Unreadable));
    fields.flat_map(|field| {
        let (field, error) = match field {
            Ok(field) => (field, None),
            Err(error) => ("", Some(Err(error))),
        };
        error.into_iter().chain(field.rsplit(',').map(|member| Ok(member.trim_ascii())).filter(is_there))
    })
}

fn is_there(member: &Result<&str, Unreadable>) -> bool {
    member.is_ok_and(|member| !member.is_empty())
}

fn text(field: &HeaderValue) -> Option<&str> {
    std::str::from_utf8(field.as_bytes()).ok()
}

fn by_list(headers: &HeaderMap, trusted: &impl Fn(IpAddr) -> bool) -> Result<Option<IpAddr>, Unreadable> {
    let mut found = None;
    for member in members(headers, &FOR) {
        let address = address(member?).ok_or(Unreadable)?;
        found = Some(address);
        if !trusted(address) {
            break;
        }
    }
    Ok(found)
}

/// A proxy sets it, or adds to what came. Encrypted is only what was so all the way.
fn proto(headers: &HeaderMap) -> Result<Option<bool>, Unreadable> {
    let mut https = None;
    for member in members(headers, &PROTO) {
        https = Some(https.unwrap_or(true) & is_https(member?)?);
    }
    Ok(https)
}

fn is_https(scheme: &str) -> Result<bool, Unreadable> {
    if scheme.eq_ignore_ascii_case("https") {
        Ok(true)
    } else if scheme.eq_ignore_ascii_case("http") {
        Ok(false)
    } else {
        Err(Unreadable)
    }
}

fn by_standard(headers: &HeaderMap, trusted: &impl Fn(IpAddr) -> bool) -> Result<Said, Unreadable> {
    let mut found = Said::default();
    for field in headers.get_all(FORWARDED).iter().rev() {
        let line = text(field).filter(|line| !line.contains('\\')).ok_or(Unreadable)?;
        let mut rest = Some(line);
        while let Some(left) = rest {
            let (before, element) = left.rsplit_once(',').map_or((None, left), |(b, e)| (Some(b), e));
            // A comma in quotes parts nothing; no address has one, so who writes such means to deceive.
            if before.unwrap_or_default().matches('"').count() % 2 != 0 {
                return Err(Unreadable);
            }
            rest = before;
            if element.trim_ascii().is_empty() {
                continue;
            }
            let said = element_of(element)?;
            let address = said.address.ok_or(Unreadable)?;
            found = said;
            if !trusted(address) {
                return Ok(found);
            }
        }
    }
    Ok(found)
}

/// `for=192.0.2.60;proto=http;by=203.0.113.43`
fn element_of(element: &str) -> Result<Said, Unreadable> {
    let mut said = Said::default();
    for pair in element.split(';').map(str::trim_ascii).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or(Unreadable)?;
        let value = match value.strip_prefix('"') {
            Some(quoted) => quoted.strip_suffix('"').ok_or(Unreadable)?,
            None => value,
        };
        if value.contains('"') {
            return Err(Unreadable);
        }
        if name.eq_ignore_ascii_case("for") {
            let address = address(value).ok_or(Unreadable)?;
            if said.address.replace(address).is_some() {
                return Err(Unreadable);
            }
        } else if name.eq_ignore_ascii_case("proto") && said.https.replace(is_https(value)?).is_some() {
            return Err(Unreadable);
        }
    }
    Ok(said)
}

/// An address, as it is or with a port; `[..]` around IPv6 or not.
fn address(text: &str) -> Option<IpAddr> {
    let bare = || text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    bare().or_else(with_port).or_else(bracketed).map(|address| address.to_canonical())
}
