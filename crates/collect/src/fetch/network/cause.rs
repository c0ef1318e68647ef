//! Errors and statuses to causes.
//!
//! Texts name scheme, host and path, never query or userinfo: a token may be in them. No header value is ever shown.

use std::error::Error as StdError;
use std::io;
use std::time::{Duration, UNIX_EPOCH};

use blocklist::Time;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use rustls::{CertificateError, Error as TlsError};
use url::Url;

use super::names::NameError;
use super::redirect::Hop;
use super::request::{Request, Statuses};
use crate::text::short;
use crate::{Failure, Trouble};

/// The longest path that a text shows, in characters.
const PATH: usize = 200;

/// An address as a text shows it.
pub(crate) fn shown(url: &Url) -> String {
    let path = url.path();
    let cut = path.char_indices().nth(PATH).map_or(path.len(), |(at, _)| at);
    let more = if cut < path.len() { "..." } else { "" };
    format!("{}{}{more}", url.origin().ascii_serialization(), &path[..cut])
}

/// The wish of a server when to come back: seconds or a date, at most a day.
pub(super) fn retry_after(headers: &HeaderMap, now: Time) -> Option<Duration> {
    const DAY: u64 = 86_400;
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().unwrap_or(DAY)
    } else {
        let date = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
        date.as_secs().saturating_sub(u64::try_from(now.unix()).ok()?)
    };
    Some(Duration::from_secs(seconds.min(DAY)))
}

/// The cause that a status is, unless the request wants it.
pub(super) fn of_status(request: &Request, hop: &Hop, response: &Response, now: Time) -> Option<Failure> {
    let status = response.status();
    let failure =
        |trouble| Failure::new(trouble).with(format!("{} answered {}", shown(&hop.url), status.as_u16()));
    let overload = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
    match request.statuses {
        Statuses::All => return None,
        Statuses::Explained if !overload => return None,
        Statuses::Explained | Statuses::Good => {}
    }
    // 206 is a part that nobody asked for: half a list.
    let good = status.is_success() && status != StatusCode::PARTIAL_CONTENT;
    match status {
        StatusCode::TOO_MANY_REQUESTS => Some(failure(Trouble::RateLimited)),
        _ if status.is_server_error() => Some(failure(Trouble::ServerError)),
        _ if good || status == StatusCode::NOT_MODIFIED => None,
        _ if status.is_redirection() => Some(failure(Trouble::Redirect)),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if hop.sends_secret => {
            Some(failure(Trouble::CredentialRejected))
        }
        _ => Some(failure(Trouble::HttpStatus)),
    }
    .map(|failure| failure.retry_after(overload.then(|| retry_after(response.headers(), now)).flatten()))
}

/// The cause behind an error of the client.
pub(super) fn of_request(error: reqwest::Error, url: &Url) -> Failure {
    // The client puts the whole address, query and all, into its texts.
    let error = error.without_url();
    let (trouble, detail) = explain(&error);
    Failure::new(trouble).with(format!("{}: {detail}", shown(url))).because(error)
}

fn explain(error: &reqwest::Error) -> (Trouble, String) {
    let mut innermost = String::new();
    for cause in causes(error) {
        if let Some(name) = cause.downcast_ref::<NameError>() {
            let trouble = if *name == NameError::Private { Trouble::Redirect } else { Trouble::NameUnknown };
            return (trouble, name.to_string());
        }
        // Once the handshake is done, an alert is an answer that broke off like any other.
        if let Some(tls) = cause.downcast_ref::<TlsError>().filter(|_| error.is_connect()) {
            return (Trouble::Tls, explain_tls(tls));
        }
        innermost = short(&cause.to_string());
    }
    let trouble = if error.is_timeout() {
        Trouble::Timeout
    } else if error.is_connect() {
        Trouble::Unreachable
    } else if error.is_builder() {
        Trouble::Settings
    } else {
        Trouble::BrokenOff
    };
    (trouble, innermost)
}

fn explain_tls(error: &TlsError) -> String {
    let certificate = match error {
        TlsError::InvalidCertificate(certificate) => certificate,
        other => return short(&other.to_string()),
    };
    match certificate {
        CertificateError::UnknownIssuer => "the certificate's issuer is not trusted".to_owned(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the certificate has expired, or this machine's clock is wrong".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the certificate is not valid yet, or this machine's clock is wrong".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the certificate is for another name".to_owned()
        }
        other => format!("the certificate is refused: {}", short(&other.to_string())),
    }
}

/// An error and everything behind it. What an `io::Error` wraps is not its `source` but beside it.
fn causes<'e>(error: &'e (dyn StdError + 'static)) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn StdError + 'static)| {
        let error: &'e (dyn StdError + 'static) = *error;
        match error.downcast_ref::<io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

/// Something did not come in time.
pub(super) fn late(url: &Url, what: &str, waited: Duration) -> Failure {
    Failure::new(Trouble::Timeout).with(format!("{}: {what} did not come within {waited:?}", shown(url)))
}

/// More bytes than allowed.
pub(super) fn too_large(url: &Url, declared: Option<u64>, limit: u64) -> Failure {
    let size = declared.map_or_else(|| format!("more than {limit}"), |declared| declared.to_string());
    Failure::new(Trouble::TooLarge).with(format!("{}: {size} bytes, at most {limit} are taken", shown(url)))
}

/// A file of this machine failed.
pub(crate) fn local(error: io::Error) -> Failure {
    Failure::new(Trouble::Local).with(&error).because(error)
}
