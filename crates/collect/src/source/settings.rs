//! The settings of a source: typed, read and written as texts by the table beside.
//!
//! The store keeps the settings that differ from their defaults, as a JSON object of texts, so that a default can
//! become better without touching what people set.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;

use blocklist::Mode;
use url::Url;

use super::table::{NET, PORTALS, SETTINGS};
use super::{Kind, Span};
use crate::schedule::{Timetable, Zone};
use crate::{Choice, Columns};

/// How a URL source says who it is. The secret is the credential's; where it goes stands here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auth {
    /// Nobody asks.
    #[default]
    None,
    /// HTTP Basic.
    Basic,
    /// A token in the header `auth_name`.
    Header,
    /// A token in the query parameter `auth_name`.
    Query,
}

/// The settings of a source. Those its kind does not have stay at their defaults and are not read.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Where it is: the portal, the document, the collection, the directory of the feed.
    pub url: Option<Url>,
    /// The directory that is watched.
    pub path: Option<PathBuf>,
    /// When it runs.
    pub schedule: Timetable,
    /// The zone of a cron expression.
    pub zone: Zone,
    /// Runs start up to so much later than the timetable says, so that not all the world asks at once.
    pub jitter: Span,
    /// Whether a run that was missed while the program stood still is made up for.
    pub catch_up: bool,
    /// No two runs by the timetable start closer together, whatever it says.
    pub min_interval: Span,
    /// Tries of one request after the first.
    pub retries: u8,
    /// After so long without a good run it counts as stale.
    pub freshness: Span,
    /// What the content means for what the source had before.
    pub mode: Mode,
    /// A full list with less than this share of what was there is refused; absent is the program's setting.
    pub min_share: Option<f64>,
    /// Which parser reads it.
    pub parser: Choice,
    /// Which column means what.
    pub columns: Columns,
    /// Where in a JSON document the elements are.
    pub items: Option<String>,
    /// The reason of rows that give none.
    pub reason: Option<String>,
    /// The category of rows that give none.
    pub category: Option<String>,
    /// The confidence of rows that give none.
    pub confidence: Option<u8>,
    /// How it says who it is.
    pub auth: Auth,
    /// The header or query parameter of its token.
    pub auth_name: String,
    /// A private certificate authority, PEM, trusted beside the public ones.
    pub ca_file: Option<PathBuf>,
    /// The proxy; absent is the program's setting.
    pub proxy: Option<Url>,
    /// The whole answer must be there in this time.
    pub timeout: Span,
    /// The most bytes that are downloaded.
    pub max_bytes: u64,
    /// Redirects that are followed.
    pub redirects: u8,
    /// First collection of a portal: how far back it goes.
    pub history: Span,
    /// How many days a later collection looks back over the last good one.
    pub overlap: Span,
    /// The longest window that is asked for at once.
    pub window: Span,
    /// The newest row may be so old.
    pub newest_within: Span,
    /// When the workbook cannot be had, the list page is read in its place.
    pub list_page: bool,
    /// End somebody else's session of the same account.
    pub take_over: bool,
    /// Which files of the directory are taken: `*` and `?`.
    pub pattern: String,
    /// A file is whole when it has not changed for so long.
    pub settle: Span,
}

/// A setting that is refused: which, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {problem}")]
pub struct BadSetting {
    /// The name as it was given.
    pub name: String,
    /// What is wrong with it.
    pub problem: String,
}

impl Settings {
    /// The defaults of a kind.
    pub fn of(kind: Kind) -> Self {
        let portal = PORTALS.contains(&kind);
        Self {
            url: match kind {
                Kind::Regtech => Url::parse("https://regtech.fsec.or.kr").ok(),
                Kind::Secudium => Url::parse("https://secudium.skinfosec.co.kr").ok(),
                _ => None,
            },
            path: None,
            schedule: Timetable::Every(match kind {
                Kind::Directory => Span::seconds(10),
                _ if portal => Span::hours(6),
                _ => Span::hours(1),
            }),
            zone: Zone::default(),
            jitter: if kind == Kind::Directory { Span::default() } else { Span::minutes(5) },
            catch_up: true,
            min_interval: if kind == Kind::Directory { Span::seconds(1) } else { Span::minutes(1) },
            retries: 2,
            freshness: if kind == Kind::Directory { Span::days(3_660) } else { Span::days(2) },
            mode: if kind == Kind::Url { Mode::Full } else { Mode::Add },
            min_share: None,
            parser: Choice::Auto,
            columns: Columns::default(),
            items: None,
            reason: None,
            category: None,
            confidence: None,
            auth: Auth::None,
            auth_name: "Authorization".to_owned(),
            ca_file: None,
            proxy: None,
            timeout: if portal { Span::minutes(2) } else { Span::minutes(5) },
            max_bytes: 256 << 20,
            redirects: 3,
            history: Span::days(180),
            overlap: Span::days(7),
            window: Span::days(89),
            newest_within: Span::days(14),
            list_page: true,
            take_over: false,
            pattern: "*".to_owned(),
            settle: Span::seconds(5),
        }
    }

    /// Reads what the store keeps over the defaults of the kind.
    pub fn from_json(kind: Kind, text: &str) -> Result<Self, BadSetting> {
        let values: BTreeMap<String, String> = serde_json::from_str(text)
            .map_err(|error| BadSetting { name: "settings".to_owned(), problem: error.to_string() })?;
        let mut settings = Self::of(kind);
        settings.set_all(kind, values.iter().map(|(name, value)| (name.as_str(), value.as_str())))?;
        Ok(settings)
    }

    /// What differs from the defaults of the kind.
    pub fn changed(&self, kind: Kind) -> BTreeMap<&'static str, String> {
        let default = Self::of(kind);
        let settings = SETTINGS.iter().filter(|setting| setting.applies_to(kind));
        settings
            .filter(|setting| setting.show(self) != setting.show(&default))
            .map(|setting| (setting.name, setting.show(self)))
            .collect()
    }

    /// For the store.
    pub fn to_json(&self, kind: Kind) -> String {
        // A map of texts cannot fail to be written.
        serde_json::to_string(&self.changed(kind)).unwrap_or_else(|_| "{}".to_owned())
    }

    /// Sets several, and then looks whether they go together.
    pub fn set_all<'a>(
        &mut self,
        kind: Kind,
        values: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<(), BadSetting> {
        for (name, value) in values {
            self.set(kind, name, value)?;
        }
        self.check(kind)
    }

    /// Sets one. An empty text takes an optional one back; a name that the kind does not have is refused with the
    /// nearest that it has.
    fn set(&mut self, kind: Kind, name: &str, value: &str) -> Result<(), BadSetting> {
        let bad = |problem| BadSetting { name: crate::text::short(name), problem };
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name && setting.applies_to(kind))
        else {
            let known: Vec<&str> = SETTINGS
                .iter()
                .filter(|setting| setting.applies_to(kind))
                .map(|setting| setting.name)
                .collect();
            return Err(bad(if known.is_empty() {
                format!("a source of kind {kind} has no settings: nothing is fetched for it")
            } else {
                format!("a source of kind {kind} has no such setting; it has: {}", known.join(", "))
            }));
        };
        if value.len() > MAX_VALUE || value.chars().any(char::is_control) {
            return Err(bad(format!("at most {MAX_VALUE} bytes, and no control characters")));
        }
        (setting.set)(self, value.trim()).map_err(bad)
    }

    /// Whether the settings go together.
    fn check(&self, kind: Kind) -> Result<(), BadSetting> {
        let bad = |name: &str, problem: &str| {
            Err(BadSetting { name: name.to_owned(), problem: problem.to_owned() })
        };
        if NET.contains(&kind) && self.url.is_none() {
            return bad("url", "has to be given");
        }
        if kind == Kind::Directory && self.path.is_none() {
            return bad("path", "has to be given");
        }
        let secret = self.auth != Auth::None || PORTALS.contains(&kind);
        if secret && self.url.as_ref().is_some_and(|url| url.scheme() == "http" && !is_loopback(url)) {
            return bad("url", "a credential would cross the network in the clear: use https");
        }
        if matches!(self.auth, Auth::Header | Auth::Query) && self.auth_name.is_empty() {
            return bad("auth_name", "has to be given");
        }
        Ok(())
    }
}

/// The longest value of a setting, in bytes.
const MAX_VALUE: usize = 2_048;

/// Whether an address names this machine itself, without asking a resolver.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => IpAddr::V6(address).to_canonical().is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(pairs: &[(&str, &str)]) -> Result<Settings, BadSetting> {
        let mut settings = Settings::of(Kind::Url);
        settings.set_all(Kind::Url, pairs.iter().copied()).map(|()| settings)
    }

    #[test]
    fn every_setting_reads_back_what_it_shows_and_speaks_both_languages() {
        for kind in super::super::KINDS.iter().map(|info| info.kind) {
            let defaults = Settings::of(kind);
            assert!(defaults.changed(kind).is_empty());
            for setting in SETTINGS.iter().filter(|setting| setting.applies_to(kind)) {
                let mut settings = defaults.clone();
                if !setting.show(&defaults).is_empty() {
                    settings.set(kind, setting.name, &setting.show(&defaults)).unwrap();
                }
                assert_eq!(settings, defaults, "{}", setting.name);
                assert!(setting.english.is_ascii(), "{}", setting.name);
                assert!(setting.korean.chars().any(|c| ('가'..='힣').contains(&c)), "{}", setting.name);
            }
        }
    }

    #[test]
    fn what_was_set_is_kept_and_what_was_not_follows_the_defaults() {
        let settings =
            url(&[("url", "https://feeds.example/list.txt"), ("schedule", "15m"), ("confidence", "80")])
                .unwrap();
        let kept = settings.to_json(Kind::Url);
        assert_eq!(kept, r#"{"confidence":"80","schedule":"15m","url":"https://feeds.example/list.txt"}"#);
        assert_eq!(Settings::from_json(Kind::Url, &kept).unwrap(), settings);
        let columns =
            url(&[("url", "https://a.example/"), ("columns", "address=ip, reason=3,country=-")]).unwrap();
        assert_eq!(columns.changed(Kind::Url)["columns"], "address=ip,reason=3,country=-");
    }

    #[test]
    fn a_wrong_setting_is_refused_by_name() {
        for (name, value) in [
            ("schedule", "often"),
            ("url", "ftp://a.example/"),
            ("url", "https://me:secret@a.example/"), // not a secret
            ("confidence", "101"),
            ("overlap", "1d"),
            ("proxy", "proxy"),
            ("ca_file", "relative.pem"),
            ("reason", "two\nlines"),
            ("nothing", "x"),
        ] {
            let refused = url(&[("url", "https://a.example/"), (name, value)]).unwrap_err();
            assert_eq!(refused.name, name);
            assert!(!refused.to_string().contains("secret"), "{refused}");
        }
        assert_eq!(url(&[]).unwrap_err().name, "url");
        let mut file = Settings::of(Kind::File);
        assert!(file.set_all(Kind::File, [("url", "https://a.example/")]).is_err());
    }

    #[test]
    fn a_credential_crosses_no_network_in_the_clear() {
        let basic = |address| url(&[("url", address), ("auth", "basic")]);
        assert_eq!(basic("http://feeds.example/").unwrap_err().name, "url");
        for good in ["https://feeds.example/", "http://127.0.0.1:8080/", "http://localhost/", "http://[::1]/"]
        {
            basic(good).unwrap();
        }
        let mut portal = Settings::of(Kind::Regtech);
        assert!(portal.set_all(Kind::Regtech, [("url", "http://regtech.example/")]).is_err());
    }
}
