//! When a source runs: timetable, zone, waits after failures, the circuit. Pure functions over a clock that is handed in.

mod timetable;
mod zone;

pub use timetable::Timetable;
pub use zone::Zone;
