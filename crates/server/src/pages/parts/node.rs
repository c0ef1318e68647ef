//! A card of the river: a source or a device with what matters of it.

use askama::Template;

use super::is_markup;
use crate::pages::chart::Strip;
use crate::pages::{Level, Markup};

/// The card.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/node.html")]
pub(crate) struct Node {
    /// How it is: its edge, and the line that joins it.
    pub(crate) level: Level,
    /// Where it leads.
    pub(crate) href: String,
    /// "REGTECH".
    pub(crate) name: String,
    /// "금융보안원".
    pub(crate) kind: String,
    /// "18,742" or "#812".
    pub(crate) figure: String,
    /// Its last runs.
    pub(crate) strip: Option<Strip>,
    /// "정상".
    pub(crate) state: String,
    /// "38분 전".
    pub(crate) age: Markup,
    /// At the right: "다음 02:00", "3시간째 받아가지 않음".
    pub(crate) note: Markup,
}

is_markup!(Node);
