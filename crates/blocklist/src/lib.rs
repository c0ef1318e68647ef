//! Listings, policy, gate, publication and delta: pure functions over a clock that is handed in.
//!
//! The way of the data through this crate:
//!
//! ```text
//! Batch (what a source sent)  ->  listings (kept by the store)  ->  policy  ->  gate  ->  Publication N  ->  View (a feed)
//! ```
//!
//! Nothing here reads a file, a network or a clock. Same listings, same policy and same time give the same bytes and
//! the same hash on every machine.

pub mod batch;
pub mod cause;
pub mod chunk;
pub mod clock;
pub mod codec;
pub mod consumer;
pub mod content;
pub mod delta;
pub mod details;
pub mod feed;
pub mod gate;
pub mod listing;
pub mod lookup;
pub mod mention;
pub mod policy;
pub mod publication;
pub mod search;
pub mod setting;
pub mod source;
pub mod time;
pub mod view;
pub mod when;

pub use batch::{Batch, Record, Refused};
pub use cause::Cause;
pub use chunk::{Chunk, ChunkKey};
pub use clock::{Clock, FixedClock, SystemClock};
pub use consumer::{ConsumerName, ConsumerSettings, Vendor};
pub use content::Content;
pub use delta::Delta;
pub use details::{Country, Details, DetailsId, DetailsTable};
pub use feed::{FeedName, FeedSettings};
pub use listing::{Listing, State};
pub use lookup::{Answer, Found};
pub use policy::Policy;
pub use publication::{Hash, Head, Position, Publication, Serial};
pub use setting::{BadSetting, Setting};
pub use source::{Mode, SourceId, SourceName};
pub use time::Time;
pub use view::{Entry, Selection, View};
