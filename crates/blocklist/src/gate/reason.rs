//! Why a candidate is held, in words; and the table of the rules.

use serde::{Deserialize, Serialize};

use crate::policy::GuardKind;
use crate::{Serial, SourceName};

/// Why a candidate is held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Reason {
    /// It lists nothing.
    #[error("the candidate lists nothing; an empty list would open every device that reads it")]
    Empty,
    /// Publications lie on disk, and the database knows none: it was lost or replaced, so nobody can say what the
    /// candidate takes away.
    #[error(
        "there are publications on disk that this database does not know; restore a backup of it, or move the \
         directory of publications away to begin anew"
    )]
    UnknownHistory,
    /// A person brought an old publication back and holds it there.
    #[error(
        "publication {serial} was brought back and is held there; `blacklist publication release` lets the list go on"
    )]
    Pinned {
        /// Which.
        serial: Serial,
    },
    /// Much fewer prefixes than the last publication.
    #[error("{entries} prefixes where there were {before}: less than {least} %")]
    Shrunk {
        /// In the candidate.
        entries: u64,
        /// In the last publication.
        before: u64,
        /// The limit, in percent.
        least: u8,
    },
    /// A source adds too many at once.
    #[error("{from} adds {added} prefixes to its {had}: more than {most} %")]
    Jumped {
        /// Which.
        #[serde(rename = "source")]
        from: SourceName,
        /// How many it adds.
        added: u64,
        /// How many it had.
        had: u64,
        /// The limit, in percent.
        most: u32,
    },
    /// A source loses too many at once.
    #[error("{from} loses {removed} of its {had} prefixes: more than {most} %")]
    Lost {
        /// Which.
        #[serde(rename = "source")]
        from: SourceName,
        /// How many it loses.
        removed: u64,
        /// How many it had.
        had: u64,
        /// The limit, in percent.
        most: u32,
    },
    /// Too much of the address space.
    #[error("{percent:.2} % of the IPv4 space would be blocked: more than {most} %")]
    Covers {
        /// How much.
        percent: f64,
        /// The limit.
        most: f64,
    },
    /// A wide prefix that was not there.
    #[error("{prefix} of {from} is new and wider than /{widest}")]
    Wide {
        /// The prefix, as text.
        prefix: String,
        /// Who lists it.
        #[serde(rename = "source")]
        from: SourceName,
        /// The limit.
        widest: u8,
    },
    /// Listings that touch what is protected, and did not before.
    #[error("{count} new listings touch {kind}, among them {first}: more than {most}")]
    Hits {
        /// What they touch.
        kind: GuardKind,
        /// How many.
        count: u64,
        /// The first of them, as `9.1.2.0/24 (source) on 9.1.2.3`.
        first: String,
        /// The limit.
        most: u32,
    },
}

/// A rule of the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name in JSON; never changes once published.
    pub id: &'static str,
    /// The keys of its limits in [`SETTINGS`](super::SETTINGS); none for a rule that is always on.
    pub settings: &'static [&'static str],
    /// What it asks, one line.
    pub english: &'static str,
    /// The same in Korean.
    pub korean: &'static str,
}

/// Every rule, in the order in which reasons are told.
pub const RULES: &[Rule] = &[
    Rule {
        id: "empty",
        settings: &[],
        english: "The candidate lists nothing.",
        korean: "게시 후보에 등재가 하나도 없습니다.",
    },
    Rule {
        id: "unknown_history",
        settings: &[],
        english: "There are publications on disk that the database does not know.",
        korean: "디스크에 데이터베이스가 모르는 게시본이 있습니다.",
    },
    Rule {
        id: "pinned",
        settings: &[],
        english: "A person brought an old publication back and holds it there.",
        korean: "담당자가 이전 게시본으로 되돌려 고정해 두었습니다.",
    },
    Rule {
        id: "shrunk",
        settings: &["min_share", "jump_floor"],
        english: "The candidate has much fewer prefixes than the last publication.",
        korean: "마지막 게시본보다 항목이 크게 줄었습니다.",
    },
    Rule {
        id: "jumped",
        settings: &["max_added", "jump_floor"],
        english: "A source adds too much at once to what it had.",
        korean: "한 수집처의 항목이 기존보다 한꺼번에 너무 많이 늘었습니다.",
    },
    Rule {
        id: "lost",
        settings: &["max_removed", "jump_floor"],
        english: "A source loses too much at once of what it had.",
        korean: "한 수집처의 기존 항목이 한꺼번에 너무 많이 빠졌습니다.",
    },
    Rule {
        id: "covers",
        settings: &["max_covered"],
        english: "Too much of the IPv4 space would be blocked, and more than before.",
        korean: "차단되는 IPv4 주소 공간이 이전보다 늘어 한도를 넘었습니다.",
    },
    Rule {
        id: "wide",
        settings: &["widest_v4", "widest_v6"],
        english: "A very wide prefix is new.",
        korean: "지나치게 넓은 대역이 새로 들어왔습니다.",
    },
    Rule {
        id: "hits",
        settings: &["own_hits", "consumer_hits", "allow_hits", "known_good_hits"],
        english: "New listings touch what must never be served.",
        korean: "새 등재가 절대 차단하면 안 되는 주소와 겹칩니다.",
    },
];

impl Reason {
    /// The id of the rule in [`RULES`], as in JSON.
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::UnknownHistory => "unknown_history",
            Self::Pinned { .. } => "pinned",
            Self::Shrunk { .. } => "shrunk",
            Self::Jumped { .. } => "jumped",
            Self::Lost { .. } => "lost",
            Self::Covers { .. } => "covers",
            Self::Wide { .. } => "wide",
            Self::Hits { .. } => "hits",
        }
    }

    /// The same as the text, in Korean.
    pub fn korean(&self) -> String {
        match self {
            Self::Empty => {
                "게시 후보에 등재가 하나도 없습니다. 빈 목록을 게시하면 이를 받는 모든 장비의 차단이 풀립니다.".into()
            }
            Self::UnknownHistory => {
                "디스크에 이 데이터베이스가 모르는 게시본이 있습니다. 데이터베이스 백업을 복원하거나, 새로 시작하려면 \
                 게시본 디렉터리를 다른 곳으로 옮기십시오."
                    .into()
            }
            Self::Pinned { serial } => format!(
                "게시본 {serial}(으)로 되돌려 고정되어 있습니다. `blacklist publication release`로 고정을 풀면 다시 게시됩니다."
            ),
            Self::Shrunk { entries, before, least } => {
                format!("항목이 {before}개에서 {entries}개로 줄었습니다(하한: 마지막 게시본의 {least}%).")
            }
            Self::Jumped { from, added, had, most } => {
                format!("수집처 {from}: 기존 {had}개에 {added}개가 한꺼번에 추가됩니다(한도: 기존의 {most}%).")
            }
            Self::Lost { from, removed, had, most } => {
                format!("수집처 {from}: 기존 {had}개 중 {removed}개가 한꺼번에 빠집니다(한도: 기존의 {most}%).")
            }
            Self::Covers { percent, most } => {
                format!("IPv4 주소 공간의 {percent:.2}%가 차단됩니다(한도: {most}%).")
            }
            Self::Wide { prefix, from, widest } => {
                format!("수집처 {from}: 새로 들어온 대역 {prefix}이(가) /{widest}보다 넓습니다.")
            }
            Self::Hits { kind, count, first, most } => {
                let kind = kind.korean();
                format!("새 등재 {count}건이 보호 대상({kind})과 겹칩니다(한도: {most}건). 예: {first}")
            }
        }
    }
}
