//! Settings as text: one row a key, which says what the value means, what it may be, and reads and writes it.
//!
//! The tables ([`policy::SETTINGS`](crate::policy::SETTINGS), [`policy::SOURCE_SETTINGS`](crate::policy::SOURCE_SETTINGS),
//! [`gate::SETTINGS`](crate::gate::SETTINGS)) drive commands, help and manuals, and the checks of what came as JSON: a
//! value is good when its own text is. A text that is refused changes nothing.

use std::fmt::{self, Display, Formatter};

/// What a value may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A whole number within limits, both included.
    Whole {
        /// The least.
        least: u64,
        /// The most.
        most: u64,
        /// Whether `off` is a value too.
        off: bool,
    },
    /// A number over 0, or `off`.
    Real {
        /// The most.
        most: f64,
    },
    /// `on` or `off`.
    Flag,
    /// Names of sources, with commas between, or `off` for none.
    Sources,
    /// `only:a,b`, `except:a,b` or `off`. The empty name stands for listings without a category; `\,` is a comma of a name.
    Categories,
    /// `4`, `6` or `off`.
    Family,
    /// A rule for the end.
    End,
    /// `only:a,b`, `except:a,b` or `off`, of names of sources.
    SourceChoice,
    /// The name of a feed, or `off` for any.
    Feed,
    /// A make of device.
    Vendor,
    /// Words of a person, or `off` for none.
    Text {
        /// The most bytes.
        most: usize,
    },
}

/// One key of a `T`.
pub struct Setting<T: 'static> {
    /// The name, as in JSON.
    pub key: &'static str,
    /// What the value may be.
    pub kind: Kind,
    /// What it means, one line.
    pub english: &'static str,
    /// The same in Korean.
    pub korean: &'static str,
    /// Its value as a person writes it.
    pub(crate) get: fn(&T) -> String,
    /// Sets it to what a person wrote.
    pub(crate) set: fn(&mut T, Kind, &str) -> Result<(), Unfit>,
}

/// A text that is no value of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unfit;

/// Why a setting is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSetting {
    /// No such key.
    #[error("there is no setting '{key}'; there are {known}")]
    Unknown {
        /// What was asked for, cut short.
        key: String,
        /// All there are.
        known: String,
    },
    /// The value.
    #[error("{key}: '{text}' will not do; give {expected}")]
    Value {
        /// The key, with the source's name before it where it is of one source.
        key: String,
        /// The value, cut short.
        text: String,
        /// What the value may be.
        expected: String,
    },
}

impl BadSetting {
    /// The setting that was named.
    pub fn key(&self) -> &str {
        match self {
            Self::Unknown { key, .. } | Self::Value { key, .. } => key,
        }
    }
}

impl<T> Setting<T> {
    /// The value as text.
    pub fn get(&self, of: &T) -> String {
        (self.get)(of)
    }

    /// Takes a value from text; what is refused changes nothing.
    pub fn set(&self, of: &mut T, text: &str) -> Result<(), BadSetting> {
        let text = text.trim();
        (self.set)(of, self.kind, text).map_err(|Unfit| BadSetting::Value {
            key: self.key.to_owned(),
            text: short(text),
            expected: self.kind.to_string(),
        })
    }

    /// The default as text.
    pub fn default(&self) -> String
    where
        T: Default,
    {
        self.get(&T::default())
    }
}

/// The setting of a key.
pub fn find<'a, T>(table: &'a [Setting<T>], key: &str) -> Result<&'a Setting<T>, BadSetting> {
    table.iter().find(|setting| setting.key == key).ok_or_else(|| {
        let known: Vec<&str> = table.iter().map(|setting| setting.key).collect();
        BadSetting::Unknown { key: short(key), known: known.join(", ") }
    })
}

/// Whether each value is one that its own row takes; the first that is not. `before` stands before the key in the error.
pub(crate) fn check<T: Clone>(table: &[Setting<T>], of: &T, before: &str) -> Result<(), BadSetting> {
    let mut copy = of.clone();
    table.iter().try_for_each(|setting| {
        setting.set(&mut copy, &setting.get(of)).map_err(|bad| match bad {
            BadSetting::Value { key, text, expected } => {
                BadSetting::Value { key: format!("{before}{key}"), text, expected }
            }
            unknown @ BadSetting::Unknown { .. } => unknown,
        })
    })
}

/// What is shown of a text from outside.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(80).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl Kind {
    /// A whole number of this kind; `None` is `off`.
    pub(crate) fn whole<N: TryFrom<u64>>(self, text: &str) -> Result<Option<N>, Unfit> {
        let Self::Whole { least, most, off } = self else { return Err(Unfit) };
        if off && text == "off" {
            return Ok(None);
        }
        // The standard parser takes a plus sign.
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Unfit);
        }
        let number: u64 = text.parse().map_err(|_| Unfit)?;
        if !(least..=most).contains(&number) {
            return Err(Unfit);
        }
        N::try_from(number).map(Some).map_err(|_| Unfit)
    }

    /// A number of this kind; `None` is `off`.
    pub(crate) fn real(self, text: &str) -> Result<Option<f64>, Unfit> {
        let Self::Real { most } = self else { return Err(Unfit) };
        if text == "off" {
            return Ok(None);
        }
        // The standard parser takes signs, exponents and `inf`.
        if !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return Err(Unfit);
        }
        let number: f64 = text.parse().map_err(|_| Unfit)?;
        if number > 0.0 && number <= most { Ok(Some(number)) } else { Err(Unfit) }
    }

    /// What the value may be, in Korean.
    pub fn korean(self) -> String {
        match self {
            Self::Whole { least, most, off: true } => format!("{least}~{most}의 정수 또는 off"),
            Self::Whole { least, most, off: false } => format!("{least}~{most}의 정수"),
            Self::Real { most } => format!("0보다 크고 {most} 이하인 수 또는 off"),
            Self::Flag => "on 또는 off".into(),
            Self::Sources => "쉼표로 구분한 수집처 이름(최대 1000개) 또는 off".into(),
            Self::Categories => {
                "only:scan,botnet, except:spam 또는 off(1~200개, 이름당 최대 500바이트)".into()
            }
            Self::Family => "4, 6 또는 off".into(),
            Self::End => {
                "source, detected+90d, last_seen+14d, earlier(source,detected+90d) 같은 종료 규칙(1~3650일, \
                 최대 4단계)"
                    .into()
            }
            Self::SourceChoice => {
                "only:regtech,secudium, except:spamhaus 또는 off(수집처 이름 1~1000개)".into()
            }
            Self::Feed => "피드 이름 또는 off".into(),
            Self::Vendor => crate::consumer::Vendor::names(),
            Self::Text { most } => format!("{most}바이트 이하의 글 또는 off"),
        }
    }
}

/// What the value may be, so that a sentence can end with it.
impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole { least, most, off: true } => {
                write!(f, "a whole number from {least} to {most}, or off")
            }
            Self::Whole { least, most, off: false } => write!(f, "a whole number from {least} to {most}"),
            Self::Real { most } => write!(f, "a number over 0, at most {most}, or off"),
            Self::Flag => f.write_str("on or off"),
            Self::Sources => f.write_str("at most 1000 names of sources with commas between, or off"),
            Self::Categories => f.write_str(
                "1 to 200 names of at most 500 bytes as in only:scan,botnet or except:spam, or off",
            ),
            Self::Family => f.write_str("4, 6 or off"),
            Self::End => f.write_str(
                "an end rule of at most 4 levels and 1 to 3650 days, such as source, detected+90d or \
                 earlier(source,last_seen+14d)",
            ),
            Self::SourceChoice => f.write_str(
                "1 to 1000 names of sources as in only:regtech,secudium or except:spamhaus, or off",
            ),
            Self::Feed => f.write_str("the name of a feed, or off"),
            Self::Vendor => write!(f, "one of {}", crate::consumer::Vendor::names()),
            Self::Text { most } => write!(f, "words of at most {most} bytes, or off"),
        }
    }
}

/// The text of a value that can be off.
pub(crate) fn or_off(value: Option<impl Display>) -> String {
    value.map_or_else(|| "off".into(), |value| value.to_string())
}

/// `on` and `off`, and what other programs call them.
pub(crate) fn flag(text: &str) -> Result<bool, Unfit> {
    match text {
        "on" | "true" => Ok(true),
        "off" | "false" => Ok(false),
        _ => Err(Unfit),
    }
}

/// `on` or `off`.
pub(crate) fn show_flag(value: bool) -> String {
    if value { "on" } else { "off" }.into()
}
