//! Hosts: packet filters, proxies, and whatever can run curl. Each fetches with a script that keeps what it has when anything
//! goes wrong, and asks for the list only when it changed.

use blocklist::consumer::Vendor;

use super::{Piece, Recipe, Text};

/// They.
pub(super) const RECIPES: &[Recipe] = &[NFTABLES, IPSET, HAPROXY, NGINX, GENERIC];

/// Arguments of a program are seen by everybody on the machine, a file of root's is not.
const CURL: Piece = Piece {
    title: ("/etc/blacklist.curl (chmod 600)", "/etc/blacklist.curl (chmod 600)"),
    text: r#"url = "{url}"
user = "{user}:{secret}"
"#,
};

const TIMER: Piece = Piece {
    title: (
        "/etc/systemd/system/blacklist.timer와 blacklist.service",
        "/etc/systemd/system/blacklist.timer and blacklist.service",
    ),
    text: r"# blacklist.timer
[Timer]
OnBootSec=30
OnUnitActiveSec=5min
RandomizedDelaySec=30
[Install]
WantedBy=timers.target

# blacklist.service
[Unit]
Wants=network-online.target
After=network-online.target
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/blacklist-update

# then
systemctl daemon-reload
systemctl enable --now blacklist.timer
",
};

const SCRIPT: Text =
    ("/usr/local/sbin/blacklist-update (chmod 700)", "/usr/local/sbin/blacklist-update (chmod 700)");

const KEEPS: Text = (
    "서버에 연결되지 않거나 파일이 잘못되면 쓰던 목록을 그대로 둡니다. 바뀐 것이 없으면 304만 받습니다.",
    "When the server cannot be reached or a file is bad, the list in use stays. When nothing changed, only a 304 is sent.",
);

const NFTABLES: Recipe = Recipe {
    vendor: Vendor::Nftables,
    format: "nftables",
    query: "",
    cap: None,
    is_tried: true,
    pieces: &[
        CURL,
        Piece {
            title: SCRIPT,
            text: r"#!/bin/sh
set -eu
umask 077
mkdir -p /var/lib/blacklist
cd /var/lib/blacklist
# After a restart: what was loaded last, whether the server answers or not.
if [ -s list.nft ] && ! nft list table inet blacklist > /dev/null 2>&1; then nft -f list.nft; fi
[ -e etag ] || : > etag
rm -f new.nft
curl -fsS --config /etc/blacklist.curl --etag-compare etag --etag-save etag.new -o new.nft
[ -s new.nft ] || exit 0
nft -c -f new.nft
nft -f new.nft
mv new.nft list.nft
mv etag.new etag
",
        },
        TIMER,
    ],
    notes: &[
        KEEPS,
        (
            "자기 표(inet blacklist)만 바꾸고 다른 규칙은 건드리지 않습니다. 이 호스트로 들어오는 것만 막습니다. 이 표는 갱신할 때마다 새로 만들어지므로, 지나가는 것까지 막을 라우터는 plain 형식으로 자기 표를 채워 forward 체인에서 쓰십시오.",
            "It changes its own table, inet blacklist, and nothing else, and stops what comes to this host. That table is made anew each time: a router fills one of its own from the plain format, for its forward chain.",
        ),
        (
            "파일 하나가 한 번에 적용되므로 중간 상태가 없습니다. 13만 건에 약 1초, 메모리 100 MB 안팎이 듭니다.",
            "A file is applied in one go, so there is no state between. 130,000 entries take about a second and 100 MB.",
        ),
    ],
};

const IPSET: Recipe = Recipe {
    vendor: Vendor::Ipset,
    format: "ipset",
    query: "",
    cap: None,
    is_tried: false,
    pieces: &[
        CURL,
        Piece {
            title: SCRIPT,
            text: r"#!/bin/sh
set -eu
umask 077
mkdir -p /var/lib/blacklist
cd /var/lib/blacklist
rules() {
  iptables -t raw -C PREROUTING -m set --match-set bl4 src -j DROP 2> /dev/null ||
    iptables -t raw -I PREROUTING -m set --match-set bl4 src -j DROP
  ip6tables -t raw -C PREROUTING -m set --match-set bl6 src -j DROP 2> /dev/null ||
    ip6tables -t raw -I PREROUTING -m set --match-set bl6 src -j DROP
}
# After a restart: what was loaded last, whether the server answers or not.
if [ -s list.ipset ] && ! ipset list -n bl4 > /dev/null 2>&1; then ipset restore < list.ipset; rules; fi
[ -e etag ] || : > etag
rm -f new.ipset
curl -fsS --config /etc/blacklist.curl --etag-compare etag --etag-save etag.new -o new.ipset
[ -s new.ipset ] || exit 0
ipset restore < new.ipset
rules
mv new.ipset list.ipset
mv etag.new etag
",
        },
        TIMER,
    ],
    notes: &[
        KEEPS,
        (
            "임시 집합을 채운 뒤 swap으로 바꿉니다. restore가 중간에 멈춰도 쓰던 집합은 그대로입니다.",
            "A set beside the live one is filled and then swapped in: a restore that stops half way leaves the live set as it was.",
        ),
        (
            "bl4, bl6을 다른 도구가 이미 만들어 두었다면 먼저 지우십시오. 최대 크기가 다르면 restore가 멈춥니다.",
            "Where another tool made sets named bl4 and bl6, destroy them first: with another size the restore stops.",
        ),
    ],
};

const HAPROXY: Recipe = Recipe {
    vendor: Vendor::Haproxy,
    format: "plain",
    query: "",
    cap: None,
    is_tried: false,
    pieces: &[
        CURL,
        Piece {
            title: SCRIPT,
            text: r"#!/bin/sh
set -eu
umask 022
mkdir -p /var/lib/blacklist
cd /var/lib/blacklist
list=/etc/haproxy/blacklist.lst
[ -e $list ] || : > $list
[ -e etag ] || : > etag
rm -f new
curl -fsS --config /etc/blacklist.curl --etag-compare etag --etag-save etag.new -o new
[ -s new ] || exit 0
cp $list old
cp new $list
if ! haproxy -c -q -f /etc/haproxy/haproxy.cfg; then cp old $list; exit 1; fi
systemctl reload haproxy
mv etag.new etag
",
        },
        Piece {
            title: ("/etc/haproxy/haproxy.cfg의 frontend", "In the frontends of /etc/haproxy/haproxy.cfg"),
            text: r"    tcp-request connection reject if { src -f /etc/haproxy/blacklist.lst }
",
        },
        TIMER,
    ],
    notes: &[
        KEEPS,
        (
            "스크립트를 한 번 실행해 파일을 만든 뒤에 frontend 줄을 넣으십시오. 파일이 없으면 HAProxy가 시작하지 않습니다.",
            "Run the script once before you add the line to the frontends: without the file HAProxy does not start.",
        ),
        (
            "앞에 다른 프록시가 있으면 src는 그 프록시의 주소입니다. PROXY 프로토콜(accept-proxy)을 쓰거나 헤더로 판단하십시오.",
            "Behind another proxy, src is that proxy: use the PROXY protocol (accept-proxy), or decide by a header.",
        ),
    ],
};

/// `geo` and not `deny`: a row of `deny` is gone through for each request, a `geo` is a tree.
const NGINX: Recipe = Recipe {
    vendor: Vendor::Nginx,
    format: "plain",
    query: "",
    cap: None,
    is_tried: true,
    pieces: &[
        CURL,
        Piece {
            title: SCRIPT,
            text: r"#!/bin/sh
set -eu
umask 022
mkdir -p /var/lib/blacklist
cd /var/lib/blacklist
list=/etc/nginx/blacklist.geo
[ -e $list ] || : > $list
[ -e etag ] || : > etag
rm -f new
curl -fsS --config /etc/blacklist.curl --etag-compare etag --etag-save etag.new -o new
[ -s new ] || exit 0
cp $list old
sed 's/$/ 1;/' new > $list
if ! nginx -t -q; then cp old $list; exit 1; fi
systemctl reload nginx
mv etag.new etag
",
        },
        Piece {
            title: ("http 블록과 server 블록", "In the http block and in the server blocks"),
            text: r"# http
geo $blacklisted {
    default 0;
    include /etc/nginx/blacklist.geo;
}

# server
if ($blacklisted) { return 403; }
",
        },
        TIMER,
    ],
    notes: &[
        KEEPS,
        (
            "deny 줄은 요청마다 처음부터 비교하므로 수천 건부터 느려집니다. 몇백 건이면 sed 's/.*/deny &;/'로 만들어 include해도 됩니다.",
            "A row of deny lines is compared one by one for each request. For some hundreds, sed 's/.*/deny &;/' and an include will do.",
        ),
        (
            "앞에 로드 밸런서가 있으면 realip 모듈(set_real_ip_from)로 실제 주소를 먼저 되찾아야 합니다.",
            "Behind a load balancer the real address has to be restored first, with set_real_ip_from.",
        ),
    ],
};

/// Also what a make without a recipe of its own would get.
pub(super) const GENERIC: Recipe = Recipe {
    vendor: Vendor::Generic,
    format: "plain",
    query: "",
    cap: None,
    is_tried: true,
    pieces: &[
        Piece {
            title: (
                "비밀번호로 (HTTP Basic): curl -fsS -K blacklist.curl",
                "By password (HTTP Basic): curl -fsS -K blacklist.curl",
            ),
            text: r#"# blacklist.curl (chmod 600)
url = "{url}"
user = "{user}:{secret}"
"#,
        },
        Piece {
            title: ("헤더로", "By a header"),
            text: r#"# blacklist.curl (chmod 600)
url = "{url}"
header = "Authorization: Bearer {secret}"
# or: header = "X-Api-Key: {secret}"
"#,
        },
        Piece {
            title: ("주소만 넣을 수 있을 때", "Where only an address can be given"),
            text: "{token_url}\n",
        },
    ],
    notes: &[
        (
            "셋 중 장비가 할 수 있는 것 하나만 쓰십시오. 주소에 넣은 비밀키는 프록시와 장비의 로그에 남습니다.",
            "Use the one that the device can do. A secret in an address stays in logs of proxies and devices.",
        ),
        (
            "응답이 200일 때만 파일을 바꾸고, 빈 파일로는 바꾸지 마십시오. If-None-Match를 보내면 바뀌었을 때만 내려받습니다.",
            "Replace your file on 200 alone, never by an empty one. With If-None-Match it is sent only when it changed.",
        ),
        (
            "다른 형식이 필요하면 주소 끝의 plain을 json, ndjson, csv로 바꾸고, 한쪽 주소만 필요하면 ?family=4나 ?family=6을 붙입니다.",
            "For another format put json, ndjson or csv for plain; for one family add ?family=4 or ?family=6.",
        ),
    ],
};
