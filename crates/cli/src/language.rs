//! Which language help is written in.

use std::env;

/// A language the program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// English.
    English,
    /// 한국어.
    Korean,
}

impl From<Language> for store::explain::words::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::English => Self::English,
            Language::Korean => Self::Korean,
        }
    }
}

impl Language {
    /// From `--lang`, which has to be known before the arguments are parsed because it decides what `--help` says; else
    /// from `BLACKLIST_LANG`, and else from the locale.
    pub(crate) fn of_process() -> Self {
        let arguments: Vec<String> = env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
        let variables = ["BLACKLIST_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];
        Self::choose(&arguments, variables.iter().filter_map(|name| env::var(name).ok()))
    }

    fn choose(arguments: &[String], variables: impl Iterator<Item = String>) -> Self {
        let given = arguments.iter().enumerate().find_map(|(at, arg)| match arg.strip_prefix("--lang") {
            Some("") => arguments.get(at + 1).cloned(),
            Some(value) => value.strip_prefix('=').map(str::to_owned),
            None => None,
        });
        match given.or_else(|| variables.into_iter().find(|value| !value.is_empty())) {
            Some(tag) if tag.starts_with("ko") => Self::Korean,
            _ => Self::English,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(arguments: &[&str], variables: &[&str]) -> Language {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        Language::choose(&arguments, variables.iter().map(ToString::to_string))
    }

    #[test]
    fn the_argument_wins_over_the_locale() {
        assert_eq!(choose(&["x", "--help"], &["", "ko_KR.UTF-8"]), Language::Korean);
        assert_eq!(choose(&["x", "--lang", "en"], &["ko_KR.UTF-8"]), Language::English);
        assert_eq!(choose(&["x", "--lang=ko"], &["C"]), Language::Korean);
        assert_eq!(choose(&["x"], &[]), Language::English);
    }
}
