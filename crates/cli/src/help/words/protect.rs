//! The words of `own` and `known-good`.

use super::{Words, argument, command};

pub(super) const WORDS: &[Words] = &[
    command(
        "own",
        "Name the firm's own networks, which are never served",
        "절대 배포하지 않을 자사 대역을 관리합니다",
        "",
    ),
    command(
        "own list",
        "List the own networks, and the addresses of this server",
        "자사 대역과 이 서버의 주소 목록",
        "blacklist own list",
    ),
    command(
        "own add",
        "Add own networks; private ones too",
        "자사 대역을 추가합니다(사설 대역도 가능)",
        "blacklist own add 198.51.100.0/24 10.0.0.0/8 --note \"head office\"",
    ),
    argument("own add prefixes@", "Addresses, prefixes or ranges", "IP, 대역 또는 범위"),
    argument(
        "own add wide@",
        "Take what is wider than /8, or for IPv6 than /19",
        "/8(IPv6는 /19)보다 넓은 대역도 받음",
    ),
    argument(
        "own add dry_run@",
        "Say what would come and go, change nothing",
        "배포 목록에서 무엇이 바뀔지만 보여 주고 바꾸지 않음",
    ),
    command(
        "own remove",
        "Remove own networks: what is listed there is served again",
        "자사 대역을 제거합니다. 등재되어 있던 IP는 다시 배포됩니다",
        "blacklist own remove 198.51.100.0/24 --dry-run",
    ),
    argument("own remove prefixes@", "As they stand in the list", "목록에 있는 그대로의 대역"),
    argument(
        "own remove dry_run@",
        "Say what would come and go, change nothing",
        "배포 목록에서 무엇이 바뀔지만 보여 주고 바꾸지 않음",
    ),
    command(
        "known-good",
        "Load lists of addresses that everybody uses and that are never served",
        "누구나 쓰는 정상 IP 목록을 관리합니다. 목록의 IP는 배포하지 않습니다",
        "",
    ),
    command(
        "known-good list",
        "List the known-good lists and how many listings they hold back",
        "정상 목록과 목록별로 배포에서 빠진 등재 수",
        "blacklist known-good list",
    ),
    command(
        "known-good show",
        "Show a list, its prefixes and the listings that it holds back",
        "정상 목록 하나의 대역과 그 때문에 배포되지 않는 등재",
        "blacklist known-good show public-resolvers",
    ),
    argument("known-good show name@", "Its name", "목록 이름"),
    argument("known-good show limit@", "How many prefixes and listings", "보여 줄 대역과 등재 수"),
    command(
        "known-good load",
        "Load a list from a file, in the place of the one of its name",
        "파일에서 정상 목록을 불러옵니다. 같은 이름의 목록은 바뀝니다",
        "blacklist known-good load cloudflare.json --name cloudflare --dry-run\n\
         blacklist known-good load resolvers.txt --name our-resolvers",
    ),
    argument(
        "known-good load file@",
        "A MISP warninglist (JSON), or a text with one address or prefix a line",
        "MISP warninglist(JSON) 또는 한 줄에 IP나 대역 하나인 파일",
    ),
    argument(
        "known-good load name@",
        "Its name: a-z, 0-9, '.', '_', '-'",
        "목록 이름: a-z, 0-9, '.', '_', '-'",
    ),
    argument(
        "known-good load dry_run@",
        "Say what would come and go, change nothing",
        "배포 목록에서 무엇이 바뀔지만 보여 주고 바꾸지 않음",
    ),
    command(
        "known-good install",
        "Load the lists that come with the program, but none that was ever loaded or removed here",
        "프로그램에 포함된 목록을 불러옵니다. 불러왔거나 제거한 적이 있는 목록은 건너뜁니다",
        "blacklist known-good install",
    ),
    command(
        "known-good enable",
        "Use a list",
        "정상 목록을 사용합니다",
        "blacklist known-good enable cloudflare",
    ),
    argument("known-good enable name@", "Its name", "목록 이름"),
    argument(
        "known-good enable dry_run@",
        "Say what would come and go, change nothing",
        "배포 목록에서 무엇이 바뀔지만 보여 주고 바꾸지 않음",
    ),
    command(
        "known-good disable",
        "Keep a list and do not use it: what it holds back is served",
        "정상 목록을 사용하지 않고 보관만 합니다. 빠져 있던 IP가 배포됩니다",
        "blacklist known-good disable cloudflare --dry-run",
    ),
    argument("known-good disable name@", "Its name", "목록 이름"),
    argument(
        "known-good disable dry_run@",
        "Say what would come and go, change nothing",
        "배포 목록에서 무엇이 바뀔지만 보여 주고 바꾸지 않음",
    ),
    command(
        "known-good remove",
        "Remove a list: what it holds back is served",
        "정상 목록을 제거합니다. 빠져 있던 IP가 배포됩니다",
        "blacklist known-good remove cloudflare",
    ),
    argument("known-good remove name@", "Its name", "목록 이름"),
    argument(
        "known-good remove dry_run@",
        "Say what would come and go, change nothing",
        "배포 목록에서 무엇이 바뀔지만 보여 주고 바꾸지 않음",
    ),
];
