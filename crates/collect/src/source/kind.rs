//! The kinds of sources, one table.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How a source is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Files that people hand over with `import`; nothing is fetched.
    File,
    /// What people block by hand; nothing is fetched.
    Manual,
    /// The portal REGTECH.
    Regtech,
    /// The portal SECUDIUM.
    Secudium,
    /// One document behind an address.
    Url,
    /// A collection on a TAXII 2.1 server.
    Taxii,
    /// A MISP feed: a manifest and its events.
    Misp,
    /// A directory into which files are dropped.
    Directory,
}

/// What is known of a kind.
#[derive(Debug)]
pub struct KindInfo {
    /// The kind.
    pub kind: Kind,
    /// Its name.
    pub name: &'static str,
    /// What it reads, in English, one line.
    pub english: &'static str,
    /// What it reads, in Korean, one line.
    pub korean: &'static str,
    /// Which credential it takes.
    pub credential: CredentialUse,
    /// The end rule that the policy takes for a new source of it; `None` where listings come with an end, or need none.
    pub end: Option<&'static str>,
}

/// Whether a kind takes a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialUse {
    /// It has nothing to log in to.
    Never,
    /// Where the setting `auth` says so.
    AsSet,
    /// It cannot be read without a login.
    Login,
}

/// Every kind, in the order in which help shows them.
pub const KINDS: &[KindInfo] = &[
    KindInfo {
        kind: Kind::Regtech,
        name: "regtech",
        english: "the REGTECH portal: logs in and downloads the workbook",
        korean: "금융보안 레그테크 포털: 로그인하여 엑셀 파일을 내려받음",
        credential: CredentialUse::Login,
        end: None,
    },
    KindInfo {
        kind: Kind::Secudium,
        name: "secudium",
        english: "the SECUDIUM portal: logs in and downloads the files of its board",
        korean: "SECUDIUM 포털: 로그인하여 게시판의 파일을 내려받음",
        credential: CredentialUse::Login,
        end: Some("earlier(source,detected+90d)"),
    },
    KindInfo {
        kind: Kind::Url,
        name: "url",
        english: "a list, table or JSON document behind an address",
        korean: "URL로 제공되는 목록, 표, JSON 문서",
        credential: CredentialUse::AsSet,
        end: None,
    },
    KindInfo {
        kind: Kind::Taxii,
        name: "taxii",
        english: "a collection on a TAXII 2.1 server",
        korean: "TAXII 2.1 서버의 컬렉션",
        credential: CredentialUse::AsSet,
        end: None,
    },
    KindInfo {
        kind: Kind::Misp,
        name: "misp",
        english: "a MISP feed: a manifest and its events",
        korean: "MISP 피드: 매니페스트와 이벤트",
        credential: CredentialUse::AsSet,
        end: None,
    },
    KindInfo {
        kind: Kind::Directory,
        name: "directory",
        english: "a directory into which files are dropped",
        korean: "파일을 넣어 두는 디렉터리",
        credential: CredentialUse::Never,
        end: None,
    },
    KindInfo {
        kind: Kind::File,
        name: "file",
        english: "files handed over with the command import",
        korean: "import 명령으로 직접 넣는 파일",
        credential: CredentialUse::Never,
        end: None,
    },
    KindInfo {
        kind: Kind::Manual,
        name: "manual",
        english: "what people block by hand, with the commands listing and block",
        korean: "listing, block 명령으로 사람이 직접 차단한 것",
        credential: CredentialUse::Never,
        end: None,
    },
];

impl Kind {
    /// The kind's row of the table.
    pub fn info(self) -> &'static KindInfo {
        // A test keeps the table complete; the first row stands in only where that test already fails.
        KINDS.iter().find(|info| info.kind == self).unwrap_or(&KINDS[0])
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// Whether it is a portal: with an account, sessions, and days to ask for.
    pub fn is_portal(self) -> bool {
        matches!(self, Self::Regtech | Self::Secudium)
    }

    /// Whether sources of this kind are fetched by the program itself.
    pub fn is_fetched(self) -> bool {
        !matches!(self, Self::File | Self::Manual)
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that no kind has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no kind of source '{name}'; there are: {}", KINDS.iter().map(|info| info.name).collect::<Vec<_>>().join(", "))]
pub struct UnknownKind {
    name: String,
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let known = KINDS.iter().find(|info| info.name == text);
        known.map(|info| info.kind).ok_or_else(|| UnknownKind { name: crate::text::short(text) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_every_kind_under_its_own_name() {
        for kind in [
            Kind::File,
            Kind::Manual,
            Kind::Regtech,
            Kind::Secudium,
            Kind::Url,
            Kind::Taxii,
            Kind::Misp,
            Kind::Directory,
        ] {
            assert_eq!(kind.info().kind, kind);
            assert_eq!(kind.name().parse::<Kind>().unwrap(), kind);
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
            let end = kind.info().end.map(str::parse::<blocklist::policy::EndRule>);
            assert!(end.is_none_or(|rule| rule.is_ok()), "{kind}");
        }
        assert!("ftp".parse::<Kind>().unwrap_err().to_string().contains("regtech, secudium"));
    }
}
