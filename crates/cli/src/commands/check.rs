//! `check`: is an address or network on the block list, and why.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use blocklist::lookup::Answer;
use blocklist::{Publication, Time};
use prefix::Prefix;
use store::explain::words;

use crate::args::Check;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// The most addresses of one call: beyond it a script should ask the server.
const MOST: usize = 1_000_000;
/// The most that are explained in one call: each costs a look at everything.
const MOST_EXPLAINED: usize = 1_000;

pub(super) fn run(args: &Check, context: &Context<'_>) -> Result<Exit, Failure> {
    let mut asked = Vec::new();
    for text in &args.addresses {
        asked.push(read(text)?);
    }
    if let Some(path) = &args.file {
        asked.extend(read_file(path)?);
    }
    if args.explain {
        return explain(&asked, args.at, context);
    }
    if let Some(at) = args.at {
        return then(&asked, at, context);
    }
    let publication = context.publication()?;
    let now = context.clock.now();
    tell(&publication, &asked, now, args.file.is_none(), context)
}

/// The answers of one publication.
fn tell(
    publication: &Publication,
    asked: &[Prefix],
    now: Time,
    single: bool,
    context: &Context<'_>,
) -> Result<Exit, Failure> {
    let answers: Vec<Answer<'_>> =
        asked.iter().map(|&prefix| Answer::new(publication, prefix, now)).collect();
    let text = || answers.iter().map(text).collect::<Vec<_>>().join("\n");
    // One question has one answer; a list of questions has a list.
    match answers.as_slice() {
        [one] if single => context.output.answer(one, text)?,
        _ => context.output.answer(&answers, text)?,
    }
    Ok(if answers.iter().all(|answer| answer.listed) { Exit::Done } else { Exit::No })
}

/// The answers of the publication that was live at a time.
fn then(asked: &[Prefix], at: Time, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    let row = store.publication_at(at)?;
    match row.map(|row| store.load_publication(row.serial)).transpose() {
        Ok(Some(publication)) => tell(&publication, asked, at, asked.len() == 1, context),
        // Nothing was published by then, or it is kept no longer: that is the answer.
        Ok(None) | Err(store::Error::NoPublication(_)) => explain(asked, Some(at), context),
        Err(error) => Err(error.into()),
    }
}

/// Why each is served or not.
fn explain(asked: &[Prefix], at: Option<Time>, context: &Context<'_>) -> Result<Exit, Failure> {
    if asked.len() > MOST_EXPLAINED {
        return Err(Failure::usage(format!("at most {MOST_EXPLAINED} addresses are explained in one call")));
    }
    let store = context.existing_store()?;
    let all = asked.iter().map(|&prefix| store.explain(prefix, at)).collect::<Result<Vec<_>, _>>()?;
    let text = || {
        let texts = all.iter().map(|told| words::text(told, context.language.into()));
        texts.collect::<Vec<_>>().join("\n\n")
    };
    match all.as_slice() {
        [one] => context.output.answer(one, text)?,
        _ => context.output.answer(&all, text)?,
    }
    let served = all.iter().all(|told| matches!(told.answer, store::explain::Answer::Served { .. }));
    Ok(if served { Exit::Done } else { Exit::No })
}

fn read(text: &str) -> Result<Prefix, Failure> {
    text.parse().map_err(|why| {
        Failure::usage(format!("'{text}' cannot be checked: {why}"))
            .hint("write an address or a network, as in 192.0.2.7 or 2001:db8::/32")
    })
}

fn read_file(path: &Path) -> Result<Vec<Prefix>, Failure> {
    let failed = |error: &io::Error| {
        Failure::new(Exit::Usage, format!("cannot read {}", path.display())).because(error)
    };
    let input: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(path).map_err(|error| failed(&error))?)
    };
    let mut found = Vec::new();
    for (at, line) in BufReader::new(input).lines().enumerate() {
        let line = line.map_err(|error| failed(&error))?;
        let word =
            line.split(|c: char| c.is_whitespace() || matches!(c, '#' | ';')).next().unwrap_or_default();
        if word.is_empty() {
            continue;
        }
        if found.len() == MOST {
            return Err(Failure::usage(format!("{} has more than {MOST} addresses", path.display())));
        }
        let prefix = word.parse().map_err(|why: prefix::Refusal| {
            Failure::usage(format!("{}, line {}: '{word}': {why}", path.display(), at + 1))
        })?;
        found.push(prefix);
    }
    Ok(found)
}

fn text(answer: &Answer<'_>) -> String {
    if !answer.listed {
        return format!("{} is not listed", answer.asked);
    }
    let mut text = format!("{} is listed", answer.asked);
    for found in &answer.listings {
        let about = [found.reason, found.category, found.country.as_ref().map(blocklist::Country::as_str)];
        let about: String = about.into_iter().flatten().flat_map(|about| [", ", about]).collect();
        let until =
            found.until.map_or("without end".to_owned(), |until| format!("until {} KST", until.to_seoul()));
        let detected = found.detected.to_seoul();
        let _ =
            write!(text, "\n  {} by {}{about}, detected {detected} KST, {until}", found.prefix, found.source);
    }
    text
}
