//! Arguments of policy, gate, held candidates and the publications of the past.

use blocklist::{Hash, Serial, SourceName, Time};
use clap::{Args, Subcommand};
use store::HeldId;

use crate::actor::By;
use crate::commands::source::pair;

#[derive(Debug, Args)]
pub(crate) struct Publish {
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[arg(long, conflicts_with = "dry_run", requires = "note")]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    Show,
    Set {
        #[arg(value_name = "KEY=VALUE", required = true, value_parser = pair)]
        settings: Vec<(String, String)>,
        #[command(flatten)]
        how: PolicyChange,
    },
    Reset {
        #[arg(value_name = "KEY")]
        keys: Vec<String>,
        #[command(flatten)]
        how: PolicyChange,
    },
    Settings,
}

/// What a change of the policy is about, and by whom.
#[derive(Debug, Args)]
pub(crate) struct PolicyChange {
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<SourceName>,
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Gate {
    Show,
    Set {
        #[arg(value_name = "KEY=VALUE", required = true, value_parser = pair)]
        settings: Vec<(String, String)>,
        #[command(flatten)]
        by: By,
    },
    Reset {
        #[arg(value_name = "KEY")]
        keys: Vec<String>,
        #[command(flatten)]
        by: By,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Held {
    List {
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
    Show {
        #[arg(value_name = "ID", value_parser = held_id)]
        id: Option<HeldId>,
    },
    Approve {
        #[arg(value_name = "ID", value_parser = held_id)]
        id: HeldId,
        #[arg(long, value_name = "HASH", value_parser = hash)]
        candidate: Option<Hash>,
        #[command(flatten)]
        by: By,
    },
    Reject {
        #[arg(value_name = "ID", value_parser = held_id)]
        id: HeldId,
        #[command(flatten)]
        by: By,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Publication {
    List {
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    Show {
        #[arg(value_name = "SERIAL", value_parser = serial)]
        serial: Option<Serial>,
    },
    Diff {
        #[arg(value_name = "A", value_parser = serial)]
        from: Serial,
        #[arg(value_name = "B", value_parser = serial)]
        to: Serial,
    },
    At {
        #[arg(value_name = "TIME", value_parser = moment)]
        time: Time,
    },
    Rollback {
        #[arg(value_name = "SERIAL", value_parser = serial)]
        serial: Serial,
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        by: By,
    },
    Release {
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        by: By,
    },
    #[command(subcommand)]
    History(History),
}

#[derive(Debug, Subcommand)]
pub(crate) enum History {
    Show,
    Set {
        #[arg(value_name = "KEY=VALUE", required = true, value_parser = pair)]
        settings: Vec<(String, String)>,
        #[command(flatten)]
        by: By,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    List(AuditFilter),
    Verify,
}

/// Which entries of the record.
#[derive(Debug, Args)]
pub(crate) struct AuditFilter {
    // Not `by`, which means whoever gives the command.
    #[arg(id = "person", long = "by", value_name = "NAME")]
    pub(crate) by: Option<String>,
    #[arg(long, value_name = "ACTION")]
    pub(crate) action: Option<String>,
    #[arg(long, value_name = "WHAT")]
    pub(crate) target: Option<String>,
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: usize,
}

fn serial(text: &str) -> Result<Serial, String> {
    text.parse().map(Serial).map_err(|_| "a serial is a whole number, as in 41".to_owned())
}

fn held_id(text: &str) -> Result<HeldId, String> {
    text.parse().map(HeldId).map_err(|_| "the number of a held candidate, as `held list` shows it".to_owned())
}

fn hash(text: &str) -> Result<Hash, String> {
    Hash::from_hex(text).ok_or_else(|| "64 hex digits, as `held show` shows them".to_owned())
}

/// Reads a time as people type it.
pub(crate) fn moment(text: &str) -> Result<Time, String> {
    Time::from_person(text).ok_or_else(|| {
        "write 2026-03-01, '2026-03-01 09:30' or '2026-03-01 09:30:05' (KST), or RFC 3339 as in 2026-03-01T00:30:00Z"
            .to_owned()
    })
}
