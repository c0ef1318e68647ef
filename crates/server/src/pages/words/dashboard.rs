//! What the dashboard says.

use store::HeldState;

use super::{plural, words};
use crate::pages::View;
use crate::pages::show::thousands;

words! {
    /// The words of the dashboard and of the map.
    pub(crate) Dashboard {
        fine: "차단은 정상입니다.", "Blocking is fine.";
        nothing_live: "아직 게시본이 없어 아무것도 차단하지 않습니다.", "Nothing is blocked: there is no publication yet.";
        empty_live: "차단 목록이 비어 있습니다. 빈 목록은 장비에 보내지 않습니다.", "The list is empty. Devices are sent no empty list.";
        no_store: "저장소를 읽지 못합니다. 마지막 게시본의 차단은 계속됩니다.", "The store cannot be read. Blocking goes on with the last publication.";
        counting: "집계하는 중입니다.", "Figures are being computed.";
        as_of: "집계 기준", "As of";

        review: "검토", "Review";
        look: "확인", "Look";
        enter: "입력", "Enter it";
        show_all: "보기", "Show";

        key_figures: "주요 수치", "Key figures";
        blocked: "차단 중", "Blocked";
        day_new: "24시간 신규", "New in 24 h";
        day_gone: "24시간 해제", "Gone in 24 h";
        held: "보류", "Held";
        day_reads: "24시간 장비 수신", "Reads in 24 h";

        flow: "수집처에서 장비까지", "From sources to devices";
        sources: "수집처", "Sources";
        devices: "장비", "Devices";
        no_sources: "등록된 수집처가 없습니다.", "There is no source yet.";
        no_devices: "등록된 장비가 없습니다.", "There is no device yet.";
        no_publication: "게시본 없음", "No publication";
        compare: "이전 게시본과 비교", "Compare with the one before";
        gate_passed: "통과", "passed";
        gate_approved: "승인 후 게시", "approved by people";
        gate_forced: "강제 게시", "overruled";
        gate_back: "되돌린 목록", "brought back";
        gate_frozen: "보류 중 · 기존 목록 유지", "holding, list kept";
        hash: "해시", "Hash";

        standing_fine: "정상", "fine";
        standing_by_hand: "직접 등재", "by hand";
        standing_off: "사용 안 함", "off";
        standing_never: "수집 전", "not run yet";
        standing_running: "수집 중", "running";
        standing_soon: "자격 증명 만료 임박", "credential ends soon";
        standing_stale: "오래됨", "stale";
        standing_failing: "수집 실패", "failing";
        standing_unreadable: "설정 오류", "bad settings";
        standing_ended: "자격 증명 만료", "credential ended";
        standing_person: "사람 필요", "needs a person";
        next: "다음", "next";

        device_off: "사용 안 함", "off";
        device_new: "받아 간 적 없음", "has read nothing";
        device_fine: "최신", "up to date";

        trend: "등재 추세", "Listings by day";
        trend_note: "90일, 수집처별", "90 days, by source";
        trend_soon: "추세는 이틀째부터 보입니다.", "The trend begins on the second day.";
        trend_soon_hint: "하루가 끝날 때마다 수집처별 등재 수를 남깁니다.", "What each source lists is kept day by day.";
        others: "그 밖", "others";
        map: "IPv4 지도", "IPv4 map";
        map_note: "힐베르트, 칸 하나 /16", "Hilbert curve, a cell is a /16";
        map_alt: "차단된 IPv4 공간", "Blocked IPv4 space";
        reasons: "등재 사유", "Reasons";
        countries: "국가", "Countries";
        categories: "분류", "Categories";
        none_said: "수집처가 알려 준 값이 없습니다.", "No source says any.";
        happened: "방금 있었던 일", "What just happened";
        nothing_happened: "아직 아무 일도 없었습니다.", "Nothing has happened yet.";

        begin: "아직 수집처도 게시본도 없습니다.", "There is no source and no publication yet.";
        begin_hint: "수집처를 등록하거나 파일을 넣으면 여기에서 수집, 게시, 장비 수신을 한눈에 볼 수 있습니다.", "Add a source or a file, and this page shows what is collected, published and read.";
        begin_act: "처음 설정 시작", "Begin the setup";
        begin_ask: "관리자가 처음 설정을 마치면 시작됩니다.", "An administrator has to finish the setup first.";

        whole_space: "IPv4 전체", "All of IPv4";
        largest: "많이 차단된 대역", "Most blocked";
        nothing_here: "이 대역에는 차단된 주소가 없습니다.", "Nothing is blocked here.";
        wider: "넓게 보기", "Wider";
        list_here: "등재 보기", "Listings here";
        not_a_part: "지도는 전체, /8, /16 단위로 봅니다.", "The map shows all, a /8 or a /16.";
    }
}

/// "사람 손이 필요한 일이 2건 있습니다."
pub(crate) fn needs(view: View, count: usize) -> String {
    let many = plural(count as u64, "thing needs", "things need");
    view.pick(format!("사람 손이 필요한 일이 {count}건 있습니다."), format!("{many} a hand."))
}

/// "그 밖 3건"
pub(crate) fn more(view: View, count: usize) -> String {
    view.pick(format!("그 밖 {count}건"), format!("{count} more"))
}

/// "26,624건"
pub(crate) fn entries(view: View, count: u64) -> String {
    view.pick(format!("{}건", thousands(count)), plural(count, "entry", "entries"))
}

/// "장비 14대 중 13대가 최신"
pub(crate) fn up_to_date(view: View, good: usize, all: usize) -> String {
    view.pick(format!("장비 {all}대 중 {good}대 최신"), format!("{good} of {all} devices up to date"))
}

/// "최근 30회 중 28회 정상"
pub(crate) fn good_runs(view: View, good: usize, all: usize) -> String {
    view.pick(format!("최근 {all}회 중 {good}회 정상"), format!("{good} of the last {all} runs were good"))
}

/// "그 밖 9곳 정상", "그 밖 9곳, 2곳 점검 필요"
pub(crate) fn other_sources(view: View, count: usize, waiting: usize) -> String {
    match waiting {
        0 => view.pick(format!("그 밖 {count}곳 정상"), format!("{count} more, all fine")),
        _ => view.pick(
            format!("그 밖 {count}곳, {waiting}곳 점검 필요"),
            format!("{count} more, {waiting} of them to look at"),
        ),
    }
}

/// "그 밖 9대 정상"
pub(crate) fn other_devices(view: View, count: usize, waiting: usize) -> String {
    match waiting {
        0 => view.pick(format!("그 밖 {count}대 정상"), format!("{count} more, all fine")),
        _ => view.pick(
            format!("그 밖 {count}대, {waiting}대 점검 필요"),
            format!("{count} more, {waiting} of them to look at"),
        ),
    }
}

/// "22 뒤"
pub(crate) fn behind(view: View, count: u64) -> String {
    view.pick(format!("{} 뒤", thousands(count)), format!("{} behind", thousands(count)))
}

/// "3시간째 받아 가지 않음"
pub(crate) fn silent(view: View, seconds: i64) -> String {
    let (count, korean, english) = match seconds.max(0) / 60 {
        minutes @ ..60 => (minutes, "분", "min"),
        minutes @ 60..1_440 => (minutes / 60, "시간", "h"),
        minutes => (minutes / 1_440, "일", "d"),
    };
    view.pick(format!("{count}{korean}째 받아 가지 않음"), format!("has read nothing for {count} {english}"))
}

/// "50,000건까지 · 1,234건 잘림"
pub(crate) fn cut(view: View, cap: Option<u32>, cut: u64) -> String {
    let cap = cap.map_or_else(String::new, |cap| match cut {
        0 => {
            view.pick(format!("{}건까지", thousands(cap.into())), format!("up to {}", thousands(cap.into())))
        }
        _ => view.pick(
            format!("{}건까지 · ", thousands(cap.into())),
            format!("up to {} · ", thousands(cap.into())),
        ),
    });
    match cut {
        0 => cap,
        _ => format!(
            "{cap}{}",
            view.pick(format!("{}건 잘림", thousands(cut)), format!("{} cut", thousands(cut)))
        ),
    }
}

/// "허용·보호 대상 214건 제외"
pub(crate) fn guarded(view: View, count: u64) -> String {
    view.pick(
        format!("보호 대상과 겹쳐 {}건 제외", thousands(count)),
        format!("{} kept out as protected", thousands(count)),
    )
}

/// "(3회 실패)"
pub(crate) fn failures(view: View, count: u32) -> String {
    view.pick(
        format!("연속 {count}회 실패"),
        format!("{} in a row failed", plural(count.into(), "run", "runs")),
    )
}

/// "보류 중인 후보 +2,492 −3"
pub(crate) fn waits(view: View, added: u64, removed: u64) -> String {
    let (added, removed) = (thousands(added), thousands(removed));
    view.pick(
        format!("게시 후보 보류 중: +{added} −{removed}"),
        format!("A candidate is held: +{added} −{removed}"),
    )
}

/// "게시본 #810으로 되돌린 상태"
pub(crate) fn pinned(view: View, serial: u64) -> String {
    view.pick(
        format!("게시본 #{serial} 목록으로 되돌린 상태, 새로 게시하지 않음"),
        format!("Publication {serial} was brought back; nothing new is published"),
    )
}

/// "보류 +2,492 −3 · 승인"
pub(crate) fn held_day(view: View, added: u64, removed: u64, state: HeldState) -> String {
    let outcome = match state {
        HeldState::Open => view.pick("결정 대기", "open"),
        HeldState::Approved => view.pick("승인", "approved"),
        HeldState::Rejected => view.pick("거절", "rejected"),
        HeldState::Expired => view.pick("기한 지남", "expired"),
        HeldState::Superseded => view.pick("대체됨", "superseded"),
    };
    let held = view.pick("보류", "held");
    format!("{held} +{} −{} · {outcome}", thousands(added), thousands(removed))
}

/// "주소 1,024개"
pub(crate) fn addresses(view: View, count: u64) -> String {
    view.pick(format!("주소 {}개", thousands(count)), plural(count, "address", "addresses"))
}
