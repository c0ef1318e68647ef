//! The one table of keys: it reads and shows the settings, writes the commented file, and is what the manual is
//! checked against.

use std::fmt::Display;
use std::str::FromStr;

use url::Url;

use super::{Config, LogFormat, LogLevel};

/// How a value stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Whole,
    Real,
    Flag,
}

/// One key.
pub(crate) struct Key {
    /// Its dotted name.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) english: &'static str,
    pub(crate) korean: &'static str,
    pub(crate) get: fn(&Config) -> String,
    pub(crate) set: fn(&mut Config, &str) -> Result<(), String>,
}

macro_rules! key {
    ($name:literal, $kind:ident, $field:ident $(. $more:ident)*, $read:expr, $show:expr, $english:literal, $korean:literal) => {
        Key {
            name: $name,
            kind: Kind::$kind,
            english: $english,
            korean: $korean,
            get: |config| $show(&config.$field $(. $more)*),
            set: |config, text| {
                config.$field $(. $more)* = $read(text)?;
                Ok(())
            },
        }
    };
}

// Behind the macro, which it uses.
mod accounts;

/// Every key, in the order of the file. The data directory comes first.
pub(crate) const KEYS: &[Key] = &[
    key!(
        "data_dir",
        Text,
        data_dir,
        |text: &str| Ok::<_, String>(text.into()),
        |dir: &std::path::PathBuf| dir.display().to_string(),
        "Where the database and the publications lie.",
        "데이터베이스와 게시본을 두는 디렉터리."
    ),
    key!(
        "server.listen",
        Text,
        listen,
        read,
        show,
        "Address and port to serve on. Other machines are answered with feeds and health alone.",
        "서비스할 주소와 포트. 다른 장비에는 피드와 상태 확인만 응답합니다."
    ),
    key!(
        "server.names",
        Text,
        names,
        names,
        |names: &Vec<String>| names.join(","),
        "Names that other machines know the server by, with commas between; a device known by its address alone must use one, or the address.",
        "다른 장비가 이 서버를 부르는 이름(쉼표로 구분). 주소만으로 신뢰하는 장비는 이 이름이나 IP로만 접속할 수 있습니다."
    ),
    key!(
        "collect.enabled",
        Flag,
        collect_enabled,
        read,
        show,
        "Whether serve collects by itself, each source by its schedule.",
        "serve가 각 수집처의 예약에 따라 자동으로 수집할지 여부."
    ),
    key!(
        "collect.proxy",
        Text,
        proxy,
        proxy,
        show_proxy,
        "Proxy for all sources that name none, such as http://proxy:3128; empty is none.",
        "프록시를 따로 지정하지 않은 모든 수집처에 쓸 프록시(예: http://proxy:3128). 비우면 사용하지 않습니다."
    ),
    key!(
        "collect.min_share",
        Real,
        min_share,
        share,
        show,
        "A full list with less than this share (0 to 1) of what its source had is refused.",
        "전체 목록의 등재 수가 기존의 이 비율(0~1)보다 적으면 수집을 거부합니다."
    ),
    key!(
        "collect.limits.text_bytes",
        Whole,
        limits.text_bytes,
        read,
        show,
        "Largest list, CSV or NDJSON file that is read, in bytes.",
        "읽을 수 있는 목록·CSV·NDJSON 파일의 최대 크기(바이트)."
    ),
    key!(
        "collect.limits.document_bytes",
        Whole,
        limits.document_bytes,
        read,
        show,
        "Largest workbook or JSON document that is read, in bytes.",
        "읽을 수 있는 엑셀·JSON 파일의 최대 크기(바이트)."
    ),
    key!(
        "collect.limits.unpacked_bytes",
        Whole,
        limits.unpacked_bytes,
        read,
        show,
        "How large a workbook or archive may become when unpacked, in bytes.",
        "엑셀과 압축 파일을 푼 뒤 허용하는 최대 크기(바이트)."
    ),
    key!(
        "collect.limits.unpack_ratio",
        Whole,
        limits.unpack_ratio,
        read,
        show,
        "How many times its own size a workbook or archive may become when unpacked.",
        "엑셀과 압축 파일을 풀 때 허용하는 최대 배율."
    ),
    key!(
        "collect.limits.rows",
        Whole,
        limits.rows,
        read,
        show,
        "Most rows that one run may have.",
        "한 번의 수집에서 허용하는 최대 행 수."
    ),
    key!(
        "collect.limits.prefixes",
        Whole,
        limits.prefixes,
        read,
        show,
        "Most prefixes that the rows of one run may make (a range makes several).",
        "한 번의 수집에서 허용하는 최대 대역 수(범위 하나가 여러 대역이 될 수 있음)."
    ),
    accounts::LOCAL_ROLE,
    accounts::IDLE_MINUTES,
    accounts::SESSION_HOURS,
    accounts::PASSWORD_LENGTH,
    accounts::CODES,
    accounts::UNENCRYPTED,
    key!(
        "vault.key_file",
        Text,
        vault_key_file,
        |text: &str| Ok::<_, String>((!text.is_empty()).then(|| text.into())),
        |file: &Option<std::path::PathBuf>| file
            .as_ref()
            .map(|file| file.display().to_string())
            .unwrap_or_default(),
        "The file with the key that seals the credentials; empty is vault.key in the data directory, made when it is first needed.",
        "자격 증명을 암호화하는 키 파일. 비우면 데이터 디렉터리의 vault.key를 쓰며, 처음 필요할 때 만듭니다."
    ),
    key!(
        "validation.allow_documentation",
        Flag,
        allow_documentation,
        read,
        show,
        "Let the documentation networks (192.0.2.0/24 and the like) pass: for trials only.",
        "문서용 대역(192.0.2.0/24 등)을 허용합니다. 시험할 때만 켜십시오."
    ),
    key!(
        "log.level",
        Text,
        log_level,
        read,
        show,
        "How much is logged: error, warn, info or debug.",
        "로그 수준: error, warn, info, debug."
    ),
    key!(
        "log.format",
        Text,
        log_format,
        read,
        show,
        "How log lines are written: text, json, or auto (text on a terminal, else JSON).",
        "로그 형식: text, json, auto(터미널이면 text, 아니면 JSON)."
    ),
];

fn read<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|why| format!("'{text}': {why}"))
}

/// Host names without ports.
fn names(text: &str) -> Result<Vec<String>, String> {
    let good = |name: &str| {
        let letters = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        !name.is_empty() && name.len() <= 253 && name.bytes().all(letters)
    };
    let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
    match names.iter().find(|name| !good(name)) {
        _ if text.trim().is_empty() => Ok(Vec::new()),
        None => Ok(names),
        Some(bad) => Err(format!("'{bad}' is no host name; write names without a port, with commas between")),
    }
}

fn show<T: Display>(value: &T) -> String {
    value.to_string()
}

/// A proxy is an address without a path; name and password in it would be shown by `config show`.
fn proxy(text: &str) -> Result<Option<Url>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let url: Url = text.parse().map_err(|why: url::ParseError| format!("no address of a proxy: {why}"))?;
    match url.scheme() {
        _ if !url.username().is_empty() || url.password().is_some() => {
            Err("a proxy with a name or password is not supported".to_owned())
        }
        "http" | "https" if url.host().is_some() => Ok(Some(url)),
        _ => Err("a proxy begins with http:// or https://".to_owned()),
    }
}

#[expect(clippy::ref_option, reason = "the shape of every writer: a reference to the field")]
fn show_proxy(proxy: &Option<Url>) -> String {
    proxy.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// A share is a number from 0 to 1.
pub(crate) fn share(text: &str) -> Result<f64, String> {
    let share: f64 = read(text)?;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err(format!("'{text}': not between 0 and 1")) }
}

macro_rules! words {
    ($type:ty, $($word:literal = $value:path),+) => {
        impl FromStr for $type {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok($value),)+
                    _ => Err(["one of", $($word),+].join(" ")),
                }
            }
        }

        impl Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self {
                    $($value => $word,)+
                })
            }
        }
    };
}

words!(
    LogLevel,
    "error" = LogLevel::Error,
    "warn" = LogLevel::Warn,
    "info" = LogLevel::Info,
    "debug" = LogLevel::Debug
);
words!(LogFormat, "auto" = LogFormat::Auto, "text" = LogFormat::Text, "json" = LogFormat::Json);

/// The known name that a misspelt one is nearest to, if one is near at all.
pub(crate) fn nearest(wrong: &str, known: impl Iterator<Item = String>) -> Option<String> {
    known
        .map(|name| (distance(wrong, &name), name))
        .min()
        .filter(|(distance, name)| *distance <= name.len().div_ceil(3))
        .map(|(_, name)| name)
}

/// Edits from one word to the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_reads_back_what_it_shows() {
        for key in KEYS {
            let mut config = Config::default();
            let shown = (key.get)(&config);
            (key.set)(&mut config, &shown).unwrap();
            assert_eq!((key.get)(&config), shown, "{}", key.name);
            assert!(
                !key.english.is_empty() && key.korean.chars().any(|c| ('가'..='힣').contains(&c)),
                "{}",
                key.name
            );
        }
    }

    #[test]
    fn values_out_of_range_are_refused() {
        let set = |name: &str, value: &str| {
            let key = KEYS.iter().find(|key| key.name == name).unwrap();
            (key.set)(&mut Config::default(), value)
        };
        assert!(set("collect.min_share", "1.5").is_err());
        assert!(set("collect.limits.rows", "-1").is_err());
        assert!(set("server.listen", "localhost:80").is_err());
        assert!(set("collect.proxy", "proxy:3128").is_err());
        let refused = set("collect.proxy", "http://me:hunter2@proxy:3128").unwrap_err(); // not a secret
        assert!(!refused.contains("hunter2"), "{refused}");
        assert!(set("log.level", "loud").unwrap_err().contains("debug"));
    }

    #[test]
    fn the_nearest_word_is_found_or_none() {
        let known = || ["server.listen", "log.level"].map(String::from).into_iter();
        assert_eq!(nearest("server.lisen", known()).as_deref(), Some("server.listen"));
        assert_eq!(nearest("something", known()), None);
    }
}
