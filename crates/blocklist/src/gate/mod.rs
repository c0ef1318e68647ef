//! The checks between a candidate and a publication.
//!
//! A device that fetches an empty list opens itself to everything it blocked a minute ago; one that fetches the firm's own
//! network cuts the firm off. So a candidate that looks like an accident is held until a person decides, with every reason
//! at once, and the last good publication goes on.
//!
//! What a rule compares with is the last publication without what has ended or is forbidden since: that things end is no
//! accident.
//!
//! | module | what |
//! |---|---|
//! | [`rules`] | the limits of a site |
//! | [`reason`] | why a candidate is held, and the table of rules |
//! | [`judge`](mod@judge) | a candidate against the limits |
//! | [`settings`] | the limits as text |
//!
//! Judging cannot fail; limits that came as JSON are refused by serde or by [`GateRules::check`].

mod changes;
pub mod judge;
pub mod reason;
pub mod rules;
pub mod settings;

pub use judge::{Candidate, MAX_WIDE, Verdict, judge};
pub use reason::{RULES, Reason, Rule};
pub use rules::GateRules;
pub use settings::{SETTINGS, set};
