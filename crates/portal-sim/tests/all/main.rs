//! The simulated portals answer as the real ones do, and go wrong as they are told.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests end the test")]

mod client;
mod control;
mod faults;
mod lock;
mod program;
mod regtech;
mod rules;
mod secudium;
mod tls;
mod visitor;
mod wire;
mod world;
