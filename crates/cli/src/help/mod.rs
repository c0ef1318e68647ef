//! The words of `--help`, in English and Korean, put onto the arguments of [`crate::args`].
//!
//! All of them stand in one table, [`words`], by the path of the command or argument; a test walks the commands
//! and fails for each that has no words and for each word that has no command. English could have stood at the
//! arguments themselves, but then the two languages would drift apart unseen.

mod words;

use blocklist::setting::Setting;
use blocklist::{gate, policy};
use clap::{Command, CommandFactory};

use crate::args::Cli;
use crate::language::Language;
use words::{Words, find};

/// The command with its help in one language.
pub(crate) fn command(language: Language) -> Command {
    dress(Cli::command(), "", language)
}

fn dress(mut command: Command, path: &str, language: Language) -> Command {
    let korean = language == Language::Korean;
    if let Some(words) = find(path) {
        command = command.about(words.text(language));
        let example = if korean { "예" } else { "Examples" };
        if !words.examples.is_empty() {
            command = command.after_help(format!("{example}:\n{}", indent(words.examples)));
        }
        if path.is_empty() {
            command = command.after_long_help(None);
        }
    }
    if korean {
        command = command
            .help_template("{about}\n\n사용법: {usage}\n\n{all-args}{after-help}")
            .subcommand_help_heading("명령")
            .subcommand_value_name("명령");
    }
    // These two are clap's own and stand in every command.
    command = command
        .disable_help_flag(true)
        .arg(clap::Arg::new("help").short('h').long("help").action(clap::ArgAction::Help));
    if path.is_empty() {
        command = command
            .disable_version_flag(true)
            .arg(clap::Arg::new("version").short('V').long("version").action(clap::ArgAction::Version));
    }
    let names: Vec<String> = command.get_arguments().map(|argument| argument.get_id().to_string()).collect();
    for name in names {
        let own = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        let words = find(&format!("{own}@")).or_else(|| find(&format!("{name}@")));
        command = command.mut_arg(&name, |argument| {
            let positional = argument.is_positional();
            let argument = match words {
                Some(words) => argument.help(more(words, &own, language)),
                None => argument,
            };
            match (korean, positional) {
                (true, true) => argument.help_heading("인자"),
                (true, false) => argument.help_heading("옵션"),
                (false, _) => argument,
            }
        });
    }
    let subcommands: Vec<String> =
        command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
    for name in subcommands {
        let inner = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        command = command.mut_subcommand(name, |subcommand| dress(subcommand, &inner, language));
    }
    command
}

/// The words of an argument whose choices stand in a table elsewhere, with those choices.
fn more(words: &Words, path: &str, language: Language) -> String {
    let korean = language == Language::Korean;
    let list = |rows: Vec<(&str, &str)>| {
        rows.iter()
            .fold(words.text(language).to_owned(), |text, (name, about)| format!("{text}\n  {name}: {about}"))
    };
    match path {
        "import parser" => list(
            collect::PARSERS
                .iter()
                .map(|info| (info.name, if korean { info.korean } else { info.english }))
                .collect(),
        ),
        "source add kind" => {
            let kinds = collect::source::KINDS.iter().filter(|info| info.kind.is_fetched());
            kinds.fold(words.text(language).to_owned(), |text, info| {
                let about = if korean { info.korean } else { info.english };
                let end = match (info.end, korean) {
                    (None, _) => String::new(),
                    (Some(rule), false) => format!("; listings end: {rule}"),
                    (Some(rule), true) => format!(" (등재 종료: {rule})"),
                };
                format!("{text}\n  {}: {about}{end}", info.name)
            })
        }
        "policy set settings" | "policy reset keys" => format!(
            "{}\n{}\n{}",
            words.text(language),
            keys(policy::SETTINGS, "", korean),
            keys(policy::SOURCE_SETTINGS, if korean { "--source: " } else { "with --source: " }, korean)
        ),
        "gate set settings" | "gate reset keys" => {
            format!("{}\n{}", words.text(language), keys(gate::SETTINGS, "", korean))
        }
        "feed add settings" | "feed set settings" => list(
            blocklist::feed::SETTINGS
                .iter()
                .map(|setting| (setting.key, if korean { setting.korean } else { setting.english }))
                .collect(),
        ),
        "consumer add settings" | "consumer set settings" => list(
            blocklist::consumer::SETTINGS
                .iter()
                .map(|setting| (setting.key, if korean { setting.korean } else { setting.english }))
                .collect(),
        ),
        "export format" => list(
            formats::FORMATS
                .iter()
                .map(|format| (format.name, if korean { format.about.ko } else { format.about.en }))
                .collect(),
        ),
        _ => words.text(language).to_owned(),
    }
}

/// The keys of a table of settings, a line each.
fn keys<T>(table: &[Setting<T>], before: &str, korean: bool) -> String {
    let about = |it: &Setting<T>| if korean { it.korean } else { it.english };
    let line = |it: &Setting<T>| format!("  {before}{}: {}", it.key, about(it));
    table.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn indent(lines: &str) -> String {
    lines.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::words::{SHARED, all};
    use super::*;

    /// Every path of a command, and of an argument with an `@` behind it.
    fn walk(command: &Command, path: &str, out: &mut Vec<String>) {
        out.push(path.to_owned());
        for argument in command.get_arguments() {
            let name = argument.get_id().to_string();
            let global =
                argument.is_global_set() || ["help", "version"].contains(&&*name) || SHARED.contains(&&*name);
            out.push(if global || path.is_empty() { format!("{name}@") } else { format!("{path} {name}@") });
        }
        for inner in command.get_subcommands() {
            let name = inner.get_name();
            walk(inner, &if path.is_empty() { name.to_owned() } else { format!("{path} {name}") }, out);
        }
    }

    #[test]
    fn every_command_and_argument_has_words_in_both_languages_and_no_words_are_left_over() {
        let mut paths = Vec::new();
        walk(&command(Language::English), "", &mut paths);
        let paths: BTreeSet<String> = paths.into_iter().collect();
        let words: BTreeSet<String> = all().map(|words| words.path.to_owned()).collect();
        assert_eq!(words.len(), all().count(), "a path stands twice");
        assert_eq!(paths, words);
        for words in all() {
            assert!(words.korean.chars().any(|c| ('가'..='힣').contains(&c)), "{}", words.path);
            assert!(words.english.is_ascii(), "{}", words.path);
        }
    }

    #[test]
    fn every_command_that_does_something_has_an_example() {
        fn look(command: &Command, path: &str) {
            if command.get_subcommands().next().is_none() {
                assert!(
                    find(path).is_some_and(|words| words.examples.contains(&format!("blacklist {path}"))),
                    "{path}"
                );
            }
            for inner in command.get_subcommands() {
                look(inner, format!("{path} {}", inner.get_name()).trim());
            }
        }
        look(&command(Language::English), "");
    }

    #[test]
    fn the_arguments_are_sound_in_both_languages() {
        command(Language::English).debug_assert();
        command(Language::Korean).debug_assert();
        let help = command(Language::Korean).render_help().to_string();
        assert!(help.contains("사용법") && help.contains("명령"), "{help}");
        for english in ["Usage", "Options", "Commands"] {
            assert!(!help.contains(english), "{help}");
        }
    }
}
