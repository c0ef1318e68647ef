//! `xtask aggregate FILE..`: the library's merge as a process, so that time and memory compare with other programs.

use std::fs::File;

use anyhow::Context as _;
use prefix::aggregate::{Aggregator, Options};

pub(crate) fn run(files: &[String]) -> anyhow::Result<()> {
    let mut aggregator = Aggregator::new(Options::default());
    for file in files {
        let input = File::open(file).with_context(|| file.clone())?;
        aggregator.add(input).with_context(|| file.clone())?;
    }
    // Bytes past the line buffer that std puts around standard output.
    aggregator.finish(File::create("/dev/stdout").context("standard output")?)?;
    Ok(())
}
