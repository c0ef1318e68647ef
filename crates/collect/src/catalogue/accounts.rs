//! What needs a key.

use super::{Template, Words};
use crate::source::Kind;

/// A try counts as a download, and a free account has five a day: hence no retries.
pub(super) const ABUSEIPDB: Template = Template {
    id: "abuseipdb",
    kind: Kind::Url,
    title: "AbuseIPDB blacklist",
    publisher: "AbuseIPDB",
    home: "https://docs.abuseipdb.com/#blacklist-endpoint",
    settings: &[
        ("url", "https://api.abuseipdb.com/api/v2/blacklist"),
        ("schedule", "8h"),
        ("min_interval", "5h"),
        ("retries", "0"),
        ("parser", "json"),
        ("items", "data"),
        (
            "columns",
            "address=ipAddress,country=countryCode,detected=lastReportedAt,confidence=abuseConfidenceScore",
        ),
        ("reason", "Reported to AbuseIPDB"),
        ("category", "attack"),
        ("auth", "header"),
        ("auth_name", "Key"),
    ],
    own_url: None,
    about: Words {
        english: "The addresses most reported for abuse, with the publisher's confidence and the last report.",
        korean: "악용 신고가 가장 많은 IP. 발행자의 신뢰도와 마지막 신고 시각 포함.",
    },
    terms: Words {
        english: "Registration and an API key. A free account has 5 downloads a day of up to 10,000 addresses at \
                  confidence 100.",
        korean: "가입과 API 키 필요. 무료 계정은 하루 5회, 신뢰도 100인 IP 최대 10,000개까지.",
    },
};

pub(super) const CROWDSEC: Template = Template {
    id: "crowdsec",
    kind: Kind::Url,
    title: "CrowdSec blocklists (Raw IP List integration)",
    publisher: "CrowdSec",
    home: "https://docs.crowdsec.net/u/integrations/rawiplist/",
    settings: &[
        ("schedule", "2h"),
        ("min_interval", "1h"),
        ("parser", "list"),
        ("reason", "CrowdSec blocklist"),
        ("category", "attack"),
        ("auth", "basic"),
    ],
    own_url: Some("https://admin.api.crowdsec.net/v1/integrations/INTEGRATION/content"),
    about: Words {
        english: "The lists to which an integration of the CrowdSec console is subscribed, in one.",
        korean: "CrowdSec 콘솔의 연동(integration)이 구독하는 목록들을 합친 것.",
    },
    terms: Words {
        english: "Registration; the console shows address, name and password of the integration. The lists depend on \
                  the plan.",
        korean: "가입 필요. 연동의 주소, 사용자 이름, 비밀번호는 콘솔에서 확인. 구독할 수 있는 목록은 요금제에 따라 다름.",
    },
};

pub(super) const CROWDSEC_TAXII: Template = Template {
    id: "crowdsec-taxii",
    kind: Kind::Taxii,
    title: "CrowdSec CTI over TAXII 2.1",
    publisher: "CrowdSec",
    home: "https://docs.crowdsec.net/u/cti_api/taxii",
    settings: &[
        ("schedule", "1h"),
        ("min_interval", "30m"),
        ("reason", "CrowdSec CTI"),
        ("category", "attack"),
        ("auth", "header"),
        ("auth_name", "x-api-key"),
    ],
    own_url: Some("https://SERVER/v1/cti/collections/COLLECTION/"),
    about: Words {
        english: "The collection of addresses seen attacking CrowdSec users, with confidence and validity.",
        korean: "CrowdSec 사용자를 공격한 IP의 컬렉션. 신뢰도와 유효 기간 포함.",
    },
    terms: Words {
        english: "Paid: CrowdSec sales hand out the API key. Made anew once an hour.",
        korean: "유료. API 키는 CrowdSec 영업팀에서 발급. 한 시간마다 갱신됨.",
    },
};
