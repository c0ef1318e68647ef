//! How the values of settings are read and shown.

use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;

use blocklist::Mode;
use url::Url;

use super::{Auth, Span};
use crate::{Columns, Field};

pub(super) fn read<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|why: T::Err| why.to_string())
}

pub(super) fn show<T: Display>(value: &T) -> String {
    value.to_string()
}

#[expect(clippy::ref_option, reason = "the shape of every writer: a reference to the field")]
pub(super) fn show_option<T: Display>(value: &Option<T>) -> String {
    value.as_ref().map(ToString::to_string).unwrap_or_default()
}

#[expect(clippy::ref_option, reason = "the shape of every writer: a reference to the field")]
pub(super) fn show_path(value: &Option<PathBuf>) -> String {
    value.as_ref().map(|path| path.display().to_string()).unwrap_or_default()
}

pub(super) fn optional<T>(
    read: impl Fn(&str) -> Result<T, String>,
) -> impl Fn(&str) -> Result<Option<T>, String> {
    move |text| if text.is_empty() { Ok(None) } else { read(text).map(Some) }
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of every reader")]
pub(super) fn text(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

pub(super) fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|why| format!("'{}': {why}", crate::text::short(text)))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err("an address begins with https:// or http://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("no name or password in an address: use auth and credential set".to_owned());
    }
    Ok(url)
}

pub(super) fn file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_absolute() {
        Ok(path)
    } else {
        Err(format!("'{}': an absolute path", crate::text::short(text)))
    }
}

pub(super) fn pattern(text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains('/') {
        return Err("a file name with * and ?, without '/'".to_owned());
    }
    Ok(text.to_owned())
}

pub(super) fn token(text: &str) -> Result<String, String> {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if text.bytes().all(good) {
        Ok(text.to_owned())
    } else {
        Err("letters, digits, '-', '_' and '.'".to_owned())
    }
}

pub(super) fn flag(text: &str) -> Result<bool, String> {
    match text {
        "yes" | "true" => Ok(true),
        "no" | "false" => Ok(false),
        _ => Err("yes or no".to_owned()),
    }
}

pub(super) fn show_flag(value: &bool) -> String {
    if *value { "yes" } else { "no" }.to_owned()
}

pub(super) fn up_to<const MOST: u8>(text: &str) -> Result<u8, String> {
    match text.parse() {
        Ok(number) if number <= MOST => Ok(number),
        _ => Err(format!("a whole number from 0 to {MOST}")),
    }
}

pub(super) fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("a number from 0 to 1".to_owned()),
    }
}

/// The portal's script allows a window strictly under three calendar months; the shortest three have 89 days.
pub(super) fn window(text: &str) -> Result<Span, String> {
    let span: Span = read(text)?;
    if (Span::days(1)..=Span::days(89)).contains(&span) { Ok(span) } else { Err("from 1d to 89d".to_owned()) }
}

pub(super) fn mode(text: &str) -> Result<Mode, String> {
    match text {
        "full" => Ok(Mode::Full),
        "add" => Ok(Mode::Add),
        _ => Err("full or add".to_owned()),
    }
}

pub(super) fn show_mode(mode: &Mode) -> String {
    mode.as_str().to_owned()
}

const AUTHS: [(&str, Auth); 4] =
    [("none", Auth::None), ("basic", Auth::Basic), ("header", Auth::Header), ("query", Auth::Query)];

pub(super) fn auth(text: &str) -> Result<Auth, String> {
    let known = AUTHS.into_iter().find(|(name, _)| *name == text);
    known.map(|(_, auth)| auth).ok_or_else(|| "none, basic, header or query".to_owned())
}

pub(super) fn show_auth(value: &Auth) -> String {
    AUTHS.into_iter().find(|(_, auth)| auth == value).map_or("none", |(name, _)| name).to_owned()
}

pub(super) fn columns(text: &str) -> Result<Columns, String> {
    let mut columns = Columns::default();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, column) =
            pair.split_once('=').ok_or_else(|| format!("'{}': FIELD=COLUMN", crate::text::short(pair)))?;
        let field = Field::ALL.into_iter().find(|field| field.name() == name.trim());
        let known = || Field::ALL.map(Field::name).join(", ");
        let field = field.ok_or_else(|| {
            format!("'{}' is no field; the fields are {}", crate::text::short(name), known())
        })?;
        let Ok(column) = column.parse();
        columns.set(field, column);
    }
    Ok(columns)
}

pub(super) fn show_columns(columns: &Columns) -> String {
    let named = Field::ALL.into_iter().filter(|field| *columns.get(*field) != crate::Column::Auto);
    named.map(|field| format!("{}={}", field.name(), columns.get(field))).collect::<Vec<_>>().join(",")
}
