//! Who may read a feed: every form of credential, right and wrong, every place, and a store that cannot be asked.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod bench;
mod broken_store;
mod credential;
mod feed;
mod place;
mod pulls;
mod set_up;
#[path = "../support/mod.rs"]
mod support;
