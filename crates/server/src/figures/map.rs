//! The map of the IPv4 space: drawn once a publication and part, when somebody first looks at it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use blocklist::{Hash, Publication};
use prefix::{Net4, Range, Set};

use crate::App;
use crate::api::problem::Problem;
use crate::live::Live;
use crate::pages::chart::hilbert::{BLOCK, Map, SIDE, Scope};

/// Pictures that are kept: all parts of the first two steps. A picture has a few kilobytes.
const KEPT: usize = 257;

/// The pictures of one publication.
#[derive(Debug, Default)]
pub(crate) struct Maps(Mutex<(Option<Hash>, Pictures)>);

type Pictures = HashMap<Net4, Arc<Drawn>>;

/// A picture, and what it shows in numbers.
#[derive(Debug)]
pub(crate) struct Drawn {
    /// Of which content.
    pub(crate) hash: Hash,
    /// PNG.
    pub(crate) png: Bytes,
    /// Addresses that are covered.
    pub(crate) covered: u64,
    /// The blocks that something is covered of, the most first.
    pub(crate) blocks: Vec<(Net4, u64)>,
}

impl Maps {
    fn find(&self, hash: Hash, net: Net4) -> Option<Arc<Drawn>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 == Some(hash) { kept.1.get(&net).cloned() } else { None }
    }

    fn keep(&self, net: Net4, drawn: &Arc<Drawn>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != Some(drawn.hash) || kept.1.len() >= KEPT {
            *kept = (Some(drawn.hash), HashMap::new());
        }
        kept.1.insert(net, Arc::clone(drawn));
    }
}

impl App {
    /// The picture of a part of the live publication.
    pub(crate) async fn map(&self, live: &Arc<Live>, scope: Scope) -> Result<Arc<Drawn>, Problem> {
        let hash = live.head().hash;
        if let Some(drawn) = self.maps.find(hash, scope.net()) {
            return Ok(drawn);
        }
        let live = Arc::clone(live);
        let drawn = tokio::task::spawn_blocking(move || draw(live.publication(), scope)).await;
        let drawn = match drawn {
            Ok(Ok(drawn)) => Arc::new(drawn),
            Ok(Err(error)) => return Err(self.incident("the map cannot be drawn", &error)),
            Err(error) => return Err(self.incident("the map cannot be drawn", &error)),
        };
        self.maps.keep(scope.net(), &drawn);
        Ok(drawn)
    }
}

fn draw(publication: &Publication, scope: Scope) -> Result<Drawn, png::EncodingError> {
    let part = scope.net();
    let nets = publication.nets_v4().filter(|net| net.overlaps(part));
    let covered = Set::from_ranges(nets.map(Range::from).collect());
    let map = Map::of(scope, covered.ranges().iter().map(|range| (range.first(), range.last())));
    let blocks = blocks(&map, scope);
    Ok(Drawn {
        hash: publication.head().hash,
        png: map.png()?.into(),
        covered: blocks.iter().map(|(_, covered)| covered).sum(),
        blocks,
    })
}

fn blocks(map: &Map, scope: Scope) -> Vec<(Net4, u64)> {
    let side = SIDE / BLOCK;
    let places = (0..side * side).map(|place| (place % side, place / side));
    let of = |(x, y): (usize, usize)| {
        let cells = (0..BLOCK * BLOCK).map(|cell| (x * BLOCK + cell % BLOCK, y * BLOCK + cell / BLOCK));
        let covered = cells.map(|(x, y)| u64::from(map.covered(x, y)));
        Some((scope.block(x, y)?, covered.sum::<u64>()))
    };
    let mut blocks: Vec<_> = places.filter_map(of).filter(|(_, covered)| *covered > 0).collect();
    blocks.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.first().cmp(&b.0.first())));
    blocks
}

#[cfg(test)]
mod tests {
    use prefix::Net;
    use prefix::prefix::Either;

    use super::*;

    #[test]
    fn blocks_count_what_is_covered_in_them_the_most_first() {
        let scope = Scope::of(Net::new(0, 0).unwrap()).unwrap();
        let range = |text: &str| {
            let Either::V4(net) = text.parse::<prefix::Prefix>().unwrap().split() else { panic!("{text}") };
            (net.first(), net.last())
        };
        let map = Map::of(scope, [range("9.0.0.0/16"), range("9.9.9.9/32"), range("200.0.0.0/12")]);
        let blocks = blocks(&map, scope);
        let shown: Vec<_> = blocks.iter().map(|(net, covered)| (net.to_string(), *covered)).collect();
        assert_eq!(shown, [("200.0.0.0/8".to_owned(), 1 << 20), ("9.0.0.0/8".to_owned(), (1 << 16) + 1)]);
    }
}
