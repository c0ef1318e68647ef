//! An explanation in words: the answer in one sentence, then every step. English and Korean.

use std::fmt::Write as _;

use blocklist::policy::{GuardKind, Served, Verdict, Why};
use blocklist::{Cause, State};

use super::{Explanation, GuardTold, ListingTold, RunTold};

pub use super::sentence::sentence;

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// 한국어.
    Korean,
}

impl Language {
    pub(super) fn pick<T>(self, english: T, korean: T) -> T {
        match self {
            Self::English => english,
            Self::Korean => korean,
        }
    }
}

/// All of it, a line a step.
pub fn text(all: &Explanation, language: Language) -> String {
    let mut out = sentence(all, language);
    let part = |out: &mut String, english: &str, korean: &str| {
        let _ = write!(out, "\n\n{}", language.pick(english, korean));
    };
    part(&mut out, "1. Listings", "1. 등재");
    if all.listings.is_empty() {
        line(&mut out, language.pick("none, in any state", "없음 (모든 상태)"));
    }
    all.listings.iter().for_each(|told| listing(&mut out, told, language));
    if all.listings_cut {
        line(&mut out, language.pick("... and more", "... 이하 생략"));
    }
    part(&mut out, "2. Refused rows of the last runs", "2. 최근 수집에서 거부된 행");
    if all.refused.is_empty() {
        line(&mut out, language.pick("none that names it", "해당 없음"));
    }
    for row in &all.refused {
        let cause = cause_text(&row.cause);
        line(
            &mut out,
            &language.pick(
                format!("{}, run {}, line {}: {cause}: {}", row.source, row.run, row.line, row.text),
                format!("{}, 실행 {}, {}행: {cause}: {}", row.source, row.run, row.line, row.text),
            ),
        );
    }
    part(&mut out, "3. Protected", "3. 보호 대상");
    if all.protected.is_empty() {
        line(&mut out, language.pick("nothing there", "해당 없음"));
    }
    all.protected.iter().for_each(|guard| line(&mut out, &guard_text(guard, language)));
    part(&mut out, "4. Policy", "4. 정책");
    policy(&mut out, all, language);
    part(&mut out, "5. Gate", "5. 안전 게이트");
    gate(&mut out, all, language);
    part(&mut out, "6. Publications", "6. 게시본");
    publications(&mut out, all, language);
    part(&mut out, "7. Feeds and consumers", "7. 피드와 소비 장비");
    readers(&mut out, all, language);
    out
}

/// The listings alone, as [`text`] shows them.
pub fn listings(all: &Explanation, language: Language) -> String {
    let mut out = String::new();
    all.listings.iter().for_each(|told| listing(&mut out, told, language));
    if all.listings.is_empty() {
        line(&mut out, language.pick("none, in any state", "없음 (모든 상태)"));
    }
    out.lines().filter_map(|line| line.strip_prefix("   ")).collect::<Vec<_>>().join("\n")
}

fn line(out: &mut String, text: &str) {
    out.push_str("\n   ");
    out.push_str(text);
}

fn listing(out: &mut String, told: &ListingTold, language: Language) {
    let row = &told.row;
    let state = match row.state {
        State::Active => language.pick("active", "유효"),
        State::Expired => language.pick("ended", "종료"),
        State::Withdrawn => language.pick("withdrawn", "철회"),
        State::Removed => language.pick("removed", "제거"),
    };
    let detected = row.detected.to_seoul();
    let until = match row.until {
        None => language.pick("without end", "종료일 없음").to_owned(),
        Some(until) => {
            let by = if row.end_set_by_person {
                language.pick(", set by a person", ", 사람이 지정")
            } else {
                ""
            };
            language.pick(
                format!("until {} KST{by}", until.to_seoul()),
                format!("종료 {} KST{by}", until.to_seoul()),
            )
        }
    };
    let about: String = [&row.reason, &row.category, &row.severity]
        .into_iter()
        .flatten()
        .flat_map(|text| [", ", text.as_str()])
        .collect();
    line(
        out,
        &language.pick(
            format!("{} by {}: {state}, detected {detected} KST, {until}{about}", row.prefix, row.source),
            format!("{} ({}): {state}, 탐지 {detected} KST, {until}{about}", row.prefix, row.source),
        ),
    );
    for (words, run) in [
        (language.pick("came with", "최초"), &told.came),
        (language.pick("last changed by", "마지막 변경"), &told.changed),
    ] {
        if let Some(run) = run {
            line(out, &format!("  {words} {}", run_text(run, language)));
        }
    }
    for event in &told.events {
        let word = match event.event.as_str() {
            "withdrawn" => language.pick("withdrawn", "철회"),
            "relisted" => language.pick("listed again", "재등재"),
            "removed" => language.pick("removed", "제거"),
            _ => language.pick("changed", "변경"),
        };
        let mut text = format!("  {} KST {word}", event.at.to_seoul());
        if let Some(run) = event.run {
            let _ = write!(text, " ({} {run})", language.pick("run", "실행"));
        }
        push_who(&mut text, event.by.as_deref(), event.note.as_deref(), language);
        line(out, &text);
    }
    if told.events_cut {
        line(out, language.pick("  ... and older", "  ... 이전 이력 생략"));
    }
}

fn run_text(run: &RunTold, language: Language) -> String {
    let mut text = language.pick(
        format!("run {}, {} KST, {} from {}", run.run, run.at.to_seoul(), run.parser, run.input),
        format!("실행 {}, {} KST, {}, 입력 {}", run.run, run.at.to_seoul(), run.parser, run.input),
    );
    push_who(&mut text, run.by.as_deref(), run.note.as_deref(), language);
    text
}

fn push_who(text: &mut String, by: Option<&str>, note: Option<&str>, language: Language) {
    if let Some(by) = by {
        let _ = write!(text, "{}", language.pick(format!(" by {by}"), format!(", 작업자 {by}")));
    }
    if let Some(note) = note {
        let _ = write!(text, ": {note}");
    }
}

/// What is protected, in a few words.
pub fn guard_text(guard: &GuardTold, language: Language) -> String {
    let GuardTold { kind, prefix, name, .. } = guard;
    let mut about: Vec<String> =
        [&guard.reason, &guard.owner, &guard.ticket].into_iter().flatten().cloned().collect();
    if let Some(until) = guard.until {
        let until = until.to_seoul();
        about.push(language.pick(format!("until {until} KST"), format!("{until} KST까지")));
    }
    let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join(", ")) };
    match (kind, language) {
        (GuardKind::Allow, Language::English) => format!("allow entry {name}{about} on {prefix}"),
        (GuardKind::Allow, Language::Korean) => format!("허용 항목 {name}{about} {prefix}"),
        (GuardKind::Own, Language::English) => format!("own network {prefix} ({name})"),
        (GuardKind::Consumer, Language::English) => format!("address {prefix} of consumer {name}"),
        (GuardKind::KnownGood, Language::English) => format!("{prefix} on the known-good list {name}"),
        (_, Language::Korean) => format!("{} {prefix} ({name})", kind.korean()),
    }
}

/// Everything that keeps a listing out, in a few words; empty when nothing does.
pub fn verdict_text(verdict: &Verdict, language: Language) -> String {
    let why = |why: &Why| match why {
        Why::UnknownSource => language.pick("its source is not known", "알 수 없는 수집처").to_owned(),
        Why::Refused { cause } => cause_text(cause),
        Why::Ended { at } => language.pick(
            format!("its end {} KST has passed", at.to_seoul()),
            format!("종료 시각 {} KST가 지남", at.to_seoul()),
        ),
        Why::Trial => language.pick("the source is on trial", "시험 수집 중인 수집처").to_owned(),
        Why::Filter { own, failed } => {
            let of = if *own {
                language.pick("the source's", "수집처")
            } else {
                language.pick("the general", "전체")
            };
            let failed = match failed {
                blocklist::policy::Failed::Confidence => language.pick("confidence", "신뢰도"),
                blocklist::policy::Failed::Category => language.pick("category", "분류"),
                blocklist::policy::Failed::Family => language.pick("family", "주소 체계"),
            };
            language.pick(format!("{of} filter of {failed}"), format!("{of} 필터({failed})에 걸림"))
        }
        Why::TooFewSources { need, have } => language.pick(
            format!("{have} sources list it, {need} are needed"),
            format!("등재 수집처 {have}곳, 필요 {need}곳"),
        ),
        Why::Protected { kind, guard, name } => {
            language.pick(format!("{kind} {guard} ({name})"), format!("{} {guard} ({name})", kind.korean()))
        }
    };
    verdict.why.iter().map(why).collect::<Vec<_>>().join("; ")
}

fn policy(out: &mut String, all: &Explanation, language: Language) {
    let mut none = true;
    for told in &all.listings {
        let Some(verdict) = &told.policy else { continue };
        none = false;
        let served = match verdict.served {
            Served::Whole => language.pick("served", "게시"),
            Served::Part => language.pick("served in part", "일부 게시"),
            Served::Nothing => language.pick("not served", "제외"),
        };
        let why = verdict_text(verdict, language);
        let colon = if why.is_empty() { "" } else { ": " };
        line(out, &format!("{} ({}): {served}{colon}{why}", told.row.prefix, told.row.source));
    }
    if none {
        line(out, language.pick("no active listing to judge", "판단할 유효 등재 없음"));
    }
}

fn gate(out: &mut String, all: &Explanation, language: Language) {
    match &all.gate.held {
        None => line(out, language.pick("nothing is held", "보류 중인 게시 후보 없음")),
        Some(held) => {
            let does = match (held.adds, held.removes) {
                (true, _) => language.pick("it would add this address", "이 주소가 추가될 예정"),
                (_, true) => language.pick("it would remove this address", "이 주소가 제거될 예정"),
                _ => language.pick("this address is not in question", "이 주소와는 관계없음"),
            };
            let (id, at) = (held.id, held.opened_at.to_seoul());
            line(
                out,
                &language.pick(
                    format!("held candidate {id} since {at} KST: {does}"),
                    format!("보류 {id}, {at} KST부터: {does}"),
                ),
            );
            held.reasons.iter().for_each(|reason| line(out, &format!("  {reason}")));
        }
    }
    if let Some(pin) = &all.gate.pinned {
        let (serial, by, at) = (pin.serial, &pin.by, pin.at.to_seoul());
        line(
            out,
            &language.pick(
                format!("publication {serial} was brought back by {by} {at} KST and is held"),
                format!("{by}이(가) {at} KST에 게시본 {serial}(으)로 되돌려 고정함"),
            ),
        );
    }
}

fn publications(out: &mut String, all: &Explanation, language: Language) {
    let told = &all.publications;
    if let Some(serial) = told.serial {
        line(out, &language.pick(format!("publication {serial} answers"), format!("기준 게시본 {serial}")));
    }
    if told.steps.is_empty() {
        line(out, language.pick("it neither came nor went", "들어오거나 빠진 적 없음"));
    }
    for step in &told.steps {
        let mut text = format!("{} ({} KST)", step.serial, step.at.to_seoul());
        for (sign, prefixes) in [('+', &step.added), ('-', &step.removed)] {
            for prefix in prefixes {
                let _ = write!(text, " {sign}{prefix}");
            }
        }
        line(out, &text);
    }
    if told.cut {
        let count = told.looked_at;
        line(
            out,
            &language.pick(
                format!("older ones than these {count} were not looked at"),
                format!("최근 게시본 {count}건까지만 확인함"),
            ),
        );
    }
}

fn readers(out: &mut String, all: &Explanation, language: Language) {
    let has = |has: Option<bool>| match has {
        Some(true) => language.pick("has it", "포함"),
        Some(false) => language.pick("does not have it", "미포함"),
        None => language.pick("not known", "확인 불가"),
    };
    for feed in &all.feeds {
        line(
            out,
            &language.pick(
                format!("feed {}: {}", feed.name, has(feed.has)),
                format!("피드 {}: {}", feed.name, has(feed.has)),
            ),
        );
    }
    for holder in &all.consumers {
        let at = holder.at.to_seoul();
        line(
            out,
            &language.pick(
                format!(
                    "{} ({}, {}): {}, publication {} since {at} KST",
                    holder.consumer,
                    holder.feed,
                    holder.format,
                    has(holder.has),
                    holder.serial
                ),
                format!(
                    "{} ({}, {}): {}, 게시본 {}, {at} KST 수신",
                    holder.consumer,
                    holder.feed,
                    holder.format,
                    has(holder.has),
                    holder.serial
                ),
            ),
        );
    }
}

/// Why a row was refused, in words.
pub fn cause_text(id: &str) -> String {
    Cause::all().find(|cause| cause.id() == id).map_or_else(|| id.to_owned(), |cause| cause.to_string())
}
