//! One address: what is known of it, and what is done to it.

use blocklist::{SourceName, Time};
use prefix::Prefix;
use store::Unfit;

use super::{plural, words};
use crate::pages::ip::block::MAX_LINES;
use crate::pages::ip::edit::Act;
use crate::pages::view::View;

words! {
    /// What the page of an address and its forms say.
    pub(crate) IpOne {
        way: "이 등재가 지나온 길", "The way of this listing";
        row: "원본 행", "Source row";
        check: "검증", "Checks";
        allow: "허용목록", "Allow list";
        policy: "정책", "Policy";
        gate: "안전 게이트", "Gate";
        publication: "게시본", "Publication";
        feed: "피드", "Feeds";
        device: "장비", "Devices";
        passed: "통과", "passed";
        clear: "걸리지 않음", "nothing in the way";
        left_out: "제외", "left out";
        refused: "거부", "refused";
        held: "보류", "held";
        pinned: "고정", "pinned";
        in_it: "포함", "in it";
        not_in_it: "없음", "not in it";
        not_yet: "다음 게시본에", "in the next one";
        withdrawn: "철회", "withdrawn";
        removed: "제거", "removed";
        ended: "만료", "ended";
        listed: "등재", "listed";
        relisted: "재등재", "listed again";
        changed: "변경", "changed";
        not_reached: "–", "–";
        history: "지나온 시간", "History";
        history_none: "남은 이력이 없습니다.", "There is no history.";
        served: "게시", "Served";
        came: "게시본에 들어옴", "came to the list";
        went: "게시본에서 빠짐", "left the list";
        older: "이보다 오래된 이력은 보이지 않습니다.", "What is older is not shown.";
        others: "이 대역과 겹치는 등재", "Listings that touch it";
        others_none: "겹치는 다른 등재가 없습니다.", "No other listing touches it.";
        others_cut: "일부만 보입니다. 나머지는 검색에서 볼 수 있습니다.", "Not all are shown; the search has the rest.";
        wider: "더 넓음", "wider";
        narrower: "더 좁음", "narrower";
        same: "같은 대역", "the same";
        near: "같은 /24의 이웃", "Neighbours in the same /24";
        near_v6: "같은 /64의 이웃", "Neighbours in the same /64";
        near_none: "게시 중인 이웃이 없습니다.", "No neighbour is published.";
        refused_rows: "거부된 행", "Refused rows";
        protected: "보호 대상", "Protected";
        devices_none: "이 게시본을 받아 간 장비가 없습니다.", "No device has fetched a list with it.";
        has: "갖고 있음", "has it";
        has_not: "갖고 있지 않음", "does not have it";
        unknown: "알 수 없음", "not known";
        never: "어느 수집처도 등재한 적이 없습니다.", "No source ever listed it.";
        never_hint: "지금 막아야 하면 오른쪽에서 차단하세요.", "Block it at the right if it has to be blocked now.";
        at: "과거 시점", "At a time";
        at_hint: "예: 2026-11-23 14:30", "As in 2026-11-23 14:30";
        at_now: "지금으로", "Back to now";
        at_bad: "시각을 알 수 없습니다. 2026-11-23 14:30처럼 적습니다.", "No time: write it as 2026-11-23 14:30.";
        acts: "조치", "Act";
        block: "차단", "Block";
        block_undo: "잘못했으면 그 IP의 상세에서 지금 종료하거나 제거하면 다음 게시본에서 빠집니다.", "If it was wrong, end or remove it on the page of the address; the next list is without it.";
        lines: "IP, 대역, 범위", "Addresses, prefixes, ranges";
        lines_hint: "한 줄에 하나씩, 10,000줄까지. #과 ; 뒤는 설명으로 봅니다.", "One a line, at most 10,000. What follows # or ; is a comment.";
        no_lines: "차단할 주소가 한 줄도 없습니다.", "No line is an address.";
        no_list: "목록으로 읽을 수 없는 내용입니다. 주소만 붙여 넣으세요.", "That is no list. Paste addresses alone.";
        end: "언제까지", "Until when";
        span_hour: "1시간", "1 hour";
        span_day: "24시간", "24 hours";
        span_week: "7일", "7 days";
        span_month: "30일", "30 days";
        span_date: "날짜 지정", "A day";
        span_none: "종료일 없음", "Without end";
        date: "날짜", "Day";
        date_hint: "날짜 지정을 골랐을 때만 씁니다. 그날까지 막습니다.", "Only for “A day”. That day still counts.";
        bad_end: "날짜를 2026-12-31처럼 적으세요.", "Write a day as 2026-12-31.";
        reason: "사유", "Reason";
        reason_needed: "왜 막는지 적으세요.", "Say why.";
        category: "분류", "Category";
        note: "메모", "Note";
        note_hint: "변경 기록에 남습니다.", "Goes into the record of changes.";
        anyway: "보호 대상에 걸려도 등재 (보호 대상은 게시하지 않음)", "List it although it touches something protected (which is not served)";
        wide: "넓은 대역 전체를 막는 것이 맞음", "All of a wide prefix is meant";
        preview: "바뀔 내용 보기", "Show what changes";
        allow_it: "허용", "Allow";
        owner: "담당자", "Owner";
        ticket: "요청 번호", "Ticket";
        until: "종료일", "End";
        end_now: "지금 종료", "End now";
        end_set: "종료 시각 바꾸기", "Set another end";
        end_own: "수집처의 종료 시각으로", "Back to its own end";
        end_undo: "종료 시각을 다시 정하거나 수집처의 종료 시각으로 되돌릴 수 있습니다.", "Set another end, or go back to the source's own, to undo this.";
        remove: "제거", "Remove";
        remove_undo: "복원하면 되돌아갑니다. 복원할 때까지 수집처가 다시 올려도 들어오지 않습니다.", "Restoring it undoes this. Until then it stays out, also when its source names it again.";
        restore: "복원", "Restore";
        restore_undo: "다시 제거하면 되돌아갑니다.", "Removing it again undoes this.";
        would_be_held: "안전 게이트가 이 변경을 보류합니다.", "The gate would hold this.";
        refused_lines: "빠지는 줄", "Lines that are left out";
        refused_line: "줄", "Line";
        fetched: "받은 때", "Fetched";
        done_blocked: "차단했습니다. 새 게시본으로 나갑니다.", "Blocked. It goes out with the next list.";
        done_ended: "종료했습니다.", "Ended.";
        done_end_set: "종료 시각을 바꿨습니다.", "The end is set.";
        done_end_own: "수집처의 종료 시각으로 되돌렸습니다.", "It ends as its source says.";
        done_removed: "제거했습니다. 아래에서 복원할 수 있습니다.", "Removed. Restore it below to undo this.";
        done_restored: "복원했습니다.", "Restored.";
        done_held: "기록했습니다. 안전 게이트가 게시를 보류했으니 게시·보류에서 결정하세요.", "Kept. The gate holds the list: decide under Publications.";
    }
}

/// What was done just now, by the code of an address.
pub(crate) fn done(view: View, code: &str) -> Option<&'static str> {
    let t = IpOne::of(view.language);
    Some(match code {
        "blocked" => t.done_blocked,
        "ended" => t.done_ended,
        "end-set" => t.done_end_set,
        "end-own" => t.done_end_own,
        "removed" => t.done_removed,
        "restored" => t.done_restored,
        "held" => t.done_held,
        _ => return None,
    })
}

/// "차단 목록에 1건이 들어가고 2건이 빠집니다."
fn effect(view: View, (come, go): (u64, u64)) -> String {
    super::allow::effect(view, come, go)
}

/// What a block would do: listings that are new, changed, and as they were; and prefixes that come and go.
pub(crate) fn would_block(
    view: View,
    [new, changed, unchanged]: [u64; 3],
    until: Option<Time>,
    counts: (u64, u64),
) -> String {
    let until = match until {
        Some(until) => {
            view.pick(format!("{}까지", view.exact(until)), format!("until {}", view.exact(until)))
        }
        None => view.pick("종료일 없이", "without end").to_owned(),
    };
    let same = match unchanged {
        0 => String::new(),
        _ => view.pick(
            format!(" 이미 그렇게 막은 {}건은 그대로입니다.", view.number(unchanged)),
            format!(" {} are blocked so already.", view.number(unchanged)),
        ),
    };
    let effect = effect(view, counts);
    view.pick(
        format!(
            "{until} 새로 {}건을 차단하고 {}건을 바꿉니다.{same} {effect}",
            view.number(new),
            view.number(changed)
        ),
        format!("{} new and {} changed, {until}.{same} {effect}", view.number(new), view.number(changed)),
    )
}

/// What a change of a listing would do.
pub(crate) fn would_edit(
    view: View,
    act: Act,
    (prefix, source): (Prefix, &SourceName),
    until: Option<Time>,
    counts: (u64, u64),
) -> String {
    let end = until.map_or_else(|| view.pick("없음", "never").to_owned(), |until| view.exact(until));
    let deed = match act {
        Act::EndNow => view.pick(
            format!("{source}의 등재 {prefix}을(를) 지금 종료합니다."),
            format!("The listing of {prefix} by {source} ends now."),
        ),
        Act::End => view.pick(
            format!("{source}의 등재 {prefix}의 종료 시각을 {end}(으)로 바꿉니다."),
            format!("The listing of {prefix} by {source} ends {end}."),
        ),
        Act::OwnEnd => view.pick(
            format!("{source}의 등재 {prefix}을(를) 수집처가 정한 종료 시각으로 되돌립니다."),
            format!("The listing of {prefix} by {source} ends as its source says."),
        ),
        Act::Remove => view.pick(
            format!("{source}의 등재 {prefix}을(를) 제거합니다."),
            format!("The listing of {prefix} by {source} is removed."),
        ),
        Act::Restore => view.pick(
            format!("{source}의 등재 {prefix}을(를) 복원합니다."),
            format!("The listing of {prefix} by {source} is restored."),
        ),
    };
    format!("{deed} {}", effect(view, counts))
}

/// How many listings would touch what is protected.
pub(crate) fn hits(view: View, count: u64) -> String {
    view.pick(
        format!("등재 {}건이 보호 대상에 걸립니다. 보호 대상은 게시하지 않습니다.", view.number(count)),
        format!(
            "{} what is protected; that is not served.",
            plural(count, "listing touches", "listings touch")
        ),
    )
}

/// How many addresses something stands against.
pub(crate) fn objected(view: View, count: u64) -> String {
    view.pick(
        format!(
            "{}건을 이대로는 막을 수 없어 아무것도 하지 않았습니다. 위의 까닭을 보고 고치세요.",
            view.number(count)
        ),
        format!("{} cannot be blocked so, and nothing was done. See above why.", view.number(count)),
    )
}

/// More lines than a form takes.
pub(crate) fn too_long(view: View) -> String {
    let most = view.number(MAX_LINES);
    view.pick(
        format!("{most}줄까지 차단할 수 있습니다. 더 많으면 파일로 가져오세요."),
        format!("At most {most} lines. Import a file with more."),
    )
}

/// Why an address cannot be blocked, and what to do about it.
pub(crate) fn unfit(view: View, why: &Unfit) -> String {
    match why {
        Unfit::Refused { refusal } => super::cause::by_id(view, refusal),
        Unfit::Protected { kind, guard, name } => view.pick(
            format!("{} {guard} ({name})에 걸림", kind.korean()),
            format!("it touches {kind} {guard} ({name})"),
        ),
        Unfit::Wide { widest } => {
            view.pick(format!("/{widest}보다 넓은 대역"), format!("wider than /{widest}"))
        }
        Unfit::Ended { at } => view.pick(
            format!("종료 시각 {}이 이미 지남", view.exact(at)),
            format!("its end {} has passed", view.exact(at)),
        ),
        Unfit::NotListed => view.pick("그런 등재가 없음", "not listed so").to_owned(),
        Unfit::NotRemoved => view.pick("제거된 등재가 아님", "not removed").to_owned(),
        Unfit::NotByHand { source } => view.pick(
            format!("{source}의 내용은 바꿀 수 없음"),
            format!("what {source} says of it cannot be changed"),
        ),
    }
}

/// "수집 실행 12".
pub(crate) fn run(view: View, run: impl std::fmt::Display) -> String {
    view.pick(format!("수집 실행 {run}"), format!("run {run}"))
}

/// "3대 중 2대".
pub(crate) fn share(view: View, some: u64, all: u64) -> String {
    let (some, all) = (view.number(some), view.number(all));
    view.pick(format!("{all}대 중 {some}대"), format!("{some} of {all}"))
}

/// Which publication came or went when.
pub(crate) fn step(view: View, serial: blocklist::Serial, is_served: bool) -> String {
    let t = IpOne::of(view.language);
    format!("#{serial} {}", if is_served { t.came } else { t.went })
}

/// What is shown is not of now.
pub(crate) fn past(view: View, at: Time) -> String {
    view.pick(
        format!("{} 기준입니다. 지금과 다를 수 있습니다.", view.exact(at)),
        format!("As it was at {}.", view.exact(at)),
    )
}

/// How many of the addresses around are published.
pub(crate) fn neighbours(view: View, count: u64) -> String {
    view.pick(
        format!("256개 중 {}개 게시 중", view.number(count)),
        format!("{} of 256 published", view.number(count)),
    )
}
