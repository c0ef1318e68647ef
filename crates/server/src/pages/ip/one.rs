//! `/ip/{prefix}`: one address or prefix, listed or not, now or at a time, with everything that is known of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use blocklist::{State as Standing, Time, policy::MANUAL};
use prefix::{Entry, Prefix};
use serde::Deserialize;
use store::Role;
use store::explain::words::{guard_text, sentence};
use store::explain::{Answer, Explanation, ListingTold};

use super::near::Near;
use super::past::Line;
use super::{past, way};
use crate::App;
use crate::api::problem::Problem;
use crate::api::reason::Reason;
use crate::pages::address::encoded;
use crate::pages::chart::Timeline;
use crate::pages::error::lead_to;
use crate::pages::parts::{Empty, Notice, Step};
use crate::pages::words::{Ip, IpOne};
use crate::pages::{Level, Markup, Page, Shell, View, Visit, respond, show, words};

/// So many listings have their way drawn; the others stand in a table.
const WAYS: usize = 8;
/// The most others that are shown.
const OTHERS: usize = 100;

#[derive(Template)]
#[template(path = "ip/one.html")]
struct OnePage {
    shell: Shell,
    t: &'static IpOne,
    ip: &'static Ip,
    notices: Vec<Notice>,
    asked: Prefix,
    at: Option<Time>,
    level: Level,
    sentence: String,
    ways: Vec<Way>,
    never: Option<Empty>,
    picture: Option<Timeline>,
    lines: Vec<Line>,
    lines_cut: bool,
    others: Vec<Other>,
    others_cut: bool,
    refused: Vec<RefusedRow>,
    guards: Vec<String>,
    all: Explanation,
    devices: String,
    near: Option<Near>,
    may_act: bool,
    editable: Vec<Editable>,
}

/// The way of a listing, under a line about it.
struct Way {
    head: Markup,
    steps: Vec<Step>,
}

/// A listing beside the one that was asked for.
struct Other {
    row: store::ListingRow,
    how: &'static str,
    state: (&'static str, Level),
}

/// A row that was refused.
struct RefusedRow {
    source: String,
    run: store::RunId,
    line: u64,
    cause: String,
    text: String,
}

/// A listing that can be changed, and how.
struct Editable {
    row: store::ListingRow,
    state: (&'static str, Level),
    /// It is listed, or was.
    ends: bool,
    own_end: bool,
    removed: bool,
}

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    at: Option<String>,
    done: Option<String>,
}

/// The page.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    visit: Visit,
    Path(text): Path<String>,
    Query(query): Query<Asked>,
) -> Result<Response, Problem> {
    let view = visit.view;
    let no_address = |_| Problem::not_found("no address, prefix or range").because(Reason::NoAddress);
    let asked = match prefix::parse(text.trim().as_bytes()).map_err(no_address)?.entry {
        Entry::Prefix(asked) => asked,
        Entry::Range4(_) | Entry::Range6(_) => {
            return Ok(lead_to(&format!("/ip?q={}", encoded(text.trim()))));
        }
    };
    if asked.to_string() != text {
        return Ok(lead_to(&format!("/ip/{asked}")));
    }
    let typed = query.at.as_deref().map(str::trim).filter(|at| !at.is_empty());
    let at = typed.map(|at| view.moment(at)).transpose();
    let (all, near) = gather(&app, view, asked, at.unwrap_or_default()).await?;
    let mut notices: Vec<Notice> = Vec::new();
    let mut tell = |level, says: String| notices.push(Notice { level, says, more: Markup::default() });
    let t = IpOne::of(view.language);
    if at.is_err() {
        tell(Level::Warn, t.at_bad.into());
    }
    if let Some(at) = all.at {
        tell(Level::Warn, words::ip_one::past(view, at));
    }
    if let Some(says) = query.done.as_deref().and_then(|done| words::ip_one::done(view, done)) {
        tell(if query.done.as_deref() == Some("held") { Level::Warn } else { Level::Ok }, says.into());
    }
    let (lines, lines_cut) = past::lines(view, &all);
    let may_act = all.at.is_none() && visit.identity.may(Role::Operator);
    let others = others(view, &all, asked);
    let page = OnePage {
        shell: visit.shell(&app, Page::Ip),
        t,
        ip: Ip::of(view.language),
        notices,
        asked,
        at: all.at,
        level: level(&all.answer),
        sentence: sentence(&all, view.language),
        ways: ways(view, &all),
        never: matches!(all.answer, Answer::Never).then(|| Empty {
            says: t.never.into(),
            hint: if may_act { t.never_hint.into() } else { String::new() },
            act: None,
        }),
        picture: past::picture(view, &all),
        lines,
        lines_cut,
        others_cut: all.listings_cut || others.len() > OTHERS,
        others: others.into_iter().take(OTHERS).collect(),
        refused: refused(view, &all),
        guards: all.protected.iter().map(|guard| guard_text(guard, view.language)).collect(),
        devices: {
            let (have, of) = way::devices(&all);
            words::ip_one::share(view, have, of)
        },
        near,
        may_act,
        editable: if may_act { editable(view, &all) } else { Vec::new() },
        all,
    };
    respond::html(&app, &page)
}

/// What the store knows, and what lies around in the live publication.
async fn gather(
    app: &App,
    view: View,
    asked: Prefix,
    at: Option<Time>,
) -> Result<(Explanation, Option<Near>), Problem> {
    let live = app.live().filter(|_| at.is_none());
    app.ask_store(move |store| {
        let all = store.explain(asked, at)?;
        let near = live.map(|live| Near::of(view, live.publication(), asked));
        Ok((all, near))
    })
    .await
}

fn level(answer: &Answer) -> Level {
    match answer {
        Answer::Served { .. } => Level::Ok,
        Answer::Held { .. } | Answer::Pinned { .. } | Answer::Pending { .. } => Level::Warn,
        _ => Level::Plain,
    }
}

/// What a state is called, and how it looks.
fn standing(view: View, state: Standing) -> (&'static str, Level) {
    let w = Ip::of(view.language);
    match state {
        Standing::Active => (w.active, Level::Ok),
        Standing::Expired => (w.expired, Level::Plain),
        Standing::Withdrawn => (w.withdrawn, Level::Plain),
        Standing::Removed => (w.removed, Level::Bad),
    }
}

fn covering(all: &Explanation) -> impl Iterator<Item = &ListingTold> {
    all.listings.iter().filter(|told| told.covers)
}

fn ways(view: View, all: &Explanation) -> Vec<Way> {
    let mut ways: Vec<Way> = covering(all)
        .take(WAYS)
        .map(|told| Way { head: head(view, told), steps: way::of_listing(view, all, told) })
        .collect();
    if ways.is_empty() {
        ways.extend(
            all.refused.first().map(|refused| Way {
                head: Markup::text(&refused.text),
                steps: way::of_refused(view, refused),
            }),
        );
    }
    ways
}

fn head(view: View, told: &ListingTold) -> Markup {
    let row = &told.row;
    let w = Ip::of(view.language);
    let (state, level) = standing(view, row.state);
    let until = match row.until {
        Some(until) => format!("{} {}", w.until, view.ago(until)),
        None => w.forever.to_owned(),
    };
    let mut says =
        format!("{} <b>{}</b> {}", show::prefix(row.prefix), row.source, show::state(level, state));
    for text in [&row.reason, &row.category].into_iter().flatten() {
        says = format!("{says} · {}", Markup::text(text));
    }
    if let Some(country) = row.country {
        says = format!("{says} · {}", Markup::text(words::ip::country_name(view, country)));
    }
    Markup::trusted(format!("{says} · {} {} · {until}", w.detected, view.ago(row.detected)))
}

/// Listings that touch it and whose way is not drawn.
fn others(view: View, all: &Explanation, asked: Prefix) -> Vec<Other> {
    let t = IpOne::of(view.language);
    let drawn = covering(all).take(WAYS).count();
    let rest = covering(all).skip(drawn).chain(all.listings.iter().filter(|told| !told.covers));
    let wider = covering(all).take(drawn).filter(|told| told.row.prefix != asked);
    wider
        .chain(rest)
        .take(OTHERS + 1)
        .map(|told| Other {
            row: told.row.clone(),
            how: match (told.covers, told.row.prefix == asked) {
                (_, true) => t.same,
                (true, false) => t.wider,
                (false, false) => t.narrower,
            },
            state: standing(view, told.row.state),
        })
        .collect()
}

fn refused(view: View, all: &Explanation) -> Vec<RefusedRow> {
    let row = |row: &store::explain::RefusedTold| RefusedRow {
        source: row.source.to_string(),
        run: row.run,
        line: row.line,
        cause: words::cause::by_id(view, &row.cause),
        text: row.text.clone(),
    };
    all.refused.iter().map(row).collect()
}

fn editable(view: View, all: &Explanation) -> Vec<Editable> {
    let one = |told: &ListingTold| {
        let row = told.row.clone();
        let is_listed = matches!(row.state, Standing::Active | Standing::Expired);
        Editable {
            state: standing(view, row.state),
            ends: is_listed,
            own_end: is_listed && row.end_set_by_person && row.source.as_str() != MANUAL,
            removed: row.state == Standing::Removed,
            row,
        }
    };
    covering(all).take(WAYS).map(one).collect()
}
