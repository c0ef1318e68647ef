//! What the rules are called where people set them. Their meaning comes from their own tables.

use blocklist::setting::Kind;

use crate::pages::view::View;

/// The name of a rule; for one that has none, its key.
pub(crate) fn label(view: View, key: &'static str) -> &'static str {
    let (korean, english) = match key {
        "min_sources" => ("최소 수집처 수", "Sources, at least"),
        "trusted" => ("신뢰 수집처", "Trusted sources"),
        "min_confidence" => ("최소 신뢰도", "Confidence, at least"),
        "confidence_required" => ("신뢰도 없는 등재 제외", "Leave out what has no confidence"),
        "categories" => ("분류", "Categories"),
        "family" => ("주소 체계", "Address family"),
        "end" => ("종료 규칙", "End rule"),
        "trial" => ("시험 수집", "On trial"),
        "min_share" => ("최소 비율(%)", "Share of the last list, at least (%)"),
        "max_added" => ("수집처별 최대 증가(%)", "Added by one source, at most (%)"),
        "max_removed" => ("수집처별 최대 감소(%)", "Removed by one source, at most (%)"),
        "jump_floor" => ("증감을 따지는 최소 건수", "Changes that count, from"),
        "max_covered" => ("최대 차단 공간(%)", "IPv4 space blocked, at most (%)"),
        "widest_v4" => ("가장 넓은 IPv4 대역", "Widest IPv4 prefix"),
        "widest_v6" => ("가장 넓은 IPv6 대역", "Widest IPv6 prefix"),
        "own_hits" => ("자사 대역과 겹침", "Hits on own networks"),
        "consumer_hits" => ("장비 주소와 겹침", "Hits on devices"),
        "allow_hits" => ("허용목록과 겹침", "Hits on the allow list"),
        "known_good_hits" => ("정상 목록과 겹침", "Hits on known-good lists"),
        "second_person" => ("두 사람 승인", "Two people approve"),
        "held_hours" => ("보류 결정 기한(시간)", "Time to decide (hours)"),
        "days" => ("보관 일수", "Days"),
        "least" => ("보관 개수", "At least so many"),
        _ => (key, key),
    };
    view.pick(korean, english)
}

/// The same for a key from outside.
pub(crate) fn label_of(view: View, key: &str) -> &'static str {
    use blocklist::{gate, policy};
    let keys =
        policy::SETTINGS.iter().map(|it| it.key).chain(policy::SOURCE_SETTINGS.iter().map(|it| it.key));
    let mut keys = keys.chain(gate::SETTINGS.iter().map(|it| it.key)).chain(["days", "least"]);
    keys.find(|known| *known == key).map_or("", |key| label(view, key))
}

/// What the two numbers of the history mean.
pub(crate) fn meaning(view: View, key: &str) -> &'static str {
    match key {
        "days" => view.pick("최근 며칠의 게시본을 보관합니다.", "Publications of so many days are kept."),
        _ => view.pick(
            "그보다 오래되어도 최근 몇 개는 보관합니다.",
            "So many of the newest are kept, however old.",
        ),
    }
}

/// Meaning, values and default, below a field.
pub(crate) fn expected(view: View, meaning: &str, kind: Kind, default: &str) -> String {
    view.pick(
        format!("{meaning} {}. 비우면 기본값({default}).", kind.korean()),
        format!("{meaning} Give {kind}; nothing is the default ({default})."),
    )
}

/// What stands at a field whose value was refused.
pub(crate) fn will_not_do(view: View, expected: &str) -> String {
    view.pick(
        format!("넣을 수 없는 값입니다. {expected}(으)로 적으세요."),
        format!("This will not do; give {expected}."),
    )
}
