//! The answer in one sentence.

use blocklist::Time;

use super::words::{Language, cause_text, guard_text, verdict_text};
use super::{Answer, Explanation};

/// The answer in one sentence.
pub fn sentence(all: &Explanation, language: Language) -> String {
    let ip = all.asked;
    let korean = language == Language::Korean;
    let then = match (all.at, korean) {
        (None, _) => String::new(),
        (Some(at), false) => format!(" at {} KST", at.to_seoul()),
        (Some(at), true) => format!("({} KST 기준)", at.to_seoul()),
    };
    let (head, not) = if korean {
        (format!("{ip}{then}: 게시 중"), format!("{ip}{then}: 게시되지 않음"))
    } else if all.at.is_some() {
        (format!("{ip} was served{then}"), format!("{ip} was not served{then}"))
    } else {
        (format!("{ip} is served"), format!("{ip} is not served"))
    };
    match &all.answer {
        Answer::Served { prefixes, sources, serial, since } => {
            let sources = sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let prefix = prefixes.first().map_or("", String::as_str);
            let since = since.map(Time::to_seoul);
            if korean {
                let since = since.map_or(String::new(), |since| format!(", {since} KST부터 계속"));
                format!("{head} - {sources}의 등재 {prefix}, 게시본 {serial}{since}")
            } else {
                let since = since.map_or(String::new(), |since| format!(", without a break since {since} KST"));
                format!("{head}: {prefix} listed by {sources}, publication {serial}{since}")
            }
        }
        Answer::Protected { guard, listing, source } => {
            let guard = guard_text(guard, language);
            language.pick(
                format!("{not}: {guard} cuts it out of {listing} listed by {source}"),
                format!("{not} - {source}의 등재 {listing}에서 {guard}에 의해 제외됨"),
            )
        }
        Answer::Held { held } => language.pick(
            format!("{not}: the gate holds the list that would have it; `blacklist held show {held}`"),
            format!("{not} - 이 주소가 들어갈 게시 후보가 안전 게이트에 보류되어 있음. `blacklist held show {held}`"),
        ),
        Answer::Pinned { serial } => language.pick(
            format!("{not}: publication {serial} was brought back and is held; `blacklist publication release`"),
            format!("{not} - 게시본 {serial}(으)로 되돌려 고정한 상태임. `blacklist publication release`로 해제"),
        ),
        Answer::Policy { listing, source, verdict } => {
            let why = verdict_text(verdict, language);
            language.pick(
                format!("{not}: the policy keeps {listing} of {source} out: {why}"),
                format!("{not} - 정책에 따라 {source}의 등재 {listing} 제외: {why}"),
            )
        }
        Answer::Pending { source } => language.pick(
            format!("{not}: {source} lists it, and the next publication has it; `blacklist publish`"),
            format!("{not} - {source}에 등재되어 있으며 다음 게시본에 들어감. `blacklist publish`"),
        ),
        Answer::Ended { source, at } => language.pick(
            format!("{not}: the listing of {source} ended {} KST", at.to_seoul()),
            format!("{not} - {source}의 등재가 {} KST에 종료됨", at.to_seoul()),
        ),
        Answer::Removed { source, by } => {
            let by = by.as_deref().unwrap_or(language.pick("with its source", "수집처와 함께"));
            language.pick(
                format!("{not}: the listing of {source} was removed ({by})"),
                format!("{not} - {source}의 등재가 제거됨 ({by})"),
            )
        }
        Answer::Withdrawn { source } => language.pick(
            format!("{not}: {source} no longer has it"),
            format!("{not} - {source}의 최신 목록에서 빠짐(철회)"),
        ),
        Answer::Refused { source, line, cause } => {
            let cause = cause_text(cause);
            language.pick(
                format!("{not}: line {line} of {source} names it and was refused: {cause}"),
                format!("{not} - {source}의 {line}번째 행에 있으나 거부됨: {cause}"),
            )
        }
        Answer::Parts { listings } => language.pick(
            format!("{not} as a whole: {listings} listings lie inside it"),
            format!("{not} - 대역 전체가 아니라 그 안의 등재 {listings}건만 있음"),
        ),
        Answer::Never => language.pick(
            format!("{not}: no source ever listed it"),
            format!("{not} - 어느 수집처에도 등재된 적이 없음"),
        ),
        Answer::NothingPublished => language.pick(
            format!("{not}: nothing was published by then"),
            format!("{not} - 그때까지 게시된 것이 없음"),
        ),
        Answer::NotKept { serial } => language.pick(
            format!("{ip}{then}: publication {serial} was live then and is no longer kept, so nobody can say"),
            format!("{ip}{then}: 당시의 게시본 {serial}이(가) 더 이상 보관되어 있지 않아 알 수 없음"),
        ),
    }
}
