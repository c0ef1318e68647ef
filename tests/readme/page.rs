//! The pages of the manuals, taken apart.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

pub(crate) const LANGUAGES: [&str; 2] = ["en", "ko"];
/// The address that the manuals use.
pub(crate) const ADDRESS: &str = "127.0.0.1:2542";

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The pages of a manual.
pub(crate) fn pages(language: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join("docs").join(language)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Every page for people: the two first pages, the architecture, the manuals.
pub(crate) fn all_pages() -> Vec<String> {
    let mut all: Vec<String> = ["README.md", "README.ko.md", "docs/ARCHITECTURE.md"].map(String::from).into();
    for language in LANGUAGES {
        all.extend(pages(language).iter().map(|page| format!("docs/{language}/{page}")));
    }
    all
}

/// A page without its fenced blocks, and the blocks.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) prose: String,
    pub(crate) blocks: Vec<Block>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) info: String,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn parse(text: &str) -> (Self, Vec<usize>) {
        let (mut page, mut lines) = (Self::default(), Vec::new());
        let mut open = false;
        for (number, line) in text.lines().enumerate() {
            match (line.strip_prefix("```"), open) {
                (Some(info), false) => {
                    page.blocks.push(Block { info: info.trim().to_owned(), text: String::new() });
                    lines.push(number + 1);
                    open = true;
                }
                (Some(_), true) => open = false,
                (None, true) => writeln!(page.blocks.last_mut().unwrap().text, "{line}").unwrap(),
                (None, false) => writeln!(page.prose, "{line}").unwrap(),
            }
        }
        assert!(!open, "a fenced block is not closed");
        (page, lines)
    }

    /// The levels of the headings, in order.
    pub(crate) fn headings(&self) -> Vec<usize> {
        let hashes = |line: &str| line.bytes().take_while(|&b| b == b'#').count();
        self.prose.lines().map(hashes).filter(|&level| level > 0).collect()
    }

    /// The targets of the links.
    pub(crate) fn links(&self) -> impl Iterator<Item = &str> {
        self.prose.split("](").skip(1).filter_map(|rest| rest.split(')').next())
    }
}
