//! `/ip`: the listings, one address with all that is known of it, and what people do to them.

pub(crate) mod block;
pub(crate) mod edit;
mod end;
mod file;
pub(crate) mod list;
mod near;
pub(crate) mod one;
mod past;
mod sure;
mod way;
