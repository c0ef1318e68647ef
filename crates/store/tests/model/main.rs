//! Thousands of random operations against a simple model that knows single addresses: what is served is what sources list
//! and people block, minus what ended and what is protected; serials only grow, deltas add up, every publication that is
//! kept can be read again, and no protected address is ever in any feed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod naive;
mod step;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;

use blocklist::gate::GateRules;
use blocklist::policy::{Policy, SourceRules};
use blocklist::{Content, Serial};
use naive::{MANUAL, Model, SOURCES, Served, addresses_of, take};
use prefix::Prefix;
use proptest::prelude::*;
use step::{Place, Step, addresses, prefix, step};
use store::{Actor, Approved, ByHand, Error, NewAllow, Origin, Published};
use support::{Bench, SETUP, START, batch, name};

const KIM: Actor<'static> = Actor { address: None, by: "kim", note: Some("a test") };

fn served(content: &Content) -> Served {
    let mut served = Served::new();
    for (chunk, listing) in content.listings() {
        let source = SOURCES.iter().position(|name| *name == chunk.source_of(listing).as_str()).unwrap();
        let until = listing.until.map_or(i64::MAX, |until| until.unix() - START);
        for address in addresses(listing.prefix) {
            let longest = served.entry((address, source)).or_insert(until);
            *longest = until.max(*longest);
        }
    }
    served
}

fn batch_of(rows: &[(Place, Option<i64>)]) -> blocklist::Batch {
    let texts: Vec<(String, Option<i64>)> =
        rows.iter().map(|&(place, until)| (prefix(place).to_string(), until)).collect();
    batch(&texts.iter().map(|(text, until)| (text.as_str(), *until, "")).collect::<Vec<_>>())
}

/// What a step is expected to do to the list.
enum Expected {
    /// Whatever policy and gate say.
    Judged,
    /// The candidate, whatever the gate says.
    Forced,
    /// Nothing was asked for.
    Nothing,
    /// An old one, restricted to what may be served now.
    Old(Served),
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_served_is_what_the_model_serves(steps in proptest::collection::vec(step(), 1..50)) {
        let mut bench = Bench::new();
        // Small lists shall be held too.
        let strict = GateRules { jump_floor: 3, held_hours: None, ..GateRules::default() };
        bench.store.set_gate(&strict, &KIM).unwrap();
        let mut model = Model::default();
        let mut entries: Vec<store::AllowId> = Vec::new();
        for step in steps {
            let mut published: Option<Published> = None;
            let mut expected = Expected::Judged;
            match step {
                Step::Import { source, mode, rows } => {
                    let done = bench.import(SOURCES[source], mode, &batch_of(&rows));
                    let believed = take(&mut model, source, mode, &rows);
                    prop_assert_eq!(believed, done.run.cause.is_none(), "{:?}", done.run.cause);
                    if believed {
                        published = Some(done.published);
                    } else {
                        expected = Expected::Nothing;
                    }
                }
                Step::Block(place, until) => {
                    let until = until.map(|after| model.now + after);
                    let rows = [(place, until)];
                    let batch = batch_of(&rows);
                    let order = ByHand { batch: &batch, input: "-", anyway: true, wide: true };
                    let done = bench.store.block(&order, &KIM).unwrap();
                    // A block never shortens another one.
                    let end = until.unwrap_or(i64::MAX);
                    let kept = model.kept[MANUAL].entry(prefix(place)).or_insert(end);
                    *kept = end.max(*kept);
                    published = Some(done.published);
                }
                Step::Allow(place, until) => {
                    let until = until.map(|after| model.now + after);
                    let at = until.map(|until| blocklist::Time::from_unix(START + until));
                    let new = NewAllow { until: at, ..NewAllow::new(prefix(place), "a test") };
                    match bench.store.add_allow(&[new], &KIM) {
                        Ok((rows, done)) => {
                            // One that ended makes way for the new one of the same prefix.
                            while let Some(at) = model.allowed.iter().position(|(old, _)| *old == prefix(place)) {
                                model.allowed.remove(at);
                                entries.remove(at);
                            }
                            entries.push(rows[0].id);
                            model.allowed.push((prefix(place), until.unwrap_or(i64::MAX)));
                            published = Some(done);
                        }
                        // One that holds for the same prefix.
                        Err(Error::Allow(_)) => expected = Expected::Nothing,
                        Err(error) => panic!("{error}"),
                    }
                }
                Step::Unallow(at) => {
                    if at < entries.len() {
                        let done = bench.store.remove_allow(entries.remove(at), &KIM).unwrap();
                        model.allowed.remove(at);
                        published = Some(done.1);
                    } else {
                        expected = Expected::Nothing;
                    }
                }
                Step::Policy { two, trial, only_v4 } => {
                    let mut policy = Policy { min_sources: if two { 2 } else { 0 }, ..Policy::default() };
                    policy.sources.insert(name("a"), SourceRules { trial, ..SourceRules::default() });
                    let mut b = SourceRules::default();
                    b.filter.family = only_v4.then_some(prefix::Family::V4);
                    policy.sources.insert(name("b"), b);
                    (model.two, model.trial, model.only_v4) = (two, trial, only_v4);
                    let preview = bench.store.preview_policy(&policy).unwrap();
                    let before: BTreeSet<Prefix> = addresses_of(&model.served);
                    published = Some(bench.store.set_policy(&policy, &KIM).unwrap());
                    // What a preview says is what then happens, unless the gate, or a person, holds it.
                    if let Some(Published::New(row)) = &published {
                        if !model.pinned {
                            prop_assert_eq!(preview.delta.added.len() as u64, row.added);
                            prop_assert_eq!(preview.delta.removed.len() as u64, row.removed);
                            prop_assert!(preview.reasons.is_empty());
                        }
                    } else if matches!(published, Some(Published::Same(_))) {
                        prop_assert!(preview.delta.is_empty() || before.is_empty(), "{:?}", preview.delta);
                    }
                }
                Step::Wait(seconds) => {
                    model.now += seconds;
                    bench.at(model.now);
                    published = Some(bench.store.publish_ended().unwrap());
                }
                Step::Back(seconds) => {
                    model.now -= seconds;
                    bench.at(model.now);
                    published = Some(bench.store.publish().unwrap());
                }
                Step::Publish => published = Some(bench.store.publish().unwrap()),
                Step::Force => {
                    published = Some(bench.store.publish_forced(&KIM).unwrap());
                    expected = Expected::Forced;
                }
                Step::Approve => match bench.store.held_candidate(None).unwrap() {
                    Some((row, delta)) => {
                        prop_assert_eq!(row.added as usize, delta.added.len());
                        match bench.store.approve(row.id, row.candidate, &KIM) {
                            Ok(Approved::Published(done)) => {
                                published = Some(done);
                                expected = Expected::Forced;
                            }
                            // Time, or a clock that was set back, made it another one with other objections.
                            Err(Error::CandidateChanged(_)) => expected = Expected::Nothing,
                            other => panic!("{other:?}"),
                        }
                    }
                    None => expected = Expected::Nothing,
                },
                Step::Reject => {
                    if let Some((row, _)) = bench.store.held_candidate(None).unwrap() {
                        bench.store.reject(row.id, &KIM).unwrap();
                    }
                    expected = Expected::Nothing;
                }
                Step::Rollback(index) => {
                    expected = Expected::Nothing;
                    let known: Vec<Serial> = model.history.keys().copied().collect();
                    if !known.is_empty() {
                        let serial = *index.get(&known);
                        let forbidden = model.forbidden();
                        let mut old = model.history[&serial].clone();
                        old.retain(|(address, source), until| {
                            *source != MANUAL && *until > model.now && !forbidden.contains(address)
                        });
                        old.extend(model.candidate().into_iter().filter(|((_, source), _)| *source == MANUAL));
                        match bench.store.rollback(serial, &KIM) {
                            Ok(done) => {
                                published = Some(done);
                                model.pinned = true;
                                expected = Expected::Old(old);
                            }
                            Err(Error::NothingLeft(_)) => prop_assert!(old.is_empty()),
                            // Lost with the file that the test removed.
                            Err(Error::NoPublication(_) | Error::Publication { .. }) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                }
                Step::Release => match bench.store.release(&KIM) {
                    Ok(done) => {
                        prop_assert!(model.pinned);
                        model.pinned = false;
                        published = Some(done);
                    }
                    Err(Error::NotPinned) => {
                        prop_assert!(!model.pinned);
                        expected = Expected::Nothing;
                    }
                    Err(error) => panic!("{error}"),
                },
                Step::RemoveSource(source) => match bench.store.remove_source(&name(SOURCES[source]), &SETUP) {
                    Ok(removed) => {
                        model.kept[source].clear();
                        published = Some(removed.published);
                    }
                    Err(Error::NoSource(_)) => expected = Expected::Nothing,
                    Err(error) => panic!("{error}"),
                },
                Step::Reopen => {
                    bench = bench.reopen();
                    expected = Expected::Nothing;
                }
                Step::LoseLink => {
                    let serials = bench.store.files().serials().unwrap();
                    if let [.., before, _] = serials[..] {
                        bench.store.files().make_current(before).unwrap();
                    }
                    bench = bench.reopen();
                    expected = Expected::Nothing;
                }
                Step::LoseFile => {
                    // A change alone: what is whole is needed to read those after it, and losing that is no kill.
                    let last = bench.store.files().current_serial().unwrap();
                    let path = last.and_then(|last| bench.store.files().path(last));
                    if let Some(path) = path.filter(|path| path.extension().is_some_and(|end| end == "change")) {
                        std::fs::remove_file(path).unwrap();
                        bench = bench.reopen();
                        // Nothing is known of what is served, so nothing can be compared: the candidate is.
                        published = Some(bench.store.publish_forced(&KIM).unwrap());
                        model.history.remove(&last.unwrap());
                        expected = Expected::Forced;
                    } else {
                        expected = Expected::Nothing;
                    }
                }
            }

            let want = match (&expected, &published) {
                // The same: nothing had changed, perhaps while something is held.
                (Expected::Nothing, _) | (_, None) | (Expected::Judged, Some(Published::Same(_))) => None,
                (Expected::Old(old), _) => Some(old.clone()),
                (Expected::Judged, Some(Published::Held { .. })) => Some(model.frozen()),
                (Expected::Forced, _) | (Expected::Judged, Some(Published::New(_))) => Some(model.candidate()),
            };
            if matches!(expected, Expected::Judged) && model.pinned && published.is_some() {
                prop_assert!(matches!(published, Some(Published::Held { .. } | Published::Same(_))), "{published:?}");
            }
            let same = matches!((&expected, &published), (Expected::Judged, Some(Published::Same(_))));
            if let Some(Ok(publication)) = bench.store.files().load_current().transpose() {
                let now = served(publication.content());
                if let Some(want) = want {
                    prop_assert_eq!(&now, &want, "{:?}", published);
                } else if same && model.waits {
                    prop_assert!(now == model.candidate() || now == model.frozen(), "{published:?}");
                } else if same {
                    prop_assert_eq!(&now, &model.candidate(), "{:?}", published);
                }
                match (&expected, &published) {
                    (_, Some(Published::Held { .. })) | (Expected::Old(_), _) => model.waits = true,
                    (Expected::Judged | Expected::Forced, Some(Published::New(_))) => model.waits = false,
                    _ => {}
                }
                let forbidden = model.forbidden();
                if published.is_some() {
                    for (address, _) in now.keys() {
                        prop_assert!(!forbidden.contains(address), "{address} is protected and served");
                    }
                }
                let serial = publication.head().serial;
                if let Some((&last, before)) = model.history.last_key_value() {
                    prop_assert!(serial >= last, "from {last} back to {serial}");
                    prop_assert!(serial > last || *before == now, "{serial} is not what it was");
                }
                model.history.insert(serial, now.clone());
                model.served = now;
            }
        }

        prop_assert_eq!(bench.store.check().unwrap(), Vec::<String>::new());
        let known: Vec<Serial> = model.history.keys().copied().collect();
        for &serial in &known {
            match bench.store.load_publication(serial) {
                Ok(kept) => prop_assert_eq!(&served(kept.content()), &model.history[&serial]),
                // After a file that the test removed.
                Err(Error::NoPublication(_) | Error::Publication { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
        for pair in known.windows(2) {
            if let Ok(delta) = bench.store.diff(pair[0], pair[1]) {
                let hosts = |prefixes: &[Prefix]| -> BTreeSet<Prefix> {
                    prefixes.iter().flat_map(|prefix| addresses(*prefix)).collect()
                };
                let (old, new) = (addresses_of(&model.history[&pair[0]]), addresses_of(&model.history[&pair[1]]));
                prop_assert!(new.difference(&old).all(|address| hosts(&delta.added).contains(address)));
                prop_assert!(old.difference(&new).all(|address| hosts(&delta.removed).contains(address)));
            }
        }
        let publications = bench.store.publications(None, 1_000).unwrap();
        prop_assert!(publications.windows(2).all(|pair| pair[0].serial > pair[1].serial
            && pair[0].published_at > pair[1].published_at));
        let rollbacks = publications.iter().filter(|row| row.origin == Origin::Rollback);
        prop_assert!(rollbacks.into_iter().all(|row| row.content_of.is_some() && row.by.as_deref() == Some("kim")));
    }
}
