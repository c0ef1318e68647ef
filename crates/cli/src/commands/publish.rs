//! `publish`: make a publication of what is kept now.

use serde_json::json;
use store::{PublicationRow, Published};

use crate::args::Publish;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::grouped;

pub(super) fn run(args: &Publish, context: &Context<'_>) -> Result<Exit, Failure> {
    let store = context.existing_store()?;
    if args.dry_run {
        let preview = store.preview_publication()?;
        let delta = preview.delta;
        let reasons: Vec<String> = preview.reasons.iter().map(ToString::to_string).collect();
        let answer = json!({
            "dry_run": true,
            "added": delta.added.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "removed": delta.removed.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "held": reasons,
        });
        context.output.answer(&answer, || {
            let mut text = format!(
                "would add {} and remove {} prefixes",
                grouped(delta.added.len() as u64),
                grouped(delta.removed.len() as u64)
            );
            for reason in &reasons {
                text.push_str("\nwould be held: ");
                text.push_str(reason);
            }
            text
        })?;
        return Ok(if reasons.is_empty() { Exit::Done } else { Exit::Held });
    }
    let published = store.publish()?;
    let (state, row, reasons) = match &published {
        Published::New(row) => ("published", Some(row), Vec::new()),
        Published::Same(row) => ("unchanged", Some(row), Vec::new()),
        Published::Held { reasons, last } => {
            ("held", last.as_ref(), reasons.iter().map(ToString::to_string).collect::<Vec<_>>())
        }
    };
    context.output.answer(
        &json!({"state": state, "publication": row, "reasons": reasons}),
        || match row {
            Some(row) => format!("{state}: {}", describe(row)),
            None => format!("{state}: nothing is published"),
        },
    )?;
    for reason in &reasons {
        context.output.warn(reason);
    }
    Ok(if reasons.is_empty() { Exit::Done } else { Exit::Held })
}

/// One line about a publication.
pub(super) fn describe(row: &PublicationRow) -> String {
    format!(
        "publication {}, {} prefixes (+{} -{}), {}",
        row.serial,
        grouped(row.entries),
        grouped(row.added),
        grouped(row.removed),
        row.published_at.to_seoul()
    )
}
