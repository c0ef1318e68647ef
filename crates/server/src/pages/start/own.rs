//! The second step: the firm's own networks. What can be guessed is proposed; nothing is taken without a tick.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use prefix::prefix::Either;
use prefix::special::{is_special_v4, is_special_v6};
use prefix::{Net, Prefix};
use store::{OwnKind, OwnRow, Preview};

use super::{Facts, Step, Walk};
use crate::App;
use crate::api::problem::Problem;
use crate::pages::error::lead_to;
use crate::pages::form::Posted;
use crate::pages::parts::{Changes, Confirm, Field};
use crate::pages::words::Start;
use crate::pages::{Page, Shell, Visit, respond, show, words};

/// What every firm may use inside.
const PRIVATE: [&str; 4] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

#[derive(Template)]
#[template(path = "start/own.html")]
struct OwnPage {
    shell: Shell,
    t: &'static Start,
    walk: Walk,
    known: Vec<OwnRow>,
    proposed: Vec<Proposal>,
    more: Field,
}

#[derive(Template)]
#[template(path = "start/sure.html")]
struct SurePage<'a> {
    shell: &'a Shell,
    t: &'static Start,
    walk: Walk,
    confirm: Confirm<'a>,
    changes: Changes,
}

/// A network that may be the firm's.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Proposal {
    prefix: Prefix,
    why: &'static str,
    is_on: bool,
}

/// The page.
pub(crate) async fn page(State(app): State<Arc<App>>, visit: Visit) -> Result<Response, Problem> {
    show(&app, &visit, None, "", None).await
}

/// With what was ticked and typed, where something of it is wrong.
async fn show(
    app: &App,
    visit: &Visit,
    ticked: Option<&[Prefix]>,
    typed: &str,
    wrong: Option<String>,
) -> Result<Response, Problem> {
    let facts = Facts::of(app, visit).await?;
    let known = app.ask_store(store::Store::own_networks).await?;
    let t = Start::of(visit.view.language);
    let mut proposed = proposals(t, &known, visit.identity.address);
    if let Some(ticked) = ticked {
        for proposal in &mut proposed {
            proposal.is_on = ticked.contains(&proposal.prefix);
        }
    }
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let more = Field::text("more", t.own_more).value(typed).hint(t.own_more_hint).wrong(wrong);
    let page = OwnPage {
        shell: visit.shell(app, Page::Settings),
        t,
        walk: Walk::at(visit, &facts, Step::Own),
        known,
        proposed,
        more,
    };
    respond::with_status(app, status, &page)
}

/// Private space, ticked; and around the server's and the reader's public addresses what may be the firm's, not ticked: the
/// neighbours of a public address may be anybody's. What is an own network already is left out.
fn proposals(t: &'static Start, known: &[OwnRow], reader: Option<IpAddr>) -> Vec<Proposal> {
    let firm: Vec<Prefix> =
        known.iter().filter(|row| row.kind == OwnKind::Firm).map(|row| row.prefix).collect();
    let private = PRIVATE.iter().filter_map(|text| text.parse().ok());
    let private = private.map(|prefix| Proposal { prefix, why: t.own_private, is_on: true });
    let servers = known.iter().filter(|row| row.kind == OwnKind::Server).map(|row| row.prefix);
    let around = servers.filter(|prefix| is_public(*prefix)).filter_map(network);
    let around = around.map(|prefix| Proposal { prefix, why: t.own_server, is_on: false });
    let reader =
        reader.map(|address| Prefix::from(address.to_canonical())).filter(|prefix| is_public(*prefix));
    let reader = reader.map(|prefix| Proposal { prefix, why: t.own_reader, is_on: false });
    let mut seen = BTreeSet::new();
    let all = private.chain(around).chain(reader);
    all.filter(|it| !firm.contains(&it.prefix) && seen.insert(it.prefix)).collect()
}

fn is_public(prefix: Prefix) -> bool {
    match prefix.split() {
        Either::V4(net) => !is_special_v4(net),
        Either::V6(net) => !is_special_v6(net),
    }
}

/// The network that an address is mostly in: a /24, or for IPv6 a /64.
fn network(prefix: Prefix) -> Option<Prefix> {
    match prefix.split() {
        Either::V4(net) => Net::new(net.first(), 24).map(Prefix::from),
        Either::V6(net) => Net::new(net.first(), 64).map(Prefix::from),
    }
}

/// Adds what was ticked and typed. What would leave the list is shown first.
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    visit: Visit,
    Posted(form): Posted<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let first = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let picked = form.iter().filter(|(key, _)| key == "pick");
    let ticked: Vec<Prefix> = picked.filter_map(|(_, text)| text.parse().ok()).collect();
    let (typed, confirmed) = (first("more").unwrap_or_default(), first("confirmed").is_some());
    let mut all: BTreeSet<Prefix> = ticked.iter().copied().collect();
    match read(&visit, &typed) {
        Ok(more) => all.extend(more),
        Err(wrong) => return show(&app, &visit, Some(&ticked), &typed, Some(wrong)).await,
    }
    let who = visit.identity.plain();
    let done = app.ask_store(move |store| {
        // Named twice is named: who comes back to this step does not have to know what is there.
        let known: BTreeSet<Prefix> = firm(store)?;
        let new: Vec<Prefix> = all.difference(&known).copied().collect();
        if new.is_empty() {
            return Ok(Ok(None));
        }
        let preview = match store.preview_add_own(&new, false) {
            Err(store::Error::OwnTooWide(_)) => return Ok(Err(())),
            other => other?,
        };
        if !confirmed && !preview.delta.is_empty() {
            return Ok(Ok(Some(preview)));
        }
        store.add_own(&new, None, false, &who.actor())?;
        Ok(Ok(None))
    });
    match done.await? {
        Ok(None) => Ok(lead_to(Step::Own.next().path())),
        Ok(Some(preview)) => sure(&app, &visit, &preview, &ticked, typed).await,
        Err(()) => {
            let wrong = Start::of(visit.view.language).own_too_wide.to_owned();
            show(&app, &visit, Some(&ticked), &typed, Some(wrong)).await
        }
    }
}

fn firm(store: &store::Store) -> store::Result<BTreeSet<Prefix>> {
    let own = store.own_networks()?;
    Ok(own.into_iter().filter(|row| row.kind == OwnKind::Firm).map(|row| row.prefix).collect())
}

/// The networks of the lines, or what is wrong with one of them.
fn read(visit: &Visit, text: &str) -> Result<Vec<Prefix>, String> {
    let mut found = Vec::new();
    for line in text.split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty()) {
        let shown: String = line.chars().take(80).collect();
        let parsed = prefix::parse(line.as_bytes())
            .map_err(|refusal| words::allow::not_taken(visit.view, &shown, refusal))?;
        found.extend(parsed.entry.prefixes());
    }
    Ok(found)
}

async fn sure(
    app: &App,
    visit: &Visit,
    preview: &Preview,
    ticked: &[Prefix],
    typed: String,
) -> Result<Response, Problem> {
    let facts = Facts::of(app, visit).await?;
    let (t, shell) = (Start::of(visit.view.language), visit.shell(app, Page::Settings));
    let (come, go) = (preview.delta.added.len() as u64, preview.delta.removed.len() as u64);
    let picks = ticked.iter().map(|prefix| ("pick".to_owned(), prefix.to_string()));
    let page = SurePage {
        shell: &shell,
        t,
        walk: Walk::at(visit, &facts, Step::Own),
        confirm: Confirm {
            shell: &shell,
            says: words::allow::effect(visit.view, come, go),
            undo: t.own_undo.into(),
            action: Step::Own.path().into(),
            fields: picks.chain([("more".to_owned(), typed)]).collect(),
            button: t.own_add.into(),
            back: Step::Own.path().into(),
        },
        changes: Changes::of(visit.view, &preview.delta),
    };
    respond::html(app, &page)
}

#[cfg(test)]
mod tests {
    use blocklist::Time;

    use super::*;
    use crate::pages::view::Language;

    fn own(prefix: &str, kind: OwnKind) -> OwnRow {
        let (at, by) = (Time::from_unix(0), "server".to_owned());
        OwnRow { prefix: prefix.parse().unwrap(), kind, note: None, created_at: at, created_by: by }
    }

    fn proposed(known: &[OwnRow], reader: Option<&str>) -> Vec<(String, bool)> {
        let all = proposals(Start::of(Language::English), known, reader.map(|it| it.parse().unwrap()));
        all.into_iter().map(|it| (it.prefix.to_string(), it.is_on)).collect()
    }

    #[test]
    fn private_space_is_ticked_and_what_is_around_a_public_address_is_not() {
        let found = proposed(
            &[own("45.9.20.1", OwnKind::Server), own("10.1.2.3", OwnKind::Server)],
            Some("45.9.21.7"),
        );
        let ticked: Vec<&str> = found.iter().filter(|it| it.1).map(|it| it.0.as_str()).collect();
        assert_eq!(ticked, PRIVATE);
        let rest: Vec<&str> = found.iter().filter(|it| !it.1).map(|it| it.0.as_str()).collect();
        assert_eq!(rest, ["45.9.20.0/24", "45.9.21.7"]);
    }

    #[test]
    fn what_is_named_already_and_an_address_of_inside_is_not_proposed() {
        let found = proposed(&[own("10.0.0.0/8", OwnKind::Firm)], Some("127.0.0.1"));
        assert_eq!(found.len(), PRIVATE.len() - 1, "{found:?}");
        assert!(found.iter().all(|it| it.0 != "10.0.0.0/8" && it.0 != "127.0.0.1"), "{found:?}");
    }
}
