//! A source as it is set up: its kind, its settings, and what is remembered of it between two runs.
//!
//! | module | what |
//! |---|---|
//! | [`add`] | a new source, with the end rule of its kind |
//! | [`kind`] | the kinds of sources, one table |
//! | [`settings`] | the settings of a source, typed |
//! | [`table`] | every setting, one table: it reads, shows, checks and explains |
//! | [`span`] | lengths of time as people write them |
//! | [`state`] | where a source stands between two runs |
//!
//! The store keeps settings and state as JSON and does not look inside: their shape is this module's alone.

pub mod add;
pub mod kind;
pub mod settings;
pub mod span;
pub mod state;
pub mod table;
mod values;

pub use kind::{KINDS, Kind, KindInfo};
pub use settings::{Auth, BadSetting, Settings};
pub use span::Span;
pub use state::{Condition, SourceState, Validators};
pub use table::{SETTINGS, Setting};
