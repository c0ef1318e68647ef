//! Addresses without what opens them: many public lists give each customer an address with a key in its query, and the
//! record of changes is read by people who may not have it; so are the settings of a source.
//!
//! Of a text that is an address the user name and password, the values of the query and the fragment are hidden; scheme,
//! host, path and the names in the query stay. Where two addresses differ in nothing else, the later one says which of it
//! changed. What is a secret in a path cannot be told from a path, and stays.

use serde_json::Value;

/// In the place of what is hidden.
const HIDDEN: &str = "(hidden)";
/// In the place of what is hidden and was another before.
const CHANGED: &str = "(changed)";

/// How it was and how it is, as both may be written down.
pub(super) fn pair(before: Option<&Value>, after: Option<&Value>) -> (Option<Value>, Option<Value>) {
    let hidden = before.map(|before| value(before, None));
    (hidden, after.map(|after| value(after, before)))
}

fn value(of: &Value, before: Option<&Value>) -> Value {
    match of {
        Value::String(text) => Value::String(text_beside(text, before.and_then(Value::as_str))),
        Value::Array(all) => {
            let before = |at| before.and_then(|before| before.get(at));
            Value::Array(all.iter().enumerate().map(|(at, one)| value(one, before(at))).collect())
        }
        Value::Object(all) => {
            let before = |key: &String| before.and_then(|before| before.get(key));
            Value::Object(all.iter().map(|(key, one)| (key.clone(), value(one, before(key)))).collect())
        }
        other => other.clone(),
    }
}

/// A text as those may see it who may not have what opens an address.
#[must_use]
pub fn without_keys(text: &str) -> String {
    text_beside(text, None)
}

fn text_beside(text: &str, before: Option<&str>) -> String {
    let Some(parts) = parts(text) else { return text.to_owned() };
    let before = before.and_then(self::parts).filter(|before| {
        before.len() == parts.len() && before.iter().zip(&parts).all(|(old, new)| old.is_like(new))
    });
    let mut shown = String::with_capacity(text.len());
    for (at, part) in parts.iter().enumerate() {
        shown.push_str(match part {
            Part::Open(text) => text,
            part if before.as_ref().is_some_and(|before| before[at] != *part) => CHANGED,
            Part::Secret(_) => HIDDEN,
        });
    }
    shown
}

/// A part of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'a> {
    /// Everybody may see it.
    Open(&'a str),
    /// It opens the address.
    Secret(&'a str),
}

impl Part<'_> {
    /// Whether they differ in nothing that may be seen.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Open(one), Self::Open(two)) => one == two,
            (one, two) => matches!((one, two), (Self::Secret(_), Self::Secret(_))),
        }
    }
}

/// The parts of an address; none of any other text.
fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    let (scheme, rest) = text.split_once("://")?;
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || ['+', '-', '.'].contains(&c);
    if scheme.is_empty() || !scheme.chars().all(is_scheme) {
        return None;
    }
    let mut parts = vec![Part::Open(scheme), Part::Open("://")];
    let secret = |text| if str::is_empty(text) { Part::Open("") } else { Part::Secret(text) };
    let (rest, fragment) = rest.split_once('#').map_or((rest, None), |(rest, end)| (rest, Some(end)));
    let (place, query) = rest.split_once('?').map_or((rest, None), |(place, query)| (place, Some(query)));
    let (authority, path) = place.find('/').map_or((place, ""), |at| place.split_at(at));
    // The last one: a password may hold another.
    match authority.rsplit_once('@') {
        Some((who, host)) => parts.extend([secret(who), Part::Open("@"), Part::Open(host)]),
        None => parts.push(Part::Open(authority)),
    }
    parts.push(Part::Open(path));
    for (at, one) in query.into_iter().flat_map(|query| query.split('&')).enumerate() {
        parts.push(Part::Open(if at == 0 { "?" } else { "&" }));
        // A query without names may be a key as a whole.
        match one.split_once('=') {
            Some((name, value)) => parts.extend([Part::Open(name), Part::Open("="), secret(value)]),
            None => parts.push(secret(one)),
        }
    }
    parts.extend(fragment.into_iter().flat_map(|fragment| [Part::Open("#"), secret(fragment)]));
    Some(parts)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_opens_an_address_is_hidden_and_the_rest_stays() {
        for (text, hidden) in [
            ("https://a.example/list.txt", "https://a.example/list.txt"),
            ("https://a.example/list?key=s3cret&days=1", "https://a.example/list?key=(hidden)&days=(hidden)"),
            ("https://a.example/list?s3cret", "https://a.example/list?(hidden)"),
            ("https://a.example?key=", "https://a.example?key="),
            ("https://kim:p@ss@a.example:8443/x", "https://(hidden)@a.example:8443/x"),
            ("HTTPS://token@a.example#s3cret", "HTTPS://(hidden)@a.example#(hidden)"),
            ("https://a.example/x@y?a=b=c&&", "https://a.example/x@y?a=(hidden)&&"),
            ("seen at https://a.example/?q=1", "seen at https://a.example/?q=1"),
            ("what? a=b", "what? a=b"),
            ("", ""),
        ] {
            assert_eq!(text_beside(text, None), hidden);
        }
    }

    #[test]
    fn that_only_the_hidden_part_changed_is_told() {
        let before =
            json!({"settings": {"url": "https://a.example/l?key=old", "schedule": "6h"}, "enabled": true});
        let after =
            json!({"settings": {"url": "https://a.example/l?key=new", "schedule": "1h"}, "enabled": true});
        let (before, after) = pair(Some(&before), Some(&after));
        let settings = json!({"url": "https://a.example/l?key=(hidden)", "schedule": "6h"});
        assert_eq!(before.unwrap(), json!({"settings": settings, "enabled": true}));
        let settings = json!({"url": "https://a.example/l?key=(changed)", "schedule": "1h"});
        assert_eq!(after.unwrap(), json!({"settings": settings, "enabled": true}));
    }

    #[test]
    fn what_stayed_or_is_another_place_is_not_called_changed() {
        let of = |before: &str, after: &str| text_beside(after, Some(before));
        assert_eq!(of("https://a/?k=1", "https://a/?k=1"), "https://a/?k=(hidden)");
        assert_eq!(of("https://a/?k=1&l=1", "https://a/?k=1&l=2"), "https://a/?k=(hidden)&l=(changed)");
        assert_eq!(of("https://a/?k=1", "https://b/?k=2"), "https://b/?k=(hidden)");
        assert_eq!(of("6h", "12h"), "12h");
        assert_eq!(pair(None, Some(&json!("https://a/?k=1"))).1.unwrap(), json!("https://a/?k=(hidden)"));
    }
}
