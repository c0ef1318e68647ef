//! The words of the pages, in both languages at once: a word that lacks one does not build.
//!
//! One file a page. A sentence with a number in it is a function, because languages put numbers, and their plurals, in
//! different places.

pub(crate) mod account;
pub(crate) mod action;
pub(crate) mod allow;
pub(crate) mod cause;
pub(crate) mod collect;
mod common;
pub(crate) mod countries;
pub(crate) mod dashboard;
pub(crate) mod devices;
mod faults;
pub(crate) mod happened;
pub(crate) mod ip;
pub(crate) mod ip_one;
pub(crate) mod login;
pub(crate) mod logs;
pub(crate) mod progress;
pub(crate) mod publications;
pub(crate) mod refusal;
pub(crate) mod rules;
pub(crate) mod settings;
pub(crate) mod start;
pub(crate) mod upload;

pub(crate) use account::Account;
pub(crate) use allow::Allow;
pub(crate) use collect::Collect;
pub(crate) use common::Common;
pub(crate) use dashboard::Dashboard;
pub(crate) use devices::Devices;
pub(crate) use faults::Faults;
pub(crate) use ip::Ip;
pub(crate) use ip_one::IpOne;
pub(crate) use login::Login;
pub(crate) use logs::Logs;
pub(crate) use publications::Publications;
pub(crate) use settings::Settings;
pub(crate) use start::Start;
pub(crate) use upload::Upload;

/// A table of words: `name: "한국어", "English";` a line. It becomes a struct of texts with one value a language.
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis $name:ident { $($field:ident: $korean:literal, $english:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug)]
        #[allow(clippy::struct_field_names, reason = "a word is called what it says")]
        $vis struct $name {
            $(#[doc = $english] $vis $field: &'static str,)*
        }

        impl $name {
            const KO: Self = Self { $($field: $korean,)* };
            const EN: Self = Self { $($field: $english,)* };

            /// The words of a language.
            $vis fn of(language: $crate::pages::view::Language) -> &'static Self {
                match language {
                    $crate::pages::view::Language::Korean => &Self::KO,
                    $crate::pages::view::Language::English => &Self::EN,
                }
            }

            /// Each word with its name, for the test that looks at all of them.
            #[cfg(test)]
            $vis fn all() -> Vec<[&'static str; 3]> {
                vec![$([stringify!($field), $korean, $english],)*]
            }
        }
    };
}
pub(crate) use words;

/// "1 run", "2 runs".
pub(crate) fn plural(count: u64, one: &str, many: &str) -> String {
    let word = if count == 1 { one } else { many };
    format!("{} {word}", super::show::thousands(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_both_languages_and_the_english_one_no_hangul() {
        let tables = [
            ("Common", Common::all()),
            ("Faults", Faults::all()),
            ("Account", Account::all()),
            ("Settings", Settings::all()),
            ("Start", Start::all()),
            ("Upload", Upload::all()),
            ("Allow", Allow::all()),
            ("Ip", Ip::all()),
            ("IpOne", IpOne::all()),
            ("Logs", Logs::all()),
            ("Collect", Collect::all()),
            ("Dashboard", Dashboard::all()),
            ("Devices", Devices::all()),
            ("Login", Login::all()),
            ("Publications", Publications::all()),
            ("Refusals", refusal::Refusals::all()),
        ];
        let is_hangul = |c: char| ('가'..='힣').contains(&c);
        for (table, words) in tables {
            for [name, korean, english] in words {
                assert!(!korean.is_empty() && !english.is_empty(), "{table}.{name}");
                assert!(!english.contains(is_hangul), "{table}.{name}: {english}");
                assert!(korean.contains(is_hangul) || korean == english, "{table}.{name}: {korean}");
            }
        }
    }

    #[test]
    fn one_is_singular_and_all_else_plural() {
        assert_eq!(plural(0, "run", "runs"), "0 runs");
        assert_eq!(plural(1, "run", "runs"), "1 run");
        assert_eq!(plural(1_200, "entry", "entries"), "1,200 entries");
    }
}
