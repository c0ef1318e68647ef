//! The river: sources at the left, the publication in the middle, devices at the right. The worst are shown, the rest is one
//! line a side.

use store::Origin;

use super::Words;
use super::verdict::problem;
use crate::events::Phase;
use crate::figures::{Device, DeviceStanding, Kept, Snapshot, Source, SourceStanding};
use crate::pages::chart::Strip;
use crate::pages::markup::escaped;
use crate::pages::parts::{Flow, Node, Side};
use crate::pages::show::state;
use crate::pages::words::dashboard as say;
use crate::pages::words::progress;
use crate::pages::{Level, Markup, View, address};

/// Cards a side.
const CARDS: usize = 4;

/// The picture.
pub(super) struct River {
    /// Cards, and their lines.
    pub(super) sources: Vec<Node>,
    pub(super) inward: Flow,
    /// What of the sources is not shown.
    pub(super) other_sources: String,
    pub(super) middle: Option<Middle>,
    pub(super) devices: Vec<Node>,
    pub(super) outward: Flow,
    pub(super) other_devices: String,
}

/// The publication.
pub(super) struct Middle {
    pub(super) serial: u64,
    pub(super) entries: String,
    pub(super) families: String,
    /// Prefixes that came and went with it, where it is known.
    pub(super) delta: Option<(String, String)>,
    pub(super) at: Markup,
    pub(super) guarded: Option<String>,
    pub(super) gate: Option<Markup>,
    pub(super) hash: String,
    pub(super) compare: Option<String>,
}

/// Of the figures.
pub(super) fn river(view: View, words: &Words, snapshot: &Snapshot) -> River {
    let (sources, devices) =
        snapshot.kept.as_ref().map_or((&[][..], &[][..]), |kept| (&kept.sources, &kept.devices));
    let levels = |nodes: &[Node]| nodes.iter().map(|node| node.level).collect();
    let waiting =
        |levels: &mut dyn Iterator<Item = Level>| levels.filter(|level| *level >= Level::Warn).count();
    let (shown_sources, more_sources) = sources.split_at(sources.len().min(CARDS));
    let (shown_devices, more_devices) = devices.split_at(devices.len().min(CARDS));
    let source_nodes: Vec<Node> = shown_sources.iter().map(|source| of_source(view, words, source)).collect();
    let now = snapshot.kept.as_ref().map(|kept| kept.at);
    let device_nodes: Vec<Node> =
        shown_devices.iter().map(|device| of_device(view, words, device, now.unwrap_or(view.now))).collect();
    let rest = |count: usize, waiting, say: fn(View, usize, usize) -> String| {
        if count == 0 { String::new() } else { say(view, count, waiting) }
    };
    River {
        inward: Flow { side: Side::Sources, levels: levels(&source_nodes) },
        outward: Flow { side: Side::Devices, levels: levels(&device_nodes) },
        other_sources: rest(
            more_sources.len(),
            waiting(&mut more_sources.iter().map(Source::level)),
            say::other_sources,
        ),
        other_devices: rest(
            more_devices.len(),
            waiting(&mut more_devices.iter().map(|device| device.level)),
            say::other_devices,
        ),
        middle: middle(view, words, snapshot),
        sources: source_nodes,
        devices: device_nodes,
    }
}

fn of_source(view: View, words: &Words, source: &Source) -> Node {
    let row = &source.view.row;
    let good = source.runs.iter().filter(|level| **level == Level::Ok).count();
    let label = say::good_runs(view, good, source.runs.len());
    let last = source.view.good_at.or(row.last_run.as_ref().map(|run| run.ended_at));
    let kind = if row.kind == row.name.as_str() { String::new() } else { row.kind.clone() };
    Node {
        level: source.level(),
        href: format!("/collect/{}", address::encoded(row.name.as_str())),
        name: row.name.to_string(),
        kind,
        figure: view.number(row.active),
        strip: (!source.runs.is_empty()).then(|| Strip { runs: source.runs.clone(), label }),
        state: standing(words, &source.standing).into(),
        age: last.map_or_else(Markup::default, |last| view.ago(last)),
        note: note(view, words, source),
    }
}

/// What is wrong, else what it does now, else when it runs next.
fn note(view: View, words: &Words, source: &Source) -> Markup {
    if let Some(problem) = problem(view, words, source) {
        return Markup::text(problem);
    }
    if let Some(running) = &source.view.running {
        let phase = Phase::of(running);
        let name = escaped(&source.view.row.name);
        let text = escaped(progress::of(view, &phase));
        return Markup::trusted(format!("<span data-run-text=\"{name}\">{text}</span>"));
    }
    let Some(next) = source.view.next_run_at else { return Markup::default() };
    let is_soon = next.unix() - view.now.unix() < 20 * 3_600;
    let at = if is_soon { view.clock(next) } else { view.minute(next) };
    Markup::trusted(format!("{} {at}", words.next))
}

fn standing(words: &Words, standing: &SourceStanding) -> &'static str {
    match standing {
        SourceStanding::Fine => words.standing_fine,
        SourceStanding::ByHand => words.standing_by_hand,
        SourceStanding::Off => words.standing_off,
        SourceStanding::Never => words.standing_never,
        SourceStanding::Running => words.standing_running,
        SourceStanding::EndsSoon => words.standing_soon,
        SourceStanding::Stale => words.standing_stale,
        SourceStanding::Failing(..) => words.standing_failing,
        SourceStanding::Unreadable => words.standing_unreadable,
        SourceStanding::Ended => words.standing_ended,
        SourceStanding::Person(_) => words.standing_person,
    }
}

fn of_device(view: View, words: &Words, device: &Device, now: blocklist::Time) -> Node {
    let row = &device.row;
    let last = row.holdings.first();
    let behind = device.behind();
    let word = match (device.standing, behind) {
        (DeviceStanding::Off, _) => words.device_off.to_owned(),
        (DeviceStanding::New, _) => words.device_new.to_owned(),
        (_, 0) => words.device_fine.to_owned(),
        (_, behind) => say::behind(view, behind),
    };
    let note = match (device.standing, last) {
        (DeviceStanding::Silent | DeviceStanding::Late, Some(last)) => {
            say::silent(view, now.unix() - last.at.unix())
        }
        _ => device.cut.map_or_else(String::new, |cut| say::cut(view, row.settings.cap, cut)),
    };
    let model = row.settings.model.as_deref().unwrap_or_default();
    Node {
        level: device.level,
        href: format!("/devices/{}", address::encoded(row.name.as_str())),
        name: row.name.to_string(),
        kind: if model.is_empty() { row.settings.vendor.title().into() } else { model.into() },
        figure: last.map_or_else(|| "–".into(), |last| format!("#{}", last.serial)),
        strip: None,
        state: word,
        age: last.map_or_else(Markup::default, |last| view.ago(last.at)),
        note: Markup::text(note),
    }
}

fn middle(view: View, words: &Words, snapshot: &Snapshot) -> Option<Middle> {
    let live = snapshot.live.as_ref()?;
    let (head, counts) = (&live.head, &live.counts);
    let row = kept(snapshot).and_then(|kept| kept.publication.as_ref());
    let row = row.filter(|row| row.serial == head.serial);
    let before = head.serial.0.checked_sub(1).filter(|before| *before > 0);
    Some(Middle {
        serial: head.serial.0,
        entries: say::entries(view, counts.entries),
        families: format!(
            "IPv4 {} · IPv6 {}",
            view.number(counts.entries_v4),
            view.number(counts.entries_v6)
        ),
        delta: row.map(|row| (view.number(row.added), view.number(row.removed))),
        at: view.clock(head.published_at),
        guarded: kept(snapshot).map(|kept| say::guarded(view, kept.guarded)),
        gate: row.map(|row| match row.origin {
            Origin::Policy => state(Level::Ok, words.gate_passed),
            Origin::Approved => state(Level::Ok, words.gate_approved),
            Origin::Forced => state(Level::Warn, words.gate_forced),
            Origin::Rollback => state(Level::Warn, words.gate_back),
            Origin::Frozen => state(Level::Warn, words.gate_frozen),
        }),
        hash: head.hash.to_string().chars().take(8).collect(),
        compare: before.map(|before| format!("/publications/{}?with={before}", head.serial)),
    })
}

fn kept(snapshot: &Snapshot) -> Option<&Kept> {
    snapshot.kept.as_deref()
}
