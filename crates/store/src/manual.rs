//! What people do to listings by hand, and why they may not.

use std::fmt::{self, Display, Formatter};

use blocklist::policy::GuardKind;
use blocklist::{Batch, SourceName, Time};
use prefix::Prefix;
use serde::{Serialize, Serializer};

use crate::Published;

/// The most listings of one order: more is a list, and a list is imported.
pub const MAX_BY_HAND: usize = 100_000;
/// The most objections that are told one by one; all are counted.
pub const MAX_OBJECTIONS: usize = 100;

/// Prefixes to be blocked by hand: all of them or none.
#[derive(Clone, Copy, Debug)]
pub struct ByHand<'a> {
    /// What to block, why and until when. Refused rows have no place in it.
    pub batch: &'a Batch,
    /// Where it comes from: the file's name, `-`, or the address of whoever asked.
    pub input: &'a str,
    /// Keep also what touches something protected. Nothing protected is served for that.
    pub anyway: bool,
    /// Take also what is wider than the gate lets pass without a question.
    pub wide: bool,
}

/// A change of a listing by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Of which source; `None` is every source that has the prefix.
    pub source: Option<SourceName>,
    /// Which prefix, exactly.
    pub prefix: Prefix,
    /// What becomes of it.
    pub to: EditTo,
}

/// What becomes of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditTo {
    /// It ends then, whatever its source says, until a person takes that back (`None`). What was blocked by hand has no
    /// other word than a person's: there `None` is without end.
    End(Option<Time>),
    /// Other texts, only for what was blocked by hand.
    Texts(Texts),
    /// Taken out, and kept out when its source names it again.
    Removed,
    /// A removal is taken back: it stands as it did before.
    Restored,
}

/// New texts of a listing; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// Why it is listed.
    pub reason: Option<Box<str>>,
    /// The kind of attack.
    pub category: Option<Box<str>>,
    /// How grave.
    pub severity: Option<Box<str>>,
    /// How sure, 0 to 100.
    pub confidence: Option<u8>,
}

/// What came of changes by hand.
#[derive(Clone, Debug)]
pub struct Edited {
    /// Listings that changed.
    pub changed: u64,
    /// Listings that were so already.
    pub unchanged: u64,
    /// The publication after it.
    pub published: Published,
}

/// Why a prefix is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Objection {
    /// Which, as text.
    #[serde(serialize_with = "as_text")]
    pub prefix: Prefix,
    /// Why.
    #[serde(flatten)]
    pub why: Unfit,
}

fn as_text<S: Serializer>(prefix: &Prefix, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(prefix)
}

/// Why a prefix is not taken, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum Unfit {
    /// Special space, or wider than anything is admitted.
    Refused {
        /// The id of the refusal.
        refusal: String,
    },
    /// It touches what is protected.
    Protected {
        /// What kind of thing that is.
        kind: GuardKind,
        /// The protected prefix, as text.
        guard: String,
        /// Under which name a person finds it: the number of the allow entry, the consumer, the list.
        name: String,
    },
    /// Wider than the gate lets pass without a question.
    Wide {
        /// The limit.
        widest: u8,
    },
    /// Its end is over already.
    Ended {
        /// When.
        at: Time,
    },
    /// No source, or not the one that was named, has just this prefix.
    NotListed,
    /// It was not removed.
    NotRemoved,
    /// What a source says of it is the source's own.
    NotByHand {
        /// Which.
        source: SourceName,
    },
}

impl Display for Objection {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { prefix, why } = self;
        match why {
            Unfit::Refused { refusal } => write!(f, "{prefix} cannot be listed ({refusal})"),
            Unfit::Protected { kind, guard, name } => write!(
                f,
                "{prefix} touches {kind}: {guard} ({name}); {}, or say --anyway: it is kept then, and nothing protected \
                 is served for it",
                match kind {
                    GuardKind::Own => "mend the own networks if that is wrong",
                    GuardKind::Consumer => "mend the consumer's addresses if that is wrong",
                    GuardKind::Allow => "remove the allow entry if it holds no longer",
                    GuardKind::KnownGood => "switch the list off if it is wrong",
                }
            ),
            Unfit::Wide { widest } => {
                write!(f, "{prefix} is wider than /{widest}; say --wide if all of it is meant")
            }
            Unfit::Ended { at } => write!(f, "{prefix}: its end {} KST is over already", at.to_seoul()),
            Unfit::NotListed => {
                write!(f, "{prefix} is not listed so; `blacklist check {prefix} --explain` shows what is")
            }
            Unfit::NotRemoved => write!(f, "{prefix} was not removed"),
            Unfit::NotByHand { source } => write!(
                f,
                "{prefix} is listed by {source}, whose word cannot be changed; only its end can, and it can be removed"
            ),
        }
    }
}

impl Objection {
    /// The same in Korean.
    pub fn korean(&self) -> String {
        let Self { prefix, why } = self;
        match why {
            Unfit::Refused { refusal } => format!("{prefix}: 등재할 수 없는 대역입니다 ({refusal})"),
            Unfit::Protected { kind, guard, name } => format!(
                "{prefix}: {} {guard} ({name})에 걸립니다. 잘못된 항목이면 먼저 고치고, 그래도 등재하려면 --anyway를 \
                 붙이십시오(보관만 하며 보호 대상은 게시하지 않습니다)",
                kind.korean()
            ),
            Unfit::Wide { widest } => {
                format!("{prefix}: /{widest}보다 넓은 대역입니다. 전체가 맞으면 --wide를 붙이십시오")
            }
            Unfit::Ended { at } => format!("{prefix}: 종료 시각 {} KST가 이미 지났습니다", at.to_seoul()),
            Unfit::NotListed => {
                format!(
                    "{prefix}: 그런 등재가 없습니다. `blacklist check {prefix} --explain`으로 확인하십시오"
                )
            }
            Unfit::NotRemoved => format!("{prefix}: 제거된 등재가 아닙니다"),
            Unfit::NotByHand { source } => {
                format!(
                    "{prefix}: {source}의 등재 내용은 바꿀 수 없습니다. 종료 시각 지정과 제거만 가능합니다"
                )
            }
        }
    }
}

/// All objections to an order: nothing of it was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Objections {
    /// How many there are.
    pub count: u64,
    /// The first [`MAX_OBJECTIONS`].
    pub first: Vec<Objection>,
}

impl Objections {
    /// Adds one.
    pub(crate) fn add(&mut self, prefix: Prefix, why: Unfit) {
        self.count += 1;
        if self.first.len() < MAX_OBJECTIONS {
            self.first.push(Objection { prefix, why });
        }
    }

    /// An error, when there is one.
    pub(crate) fn none(self) -> crate::Result<()> {
        if self.count == 0 { Ok(()) } else { Err(crate::Error::Objections(Box::new(self))) }
    }
}

impl Display for Objections {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} not taken, so nothing changed", self.count)?;
        match self.first.first() {
            Some(first) => write!(f, ": {first}"),
            None => Ok(()),
        }
    }
}
