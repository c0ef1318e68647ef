//! `export`: write a feed to a file or to standard output.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use blocklist::{Selection, View};
use formats::{FORMATS, Format, Options};
use prefix::Family;
use serde_json::json;

use crate::args::{Export, FamilyArg};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::write_out;

/// Reads a format's name.
pub(crate) fn format(name: &str) -> Result<&'static Format, String> {
    Format::by_name(name).ok_or_else(|| {
        format!("the formats are {}", FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", "))
    })
}

pub(super) fn run(args: &Export, context: &Context<'_>) -> Result<Exit, Failure> {
    let feed = super::feed::settings_of(&args.feed, context)?;
    let publication = context.publication()?;
    if publication.entries() == 0 {
        // Whatever reads the file would open itself.
        let serial = publication.head().serial;
        return Err(Failure::new(
            Exit::Failed,
            format!("publication {serial} lists nothing, and no empty list is written"),
        )
        .hint("`blacklist held show` and `blacklist publication list` say how that came"));
    }
    let family = match args.family {
        FamilyArg::V4 => Some(Family::V4),
        FamilyArg::V6 => Some(Family::V6),
        FamilyArg::All => None,
    };
    let page = args.page.map_or(0, |page| page.get() - 1);
    let asked = Selection { family, merge: args.merge, cap: None, limit: args.limit, page };
    let selection = feed.select(asked, !args.format.shows_origin);
    let view = View::of_feed(&publication, &feed, selection);
    let body = args
        .format
        .render(&view, &Options { comments: args.comments })
        .map_err(|error| Failure::usage(&error))?;
    let Some(path) = &args.output else {
        return write_out(&body).map(|()| Exit::Done);
    };
    write_whole(path, &body)?;
    let serial = publication.head().serial;
    let answer = json!({"file": path, "format": args.format.name, "serial": serial, "entries": view.len(),
        "total": view.total(), "bytes": body.len()});
    context.output.answer(&answer, || {
        format!(
            "wrote {} of {} entries of publication {serial} to {}",
            view.len(),
            view.total(),
            path.display()
        )
    })?;
    Ok(Exit::Done)
}

/// Writes beside and renames, so that whoever reads the file sees the old or the new list, never half of one.
pub(super) fn write_whole(path: &Path, body: &[u8]) -> Result<(), Failure> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let beside = path.with_file_name(name);
    let written = File::create(&beside)
        .and_then(|mut file| file.write_all(body).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&beside);
        let mut failure = Failure::new(Exit::Failed, format!("cannot write {}", path.display()));
        failure.causes.push(error.to_string());
        failure
    })
}
