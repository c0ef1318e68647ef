//! What happened, a line each.

use blocklist::Serial;
use store::Run;

use crate::pages::View;
use crate::pages::show::thousands;

/// "ipsum 수집 완료, 신규 131건 · 변경 4건"
pub(crate) fn run_done(view: View, run: &Run) -> String {
    let counts =
        [(run.new, "신규", "new"), (run.changed, "변경", "changed"), (run.withdrawn, "철회", "withdrawn")];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, korean, english)| {
            let count = thousands(count);
            view.pick(format!("{korean} {count}건"), format!("{count} {english}"))
        })
        .collect();
    let counts = counts.join(" · ");
    match &run.by {
        Some(by) => view.pick(format!("{by} 직접 등재: {counts}"), format!("{by} by hand: {counts}")),
        None => view.pick(
            format!("{} 수집 완료: {counts}", run.source),
            format!("{} collected: {counts}", run.source),
        ),
    }
}

/// "ipsum 수집 실패: 서버에 연결할 수 없음"
pub(crate) fn run_failed(view: View, run: &Run) -> String {
    let known = collect::TROUBLES.iter().find(|info| Some(info.id) == run.cause_id.as_deref());
    let why =
        known.map(|info| view.pick(info.korean, info.english)).or(run.cause.as_deref()).unwrap_or_default();
    view.pick(format!("{} 수집 실패: {why}", run.source), format!("{} took nothing: {why}", run.source))
}

/// "ipsum 수집 중단"
pub(crate) fn run_cancelled(view: View, run: &Run) -> String {
    view.pick(format!("{} 수집 중단", run.source), format!("{}: run cancelled", run.source))
}

/// "게시본"
pub(crate) fn published(view: View) -> &'static str {
    view.pick("게시본", "Publication")
}

/// "승인 후 게시본"
pub(crate) fn approved(view: View) -> &'static str {
    view.pick("승인 후 게시본", "Approved: publication")
}

/// "강제 게시본"
pub(crate) fn forced(view: View) -> &'static str {
    view.pick("강제 게시본", "Forced: publication")
}

/// "#810으로 되돌린 게시본"
pub(crate) fn brought_back(view: View, of: Option<Serial>) -> String {
    match of {
        Some(of) => view.pick(format!("#{of} 목록으로 되돌린 게시본"), format!("Back to {of}: publication")),
        None => view.pick("되돌린 게시본", "Brought back: publication").into(),
    }
}

/// "게시 보류 +2,492 −3"
pub(crate) fn held(view: View, added: u64, removed: u64) -> String {
    let held = view.pick("게시 보류", "Held");
    format!("{held} +{} −{}", thousands(added), thousands(removed))
}

/// "보류 후보 거절: night-op"
pub(crate) fn held_rejected(view: View, by: Option<&str>) -> String {
    let by = by.unwrap_or("–");
    view.pick(format!("보류 후보 거절: {by}"), format!("Held candidate rejected by {by}"))
}

/// "보류 후보 기한 지남"
pub(crate) fn held_expired(view: View) -> String {
    view.pick("보류 후보 결정 기한 지남", "Nobody decided on the held candidate").into()
}

/// "night-op: 허용 추가 198.51.100.7"
pub(crate) fn changed(view: View, by: &str, action: &str, target: &str) -> String {
    format!("{by}: {} {target}", super::action::name(view, action))
}
