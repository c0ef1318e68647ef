//! Tries to come in: how long one waits, whom a stranger can keep out, and what is written down.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod stranger;
#[path = "../support/mod.rs"]
mod support;
mod tries;
mod wait;
mod written;
