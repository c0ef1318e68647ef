//! Key figures with how they went lately, the trend, and the longest bars.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use blocklist::{Country, SourceName, Time};
use store::TrendRow;

use super::Words;
use crate::api::stats::{self, Share};
use crate::figures::{DAY, Kept, Marked, Snapshot};
use crate::pages::chart::{Mark, Series, Spark, Trend};
use crate::pages::parts::{BarList, Figure, Figures};
use crate::pages::words::dashboard as say;
use crate::pages::{Address, Level, View};
use crate::search::country;

/// Bars of each kind.
const BARS: usize = 7;
/// Days of a line beside a figure.
const SPARK: usize = 30;
/// Sources of their own colour; the others are one.
const COLOURS: usize = 5;

/// The five of the top.
pub(super) fn figures(view: View, words: &Words, snapshot: &Snapshot) -> Figures {
    let kept = snapshot.kept.as_deref();
    let unknown = || "–".to_owned();
    let live = snapshot.live.as_ref();
    let day = kept.and_then(|kept| kept.day.as_ref());
    let between = day.map_or_else(
        || "/publications".to_owned(),
        |day| match day.from.filter(|from| *from != day.to) {
            Some(from) => format!("/publications/{}?with={from}", day.to),
            None => format!("/publications/{}", day.to),
        },
    );
    let held = kept.map(|kept| u64::from(kept.held.is_some()));
    let reads = kept.map(|kept| &kept.reads);
    let figure = |label: &str, value: String, href: &str, spark: Option<Spark>| Figure {
        label: label.into(),
        value,
        level: Level::Plain,
        href: href.into(),
        spark,
    };
    let days = |of: fn(&TrendRow) -> u64| kept.map(|kept| Spark(whole(kept, of)));
    let signed = |count: u64| view.signed(i64::try_from(count).unwrap_or(i64::MAX));
    let blocked = live.map_or_else(unknown, |live| view.number(live.counts.entries));
    let held_level = if held == Some(1) { Level::Warn } else { Level::Plain };
    Figures {
        label: words.key_figures.into(),
        figures: vec![
            figure(words.blocked, blocked, "/ip", days(|row| row.entries)),
            figure(
                words.day_new,
                day.map_or_else(unknown, |day| signed(day.added)),
                &between,
                days(|row| row.added),
            ),
            figure(
                words.day_gone,
                day.map_or_else(unknown, |day| view.signed(-i64::try_from(day.removed).unwrap_or(i64::MAX))),
                &between,
                days(|row| row.ended),
            ),
            Figure {
                level: held_level,
                ..figure(
                    words.held,
                    held.map_or_else(unknown, |held| view.number(held)),
                    "/publications",
                    None,
                )
            },
            figure(
                words.day_reads,
                reads.map_or_else(unknown, |reads| view.number(reads.all())),
                &reads.map_or_else(
                    || "/logs/pulls".to_owned(),
                    |reads| Address::new("/logs/pulls").with("since", reads.since).to_string(),
                ),
                reads.map(|reads| Spark(reads.hours.clone())),
            ),
        ],
    }
}

/// A number of the whole list on the last days.
fn whole(kept: &Kept, of: fn(&TrendRow) -> u64) -> Vec<u64> {
    let values: Vec<u64> = kept.trend.rows.iter().filter(|row| row.source.is_none()).map(of).collect();
    values[values.len().saturating_sub(SPARK)..].to_vec()
}

/// Listings by day and source; `None` before there are two days.
pub(super) fn trend(view: View, words: &Words, snapshot: &Snapshot) -> Option<Trend> {
    let trend = &snapshot.kept.as_ref()?.trend;
    let days: BTreeSet<i64> = trend.rows.iter().map(|row| row.day).collect();
    if days.len() < 2 {
        return None;
    }
    let mut of: BTreeMap<&SourceName, BTreeMap<i64, u64>> = BTreeMap::new();
    for row in &trend.rows {
        if let Some(source) = &row.source {
            of.entry(source).or_default().insert(row.day, row.entries);
        }
    }
    let mut of: Vec<(&SourceName, BTreeMap<i64, u64>)> = of.into_iter().collect();
    // The largest on the newest day first: the page reads from there.
    let newest = |values: &BTreeMap<i64, u64>| values.last_key_value().map_or(0, |(_, count)| *count);
    of.sort_by_key(|(_, values)| std::cmp::Reverse(newest(values)));
    let rest = of.split_off(of.len().min(COLOURS));
    let values = |day: &i64, values: &BTreeMap<i64, u64>| values.get(day).copied().unwrap_or(0);
    let mut series: Vec<Series> = of
        .iter()
        .map(|(source, counts)| Series {
            name: source.to_string(),
            values: days.iter().map(|day| values(day, counts)).collect(),
        })
        .collect();
    if !rest.is_empty() {
        let sum = |day: &i64| rest.iter().map(|(_, counts)| values(day, counts)).sum();
        series.push(Series { name: words.others.into(), values: days.iter().map(sum).collect() });
    }
    let marks = trend.marks.iter().map(|mark| Mark { at: mark.at, says: marked(view, &mark.what) });
    Some(Trend {
        label: format!("{}, {}", words.trend, words.trend_note),
        times: days.iter().map(|day| Time::from_unix(day * DAY)).collect(),
        series,
        marks: marks.collect(),
        view,
    })
}

fn marked(view: View, what: &Marked) -> String {
    match what {
        Marked::Held { added, removed, state } => say::held_day(view, *added, *removed, *state),
        Marked::Forced(serial) => view.pick(format!("#{serial} 강제 게시"), format!("#{serial} forced")),
        Marked::Back(serial) => view.pick(format!("#{serial} 되돌림"), format!("back to #{serial}")),
    }
}

/// Listings by reason. The search box takes what stands between quotes as words of a reason.
pub(super) fn reasons(counts: Option<&stats::Figures>) -> BarList {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', " "));
    bars(counts.map(|counts| &counts.by_reason), |text| (text.to_owned(), ip("q", quoted(text))))
}

/// By country.
pub(super) fn countries(view: View, counts: Option<&stats::Figures>) -> BarList {
    let name = |code: &str| match Country::new(code).and_then(country::names) {
        Some((korean, english)) => format!("{code} {}", view.pick(korean, english)),
        None => code.to_owned(),
    };
    bars(counts.map(|counts| &counts.by_country), |code| (name(code), ip("country", code)))
}

/// By category.
pub(super) fn categories(counts: Option<&stats::Figures>) -> BarList {
    bars(counts.map(|counts| &counts.by_category), |text| (text.to_owned(), ip("category", text)))
}

/// The published listings with one filter.
fn ip(key: &str, value: impl Display) -> String {
    Address::new("/ip").with(key, value).to_string()
}

/// The longest bars of a breakdown, each with its name and where it leads. What no source said has no rows to lead to.
fn bars(shares: Option<&Vec<Share>>, show: impl Fn(&str) -> (String, String)) -> BarList {
    let named =
        shares.into_iter().flatten().filter_map(|share| Some((share.name.as_deref()?, share.listings)));
    BarList::of(named.take(BARS).map(|(text, listings)| {
        let (name, href) = show(text);
        (name, listings, href)
    }))
}
