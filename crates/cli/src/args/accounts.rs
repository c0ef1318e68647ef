//! Arguments of accounts and tokens. None takes a password: arguments are seen by every user of the machine.

use std::path::PathBuf;

use blocklist::Time;
use clap::builder::PossibleValuesParser;
use clap::{ArgGroup, Args, Subcommand};
use prefix::Prefix;
use store::{Outcome, Role, UserName};

use super::deciding::moment;
use crate::actor::By;

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    List,
    Show {
        #[arg(value_name = "NAME")]
        name: UserName,
    },
    Add {
        #[arg(value_name = "NAME")]
        name: UserName,
        #[arg(long, value_name = "ROLE")]
        role: Role,
        #[command(flatten)]
        password: PasswordFrom,
        #[command(flatten)]
        by: By,
    },
    #[command(group(ArgGroup::new("change").args(["role", "enable", "disable"]).required(true).multiple(true)))]
    Set {
        #[arg(value_name = "NAME")]
        name: UserName,
        #[arg(long, value_name = "ROLE")]
        role: Option<Role>,
        #[arg(long)]
        enable: bool,
        #[arg(long, conflicts_with = "enable")]
        disable: bool,
        #[command(flatten)]
        by: By,
    },
    Remove {
        #[arg(value_name = "NAME")]
        name: UserName,
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        by: By,
    },
    Password {
        #[arg(value_name = "NAME")]
        name: UserName,
        #[command(flatten)]
        password: PasswordFrom,
        #[command(flatten)]
        by: By,
    },
    Codes {
        #[arg(value_name = "NAME")]
        name: UserName,
        #[arg(long, required = true)]
        remove: bool,
        #[command(flatten)]
        by: By,
    },
    Unlock {
        #[arg(value_name = "NAME", required_unless_present = "address")]
        name: Option<UserName>,
        #[arg(long, value_name = "IP", conflicts_with = "name")]
        address: Option<String>,
        #[command(flatten)]
        by: By,
    },
    Locks,
    Sessions {
        #[arg(value_name = "NAME")]
        name: Option<UserName>,
    },
    EndSessions {
        #[arg(value_name = "NAME")]
        name: UserName,
        #[command(flatten)]
        by: By,
    },
    Attempts(Attempts),
}

/// Where a new password comes from; without either a person is asked.
#[derive(Debug, Args)]
pub(crate) struct PasswordFrom {
    #[arg(long)]
    pub(crate) one_time: bool,
    #[arg(long, value_name = "FILE|-", conflicts_with = "one_time")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Attempts {
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,
    #[arg(long, value_name = "IP")]
    pub(crate) address: Option<std::net::IpAddr>,
    #[arg(long, value_name = "RESULT", value_parser = results())]
    pub(crate) result: Option<String>,
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: usize,
}

fn results() -> PossibleValuesParser {
    PossibleValuesParser::new(Outcome::ALL.map(Outcome::as_str))
}

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    List {
        #[arg(long, value_name = "NAME")]
        user: Option<UserName>,
        #[arg(long)]
        all: bool,
    },
    Add {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(long, value_name = "NAME")]
        user: UserName,
        #[arg(long, value_name = "ROLE")]
        role: Role,
        #[arg(long, value_name = "IP|CIDR")]
        from: Vec<Prefix>,
        #[arg(long, value_name = "TIME", value_parser = moment)]
        until: Option<Time>,
        #[command(flatten)]
        by: By,
    },
    Revoke {
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        by: By,
    },
}
