//! What comes to the list and what leaves it: how many, and the first of each side.

use askama::Template;
use blocklist::Delta;
use prefix::Prefix;

use super::is_markup;
use crate::pages::{View, show};

/// So many of each side are named.
pub(crate) const NAMED: usize = 200;

/// One side.
#[derive(Clone, Debug)]
struct Half {
    class: &'static str,
    says: String,
    prefixes: Vec<Prefix>,
    more: String,
}

/// The part.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/changes.html")]
pub(crate) struct Changes {
    halves: [Half; 2],
    nothing: &'static str,
}

impl Changes {
    /// Of a difference.
    pub(crate) fn of(view: View, delta: &Delta) -> Self {
        let half = |class, prefixes: &[Prefix], korean: &str, english: &str| {
            let count = view.number(prefixes.len() as u64);
            let left = prefixes.len().saturating_sub(NAMED);
            let more = view.number(left as u64);
            Half {
                class,
                says: view.pick(format!("{korean} {count}건"), format!("{english} {count}")),
                prefixes: prefixes.iter().take(NAMED).copied().collect(),
                more: if left == 0 {
                    String::new()
                } else {
                    view.pick(format!("그 밖 {more}건"), format!("and {more} more"))
                },
            }
        };
        Self {
            halves: [half("p", &delta.added, "추가", "Added"), half("m", &delta.removed, "제외", "Removed")],
            nothing: view.pick("바뀌는 대역이 없습니다.", "No prefix changes."),
        }
    }

    fn is_empty(&self) -> bool {
        self.halves.iter().all(|half| half.prefixes.is_empty())
    }
}

is_markup!(Changes);
