//! Pictures that the server draws: SVG of classes and numbers, and one PNG. No script has to run for them, and their colours
//! are those of the page they stand in.

pub(crate) mod hilbert;
mod small;
mod timeline;
mod trend;

/// The attributes of a box whose picture a small screen moves instead of shrinking; the keyboard reaches it too.
const MOVED: &str = " class=\"wide\" tabindex=\"0\"";

pub(crate) use small::{Bar, Spark, Strip};
pub(crate) use timeline::{Lane, Span, Timeline};
pub(crate) use trend::{Mark, Series, Trend};
