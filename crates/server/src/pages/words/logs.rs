//! What was written down.

use store::{Run, RunState};

use super::words;
use crate::pages::Level;
use crate::pages::view::View;

words! {
    /// What the pages of the logs say.
    pub(crate) Logs {
        runs: "수집 실행", "Runs";
        pulls: "수신 기록", "Pulls";
        program: "프로그램 기록", "Program";
        audit: "변경 기록", "Changes";
        attempts: "로그인 시도", "Sign-ins";
        search: "찾을 것", "Look for";
        since: "이때부터", "From";
        until: "이때까지", "Until";
        time: "시각", "Time";
        state: "상태", "State";
        cause: "원인", "Cause";
        by_cause: "원인별로 묶기", "Group by cause";
        by_line: "줄로 보기", "Show lines";
        count: "건수", "Count";
        last: "마지막", "Last";
        rows: "행", "Rows";
        new: "신규", "New";
        changed: "변경", "Changed";
        withdrawn: "철회", "Withdrawn";
        refused: "거부", "Refused";
        unchanged: "그대로", "Unchanged";
        accepted: "받음", "Accepted";
        host_bits: "호스트 비트 정리", "Host bits cleared";
        by: "담당자", "Who";
        action: "작업", "Action";
        target: "대상", "Target";
        change: "바뀐 내용", "What changed";
        note: "메모", "Note";
        address: "접속 주소", "Address";
        agent: "프로그램", "Agent";
        size: "크기", "Size";
        level: "수준", "Level";
        part: "부분", "Part";
        message: "내용", "Message";
        account: "계정", "Account";
        kind: "수단", "With";
        face: "창구", "Where";
        tries: "횟수", "Tries";
        result: "결과", "Result";
        nothing: "남은 기록이 없습니다.", "Nothing was written down like that.";
        nothing_hint: "기간을 넓히거나 낱말을 줄여 보세요.", "Widen the time or use fewer words.";
        done: "완료", "done";
        failed: "실패", "failed";
        schedule: "예약", "by schedule";
        person: "사람", "by a person";
        parser: "파서", "Parser";
        input: "입력", "Input";
        mode: "방식", "Mode";
        trigger: "시작", "Started by";
        window: "조회 기간", "Days asked for";
        took: "걸린 시간", "Took";
        refusals: "거부된 행, 원인별", "Refused rows by cause";
        refused_rows: "거부된 행", "Refused rows";
        refused_kept: "원인마다 앞의 1,000행까지 보관합니다.", "The first 1,000 of each cause are kept.";
        line: "줄", "Line";
        text: "원문", "Text";
        no_refused: "거부된 행이 없습니다.", "No row was refused.";
        same_as: "같은 입력이라 거부된 행은 다음 실행의 것", "The input was the same; its refused rows are those of";
        chain_whole: "변경 기록이 온전합니다.", "The record of changes is whole.";
        chain_broken: "변경 기록이 고쳐졌거나 빠졌습니다.", "The record of changes was altered.";
        chain_check: "온전한지 확인", "Verify the record";
        bad_time: "시각은 2026-11-23 14:30처럼 적습니다.", "Write a time as 2026-11-23 14:30.";
    }
}

/// How one run ended.
pub(crate) fn run(view: View, run: &Run) -> (&'static str, Level) {
    if super::collect::is_cancelled(run) {
        super::collect::run(view, run)
    } else {
        run_state(view, run.state)
    }
}

/// How runs end.
pub(crate) fn run_state(view: View, state: RunState) -> (&'static str, Level) {
    let t = Logs::of(view.language);
    match state {
        RunState::Done => (t.done, Level::Ok),
        RunState::Refused => (t.refused, Level::Warn),
        RunState::Failed => (t.failed, Level::Bad),
    }
}

/// How far the search has come.
pub(crate) fn scanned(view: View, found: u64, scanned: u64, is_all: bool) -> String {
    let (found, count) = (view.number(found), view.number(scanned));
    if is_all {
        view.pick(format!("{count}줄 가운데 {found}줄"), format!("{found} of {count} lines"))
    } else {
        view.pick(
            format!("여기까지 {count}줄 가운데 {found}줄 · 계속"),
            format!("{found} of the {count} lines looked at so far"),
        )
    }
}

/// How many entries the chain holds.
pub(crate) fn chain(view: View, entries: u64, before: u64) -> String {
    let (entries, old) = (view.number(entries), view.number(before));
    match before {
        0 => view.pick(format!("{entries}건 확인"), format!("{entries} entries verified")),
        _ => view.pick(
            format!("{entries}건 확인, 그 전 {old}건은 이어 둔 표시가 없음"),
            format!("{entries} entries verified; {old} before them are not chained"),
        ),
    }
}

/// Where a chain breaks.
pub(crate) fn broken(view: View, id: i64, what: &str) -> String {
    view.pick(format!("{id}번 기록부터 맞지 않습니다 ({what})"), format!("from entry {id} on: {what}"))
}
