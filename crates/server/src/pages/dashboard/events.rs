//! What just happened, each thing as a line.

use blocklist::Time;
use store::{AuditRow, HeldState, Origin, PublicationRow, Role, Run, RunState};

use crate::figures::{Snapshot, What, shown};
use crate::pages::markup::escaped;
use crate::pages::words::happened as say;
use crate::pages::{Markup, Shell, View, words};

/// A line.
pub(super) struct Row {
    /// When: the minute today, else the day too.
    pub(super) at: Markup,
    /// What, with its links.
    pub(super) what: Markup,
}

/// The lines that whoever looks may see.
pub(super) fn rows(shell: &Shell, snapshot: &Snapshot) -> Vec<Row> {
    let view = shell.view;
    let Some(kept) = &snapshot.kept else { return Vec::new() };
    let rows = shown(&kept.happened, shell.may(Role::Operator));
    rows.map(|row| Row { at: at(view, row.at), what: line(view, &row.what) }).collect()
}

fn at(view: View, time: Time) -> Markup {
    let is_today = view.zoned(time).date() == view.zoned(view.now).date();
    if is_today { view.clock(time) } else { view.minute(time) }
}

fn line(view: View, what: &What) -> Markup {
    match what {
        What::Run(run) => of_run(view, run),
        What::Published(row) => of_publication(view, row),
        What::Held(row) => {
            let level = if row.state == HeldState::Open { "warn" } else { "" };
            told(level, &say::held(view, row.added, row.removed), &format!("/held/{}", row.id))
        }
        What::Dropped(row) => {
            let words = match row.state {
                HeldState::Expired => say::held_expired(view),
                _ => say::held_rejected(view, row.decided_by.as_deref()),
            };
            told("", &words, &format!("/held/{}", row.id))
        }
        What::Changed(row) => changed(view, row),
    }
}

fn of_run(view: View, run: &Run) -> Markup {
    let href = format!("/runs/{}", run.run);
    match run.state {
        RunState::Done => told("", &say::run_done(view, run), &href),
        _ if words::collect::is_cancelled(run) => told("", &say::run_cancelled(view, run), &href),
        RunState::Refused => told("warn", &say::run_failed(view, run), &href),
        RunState::Failed => told("bad", &say::run_failed(view, run), &href),
    }
}

fn of_publication(view: View, row: &PublicationRow) -> Markup {
    let words: String = match row.origin {
        Origin::Policy | Origin::Frozen => say::published(view).into(),
        Origin::Approved => say::approved(view).into(),
        Origin::Forced => say::forced(view).into(),
        Origin::Rollback => say::brought_back(view, row.content_of),
    };
    Markup::trusted(format!(
        "<a href=\"/publications/{0}\">{1} #{0}</a> <span class=\"delta\"><span class=\"p\">+{2}</span> <span \
         class=\"m\">−{3}</span></span>",
        row.serial,
        escaped(words),
        view.number(row.added),
        view.number(row.removed)
    ))
}

fn changed(view: View, row: &AuditRow) -> Markup {
    let href = match row.action.split('.').next().unwrap_or_default() {
        "allow" | "own" | "known_good" => "/allow",
        "consumer" | "feed" => "/devices",
        "source" | "credential" => "/collect",
        _ => "/settings",
    };
    told("", &say::changed(view, &row.by, &row.action, &row.target), href)
}

fn told(level: &str, words: &str, href: &str) -> Markup {
    let class = if level.is_empty() { String::new() } else { format!(" class=\"{level}\"") };
    Markup::trusted(format!("<a{class} href=\"{}\">{}</a>", escaped(href), escaped(words)))
}
