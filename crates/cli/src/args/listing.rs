//! The arguments of manual work on listings.

use std::path::PathBuf;

use blocklist::{SourceName, Time, when};
use clap::{Args, Subcommand};

use crate::actor::By;

/// When something ends, as a person types it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// Then.
    At(Time),
    /// What a person set is taken back.
    None,
}

fn until(text: &str) -> Result<Until, String> {
    if text == "none" {
        return Ok(Until::None);
    }
    when::end(text).map(Until::At).map_err(|bad| bad.to_string())
}

fn end(text: &str) -> Result<Time, String> {
    when::end(text).map_err(|bad| bad.to_string())
}

/// Reads a moment.
pub(super) fn moment(text: &str) -> Result<Time, String> {
    when::moment(text).map_err(|bad| bad.to_string())
}

fn span(text: &str) -> Result<i64, String> {
    when::span(text).map_err(|bad| bad.to_string())
}

#[derive(Debug, Subcommand)]
pub(crate) enum Listing {
    Add(Add),
    Set(Set),
    End(End),
    Remove(Change),
    Restore(Change),
    List {
        #[arg(long, value_name = "NAME")]
        source: Option<SourceName>,
        #[arg(long, value_name = "STATE", value_parser = ["active", "expired", "withdrawn", "removed"])]
        state: Option<String>,
        #[arg(long, value_name = "IP|CIDR")]
        inside: Option<prefix::Prefix>,
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    Show {
        #[arg(value_name = "IP|CIDR")]
        address: prefix::Prefix,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    #[arg(value_name = "IP|CIDR", required_unless_present = "file")]
    pub(crate) addresses: Vec<String>,
    #[arg(long, value_name = "FILE|-", conflicts_with = "addresses")]
    pub(crate) file: Option<PathBuf>,
    #[arg(long, value_name = "TEXT", required_unless_present = "file")]
    pub(crate) reason: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) category: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) severity: Option<String>,
    #[arg(long, value_name = "0..100", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) confidence: Option<u8>,
    #[arg(long, value_name = "DATE|TIME", value_parser = end, conflicts_with = "for")]
    pub(crate) until: Option<Time>,
    #[arg(long, value_name = "30m|4h|7d", value_parser = span)]
    pub(crate) r#for: Option<i64>,
    #[arg(long)]
    pub(crate) anyway: bool,
    #[arg(long)]
    pub(crate) wide: bool,
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    #[arg(value_name = "IP|CIDR", required_unless_present = "file")]
    pub(crate) addresses: Vec<String>,
    #[arg(long, value_name = "FILE|-", conflicts_with = "addresses")]
    pub(crate) file: Option<PathBuf>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) category: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) severity: Option<String>,
    #[arg(long, value_name = "0..100", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) confidence: Option<u8>,
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Args)]
pub(crate) struct End {
    #[command(flatten)]
    pub(crate) change: Change,
    #[arg(long, value_name = "DATE|TIME|none", value_parser = until, conflicts_with = "for")]
    pub(crate) until: Option<Until>,
    #[arg(long, value_name = "30m|4h|7d", value_parser = span)]
    pub(crate) r#for: Option<i64>,
}

#[derive(Debug, Args)]
pub(crate) struct Change {
    #[arg(value_name = "IP|CIDR", required_unless_present = "file")]
    pub(crate) addresses: Vec<String>,
    #[arg(long, value_name = "FILE|-", conflicts_with = "addresses")]
    pub(crate) file: Option<PathBuf>,
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<SourceName>,
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Args)]
pub(crate) struct Block {
    #[arg(value_name = "IP|CIDR", required = true)]
    pub(crate) addresses: Vec<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[arg(long, value_name = "30m|4h|7d", value_parser = span)]
    pub(crate) r#for: Option<i64>,
    #[arg(long, value_name = "DATE|TIME", value_parser = end, conflicts_with = "for")]
    pub(crate) until: Option<Time>,
    #[arg(long)]
    pub(crate) anyway: bool,
    #[arg(long)]
    pub(crate) wide: bool,
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Args)]
pub(crate) struct Unblock {
    #[arg(value_name = "IP|CIDR", required = true)]
    pub(crate) addresses: Vec<String>,
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) by: By,
}
