//! The first line: is all well, and what needs a hand.

use collect::Trouble;

use super::Words;
use crate::figures::{Device, DeviceStanding, Kept, Snapshot, Source, SourceStanding};
use crate::pages::parts::{Todo, Verdict};
use crate::pages::words::dashboard as say;
use crate::pages::{Level, Markup, Shell, View, address};

/// Things that are named; the rest is one line.
const NAMED: usize = 4;

/// The sentence.
pub(super) fn verdict(shell: &Shell, snapshot: Option<&Snapshot>) -> Verdict {
    let view = shell.view;
    let words = Words::of(view.language);
    let mut verdict = Verdict {
        level: Level::Plain,
        says: words.counting.into(),
        but: String::new(),
        below: Markup::default(),
        todo: Vec::new(),
        search: shell.search(),
    };
    let Some(snapshot) = snapshot else { return verdict };
    (verdict.level, verdict.says) = blocking(words, snapshot);
    verdict.below = below(view, snapshot);
    let mut todo = snapshot.kept.as_deref().map_or_else(Vec::new, |kept| todo(view, words, kept));
    if todo.is_empty() {
        return verdict;
    }
    verdict.level = verdict.level.max(Level::Warn);
    verdict.but = say::needs(view, todo.len());
    let rest = todo.len().saturating_sub(NAMED);
    if rest > 0 {
        let href = todo[NAMED].href.split('/').nth(1).map_or_else(|| "/".into(), |page| format!("/{page}"));
        todo.truncate(NAMED);
        todo.push(Todo { says: say::more(view, rest), act: words.show_all.into(), href });
    }
    verdict.todo = todo;
    verdict
}

/// Whether what is to be blocked is blocked.
fn blocking(words: &Words, snapshot: &Snapshot) -> (Level, String) {
    let entries = snapshot.live.as_ref().map(|live| live.counts.entries);
    let is_new = snapshot.kept.as_ref().is_some_and(|kept| kept.sources.is_empty());
    let (level, says) = match entries {
        _ if !snapshot.store_answers => (Level::Bad, words.no_store),
        None if is_new => (Level::Plain, words.nothing_live),
        None => (Level::Bad, words.nothing_live),
        Some(0) => (Level::Bad, words.empty_live),
        Some(_) => (Level::Ok, words.fine),
    };
    (level, says.into())
}

/// Publication, entries, age, devices.
fn below(view: View, snapshot: &Snapshot) -> Markup {
    let Some(live) = &snapshot.live else { return Markup::default() };
    let serial = live.head.serial;
    let entries = say::entries(view, live.counts.entries);
    let mut text = format!(
        "{} <b><a href=\"/publications/{serial}\">#{serial}</a></b> · {entries} · {}",
        view.pick("게시본", "Publication"),
        view.ago(live.head.published_at)
    );
    if let Some(kept) = &snapshot.kept {
        let on: Vec<_> =
            kept.devices.iter().filter(|device| device.standing != DeviceStanding::Off).collect();
        if !on.is_empty() {
            let good = on.iter().filter(|device| device.level == Level::Ok).count();
            text.push_str(" · ");
            text.push_str(&say::up_to_date(view, good, on.len()));
        }
    }
    Markup::trusted(text)
}

/// What needs a hand, the most urgent first: what holds the list up, then sources, then devices.
fn todo(view: View, words: &Words, kept: &Kept) -> Vec<Todo> {
    let mut todo = Vec::new();
    if let Some(held) = &kept.held {
        todo.push(Todo {
            says: say::waits(view, held.added, held.removed),
            act: words.review.into(),
            href: format!("/held/{}", held.id),
        });
    }
    if let Some(pin) = &kept.pinned {
        todo.push(Todo {
            says: say::pinned(view, pin.serial.0),
            act: words.look.into(),
            href: "/publications/release".into(),
        });
    }
    todo.extend(kept.sources.iter().filter_map(|source| of_source(view, words, source)));
    todo.extend(kept.devices.iter().filter_map(|device| of_device(view, words, kept, device)));
    todo
}

fn of_source(view: View, words: &Words, source: &Source) -> Option<Todo> {
    let what = problem(view, words, source)?;
    let name = &source.view.row.name;
    let is_code = matches!(source.standing, SourceStanding::Person(Trouble::OtpNeeded));
    Some(Todo {
        says: format!("{name}: {what}"),
        act: if is_code { words.enter } else { words.look }.into(),
        href: format!("/collect/{}", address::encoded(name.as_str())),
    })
}

/// What is wrong with a source, in words; `None` when nothing is.
pub(super) fn problem(view: View, words: &Words, source: &Source) -> Option<String> {
    let info = |trouble: Trouble| view.pick(trouble.info().korean, trouble.info().english);
    Some(match &source.standing {
        SourceStanding::Person(trouble) => info(*trouble).to_owned(),
        SourceStanding::Failing(count, trouble) => {
            let failures = say::failures(view, *count);
            trouble.map_or_else(|| failures.clone(), |trouble| format!("{}, {failures}", info(trouble)))
        }
        SourceStanding::Stale => match source.view.good_at {
            Some(good) => format!("{}, {}", words.standing_stale, view.relative(good)),
            None => words.standing_stale.into(),
        },
        SourceStanding::EndsSoon | SourceStanding::Ended => {
            let end = source.view.credential.as_ref().and_then(|credential| credential.expires_on);
            let word = if source.standing == SourceStanding::Ended {
                words.standing_ended
            } else {
                words.standing_soon
            };
            end.map_or_else(|| word.to_owned(), |end| format!("{word} ({end})"))
        }
        SourceStanding::Unreadable => words.standing_unreadable.into(),
        SourceStanding::Fine
        | SourceStanding::ByHand
        | SourceStanding::Off
        | SourceStanding::Never
        | SourceStanding::Running => return None,
    })
}

fn of_device(view: View, words: &Words, kept: &Kept, device: &Device) -> Option<Todo> {
    if device.level < Level::Warn {
        return None;
    }
    let name = &device.row.name;
    let what = match device.row.holdings.first() {
        None => words.device_new.to_owned(),
        Some(last) => say::silent(view, kept.at.unix() - last.at.unix()),
    };
    Some(Todo {
        says: format!("{name}: {what}"),
        act: words.look.into(),
        href: format!("/devices/{}", address::encoded(name.as_str())),
    })
}
