//! The page between an order and its deed: what would change, in a sentence and by prefix.

use askama::Template;
use store::{Preview, Published};

use crate::pages::parts::{Changes, Confirm, Notice};
use crate::pages::words::IpOne;
use crate::pages::{Level, Markup, Shell, View, words};

#[derive(Template)]
#[template(path = "ip/sure.html")]
pub(super) struct SurePage<'a> {
    pub(super) shell: &'a Shell,
    pub(super) t: &'static IpOne,
    pub(super) title: &'a str,
    pub(super) notices: Vec<Notice>,
    pub(super) confirm: Confirm<'a>,
    pub(super) changes: Changes,
    pub(super) refused: Vec<super::block::Cause>,
}

/// What a person should know before: that the gate would hold it, and that something protected stays out of it.
pub(super) fn warnings(view: View, preview: &Preview) -> Vec<Notice> {
    let mut notices = Vec::new();
    if !preview.reasons.is_empty() {
        let reasons = preview.reasons.iter().map(|reason| view.pick(reason.korean(), reason.to_string()));
        notices.push(Notice {
            level: Level::Warn,
            says: IpOne::of(view.language).would_be_held.into(),
            more: Markup::text(reasons.collect::<Vec<_>>().join(" · ")),
        });
    }
    if !preview.hits.is_empty() {
        notices.push(Notice {
            level: Level::Warn,
            says: words::ip_one::hits(view, preview.hits.len() as u64),
            more: Markup::default(),
        });
    }
    notices
}

/// What an address says after the deed: the deed, or that the gate holds what followed from it.
pub(super) fn code(deed: &'static str, published: &Published) -> &'static str {
    match published {
        Published::Held { last: Some(_), .. } => "held",
        _ => deed,
    }
}

/// How many prefixes would come and go.
pub(super) fn counts(preview: &Preview) -> (u64, u64) {
    (preview.delta.added.len() as u64, preview.delta.removed.len() as u64)
}
