//! MISP feeds: a manifest and its events.

use super::{Template, Words};
use crate::source::Kind;

pub(super) const CIRCL_OSINT: Template = Template {
    id: "circl-osint",
    kind: Kind::Misp,
    title: "CIRCL OSINT feed",
    publisher: "CIRCL",
    home: "https://www.circl.lu/doc/misp/feed-osint/",
    settings: &[
        ("url", "https://www.circl.lu/doc/misp/feed-osint/"),
        ("schedule", "1d"),
        ("min_interval", "1h"),
        ("category", "threat report"),
    ],
    own_url: None,
    about: Words {
        english: "Addresses from published reports of malware and campaigns. Goes back to 2011: old addresses have other \
                  owners by now.",
        korean: "공개된 악성코드·공격 캠페인 보고서의 IP. 2011년 자료부터 있어 오래된 IP는 소유자가 바뀌었을 수 있음.",
    },
    terms: Words {
        english: "Public, without registration; the events are TLP:CLEAR.",
        korean: "가입 없이 공개. 이벤트는 TLP:CLEAR.",
    },
};

pub(super) const BOTVRIJ: Template = Template {
    id: "botvrij",
    kind: Kind::Misp,
    title: "Botvrij.eu OSINT feed",
    publisher: "Botvrij.eu",
    home: "https://www.botvrij.eu/",
    settings: &[
        ("url", "https://www.botvrij.eu/data/feed-osint/"),
        ("schedule", "1d"),
        ("min_interval", "1h"),
        ("category", "threat report"),
    ],
    own_url: None,
    about: Words {
        english: "Addresses from published reports. Goes back to 2013, and new events are rare.",
        korean: "공개된 보고서의 IP. 2013년 자료부터 있으며 새 이벤트는 드묾.",
    },
    terms: Words {
        english: "Public, without registration; no licence is known. Ask the publisher before commercial use.",
        korean: "가입 없이 공개. 알려진 라이선스가 없으므로 상업적 이용 전에 발행자에게 문의할 것.",
    },
};

pub(super) const CSIRT_ITALIA: Template = Template {
    id: "csirt-italia",
    kind: Kind::Misp,
    title: "CSIRT Italia MISP feed",
    publisher: "Agenzia per la cybersicurezza nazionale",
    home: "https://www.acn.gov.it/portale/en/csirt-italia/misp",
    settings: &[
        ("url", "https://www.csirt.gov.it/feed-misp/"),
        ("schedule", "6h"),
        ("min_interval", "1h"),
        ("category", "threat report"),
    ],
    own_url: None,
    about: Words {
        english: "Addresses the Italian national CSIRT publishes, of the last days; made anew every day.",
        korean: "이탈리아 국가 CSIRT가 공개하는 최근 며칠간의 IP. 매일 갱신됨.",
    },
    terms: Words {
        english: "Public, without registration; TLP:CLEAR.",
        korean: "가입 없이 공개. TLP:CLEAR.",
    },
};

pub(super) const THREATFOX: Template = Template {
    id: "threatfox-misp",
    kind: Kind::Misp,
    title: "ThreatFox MISP feed",
    publisher: "abuse.ch",
    home: "https://threatfox.abuse.ch/",
    settings: &[
        ("url", "https://threatfox.abuse.ch/downloads/misp/"),
        ("schedule", "6h"),
        ("min_interval", "1h"),
        ("category", "c2"),
    ],
    own_url: None,
    about: Words {
        english: "Command and control servers by malware family, one event a day; the ports are cut off.",
        korean: "악성코드 계열별 C2 서버. 하루에 이벤트 하나이며 포트는 떼고 읽음.",
    },
    terms: Words {
        english: "Not for profit; commercial use may need a paid subscription of abuse.ch. Read without a key.",
        korean: "비영리 이용만 허용. 상업적 이용은 abuse.ch 유료 구독이 필요할 수 있음. 키 없이 읽음.",
    },
};
