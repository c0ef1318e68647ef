//! The page of what people set to say what is served, and of the words that stand in tables and JSON: policy, gate,
//! feeds, consumers, protected things, held candidates, publications.

use std::fmt::Write as _;

use blocklist::consumer::Vendor;
use blocklist::policy::GuardKind;
use blocklist::setting::Setting;
use blocklist::{consumer, feed, gate, policy};
use store::{HeldState, Origin};

use crate::language::Language;

/// A heading and what stands below it, in both languages.
type Section = (&'static str, &'static str);

/// The page.
pub(super) fn page(language: Language) -> String {
    let mut out = String::from(match language {
        Language::English => {
            "# Policy, gate, feeds and consumers: every key\n\n`off` switches a key off. How they are used: [publishing](publishing.md), [protecting](protecting.md), [feeds and consumers](feeds-and-consumers.md).\n"
        }
        Language::Korean => {
            "# 정책·게이트·피드·소비 장비 항목\n\n`off`는 그 항목을 쓰지 않는다는 뜻입니다. 쓰는 방법은 [게시](publishing.md), [보호](protecting.md), [피드와 소비 장비](feeds-and-consumers.md)에 있습니다.\n"
        }
    });
    let of = |section: Section| if language == Language::Korean { section.1 } else { section.0 };
    settings(
        of((
            "Policy, for all sources: `blacklist policy set KEY=VALUE`",
            "정책, 모든 수집처: `blacklist policy set KEY=VALUE`",
        )),
        policy::SETTINGS,
        language,
        &mut out,
    );
    settings(
        of((
            "Policy, for one source: `blacklist policy set KEY=VALUE --source NAME`",
            "정책, 수집처별: `blacklist policy set KEY=VALUE --source NAME`",
        )),
        policy::SOURCE_SETTINGS,
        language,
        &mut out,
    );
    rules(language, &mut out);
    settings(
        of((
            "Limits of the gate: `blacklist gate set KEY=VALUE`",
            "안전 게이트의 한도: `blacklist gate set KEY=VALUE`",
        )),
        gate::SETTINGS,
        language,
        &mut out,
    );
    settings(
        of(("Feeds: `blacklist feed set NAME KEY=VALUE`", "피드: `blacklist feed set NAME KEY=VALUE`")),
        feed::SETTINGS,
        language,
        &mut out,
    );
    settings(
        of((
            "Consumers: `blacklist consumer set NAME KEY=VALUE`",
            "소비 장비: `blacklist consumer set NAME KEY=VALUE`",
        )),
        consumer::SETTINGS,
        language,
        &mut out,
    );
    vendors(language, &mut out);
    words(
        of(("What is protected", "보호 대상의 종류")),
        GuardKind::ALL.map(|it| (it.as_str(), of(guard(it)))),
        language,
        &mut out,
    );
    words(
        of(("States of a held candidate", "보류 후보의 상태")),
        HeldState::ALL.map(|it| (it.as_str(), of(held(it)))),
        language,
        &mut out,
    );
    words(
        of(("How a publication came to be", "게시본이 만들어진 경위")),
        Origin::ALL.map(|it| (it.as_str(), of(origin(it)))),
        language,
        &mut out,
    );
    out
}

fn settings<T: Default>(title: &str, table: &[Setting<T>], language: Language, out: &mut String) {
    let korean = language == Language::Korean;
    let headings =
        if korean { "| 항목 | 기본값 | 값 | 뜻 |" } else { "| key | default | value | meaning |" };
    let _ = write!(out, "\n## {title}\n\n{headings}\n|---|---|---|---|\n");
    for it in table {
        let (takes, about) =
            if korean { (it.kind.korean(), it.korean) } else { (it.kind.to_string(), it.english) };
        let _ = writeln!(out, "| `{}` | `{}` | {takes} | {about} |", it.key, it.default());
    }
}

fn rules(language: Language, out: &mut String) {
    let korean = language == Language::Korean;
    out.push_str(if korean {
        "\n## 안전 게이트의 규칙\n\n한도가 없는 규칙은 끌 수 없습니다.\n\n| 규칙 | 보류하는 경우 | 한도 |\n|---|---|---|\n"
    } else {
        "\n## Rules of the gate\n\nA rule without a limit cannot be switched off.\n\n| rule | holds when | limits |\n|---|---|---|\n"
    });
    for rule in gate::RULES {
        let about = if korean { rule.korean } else { rule.english };
        let limits: Vec<String> = rule.settings.iter().map(|key| format!("`{key}`")).collect();
        let _ = writeln!(out, "| `{}` | {about} | {} |", rule.id, limits.join(", "));
    }
}

fn vendors(language: Language, out: &mut String) {
    out.push_str(match language {
        Language::English => "\n### `vendor`\n\n| value | device |\n|---|---|\n",
        Language::Korean => "\n### `vendor`\n\n| 값 | 장비 |\n|---|---|\n",
    });
    for it in Vendor::ALL {
        let title = match (it, language) {
            (Vendor::Generic, Language::Korean) => "그 밖의 장비나 스크립트",
            (it, _) => it.title(),
        };
        let _ = writeln!(out, "| `{}` | {title} |", it.as_str());
    }
}

fn words<const N: usize>(
    title: &str,
    table: [(&'static str, &'static str); N],
    language: Language,
    out: &mut String,
) {
    let headings = if language == Language::Korean { "| 값 | 뜻 |" } else { "| value | meaning |" };
    let _ = write!(out, "\n## {title}\n\n{headings}\n|---|---|\n");
    for (word, meaning) in table {
        let _ = writeln!(out, "| `{word}` | {meaning} |");
    }
}

const fn guard(kind: GuardKind) -> Section {
    match kind {
        GuardKind::Own => (
            "an own network (`blacklist own`), or an address of this server",
            "자사 대역(`blacklist own`) 또는 이 서버의 주소",
        ),
        GuardKind::Consumer => {
            ("an address of a consumer (`blacklist consumer`)", "소비 장비의 주소(`blacklist consumer`)")
        }
        GuardKind::Allow => ("an allow entry (`blacklist allow`)", "허용 항목(`blacklist allow`)"),
        GuardKind::KnownGood => {
            ("on a known-good list (`blacklist known-good`)", "정상 목록에 있는 주소(`blacklist known-good`)")
        }
    }
}

const fn held(state: HeldState) -> Section {
    match state {
        HeldState::Open => ("it waits for a person", "사람의 결정을 기다림"),
        HeldState::Approved => ("it was approved and published", "승인되어 게시됨"),
        HeldState::Rejected => (
            "a person rejected it; the same candidate is not asked about again",
            "반려됨. 같은 후보는 다시 묻지 않음",
        ),
        HeldState::Expired => (
            "nobody decided within `held_hours`, which counts as rejected",
            "`held_hours` 안에 아무도 결정하지 않아 반려로 처리됨",
        ),
        HeldState::Superseded => (
            "something else was published meanwhile, or nothing differs any more",
            "그사이 다른 게시본이 나갔거나 바뀔 내용이 없어짐",
        ),
    }
}

const fn origin(origin: Origin) -> Section {
    match origin {
        Origin::Policy => ("policy and gate let it through", "정책과 안전 게이트를 통과함"),
        Origin::Frozen => (
            "the last list goes on while something is held: without what ended or is protected, with what people blocked by hand",
            "보류 중에 이어지는 목록. 끝났거나 보호 대상이 된 것은 빠지고 직접 차단한 것은 들어감",
        ),
        Origin::Approved => ("people approved a held candidate", "보류된 후보를 사람이 승인함"),
        Origin::Forced => (
            "a person published over the objections of the gate",
            "안전 게이트의 반대에도 사람이 강제로 게시함",
        ),
        Origin::Rollback => ("a person brought an old publication back", "사람이 이전 게시본으로 되돌림"),
    }
}
