//! Firewalls that fetch a list by themselves.

use blocklist::consumer::Vendor;

use super::{Piece, Recipe};

/// They.
pub(super) const RECIPES: &[Recipe] = &[FORTIGATE, PALO_ALTO, CHECK_POINT, CISCO, JUNIPER, SOPHOS, SONICWALL];

const FORTIGATE: Recipe = Recipe {
    vendor: Vendor::Fortigate,
    format: "fortigate",
    query: "",
    cap: Some(131_072),
    is_tried: false,
    pieces: &[
        Piece {
            title: ("위협 피드 등록 (CLI)", "The threat feed (CLI)"),
            text: r#"config system external-resource
    edit "blacklist"
        set type address
        set resource "{url}"
        set username "{user}"
        set password {secret}
        set server-identity-check full
        set refresh-rate 5
    next
end
"#,
        },
        Piece {
            title: ("차단 정책", "The policy that denies"),
            text: r#"config firewall policy
    edit 0
        set name "blacklist-deny"
        set srcintf "any"
        set dstintf "any"
        set srcaddr "blacklist"
        set dstaddr "all"
        set service "ALL"
        set schedule "always"
        set action deny
        set logtraffic all
    next
end
"#,
        },
        Piece {
            title: ("확인", "To see that it works"),
            text: r#"diagnose sys external-resource stats
diagnose sys external-address-resource list "blacklist"
"#,
        },
    ],
    notes: &[
        (
            "차단 정책을 허용 정책보다 위로 옮기십시오. 나가는 트래픽도 막으려면 dstaddr에 같은 목록을 넣은 정책을 하나 더 만듭니다.",
            "Move the policy above those that accept. To stop traffic to listed addresses as well, add one with the list as dstaddr.",
        ),
        (
            "한도는 목록 하나에 131,072건 또는 10 MB입니다. 7.4.4부터는 IP 목록 전체를 합해 300,000건이고, 넘치면 나중에 받은 항목이 잘립니다.",
            "A list holds 131,072 entries or 10 MB. From 7.4.4 all address lists together hold 300,000, and what came last is cut.",
        ),
        (
            "서버에 연결되지 않으면 받아 둔 목록을 계속 씁니다. server-identity-check full은 서버 인증서를 발급한 CA가 장비에 있어야 통과합니다.",
            "While the server cannot be reached, the device goes on with the list it has. server-identity-check full needs the CA of the server's certificate on the device.",
        ),
    ],
};

const PALO_ALTO: Recipe = Recipe {
    vendor: Vendor::PaloAlto,
    format: "paloalto",
    query: "",
    cap: Some(50_000),
    is_tried: false,
    pieces: &[
        Piece {
            title: (
                "외부 동적 목록(EDL) 등록 (configure 모드)",
                "The external dynamic list (configure mode)",
            ),
            text: r"set external-list blacklist type ip url {url}
set external-list blacklist type ip recurring five-minute
set external-list blacklist type ip certificate-profile <profile>
set external-list blacklist type ip auth username {user}
set external-list blacklist type ip auth password {secret}
",
        },
        Piece {
            title: ("차단 정책", "The rule that denies"),
            text: r"set rulebase security rules blacklist-deny from any to any source blacklist destination any
set rulebase security rules blacklist-deny application any service any action deny log-end yes
move rulebase security rules blacklist-deny top
commit
",
        },
        Piece {
            title: ("확인 (operational 모드)", "To see that it works (operational mode)"),
            text: r"request system external-list refresh type ip name blacklist
request system external-list show type ip name blacklist
",
        },
    ],
    notes: &[
        (
            "인증이 거절되면(401) PAN-OS는 목록 적용을 멈춥니다. 비밀키는 겹치는 기간을 두고 바꾸고, 장비를 끄거나 지우기 전에 먼저 정책에서 EDL을 빼십시오.",
            "On 401 PAN-OS stops enforcing the list. Change secrets with an overlap, and take the list out of the rules before you switch this device off or remove it.",
        ),
        (
            "사용자 인증은 HTTPS 주소와 인증서 프로필(서버를 발급한 CA)이 있을 때만 됩니다. <profile>에 프로필 이름을 넣으십시오.",
            "A user and password need an https address and a certificate profile with the server's CA: put its name for <profile>.",
        ),
        (
            "IP 목록 합계 한도는 대부분의 모델이 50,000건, 상위 모델은 150,000건입니다. 넘친 항목은 적용하지 않고 시스템 로그에 남깁니다.",
            "Most models take 50,000 entries in all address lists, large ones 150,000. The rest is not enforced and the system log says so.",
        ),
    ],
};

const CHECK_POINT: Recipe = Recipe {
    vendor: Vendor::CheckPoint,
    format: "plain",
    query: "",
    cap: None,
    is_tried: false,
    pieces: &[Piece {
        title: ("네트워크 피드 등록 (관리 서버)", "The network feed (management server)"),
        text: r#"mgmt_cli login > sid.txt
mgmt_cli -s sid.txt add network-feed name "blacklist" \
  feed-url "{url}" feed-format "Flat List" feed-type "IP Address" \
  username "{user}" password "{secret}" update-interval 5
mgmt_cli -s sid.txt publish
mgmt_cli -s sid.txt logout
rm sid.txt
"#,
    }],
    notes: &[
        (
            "R81.20부터 됩니다. 'blacklist'를 출발지로 하는 Drop 규칙을 맨 위에 두고 정책을 한 번 설치하면, 그 뒤 갱신은 게이트웨이가 스스로 받습니다. VSX에서는 쓸 수 없습니다.",
            "Needs R81.20. Put a drop rule with 'blacklist' as its source at the top and install the policy once; gateways fetch updates by themselves. Not on VSX.",
        ),
        (
            "IPv6 지원은 버전에 따라 다릅니다. 받지 못하면 주소 끝에 ?family=4를 붙이십시오.",
            "Whether IPv6 is taken depends on the version. Where it is not, end the address with ?family=4.",
        ),
        (
            "비밀키가 셸 이력에 남지 않게 'history -d'로 지우거나 SmartConsole에서 같은 값으로 만드십시오.",
            "The shell keeps what was typed: take the line out of its history, or make the object in SmartConsole with the same values.",
        ),
    ],
};

const CISCO: Recipe = Recipe {
    vendor: Vendor::Cisco,
    format: "plain",
    query: "",
    cap: None,
    is_tried: false,
    pieces: &[Piece {
        title: ("보안 인텔리전스 피드 (FMC)", "Security Intelligence feed (FMC)"),
        text: r"Objects > Object Management > Security Intelligence > Network Lists and Feeds > Add
  Name              blacklist
  Type              Feed
  Feed URL          {token_url}
  MD5 URL           -
  Update Frequency  30 minutes
",
    }],
    notes: &[
        (
            "접근 제어 정책의 Security Intelligence에서 이 피드를 Block 목록에 넣고 배포하십시오.",
            "Put the feed on the block list in Security Intelligence of the access control policy, and deploy.",
        ),
        (
            "FMC의 사용자 피드는 인증 정보를 보낼 수 없어 비밀키가 주소에 들어갑니다. 프록시와 장비 로그에 남을 수 있으니 장비가 읽을 피드를 하나로 정해 두십시오.",
            "A custom feed cannot send credentials, so the secret stands in the address and may stay in logs of proxies: limit the device to one feed.",
        ),
        (
            "FMC가 피드를 대신 받으므로, 장비 주소에는 FMC의 주소를 넣어야 합니다.",
            "It is the FMC that fetches, so its address is the one to name for this device.",
        ),
    ],
};

const JUNIPER: Recipe = Recipe {
    vendor: Vendor::Juniper,
    format: "plain",
    query: "",
    cap: None,
    is_tried: false,
    pieces: &[
        Piece {
            title: ("동적 주소 등록 (configure 모드)", "The dynamic address (configure mode)"),
            text: r"set security dynamic-address feed-server blacklist url {server}
set security dynamic-address feed-server blacklist update-interval 300
set security dynamic-address feed-server blacklist hold-interval 604800
set security dynamic-address feed-server blacklist feed-name blacklist path {token_path}
set security dynamic-address address-name BLACKLIST profile feed-name blacklist
",
        },
        Piece {
            title: ("차단 정책", "The policy that denies"),
            text: r"set security policies global policy blacklist-deny match source-address BLACKLIST
set security policies global policy blacklist-deny match destination-address any
set security policies global policy blacklist-deny match application any
set security policies global policy blacklist-deny then deny
insert security policies global policy blacklist-deny before policy <first-policy>
commit
",
        },
        Piece {
            title: ("확인", "To see that it works"),
            text: r"show security dynamic-address summary
show security dynamic-address address-name BLACKLIST
",
        },
    ],
    notes: &[
        (
            "hold-interval 동안은 서버에 연결되지 않아도 받아 둔 목록을 씁니다. 위 값은 7일입니다.",
            "For the hold-interval the device goes on with the list it has when the server cannot be reached: seven days here.",
        ),
        (
            "수신 기록에 404가 보이면 path 맨 앞의 /를 빼십시오. 주소를 잇는 방식이 버전마다 다릅니다.",
            "Where its pulls show 404, leave out the first slash of the path: versions join the two differently.",
        ),
        (
            "SRX는 HEAD로 변경을 확인하므로 수신 기록에 HEAD 요청이 함께 남습니다. 비밀키가 주소에 들어가니 장비가 읽을 피드를 하나로 정해 두십시오.",
            "SRX asks by HEAD whether the list changed. The secret stands in the address: limit the device to one feed.",
        ),
    ],
};

const SOPHOS: Recipe = Recipe {
    vendor: Vendor::Sophos,
    format: "plain",
    query: "?family=4",
    cap: None,
    is_tried: false,
    pieces: &[Piece {
        title: ("타사 위협 피드 (웹 관리)", "Third-party threat feed (web admin)"),
        text: r"Active threat response > Third-party threat feeds > Add
  Name            blacklist
  Action          Block
  Indicator type  IPv4 address
  External URL    {token_url}
  Polling         Every hour
",
    }],
    notes: &[
        (
            "SFOS 21 이상과 Xstream Protection 구독이 필요합니다. 주석 없는 한 줄에 IPv4 하나만 받으므로 IPv6를 뺀 목록을 보냅니다.",
            "Needs SFOS 21 and Xstream Protection. It takes one IPv4 address a line without comments, so IPv6 is left out.",
        ),
        (
            "대역(CIDR)은 문서상 받지 않습니다. 등록한 뒤 장비가 표시하는 개수를 이 화면의 항목 수와 비교하십시오.",
            "By its documents it takes no networks: compare the count that the device shows with the entries of the feed.",
        ),
        (
            "비밀키가 주소에 들어갑니다. 장비가 읽을 피드를 하나로 정해 두십시오.",
            "The secret stands in the address: limit the device to one feed.",
        ),
    ],
};

const SONICWALL: Recipe = Recipe {
    vendor: Vendor::SonicWall,
    format: "plain",
    query: "",
    cap: Some(25_000),
    is_tried: false,
    pieces: &[Piece {
        title: ("동적 외부 주소 그룹(DEAG)", "Dynamic external address group (DEAG)"),
        text: r"Object > Match Objects > Dynamic Group > Add
  Name             blacklist
  Type             Address Group
  Zone Assignment  WAN
  Enable Periodic Download  on, 5 minutes
  Protocol         HTTPS
  URL              {token_url}
",
    }],
    notes: &[
        (
            "이 그룹을 출발지로 하는 Deny 규칙을 WAN에서 들어오는 규칙의 맨 위에 두십시오.",
            "Put a deny rule with this group as its source above all others that come from WAN.",
        ),
        (
            "IPv6는 문서에 없습니다. family를 4로 정한 피드를 만들어 이 장비에 지정하십시오. 주소는 https://로 시작하고 파일 이름으로 끝나야 해서 ?family=4를 붙일 수 없습니다.",
            "IPv6 is not documented: make a feed with family 4 for it. The address has to begin with https:// and to end with a name, so ?family=4 cannot be added.",
        ),
        (
            "장비 전체 한도는 TZ·NSv 25,000건, NSa 50,000건입니다. 비밀키가 주소에 들어가니 로그 공유에 주의하십시오.",
            "A TZ or NSv holds 25,000 in all, an NSa 50,000. The secret stands in the address: mind logs that are passed on.",
        ),
    ],
};
