//! The words of manual work on listings.

use super::{Words, argument, command};

/// `listing`, `block`, `unblock`.
pub(super) const WORDS: &[Words] = &[
    command("listing", "Work on listings by hand", "등재를 직접 관리합니다", ""),
    command(
        "listing add",
        "Block addresses by hand: all of them or, with every objection, none",
        "IP를 직접 차단합니다. 하나라도 문제가 있으면 모두 거부하고 사유를 알립니다",
        "blacklist listing add 9.1.2.3 9.1.3.0/24 --reason 'C2 server' --until 2026-12-31\n\
         blacklist listing add --file incident.csv --note 'ticket 4711' --dry-run",
    ),
    argument("listing add addresses@", "Addresses, networks or ranges", "IP, 대역 또는 범위"),
    argument(
        "listing add file@",
        "A list, or a table with prefix, reason and until, at most 100,000 rows; '-' is standard input",
        "목록 또는 표(IP, 사유, 종료일) 파일, 최대 100,000행. '-'는 표준 입력",
    ),
    argument("listing add reason@", "Why it is listed", "등재 사유"),
    argument("listing add category@", "The kind of attack", "공격 분류"),
    argument("listing add severity@", "How grave", "심각도"),
    argument("listing add confidence@", "How sure, 0 to 100", "신뢰도(0~100)"),
    argument(
        "listing add until@",
        "When it ends: a day counts whole; times are Asia/Seoul",
        "종료 시각. 날짜만 쓰면 그날까지, 시각은 한국 기준",
    ),
    argument("listing add for@", "How long from now: 30m, 4h, 7d", "지금부터의 기간: 30m, 4h, 7d"),
    argument(
        "listing add anyway@",
        "Keep it although it touches something protected; nothing protected is served for it",
        "보호 대상에 걸려도 등재(보호 대상은 게시하지 않음)",
    ),
    argument(
        "listing add wide@",
        "Take a network that is wider than the gate allows",
        "안전 게이트 한도보다 넓은 대역도 등재",
    ),
    argument(
        "listing add dry_run@",
        "Show what would change on the list, and change nothing",
        "바꾸지 않고 차단 목록이 어떻게 달라지는지만 표시",
    ),
    command(
        "listing set",
        "Change the texts of what was blocked by hand",
        "직접 차단한 등재의 사유와 분류 등을 바꿉니다",
        "blacklist listing set 9.1.2.3 --category botnet --confidence 90",
    ),
    argument(
        "listing set addresses@",
        "Addresses or networks, exactly as they are listed",
        "IP 또는 대역(등재된 그대로)",
    ),
    argument(
        "listing set file@",
        "A list or a table with them; '-' is standard input",
        "IP 목록이나 표 파일. '-'는 표준 입력",
    ),
    argument(
        "listing set dry_run@",
        "Show what would change on the list, and change nothing",
        "바꾸지 않고 차단 목록이 어떻게 달라지는지만 표시",
    ),
    argument("listing set reason@", "Why it is listed", "등재 사유"),
    argument("listing set category@", "The kind of attack", "공격 분류"),
    argument("listing set severity@", "How grave", "심각도"),
    argument("listing set confidence@", "How sure, 0 to 100", "신뢰도(0~100)"),
    command(
        "listing end",
        "Set when a listing ends, of any source; that wins over the source until it is taken back",
        "등재의 종료 시각을 지정합니다. 되돌릴 때까지 수집처의 값보다 우선합니다",
        "blacklist listing end 9.1.2.3\nblacklist listing end 9.1.2.3 --source regtech --until 2026-12-31\nblacklist listing end 9.1.2.3 --until none",
    ),
    argument(
        "listing end addresses@",
        "Addresses or networks, exactly as they are listed",
        "IP 또는 대역(등재된 그대로)",
    ),
    argument(
        "listing end file@",
        "A list or a table with them; '-' is standard input",
        "IP 목록이나 표 파일. '-'는 표준 입력",
    ),
    argument(
        "listing end source@",
        "Only of this source [default: every source that has it]",
        "이 수집처의 등재만 [기본값: 등재한 모든 수집처]",
    ),
    argument(
        "listing end dry_run@",
        "Show what would change on the list, and change nothing",
        "바꾸지 않고 차단 목록이 어떻게 달라지는지만 표시",
    ),
    argument(
        "listing end until@",
        "When it ends; none takes back what a person set [default: now]",
        "종료 시각. none은 지정한 종료를 취소 [기본값: 지금]",
    ),
    argument("listing end for@", "How long from now: 30m, 4h, 7d", "지금부터의 기간: 30m, 4h, 7d"),
    command(
        "listing remove",
        "Take a listing out, and keep it out when its source names it again",
        "등재를 제거합니다. 수집처가 다시 올려도 제거된 상태를 유지합니다",
        "blacklist listing remove 9.1.2.3 --source ipsum --note 'false positive'",
    ),
    argument(
        "listing remove addresses@",
        "Addresses or networks, exactly as they are listed",
        "IP 또는 대역(등재된 그대로)",
    ),
    argument(
        "listing remove file@",
        "A list or a table with them; '-' is standard input",
        "IP 목록이나 표 파일. '-'는 표준 입력",
    ),
    argument(
        "listing remove source@",
        "Only of this source [default: every source that has it]",
        "이 수집처의 등재만 [기본값: 등재한 모든 수집처]",
    ),
    argument(
        "listing remove dry_run@",
        "Show what would change on the list, and change nothing",
        "바꾸지 않고 차단 목록이 어떻게 달라지는지만 표시",
    ),
    command(
        "listing restore",
        "Take a removal back",
        "제거를 취소합니다",
        "blacklist listing restore 9.1.2.3 --source ipsum",
    ),
    argument(
        "listing restore addresses@",
        "Addresses or networks, exactly as they are listed",
        "IP 또는 대역(등재된 그대로)",
    ),
    argument(
        "listing restore file@",
        "A list or a table with them; '-' is standard input",
        "IP 목록이나 표 파일. '-'는 표준 입력",
    ),
    argument(
        "listing restore source@",
        "Only of this source [default: every source that has it]",
        "이 수집처의 등재만 [기본값: 등재한 모든 수집처]",
    ),
    argument(
        "listing restore dry_run@",
        "Show what would change on the list, and change nothing",
        "바꾸지 않고 차단 목록이 어떻게 달라지는지만 표시",
    ),
    command(
        "listing list",
        "Listings of all sources, in every state; * marks an end that a person set",
        "모든 수집처의 등재 목록. *는 사람이 지정한 종료",
        "blacklist listing list --source manual --state active\nblacklist listing list --inside 9.1.0.0/16",
    ),
    argument("listing list source@", "Of this source", "이 수집처만"),
    argument("listing list state@", "In this state", "이 상태만"),
    argument("listing list inside@", "Inside this address or network", "이 대역 안만"),
    argument("listing list limit@", "At most so many", "최대 개수"),
    command(
        "listing show",
        "What every source says of an address or network, with its history",
        "한 IP나 대역에 대한 모든 수집처의 등재와 변경 이력",
        "blacklist listing show 9.1.2.3",
    ),
    argument("listing show address@", "The address or network", "IP 또는 대역"),
    command(
        "block",
        "Block addresses at once, whatever the gate holds meanwhile",
        "IP를 즉시 차단합니다. 안전 게이트가 보류 중이어도 바로 반영됩니다",
        "blacklist block 9.1.2.3 --for 4h --reason 'attack on the VPN'\nblacklist block 9.1.2.0/24 --until '2026-11-30 18:00' --reason 'ticket 4711'",
    ),
    argument("block addresses@", "Addresses, networks or ranges", "IP, 대역 또는 범위"),
    argument("block reason@", "Why", "차단 사유"),
    argument(
        "block until@",
        "When it ends: a day counts whole; times are Asia/Seoul",
        "종료 시각. 날짜만 쓰면 그날까지, 시각은 한국 기준",
    ),
    argument("block for@", "How long from now: 30m, 4h, 7d", "지금부터의 기간: 30m, 4h, 7d"),
    argument(
        "block anyway@",
        "Keep it although it touches something protected; nothing protected is served for it",
        "보호 대상에 걸려도 등재(보호 대상은 게시하지 않음)",
    ),
    argument(
        "block wide@",
        "Take a network that is wider than the gate allows",
        "안전 게이트 한도보다 넓은 대역도 등재",
    ),
    argument(
        "block dry_run@",
        "Show what would change on the list, and change nothing",
        "바꾸지 않고 차단 목록이 어떻게 달라지는지만 표시",
    ),
    command(
        "unblock",
        "End what was blocked by hand; says who still lists it",
        "직접 차단한 것을 끝냅니다. 다른 수집처에 남아 있으면 알려 줍니다",
        "blacklist unblock 9.1.2.3",
    ),
    argument(
        "unblock addresses@",
        "Addresses or networks, as they were blocked",
        "차단할 때 지정한 IP 또는 대역",
    ),
    argument(
        "unblock dry_run@",
        "Show what would change on the list, and change nothing",
        "바꾸지 않고 차단 목록이 어떻게 달라지는지만 표시",
    ),
];
