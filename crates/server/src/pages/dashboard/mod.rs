//! `/`: the dashboard. One look answers whether all is well, and what needs a hand.
//!
//! All of it comes from the figures ([`crate::figures`]), which are computed beside requests: the page asks neither the
//! store nor the list.
//!
//! | module | what |
//! |---|---|
//! | `verdict` | the sentence, and what needs a hand |
//! | `river` | sources, publication, devices |
//! | `pictures` | key figures, trend, bars |
//! | `events` | what just happened |

mod events;
mod pictures;
mod river;
mod verdict;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use store::Role;

use super::chart::Trend;
use super::parts::{BarList, Empty, Figures, Verdict};
use super::words::Dashboard as Words;
use super::{Markup, Page, Shell, Visit, respond};
use crate::App;
use crate::api::problem::Problem;
use crate::figures::Snapshot;

/// The page.
#[derive(Template)]
#[template(path = "dashboard.html")]
struct Dashboard {
    shell: Shell,
    words: &'static Words,
    verdict: Verdict,
    shown: Shown,
}

/// What there is to show.
enum Shown {
    /// The figures come in a moment.
    Counting,
    /// Nothing is set up yet.
    Begin(Empty),
    /// All of it.
    Full(Box<Full>),
}

/// The page of a product in use.
struct Full {
    figures: Figures,
    river: river::River,
    trend: Option<Trend>,
    trend_soon: Empty,
    map: String,
    reasons: BarList,
    countries: BarList,
    categories: BarList,
    happened: Vec<events::Row>,
    as_of: Markup,
}

/// Shows the dashboard.
pub(crate) async fn dashboard(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    let shell = visit.shell(&app, Page::Dashboard);
    let snapshot = app.figures();
    respond::html(&app, &page(shell, snapshot.as_deref()))
}

fn page(shell: Shell, snapshot: Option<&Snapshot>) -> Dashboard {
    let view = shell.view;
    let words = Words::of(view.language);
    let verdict = verdict::verdict(&shell, snapshot);
    let shown = match snapshot {
        None => Shown::Counting,
        Some(snapshot) if is_untouched(snapshot) => Shown::Begin(begin(&shell, words)),
        Some(snapshot) => Shown::Full(Box::new(full(&shell, words, snapshot))),
    };
    Dashboard { shell, words, verdict, shown }
}

/// Whether nothing was ever collected or published.
fn is_untouched(snapshot: &Snapshot) -> bool {
    snapshot.live.is_none() && snapshot.kept.as_ref().is_some_and(|kept| kept.sources.is_empty())
}

fn begin(shell: &Shell, words: &Words) -> Empty {
    let may = shell.may(Role::Admin);
    Empty {
        says: words.begin.into(),
        hint: if may { words.begin_hint } else { words.begin_ask }.into(),
        act: may.then(|| (words.begin_act.into(), "/start".into())),
    }
}

fn full(shell: &Shell, words: &Words, snapshot: &Snapshot) -> Full {
    let view = shell.view;
    let counts = snapshot.live.as_ref().map(|live| &*live.counts);
    Full {
        figures: pictures::figures(view, words, snapshot),
        river: river::river(view, words, snapshot),
        trend: pictures::trend(view, words, snapshot),
        trend_soon: Empty { says: words.trend_soon.into(), hint: words.trend_soon_hint.into(), act: None },
        map: super::map::picture(snapshot.live.as_ref().map(|live| live.head.serial), None),
        reasons: pictures::reasons(counts),
        countries: pictures::countries(view, counts),
        categories: pictures::categories(counts),
        happened: events::rows(shell, snapshot),
        as_of: view.ago(snapshot.as_of),
    }
}
