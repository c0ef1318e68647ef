//! Changes of settings that are JSON: what is not named stays, `null` goes back to the default.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::problem::Problem;
use super::reason::Reason;

/// Settings with changes over them. Members named in `inner` are changed member by member, all others as a whole.
pub(crate) fn over<T>(before: &T, changes: &Value, inner: &[&str]) -> Result<T, Problem>
where
    T: Serialize + DeserializeOwned,
{
    let refused = |error: &dyn std::fmt::Display| {
        Problem::bad_request(format!("the settings: {error}")).because(Reason::Settings)
    };
    let mut settings = serde_json::to_value(before).map_err(|error| refused(&error))?;
    put(&mut settings, changes, inner).ok_or_else(|| refused(&"give an object of settings"))?;
    serde_json::from_value(settings).map_err(|error| refused(&error))
}

/// Settings of something new, read by the same rules: over the defaults, so `null` is the default here too.
pub(crate) fn named<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Serialize + DeserializeOwned + Default,
{
    let mut settings = serde_json::to_value(T::default()).map_err(D::Error::custom)?;
    let named = Value::deserialize(from)?;
    put(&mut settings, &named, &["filter"]).ok_or_else(|| D::Error::custom("give an object of settings"))?;
    serde_json::from_value(settings).map_err(D::Error::custom)
}

fn put(settings: &mut Value, changes: &Value, inner: &[&str]) -> Option<()> {
    let (settings, changes) = (settings.as_object_mut()?, changes.as_object()?);
    for (key, value) in changes {
        match value {
            // Absent is the default; a key that is none is left for the reading to refuse.
            Value::Null if settings.contains_key(key) => drop(settings.remove(key)),
            Value::Object(_) if inner.contains(&key.as_str()) => put(settings.get_mut(key)?, value, &[])?,
            _ => drop(settings.insert(key.clone(), value.clone())),
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use blocklist::FeedSettings;
    use serde_json::json;

    use super::*;

    #[test]
    fn of_something_new_null_is_the_default_too() {
        let read = |value| named::<_, FeedSettings>(value);
        let wanted = FeedSettings { cap: Some(5), ..FeedSettings::default() };
        assert_eq!(read(json!({"cap": 5, "merge": null, "filter": {"family": null}})).unwrap(), wanted);
        assert_eq!(read(json!({})).unwrap(), FeedSettings::default());
        for bad in [json!({"caps": 5}), json!({"caps": null}), json!([]), json!(null)] {
            assert!(read(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_not_named_stays_and_null_is_the_default() {
        let before: FeedSettings = serde_json::from_value(json!({
            "cap": 5, "merge": true, "filter": {"min_confidence": 3, "family": 4}, "sources": {"only": ["a"]}
        }))
        .unwrap();
        let changes = json!({"cap": null, "filter": {"family": null}, "sources": {"except": ["b"]}});
        let after: FeedSettings = over(&before, &changes, &["filter"]).unwrap();
        let wanted: FeedSettings = serde_json::from_value(json!({
            "merge": true, "filter": {"min_confidence": 3}, "sources": {"except": ["b"]}
        }))
        .unwrap();
        assert_eq!(after, wanted);
        for bad in [
            json!({"caps": 1}),
            json!({"caps": null}),
            json!({"filter": {"x": 1}}),
            json!([]),
            json!({"cap": "x"}),
        ] {
            assert!(over(&before, &bad, &["filter"]).is_err(), "{bad}");
        }
    }
}
