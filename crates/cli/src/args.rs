//! The arguments. Their words stand in [`crate::help`], in both languages.

mod accounts;
mod deciding;
mod listing;
mod protect;
mod reading;

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use blocklist::{FeedName, Mode, SourceName, Time};
use clap::{Args, Parser, Subcommand, ValueEnum};
use collect::catalogue::Template;
use collect::source::Kind;
use jiff::civil::Date;

pub(crate) use accounts::{Attempts, PasswordFrom, Token, User};
pub(crate) use deciding::{
    Audit, AuditFilter, Gate, Held, History, Policy, PolicyChange, Publication, Publish,
};
pub(crate) use listing::{Add, Block, Change, End, Listing, Set, Unblock, Until};
pub(crate) use protect::{
    Allow, AllowAdd, AllowImport, AllowSet, FileFormat, KnownGood, OrNone, Own, TableFormat,
};
pub(crate) use reading::{Addresses, Consumer, Feed};

#[derive(Debug, Parser)]
#[command(name = "blacklist", version, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Args)]
pub(crate) struct Global {
    #[arg(long, global = true, value_name = "FILE", env = "BLACKLIST_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    #[arg(long, global = true, value_name = "en|ko")]
    pub(crate) lang: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Serve(Serve),
    Collect(Collect),
    Import(Import),
    Publish(Publish),
    #[command(subcommand)]
    Publication(Publication),
    #[command(subcommand)]
    Held(Held),
    #[command(subcommand)]
    Policy(Policy),
    #[command(subcommand)]
    Gate(Gate),
    #[command(subcommand)]
    Audit(Audit),
    Export(Export),
    Check(Check),
    #[command(subcommand)]
    Listing(Listing),
    Block(Block),
    Unblock(Unblock),
    Aggregate(Aggregate),
    #[command(subcommand)]
    Source(Source),
    #[command(subcommand)]
    Feed(Feed),
    #[command(subcommand)]
    Consumer(Consumer),
    #[command(subcommand)]
    Credential(Credential),
    #[command(subcommand)]
    User(User),
    #[command(subcommand)]
    Token(Token),
    #[command(subcommand)]
    Allow(Allow),
    #[command(subcommand)]
    Own(Own),
    #[command(subcommand)]
    KnownGood(KnownGood),
    #[command(subcommand)]
    Db(Db),
    #[command(subcommand)]
    Config(Config),
    Healthcheck(Healthcheck),
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Vec<SocketAddr>,
}

#[derive(Debug, Args)]
pub(crate) struct Collect {
    #[arg(value_name = "SOURCE")]
    pub(crate) sources: Vec<SourceName>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) since: Option<Date>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<Date>,
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    #[arg(value_name = "FILE|-")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "NAME")]
    pub(crate) source: SourceName,
    #[arg(long, value_name = "PARSER", default_value = "auto", value_parser = crate::commands::import::parser_choice)]
    pub(crate) parser: collect::Choice,
    #[arg(long, value_enum, default_value_t = ModeArg::Add)]
    pub(crate) mode: ModeArg,
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[arg(long, value_name = "0..1", value_parser = crate::commands::import::share)]
    pub(crate) min_share: Option<f64>,
    #[arg(long = "column", value_name = "FIELD=NAME|NUMBER", value_parser = crate::commands::import::column)]
    pub(crate) columns: Vec<(collect::Field, collect::Column)>,
    #[arg(long, value_name = "PATH")]
    pub(crate) items: Option<String>,
}

/// [`Mode`] as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModeArg {
    Add,
    Full,
}

impl From<ModeArg> for Mode {
    fn from(mode: ModeArg) -> Self {
        match mode {
            ModeArg::Add => Self::Add,
            ModeArg::Full => Self::Full,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    #[arg(long, value_name = "FORMAT", value_parser = crate::commands::export::format)]
    pub(crate) format: &'static formats::Format,
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub(crate) feed: FeedName,
    #[arg(long, value_enum, default_value_t = FamilyArg::All)]
    pub(crate) family: FamilyArg,
    #[arg(long)]
    pub(crate) merge: bool,
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    #[arg(long, value_name = "N", requires = "limit")]
    pub(crate) page: Option<NonZeroUsize>,
    #[arg(long)]
    pub(crate) comments: bool,
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// A family, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FamilyArg {
    #[value(name = "4")]
    V4,
    #[value(name = "6")]
    V6,
    All,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[arg(value_name = "IP|CIDR", required_unless_present = "file")]
    pub(crate) addresses: Vec<String>,
    #[arg(long, value_name = "FILE|-")]
    pub(crate) file: Option<PathBuf>,
    #[arg(long)]
    pub(crate) explain: bool,
    #[arg(long, value_name = "TIME", value_parser = listing::moment)]
    pub(crate) at: Option<Time>,
}

#[derive(Debug, Args)]
pub(crate) struct Aggregate {
    #[arg(value_name = "FILE|-")]
    pub(crate) files: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) exclude: Vec<PathBuf>,
    #[arg(long)]
    pub(crate) ranges: bool,
    #[arg(long)]
    pub(crate) public_only: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Source {
    List,
    Show {
        #[arg(value_name = "NAME")]
        name: SourceName,
        #[arg(long)]
        all: bool,
        #[arg(long, default_value_t = 10)]
        runs: usize,
        #[arg(long, default_value_t = 20)]
        refused: usize,
    },
    Add {
        #[arg(value_name = "NAME")]
        name: SourceName,
        #[arg(long, value_name = "KIND", required_unless_present = "template")]
        kind: Option<Kind>,
        #[arg(long, value_name = "ID", conflicts_with = "kind", value_parser = crate::commands::source::template)]
        template: Option<&'static Template>,
        #[arg(value_name = "KEY=VALUE", value_parser = crate::commands::source::pair)]
        settings: Vec<(String, String)>,
    },
    Set {
        #[arg(value_name = "NAME")]
        name: SourceName,
        #[arg(value_name = "KEY=VALUE", required = true, value_parser = crate::commands::source::pair)]
        settings: Vec<(String, String)>,
    },
    Remove {
        #[arg(value_name = "NAME")]
        name: SourceName,
        #[arg(long)]
        yes: bool,
    },
    Enable {
        #[arg(value_name = "NAME")]
        name: SourceName,
    },
    Disable {
        #[arg(value_name = "NAME")]
        name: SourceName,
    },
    Test {
        #[arg(value_name = "NAME")]
        name: SourceName,
    },
    Settings {
        #[arg(value_name = "KIND")]
        kind: Option<Kind>,
    },
    Templates,
}

/// No argument of these takes a secret: arguments are seen by every user of the machine.
#[derive(Debug, Subcommand)]
pub(crate) enum Credential {
    List,
    Set {
        #[arg(value_name = "NAME")]
        name: SourceName,
        #[arg(long, value_name = "USER")]
        username: Option<String>,
        #[arg(long, value_name = "FILE|-")]
        file: Option<PathBuf>,
        #[arg(long, value_name = "YYYY-MM-DD")]
        expires: Option<Date>,
        #[arg(long, value_name = "DAYS", requires = "expires")]
        remind: Option<u32>,
    },
    Verify {
        #[arg(value_name = "NAME")]
        name: SourceName,
    },
    Otp {
        #[arg(value_name = "NAME")]
        name: SourceName,
        #[arg(long, value_name = "FILE|-")]
        file: Option<PathBuf>,
    },
    Session {
        #[arg(value_name = "NAME")]
        name: SourceName,
        #[arg(long, value_name = "FILE|-")]
        file: Option<PathBuf>,
    },
    Remove {
        #[arg(value_name = "NAME")]
        name: SourceName,
        #[arg(long)]
        yes: bool,
    },
    RotateKey {
        #[arg(long, value_name = "FILE")]
        new_key_file: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Db {
    Status,
    Migrate,
    Check,
    Backup {
        #[arg(value_name = "FILE")]
        to: Option<PathBuf>,
    },
    Restore {
        #[arg(value_name = "FILE")]
        from: PathBuf,
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    Init {
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        #[arg(long)]
        force: bool,
    },
    Check,
    Show,
}

#[derive(Debug, Args)]
pub(crate) struct Healthcheck {
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub(crate) timeout: u64,
}
