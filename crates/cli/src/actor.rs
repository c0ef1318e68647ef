//! Who changes something, and why: `--by` and `--note`, for every command that is written down.
//!
//! Without `--by` it is whoever is logged in, as the environment says: a name for the record, not a proof. Whoever may
//! run the program on its data directory may do everything there.

use clap::Args;
use store::Actor;

use crate::failure::Failure;

/// The longest name, in characters.
const MAX_NAME: usize = 100;
/// The longest note, in characters.
const MAX_NOTE: usize = 1000;
/// Where the environment names the person: behind `sudo` the one who typed it, not root.
const VARIABLES: [&str; 3] = ["SUDO_USER", "USER", "LOGNAME"];

/// The arguments, for `#[command(flatten)]`.
#[derive(Debug, Args)]
pub(crate) struct By {
    #[arg(long, value_name = "NAME", value_parser = name)]
    by: Option<String>,
    #[arg(long, value_name = "TEXT", value_parser = note)]
    note: Option<String>,
}

/// A person, found.
#[derive(Debug)]
pub(crate) struct Who {
    by: String,
    note: Option<String>,
}

/// Whoever is logged in: for commands that ask nobody.
pub(crate) fn of_process() -> Who {
    By { by: None, note: None }.who()
}

impl By {
    /// The same, where there has to be a note. `why` says what it should tell.
    pub(crate) fn who_says(self, why: &str) -> Result<Who, Failure> {
        if self.note.is_none() {
            return Err(Failure::usage("--note is not given").hint(format!("say {why}: --note TEXT")));
        }
        Ok(self.who())
    }

    /// The person of the arguments, else of the environment, else the number of the user.
    pub(crate) fn who(self) -> Who {
        let of_environment = || of_environment(|variable| std::env::var(variable).ok());
        let of_system = || format!("uid {}", rustix::process::getuid().as_raw());
        let by = self.by.or_else(of_environment).unwrap_or_else(of_system);
        Who { by, note: self.note }
    }
}

impl Who {
    /// As the store wants it.
    pub(crate) fn actor(&self) -> Actor<'_> {
        Actor { address: None, by: &self.by, note: self.note.as_deref() }
    }
}

fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    VARIABLES.iter().filter_map(|name| variable(name)).find_map(|value| name(&value).ok())
}

/// Reads a name: it stands in tables and log lines.
fn name(text: &str) -> Result<String, String> {
    line(text, MAX_NAME)
}

/// Reads a note.
fn note(text: &str) -> Result<String, String> {
    line(text, MAX_NOTE)
}

fn line(text: &str, most: usize) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) || text.chars().count() > most {
        return Err(format!("one line of 1 to {most} characters"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_sudo_it_is_the_one_who_typed_it() {
        let all = |name: &str| Some(format!("of {name}"));
        assert_eq!(of_environment(all).as_deref(), Some("of SUDO_USER"));
        let without = |name: &str| (name != "SUDO_USER").then(|| format!("of {name}"));
        assert_eq!(of_environment(without).as_deref(), Some("of USER"));
        assert_eq!(of_environment(|_| None), None);
    }

    #[test]
    fn what_would_break_a_table_is_no_name() {
        assert_eq!(name(" 김 주임 ").as_deref(), Ok("김 주임"));
        for bad in ["", "  ", "a\nb", &"x".repeat(MAX_NAME + 1)] {
            assert!(name(bad).is_err(), "{bad}");
        }
        let odd = |name: &str| Some(if name == "SUDO_USER" { "a\tb" } else { "kim" }.to_owned());
        assert_eq!(of_environment(odd).as_deref(), Some("kim"));
    }
}
