//! Exit codes.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// The answer is "no": not listed, a check failed.
    No = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// Failed; nothing changed.
    Failed = 3,
    /// Partly done: some sources were collected, others failed.
    Partly = 4,
    /// Held by the gate.
    Held = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        (exit as u8).into()
    }
}
