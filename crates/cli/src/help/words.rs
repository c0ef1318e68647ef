//! The table of words, in parts: what collects stands in files of its own.

mod accounts;
mod allow;
mod credentials;
mod deciding;
mod listings;
mod protect;
mod reading;
mod sources;

use crate::language::Language;

/// The words of one command (`db backup`) or argument (`db backup to@`).
pub(super) struct Words {
    pub(super) path: &'static str,
    pub(super) english: &'static str,
    pub(super) korean: &'static str,
    /// Lines to type, the same in every language.
    pub(super) examples: &'static str,
}

impl Words {
    pub(super) fn text(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Korean => self.korean,
        }
    }
}

/// The words of a path.
pub(super) fn find(path: &str) -> Option<&'static Words> {
    all().find(|words| words.path == path)
}

/// Every command and argument.
pub(super) fn all() -> impl Iterator<Item = &'static Words> {
    [
        WORDS,
        listings::WORDS,
        sources::WORDS,
        credentials::WORDS,
        accounts::WORDS,
        deciding::WORDS,
        allow::WORDS,
        protect::WORDS,
        reading::WORDS,
    ]
    .into_iter()
    .flatten()
}

const fn command(
    path: &'static str,
    english: &'static str,
    korean: &'static str,
    examples: &'static str,
) -> Words {
    Words { path, english, korean, examples }
}

const fn argument(path: &'static str, english: &'static str, korean: &'static str) -> Words {
    Words { path, english, korean, examples: "" }
}

/// Arguments of many commands that mean the same in each: their words stand once.
#[cfg(test)]
pub(super) const SHARED: [&str; 2] = ["by", "note"];

/// What belongs to neither sources nor credentials.
const WORDS: &[Words] = &[
    command(
        "",
        "Collect malicious IPs, publish a checked block list, serve it to every device",
        "악성 IP를 모아 검사를 거친 차단 목록을 게시하고 모든 장비에 배포합니다",
        "blacklist source add regtech --kind regtech\nblacklist credential set regtech --username operator\nblacklist collect\nblacklist check 192.0.2.7\nblacklist serve",
    ),
    argument(
        "config@",
        "The configuration file [default: blacklist.toml in the data directory, else /etc/blacklist/blacklist.toml]",
        "설정 파일 [기본값: 데이터 디렉터리의 blacklist.toml, 없으면 /etc/blacklist/blacklist.toml]",
    ),
    argument(
        "data_dir@",
        "Where the database and the publications lie [default: var]",
        "데이터베이스와 게시본을 두는 디렉터리 [기본값: var]",
    ),
    argument("json@", "Print one JSON value and nothing else", "결과를 JSON 값 하나로만 출력"),
    argument("quiet@", "Say nothing but the answer and errors", "결과와 오류만 출력"),
    argument("verbose@", "Say more; twice for still more", "더 자세히 출력 (두 번 쓰면 더 자세히)"),
    argument(
        "lang@",
        "Language of the help and of causes [default: that of the locale]",
        "도움말과 원인 설명의 언어 [기본값: 로캘 설정]",
    ),
    argument("by@", "Who does this [default: whoever is logged in]", "작업자 이름 [기본값: 로그인한 사용자]"),
    argument("note@", "Why, for the record", "작업 사유(감사 기록에 남음)"),
    argument("help@", "Show this help", "도움말 보기"),
    argument("version@", "Show the version", "버전 보기"),
    command(
        "serve",
        "Collect, publish and serve until stopped",
        "멈출 때까지 수집하고 게시하고 배포합니다",
        "blacklist serve\nblacklist serve --listen 127.0.0.1:8080 --listen '[::1]:8080'",
    ),
    argument(
        "serve listen@",
        "Address and port, as often as there are addresses; port 0 takes a free one [default: server.listen]",
        "주소와 포트. 여러 번 쓸 수 있음. 포트 0은 빈 포트를 사용 [기본값: server.listen]",
    ),
    command(
        "import",
        "Read a file into the store as one run of a source, and publish",
        "파일을 한 수집처의 수집 실행으로 읽어 저장하고 게시합니다",
        "blacklist import ipsum.txt --source ipsum --mode full\n\
         blacklist import fctiList.xlsx --source regtech\n\
         blacklist import hosts.csv --source ours --column address=ip --column reason=4\n\
         curl -s https://feed.example/list | blacklist import - --source feed --mode full",
    ),
    argument("import file@", "The file, or '-' for standard input", "파일. '-'는 표준 입력"),
    argument(
        "import source@",
        "The source it comes from; made when it is new",
        "수집처 이름(없으면 새로 만듦)",
    ),
    argument(
        "import parser@",
        "How to read it; auto looks at the content, never at the name:",
        "읽는 방법. auto는 이름이 아니라 내용을 보고 정함:",
    ),
    argument(
        "import mode@",
        "add: what the file does not name stays; full: it is withdrawn",
        "add: 파일에 없는 등재는 그대로 둠, full: 파일에 없는 등재는 철회",
    ),
    argument(
        "import dry_run@",
        "Say what would happen, change nothing",
        "무엇이 바뀔지만 보여 주고 바꾸지 않음",
    ),
    argument(
        "import min_share@",
        "Refuse a full list with less than this share of what the source had",
        "전체 목록의 등재 수가 기존의 이 비율보다 적으면 거부",
    ),
    argument(
        "import columns@",
        "Which column or JSON field means what, by name or number (address, last, reason, country, category, \
         severity, detected, until, confidence)",
        "열 또는 JSON 필드의 뜻을 이름이나 번호로 지정 (address, last, reason, country, category, severity, detected, \
         until, confidence)",
    ),
    argument(
        "import items@",
        "Where in a JSON document the elements are, as in data.items",
        "JSON에서 항목 배열의 위치 (예: data.items)",
    ),
    command(
        "export",
        "Write a feed of the current publication to a file or to standard output",
        "현재 게시본의 피드를 파일이나 표준 출력으로 내보냅니다",
        "blacklist export --format plain\nblacklist export --format nftables -o /etc/nftables.d/blacklist.nft\nblacklist export --format fortigate --family 4 --merge",
    ),
    argument("export format@", "How it is written:", "출력 형식:"),
    argument("export feed@", "Which feed", "피드 이름"),
    argument("export family@", "Only IPv4, only IPv6, or both", "IPv4만, IPv6만, 또는 모두"),
    argument("export merge@", "Join neighbours into wider prefixes", "이웃한 대역을 합침"),
    argument("export limit@", "At most so many entries a page", "한 쪽의 최대 항목 수"),
    argument("export page@", "Which page, from 1", "쪽 번호(1부터)"),
    argument(
        "export comments@",
        "Begin with a comment that says serial and time, where the format knows comments",
        "게시 번호와 시각을 주석으로 적음(주석이 되는 형식만)",
    ),
    argument(
        "export output@",
        "The file; written beside and renamed, so it is never half",
        "출력 파일. 옆에 쓴 뒤 이름을 바꾸므로 반쪽 파일이 생기지 않음",
    ),
    command(
        "check",
        "Is an address or network on the block list, and why; exit code 1 when not",
        "IP나 대역이 차단 목록에 있는지와 그 이유. 없으면 종료 코드 1",
        "blacklist check 192.0.2.7\nblacklist check 192.0.2.0/24 2001:db8::1\nblacklist check --file suspects.txt --json\n\
         blacklist check 192.0.2.7 --explain\nblacklist check 192.0.2.7 --at '2026-11-01 09:00'",
    ),
    argument(
        "check explain@",
        "Tell every step: listings, refused rows, what is protected, policy, gate, publications, consumers",
        "등재, 거부된 행, 보호 대상, 정책, 안전 게이트, 게시본, 소비 장비까지 모든 단계를 설명",
    ),
    argument(
        "check at@",
        "As it was then: 2026-11-01, '2026-11-01 09:00' (Asia/Seoul) or RFC 3339",
        "그 시점 기준. 2026-11-01, '2026-11-01 09:00'(한국 시각) 또는 RFC 3339",
    ),
    argument("check addresses@", "Addresses or networks", "IP 또는 대역"),
    argument(
        "check file@",
        "Read them from a file, one a line; '-' is standard input",
        "파일에서 한 줄에 하나씩 읽음. '-'는 표준 입력",
    ),
    command(
        "aggregate",
        "Merge lists without any database, from files or standard input to standard output",
        "데이터베이스 없이 목록을 합칩니다(파일이나 표준 입력에서 표준 출력으로)",
        "blacklist aggregate a.txt b.txt --exclude ours.txt > merged.txt\nblacklist aggregate --ranges < a.txt",
    ),
    argument(
        "aggregate files@",
        "Lists; none, or '-', is standard input",
        "목록 파일. 없거나 '-'이면 표준 입력",
    ),
    argument("aggregate exclude@", "Lists of what is to be left out", "제외할 대역의 목록"),
    argument("aggregate ranges@", "Write ranges a-b instead of prefixes", "대역 대신 범위 a-b로 출력"),
    argument(
        "aggregate public_only@",
        "Leave out rows with special space (private, loopback, multicast ...)",
        "특수 대역(사설, 루프백, 멀티캐스트 등)이 든 행은 제외",
    ),
    command("db", "Look after the database", "데이터베이스를 관리합니다", ""),
    command(
        "db status",
        "Where it lies, its schema and what is in it",
        "위치, 스키마, 담긴 내용",
        "blacklist db status",
    ),
    command(
        "db migrate",
        "Bring the schema up to date, after a backup",
        "백업한 뒤 스키마를 최신으로 올립니다",
        "blacklist db migrate",
    ),
    command(
        "db check",
        "Look for damage; exit code 1 when there is any",
        "손상 검사. 있으면 종료 코드 1",
        "blacklist db check",
    ),
    command(
        "db backup",
        "Copy the database while it is in use, and check the copy",
        "사용 중에도 백업하고 사본을 검사합니다",
        "blacklist db backup\nblacklist db backup /mnt/backup/blacklist.db",
    ),
    argument(
        "db backup to@",
        "The file; one that is there is not overwritten [default: a dated one in backups]",
        "백업 파일. 있는 파일은 덮어쓰지 않음 [기본값: backups 안에 날짜 이름]",
    ),
    command(
        "db restore",
        "Put a backup in the place of the database, after a backup of what is there now",
        "현재 내용을 백업한 뒤 백업본으로 되돌립니다",
        "blacklist db restore var/backups/blacklist-20260101T000000Z.db --yes",
    ),
    argument("db restore from@", "The backup", "백업 파일"),
    argument("db restore yes@", "Do it", "확인(실제로 되돌림)"),
    command(
        "config",
        "Write, check and show the configuration",
        "설정 파일을 만들고 검사하고 보여 줍니다",
        "",
    ),
    command(
        "config init",
        "Write a file with every key explained in English and Korean",
        "모든 키를 영어와 한국어로 설명한 설정 파일을 만듭니다",
        "blacklist config init /etc/blacklist/blacklist.toml",
    ),
    argument("config init file@", "The file [default: blacklist.toml]", "파일 [기본값: blacklist.toml]"),
    argument("config init force@", "Overwrite one that is there", "있는 파일을 덮어씀"),
    command(
        "config check",
        "Check file and environment",
        "설정 파일과 환경 변수를 검사합니다",
        "blacklist config check --config blacklist.toml",
    ),
    command(
        "config show",
        "Show every key, its value and where that comes from",
        "모든 키의 값과 출처",
        "blacklist config show",
    ),
    command(
        "healthcheck",
        "Ask the running server whether it is fit to serve; exit code 1 when not",
        "실행 중인 서버가 배포할 수 있는 상태인지 확인. 아니면 종료 코드 1",
        "blacklist healthcheck",
    ),
    argument(
        "healthcheck listen@",
        "Where it listens [default: the first of server.listen]",
        "서버 주소 [기본값: server.listen의 첫 주소]",
    ),
    argument("healthcheck timeout@", "How many seconds to wait", "기다릴 시간(초)"),
];
