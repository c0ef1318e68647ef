//! The configuration: defaults, then the file, then the environment, each key from one table.
//!
//! Only what a machine needs to start stands here. What operators change daily lives in the store.

mod file;
mod keys;
mod tls;
mod values;

use std::env;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

pub(crate) use file::write_default;
pub(crate) use keys::{KEYS, Kind, nearest};

use server::AccountRules;
use server::Front;
use tls::TlsKeys;
use url::Url;

use crate::failure::Failure;

/// The settings in force.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) data_dir: PathBuf,
    /// Where it listens; at least one address.
    pub(crate) listen: Vec<SocketAddr>,
    /// The names that other machines know the server by.
    pub(crate) names: Vec<String>,
    /// What stands before the routes; without TLS, whose files are only read by a server.
    pub(crate) front: Front,
    pub(crate) tls: TlsKeys,
    pub(crate) accounts: AccountRules,
    pub(crate) limits: collect::Limits,
    pub(crate) min_share: f64,
    pub(crate) collect_enabled: bool,
    pub(crate) proxy: Option<Url>,
    pub(crate) vault_key_file: Option<PathBuf>,
    pub(crate) allow_documentation: bool,
    pub(crate) log_level: LogLevel,
    pub(crate) log_format: LogFormat,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    Auto,
    Text,
    Json,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Default,
    File(PathBuf),
    Environment,
    Argument,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment => f.write_str("environment"),
            Self::Argument => f.write_str("argument"),
        }
    }
}

/// A configuration and where each key, in the order of [`KEYS`], came from.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    pub(crate) config: Config,
    pub(crate) origins: Vec<Origin>,
    /// The file that was read.
    pub(crate) file: Option<PathBuf>,
}

/// The file that is read when none is named and it is there.
const SYSTEM_FILE: &str = "/etc/blacklist/blacklist.toml";
/// The file's name in the data directory.
const FILE_NAME: &str = "blacklist.toml";

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("var"),
            listen: vec![SocketAddr::from(([127, 0, 0, 1], 2542))],
            names: Vec::new(),
            front: Front::default(),
            tls: TlsKeys::default(),
            accounts: AccountRules::default(),
            limits: collect::Limits::default(),
            min_share: 0.5,
            collect_enabled: true,
            proxy: None,
            vault_key_file: None,
            allow_documentation: false,
            log_level: LogLevel::Info,
            log_format: LogFormat::Auto,
        }
    }
}

impl Config {
    /// The rules by which prefixes are admitted.
    pub(crate) fn rules(&self) -> prefix::Rules {
        prefix::Rules { allow_documentation: self.allow_documentation }
    }
}

/// Reads the configuration: `named`, else the one in the data directory, else the system's, else defaults alone.
pub(crate) fn load(named: Option<&Path>, data_dir: Option<&Path>) -> Result<Loaded, Failure> {
    let mut loaded =
        Loaded { config: Config::default(), origins: vec![Origin::Default; KEYS.len()], file: None };
    let beside = data_dir.unwrap_or(&loaded.config.data_dir).join(FILE_NAME);
    let found = || [beside, PathBuf::from(SYSTEM_FILE)].into_iter().find(|path| path.exists());
    if let Some(path) = named.map(Path::to_owned).or_else(found) {
        file::read(&path, &mut loaded)?;
        loaded.file = Some(path);
    }
    from_environment(
        env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
        &mut loaded,
    )?;
    if let Some(dir) = data_dir {
        loaded.set(0, &dir.to_string_lossy(), Origin::Argument).map_err(Failure::usage)?;
    }
    Ok(loaded)
}

impl Loaded {
    fn set(&mut self, key: usize, value: &str, origin: Origin) -> Result<(), String> {
        (KEYS[key].set)(&mut self.config, value)?;
        self.origins[key] = origin;
        Ok(())
    }
}

/// `server.listen` is `BLACKLIST_SERVER__LISTEN`.
pub(crate) fn variable(key: &str) -> String {
    format!("BLACKLIST_{}", key.replace('.', "__").to_uppercase())
}

/// The vault key itself. It is no key of the configuration, because `config show` shows those.
pub(crate) const VAULT_KEY: &str = "BLACKLIST_VAULT_KEY";

/// Variables of our own that are no keys.
const OTHER_VARIABLES: [&str; 3] = ["BLACKLIST_CONFIG", "BLACKLIST_LANG", VAULT_KEY];

fn from_environment(
    variables: impl Iterator<Item = (String, String)>,
    loaded: &mut Loaded,
) -> Result<(), Failure> {
    for (name, value) in variables {
        if let Some(key) = KEYS.iter().position(|key| variable(key.name) == name) {
            loaded
                .set(key, &value, Origin::Environment)
                .map_err(|why| Failure::usage(format!("environment variable {name}: {why}")))?;
        } else if name.starts_with("BLACKLIST_")
            && name.contains("__")
            && !OTHER_VARIABLES.contains(&name.as_str())
        {
            // With the double underscore it can only be meant as a key, and a key misspelt is a setting not in force.
            let known = KEYS.iter().map(|key| variable(key.name));
            let nearest =
                nearest(&name, known).map_or(String::new(), |near| format!(", did you mean {near}?"));
            return Err(Failure::usage(format!("environment variable {name} is no setting{nearest}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Result<Loaded, Failure> {
        let mut loaded =
            Loaded { config: Config::default(), origins: vec![Origin::Default; KEYS.len()], file: None };
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        from_environment(pairs, &mut loaded).map(|()| loaded)
    }

    #[test]
    fn the_environment_sets_a_key_and_says_so() {
        let loaded = environment(&[("BLACKLIST_SERVER__LISTEN", "[::1]:80"), ("PATH", "/bin")]).unwrap();
        assert_eq!(loaded.config.listen, ["[::1]:80".parse().unwrap()]);
        assert!(loaded.origins.contains(&Origin::Environment));
    }

    #[test]
    fn a_misspelt_variable_is_refused_with_the_nearest() {
        let failure = environment(&[("BLACKLIST_SERVER__LISTN", "x")]).unwrap_err();
        assert!(failure.what.contains("did you mean BLACKLIST_SERVER__LISTEN?"), "{}", failure.what);
        let failure = environment(&[("BLACKLIST_COLLECT__MIN_SHARE", "2")]).unwrap_err();
        assert!(failure.what.contains("BLACKLIST_COLLECT__MIN_SHARE"), "{}", failure.what);
    }
}
