//! The pages about sources: kinds, settings and templates as one page, and the causes as tables in another.

use std::fmt::Write as _;

use collect::TROUBLES;
use collect::catalogue::{TEMPLATES, Words};
use collect::source::kind::CredentialUse;
use collect::source::{KINDS, Kind, SETTINGS, Setting, Settings};
use collect::trouble::{Class, TroubleInfo};

use crate::language::Language;

/// What stands around each table of causes in `portal-states.md`.
const CLASSES: [(&str, Class); 4] =
    [("person", Class::Person), ("wait", Class::Wait), ("retry", Class::Retry), ("content", Class::Content)];

/// The page of settings.
pub(super) fn settings(language: Language) -> String {
    let korean = language == Language::Korean;
    let mut out = String::from(if korean {
        "# 수집처 설정 항목\n\n`blacklist source settings`가 같은 내용을 보여 줍니다. 쓰는 방법은 [수집 설정](collecting.md)에 있습니다.\n\n## 종류\n\n| 종류 | 읽는 것 | 자격 증명 |\n|---|---|---|\n"
    } else {
        "# Settings of sources\n\n`blacklist source settings` says the same. How they are used: [collecting](collecting.md).\n\n## Kinds\n\n| kind | what it reads | credential |\n|---|---|---|\n"
    });
    for info in KINDS {
        let what = if korean { info.korean } else { info.english };
        let credential = match (info.credential, korean) {
            (CredentialUse::Never, true) => "없음",
            (CredentialUse::Never, false) => "none",
            (CredentialUse::AsSet, true) => "`auth`에 따름",
            (CredentialUse::AsSet, false) => "as `auth` says",
            (CredentialUse::Login, true) => "아이디와 비밀번호",
            (CredentialUse::Login, false) => "user name and password",
        };
        let _ = writeln!(out, "| `{}` | {what} | {credential} |", info.name);
    }
    out.push_str(if korean {
        "\n## 설정\n\n기간은 `90s`, `15m`, `6h`, `7d`처럼 적습니다. 값을 비우면(`KEY=`) 기본값으로 돌아갑니다.\n\n| 설정 | 종류 | 기본값 | 뜻 |\n|---|---|---|---|\n"
    } else {
        "\n## Settings\n\nLengths of time are written `90s`, `15m`, `6h`, `7d`. An empty value (`KEY=`) goes back to the default.\n\n| setting | kinds | default | meaning |\n|---|---|---|---|\n"
    });
    for setting in SETTINGS {
        let kinds: Vec<Kind> =
            KINDS.iter().map(|info| info.kind).filter(|kind| setting.applies_to(*kind)).collect();
        let all = if korean { "모두" } else { "all" };
        let named = if setting.kinds.is_empty() { all.to_owned() } else { names(&kinds) };
        let meaning = if korean { setting.korean } else { setting.english };
        let _ = writeln!(out, "| `{}` | {named} | {} | {meaning} |", setting.name, defaults(setting, &kinds));
    }
    out.push_str(if korean {
        "\n## 템플릿\n\n`blacklist source add NAME --template ID`로 추가합니다. 이용 조건은 추가하기 전에 발행자의 페이지에서 확인하십시오.\n\n| 템플릿 | 종류 | 목록 | 내용 | 이용 조건 |\n|---|---|---|---|---|\n"
    } else {
        "\n## Templates\n\nAdded by `blacklist source add NAME --template ID`. Read the publisher's terms before.\n\n| template | kind | list | what it lists | terms |\n|---|---|---|---|---|\n"
    });
    for template in TEMPLATES {
        let words = |words: &Words| if korean { words.korean } else { words.english };
        let (about, terms) = (words(&template.about), words(&template.terms));
        let title = format!("[{}]({})", template.title, template.home);
        let _ = writeln!(out, "| `{}` | {} | {title} | {about} | {terms} |", template.id, template.kind);
    }
    out
}

fn names(kinds: &[Kind]) -> String {
    kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
}

/// The default, for each group of kinds that share one.
fn defaults(setting: &Setting, kinds: &[Kind]) -> String {
    let mut groups: Vec<(String, Vec<Kind>)> = Vec::new();
    for kind in kinds {
        let value = setting.show(&Settings::of(*kind));
        match groups.iter_mut().find(|(known, _)| *known == value) {
            Some((_, sharing)) => sharing.push(*kind),
            None => groups.push((value, vec![*kind])),
        }
    }
    let alone = groups.len() == 1;
    let told = groups.iter().filter(|(value, _)| !value.is_empty());
    let told = told.map(
        |(value, kinds)| if alone { format!("`{value}`") } else { format!("{}: `{value}`", names(kinds)) },
    );
    told.collect::<Vec<_>>().join("<br>")
}

/// The page of causes, with each of its tables made anew.
pub(super) fn states(language: Language, page: &str) -> String {
    let korean = language == Language::Korean;
    let mut page = page.to_owned();
    for (name, class) in CLASSES {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let from =
            page.find(&begin).unwrap_or_else(|| panic!("portal-states.md has no {begin}")) + begin.len();
        let to = page.find(&end).unwrap_or_else(|| panic!("portal-states.md has no {end}"));
        let mut table = String::from(if korean {
            "\n| 원인 | 무슨 일 | 할 일 |\n|---|---|---|\n"
        } else {
            "\n| cause | what happened | what to do |\n|---|---|---|\n"
        });
        for info in TROUBLES.iter().filter(|info| info.class == class) {
            let (what, hint) = words(info, korean);
            let _ = writeln!(table, "| `{}` | {what} | {} |", info.id, with_commands(hint));
        }
        table.push('\n');
        page.replace_range(from..to, &table);
    }
    page
}

fn words(info: &TroubleInfo, korean: bool) -> (&'static str, &'static str) {
    if korean { (info.korean, info.korean_hint) } else { (info.english, info.english_hint) }
}

/// A hint with its commands as code. They end with the name of a source, or are `db check`.
fn with_commands(hint: &str) -> String {
    let mut parts = hint.split("blacklist ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = ["NAME", "db check"].iter().find_map(|last| part.find(last).map(|at| at + last.len()));
        let (command, rest) = part.split_at(end.unwrap_or_default());
        let _ = write!(out, "`blacklist {command}`{rest}");
    }
    out
}
