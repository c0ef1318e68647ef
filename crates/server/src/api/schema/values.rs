//! Values that many requests hold.

use utoipa::ToSchema;

/// An address, a prefix or a range, as text.
#[derive(ToSchema)]
#[schema(format = "prefix")]
pub(crate) struct Address(pub String);

/// The name of a source or a feed.
#[derive(ToSchema)]
#[schema(pattern = "^[a-z0-9][a-z0-9._-]{0,62}$")]
pub(crate) struct Name(pub String);

/// Some by name.
#[derive(ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Choice {
    /// Only these.
    Only(Vec<String>),
    /// All but these.
    Except(Vec<String>),
}

/// What an account or a token may do, from the least to the most.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum Role {
    /// Looks.
    Viewer,
    /// Decides.
    Operator,
    /// Sets up.
    Admin,
}

/// What became of a listing.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum ListingState {
    /// It holds.
    Active,
    /// Its end has passed.
    Expired,
    /// A full list no longer had it.
    Withdrawn,
    /// A person took it out.
    Removed,
}

/// What became of a run.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum RunState {
    /// It was taken.
    Done,
    /// It was read, and not taken.
    Refused,
    /// It could not be read.
    Failed,
}

/// What became of a try to come in.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum TryResult {
    /// In.
    Ok,
    /// A wrong name or secret.
    Wrong,
    /// Not heard.
    Locked,
    /// A closed account.
    Disabled,
    /// Past its end.
    Expired,
    /// From a place where it is not good.
    Place,
    /// Not over this connection.
    Forbidden,
}

/// A list of what everybody uses, as MISP publishes it: `list.json` of a warninglist. Its other members are passed over.
#[derive(ToSchema)]
pub(crate) struct WarningList {
    /// What it names.
    #[schema(value_type = Vec<Address>, min_items = 1)]
    pub list: Vec<String>,
}

/// What was asked for is no address.
#[derive(ToSchema)]
pub(crate) struct NoAddress {
    /// As it was asked for.
    pub ip: String,
    /// Why it is none.
    pub error: String,
}
