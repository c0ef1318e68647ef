//! The file `blacklist.toml`: read with line numbers, written with every key explained in both languages.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::{Config, KEYS, Kind, Loaded, Origin, keys};
use crate::failure::Failure;

/// Reads the file over what is loaded.
pub(super) fn read(path: &Path, loaded: &mut Loaded) -> Result<(), Failure> {
    let text = fs::read_to_string(path).map_err(|error| {
        let mut failure = Failure::usage(format!("cannot read the configuration {}", path.display()));
        failure.causes.push(error.to_string());
        failure.hint("`blacklist config init` writes one with every key explained")
    })?;
    let table = DeTable::parse(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(&text, span.start));
        Failure::usage(format!("{}, line {line}: {}", path.display(), error.message()))
    })?;
    walk(&text, path, "", table.get_ref(), loaded)
}

fn walk(
    text: &str,
    path: &Path,
    section: &str,
    table: &DeTable<'_>,
    loaded: &mut Loaded,
) -> Result<(), Failure> {
    for (name, value) in table {
        let full = if section.is_empty() {
            name.get_ref().to_string()
        } else {
            format!("{section}.{}", name.get_ref())
        };
        let at = |why: String| {
            Failure::usage(format!("{}, line {}: {why}", path.display(), line_of(text, name.span().start)))
        };
        let is_section =
            KEYS.iter().any(|key| key.name.strip_prefix(&full).is_some_and(|rest| rest.starts_with('.')));
        match (value.get_ref(), KEYS.iter().position(|key| key.name == full)) {
            (DeValue::Table(inner), None) if is_section => walk(text, path, &full, inner, loaded)?,
            (value, Some(key)) => {
                let value = scalar(value, KEYS[key].kind).map_err(|why| at(format!("{full}: {why}")))?;
                loaded
                    .set(key, &value, Origin::File(path.to_owned()))
                    .map_err(|why| at(format!("{full}: {why}")))?;
            }
            (_, None) => {
                let near = keys::nearest(&full, KEYS.iter().map(|key| key.name.to_owned()));
                let hint = near.map_or(String::new(), |near| format!(", did you mean {near}?"));
                return Err(
                    at(format!("unknown key {full}{hint}")).hint("`blacklist config show` lists every key")
                );
            }
        }
    }
    Ok(())
}

/// The text of a value of the right kind.
fn scalar(value: &DeValue<'_>, kind: Kind) -> Result<String, String> {
    match (kind, value) {
        (Kind::Text, DeValue::String(text)) => Ok(text.to_string()),
        (Kind::Whole | Kind::Real, DeValue::Integer(number)) if number.radix() == 10 => {
            Ok(number.as_str().replace('_', ""))
        }
        (Kind::Real, DeValue::Float(number)) => Ok(number.as_str().replace('_', "")),
        (Kind::Flag, DeValue::Boolean(flag)) => Ok(flag.to_string()),
        _ => Err(format!(
            "{} is wanted, not {}",
            match kind {
                Kind::Text => "a text in quotes",
                Kind::Whole => "a whole number",
                Kind::Real => "a number",
                Kind::Flag => "true or false",
            },
            value.type_str()
        )),
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text[..text.floor_char_boundary(at)].matches('\n').count() + 1
}

/// The file with every key at its default, commented out so that a later program's better default takes hold.
pub(crate) fn default_text(config: &Config) -> String {
    let mut out = String::from(
        "# blacklist\n#\n# Every key is shown with its default. Remove the '#' before a key to set it.\n# 모든 키를 기본값과 함께 적었습니다. 바꾸려면 키 앞의 '#'을 지우십시오.\n",
    );
    let mut section = "";
    for key in KEYS {
        let (in_section, name) = key.name.rsplit_once('.').unwrap_or(("", key.name));
        if in_section == section {
            out.push('\n');
        } else {
            section = in_section;
            let _ = write!(out, "\n[{section}]\n");
        }
        let value = (key.get)(config);
        let value = if key.kind == Kind::Text { format!("{value:?}") } else { value };
        let _ = writeln!(out, "# {}\n# {}\n#{name} = {value}", key.english, key.korean);
    }
    out
}

/// Writes the file; one that is there only with `force`.
pub(crate) fn write_default(path: &Path, config: &Config, force: bool) -> Result<(), Failure> {
    let failed = |error: &std::io::Error| {
        let failure = Failure::from_error(error);
        let mut named = Failure::new(failure.exit, format!("cannot write {}", path.display()));
        named.causes.push(failure.what);
        match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                named.hint("it is there already: edit it, or overwrite it with --force")
            }
            _ => named,
        }
    };
    if let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        fs::create_dir_all(dir).map_err(|error| failed(&error))?;
    }
    fs::OpenOptions::new()
        .write(true)
        .create(true)
        .create_new(!force)
        .truncate(force)
        .mode(0o640)
        .open(path)
        .and_then(|mut file| file.write_all(default_text(config).as_bytes()))
        .map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Loaded, Failure> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        let mut loaded =
            Loaded { config: Config::default(), origins: vec![Origin::Default; KEYS.len()], file: None };
        read(file.path(), &mut loaded).map(|()| loaded)
    }

    #[test]
    fn the_default_file_is_read_back_as_the_defaults() {
        let text = default_text(&Config::default());
        let uncommented: String = text
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(key) if !key.starts_with(' ') && key.contains(" = ") => format!("{key}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        for text in [&text, &uncommented] {
            let loaded = read_text(text).unwrap();
            for key in KEYS {
                assert_eq!((key.get)(&loaded.config), (key.get)(&Config::default()), "{}", key.name);
            }
        }
        assert_eq!(uncommented.matches(" = ").count(), KEYS.len());
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line_and_the_nearest() {
        let failure = read_text("[server]\n\nlissten = \"127.0.0.1:1\"\n").unwrap_err();
        assert!(failure.what.contains("line 3"), "{}", failure.what);
        assert!(failure.what.contains("did you mean server.listen?"), "{}", failure.what);
    }

    #[test]
    fn a_value_of_another_kind_is_refused() {
        for text in [
            "[server]\nlisten = 2542\n",
            "[collect.limits]\nrows = \"many\"\n",
            "collect = 3\n",
            "[server.listen]\nx = 1\n",
        ] {
            assert!(read_text(text).is_err(), "{text}");
        }
        assert!(read_text("[server\n").unwrap_err().what.contains("line 1"));
    }
}
