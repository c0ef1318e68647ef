//! The templates: settings that are accepted, publishers that are respected, and the shapes their lists have. The
//! addresses are made up.

use std::collections::BTreeSet;

use blocklist::SourceName;
use collect::catalogue::{self, TEMPLATES, Template};
use collect::schedule::Timetable;
use collect::source::{Auth, Kind, SETTINGS, Settings, Span};
use collect::{Choice, Defaults, JsonPaths, Options, Parsed, Parser, parse};
use url::Url;

use crate::common::{first, prefixes, refused};

/// The settings as they are after the template was taken, with an address of one's own where that is needed.
fn settings(template: &Template) -> Settings {
    let mut settings = Settings::of(template.kind);
    let own = template.own_url.map(|url| ("url", url));
    let all = template.settings.iter().copied().chain(own);
    settings.set_all(template.kind, all).unwrap_or_else(|bad| panic!("{}: {bad}", template.id));
    settings
}

fn read(id: &str, text: &str) -> Parsed {
    let settings = settings(catalogue::find(id).unwrap());
    let options = Options {
        columns: settings.columns,
        json: JsonPaths { items: settings.items },
        defaults: Defaults {
            reason: settings.reason,
            category: settings.category,
            confidence: settings.confidence,
            ..Defaults::default()
        },
        ..Options::default()
    };
    let parsed = parse(settings.parser, &mut text.as_bytes(), &options);
    parsed.unwrap_or_else(|error| panic!("{id}: {error}"))
}

#[test]
fn every_template_is_a_source_that_can_be_added() {
    let names: BTreeSet<SourceName> = TEMPLATES.iter().map(|template| template.id.parse().unwrap()).collect();
    assert_eq!(names.len(), TEMPLATES.len());
    for template in TEMPLATES {
        let id = template.id;
        let taken = settings(template);
        for (name, value) in template.settings {
            let setting = SETTINGS.iter().find(|setting| setting.name == *name).unwrap();
            assert_eq!(setting.show(&taken), *value, "{id}: {name} is written as it is shown");
        }
        for url in [taken.url.unwrap(), Url::parse(template.home).unwrap()] {
            assert_eq!(url.scheme(), "https", "{id}");
        }
        assert_eq!(template.needs_credential(), taken.auth != Auth::None, "{id}");
        assert_eq!(catalogue::find(id).unwrap().title, template.title);
    }
    assert!(catalogue::find("no-such-list").is_none());
}

#[test]
fn a_template_with_an_address_of_ones_own_is_refused_until_it_is_given() {
    let own: Vec<&Template> = TEMPLATES.iter().filter(|template| template.own_url.is_some()).collect();
    assert!(!own.is_empty());
    for template in own {
        let mut settings = Settings::of(template.kind);
        let refused = settings.set_all(template.kind, template.settings.iter().copied()).unwrap_err();
        assert_eq!(refused.name, "url", "{}", template.id);
    }
}

#[test]
fn no_publisher_is_asked_more_often_than_every_five_minutes() {
    for template in TEMPLATES {
        let taken = settings(template);
        let Timetable::Every(schedule) = taken.schedule else { panic!("{}: no interval", template.id) };
        assert!(taken.min_interval >= Span::minutes(5), "{}", template.id);
        assert!(schedule >= taken.min_interval, "{}", template.id);
    }
}

#[test]
fn every_template_speaks_both_languages() {
    let korean = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
    for template in TEMPLATES {
        assert!(!template.title.is_empty() && !template.publisher.is_empty(), "{}", template.id);
        for words in [template.about, template.terms] {
            assert!(words.english.is_ascii() && words.english.ends_with('.'), "{}", template.id);
            assert!(korean(words.korean), "{}", template.id);
            assert!(!words.english.contains("  ") && !words.korean.contains("  "), "{}", template.id);
        }
    }
}

/// What one list looks like, and what has to come of it.
struct Sample {
    id: &'static str,
    text: &'static str,
    prefixes: &'static [&'static str],
    /// Reason, country, detected, until of the first.
    first: (Option<&'static str>, Option<&'static str>, Option<&'static str>, Option<&'static str>),
    category: &'static str,
    confidence: Option<u8>,
}

const SAMPLES: &[Sample] = &[
    Sample {
        id: "spamhaus-drop-v4",
        text: r#"{"cidr":"45.9.20.0/22","sblid":"SBL1","rir":"ripencc"}
{"cidr":"45.9.40.0/24","sblid":"SBL2","rir":"apnic"}
{"type":"metadata","timestamp":1777593600,"size":99,"records":2,"copyright":"(c)","terms":"https://lists.example/"}
"#,
        prefixes: &["45.9.20.0/22", "45.9.40.0/24"],
        first: (Some("SBL1"), None, None, None),
        category: "hijacked network",
        confidence: None,
    },
    Sample {
        id: "spamhaus-drop-v6",
        text: r#"{"cidr":"2a09:1234::/32","sblid":"SBL3","rir":"ripencc"}
{"type":"metadata","timestamp":1777593600,"size":99,"records":1,"copyright":"(c)","terms":"https://lists.example/"}
"#,
        prefixes: &["2a09:1234::/32"],
        first: (Some("SBL3"), None, None, None),
        category: "hijacked network",
        confidence: None,
    },
    Sample {
        id: "dshield-block",
        text: "#\n#   Recommended Block List\n#    Columns (tab delimited):\n#    (1) start of netblock\n#\n\
               45.9.20.0\t45.9.20.255\t24\t352\tEXAMPLE\tNL\tabuse@example.net\n\
               45.9.40.0\t45.9.40.255\t24\t340\t-\t-\t-\n",
        prefixes: &["45.9.20.0/24", "45.9.40.0/24"],
        first: (Some("DShield top 20 networks"), Some("NL"), None, None),
        category: "scan",
        confidence: None,
    },
    Sample {
        id: "dshield-block",
        text: "# Recommended Block List\nStart\tEnd\tNetmask\tAttacks\tName\tCountry\temail\n\
               45.9.20.0\t45.9.20.255\t24\t352\tEXAMPLE\tNL\tabuse@example.net\n",
        prefixes: &["45.9.20.0/24"],
        first: (Some("DShield top 20 networks"), Some("NL"), None, None),
        category: "scan",
        confidence: None,
    },
    Sample {
        id: "turris-greylist",
        text: "# For the terms of use see https://lists.example/LICENSE.txt\r\nAddress,Tags\r\n\
               45.9.20.1,\"ftp,http\"\r\n45.9.20.2,telnet\r\n",
        prefixes: &["45.9.20.1", "45.9.20.2"],
        first: (Some("Turris Sentinel greylist"), None, None, None),
        category: "ftp,http",
        confidence: None,
    },
    Sample {
        id: "feodo-tracker",
        text: r#"[{"ip_address":"45.9.20.1","port":443,"status":"online","hostname":null,"as_number":64496,
"as_name":"EXAMPLE","country":"NL","first_seen":"2026-05-01 00:00:00","last_online":"2026-05-02","malware":"Bot"}]"#,
        prefixes: &["45.9.20.1"],
        first: (Some("Bot"), Some("NL"), None, None),
        category: "c2",
        confidence: None,
    },
    Sample {
        id: "feodo-tracker",
        text: "[]",
        prefixes: &[],
        first: (None, None, None, None),
        category: "",
        confidence: None,
    },
    Sample {
        id: "c2intelfeeds-30d",
        text: "#ip,ioc\n45.9.20.1,Possible Bot C2 IP\n45.9.20.2,Possible Bot C2 IP\n",
        prefixes: &["45.9.20.1", "45.9.20.2"],
        first: (Some("Possible Bot C2 IP"), None, None, None),
        category: "c2",
        confidence: None,
    },
    Sample {
        id: "abuseipdb",
        text: r#"{"meta":{"generatedAt":"2026-05-01T00:00:00+00:00"},"data":[
{"ipAddress":"45.9.20.1","countryCode":"NL","abuseConfidenceScore":100,"lastReportedAt":"2026-04-30T15:00:00+00:00"},
{"ipAddress":"2a09:1234::1","countryCode":null,"abuseConfidenceScore":100,"lastReportedAt":"2026-04-30T15:00:00+00:00"}]}"#,
        prefixes: &["45.9.20.1", "2a09:1234::1"],
        first: (Some("Reported to AbuseIPDB"), Some("NL"), Some("2026-05-01 00:00"), None),
        category: "attack",
        confidence: Some(100),
    },
];

#[test]
fn every_list_that_is_no_plain_list_is_read_as_its_publisher_writes_it() {
    for sample in SAMPLES {
        let parsed = read(sample.id, sample.text);
        assert_eq!(refused(&parsed), [], "{}", sample.id);
        assert_eq!(prefixes(&parsed), sample.prefixes, "{}", sample.id);
        let Some(record) = parsed.batch.records.first() else { continue };
        let (reason, country, detected, until) = first(&parsed);
        let found = (reason.as_deref(), country.as_deref(), detected.as_deref(), until.as_deref());
        assert_eq!(found, sample.first, "{}", sample.id);
        let details = parsed.batch.details.get(record.details);
        assert_eq!(details.category.as_deref(), Some(sample.category), "{}", sample.id);
        assert_eq!(details.confidence, sample.confidence, "{}", sample.id);
    }
    for template in TEMPLATES.iter().filter(|template| template.kind == Kind::Url) {
        let plain = settings(template).parser == Choice::Is(Parser::List);
        assert!(plain || SAMPLES.iter().any(|sample| sample.id == template.id), "{}: no sample", template.id);
    }
}

#[test]
fn plain_lists_come_with_comments_counts_and_space_that_is_refused() {
    let header = "#\n# firehol_level1\n#\n10.0.0.0/8\n45.9.20.0/22\n224.0.0.0/3\n";
    let parsed = read("firehol-level1", header);
    assert_eq!((prefixes(&parsed), refused(&parsed).len()), (vec!["45.9.20.0/22".to_owned()], 2));
    let counts = "# IP\t\t\t# Last Reported\t\tCount\tID\n45.9.20.1\t\t# 2026-05-01 00:00:00\t\t2\t1234567\n";
    let parsed = read("bruteforceblocker", counts);
    assert_eq!(prefixes(&parsed), ["45.9.20.1"]);
    assert_eq!(first(&parsed).0.as_deref(), Some("SSH brute force (BruteForceBlocker)"));
}
