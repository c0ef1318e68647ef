//! The search of listings.

use blocklist::search::MAX_WORDS;

use super::{plural, words};
use crate::pages::view::View;
use crate::search::asked::{Part, Standing};

words! {
    /// What the search of listings says.
    pub(crate) Ip {
        query: "찾을 것", "Look for";
        query_hint: "IP, 대역, 범위, 국가, 수집처, 사유의 낱말. 따옴표로 묶으면 글자 그대로 찾습니다.", "An address, prefix, range, country, source, or words of a reason. In quotes, the words themselves.";
        understood: "이렇게 찾았습니다", "Understood as";
        state: "상태", "State";
        country: "국가", "Country";
        category: "분류", "Category";
        family: "주소 체계", "Family";
        since: "이날부터 탐지", "Detected since";
        before: "이날 전에 종료", "Ends before";
        reason: "사유", "Reason";
        detected: "탐지", "Detected";
        until: "종료", "Ends";
        forever: "종료일 없음", "no end";
        by_person: "담당자가 정한 종료 시각", "set by a person";
        block_many: "여러 줄 차단", "Block many lines";
        detail: "이 대역 자세히 보기", "More about this prefix";
        nothing: "찾은 등재가 없습니다.", "Nothing is listed like that.";
        nothing_hint: "낱말을 줄이거나 상태를 바꿔 보세요. 대역 하나가 왜 없는지는 그 IP의 상세에서 볼 수 있습니다.", "Use fewer words or another state. Why an address is not listed stands on its own page.";
        scanned_hint: "아직 다 살펴보지 않았습니다. 다음으로 이어서 찾습니다.", "Not all was looked at yet: the next page goes on.";
        no_list: "아직 게시본이 없습니다.", "Nothing is published yet.";
        no_list_hint: "수집이 끝나고 안전 게이트를 지나면 여기서 찾을 수 있습니다.", "What is collected can be found here once the gate has let it through.";
        to_collect: "수집으로", "To collection";
        too_much: "찾을 것이 너무 많아 앞부분만 찾았습니다.", "That is too much at once; only the first part was looked for.";
        published: "게시 중", "Published";
        active: "유효", "Active";
        expired: "만료", "Ended";
        withdrawn: "철회", "Withdrawn";
        removed: "제거", "Removed";
        manual: "수동 차단", "Blocked by hand";
    }
}

/// What a state is called.
pub(crate) fn standing(view: View, standing: Standing) -> &'static str {
    let w = Ip::of(view.language);
    match standing {
        Standing::Published => w.published,
        Standing::Active => w.active,
        Standing::Expired => w.expired,
        Standing::Withdrawn => w.withdrawn,
        Standing::Removed => w.removed,
        Standing::Manual => w.manual,
    }
}

/// "KR 대한민국".
pub(crate) fn country_name(view: View, of: blocklist::Country) -> String {
    super::countries::country(view, of.as_str())
}

/// What a part of the search was taken for: "국가 KR 대한민국".
pub(crate) fn part(view: View, part: &Part) -> String {
    let w = Ip::of(view.language);
    match part {
        Part::Place(place) => format!("{} {place}", view.pick("대역/IP", "Prefix")),
        Part::Source(source) => format!("{} {source}", view.pick("수집처", "Source")),
        Part::Country(country) => format!("{} {}", w.country, country_name(view, *country)),
        Part::Word(word) => format!("{} “{word}”", view.pick("낱말", "Word")),
    }
}

/// "등재 1,234건".
pub(crate) fn found(view: View, count: u64) -> String {
    view.pick(format!("등재 {}건", view.number(count)), plural(count, "listing", "listings"))
}

/// How far a search of what the store keeps has come.
pub(crate) fn scanned(view: View, rows: u64, is_all: bool) -> String {
    let count = view.number(rows);
    if is_all {
        view.pick(format!("끝까지 {count}행을 살펴봄"), format!("{count} rows looked at, to the end"))
    } else {
        view.pick(format!("여기까지 {count}행을 살펴봄 · 계속"), format!("{count} rows looked at so far"))
    }
}

/// A field that cannot be read.
pub(crate) fn unread(view: View, field: &str) -> String {
    let w = Ip::of(view.language);
    let name = match field {
        "country" => w.country,
        "category" => w.category,
        "family" => w.family,
        "since" => w.since,
        "before" => w.before,
        "state" => w.state,
        _ => view.pick("수집처", "Source"),
    };
    view.pick(
        format!("{name} 값을 알 수 없어 찾지 않았습니다. 고쳐서 다시 찾으세요."),
        format!("{name} cannot be read, so nothing was looked for. Mend it and look again."),
    )
}

/// What is passed over of too long a search.
pub(crate) fn limits(view: View) -> String {
    view.pick(
        format!("낱말은 {MAX_WORDS}개까지 찾습니다."),
        format!("At most {MAX_WORDS} words are looked for."),
    )
}
