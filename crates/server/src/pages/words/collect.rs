//! Where listings come from.

use collect::Trouble;
use collect::collector::SourceView;
use store::{Run, RunState};

use super::words;
use crate::pages::Level;
use crate::pages::view::View;

words! {
    /// What the pages of sources say.
    pub(crate) Collect {
        add: "수집처 추가", "Add a source";
        upload: "파일 올리기", "Upload a file";
        empty: "등록한 수집처가 없습니다.", "There is no source yet.";
        empty_hint: "포털, 공개 목록, 파일 폴더를 등록하면 정해진 시각마다 저절로 수집합니다.", "Add a portal, a public list or a folder, and it is collected by itself.";
        state: "상태", "State";
        listings: "차단 중", "Active";
        next: "다음 실행", "Next run";
        last: "최근 실행", "Last run";
        good: "마지막 정상", "Last good run";
        looked: "마지막 확인(새 파일 없음)", "Last look (nothing new)";
        never_by_itself: "자동 실행 안 함", "not by itself";
        running: "수집 중", "Running";
        run_now: "지금 수집", "Run now";
        verify: "자격 증명 확인", "Verify credential";
        test: "시험 수집", "Try";
        enable: "자동 수집 켜기", "Switch on";
        disable: "자동 수집 끄기", "Switch off";
        remove: "수집처 삭제", "Remove the source";
        remove_says: "이 수집처의 등재를 모두 빼고 자격 증명을 지웁니다. 실행 이력은 남습니다.", "All its listings are taken out and its credential is forgotten. Its runs are kept.";
        remove_undo: "같은 이름으로 다시 등록하고 수집하면 돌아옵니다. 자격 증명은 다시 넣어야 합니다.", "Adding it again and collecting brings the listings back; the credential has to be typed again.";
        settings: "설정", "Settings";
        meaning: "설명", "Meaning";
        save: "설정 저장", "Save settings";
        runs: "최근 실행 10회", "Last ten runs";
        all_runs: "모든 실행", "All runs";
        no_runs: "아직 수집한 적이 없습니다.", "It was never collected.";
        no_runs_hint: "실행이 끝나면 행 수, 변경, 거부된 행이 여기에 남습니다.", "Every run is kept here with its rows, its changes and what it refused.";
        run: "실행", "Run";
        started: "시작", "Started";
        rows: "행", "Rows";
        refused: "거부", "Refused";
        change: "변경", "Change";
        cause: "원인", "Cause";
        otp: "일회용 코드(OTP)", "One-time code";
        otp_send: "코드 보내기", "Have a code sent";
        otp_enter: "코드로 로그인", "Log in with the code";
        session: "브라우저 세션 값", "Session of a browser";
        session_hint: "포털에 이미 로그인한 브라우저의 세션 값을 붙여 넣으면 그 세션으로 수집합니다.", "Paste the session of a browser that is logged in, and collection goes on with it.";
        session_enter: "세션 사용", "Use the session";
        credential: "자격 증명", "Credential";
        no_credential: "자격 증명이 없습니다.", "There is no credential.";
        username: "사용자 이름(토큰이면 비움)", "User name (none for a token)";
        secret: "비밀번호 또는 토큰", "Password or token";
        expires: "만료일", "Last day";
        set_credential: "자격 증명 저장", "Keep the credential";
        forget: "자격 증명 지우기", "Forget the credential";
        forget_says: "저장한 자격 증명을 지우고 포털의 세션을 끝냅니다. 이 수집처는 수집하지 못합니다.", "The credential that is kept is forgotten, and its session at the portal ends. The source cannot be collected then.";
        forget_undo: "되돌릴 수 없습니다. 다시 수집하려면 새로 입력해야 합니다.", "This cannot be undone: it has to be typed again.";
        set_at: "저장한 때", "Set";
        verified: "마지막 확인", "Verified";
        rejected: "거절됨", "Refused";
        kind: "종류", "Kind";
        template: "공개 목록", "Public list";
        name: "이름", "Name";
        name_hint: "소문자, 숫자, . _ -", "Small letters, digits, . _ -";
        pick: "무엇에서 수집할까요?", "Where from?";
        pick_kind: "직접 설정", "Set up by hand";
        pick_template: "알려진 공개 목록에서 고르기", "From a known public list";
        terms: "이용 조건", "Terms";
        own_url: "가입자 주소", "Your own address";
        done_run: "수집을 시작했습니다. 진행 상황은 아래에 나옵니다.", "The run has begun; its progress is shown below.";
        run_days: "기간을 정해 수집", "Collect chosen days";
        since: "시작일", "First day";
        since_hint: "비우면 설정과 마지막 수집일로 정합니다.", "Empty: as the settings and the last run say.";
        until: "종료일", "Last day";
        until_hint: "비우면 오늘까지입니다.", "Empty: until today.";
        day_wrong: "날짜는 2026-12-31처럼 적습니다.", "Write a day as 2026-12-31.";
        cancel: "수집 중단", "Cancel the run";
        cancel_sure: "진행 중인 수집을 중단합니다. 받은 내용은 버리고, 등재와 피드는 바뀌지 않습니다. 다음 예약 시각에 다시 수집합니다.", "The run ends. What it fetched is dropped; listings and feeds stay as they are. The timetable goes on at its next time.";
        done_cancel: "수집을 중단했습니다. 등재와 피드는 바뀌지 않았습니다.", "The run is cancelled. Listings and feeds are as before.";
        done_running: "이미 수집하고 있습니다. 진행 상황은 아래에 나옵니다.", "A run is under way already; its progress is shown below.";
        done_verify: "자격 증명이 맞습니다.", "The credential is good.";
        done_otp: "로그인했습니다.", "Logged in.";
        done_sent: "코드를 보냈습니다. 받은 코드를 입력하세요.", "The code is on its way. Type it in.";
        done_credential: "자격 증명을 저장했습니다. 저장한 값은 다시 보여 주지 않습니다.", "The credential is kept. It is never shown again.";
        done_forgotten: "자격 증명을 지웠습니다.", "The credential is forgotten.";
        done_changed: "설정을 바꿨습니다.", "Changed.";
        done_added: "수집처를 등록했습니다. 자격 증명이 필요하면 아래에 넣고 지금 수집을 누르세요.", "Added. Set its credential below if it needs one, then run it.";
        done_removed: "수집처를 삭제했습니다.", "The source is removed.";
        held: "안전 게이트가 게시를 보류했습니다. 게시·보류에서 확인하세요.", "The gate holds the list that follows: see Publications.";
        default: "기본값", "default";
    }
}

/// What a setting means, and what it is when nobody set it, where that is anything.
pub(crate) fn setting(t: &Collect, meaning: &str, default: &str) -> String {
    if default.is_empty() { meaning.to_owned() } else { format!("{meaning} ({}: {default})", t.default) }
}

/// How a source is, in a word.
pub(crate) fn state(view: View, source: &SourceView) -> (String, Level) {
    let word = |korean: &str, english: &str| view.pick(korean, english).to_owned();
    if let Some(condition) = &source.condition {
        let info = condition.id.info();
        return (view.pick(info.korean, info.english).to_owned(), Level::Warn);
    }
    if source.settings_problem.is_some() {
        return (word("설정 오류", "settings cannot be read"), Level::Bad);
    }
    if source.running.is_some() {
        return (word("수집 중", "running"), Level::Ok);
    }
    match source.freshness {
        None if source.row.kind == "manual" => (word("직접 차단", "by hand"), Level::Plain),
        None => (word("파일", "files"), Level::Plain),
        _ if !source.row.enabled => (word("꺼짐", "off"), Level::Plain),
        _ if source.circuit_open => (word("계속 실패", "keeps failing"), Level::Bad),
        Some("stale") => (word("오래됨", "stale"), Level::Bad),
        _ if source.failures > 0 => (word("최근 실패", "failed lately"), Level::Warn),
        Some("never") => (word("아직 없음", "not yet"), Level::Plain),
        Some(_) => (word("정상", "fine"), Level::Ok),
    }
}

/// Whether a person ended it: nothing is wrong then.
pub(crate) fn is_cancelled(run: &Run) -> bool {
    run.cause_id.as_deref() == Some(Trouble::Cancelled.id())
}

/// How a run went.
pub(crate) fn run(view: View, run: &Run) -> (&'static str, Level) {
    match run.state {
        _ if is_cancelled(run) => (view.pick("중단", "cancelled"), Level::Plain),
        RunState::Done => (view.pick("완료", "done"), Level::Ok),
        RunState::Refused => (view.pick("거부", "refused"), Level::Warn),
        RunState::Failed => (view.pick("실패", "failed"), Level::Bad),
    }
}

/// What a trial read.
pub(crate) fn tried(view: View, run: Option<&Run>) -> String {
    let Some(run) = run else {
        return view.pick("시험 수집: 가져올 것이 없습니다.", "Trial: there is nothing to take.").to_owned();
    };
    let [rows, accepted, refused] = [run.rows, run.accepted, run.refused].map(|count| view.number(count));
    view.pick(
        format!("시험 수집: {rows}행을 읽어 {accepted}행을 받아들이고 {refused}행을 거부했습니다. 저장하거나 바꾼 것은 없습니다."),
        format!("Trial: {rows} rows were read, {accepted} accepted and {refused} refused. Nothing was kept or changed."),
    )
}

/// Why something was not taken, and what to do, by the id of a cause.
pub(crate) fn trouble(view: View, id: &str) -> Option<(&'static str, &'static str)> {
    let info = Trouble::from_id(id)?.info();
    Some(view.pick((info.korean, info.korean_hint), (info.english, info.english_hint)))
}

/// "최근 30회 중 28회 정상".
pub(crate) fn strip(view: View, good: usize, of: usize) -> String {
    view.pick(format!("최근 {of}회 중 {good}회 정상"), format!("{good} of the last {of} runs went well"))
}
