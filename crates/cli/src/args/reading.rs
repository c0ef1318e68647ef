//! Arguments of feeds and consumers.

use blocklist::{ConsumerName, FeedName};
use clap::{Args, Subcommand};
use prefix::Prefix;

use crate::actor::By;
use crate::commands::source::pair;

#[derive(Debug, Subcommand)]
pub(crate) enum Feed {
    List,
    Show {
        #[arg(value_name = "NAME")]
        name: FeedName,
    },
    Add {
        #[arg(value_name = "NAME")]
        name: FeedName,
        #[arg(value_name = "KEY=VALUE", value_parser = pair)]
        settings: Vec<(String, String)>,
        #[command(flatten)]
        by: By,
    },
    Set {
        #[arg(value_name = "NAME")]
        name: FeedName,
        #[arg(value_name = "KEY=VALUE", required = true, value_parser = pair)]
        settings: Vec<(String, String)>,
        #[command(flatten)]
        by: By,
    },
    Remove {
        #[arg(value_name = "NAME")]
        name: FeedName,
        #[command(flatten)]
        by: By,
    },
    Settings,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Consumer {
    List,
    Show {
        #[arg(value_name = "NAME")]
        name: ConsumerName,
    },
    Add {
        #[arg(value_name = "NAME")]
        name: ConsumerName,
        #[arg(value_name = "KEY=VALUE", value_parser = pair)]
        settings: Vec<(String, String)>,
        #[command(flatten)]
        addresses: Addresses,
        #[command(flatten)]
        by: By,
    },
    Set {
        #[arg(value_name = "NAME")]
        name: ConsumerName,
        #[arg(value_name = "KEY=VALUE", value_parser = pair)]
        settings: Vec<(String, String)>,
        #[command(flatten)]
        addresses: Addresses,
        #[arg(long, value_name = "IP|CIDR")]
        no_address: Vec<Prefix>,
        #[command(flatten)]
        by: By,
    },
    Remove {
        #[arg(value_name = "NAME")]
        name: ConsumerName,
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        by: By,
    },
    Enable {
        #[arg(value_name = "NAME")]
        name: ConsumerName,
        #[command(flatten)]
        by: By,
    },
    Disable {
        #[arg(value_name = "NAME")]
        name: ConsumerName,
        #[command(flatten)]
        by: By,
    },
    Rotate {
        #[arg(value_name = "NAME")]
        name: ConsumerName,
        #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u16).range(0..=366))]
        old_valid: u16,
        #[command(flatten)]
        by: By,
    },
    Revoke {
        #[arg(value_name = "NAME")]
        name: ConsumerName,
        #[arg(long)]
        old: bool,
        #[command(flatten)]
        by: By,
    },
    Pulls {
        #[arg(value_name = "NAME")]
        name: Option<ConsumerName>,
        #[arg(long, value_name = "STATUS")]
        status: Option<u16>,
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
    Settings,
}

/// Where a consumer reads from.
#[derive(Debug, Args)]
pub(crate) struct Addresses {
    #[arg(long, value_name = "IP|CIDR")]
    pub(crate) address: Vec<Prefix>,
    #[arg(long, value_name = "IP|CIDR")]
    pub(crate) trusted: Vec<Prefix>,
}
