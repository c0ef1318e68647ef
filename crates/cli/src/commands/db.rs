//! `db`: the database itself.

use serde_json::json;
use store::Store;

use crate::args::Db;
use crate::commands::outcome::describe;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::grouped;

pub(super) fn run(args: &Db, context: &Context<'_>) -> Result<Exit, Failure> {
    match args {
        Db::Status => {
            let status = context.existing_store()?.status()?;
            context.output.answer(&status, || {
                format!(
                    "database      {} ({} KiB)\nschema        {} of {}\nsources       {}\nlistings      {}\nruns          {}\npublications  {}\ncurrent       {}",
                    status.path,
                    grouped(status.bytes / 1024),
                    status.schema,
                    status.known_schema,
                    grouped(status.sources),
                    grouped(status.listings),
                    grouped(status.runs),
                    grouped(status.publications),
                    status.publication.as_ref().map_or("none".to_owned(), describe),
                )
            })?;
        }
        Db::Migrate => {
            // Opening brings the schema up to date, after a backup where there is anything to lose.
            let status = context.store()?.status()?;
            context.output.answer(&json!({"schema": status.schema}), || {
                format!("{} has schema {}", status.path, status.schema)
            })?;
        }
        Db::Check => {
            let problems = context.existing_store()?.check()?;
            context.output.answer(&json!({"ok": problems.is_empty(), "problems": problems}), || {
                if problems.is_empty() { "the database is sound".to_owned() } else { problems.join("\n") }
            })?;
            if !problems.is_empty() {
                context.output.warn("put the last good backup back: blacklist db restore FILE");
                return Ok(Exit::No);
            }
        }
        Db::Backup { to } => {
            let path = context.existing_store()?.backup(to.as_deref())?;
            context.output.answer(&json!({"file": path}), || format!("wrote {}", path.display()))?;
        }
        Db::Restore { from, yes } => {
            if !yes {
                return Err(Failure::usage(format!(
                    "this puts {} in the place of the database in {}",
                    from.display(),
                    context.data_dir().display()
                ))
                .hint("say --yes when that is what you want; what is there now is backed up first"));
            }
            // Nothing is moved for a backup that is none.
            std::fs::File::open(from).map_err(|error| {
                Failure::new(Exit::Failed, format!("cannot read {}", from.display())).because(error)
            })?;
            let (store, broken) = match context.store() {
                Ok(store) => (store, None),
                Err(failure) => {
                    context.output.warn(format_args!("{}: it is moved out of the way", failure.what));
                    let broken = Store::set_aside(context.data_dir(), context.clock.now())?;
                    (context.store()?, Some(broken))
                }
            };
            let saved = store.restore(from)?;
            let saved = broken.unwrap_or(saved);
            let published = store.publish()?;
            let current = published.current();
            let answer = json!({"restored": from, "before": saved, "publication": current});
            context.output.answer(&answer, || {
                format!(
                    "restored {}; what was there before is in {}\n{}",
                    from.display(),
                    saved.display(),
                    current.map_or("nothing is published".to_owned(), describe)
                )
            })?;
        }
    }
    Ok(Exit::Done)
}
