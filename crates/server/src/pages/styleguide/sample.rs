//! The invented numbers of the style guide.

use blocklist::Serial;
use prefix::Net;
use store::Role;

use super::super::assets::Assets;
use super::super::chart::hilbert::{Scope, links};
use super::super::chart::{Lane, Mark, Series, Span, Spark, Strip, Timeline, Trend};
use super::super::parts::{
    BarList, Column, Confirm, Empty, Field, Figure, Figures, Flow, Head, Node, Notice, Pager, Side, Sort,
    Step, Tab, Tabs, Todo, Verdict,
};
use super::super::shell::Who;
use super::super::{Address, Badge, Level, Markup, Page, Shell, Theme, View};
use super::Styleguide;

pub(super) fn shell(view: View, theme: Theme) -> Shell {
    let badge = |page, count, level| Badge { page, count, level };
    Shell {
        who: Some(Who { name: "night-op".into(), role: Role::Operator }),
        view,
        theme,
        csrf: "token".into(),
        path: "/?q=1&page=2".into(),
        turn: 0,
        page: Page::Dashboard,
        badges: vec![
            badge(Page::Collect, 1, Level::Warn),
            badge(Page::Devices, 1, Level::Bad),
            badge(Page::Logs, 0, Level::Bad),
        ],
        version: "2.0.0",
        serial: Some(Serial(812)),
        assets: Assets::new().urls(),
    }
}

pub(super) fn page(shell: &Shell) -> Styleguide<'_> {
    let view = shell.view;
    let address = Address::of(&"/ip?state=active&sort=-end&after=9".parse().unwrap());
    let columns = vec![
        Column::sorted("ip", "대역/IP"),
        Column::plain("수집처"),
        Column::plain("사유"),
        Column::plain("상태"),
        Column::sorted("end", "끝").number(),
    ];
    let (sources, devices) = (sources(view), devices(view));
    let levels = |nodes: &[Node]| nodes.iter().map(|node| node.level).collect();
    Styleguide {
        shell,
        verdict: verdict(shell),
        figures: figures(),
        inward: Flow { side: Side::Sources, levels: levels(&sources) },
        outward: Flow { side: Side::Devices, levels: levels(&devices) },
        sources,
        devices,
        trend: trend(view),
        map: "/map.png".into(),
        links: links(
            Scope::of(Net::new(0, 0).unwrap()).unwrap(),
            |net| format!("/?map={net}"),
            |net| net.to_string(),
        ),
        bars: BarList::of([("US 미국", 6_963), ("CN 중국", 4_139), ("AU 호주", 491)].map(|(name, count)| {
            (name.to_owned(), count, Address::new("/ip").with("country", &name[..2]).to_string())
        })),
        timeline: timeline(view),
        tabs: Tabs {
            label: "게시본".into(), tabs: vec![tab("게시본", "812", true), tab("보류", "", false)]
        },
        head: Head { sort: Some(Sort::of(&address, &columns, "ip")), columns, address: address.clone() },
        pager: Pager::of(shell.words(), "26,624건 중 100건".into(), &address, Some("18"))
            .with_csv(address.with("format", "csv")),
        steps: steps(),
        notice: Notice {
            level: Level::Bad,
            says: "SECUDIUM에 로그인하지 못했습니다.".into(),
            more: Markup::text("차단은 그대로입니다. 비밀번호를 확인하고 다시 검증하세요."),
        },
        empty: Empty {
            says: "아직 등록한 장비가 없습니다.".into(),
            hint: "장비를 등록하면 여기에서 어느 게시본을 받아 갔는지 볼 수 있습니다.".into(),
            act: Some(("장비 등록".into(), "/devices/new".into())),
        },
        fields: fields(),
        confirm: Confirm {
            shell,
            says: "214건이 12대 장비에서 빠집니다.".into(),
            undo: "허용 항목을 지우면 되돌아갑니다.".into(),
            action: "/allow".into(),
            fields: vec![("prefix".into(), "198.51.100.0/24".into())],
            button: "허용".into(),
            back: "/allow".into(),
        },
        address: "198.51.100.7".parse().unwrap(),
        at: view.now.plus_seconds(-180),
    }
}

fn tab(name: &str, count: &str, is_open: bool) -> Tab {
    Tab { name: name.into(), href: "/publications".into(), count: count.into(), is_open }
}

fn verdict(shell: &Shell) -> Verdict {
    let todo = |says: &str, act: &str| Todo { says: says.into(), act: act.into(), href: "/collect".into() };
    Verdict {
        level: Level::Warn,
        says: "차단은 정상입니다.".into(),
        but: "사람 손이 필요한 일이 2건 있습니다.".into(),
        below: Markup::trusted("게시본 <b>#812</b> · 26,624건 · 1분 전 게시 · 장비 14대 중 13대가 최신"),
        todo: vec![
            todo("SECUDIUM이 OTP를 기다립니다", "입력"),
            todo("FW-지점-7이 3시간째 받아가지 않습니다", "점검"),
        ],
        search: shell.search(),
    }
}

fn figures() -> Figures {
    let spark = |step: u64| Some(Spark((0..30).map(|at| 400 + at * 3 + at * step % 17).collect()));
    let figure = |label: &str, value: &str, level, spark| Figure {
        label: label.into(),
        value: value.into(),
        level,
        href: "/ip".into(),
        spark,
    };
    Figures {
        label: "지금".into(),
        figures: vec![
            figure("차단 중", "26,624", Level::Plain, spark(5)),
            figure("오늘 신규", "+131", Level::Plain, spark(7)),
            figure("오늘 해제", "−88", Level::Plain, spark(11)),
            figure("보류", "1", Level::Warn, spark(3)),
            figure("24시간 수신", "4,912", Level::Plain, spark(13)),
        ],
    }
}

fn sources(view: View) -> Vec<Node> {
    let source = |name: &str, kind: &str, figure: &str, level, state: &str, note: &str| {
        let mut runs = vec![Level::Ok; 30];
        if level != Level::Ok {
            runs[27..].fill(level);
        }
        Node {
            level,
            href: format!("/collect/{name}"),
            name: name.into(),
            kind: kind.into(),
            figure: figure.into(),
            strip: Some(Strip { runs, label: "최근 30회".into() }),
            state: state.into(),
            age: view.ago(view.now.plus_seconds(-2_280)),
            note: Markup::text(note),
        }
    };
    vec![
        source("REGTECH", "금융보안원", "18,742", Level::Ok, "정상", "다음 02:00"),
        source("SECUDIUM", "SK쉴더스", "5,211", Level::Warn, "사람 필요", "OTP 6자리를 입력하세요"),
        source("ipsum", "URL · 텍스트", "2,630", Level::Ok, "정상", "다음 04:10"),
        source("수동", "분석가 3명", "41", Level::Plain, "꺼짐", ""),
    ]
}

fn devices(view: View) -> Vec<Node> {
    let device = |name: &str, kind: &str, figure: &str, level, state: &str, note: &str| Node {
        level,
        href: "/devices/1".into(),
        name: name.into(),
        kind: kind.into(),
        figure: figure.into(),
        strip: None,
        state: state.into(),
        age: view.ago(view.now.plus_seconds(-60)),
        note: Markup::text(note),
    };
    vec![
        device("FW-본점-1", "FortiGate 600F · 7.4.5", "#812", Level::Ok, "최신", ""),
        device("FW-본점-2", "FortiGate 600F · 7.4.5", "#812", Level::Ok, "최신", ""),
        device("PA-DMZ", "PA-3250 · PAN-OS 11", "#811", Level::Ok, "1 뒤", "50,000 한도 · 0건 잘림"),
        device("FW-지점-7", "FortiGate 60F · 7.2", "#790", Level::Bad, "22 뒤", "3시간째 받아가지 않음"),
    ]
}

fn trend(view: View) -> Trend {
    const DAYS: u64 = 90;
    let times: Vec<_> = (0..DAYS).map(|day| view.now.plus_seconds((day as i64 - 89) * 86_400)).collect();
    let series = |name: &str, first: u64, wave: u64| Series {
        name: name.into(),
        values: (0..DAYS)
            .map(|day| first + day * wave + day * day % 97 + if day > 62 { wave * 60 } else { 0 })
            .collect(),
    };
    Trend {
        label: "90일 차단 추세".into(),
        marks: vec![Mark { at: times[63], says: "급증 2,492건 · 보류 후 승인".into() }],
        times,
        series: vec![series("REGTECH", 12_000, 42), series("SECUDIUM", 4_200, 6), series("그 밖", 1_900, 4)],
        view,
    }
}

fn timeline(view: View) -> Timeline {
    let span = |from: i64, until: Option<i64>, level| Span {
        from: view.now.plus_seconds(-from * 3_600),
        until: until.map(|until| view.now.plus_seconds(-until * 3_600)),
        level,
        says: "정상".into(),
    };
    let lane = |name: &str, spans| Lane { name: name.into(), spans };
    Timeline {
        label: "24시간 신선도".into(),
        width: 360,
        from: view.now.plus_seconds(-86_400),
        to: view.now,
        lanes: vec![
            lane("REGTECH", vec![span(30, Some(12), Level::Ok), span(11, None, Level::Ok)]),
            lane("SECUDIUM", vec![span(24, Some(6), Level::Ok), span(6, None, Level::Warn)]),
            lane("ipsum", vec![span(20, Some(20), Level::Bad)]),
        ],
        view,
    }
}

fn steps() -> Vec<Step> {
    let step = |name: &str, level, verdict: &str, detail: &str, is_off| Step {
        name: name.into(),
        level,
        verdict: verdict.into(),
        detail: Markup::text(detail),
        is_off,
    };
    vec![
        step("원본 행", Level::Ok, "받음", "REGTECH 4,211행", false),
        step("검증", Level::Ok, "통과", "", false),
        step("허용목록", Level::Bad, "제외", "본사 회선, 12-31까지", false),
        step("정책", Level::Plain, "–", "", true),
        step("게시본 #812", Level::Plain, "–", "", true),
    ]
}

fn fields() -> Vec<Field> {
    vec![
        Field::line("prefix", "대역/IP")
            .example("198.51.100.0/24")
            .wrong(Some("대역이 아닙니다: 198.51.100"))
            .value("198.51.100"),
        Field::choice("role", "권한", [("viewer", "조회자"), ("operator", "운영자")]).value("operator"),
        Field::text("reason", "사유").hint("감사 기록에 남습니다.").value("본사 <회선>").required(),
        Field::password("password", "비밀번호", "current-password"),
        Field::tick("enabled", "사용", true),
    ]
}
