//! Command and control servers, and exit nodes.

use super::{Template, Words};
use crate::source::Kind;

/// `first_seen` is left unread: it is in UTC and does not say so, and would be taken for the time of Seoul.
pub(super) const FEODO_TRACKER: Template = Template {
    id: "feodo-tracker",
    kind: Kind::Url,
    title: "Feodo Tracker recommended blocklist",
    publisher: "abuse.ch",
    home: "https://feodotracker.abuse.ch/blocklist/",
    settings: &[
        ("url", "https://feodotracker.abuse.ch/downloads/ipblocklist_recommended.json"),
        ("schedule", "30m"),
        ("min_interval", "5m"),
        ("parser", "json"),
        ("columns", "address=ip_address,reason=malware,country=country,detected=-"),
        ("reason", "Botnet command and control"),
        ("category", "c2"),
    ],
    own_url: None,
    about: Words {
        english: "Active command and control servers of botnets (Emotet, QakBot, Dridex). Few entries, at times none.",
        korean: "활동 중인 봇넷(Emotet, QakBot, Dridex) C2 서버. 항목이 적고 비어 있을 때도 있음.",
    },
    terms: Words {
        english: "CC0, also commercially. Made anew every 5 minutes: no more often than that.",
        korean: "CC0, 상업적 이용 가능. 5분마다 갱신되므로 그보다 자주 받지 말 것.",
    },
};

/// The columns are counted: the second is called `ioc` and holds no address.
pub(super) const C2_INTEL_FEEDS: Template = Template {
    id: "c2intelfeeds-30d",
    kind: Kind::Url,
    title: "C2IntelFeeds IPC2s 30 days",
    publisher: "drb-ra",
    home: "https://github.com/drb-ra/C2IntelFeeds",
    settings: &[
        ("url", "https://raw.githubusercontent.com/drb-ra/C2IntelFeeds/master/feeds/IPC2s-30day.csv"),
        ("schedule", "6h"),
        ("min_interval", "1h"),
        ("parser", "csv"),
        ("columns", "address=1,reason=2"),
        ("category", "c2"),
    ],
    own_url: None,
    about: Words {
        english: "Command and control servers (Cobalt Strike and others) seen live in 30 days, found by scans of Censys.",
        korean: "최근 30일간 살아 있던 C2 서버(Cobalt Strike 등). Censys 스캔으로 찾은 것.",
    },
    terms: Words {
        english: "CC BY-NC-SA 4.0: not commercially, with attribution, shared alike.",
        korean: "CC BY-NC-SA 4.0: 비상업적 이용, 출처 표시, 동일 조건 공유.",
    },
};

pub(super) const TOR_EXITS: Template = Template {
    id: "tor-exits",
    kind: Kind::Url,
    title: "Tor bulk exit list",
    publisher: "The Tor Project",
    home: "https://metrics.torproject.org/collector.html",
    settings: &[
        ("url", "https://check.torproject.org/torbulkexitlist"),
        ("schedule", "2h"),
        ("min_interval", "1h"),
        ("parser", "list"),
        ("reason", "Tor exit node"),
        ("category", "tor"),
    ],
    own_url: None,
    about: Words {
        english: "Exit nodes of the Tor network. Not malicious as such: a matter of policy.",
        korean: "Tor 네트워크의 출구 노드. 그 자체로 악성은 아니며 차단 여부는 정책의 문제.",
    },
    terms: Words { english: "CC0. Changes about once an hour.", korean: "CC0. 약 한 시간마다 바뀜." },
};
