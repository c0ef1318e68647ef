//! Single addresses that attacked somebody.

use super::{Template, Words};
use crate::source::Kind;

pub(super) const ET_COMPROMISED: Template = Template {
    id: "et-compromised",
    kind: Kind::Url,
    title: "Emerging Threats compromised IPs",
    publisher: "Proofpoint Emerging Threats",
    home: "https://rules.emergingthreats.net/",
    settings: &[
        ("url", "https://rules.emergingthreats.net/blockrules/compromised-ips.txt"),
        ("schedule", "1d"),
        ("min_interval", "23h"),
        ("parser", "list"),
        ("reason", "Emerging Threats compromised host"),
        ("category", "compromised"),
    ],
    own_url: None,
    about: Words {
        english: "Hosts seen attacking in the last days. Made anew on working days; a cleaned host stays a while.",
        korean: "최근 며칠간 공격이 관측된 호스트. 평일마다 갱신되며 정리된 호스트도 한동안 남아 있음.",
    },
    terms: Words {
        english: "BSD licence, as part of the ET Open rules. One download a day is asked.",
        korean: "ET Open 규칙의 일부로 BSD 라이선스. 하루 한 번만 내려받을 것.",
    },
};

pub(super) const BLOCKLIST_DE: Template = Template {
    id: "blocklist-de-all",
    kind: Kind::Url,
    title: "blocklist.de all",
    publisher: "blocklist.de",
    home: "https://www.blocklist.de/en/export.html",
    settings: &[
        ("url", "https://lists.blocklist.de/lists/all.txt"),
        ("schedule", "1h"),
        ("min_interval", "30m"),
        ("parser", "list"),
        ("reason", "blocklist.de"),
        ("category", "attack"),
    ],
    own_url: None,
    about: Words {
        english: "Addresses that attacked a reporting server (SSH, mail, web, FTP) in the last 48 hours, IPv4 and IPv6.",
        korean: "최근 48시간 동안 신고 서버(SSH, 메일, 웹, FTP)를 공격한 IP. IPv4와 IPv6.",
    },
    terms: Words {
        english: "Free, as it is, at the user's own risk; no licence is stated. Made anew every 30 minutes.",
        korean: "무료로 있는 그대로 제공되며 책임은 사용자에게 있음. 명시된 라이선스 없음. 30분마다 갱신됨.",
    },
};

pub(super) const CINS_ARMY: Template = Template {
    id: "cins-army",
    kind: Kind::Url,
    title: "CINS Army list",
    publisher: "Sentinel IPS",
    home: "https://cinsscore.com/",
    settings: &[
        ("url", "https://cinsscore.com/list/ci-badguys.txt"),
        ("schedule", "6h"),
        ("min_interval", "1h"),
        ("parser", "list"),
        ("reason", "CINS Army"),
        ("category", "attack"),
    ],
    own_url: None,
    about: Words {
        english: "At most 15,000 addresses with a very bad score at the publisher's sensors that other lists do not have.",
        korean: "발행자의 센서에서 점수가 매우 나쁘고 다른 목록에 없는 IP. 최대 15,000개.",
    },
    terms: Words {
        english: "Free, for any use. Made anew once an hour.",
        korean: "무료, 용도 제한 없음. 한 시간마다 갱신됨.",
    },
};

pub(super) const IPSUM_LEVEL3: Template = Template {
    id: "ipsum-level3",
    kind: Kind::Url,
    title: "IPsum level 3",
    publisher: "Miroslav Stampar",
    home: "https://github.com/stamparm/ipsum",
    settings: &[
        ("url", "https://raw.githubusercontent.com/stamparm/ipsum/master/levels/3.txt"),
        ("schedule", "1d"),
        ("min_interval", "6h"),
        ("parser", "list"),
        ("reason", "On 3 or more public lists (IPsum)"),
        ("category", "aggregate"),
    ],
    own_url: None,
    about: Words {
        english: "Addresses that are on three or more of over 30 public lists.",
        korean: "30개가 넘는 공개 목록 중 3개 이상에 오른 IP.",
    },
    terms: Words {
        english: "The Unlicense; some of the lists behind it have terms of their own. Made anew once a day.",
        korean: "The Unlicense. 원본 목록 가운데 일부는 별도 조건이 있음. 하루 한 번 갱신됨.",
    },
};

pub(super) const IPSUM_LEVEL5: Template = Template {
    id: "ipsum-level5",
    title: "IPsum level 5",
    settings: &[
        ("url", "https://raw.githubusercontent.com/stamparm/ipsum/master/levels/5.txt"),
        ("schedule", "1d"),
        ("min_interval", "6h"),
        ("parser", "list"),
        ("reason", "On 5 or more public lists (IPsum)"),
        ("category", "aggregate"),
    ],
    about: Words {
        english: "Addresses that are on five or more of over 30 public lists: fewer wrong entries than level 3.",
        korean: "30개가 넘는 공개 목록 중 5개 이상에 오른 IP. level 3보다 오탐이 적음.",
    },
    ..IPSUM_LEVEL3
};

pub(super) const GREENSNOW: Template = Template {
    id: "greensnow",
    kind: Kind::Url,
    title: "GreenSnow",
    publisher: "GreenSnow",
    home: "https://greensnow.co/",
    settings: &[
        ("url", "https://blocklist.greensnow.co/greensnow.txt"),
        ("schedule", "6h"),
        ("min_interval", "1h"),
        ("parser", "list"),
        ("reason", "GreenSnow"),
        ("category", "attack"),
    ],
    own_url: None,
    about: Words {
        english: "Addresses seen scanning ports and guessing passwords.",
        korean: "포트 스캔과 비밀번호 대입이 관측된 IP.",
    },
    terms: Words {
        english: "No licence is stated, and the site forbids republication: ask before it goes into a published list.",
        korean: "명시된 라이선스가 없고 사이트에서 재배포를 금지함. 배포 목록에 넣기 전에 발행자에게 문의할 것.",
    },
};

pub(super) const BINARY_DEFENSE: Template = Template {
    id: "binary-defense",
    kind: Kind::Url,
    title: "Binary Defense banlist",
    publisher: "Binary Defense",
    home: "https://www.binarydefense.com/",
    settings: &[
        ("url", "https://www.binarydefense.com/banlist.txt"),
        ("schedule", "6h"),
        ("min_interval", "1h"),
        ("parser", "list"),
        ("reason", "Binary Defense banlist"),
        ("category", "attack"),
    ],
    own_url: None,
    about: Words {
        english: "Addresses that attacked the publisher's Artillery honeypots.",
        korean: "발행자의 Artillery 허니팟을 공격한 IP.",
    },
    terms: Words {
        english: "For public use; not for resale, and not in products or services that charge a fee.",
        korean: "일반 공개용. 재판매와 유료 제품·서비스에서의 사용은 금지.",
    },
};

pub(super) const BRUTEFORCEBLOCKER: Template = Template {
    id: "bruteforceblocker",
    kind: Kind::Url,
    title: "BruteForceBlocker",
    publisher: "danger.rulez.sk",
    home: "https://danger.rulez.sk/index.php/bruteforceblocker/",
    settings: &[
        ("url", "https://danger.rulez.sk/projects/bruteforceblocker/blist.php"),
        ("schedule", "6h"),
        ("min_interval", "3h"),
        ("parser", "list"),
        ("reason", "SSH brute force (BruteForceBlocker)"),
        ("category", "brute force"),
    ],
    own_url: None,
    about: Words {
        english: "Addresses that users of BruteForceBlocker reported for failed SSH logins.",
        korean: "BruteForceBlocker 사용자가 SSH 로그인 실패로 신고한 IP.",
    },
    terms: Words {
        english: "Public; no terms are known. Ask the publisher before commercial use.",
        korean: "공개 목록. 알려진 이용 조건이 없으므로 상업적 이용 전에 발행자에게 문의할 것.",
    },
};

pub(super) const TURRIS_GREYLIST: Template = Template {
    id: "turris-greylist",
    kind: Kind::Url,
    title: "Turris Sentinel greylist",
    publisher: "CZ.NIC",
    home: "https://view.sentinel.turris.cz/",
    settings: &[
        ("url", "https://view.sentinel.turris.cz/greylist-data/greylist-latest.csv"),
        ("schedule", "1d"),
        ("min_interval", "6h"),
        ("parser", "csv"),
        ("columns", "address=Address,category=Tags"),
        ("reason", "Turris Sentinel greylist"),
    ],
    own_url: None,
    about: Words {
        english: "Addresses that attacked Turris routers; the category is what they tried (telnet, http, port_scan).",
        korean: "Turris 공유기를 공격한 IP. 분류는 시도한 공격(telnet, http, port_scan 등).",
    },
    terms: Words {
        english: "CC BY-NC-SA 4.0: not commercially, with attribution, shared alike. Made anew once a day.",
        korean: "CC BY-NC-SA 4.0: 비상업적 이용, 출처 표시, 동일 조건 공유. 하루 한 번 갱신됨.",
    },
};
