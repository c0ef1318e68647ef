//! The tables of a chunk: what its listings name, sorted, and where each number of a store stands there.

/// The sorted table of what `ids` name, and where each id stands in it, by id.
pub(super) fn table<T: Ord>(
    ids: impl Iterator<Item = u32>,
    named: impl Fn(u32) -> Option<T>,
) -> (Vec<T>, Vec<(u32, u32)>) {
    let mut distinct: Vec<u32> = Vec::new();
    for id in ids {
        // Neighbours are mostly alike.
        if distinct.last() != Some(&id) {
            distinct.push(id);
        }
    }
    distinct.sort_unstable();
    distinct.dedup();
    let mut items: Vec<(T, u32)> = distinct.into_iter().filter_map(|id| Some((named(id)?, id))).collect();
    items.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let mut names = Vec::with_capacity(items.len());
    let mut places = Vec::with_capacity(items.len());
    for (name, id) in items {
        // Two numbers of one store may mean the same.
        if names.last() != Some(&name) {
            names.push(name);
        }
        places.push((id, names.len() as u32 - 1));
    }
    places.sort_unstable();
    (names, places)
}

/// The place of an id; neighbours mostly share it, so the last one is kept.
pub(super) fn renumber(places: &[(u32, u32)], last: &mut (u32, u32), id: u32) -> u32 {
    if last.0 != id {
        let at = places.binary_search_by_key(&id, |&(id, _)| id);
        *last = (id, at.map_or(0, |at| places[at].1));
    }
    last.1
}
