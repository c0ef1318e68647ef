//! The table of formats, and what a row of it says.

use std::fmt::{self, Debug, Formatter};
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use blocklist::View;

use crate::{
    FormatError, UnknownFormat, csv, fortigate, ipset, json, ndjson, nftables, paloalto, plain, text,
};

/// Every format, in the order in which help and pages show them.
pub const FORMATS: &[Format] = &[
    plain::FORMAT,
    fortigate::FORMAT,
    paloalto::FORMAT,
    nftables::FORMAT,
    ipset::FORMAT,
    csv::FORMAT,
    json::FORMAT,
    ndjson::FORMAT,
];

/// One way to write a feed.
pub struct Format {
    /// Its name in routes and on the command line: lower case, no `.` and no `/`.
    pub name: &'static str,
    /// The media type of its bodies, as the HTTP field `Content-Type` wants it.
    pub media_type: &'static str,
    /// The usual end of its file names, without the dot.
    pub extension: &'static str,
    /// What it is for, in one line.
    pub about: About,
    /// Whether entries are written with where they come from. Such a body changes when a reason changes, not only when
    /// a prefix comes or goes; and it cannot show merged prefixes.
    pub shows_origin: bool,
    /// Whether its readers skip lines that begin with `#`.
    pub comments: bool,
    /// What the devices that read it are known to hold, where that is published. Never applied by the format.
    pub device_limit: Option<DeviceLimit>,
    /// Appends the body to the buffer.
    pub(crate) write: fn(&View<'_>, &mut Vec<u8>) -> Result<(), FormatError>,
    /// Bytes that an entry takes at most, or about, where there is no most: for one allocation instead of many.
    pub(crate) entry_bytes: usize,
}

/// One line in each language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// English.
    pub en: &'static str,
    /// Korean.
    pub ko: &'static str,
}

/// What a device holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceLimit {
    /// Entries.
    pub entries: usize,
    /// Bytes of a body, where the vendor names such a limit.
    pub bytes: Option<usize>,
}

/// What the reader may choose beside the view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Options {
    /// Begin with a comment line that names serial, time and count.
    pub comments: bool,
}

impl Format {
    /// The format of this name.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// Writes a view whole. The buffer holds no more than the body.
    pub fn render(&self, view: &View<'_>, options: &Options) -> Result<Vec<u8>, FormatError> {
        let mut body = Vec::with_capacity(FRAME_BYTES + view.len() * self.entry_bytes);
        if options.comments {
            if !self.comments {
                return Err(FormatError::NoComments(self.name));
            }
            header(view, &mut body);
        }
        (self.write)(view, &mut body)?;
        body.shrink_to_fit();
        Ok(body)
    }
}

/// What stands around the entries of any format, in bytes; a guess that is too small costs one reallocation.
const FRAME_BYTES: usize = 1024;

fn header(view: &View<'_>, body: &mut Vec<u8>) {
    let head = view.publication().head();
    body.extend_from_slice(b"# blacklist serial ");
    text::number(body, head.serial.0);
    body.extend_from_slice(b", published ");
    text::time(body, head.published_at);
    body.extend_from_slice(b", entries ");
    text::number(body, view.len() as u64);
    body.push(b'\n');
}

impl FromStr for &'static Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Format::by_name(name).ok_or_else(|| UnknownFormat(name.chars().take(80).collect()))
    }
}

/// Formats are the rows of one table, so the name says which.
impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

impl Hash for Format {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl Debug for Format {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_fit_into_a_path() {
        for (at, format) in FORMATS.iter().enumerate() {
            assert!(format.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{format:?}");
            assert!(FORMATS[..at].iter().all(|other| other != format), "{format:?} twice");
            assert_eq!(format.name.parse::<&'static Format>(), Ok(format));
            assert!(
                !format.about.en.is_empty() && !format.about.ko.is_ascii(),
                "{format:?} in both languages"
            );
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_all_names() {
        let error = "fortinet".parse::<&'static Format>().unwrap_err().to_string();
        assert!(error.contains("'fortinet'"), "{error}");
        assert!(FORMATS.iter().all(|format| error.contains(format.name)), "{error}");
    }
}
