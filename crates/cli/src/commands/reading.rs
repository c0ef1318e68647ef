//! A file that is named, or standard input for `-`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::exit::Exit;
use crate::failure::Failure;

/// Opens it.
pub(super) fn open(path: &Path) -> Result<Box<dyn Read>, Failure> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    let failed = |error: io::Error| {
        Failure::new(Exit::Failed, format!("cannot read {}", path.display())).because(error)
    };
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_dir() {
        return Err(Failure::usage(format!("{} is a directory", path.display())).hint("name a file in it"));
    }
    Ok(Box::new(file))
}
