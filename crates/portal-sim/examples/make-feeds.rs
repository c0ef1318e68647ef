//! Writes the example feeds into a folder: `cargo run -p portal-sim --example make-feeds -- examples/feeds`.
//!
//! A second folder (`crates/collect/tests/data`) gets the table from which its `make_xls.py` makes `secudium.xls`.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("which folder?")?);
    for (name, content) in portal_sim::feeds::all()? {
        std::fs::write(folder.join(name), content)?;
    }
    if let Some(folder) = std::env::args_os().nth(2) {
        std::fs::write(PathBuf::from(folder).join("secudium.csv"), portal_sim::feeds::secudium_table())?;
    }
    Ok(())
}
