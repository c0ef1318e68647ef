//! Publications and what is held.

use blocklist::Serial;
use store::{HeldState, Origin};

use super::{plural, words};
use crate::pages::Level;
use crate::pages::view::View;

words! {
    /// What the pages of publications say.
    pub(crate) Publications {
        time: "게시 시각", "Published";
        entries: "대역", "Prefixes";
        change: "변경", "Change";
        origin: "게시 방식", "How";
        who: "담당자", "Who";
        why: "사유", "Why";
        hash: "해시", "Hash";
        next_end: "다음 만료", "Next end";
        compare: "비교할 게시본", "Compare with";
        live: "현재 게시본", "Live";
        timeline: "게시 이력", "History";
        rollback: "이 게시본으로 되돌리기", "Roll back to this one";
        release: "고정 해제", "Release";
        released: "고정을 풀었습니다. 지금 등재를 다시 판단해 게시합니다.", "Released: what is kept now is judged and published.";
        rolled_back: "되돌렸습니다. 고정을 풀 때까지 목록은 이 게시본에 머뭅니다.", "Rolled back: the list stays here until it is released.";
        approved: "승인했습니다. 새 게시본이 나갔습니다.", "Approved: a new publication is out.";
        half_approved: "승인했습니다. 다른 한 사람의 승인이 더 필요합니다.", "Approved: one more person has to approve.";
        rejected: "반려했습니다. 지금 게시본이 그대로 나갑니다.", "Rejected: the present publication goes on.";
        empty: "아직 게시본이 없습니다.", "There is no publication yet.";
        empty_hint: "수집하거나 파일을 가져오면 정책과 안전 게이트를 거쳐 첫 게시본이 만들어집니다.", "Collect from a source or import a file: policy and gate make the first publication of it.";
        to_collect: "수집으로", "To collection";
        held: "보류", "Held";
        held_title: "안전 게이트가 게시를 보류했습니다", "The gate holds a publication";
        held_meanwhile: "결정할 때까지 지금 게시본이 나가고, 만료·보호·수동 차단만 반영됩니다.", "Until somebody decides, the present list goes on; only what ends, is protected or blocked by hand changes it.";
        reasons: "보류 사유", "Reasons";
        candidate: "후보", "Candidate";
        look: "내용 보고 결정하기", "Look at it and decide";
        approve: "승인하고 게시", "Approve and publish";
        reject: "반려", "Reject";
        note: "메모", "Note";
        note_hint: "왜 그렇게 결정했는지 남겨 두면 다음 근무자가 압니다.", "The next shift will want to know why.";
        approvals: "승인한 사람", "Approved by";
        second: "두 사람의 승인이 필요합니다.", "Two people have to approve.";
        expires: "이때까지 결정하지 않으면 반려", "Rejected unless decided by";
        opened: "보류 시작", "Held since";
        decided: "결정", "Decided";
        past_held: "지난 보류", "Held before";
        no_held: "보류된 게시가 없습니다.", "Nothing is held.";
        pinned_title: "목록이 고정되어 있습니다", "The list is pinned";
        changed: "보는 사이에 후보가 바뀌었습니다. 다시 확인하고 결정하세요.", "The candidate changed meanwhile. Look again, then decide.";
        reject_undo: "같은 후보가 다시 오면 다시 보류됩니다. 기록은 남습니다.", "The same candidate is held again when it comes again. The decision is kept.";
        approve_undo: "잘못되면 이전 게시본으로 되돌릴 수 있습니다.", "If it was wrong, roll back to the publication before.";
        rollback_undo: "고정 해제로 언제든 다시 지금 등재를 게시할 수 있습니다.", "Release lets the list go on again at any time.";
        note_needed: "왜 되돌리는지 적어야 합니다.", "Say why.";
    }
}

/// How a publication came to be.
pub(crate) fn origin(view: View, origin: Origin) -> (&'static str, Level) {
    match origin {
        Origin::Policy => (view.pick("자동", "by policy"), Level::Plain),
        Origin::Frozen => (view.pick("보류 중 유지", "while held"), Level::Warn),
        Origin::Approved => (view.pick("승인", "approved"), Level::Ok),
        Origin::Forced => (view.pick("강제", "forced"), Level::Bad),
        Origin::Rollback => (view.pick("되돌림", "rolled back"), Level::Warn),
    }
}

/// Where a held candidate stands.
pub(crate) fn state(view: View, state: HeldState) -> (&'static str, Level) {
    match state {
        HeldState::Open => (view.pick("결정 대기", "waits"), Level::Warn),
        HeldState::Approved => (view.pick("승인", "approved"), Level::Ok),
        HeldState::Rejected => (view.pick("반려", "rejected"), Level::Bad),
        HeldState::Expired => (view.pick("기한 지나 반려", "not decided in time"), Level::Bad),
        HeldState::Superseded => (view.pick("다른 게시로 대체", "superseded"), Level::Plain),
    }
}

/// "#812 · 26,624건".
pub(crate) fn stands(view: View, serial: Serial, entries: u64) -> String {
    let count = view.number(entries);
    view.pick(
        format!("#{serial} · {count}건"),
        format!("#{serial} · {}", plural(entries, "prefix", "prefixes")),
    )
}

/// What an approval would do.
pub(crate) fn would(view: View, added: u64, removed: u64) -> String {
    let (come, go) = (view.number(added), view.number(removed));
    view.pick(
        format!("승인하면 {come}건이 추가되고 {go}건이 빠집니다."),
        format!("Approved, {come} would come and {go} would go."),
    )
}

/// What a rollback would do.
pub(crate) fn would_return(view: View, serial: Serial, added: u64, removed: u64) -> String {
    let (come, go) = (view.number(added), view.number(removed));
    view.pick(
        format!("게시본 #{serial}으로 되돌리면 {come}건이 추가되고 {go}건이 빠집니다. 그 사이 만료되었거나 보호하는 대역은 빼고 되돌립니다."),
        format!("Rolled back to #{serial}, {come} would come and {go} would go. What ended or is protected since is left out."),
    )
}

/// What a release would do.
pub(crate) fn would_release(view: View, added: u64, removed: u64) -> String {
    let (come, go) = (view.number(added), view.number(removed));
    view.pick(
        format!("고정을 풀면 {come}건이 추가되고 {go}건이 빠집니다."),
        format!("Released, {come} would come and {go} would go."),
    )
}

/// Who holds the list at which publication.
pub(crate) fn pinned(view: View, serial: Serial, by: &str) -> String {
    view.pick(
        format!("{by}이(가) 게시본 #{serial}으로 되돌려 고정했습니다. 새 등재는 고정을 풀 때까지 게시되지 않습니다."),
        format!("{by} rolled the list back to #{serial}. Nothing new is published until it is released."),
    )
}
