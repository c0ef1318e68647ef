//! How far a run under way is, in numbers for a bar and in words.

use blocklist::SourceName;
use collect::collector::{Running, Step};
use serde_json::{Value, json};

use crate::pages::View;
use crate::pages::words::progress as words;

/// What a run is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Of which source.
    pub(crate) source: SourceName,
    /// Where it is.
    pub(crate) phase: Phase,
}

/// Where a run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It has begun.
    Started,
    /// At a step.
    At(Step),
    /// A person has told it to end.
    Ending,
    /// It is over, whatever came of it.
    Ended,
}

impl Phase {
    /// Of a run under way.
    pub(crate) fn of(run: &Running) -> Self {
        if run.cancelled { Self::Ending } else { Self::at(run.doing.clone()) }
    }

    /// At a step: before the first, a run has only begun.
    fn at(step: Option<Step>) -> Self {
        step.map_or(Self::Started, Self::At)
    }

    /// Its word for programs.
    fn word(&self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Ending => "ending",
            Self::Ended => "ended",
            Self::At(step) => match step {
                Step::LogIn => "login",
                Step::Count { .. } => "count",
                Step::Download { .. } => "download",
                Step::Page { .. } => "page",
                Step::Post { .. } => "post",
                Step::Fetch { .. } => "fetch",
                Step::Read { .. } => "read",
                Step::Keep { .. } => "keep",
            },
        }
    }
}

impl Progress {
    /// As a stream tells it: `done` and `total` only where both are known.
    pub(crate) fn told(&self, view: View) -> Value {
        let (done, total) = match &self.phase {
            Phase::At(Step::Post { number, of }) => (Some(*number), Some(*of)),
            _ => (None, None),
        };
        let source = self.source.as_str();
        let text = words::of(view, &self.phase);
        json!({"source": source, "phase": self.phase.word(), "done": done, "total": total, "text": text})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::show::tests::{ENGLISH, KOREAN};

    #[test]
    fn progress_says_how_far_where_that_is_known() {
        let source: SourceName = "secudium".parse().unwrap();
        let at = |phase| Progress { source: source.clone(), phase };
        let post = at(Phase::At(Step::Post { number: 3, of: 5 }));
        assert_eq!(
            post.told(*KOREAN),
            json!({"source": "secudium", "phase": "post", "done": 3, "total": 5, "text": "게시물 3/5 받는 중"})
        );
        let keep = at(Phase::At(Step::Keep { rows: 12_040 })).told(*ENGLISH);
        assert_eq!((&keep["text"], &keep["total"]), (&json!("keeping 12,040 rows"), &Value::Null));
        assert_eq!(at(Phase::at(None)).told(*ENGLISH)["phase"], "started");
        assert_eq!(at(Phase::Ended).told(*KOREAN)["phase"], "ended");
    }
}
