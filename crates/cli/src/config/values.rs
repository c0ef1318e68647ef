//! The values of keys: how each is read from text and shown as text again.

use std::fmt::Display;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use prefix::Prefix;
use url::Url;

use super::tls::ClientCheck;
use super::{LogFormat, LogLevel};

/// Whatever reads itself.
pub(super) fn read<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|why| format!("'{text}': {why}"))
}

/// Host names without ports.
pub(super) fn names(text: &str) -> Result<Vec<String>, String> {
    let good = |name: &str| {
        let letters = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        !name.is_empty() && name.len() <= 253 && name.bytes().all(letters)
    };
    let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
    match names.iter().find(|name| !good(name)) {
        _ if text.trim().is_empty() => Ok(Vec::new()),
        None => Ok(names),
        Some(bad) => Err(format!("'{bad}' is no host name; write names without a port, with commas between")),
    }
}

/// Addresses with ports, each once.
pub(super) fn addresses(text: &str) -> Result<Vec<SocketAddr>, String> {
    let mut found: Vec<SocketAddr> = Vec::new();
    for part in text.split(',').map(str::trim) {
        let address = part.parse().map_err(|_| {
            format!("'{part}' is no address with a port, such as 127.0.0.1:2542 or [::1]:2542")
        })?;
        // Port 0 is another one each time.
        if found.contains(&address) && address.port() != 0 {
            return Err(format!("{address} stands there twice"));
        }
        found.push(address);
    }
    Ok(found)
}

/// As they are written.
pub(super) fn show_addresses(addresses: &[SocketAddr]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The networks of proxies. Who believes everybody believes what everybody writes.
pub(super) fn proxies(text: &str) -> Result<Vec<Prefix>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let read = |part: &str| match part.parse::<Prefix>() {
        Ok(prefix) if prefix.len() == 0 => Err(format!("'{part}' is everybody; name the proxies alone")),
        Ok(prefix) => Ok(prefix),
        Err(why) => Err(format!("'{part}': {why}")),
    };
    parts.map(read).collect()
}

/// As they are written.
pub(super) fn show_prefixes(prefixes: &[Prefix]) -> String {
    prefixes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A file; empty is none.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every reader")]
pub(super) fn file(text: &str) -> Result<Option<PathBuf>, String> {
    Ok((!text.is_empty()).then(|| text.into()))
}

/// Its path.
#[expect(clippy::ref_option, reason = "the shape of every writer: a reference to the field")]
pub(super) fn show_file(file: &Option<PathBuf>) -> String {
    file.as_ref().map(|file| file.display().to_string()).unwrap_or_default()
}

/// A number that nothing works without.
pub(super) fn at_least_one<T: FromStr<Err: Display> + PartialEq + From<bool>>(
    text: &str,
) -> Result<T, String> {
    let number: T = read(text)?;
    if number == T::from(false) { Err("at least 1 is wanted".to_owned()) } else { Ok(number) }
}

/// Whatever shows itself.
pub(super) fn show<T: Display>(value: &T) -> String {
    value.to_string()
}

/// A proxy is an address without a path; name and password in it would be shown by `config show`.
pub(super) fn proxy(text: &str) -> Result<Option<Url>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let url: Url = text.parse().map_err(|why: url::ParseError| format!("no address of a proxy: {why}"))?;
    match url.scheme() {
        _ if !url.username().is_empty() || url.password().is_some() => {
            Err("a proxy with a name or password is not supported".to_owned())
        }
        "http" | "https" if url.host().is_some() => Ok(Some(url)),
        _ => Err("a proxy begins with http:// or https://".to_owned()),
    }
}

/// Its address.
#[expect(clippy::ref_option, reason = "the shape of every writer: a reference to the field")]
pub(super) fn show_proxy(proxy: &Option<Url>) -> String {
    proxy.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// A share is a number from 0 to 1.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let share: f64 = read(text)?;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err(format!("'{text}': not between 0 and 1")) }
}

macro_rules! words {
    ($type:ty, $($word:literal = $value:path),+) => {
        impl FromStr for $type {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok($value),)+
                    _ => Err(["one of", $($word),+].join(" ")),
                }
            }
        }

        impl Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self {
                    $($value => $word,)+
                })
            }
        }
    };
}

words!(
    LogLevel,
    "error" = LogLevel::Error,
    "warn" = LogLevel::Warn,
    "info" = LogLevel::Info,
    "debug" = LogLevel::Debug
);
words!(LogFormat, "auto" = LogFormat::Auto, "text" = LogFormat::Text, "json" = LogFormat::Json);
words!(
    ClientCheck,
    "off" = ClientCheck::Off,
    "optional" = ClientCheck::Optional,
    "required" = ClientCheck::Required
);
