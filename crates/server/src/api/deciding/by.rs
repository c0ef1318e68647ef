//! Who changes something, and why: `by` and `note` of a body or a query.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::Form;

/// Who does it, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    /// Who does it: one line of 1 to 100 characters. Only from a program on this machine, or beside a token: an account
    /// speaks for itself.
    #[schema(min_length = 1, max_length = 100, format = "line")]
    pub(crate) by: Option<String>,
    /// Why: one line of at most 1,000 characters.
    #[schema(min_length = 1, max_length = 1_000, format = "line")]
    pub(crate) note: Option<String>,
}

impl Form for Decision {
    const LOOKS: &'static str = r#"{"by":"..","note":".." or null}"#;
}
