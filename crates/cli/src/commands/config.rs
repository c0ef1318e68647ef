//! `config`: write, check and show the configuration.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::args::{Config as Args, Global};
use crate::config::{self, Config, KEYS, Kind};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, table};

pub(super) fn run(args: &Args, global: &Global, output: &Output) -> Result<Exit, Failure> {
    match args {
        Args::Init { file, force } => {
            let default = global.config.clone().unwrap_or_else(|| PathBuf::from("blacklist.toml"));
            let file = file.clone().unwrap_or(default);
            config::write_default(&file, &Config::default(), *force)?;
            output.answer(&json!({"file": file}), || format!("wrote {}", file.display()))?;
        }
        Args::Check => {
            let loaded = config::load(global.config.as_deref(), global.data_dir.as_deref())?;
            loaded.config.tls_files()?;
            output.answer(&json!({"ok": true, "file": loaded.file}), || match &loaded.file {
                Some(file) => format!("{} is good", file.display()),
                None => "no configuration file: the defaults are in force".to_owned(),
            })?;
        }
        Args::Show => {
            let loaded = config::load(global.config.as_deref(), global.data_dir.as_deref())?;
            let values: Vec<(&str, Kind, String, String)> = KEYS
                .iter()
                .zip(&loaded.origins)
                .map(|(key, origin)| (key.name, key.kind, (key.get)(&loaded.config), origin.to_string()))
                .collect();
            let json: serde_json::Map<String, Value> = values
                .iter()
                .map(|(name, kind, value, origin)| {
                    ((*name).to_owned(), json!({"value": typed(*kind, value), "from": origin}))
                })
                .collect();
            output.answer(&json, || {
                let rows: Vec<Vec<String>> = values
                    .iter()
                    .map(|(name, _, value, origin)| vec![(*name).to_owned(), value.clone(), origin.clone()])
                    .collect();
                table(&["key", "value", "from"], &rows)
            })?;
        }
    }
    Ok(Exit::Done)
}

/// The value as JSON has it: numbers and flags are not texts.
fn typed(kind: Kind, value: &str) -> Value {
    match kind {
        Kind::Text => value.into(),
        Kind::Whole | Kind::Real | Kind::Flag => serde_json::from_str(value).unwrap_or_else(|_| value.into()),
    }
}
