//! A consumer: a device or a script that reads a feed, as far as it is set up by people.

use std::fmt::{self, Debug, Display, Formatter};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::FeedName;
use crate::feed::MAX_CAP;
use crate::setting::{self, BadSetting, Kind, Setting, Unfit, or_off};

/// The longest model, in bytes.
const MAX_MODEL: usize = 100;
/// The longest note, in bytes.
const MAX_NOTE: usize = 500;

/// A consumer's name: letters, digits, `.`, `_` and `-`, beginning with a letter or digit, at most 63 bytes. Devices send it
/// as the user of HTTP Basic, so its case is kept, and it holds no colon.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ConsumerName(Box<str>);

/// A name that no consumer can have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is no name of a consumer: use letters, digits, '.', '_' and '-', begin with a letter or digit, at most 63 characters"
)]
pub struct BadConsumerName(String);

impl ConsumerName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ConsumerName {
    type Err = BadConsumerName;

    fn from_str(text: &str) -> Result<Self, BadConsumerName> {
        let good = text.len() <= 63
            && text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        if good { Ok(Self(text.into())) } else { Err(BadConsumerName(setting::short(text))) }
    }
}

impl TryFrom<String> for ConsumerName {
    type Error = BadConsumerName;

    fn try_from(text: String) -> Result<Self, BadConsumerName> {
        text.parse()
    }
}

impl Display for ConsumerName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Debug for ConsumerName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.0, f)
    }
}

macro_rules! vendors {
    ($($(#[$mark:meta])* $variant:ident $name:literal $title:literal,)*) => {
        /// The make of a device. It says which format, limits and guide fit; `generic` for all others and for scripts.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Vendor {
            $(
                $(#[$mark])*
                #[doc = concat!("`", $title, "`.")]
                #[serde(rename = $name)]
                $variant,
            )*
        }

        impl Vendor {
            /// Every make, in the order in which help and pages show them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name, as in settings; that of its format where there is one.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// As its maker writes it.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

vendors! {
    Fortigate "fortigate" "Fortinet FortiGate",
    PaloAlto "paloalto" "Palo Alto Networks PAN-OS",
    CheckPoint "checkpoint" "Check Point",
    Cisco "cisco" "Cisco Secure Firewall",
    Juniper "juniper" "Juniper SRX",
    Sophos "sophos" "Sophos Firewall",
    SonicWall "sonicwall" "SonicWall",
    Mikrotik "mikrotik" "MikroTik RouterOS",
    F5 "f5" "F5 BIG-IP",
    Pfsense "pfsense" "pfSense",
    Opnsense "opnsense" "OPNsense",
    Nftables "nftables" "Linux nftables",
    Ipset "ipset" "Linux ipset",
    Haproxy "haproxy" "HAProxy",
    Nginx "nginx" "nginx",
    #[default] Generic "generic" "Other device or script",
}

impl Vendor {
    /// All names, with commas between.
    pub(crate) fn names() -> String {
        Self::ALL.iter().map(|vendor| vendor.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// How a consumer is set up. The default may read any feed whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConsumerSettings {
    /// The one feed that it may read; `None` is any.
    pub feed: Option<FeedName>,
    /// What it is.
    pub vendor: Vendor,
    /// Which model, in people's words.
    pub model: Option<String>,
    /// The most entries that it takes; the smaller of this and the feed's holds.
    pub cap: Option<u32>,
    /// What people want to know of it.
    pub note: Option<String>,
}

/// The settings of a consumer.
pub const SETTINGS: &[Setting<ConsumerSettings>] = &[
    Setting {
        key: "feed",
        kind: Kind::Feed,
        english: "The one feed that it may read; off is any.",
        korean: "읽을 수 있는 피드 하나. off이면 모든 피드.",
        get: |of| or_off(of.feed.as_ref()),
        set: |of, _, text| {
            of.feed = if text == "off" { None } else { Some(text.parse().map_err(|_| Unfit)?) };
            Ok(())
        },
    },
    Setting {
        key: "vendor",
        kind: Kind::Vendor,
        english: "The make of the device.",
        korean: "장비 제조사(제품).",
        get: |of| of.vendor.as_str().to_owned(),
        set: |of, _, text| {
            let named = Vendor::ALL.iter().find(|vendor| vendor.as_str() == text);
            of.vendor = *named.ok_or(Unfit)?;
            Ok(())
        },
    },
    Setting {
        key: "model",
        kind: Kind::Text { most: MAX_MODEL },
        english: "Which model.",
        korean: "장비 모델.",
        get: |of| or_off(of.model.as_ref()),
        set: |of, kind, text| {
            of.model = words(kind, text)?;
            Ok(())
        },
    },
    Setting {
        key: "cap",
        kind: Kind::Whole { least: 1, most: MAX_CAP, off: true },
        english: "The most entries that it takes; the smaller of this and the feed's holds.",
        korean: "장비가 받을 수 있는 최대 항목 수. 피드의 값과 비교해 작은 쪽을 적용합니다.",
        get: |of| or_off(of.cap),
        set: |of, kind, text| {
            of.cap = kind.whole(text)?;
            Ok(())
        },
    },
    Setting {
        key: "note",
        kind: Kind::Text { most: MAX_NOTE },
        english: "What people want to know of it: where it stands, whose it is.",
        korean: "메모: 설치 위치, 담당자 등.",
        get: |of| or_off(of.note.as_ref()),
        set: |of, kind, text| {
            of.note = words(kind, text)?;
            Ok(())
        },
    },
];

/// Sets one key of a consumer by text.
pub fn set(consumer: &mut ConsumerSettings, key: &str, text: &str) -> Result<(), BadSetting> {
    setting::find(SETTINGS, key)?.set(consumer, text)
}

impl ConsumerSettings {
    /// Whether every value is within its limits; the first that is not. To be asked of all that comes from outside.
    pub fn check(&self) -> Result<(), BadSetting> {
        setting::check(SETTINGS, self, "")
    }
}

/// `None` is off.
fn words(kind: Kind, text: &str) -> Result<Option<String>, Unfit> {
    let Kind::Text { most } = kind else { return Err(Unfit) };
    let good = !text.is_empty() && text.len() <= most && !text.chars().any(char::is_control);
    match text {
        "off" => Ok(None),
        _ if good => Ok(Some(text.to_owned())),
        _ => Err(Unfit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_and_written_and_what_is_no_value_is_refused() {
        let mut consumer = ConsumerSettings::default();
        for (key, text) in [
            ("feed", "perimeter"),
            ("vendor", "paloalto"),
            ("model", "PA-3260"),
            ("cap", "50000"),
            ("note", "전산센터 2층, 보안팀"),
        ] {
            set(&mut consumer, key, text).unwrap();
            assert_eq!(setting::find(SETTINGS, key).unwrap().get(&consumer), text);
        }
        assert_eq!(consumer.check(), Ok(()));
        let json = serde_json::to_string(&consumer).unwrap();
        assert_eq!(serde_json::from_str::<ConsumerSettings>(&json).unwrap(), consumer);
        for (key, text) in
            [("feed", "A B"), ("vendor", "acme"), ("cap", "0"), ("note", ""), ("note", &"a".repeat(501))]
        {
            assert!(set(&mut consumer, key, text).is_err(), "{key}={text}");
        }
        assert!(serde_json::from_str::<ConsumerSettings>(r#"{"secret":"x"}"#).is_err());
        let odd: ConsumerSettings = serde_json::from_str("{\"note\":\"a\\nb\"}").unwrap();
        assert!(odd.check().is_err(), "a line break would make two lines of a log");
    }

    #[test]
    fn names_that_would_need_quoting_are_refused() {
        for good in ["FW-3", "fw3", "0.a_b"] {
            assert_eq!(good.parse::<ConsumerName>().unwrap().as_str(), good);
        }
        for bad in ["", "-a", "a:b", "a b", "a/b", "가", &"a".repeat(64)] {
            assert!(bad.parse::<ConsumerName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn makes_have_names_of_their_own() {
        let names: std::collections::BTreeSet<&str> = Vendor::ALL.iter().map(|it| it.as_str()).collect();
        assert_eq!(names.len(), Vendor::ALL.len());
    }
}
