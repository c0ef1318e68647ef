//! Archives: gzip, and a zip that holds one file, are unpacked as they are read.
//!
//! One level only. What comes out is counted as it comes, against [`Limits::unpacked_bytes`] and
//! [`Limits::unpack_ratio`]; the sizes that an archive states are not believed. A gzip is never held; of a zip the
//! packed bytes are, because its directory stands at its end. The names in an archive are shown and never used as paths.

use std::io::{self, Cursor, Read};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::ParseError;
use crate::options::{Limit, Limits};
use crate::text::short;

pub(super) const GZIP: &str = "gzip file";
const ZIP: &str = "zip archive";

/// What unpacks to less than this is not judged by its ratio.
pub(crate) const SMALL: u64 = 1 << 20;

/// The most files of an archive that is looked into; a workbook has a dozen.
pub(crate) const MAX_PARTS: usize = 10_000;

/// What is wrong with a stream, carried through the readers as an [`io::Error`].
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("over the limit")]
    Over(Limit, u64),
    #[error("the {0} is cut off or damaged: {1}")]
    Damaged(&'static str, String),
    #[error("the input could not be read")]
    Source(#[source] io::Error),
}

impl Trouble {
    pub(super) fn over(limit: Limit, value: u64) -> io::Error {
        io::Error::other(Self::Over(limit, value))
    }
}

impl From<io::Error> for ParseError {
    /// The error behind a failed read of an input.
    fn from(error: io::Error) -> Self {
        match error.downcast::<Trouble>() {
            Ok(Trouble::Over(limit, value)) => Self::Limit { limit, value },
            Ok(Trouble::Damaged(what, problem)) => Self::Damaged { what, problem },
            Ok(Trouble::Source(error)) | Err(error) => Self::Io(error),
        }
    }
}

/// What comes out of an archive, counted.
pub(super) struct Unpacked<R> {
    reader: R,
    what: &'static str,
    /// How many packed bytes have gone in.
    packed: fn(&R) -> u64,
    out: u64,
    limits: Limits,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match self.reader.read(buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                let ours = error.get_ref().and_then(|inner| inner.downcast_ref::<Trouble>()).is_some();
                let damaged = |error: io::Error| Trouble::Damaged(self.what, error.to_string());
                return Err(if ours { error } else { io::Error::other(damaged(error)) });
            }
        };
        self.out += count as u64;
        let Limits { unpacked_bytes, unpack_ratio, .. } = self.limits;
        if self.out > unpacked_bytes {
            return Err(Trouble::over(Limit::UnpackedBytes, unpacked_bytes));
        }
        if self.out > SMALL && self.out / (self.packed)(&self.reader).max(1) > unpack_ratio {
            return Err(Trouble::over(Limit::UnpackRatio, unpack_ratio));
        }
        Ok(count)
    }
}

/// The packed bytes: counted, and their errors told apart from those of the unpacking.
pub(super) struct Packed<R> {
    reader: R,
    count: u64,
    most: u64,
}

impl<R: Read> Read for Packed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match self.reader.read(buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => return Err(io::Error::other(Trouble::Source(error))),
        };
        self.count += count as u64;
        // Members that hold nothing bring nothing out, so an endless row of them meets no other limit.
        if self.count > self.most {
            return Err(Trouble::over(Limit::TextBytes, self.most));
        }
        Ok(count)
    }
}

/// The content of a gzip file, all members of it.
pub(super) fn gzip<R: Read>(input: R, limits: &Limits) -> Unpacked<MultiGzDecoder<Packed<R>>> {
    let packed = Packed { reader: input, count: 0, most: limits.text_bytes };
    Unpacked {
        reader: MultiGzDecoder::new(packed),
        what: GZIP,
        packed: |decoder| decoder.get_ref().count,
        out: 0,
        limits: *limits,
    }
}

/// A zip archive: a workbook, or something that may hold a list.
pub(super) enum Zip {
    Workbook(Vec<u8>),
    Other(Box<ZipArchive<Cursor<Vec<u8>>>>),
}

/// Looks into the directory of a zip archive.
pub(super) fn zip(bytes: Vec<u8>) -> Result<Zip, ParseError> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(error)?;
    let of_office = |name: &[u8]| {
        let starts = |with: &[u8]| name.len() >= with.len() && name[..with.len()].eq_ignore_ascii_case(with);
        starts(b"[Content_Types].xml") || starts(b"xl/") || starts(b"_rels/") || name == b"mimetype"
    };
    let workbook = archive.is_empty() || archive.file_names_raw().any(of_office);
    Ok(if workbook {
        Zip::Workbook(archive.into_inner().into_inner())
    } else {
        Zip::Other(Box::new(archive))
    })
}

/// The content of the one file that an archive of `held` bytes holds, beside folders, hidden files and what macOS adds.
pub(super) fn only_file<'a>(
    archive: &'a mut ZipArchive<Cursor<Vec<u8>>>,
    held: u64,
    limits: &Limits,
) -> Result<Unpacked<impl Read + use<'a>>, ParseError> {
    if archive.len() > MAX_PARTS {
        return Err(ParseError::damaged(ZIP, format!("more than {MAX_PARTS} files")));
    }
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index_data(index).map_err(error)?;
        let name = String::from_utf8_lossy(file.name_raw()).into_owned();
        let hidden = |step: &str| step == "__MACOSX" || step.starts_with('.') && !matches!(step, "." | "..");
        if file.is_file() && !name.split(['/', '\\']).any(hidden) {
            files.push((index, name));
        }
    }
    let [(index, _)] = files.as_slice() else {
        return Err(ParseError::Archive { found: files.iter().map(|(_, name)| short(name)).collect() });
    };
    let file = archive.by_index(*index).map_err(error)?;
    // A size that is stated too large would stretch the ratio; no part is larger than the archive.
    let packed = file.compressed_size().min(held);
    let reader = Part { file, packed };
    Ok(Unpacked { reader, what: ZIP, packed: |part| part.packed, out: 0, limits: *limits })
}

/// A file of a zip archive and its packed size.
struct Part<R> {
    file: R,
    packed: u64,
}

impl<R: Read> Read for Part<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

fn error(problem: ZipError) -> ParseError {
    match problem {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => ParseError::Encrypted { what: ZIP },
        ZipError::UnsupportedArchive(_) => {
            ParseError::Format { found: "a zip archive packed in an unusual way" }
        }
        problem => ParseError::damaged(ZIP, problem),
    }
}
