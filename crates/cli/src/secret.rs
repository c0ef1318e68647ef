//! Secrets come from a prompt, a file or standard input; never from an argument or the environment, which others can see.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use collect::vault::credential::MAX_SECRET;
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::output::Output;

/// Reads a secret: from `file` (`-` is standard input), else from a prompt that does not show it.
pub(crate) fn read(prompt: &str, file: Option<&Path>, output: &Output) -> Result<SecretString, Failure> {
    match file {
        Some(path) if path.as_os_str() == "-" => whole(io::stdin().lock(), "standard input"),
        Some(path) => {
            let name = path.display().to_string();
            let open = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
            let (about, file) =
                open.map_err(|error| Failure::usage(format!("cannot read {name}")).because(error))?;
            if about.mode() & 0o077 != 0 {
                output.warn(format_args!("{name} can be read by others: chmod 600 '{name}'"));
            }
            whole(file, &name)
        }
        None if is_interactive() => {
            let typed = rpassword::prompt_password(format!("{prompt}: "))
                .map_err(|error| Failure::usage("the prompt was not answered").because(error))?;
            let typed = Zeroizing::new(typed);
            Ok(SecretString::from(typed.as_str()))
        }
        // A secret is not taken from whatever a script happens to have on standard input.
        None => Err(Failure::usage("there is no terminal to ask at")
            .hint("--file FILE reads it from a file, --file - from standard input")),
    }
}

/// Whether a person can be asked.
pub(crate) fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// All of it but one line end, which editors and `echo` leave.
fn whole(input: impl Read, name: &str) -> Result<SecretString, Failure> {
    // Room for all of it from the start: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_SECRET + 4));
    let most = MAX_SECRET as u64 + 3;
    input
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::usage(format!("cannot read {name}")).because(error))?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Failure::usage(format!("{name} holds no secret: it is not text in UTF-8")))?;
    let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
    if text.is_empty() {
        return Err(Failure::usage(format!("{name} is empty")));
    }
    Ok(SecretString::from(text))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn one_line_end_is_no_part_of_a_secret() {
        for (given, kept) in [("a b", "a b"), ("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), (" a ", " a ")]
        {
            assert_eq!(whole(given.as_bytes(), "x").unwrap().expose_secret(), kept);
        }
    }

    #[test]
    fn what_cannot_be_a_secret_is_refused_without_a_word_of_it() {
        for bad in [&b""[..], b"\n", b"hunter2\xff"] {
            let failure = whole(bad, "x").unwrap_err();
            assert!(!format!("{failure:?}").contains("hunter2"));
        }
        // What is too long is cut here and refused by whoever knows the limit.
        let long = whole(&vec![b'a'; 2 * MAX_SECRET][..], "x").unwrap();
        assert!(long.expose_secret().len() > MAX_SECRET);
    }
}
