//! The one table of keys: it reads and shows the settings, writes the commented file, and is what the manual is
//! checked against.

use super::Config;
use super::values::{
    addresses, at_least_one, file, names, proxies, proxy, read, share, show, show_addresses, show_file,
    show_prefixes, show_proxy,
};

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
        addresses,
        show_addresses,
        "Addresses and ports to serve on, with commas between, such as 127.0.0.1:2542, [::1]:2542.",
        "서비스할 주소와 포트(쉼표로 구분, 예: 127.0.0.1:2542, [::1]:2542)."
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
        "server.trusted_proxies",
        Text,
        front.trusted_proxies,
        proxies,
        show_prefixes,
        "Proxies in front of this server, as addresses or networks with commas between; only they are believed when they say for whom they ask.",
        "이 서버 앞의 프록시 주소나 대역(쉼표로 구분). 여기 적은 프록시가 알려 주는 접속자 주소만 믿습니다."
    ),
    key!(
        "server.limits.connections",
        Whole,
        front.limits.connections,
        at_least_one,
        show,
        "Most connections at once; more wait.",
        "동시에 받을 최대 연결 수. 넘으면 기다리게 합니다."
    ),
    key!(
        "server.limits.connections_per_address",
        Whole,
        front.limits.connections_per_address,
        at_least_one,
        show,
        "Most connections at once from one address (of IPv6, from one /64); trusted proxies may have any number.",
        "한 주소(IPv6는 /64 하나)의 최대 동시 연결 수. 신뢰하는 프록시에는 적용하지 않습니다."
    ),
    key!(
        "server.limits.requests_per_second",
        Whole,
        front.limits.requests_per_second,
        read,
        show,
        "Most requests a second from one address for anything but feeds; 0 is any number. Programs on this machine are not limited.",
        "피드를 제외하고 한 주소가 1초에 보낼 수 있는 요청 수. 0은 제한 없음. 이 서버 안의 프로그램은 제한하지 않습니다."
    ),
    key!(
        "server.limits.requests_at_once",
        Whole,
        front.limits.requests_at_once,
        at_least_one,
        show,
        "The same, all at once after a rest.",
        "한동안 요청이 없던 주소가 한꺼번에 보낼 수 있는 요청 수."
    ),
    key!(
        "tls.certificate",
        Text,
        tls.certificate,
        file,
        show_file,
        "PEM file with the certificate of this server, then those of who signed it; empty is no TLS.",
        "이 서버의 인증서와 중간 인증서를 차례로 담은 PEM 파일. 비우면 TLS를 쓰지 않습니다."
    ),
    key!(
        "tls.key",
        Text,
        tls.key,
        file,
        show_file,
        "PEM file with the key of the certificate, without a passphrase; nobody but its owner may read it.",
        "인증서의 개인 키 PEM 파일(암호 없음). 소유자만 읽을 수 있어야 합니다."
    ),
    key!(
        "tls.client_certificates",
        Text,
        tls.client_certificates,
        read,
        show,
        "Whether clients show certificates: off, optional (one that is shown has to be good) or required.",
        "클라이언트 인증서: off(요구 안 함), optional(제시하면 검증), required(반드시 제시)."
    ),
    key!(
        "tls.client_ca",
        Text,
        tls.client_ca,
        file,
        show_file,
        "PEM file with the authorities that sign the certificates of clients.",
        "클라이언트 인증서를 발급한 인증 기관의 PEM 파일."
    ),
    key!(
        "tls.plain_on_loopback",
        Flag,
        front.plain_on_loopback,
        read,
        show,
        "Keep http without TLS on the addresses of loopback.",
        "루프백 주소에서는 TLS 없이 http를 유지합니다."
    ),
    key!(
        "tls.hsts_seconds",
        Whole,
        front.hsts_seconds,
        read,
        show,
        "For how many seconds a browser that came over TLS never comes without (Strict-Transport-Security); 0 says nothing of it.",
        "TLS로 접속한 브라우저가 TLS 없이 접속하지 못하게 할 기간(초, Strict-Transport-Security). 0은 보내지 않음."
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
        file,
        show_file,
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
        assert!(set("server.listen", "127.0.0.1:80, 127.0.0.1:80").is_err(), "twice");
        assert!(set("server.listen", "").is_err());
        assert!(set("server.trusted_proxies", "10.0.0.0/8, proxy").is_err());
        assert!(set("server.trusted_proxies", "0.0.0.0/0").unwrap_err().contains("everybody"));
        assert!(set("server.limits.connections", "0").is_err());
        assert!(set("tls.client_certificates", "yes").unwrap_err().contains("optional"));
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
