//! Whole networks, and lists that are made of other lists.

use super::{Template, Words};
use crate::source::Kind;

const DROP_TERMS: Words = Words {
    english: "Free of charge, also commercially; Spamhaus must be named, and date and copyright kept with the data. At \
              most one download an hour, one a day is enough.",
    korean: "상업적 이용을 포함해 무료. Spamhaus를 출처로 밝히고 날짜와 저작권 표시를 데이터와 함께 유지해야 함. \
             내려받기는 한 시간에 한 번까지이며 하루 한 번이면 충분함.",
};

pub(super) const SPAMHAUS_DROP_V4: Template = Template {
    id: "spamhaus-drop-v4",
    kind: Kind::Url,
    title: "Spamhaus DROP (IPv4)",
    publisher: "The Spamhaus Project",
    home: "https://www.spamhaus.org/drop/",
    settings: &[
        ("url", "https://www.spamhaus.org/drop/drop_v4.json"),
        ("schedule", "1d"),
        ("min_interval", "1h"),
        ("parser", "ndjson"),
        ("columns", "address=cidr,reason=sblid"),
        ("reason", "Spamhaus DROP"),
        ("category", "hijacked network"),
    ],
    own_url: None,
    about: Words {
        english: "IPv4 networks that are hijacked or leased by criminals; the reason is the number of the SBL record.",
        korean: "탈취되었거나 범죄 조직이 임차한 IPv4 대역. 사유는 SBL 기록 번호.",
    },
    terms: DROP_TERMS,
};

pub(super) const SPAMHAUS_DROP_V6: Template = Template {
    id: "spamhaus-drop-v6",
    title: "Spamhaus DROP (IPv6)",
    settings: &[
        ("url", "https://www.spamhaus.org/drop/drop_v6.json"),
        ("schedule", "1d"),
        ("min_interval", "1h"),
        ("parser", "ndjson"),
        ("columns", "address=cidr,reason=sblid"),
        ("reason", "Spamhaus DROP"),
        ("category", "hijacked network"),
    ],
    about: Words {
        english: "IPv6 networks that are hijacked or leased by criminals; the reason is the number of the SBL record.",
        korean: "탈취되었거나 범죄 조직이 임차한 IPv6 대역. 사유는 SBL 기록 번호.",
    },
    ..SPAMHAUS_DROP_V4
};

/// The columns are counted: the file names them in a comment, which it has changed before.
pub(super) const DSHIELD: Template = Template {
    id: "dshield-block",
    kind: Kind::Url,
    title: "DShield Recommended Block List",
    publisher: "SANS Internet Storm Center",
    home: "https://www.dshield.org/",
    settings: &[
        ("url", "https://feeds.dshield.org/block.txt"),
        ("schedule", "6h"),
        ("min_interval", "1h"),
        ("parser", "csv"),
        ("columns", "address=1,country=6,last=2"),
        ("reason", "DShield top 20 networks"),
        ("category", "scan"),
    ],
    own_url: None,
    about: Words {
        english: "The 20 networks of 256 addresses that attacked the most targets in three days. May hold research \
                  scanners and clouds.",
        korean: "최근 3일간 가장 많은 대상을 공격한 /24 대역 20개. 연구용 스캐너나 클라우드 대역이 들어 있을 수 있음.",
    },
    terms: Words {
        english: "CC BY-NC-SA 2.5: not commercially, with attribution, shared alike. Made anew once an hour.",
        korean: "CC BY-NC-SA 2.5: 비상업적 이용, 출처 표시, 동일 조건 공유. 한 시간마다 갱신됨.",
    },
};

const FIREHOL_TERMS: Words = Words {
    english: "Made of other lists, each under its own licence, some of them not commercial; the collection states none.",
    korean: "여러 목록을 합친 것으로 목록마다 이용 조건이 다르고 비상업적 조건도 있음. 전체에 대한 이용 조건은 없음.",
};

pub(super) const FIREHOL_LEVEL1: Template = Template {
    id: "firehol-level1",
    kind: Kind::Url,
    title: "FireHOL level 1",
    publisher: "FireHOL",
    home: "https://iplists.firehol.org/?ipset=firehol_level1",
    settings: &[
        ("url", "https://raw.githubusercontent.com/firehol/blocklist-ipsets/master/firehol_level1.netset"),
        ("schedule", "6h"),
        ("min_interval", "1h"),
        ("parser", "list"),
        ("reason", "FireHOL level 1"),
        ("category", "aggregate"),
    ],
    own_url: None,
    about: Words {
        english: "Spamhaus DROP, DShield, Feodo Tracker and Team Cymru fullbogons in one. More than half of it is private \
                  and unassigned space: special prefixes are refused row by row.",
        korean: "Spamhaus DROP, DShield, Feodo Tracker, Team Cymru fullbogons를 합친 목록. 절반 이상이 사설 대역과 \
                 미할당 대역이며 특수 대역은 행 단위로 거부됨.",
    },
    terms: FIREHOL_TERMS,
};

pub(super) const FIREHOL_LEVEL2: Template = Template {
    id: "firehol-level2",
    title: "FireHOL level 2",
    home: "https://iplists.firehol.org/?ipset=firehol_level2",
    settings: &[
        ("url", "https://raw.githubusercontent.com/firehol/blocklist-ipsets/master/firehol_level2.netset"),
        ("schedule", "6h"),
        ("min_interval", "1h"),
        ("parser", "list"),
        ("reason", "FireHOL level 2"),
        ("category", "aggregate"),
    ],
    about: Words {
        english: "Attackers of about the last 48 hours, from several lists. More wrong entries than in level 1.",
        korean: "최근 약 48시간의 공격자를 여러 목록에서 모은 것. level 1보다 오탐이 많음.",
    },
    ..FIREHOL_LEVEL1
};

pub(super) const ET_BLOCK_IPS: Template = Template {
    id: "et-block-ips",
    kind: Kind::Url,
    title: "Emerging Threats Block IPs",
    publisher: "Proofpoint Emerging Threats",
    home: "https://rules.emergingthreats.net/",
    settings: &[
        ("url", "https://rules.emergingthreats.net/fwrules/emerging-Block-IPs.txt"),
        ("schedule", "1d"),
        ("min_interval", "23h"),
        ("parser", "list"),
        ("reason", "Emerging Threats Block IPs"),
        ("category", "aggregate"),
    ],
    own_url: None,
    about: Words {
        english: "Nearly all of it is Spamhaus DROP; the rest is DShield and Feodo Tracker. Not needed beside these.",
        korean: "거의 전부 Spamhaus DROP이고 나머지는 DShield와 Feodo Tracker. 이 목록들을 따로 수집하면 필요 없음.",
    },
    terms: Words {
        english: "The terms of the lists it is made of; that of DShield is not commercial. One download a day is asked.",
        korean: "원본 목록의 조건을 따르며 그중 DShield는 비상업적 이용만 허용. 하루 한 번만 내려받을 것.",
    },
};
