//! One file a command.

mod aggregate;
pub(crate) mod allow;
mod audit;
mod changed;
mod check;
mod collect;
mod config;
mod consumer;
mod credential;
mod db;
pub(crate) mod export;
mod feed;
mod gate;
mod healthcheck;
mod held;
pub(crate) mod import;
pub(crate) mod known_good;
mod listing;
mod outcome;
mod own;
mod pairs;
mod policy;
mod publication;
mod publish;
mod reading;
mod report;
mod serve;
pub(crate) mod source;
mod token;
mod user;

use crate::args::{Cli, Command};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::language::Language;
use crate::output::Output;

/// Runs the command.
pub(crate) fn run(cli: Cli, output: &Output, language: Language) -> Result<Exit, Failure> {
    // These need no settings, and must not fail because of them.
    let command = match cli.command {
        Command::Aggregate(args) => return aggregate::run(&args, output),
        Command::Config(args) => return config::run(&args, &cli.global, output),
        command => command,
    };
    let context = Context::new(&cli.global, output, language)?;
    match command {
        Command::Serve(args) => serve::run(&args, &context),
        Command::Collect(args) => collect::run(&args, &context),
        Command::Import(args) => import::run(&args, &context),
        Command::Publish(args) => publish::run(args, &context),
        Command::Publication(args) => publication::run(args, &context),
        Command::Held(args) => held::run(args, &context),
        Command::Policy(args) => policy::run(args, &context),
        Command::Gate(args) => gate::run(args, &context),
        Command::Audit(args) => audit::run(args, &context),
        Command::Export(args) => export::run(&args, &context),
        Command::Check(args) => check::run(&args, &context),
        Command::Listing(args) => listing::run(args, &context),
        Command::Block(args) => listing::block(args, &context),
        Command::Unblock(args) => listing::unblock(args, &context),
        Command::Feed(args) => feed::run(args, &context),
        Command::Consumer(args) => consumer::run(args, &context),
        Command::Source(args) => source::run(args, &context),
        Command::Credential(args) => credential::run(args, &context),
        Command::User(args) => user::run(args, &context),
        Command::Token(args) => token::run(args, &context),
        Command::Allow(args) => allow::run(args, &context),
        Command::Own(args) => own::run(args, &context),
        Command::KnownGood(args) => known_good::run(args, &context),
        Command::Db(args) => db::run(&args, &context),
        Command::Healthcheck(args) => healthcheck::run(&args, &context),
        Command::Aggregate(_) | Command::Config(_) => Ok(Exit::Done),
    }
}
