//! `/map`: what of the IPv4 space is blocked, from the whole of it down to a /24, where its listings are.

use std::fmt::Display;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use blocklist::Serial;
use prefix::prefix::Either;
use prefix::{Net, Net4, Prefix};

use super::chart::hilbert::{Scope, links};
use super::parts::{BarList, Empty};
use super::words::Dashboard as Words;
use super::words::dashboard as say;
use super::{Address, Markup, Page, Shell, View, Visit, respond};
use crate::App;
use crate::api::problem::Problem;

/// Blocks that are named beside the picture.
const NAMED: usize = 16;
/// The key of the part in the address.
const NET: &str = "net";

/// The page.
#[derive(Template)]
#[template(path = "map.html")]
struct MapPage {
    shell: Shell,
    words: &'static Words,
    title: String,
    /// The address of the part's listings, where it is a part.
    listings: Option<String>,
    wider: Vec<(String, String)>,
    drawn: Option<Picture>,
    empty: Empty,
}

/// What is drawn.
struct Picture {
    src: String,
    links: Markup,
    covered: String,
    blocks: BarList,
}

/// Shows the map of the whole or of a part.
pub(crate) async fn map(State(app): State<Arc<App>>, uri: Uri, visit: Visit) -> Result<Response, Problem> {
    let scope = scope(&Address::of(&uri), visit.view)?;
    let shell = visit.shell(&app, Page::Dashboard);
    let (view, words) = (shell.view, Words::of(shell.view.language));
    let part = Some(scope.net()).filter(|net| net.len() > 0);
    let drawn = match app.live() {
        None => None,
        Some(live) => {
            let drawn = app.map(&live, scope).await?;
            let says = |net: Net4| {
                let covered =
                    drawn.blocks.iter().find(|(block, _)| *block == net).map_or(0, |(_, count)| *count);
                format!("{net} · {}", say::addresses(view, covered))
            };
            let largest = drawn.blocks.iter().take(NAMED);
            let rows = largest.map(|(net, covered)| (net.to_string(), *covered, leads_to(*net)));
            (drawn.covered > 0).then(|| Picture {
                src: picture(Some(live.head().serial), part),
                links: links(scope, leads_to, says),
                covered: say::addresses(view, drawn.covered),
                blocks: BarList::of(rows),
            })
        }
    };
    let page = MapPage {
        title: part.map_or_else(|| words.whole_space.into(), |net| net.to_string()),
        listings: part.map(|net| Address::new("/ip").with("q", net).to_string()),
        wider: part.map_or_else(Vec::new, |net| wider(words, net)),
        drawn,
        empty: Empty { says: words.nothing_here.into(), hint: String::new(), act: None },
        words,
        shell,
    };
    respond::html(&app, &page)
}

/// The picture alone. A browser keeps it until the list is another.
pub(crate) async fn png(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
    visit: Visit,
) -> Result<Response, Problem> {
    let scope = scope(&Address::of(&uri), visit.view)?;
    let live = app.live_or_503()?;
    let drawn = app.map(&live, scope).await?;
    let tag = format!("\"{}-{}\"", drawn.hash, scope.net());
    let fields = [
        (CONTENT_TYPE, "image/png".to_owned()),
        (CACHE_CONTROL, "private, no-cache".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (ETAG, tag.clone()),
    ];
    let has_it = headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    Ok(if has_it {
        (StatusCode::NOT_MODIFIED, fields).into_response()
    } else {
        (fields, drawn.png.clone()).into_response()
    })
}

/// The address of a picture. It names the publication, so that a page of another one shows another picture.
pub(crate) fn picture(serial: Option<Serial>, part: Option<Net4>) -> String {
    let mut address = Address::new("/map.png");
    if let Some(net) = part {
        address = address.with(NET, net);
    }
    let none: &dyn Display = &0;
    address.with("serial", serial.as_ref().map_or(none, |serial| serial)).to_string()
}

/// The part that an address asks for.
fn scope(address: &Address, view: View) -> Result<Scope, Problem> {
    let net = match address.get(NET) {
        None => Net::new(0, 0),
        Some(text) => match text.parse::<Prefix>().map(Prefix::split) {
            Ok(Either::V4(net)) => Some(net),
            Ok(Either::V6(_)) | Err(_) => None,
        },
    };
    let words = Words::of(view.language);
    net.and_then(Scope::of).ok_or_else(|| Problem::bad_request(words.not_a_part))
}

/// Where a block leads: to its own map, or to its listings where there is no finer map.
fn leads_to(net: Net4) -> String {
    match net.len() {
        ..=16 => Address::new("/map").with(NET, net).to_string(),
        _ => Address::new("/ip").with("q", net).to_string(),
    }
}

/// The wider parts, the widest first.
fn wider(words: &Words, net: Net4) -> Vec<(String, String)> {
    let mut wider = vec![(words.whole_space.to_owned(), "/map".to_owned())];
    if let Some(eight) = Net::new(net.first() & 0xff00_0000, 8).filter(|_| net.len() > 8) {
        wider.push((eight.to_string(), leads_to(eight)));
    }
    wider
}
