//! The arguments of `allow`, `own` and `known-good`: what must never be served.

use std::path::PathBuf;

use blocklist::Time;
use clap::{Args, Subcommand, ValueEnum};

use crate::actor::By;
use crate::commands::allow::{Which, days, prefixes, until, until_or_none};

#[derive(Debug, Subcommand)]
pub(crate) enum Allow {
    List {
        #[arg(long)]
        all: bool,
    },
    Show {
        #[arg(value_name = "NUMBER|PREFIX")]
        entry: Which,
    },
    Add(AllowAdd),
    Set(AllowSet),
    Remove {
        #[arg(value_name = "NUMBER|PREFIX")]
        entry: Which,
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        by: By,
    },
    Import(AllowImport),
    Export {
        #[arg(long, value_enum, default_value_t = TableFormat::Csv)]
        format: TableFormat,
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    Due,
}

#[derive(Debug, Args)]
pub(crate) struct AllowAdd {
    #[arg(value_name = "PREFIX", required = true, value_parser = prefixes)]
    pub(crate) prefixes: Vec<crate::commands::allow::Named>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) ticket: Option<String>,
    #[arg(long, value_name = "DATE|DATETIME", value_parser = until)]
    pub(crate) until: Option<Time>,
    #[arg(long, value_name = "DAYS", requires = "until")]
    pub(crate) remind: Option<u32>,
    #[arg(long)]
    pub(crate) wide: bool,
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) by: By,
}

/// A value, or none in its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OrNone<T>(pub(crate) Option<T>);

#[derive(Debug, Args)]
pub(crate) struct AllowSet {
    #[arg(value_name = "NUMBER|PREFIX")]
    pub(crate) entry: Which,
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) ticket: Option<String>,
    #[arg(long, value_name = "DATE|DATETIME|none", value_parser = until_or_none)]
    pub(crate) until: Option<OrNone<Time>>,
    #[arg(long, value_name = "DAYS|none", value_parser = days)]
    pub(crate) remind: Option<OrNone<u32>>,
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Args)]
pub(crate) struct AllowImport {
    #[arg(value_name = "FILE|-")]
    pub(crate) file: PathBuf,
    #[arg(long, value_enum)]
    pub(crate) format: Option<FileFormat>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[arg(long)]
    pub(crate) wide: bool,
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) by: By,
}

/// How a file of entries is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    Csv,
    Json,
}

/// How a file of entries is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    Csv,
    Json,
    List,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Own {
    List,
    Add {
        #[arg(value_name = "PREFIX", required = true, value_parser = prefixes)]
        prefixes: Vec<crate::commands::allow::Named>,
        #[arg(long)]
        wide: bool,
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        by: By,
    },
    Remove {
        #[arg(value_name = "PREFIX", required = true, value_parser = prefixes)]
        prefixes: Vec<crate::commands::allow::Named>,
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        by: By,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum KnownGood {
    List,
    Show {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: usize,
    },
    Load {
        #[arg(value_name = "FILE|-")]
        file: PathBuf,
        #[arg(long, value_name = "NAME")]
        name: String,
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        by: By,
    },
    Install {
        #[command(flatten)]
        by: By,
    },
    Enable {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        by: By,
    },
    Disable {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        by: By,
    },
    Remove {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        by: By,
    },
}
