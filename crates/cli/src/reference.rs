//! The reference pages of the manual, made from the same tables as `--help`, the configuration and the collector.
//!
//! `docs/{en,ko}/commands.md`, `configuration.md`, `source-settings.md` and `rules.md` are compared with what the tables say, and so
//! are the tables of `portal-states.md`, whose words around them are written by hand; with `UPDATE_DOCS=1` the test
//! writes them instead.

mod collecting;
mod rules;

use std::fmt::Write as _;
use std::path::Path;

use clap::Command;

use crate::config::{Config, KEYS, variable};
use crate::help;
use crate::language::Language;

fn commands(language: Language) -> String {
    let korean = language == Language::Korean;
    let mut out = String::from(if korean {
        "# 명령\n\n모든 명령은 `--help`로 같은 내용을 보여 줍니다.\n\n## 종료 코드\n\n| 코드 | 뜻 |\n|---|---|\n| 0 | 완료 |\n| 1 | 답이 \"아니오\"(등재 아님, 검사 실패) |\n| 2 | 사용법이나 설정이 잘못됨 |\n| 3 | 실패, 아무것도 바뀌지 않음 |\n| 4 | 일부만 완료(일부 수집처 실패) |\n| 5 | 안전 게이트가 보류함 |\n"
    } else {
        "# Commands\n\nEvery command says the same with `--help`.\n\n## Exit codes\n\n| code | meaning |\n|---|---|\n| 0 | done |\n| 1 | the answer is \"no\": not listed, a check failed |\n| 2 | wrong usage or configuration |\n| 3 | failed, nothing changed |\n| 4 | partly done: some sources failed |\n| 5 | held by the gate |\n"
    });
    let mut root = help::command(language);
    root.build();
    let _ =
        write!(out, "\n## {}\n\n", if korean { "모든 명령에 쓰는 옵션" } else { "Options of every command" });
    out.push_str(&arguments(&root, true));
    for command in root.get_subcommands() {
        describe(command, "blacklist", &mut out);
    }
    out
}

fn describe(command: &Command, above: &str, out: &mut String) {
    let path = format!("{above} {}", command.get_name());
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let _ = write!(out, "\n## `{path}`\n\n{about}\n");
    let own = arguments(command, false);
    if !own.is_empty() {
        let _ = write!(out, "\n{own}");
    }
    if let Some(after) = command.get_after_help() {
        let text = after.to_string();
        let lines: Vec<&str> = text.lines().skip(1).map(str::trim_start).collect();
        let _ = write!(out, "\n```\n{}\n```\n", lines.join("\n"));
    }
    for inner in command.get_subcommands() {
        describe(inner, &path, out);
    }
}

fn arguments(command: &Command, global: bool) -> String {
    let mut out = String::new();
    for argument in command.get_arguments() {
        let everywhere =
            argument.is_global_set() || ["help", "version"].contains(&argument.get_id().as_str());
        if everywhere != global {
            continue;
        }
        let values: Vec<String> =
            argument.get_value_names().unwrap_or_default().iter().map(|name| format!("<{name}>")).collect();
        let takes = argument.get_action().takes_values();
        let mut name = match (argument.get_long(), argument.get_short()) {
            (Some(long), Some(short)) => format!("-{short}, --{long}"),
            (Some(long), None) => format!("--{long}"),
            _ => String::new(),
        };
        if takes {
            let gap = if name.is_empty() { "" } else { " " };
            let _ = write!(name, "{gap}{}", values.join(" "));
        }
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let mut lines = help.lines();
        let _ = writeln!(out, "- `{name}` {}", lines.next().unwrap_or_default());
        for line in lines {
            let _ = writeln!(out, "  - {}", line.trim());
        }
    }
    out
}

fn configuration(language: Language) -> String {
    let korean = language == Language::Korean;
    let mut out = String::from(if korean {
        "# 설정\n\n설정은 기본값, 설정 파일, 환경 변수, 명령행의 순서로 적용되며 뒤의 것이 앞의 것을 덮습니다.\n설정 파일은 `--config`로 지정하거나 데이터 디렉터리의 `blacklist.toml`, 없으면 `/etc/blacklist/blacklist.toml`을 읽습니다.\n모르는 키는 줄 번호와 가장 비슷한 키를 보여 주고 거부합니다.\n\n```\nblacklist config init blacklist.toml\nblacklist config check --config blacklist.toml\nblacklist config show\n```\n\n| 키 | 환경 변수 | 기본값 | 뜻 |\n|---|---|---|---|\n"
    } else {
        "# Configuration\n\nDefaults come first, then the file, then the environment, then the command line; the later wins.\nThe file is the one of `--config`, else `blacklist.toml` in the data directory, else `/etc/blacklist/blacklist.toml`.\nAn unknown key is refused with its line and the nearest key there is.\n\n```\nblacklist config init blacklist.toml\nblacklist config check --config blacklist.toml\nblacklist config show\n```\n\n| key | environment | default | meaning |\n|---|---|---|---|\n"
    });
    for key in KEYS {
        let meaning = if korean { key.korean } else { key.english };
        let default = (key.get)(&Config::default());
        let _ = writeln!(out, "| `{}` | `{}` | `{default}` | {meaning} |", key.name, variable(key.name));
    }
    out
}

#[test]
fn the_reference_pages_say_what_the_program_says() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let mut stale = Vec::new();
    for (language, name) in [(Language::English, "en"), (Language::Korean, "ko")] {
        let states = docs.join(name).join("portal-states.md");
        let states = collecting::states(language, &std::fs::read_to_string(states).unwrap());
        for (page, text) in [
            ("commands.md", commands(language)),
            ("configuration.md", configuration(language)),
            ("source-settings.md", collecting::settings(language)),
            ("rules.md", rules::page(language)),
            ("portal-states.md", states),
        ] {
            let path = docs.join(name).join(page);
            if std::env::var_os("UPDATE_DOCS").is_some() {
                std::fs::create_dir_all(docs.join(name)).unwrap();
                std::fs::write(&path, text).unwrap();
            } else if std::fs::read_to_string(&path).unwrap_or_default() != text {
                stale.push(path);
            }
        }
    }
    assert!(stale.is_empty(), "run the test with UPDATE_DOCS=1 and look at the change: {stale:?}");
}
