//! Shapes of what a look-up tells step by step.

use utoipa::ToSchema;

use super::Answer;

/// The answer, or with `explain` how it came to be.
#[derive(ToSchema)]
#[serde(untagged)]
pub(crate) enum Told {
    /// The answer.
    Answer(Answer),
    /// Every step of the way.
    Explanation(Explanation),
}

/// Every step of the way of one address or prefix.
#[derive(ToSchema)]
pub(crate) struct Explanation {
    /// What was asked for.
    pub ip: String,
    /// The time that was asked about; `null` is now.
    pub at: Option<String>,
    /// The answer: `why`, and what belongs to it.
    #[schema(value_type = Object)]
    pub answer: (),
    /// The answer in one English sentence.
    pub text: String,
    /// What each source says, in every state.
    #[schema(value_type = Vec<Object>)]
    pub listings: Vec<()>,
    /// There are more listings inside than are told.
    pub listings_cut: bool,
    /// Rows that speak of it and were refused by the last run of their source.
    #[schema(value_type = Vec<Object>)]
    pub refused: Vec<()>,
    /// What is protected there.
    #[schema(value_type = Vec<Object>)]
    pub protected: Vec<()>,
    /// What the gate holds.
    #[schema(value_type = Object)]
    pub gate: (),
    /// When it came and went.
    #[schema(value_type = Object)]
    pub publications: (),
    /// Which feeds have it.
    #[schema(value_type = Vec<Object>)]
    pub feeds: Vec<()>,
    /// Which consumers hold it.
    #[schema(value_type = Vec<Object>)]
    pub consumers: Vec<()>,
}
