//! Settings and rules as text and as JSON.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod small;

use blocklist::gate::{self, GateRules, RULES, Reason};
use blocklist::policy::{self, BadEndRule, EndRule, GuardKind, Policy, SourceRules};
use blocklist::setting::{BadSetting, Setting};
use blocklist::{SourceName, Time};
use proptest::prelude::*;
use small::{end_rule, policy, time};

/// Every reason there is. The match has no other arm, so a new reason does not compile before it stands here.
fn reasons() -> Vec<Reason> {
    let from: SourceName = "a".parse().unwrap();
    let all = vec![
        Reason::Empty,
        Reason::UnknownHistory,
        Reason::Pinned { serial: blocklist::Serial(40) },
        Reason::Shrunk { entries: 1, before: 3, least: 50 },
        Reason::Jumped { from: from.clone(), added: 9, had: 3, most: 200 },
        Reason::Lost { from: from.clone(), removed: 2, had: 3, most: 50 },
        Reason::Covers { percent: 6.5, most: 5.0 },
        Reason::Wide { prefix: "9.0.0.0/8".into(), from, widest: 10 },
        Reason::Hits { kind: GuardKind::Own, count: 1, first: "9.1.2.3 (a) on 9.1.2.3".into(), most: 0 },
    ];
    for reason in &all {
        match reason {
            Reason::Empty
            | Reason::UnknownHistory
            | Reason::Pinned { .. }
            | Reason::Shrunk { .. }
            | Reason::Jumped { .. }
            | Reason::Lost { .. }
            | Reason::Covers { .. }
            | Reason::Wide { .. }
            | Reason::Hits { .. } => {}
        }
    }
    all
}

fn is_korean(text: &str) -> bool {
    text.chars().any(|c| ('가'..='힣').contains(&c))
}

#[test]
fn the_table_of_rules_has_every_reason_by_the_tag_of_its_json() {
    let reasons = reasons();
    let ids: Vec<&str> = reasons.iter().map(Reason::rule).collect();
    assert_eq!(ids, RULES.iter().map(|rule| rule.id).collect::<Vec<_>>());
    for (reason, rule) in reasons.iter().zip(RULES) {
        let json = serde_json::to_value(reason).unwrap();
        assert_eq!(json["rule"], rule.id);
        assert_eq!(serde_json::from_value::<Reason>(json).unwrap(), *reason);
        assert!(is_korean(rule.korean) && !is_korean(rule.english) && rule.english.ends_with('.'));
        assert!(is_korean(&reason.korean()) && !is_korean(&reason.to_string()));
        for key in rule.settings {
            assert!(gate::SETTINGS.iter().any(|setting| setting.key == *key), "{key}");
        }
    }
    let limits =
        gate::SETTINGS.iter().filter(|setting| !["second_person", "held_hours"].contains(&setting.key));
    for setting in limits {
        assert!(RULES.iter().any(|rule| rule.settings.contains(&setting.key)), "{}", setting.key);
    }
}

/// The keys of the JSON form, all levels of filters in one.
fn json_keys(value: &impl serde::Serialize) -> Vec<String> {
    let serde_json::Value::Object(fields) = serde_json::to_value(value).unwrap() else { panic!("no object") };
    let mut keys: Vec<String> = fields
        .into_iter()
        .flat_map(|(key, value)| match (key.as_str(), value) {
            ("filter", serde_json::Value::Object(fields)) => fields.into_iter().map(|(key, _)| key).collect(),
            _ => vec![key],
        })
        .collect();
    keys.sort();
    keys
}

fn keeps_its_word<T: Default + Clone + PartialEq + std::fmt::Debug + serde::Serialize>(
    table: &[Setting<T>],
    besides: &[&str],
) {
    let mut keys: Vec<String> = table.iter().map(|setting| setting.key.to_owned()).collect();
    keys.extend(besides.iter().map(|&key| key.to_owned()));
    keys.sort();
    assert_eq!(keys, json_keys(&T::default()));
    for setting in table {
        let key = setting.key;
        assert!(is_korean(setting.korean) && !is_korean(setting.english), "{key}");
        assert!(is_korean(&setting.kind.korean()), "{key}");
        let mut value = T::default();
        setting.set(&mut value, &setting.default()).unwrap();
        assert_eq!(value, T::default(), "{key}");
        for bad in ["nonsense:", "-1", "+1", "", "4294967296", "NaN", "inf", "0x1", "1e300"] {
            // Numbers and words are names of sources too, and no name is none of them.
            if key == "trusted" && !bad.starts_with(['n', '-', '+']) {
                continue;
            }
            let refused = setting.set(&mut value, bad).unwrap_err();
            assert_eq!(value, T::default(), "{key} {bad}");
            assert!(refused.to_string().starts_with(key), "{refused}");
        }
    }
}

#[test]
fn every_key_of_the_json_form_can_be_set_by_text_and_refuses_nonsense() {
    keeps_its_word(gate::SETTINGS, &[]);
    keeps_its_word(policy::SETTINGS, &["sources"]);
    keeps_its_word(policy::SOURCE_SETTINGS, &[]);
}

#[test]
fn a_key_is_set_by_name() {
    let mut rules = GateRules::default();
    gate::set(&mut rules, "max_added", " 300 ").unwrap();
    gate::set(&mut rules, "min_share", "off").unwrap();
    gate::set(&mut rules, "max_covered", "2.5").unwrap();
    gate::set(&mut rules, "second_person", "on").unwrap();
    assert_eq!((rules.max_added, rules.min_share, rules.max_covered), (Some(300), None, Some(2.5)));
    assert!(rules.second_person);
    // A floor of nothing is 0; off would read as if the jumps were.
    assert!(matches!(gate::set(&mut rules, "jump_floor", "off"), Err(BadSetting::Value { .. })));
    assert!(matches!(gate::set(&mut rules, "max", "1"), Err(BadSetting::Unknown { .. })));
    let refused = gate::set(&mut rules, "min_share", "101").unwrap_err().to_string();
    assert_eq!(refused, "min_share: '101' will not do; give a whole number from 1 to 100, or off");

    let mut policy = Policy::default();
    policy::set(&mut policy, "trusted", "b, a,b").unwrap();
    policy::set(&mut policy, "categories", "only:scan").unwrap();
    policy::set(&mut policy, "min_sources", "2").unwrap();
    policy::set(&mut policy, "family", "6").unwrap();
    let json = r#"{"filter":{"min_confidence":null,"confidence_required":false,"categories":{"only":["scan"]},"family":6},"min_sources":2,"trusted":["b","a"],"sources":{}}"#;
    assert_eq!(serde_json::to_string(&policy).unwrap(), json);
    let mut rules = SourceRules::default();
    policy::set_source(&mut rules, "end", "later(source, last_seen+7d)").unwrap();
    policy::set_source(&mut rules, "trial", "on").unwrap();
    assert_eq!(rules.end.to_string(), "later(source,last_seen+7d)");
    assert!(rules.trial);
}

#[test]
fn limits_from_json_are_checked_and_unknown_keys_refused_at_any_depth() {
    let gate = |json: &str| serde_json::from_str::<GateRules>(json);
    assert_eq!(gate("{}").unwrap(), GateRules::default());
    assert!(GateRules::default().check().is_ok());
    assert_eq!(gate(r#"{"min_share":null}"#).unwrap().min_share, None);
    assert!(gate(r#"{"min_shar":1}"#).is_err());
    for (json, key) in [
        (r#"{"min_share":0}"#, "min_share"),
        (r#"{"max_removed":101}"#, "max_removed"),
        (r#"{"max_covered":0.0}"#, "max_covered"),
        (r#"{"max_covered":100.5}"#, "max_covered"),
        (r#"{"widest_v4":7}"#, "widest_v4"),
        (r#"{"widest_v6":129}"#, "widest_v6"),
        (r#"{"held_hours":0}"#, "held_hours"),
    ] {
        let refused = gate(json).unwrap().check().unwrap_err().to_string();
        assert!(refused.starts_with(&format!("{key}: ")), "{refused}");
    }
    let rules = GateRules { max_covered: Some(f64::NAN), ..GateRules::default() };
    assert!(rules.check().is_err());

    let policy = |json: &str| serde_json::from_str::<Policy>(json);
    assert_eq!(policy("{}").unwrap(), Policy::default());
    assert!(Policy::default().check().is_ok());
    for bad in [
        r#"{"filters":{}}"#,
        r#"{"filter":{"confidence":1}}"#,
        r#"{"filter":{"family":5}}"#,
        r#"{"filter":{"family":"v4"}}"#,
        r#"{"filter":{"categories":{"some":[]}}}"#,
        r#"{"filter":{"categories":{"only":["a"],"except":["b"]}}}"#,
        r#"{"sources":{"a":{"ends":"source"}}}"#,
        r#"{"sources":{"a":{"filter":{"x":1}}}}"#,
        r#"{"sources":{"A b":{}}}"#,
        r#"{"sources":{"a":{"end":"detected+0d"}}}"#,
    ] {
        assert!(policy(bad).is_err(), "{bad}");
    }
    for (json, key) in [
        (r#"{"filter":{"min_confidence":101}}"#, "min_confidence"),
        (r#"{"min_sources":101}"#, "min_sources"),
        (r#"{"filter":{"categories":{"only":[]}}}"#, "categories"),
        (r#"{"sources":{"a":{"filter":{"min_confidence":101}}}}"#, "sources.a.min_confidence"),
        (r#"{"sources":{"a":{"filter":{"categories":{"except":[]}}}}}"#, "sources.a.categories"),
        (r#"{"sources":{"manual":{"trial":true}}}"#, "sources.manual"),
    ] {
        let refused = policy(json).unwrap().check().unwrap_err().to_string();
        assert!(refused.starts_with(&format!("{key}: ")), "{refused}");
    }
    let deep = (0..4).fold(EndRule::Source, |rule, _| EndRule::Earlier(Box::new(rule), Box::default()));
    let mut with_deep = Policy::default();
    let rules = SourceRules { end: deep, ..SourceRules::default() };
    with_deep.sources.insert("a".parse().unwrap(), rules);
    assert!(with_deep.check().unwrap_err().to_string().starts_with("sources.a.end: "));
    for (json, family) in [("4", Some(4)), ("\"6\"", Some(6)), ("null", None)] {
        let read = policy(&format!(r#"{{"filter":{{"family":{json}}}}}"#)).unwrap();
        assert_eq!(read.filter.family.map(prefix::Family::number), family);
    }
}

proptest! {
    #[test]
    fn a_policy_comes_back_from_json_and_passes_its_check(mut policy in policy()) {
        let json = serde_json::to_string(&policy).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Policy>(&json).unwrap(), &policy);
        policy.sources.remove(&"manual".parse().unwrap());
        prop_assert_eq!(policy.check(), Ok(()));
    }

    #[test]
    fn an_end_rule_comes_back_from_its_text(rule in end_rule()) {
        let text = rule.to_string();
        prop_assert_eq!(text.parse::<EndRule>().unwrap(), rule.clone());
        let spaced = text.replace('(', " ( ").replace(',', " , ").replace('+', " + ");
        prop_assert_eq!(spaced.parse::<EndRule>().unwrap(), rule.clone());
        prop_assert_eq!(rule.asks_last_seen(), text.contains("last_seen"));
    }

    #[test]
    fn any_text_is_an_end_rule_or_refused(text in "(source|detected|last_seen|earlier|later|[-+(),0-9d ]|가){0,12}") {
        if let Ok(rule) = text.parse::<EndRule>() {
            prop_assert_eq!(rule.to_string().parse::<EndRule>().unwrap(), rule);
        }
    }
}

#[test]
fn an_end_rule_that_is_none_is_told_what_is_wrong() {
    let read = |text: &str| text.parse::<EndRule>().unwrap_err();
    for text in ["", "never", "seen+1d", "earliest(source,source)", "detected", "source()"] {
        assert!(matches!(read(text), BadEndRule::Unknown(_)), "{text}");
    }
    for text in
        ["detected+0d", "detected+3651d", "last_seen+5", "detected++5d", "detected+d", "detected+99999d"]
    {
        assert!(matches!(read(text), BadEndRule::Days(_)), "{text}");
    }
    for text in ["earlier(source)", "earlier(source,source", "later(source,source,source)", "later()x"] {
        assert!(matches!(read(text), BadEndRule::Pair(_)), "{text}");
    }
    let nested = |levels| (1..levels).fold("source".to_owned(), |rule, _| format!("later({rule},source)"));
    assert!(nested(4).parse::<EndRule>().is_ok());
    assert_eq!(read(&nested(5)), BadEndRule::Deep);
    assert_eq!(read(&"later(".repeat(100_000)), BadEndRule::Deep);
    let longest = "last_seen+3650d".to_owned();
    let longest = (0..3).fold(longest, |rule, _| format!("earlier({rule},{rule})"));
    assert!(longest.parse::<EndRule>().is_ok());
}

#[test]
fn never_is_the_latest_of_all_ends() {
    let end = |rule: &str, until: Option<i64>| {
        let rule: EndRule = rule.parse().unwrap();
        rule.end(until.map(time), time(1000), time(2000)).map(Time::unix)
    };
    let day = 86_400;
    for (rule, until, expected) in [
        ("source", None, None),
        ("source", Some(5), Some(5)),
        ("detected+1d", None, Some(1000 + day)),
        ("last_seen+2d", Some(5), Some(2000 + 2 * day)),
        ("earlier(source,detected+1d)", None, Some(1000 + day)),
        ("earlier(source,detected+1d)", Some(5), Some(5)),
        ("later(source,detected+1d)", None, None),
        ("later(source,detected+1d)", Some(5), Some(1000 + day)),
        ("earlier(later(source,last_seen+1d),detected+1d)", None, Some(1000 + day)),
    ] {
        assert_eq!(end(rule, until), expected, "{rule}");
    }
}
