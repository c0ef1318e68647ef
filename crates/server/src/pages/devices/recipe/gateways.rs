//! Routers, load balancers and the free firewalls.

use blocklist::consumer::Vendor;

use super::{Piece, Recipe};

/// They.
pub(super) const RECIPES: &[Recipe] = &[MIKROTIK, F5, PFSENSE, OPNSENSE];

/// Two lists in turn: the one that is not in use is filled, and the other is emptied only when the last page came whole. A
/// script that empties first, as is usual, leaves the router open whenever a download breaks off.
const MIKROTIK: Recipe = Recipe {
    vendor: Vendor::Mikrotik,
    format: "plain",
    query: "?family=4",
    cap: Some(20_000),
    is_tried: false,
    pieces: &[
        Piece {
            title: (
                "스크립트 (System > Scripts, 이름 blacklist, 권한 read·write·policy·test)",
                "The script (System > Scripts, named blacklist, policy read, write, policy, test)",
            ),
            text: r#":global blacklistNow
:local size 2000
:local old "blacklist-b"
:local new "blacklist-a"
:if ($blacklistNow = "blacklist-a") do={ :set old "blacklist-a"; :set new "blacklist-b" }
/ip firewall address-list remove [find list=$new]
:local page 0
:local count 0
:local lines $size
:while ($lines = $size) do={
  :set page ($page + 1)
  :set lines 0
  :local got [/tool fetch url=("{url}&limit=" . $size . "&page=" . $page) http-header-field="Authorization: Bearer {secret}" check-certificate=yes output=user as-value]
  :local text ($got->"data")
  :local from 0
  :while ($from < [:len $text]) do={
    :local to [:find $text "\n" $from]
    :local address [:pick $text $from $to]
    :do { /ip firewall address-list add list=$new address=$address timeout=2d } on-error={}
    :set lines ($lines + 1)
    :set from ($to + 1)
  }
  :set count ($count + $lines)
}
:if ($count > 0) do={
  :set blacklistNow $new
  /ip firewall address-list remove [find list=$old]
  :log info ("blacklist: " . $count . " entries")
}
"#,
        },
        Piece {
            title: ("예약과 차단 규칙 (터미널)", "Timetable and rules (terminal)"),
            text: r"/system scheduler add name=blacklist start-time=startup interval=10m on-event=blacklist
/ip firewall raw add chain=prerouting src-address-list=blacklist-a action=drop
/ip firewall raw add chain=prerouting src-address-list=blacklist-b action=drop
",
        },
    ],
    notes: &[
        (
            "RouterOS 7 기준이고, 서버 인증서를 발급한 CA를 /certificate에 넣어야 합니다. 쓰지 않는 쪽 목록을 다 채운 뒤에 바꾸므로 내려받다 끊겨도 차단이 풀리지 않습니다.",
            "For RouterOS 7, with the CA of the server's certificate under /certificate. The list that is not in use is filled first, so a download that breaks off opens nothing.",
        ),
        (
            "목록은 메모리에만 두고 재시작하면 다시 받습니다. 작은 장비는 10,000~20,000건을 넘기지 마십시오.",
            "The lists are in memory alone and are fetched again after a restart. Small routers should not hold more than 10,000 to 20,000.",
        ),
        (
            "IPv6는 메뉴가 달라 빠져 있습니다. 필요하면 /ipv6 firewall address-list와 family=6으로 스크립트를 하나 더 두십시오.",
            "IPv6 has a menu of its own and is left out: where it is needed, keep a second script with /ipv6 firewall address-list and family=6.",
        ),
    ],
};

const F5: Recipe = Recipe {
    vendor: Vendor::F5,
    format: "plain",
    query: "",
    cap: None,
    is_tried: false,
    pieces: &[
        Piece {
            title: ("/config/blacklist.curl (chmod 600)", "/config/blacklist.curl (chmod 600)"),
            text: r#"url = "{url}"
user = "{user}:{secret}"
"#,
        },
        Piece {
            title: ("/config/blacklist-update (chmod 700)", "/config/blacklist-update (chmod 700)"),
            text: r#"#!/bin/bash
set -eu
umask 077
list=/shared/blacklist.txt
curl -fsS --config /config/blacklist.curl -o "$list.plain"
[ -s "$list.plain" ]
awk '/\// { print "network " $0 ","; next } { print "host " $0 "," }' "$list.plain" > "$list"
if tmsh list sys file data-group blacklist > /dev/null 2>&1; then
  tmsh modify sys file data-group blacklist source-path "file:$list"
else
  tmsh create sys file data-group blacklist type ip source-path "file:$list"
  tmsh create ltm data-group external blacklist external-file-name blacklist
fi
tmsh save sys config
"#,
        },
        Piece {
            title: ("iRule과 예약", "The iRule and the timetable"),
            text: r"when CLIENT_ACCEPTED {
  if { [class match [IP::client_addr] equals blacklist] } { drop }
}

# /etc/cron.d/blacklist
*/10 * * * * root /config/blacklist-update
",
        },
    ],
    notes: &[
        (
            "외부 데이터 그룹으로 넣고 iRule을 가상 서버에 연결합니다. 받기에 실패하면 앞서 넣은 목록이 그대로 남습니다.",
            "The list is an external data group, and the iRule goes to the virtual servers. When fetching fails, the list before it stays.",
        ),
        (
            "AFM의 IP Intelligence feed list는 열이 정해진 CSV만 받으므로 이 주소를 바로 넣을 수 없습니다.",
            "An IP intelligence feed list of AFM takes a CSV of its own only, so this address cannot be given to it.",
        ),
        (
            "이중화 구성이면 두 대 모두에 두십시오. 파일은 구성 동기화와 따로 갱신됩니다.",
            "In a pair, install it on both units.",
        ),
    ],
};

const PFSENSE: Recipe = Recipe {
    vendor: Vendor::Pfsense,
    format: "plain",
    query: "",
    cap: Some(200_000),
    is_tried: false,
    pieces: &[
        Piece {
            title: ("별칭 (웹 관리)", "The alias (web admin)"),
            text: r"Firewall > Aliases > URLs > Add
  Name              blacklist
  Type              URL Table (IPs)
  URL               {token_url}
  Update Freq.      1 (day)
",
        },
        Piece {
            title: (
                "5분마다 받기 (Cron 패키지의 명령)",
                "Every five minutes (a command for the Cron package)",
            ),
            text: r"*/5 * * * *  root  /usr/local/bin/php -q /etc/rc.update_urltables now forceupdate blacklist
",
        },
    ],
    notes: &[
        (
            "WAN 규칙 맨 위에 출발지가 blacklist인 Block 규칙을 두십시오.",
            "Put a block rule with blacklist as its source at the top of the WAN rules.",
        ),
        (
            "표 전체 크기는 System > Advanced > Firewall & NAT의 Firewall Maximum Table Entries(기본 400,000)의 절반을 넘을 수 없습니다.",
            "All tables together may fill half of Firewall Maximum Table Entries (System > Advanced > Firewall & NAT; 400,000 by default).",
        ),
        (
            "별칭 주기는 일 단위뿐이라 더 자주 받으려면 위의 예약이나 pfBlockerNG가 필요합니다. 비밀키가 주소에 들어가니 설정 백업을 공유할 때 주의하십시오.",
            "An alias is fetched daily at most; for more, use the command above or pfBlockerNG. The secret stands in the address: mind backups that are passed on.",
        ),
    ],
};

const OPNSENSE: Recipe = Recipe {
    vendor: Vendor::Opnsense,
    format: "plain",
    query: "",
    cap: None,
    is_tried: false,
    pieces: &[Piece {
        title: ("별칭 (웹 관리)", "The alias (web admin)"),
        text: r"Firewall > Aliases > Add
  Name               blacklist
  Type               URL Table (IPs)
  Refresh Frequency  0 days, 1 hour
  Content            {token_url}
",
    }],
    notes: &[
        (
            "WAN 규칙 맨 위에 출발지가 blacklist인 Block 규칙을 두십시오.",
            "Put a block rule with blacklist as its source at the top of the WAN rules.",
        ),
        (
            "IPv4와 IPv6를 함께 받습니다. 항목이 많으면 Firewall > Settings > Advanced의 Firewall Maximum Table Entries를 늘리십시오.",
            "It takes IPv4 and IPv6 together. With a long list, raise Firewall Maximum Table Entries under Firewall > Settings > Advanced.",
        ),
        (
            "비밀키가 주소에 들어가니 설정 백업을 공유할 때 주의하십시오.",
            "The secret stands in the address: mind backups that are passed on.",
        ),
    ],
};
