//! The words of `collect` and `source`.

use super::{Words, argument, command};

pub(super) const WORDS: &[Words] = &[
    command(
        "collect",
        "Read sources now; exit code 4 when some failed, 3 when all did",
        "수집처를 지금 수집합니다. 일부가 실패하면 종료 코드 4, 모두 실패하면 3",
        "blacklist collect\nblacklist collect regtech --since 2026-01-01 --until 2026-03-31\nblacklist collect --dry-run --json",
    ),
    argument(
        "collect sources@",
        "Which sources [default: every enabled one that is fetched]",
        "수집처 이름 [기본값: 자동 수집 대상 중 사용 중인 모든 수집처]",
    ),
    argument(
        "collect since@",
        "Portals: from this day [default: what no good run has covered]",
        "포털: 시작일 [기본값: 아직 수집하지 못한 기간부터]",
    ),
    argument("collect until@", "Portals: to this day [default: today]", "포털: 종료일 [기본값: 오늘]"),
    argument(
        "collect dry_run@",
        "Fetch and read, say what would happen, change nothing",
        "가져와서 무엇이 바뀔지만 보여 주고 바꾸지 않음",
    ),
    command("source", "Set up the sources and look at them", "수집처를 설정하고 살펴봅니다", ""),
    command(
        "source list",
        "List the sources: what is kept of each, when it runs, what needs a person",
        "수집처별 등재 현황, 다음 실행, 조치할 사항",
        "blacklist source list",
    ),
    command(
        "source show",
        "Show a source, its settings, its rules in the policy, its last runs and what they refused",
        "수집처 하나의 설정, 정책 규칙, 최근 실행, 거부된 행",
        "blacklist source show regtech --runs 5",
    ),
    argument("source show name@", "Its name", "수집처 이름"),
    argument(
        "source show all@",
        "Show the settings that stand at their defaults too",
        "기본값인 설정도 모두 표시",
    ),
    argument("source show runs@", "How many runs", "보여 줄 실행 수"),
    argument(
        "source show refused@",
        "How many refused rows of the last run",
        "보여 줄 거부 행 수(마지막 실행)",
    ),
    command(
        "source add",
        "Add a source that is fetched. Where its kind names no end dates, the policy gets an end rule for it",
        "자동으로 수집할 수집처를 추가합니다. 종료일을 알려 주지 않는 종류이면 정책에 종료 규칙도 넣습니다",
        "blacklist source add regtech --kind regtech\n\
         blacklist source add ours --kind url url=https://feeds.example/list.txt schedule=15m\n\
         blacklist source add drop --kind directory path=/srv/drop mode=add\n\
         blacklist source add spamhaus --template spamhaus-drop-v4",
    ),
    argument("source add name@", "Its name", "수집처 이름"),
    argument("source add kind@", "How it is read:", "읽는 방법:"),
    argument(
        "source add template@",
        "A public list with ready settings, see `source templates`",
        "설정이 준비된 공개 목록(`source templates` 참고)",
    ),
    argument(
        "source add settings@",
        "Settings, see `source settings`; a password is none of them",
        "설정(`source settings` 참고). 비밀번호는 여기에 쓰지 않음",
    ),
    command(
        "source set",
        "Change settings of a source; an empty value is the default again",
        "수집처 설정을 바꿉니다. 값을 비우면 기본값으로 되돌립니다",
        "blacklist source set ours schedule=1h confidence=80\nblacklist source set ours confidence=",
    ),
    argument("source set name@", "Its name", "수집처 이름"),
    argument("source set settings@", "Settings, see `source settings`", "설정(`source settings` 참고)"),
    command(
        "source remove",
        "Remove a source: its listings go, its runs and history stay",
        "수집처를 제거합니다. 등재는 빠지고 수집 실행과 이력은 남습니다",
        "blacklist source remove ours --yes",
    ),
    argument("source remove name@", "Its name", "수집처 이름"),
    argument("source remove yes@", "Do it", "확인(실제로 제거)"),
    command(
        "source enable",
        "Let runs of a source start by themselves",
        "수집처의 자동 수집을 켭니다",
        "blacklist source enable ours",
    ),
    argument("source enable name@", "Its name", "수집처 이름"),
    command(
        "source disable",
        "Let no run of a source start by itself; its listings stay",
        "수집처의 자동 수집을 끕니다. 등재는 그대로 둡니다",
        "blacklist source disable ours",
    ),
    argument("source disable name@", "Its name", "수집처 이름"),
    command(
        "source test",
        "Fetch and read a source once, and change nothing",
        "한 번 가져와 읽어 보기만 하고 아무것도 바꾸지 않습니다",
        "blacklist source test ours",
    ),
    argument("source test name@", "Its name", "수집처 이름"),
    command(
        "source settings",
        "What can be set for a source of each kind",
        "종류별로 설정할 수 있는 항목",
        "blacklist source settings\nblacklist source settings url",
    ),
    argument("source settings kind@", "Only of this kind", "이 종류만 표시"),
    command(
        "source templates",
        "Public lists with ready settings, and what their publishers ask for",
        "설정이 준비된 공개 목록과 이용 조건",
        "blacklist source templates",
    ),
];
