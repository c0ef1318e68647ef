//! The archive that an xlsx workbook is: unpacked once to its end before anything in it is believed.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::ParseError;
use crate::options::{Limit, Limits};
use crate::parse::unpack::{MAX_PARTS, SMALL};

pub(super) const WHAT: &str = "xlsx workbook";

pub(super) type Archive = ZipArchive<Cursor<Vec<u8>>>;

/// Opens an archive whose every part unpacks to what its check sum says, within the limits.
///
/// The sizes of the directory are not looked at: a bomb states small ones. Only bytes that came out are counted, and
/// they are dropped as they come.
pub(super) fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Archive, ParseError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(error)?;
    if archive.len() > MAX_PARTS {
        return Err(ParseError::damaged(WHAT, format!("more than {MAX_PARTS} parts")));
    }
    if archive.has_duplicate_names() {
        return Err(ParseError::damaged(WHAT, "two parts of one name"));
    }
    let mut left = limits.unpacked_bytes;
    let mut buffer = vec![0; 64 << 10];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(error)?;
        let packed = part.compressed_size().max(1);
        let mut unpacked = 0;
        loop {
            let count = part.read(&mut buffer).map_err(|problem| ParseError::damaged(WHAT, problem))? as u64;
            if count == 0 {
                break;
            }
            unpacked += count;
            left = left
                .checked_sub(count)
                .ok_or(ParseError::Limit { limit: Limit::UnpackedBytes, value: limits.unpacked_bytes })?;
            if unpacked > SMALL && unpacked / packed > limits.unpack_ratio {
                return Err(ParseError::Limit { limit: Limit::UnpackRatio, value: limits.unpack_ratio });
            }
        }
    }
    Ok(archive)
}

/// The error behind one of the archive.
pub(super) fn error(problem: ZipError) -> ParseError {
    match problem {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            ParseError::Encrypted { what: "workbook" }
        }
        problem => ParseError::damaged(WHAT, problem),
    }
}
