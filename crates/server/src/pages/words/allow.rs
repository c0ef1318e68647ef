//! What must never be served.

use prefix::Refusal;
use store::{AllowCause, AllowState};

use super::{plural, words};
use crate::pages::Level;
use crate::pages::view::View;

words! {
    /// What the pages of the allow list say.
    pub(crate) Allow {
        entries: "허용목록", "Allow entries";
        own: "자사 대역", "Own networks";
        known_good: "정상 서비스 목록", "Known-good lists";
        add: "허용 추가", "Add an entry";
        add_own: "네트워크 추가", "Add networks";
        what: "IP 또는 대역", "Address or prefix";
        what_hint: "IP, 대역(CIDR), 범위(a-b)를 한 줄에 하나씩 입력합니다.", "Addresses, prefixes or ranges (a-b), one a line.";
        reason: "사유", "Reason";
        owner: "담당자", "Owner";
        ticket: "요청 번호", "Ticket";
        until: "종료일", "End";
        until_hint: "비워 두면 끝이 없습니다. 끝난 허용은 다음 게시부터 다시 차단됩니다.", "Empty is without an end. What an ended entry kept out is served again.";
        remind: "며칠 전에 알림", "Remind days before";
        wide: "/8(IPv6 /19)보다 넓은 대역이 맞습니다", "Wider than /8 (IPv6 /19), and meant";
        state: "상태", "State";
        holds_out: "막고 있는 등재", "Keeps out";
        added_by: "등록", "Added";
        search: "IP, 사유, 담당자, 요청 번호", "Address, reason, owner, ticket";
        show_all: "끝난 것도 보기", "Show ended ones";
        empty: "허용목록이 비어 있습니다.", "The allow list is empty.";
        empty_hint: "차단하면 안 되는 IP를 등록하면 어떤 수집처가 올려도 장비로 나가지 않습니다.", "What is named here is never served, whichever source lists it.";
        none_found: "조건에 맞는 허용이 없습니다.", "No entry fits.";
        added: "추가했습니다.", "Added.";
        changed: "바꿨습니다.", "Changed.";
        removed: "허용을 없앴습니다. 같은 내용을 다시 추가하면 되돌아갑니다.", "Removed. Adding it again undoes this.";
        remove: "허용 없애기", "Remove";
        remove_undo: "다시 추가하면 되돌릴 수 있습니다.", "Adding it again undoes this.";
        add_undo: "허용을 없애면 되돌릴 수 있습니다.", "Removing it undoes this.";
        entry: "허용", "Entry";
        hits: "이 허용이 막고 있는 등재", "Listings that it keeps out";
        no_hits: "지금 막고 있는 등재가 없습니다.", "It keeps nothing out now.";
        no_address: "IP나 대역이 아닙니다", "no address";
        own_hint: "회사가 쓰는 공인 대역을 등록하면 절대 게시되지 않고, 수집처가 올리면 안전 게이트가 알립니다.", "The firm's own networks are never served, and the gate tells when a source lists one.";
        own_firm: "등록", "firm";
        own_server: "이 서버", "this server";
        own_empty: "등록한 네트워크가 없습니다.", "No network is named.";
        note: "설명", "Note";
        list: "목록", "List";
        version: "버전", "Version";
        count: "대역", "Prefixes";
        loaded: "불러온 때", "Loaded";
        used: "사용 중", "used";
        unused: "사용 안 함", "not used";
        use_it: "사용", "Use";
        leave_it: "사용 안 함", "Do not use";
        known_good_hint: "공용 DNS, CDN처럼 누구나 쓰는 주소입니다. 목록은 명령(blacklist known-good load)이나 API로 불러옵니다.", "Addresses that everybody uses, such as public resolvers. Lists are loaded by command (blacklist known-good load) or API.";
        known_good_empty: "불러온 목록이 없습니다.", "No list is loaded.";
        enabled: "목록을 사용합니다.", "The list is used.";
        disabled: "목록을 사용하지 않습니다.", "The list is not used any more.";
        removed_own: "네트워크를 목록에서 뺐습니다.", "The network is removed.";
        remove_own: "빼기", "Remove";
        text_long: "한 줄로, 너무 길지 않게 적어 주세요.", "One line, and not so long.";
        reason_needed: "1~500자 한 줄로 적어 주세요.", "One line of 1 to 500 characters.";
        bad_end: "날짜는 2026-12-31처럼 적습니다.", "Write a day as 2026-12-31.";
        past: "이미 지난 날짜입니다.", "It has passed.";
        remind_long: "3650일까지 쓸 수 있습니다.", "At most 3650 days.";
        too_wide: "너무 넓은 대역입니다. 정말 맞으면 아래를 표시하세요.", "Very wide. Say below if it is meant.";
        twice: "같은 대역이 두 번 있습니다.", "Named twice.";
    }
}

/// Where an entry stands.
pub(crate) fn state(view: View, state: AllowState) -> (&'static str, Level) {
    match state {
        AllowState::Holds => (view.pick("적용 중", "holds"), Level::Ok),
        AllowState::Ended => (view.pick("끝남", "ended"), Level::Plain),
        AllowState::Removed => (view.pick("없앰", "removed"), Level::Plain),
    }
}

/// "3건 중 1건".
pub(crate) fn shown(view: View, shown: usize, of: usize) -> String {
    let (some, all) = (view.number(shown as u64), view.number(of as u64));
    view.pick(format!("{all}건 중 {some}건"), format!("{some} of {}", plural(of as u64, "entry", "entries")))
}

/// What a change would do to the list.
pub(crate) fn effect(view: View, added: u64, removed: u64) -> String {
    let (come, go) = (view.number(added), view.number(removed));
    match (added, removed) {
        (0, 0) => view
            .pick("지금 게시본에서 바뀌는 것은 없습니다.", "Nothing in the present list changes.")
            .to_owned(),
        (0, _) => {
            view.pick(format!("차단 목록에서 {go}건이 빠집니다."), format!("{go} leave the block list."))
        }
        (_, 0) => view
            .pick(format!("차단 목록에 {come}건이 들어갑니다."), format!("{come} come to the block list.")),
        _ => view.pick(
            format!("차단 목록에 {come}건이 들어가고 {go}건이 빠집니다."),
            format!("{come} come to the block list and {go} leave it."),
        ),
    }
}

/// Why a line is no address.
pub(crate) fn not_taken(view: View, line: &str, refusal: Refusal) -> String {
    let words = Allow::of(view.language);
    view.pick(format!("{line}: {}", words.no_address), format!("{line}: {refusal}"))
}

/// Which field is wrong in what way.
pub(crate) fn refused(view: View, cause: &AllowCause) -> (&'static str, String) {
    let words = Allow::of(view.language);
    match cause {
        AllowCause::Exists(id) => (
            "prefix",
            view.pick(format!("허용 {id}에 이미 있습니다."), format!("Entry {id} names it already.")),
        ),
        AllowCause::Twice => ("prefix", words.twice.to_owned()),
        AllowCause::TooWide => ("prefix", words.too_wide.to_owned()),
        AllowCause::Past => ("until", words.past.to_owned()),
        AllowCause::Reason => ("reason", words.reason_needed.to_owned()),
        AllowCause::Owner => ("owner", words.text_long.to_owned()),
        AllowCause::Ticket => ("ticket", words.text_long.to_owned()),
        AllowCause::Remind => ("remind", words.remind_long.to_owned()),
    }
}
