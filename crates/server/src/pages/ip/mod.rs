//! `/ip`: the listings, one address with all that is known of it, and what people do to them.

pub(crate) mod list;
