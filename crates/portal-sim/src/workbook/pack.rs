//! Parts into an archive, the same bytes for the same parts.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A workbook that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The archive.
    #[error("the archive could not be written")]
    Zip(#[from] zip::result::ZipError),
    /// A part of it.
    #[error("a part of the archive could not be written")]
    Io(#[from] std::io::Error),
}

/// Packs named parts. No time of day gets in: every part is dated 1980-01-01.
pub fn pack(parts: &[(String, Vec<u8>)]) -> Result<Vec<u8>, Error> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for (name, content) in parts {
        writer.start_file(name.as_str(), options)?;
        writer.write_all(content)?;
    }
    Ok(writer.finish()?.into_inner())
}
