//! An archive that unpacks to gigabytes, made in no time.

use std::io::Write;

use flate2::{Compress, Compression, FlushCompress};

use crate::workbook::Error;

/// How many zeros one repeated block holds.
const BLOCK: usize = 1 << 20;

/// A zip archive with one part of at least `zeros` zero bytes, whose headers state a size that may be a lie.
///
/// One block of zeros is packed once, up to a byte boundary, and repeated: a block may reach back only into zeros, so
/// it means the same wherever it stands.
pub fn bomb(name: &str, zeros: u64, stated: u32) -> Result<Vec<u8>, Error> {
    let mut packer = Compress::new(Compression::best(), false);
    let mut block = Vec::with_capacity(BLOCK);
    packer
        .compress_vec(&vec![0; BLOCK], &mut block, FlushCompress::Full)
        .map_err(|problem| Error::Io(std::io::Error::other(problem)))?;
    let count = zeros.div_ceil(BLOCK as u64) as usize;
    let mut packed = block.repeat(count);
    packed.extend_from_slice(&[0x03, 0x00]); // the last block, empty
    let mut out = Vec::with_capacity(packed.len() + 256);
    let sizes = |out: &mut Vec<u8>| -> std::io::Result<()> {
        out.write_all(&[20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0])?; // version, flags, deflate, time, 1980-01-01
        out.write_all(&0u32.to_le_bytes())?; // a check sum that nobody gets to compare
        out.write_all(&(packed.len() as u32).to_le_bytes())?;
        out.write_all(&stated.to_le_bytes())?;
        out.write_all(&(name.len() as u16).to_le_bytes())
    };
    out.write_all(b"PK\x03\x04")?;
    sizes(&mut out)?;
    out.write_all(&[0; 2])?;
    out.write_all(name.as_bytes())?;
    out.write_all(&packed)?;
    let directory = out.len() as u32;
    out.write_all(b"PK\x01\x02\x14\x00")?;
    sizes(&mut out)?;
    out.write_all(&[0; 16])?; // no extra, comment, disk or attributes; the part is at the beginning
    out.write_all(name.as_bytes())?;
    let length = out.len() as u32 - directory;
    out.write_all(b"PK\x05\x06\0\0\0\0\x01\0\x01\0")?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&directory.to_le_bytes())?;
    out.write_all(&[0; 2])?;
    Ok(out)
}
