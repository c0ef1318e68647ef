//! The words of `allow`.

use super::{Words, argument, command};

pub(super) const WORDS: &[Words] = &[
    command(
        "allow",
        "Say what must never be served, whoever lists it",
        "누가 등재하더라도 절대 배포하지 않을 대역을 관리합니다",
        "",
    ),
    command(
        "allow list",
        "List the allow entries that hold",
        "유효한 허용 항목 목록",
        "blacklist allow list\nblacklist allow list --all --json",
    ),
    argument("allow list all@", "Those that ended or were removed too", "끝났거나 제거된 항목도 표시"),
    command(
        "allow show",
        "Show an allow entry and the listings that it holds back",
        "허용 항목 하나와 그 항목 때문에 배포되지 않는 등재",
        "blacklist allow show 3\nblacklist allow show 192.0.2.0/24",
    ),
    argument("allow show entry@", "Its number or prefix", "번호 또는 대역"),
    command(
        "allow add",
        "Add allow entries: inside a listed prefix, only what they name is left out",
        "허용 항목을 추가합니다. 등재된 대역 안이라면 그 부분만 빠집니다",
        "blacklist allow add 192.0.2.7 --reason \"mail server of our partner\" --until 2026-12-31 --remind 14\n\
         blacklist allow add 198.51.100.0/24 --reason \"card company\" --ticket OPS-7 --dry-run",
    ),
    argument(
        "allow add prefixes@",
        "Addresses, prefixes or ranges; host bits are cleared and told",
        "IP, 대역 또는 범위(호스트 비트는 지우고 알림)",
    ),
    argument("allow add reason@", "Why", "허용 사유"),
    argument("allow add owner@", "Who answers for it", "담당자 또는 부서"),
    argument("allow add ticket@", "The ticket that asked for it", "요청 티켓"),
    argument(
        "allow add until@",
        "The last day, or the moment at which it ends (Korean time without a zone) [default: without end]",
        "마지막 날, 또는 끝나는 시각(시간대가 없으면 한국 시간) [기본값: 기한 없음]",
    ),
    argument("allow add remind@", "Remind this many days before its end", "기한 며칠 전에 알릴지"),
    argument(
        "allow add wide@",
        "Take what is wider than /8, or for IPv6 than /19",
        "/8(IPv6는 /19)보다 넓은 대역도 받음",
    ),
    argument(
        "allow add dry_run@",
        "Say what would come and go, change nothing",
        "배포 목록에서 무엇이 바뀔지만 보여 주고 바꾸지 않음",
    ),
    command(
        "allow set",
        "Change an allow entry; an empty text takes owner or ticket out",
        "허용 항목을 바꿉니다. 담당자와 티켓은 값을 비우면 지워집니다",
        "blacklist allow set 3 --until 2027-03-31 --remind 30\nblacklist allow set 192.0.2.7 --until none",
    ),
    argument("allow set entry@", "Its number or prefix", "번호 또는 대역"),
    argument("allow set reason@", "Why", "허용 사유"),
    argument("allow set owner@", "Who answers for it", "담당자 또는 부서"),
    argument("allow set ticket@", "The ticket that asked for it", "요청 티켓"),
    argument(
        "allow set until@",
        "The last day, or the moment at which it ends; none is without end",
        "마지막 날 또는 끝나는 시각. none은 기한 없음",
    ),
    argument(
        "allow set remind@",
        "Remind this many days before its end; none reminds nobody",
        "기한 며칠 전에 알릴지. none은 알리지 않음",
    ),
    argument(
        "allow set dry_run@",
        "Say what would come and go, change nothing",
        "배포 목록에서 무엇이 바뀔지만 보여 주고 바꾸지 않음",
    ),
    command(
        "allow remove",
        "Remove an allow entry: what is listed there is served again",
        "허용 항목을 제거합니다. 등재되어 있던 IP는 다시 배포됩니다",
        "blacklist allow remove 3 --note \"contract ended\"\nblacklist allow remove 192.0.2.7 --dry-run",
    ),
    argument("allow remove entry@", "Its number or prefix", "번호 또는 대역"),
    argument(
        "allow remove dry_run@",
        "Say what would come and go, change nothing",
        "배포 목록에서 무엇이 바뀔지만 보여 주고 바꾸지 않음",
    ),
    command(
        "allow import",
        "Add the entries of a file, all or none",
        "파일의 허용 항목을 추가합니다. 한 행이라도 거부되면 아무것도 바꾸지 않습니다",
        "blacklist allow import allow.csv --dry-run\nblacklist allow import partners.txt --reason \"partners\"",
    ),
    argument(
        "allow import file@",
        "CSV or JSON with prefix, reason, owner, ticket, until, remind_days, or a plain list",
        "prefix, reason, owner, ticket, until, remind_days 열이 있는 CSV나 JSON, 또는 한 줄에 하나인 목록",
    ),
    argument(
        "allow import format@",
        "How it is written [default: seen by its begin]",
        "파일 형식 [기본값: 내용으로 판단]",
    ),
    argument("allow import reason@", "The reason of rows that give none", "사유가 없는 행에 쓸 사유"),
    argument(
        "allow import wide@",
        "Take what is wider than /8, or for IPv6 than /19",
        "/8(IPv6는 /19)보다 넓은 대역도 받음",
    ),
    argument(
        "allow import dry_run@",
        "Say what would come and go and what is refused, change nothing",
        "무엇이 바뀌고 거부될지만 보여 주고 바꾸지 않음",
    ),
    command(
        "allow export",
        "Write the entries that hold to a file that can be imported again",
        "유효한 허용 항목을 다시 가져올 수 있는 파일로 내보냅니다",
        "blacklist allow export -o allow.csv\nblacklist allow export --format json",
    ),
    argument("allow export format@", "How it is written", "파일 형식"),
    argument(
        "allow export output@",
        "Into this file [default: standard output]",
        "저장할 파일 [기본값: 표준 출력]",
    ),
    command(
        "allow due",
        "List the entries whose reminder is due; exit code 1 when there is none",
        "기한 알림 대상인 허용 항목. 없으면 종료 코드 1",
        "blacklist allow due --json",
    ),
];
