//! What is imported: a file or standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use collect::{Options, ParseError};
use sha2::{Digest, Sha256};

use crate::args::Import;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress;

/// An opened input.
pub(super) enum Input {
    File(File, u64),
    Stdin,
}

impl Input {
    /// Opens a file, or standard input for `-`.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        if path.as_os_str() == "-" {
            return Ok(Self::Stdin);
        }
        let failed = |error: &io::Error| {
            let mut failure = Failure::new(Exit::Failed, format!("cannot read {}", path.display()));
            failure.causes.push(error.to_string());
            failure
        };
        let file = File::open(path).map_err(|error| failed(&error))?;
        let about = file.metadata().map_err(|error| failed(&error))?;
        if about.is_dir() {
            return Err(
                Failure::usage(format!("{} is a directory", path.display())).hint("name a file in it")
            );
        }
        Ok(Self::File(file, about.len()))
    }

    /// Identifies the input together with all that decides what is made of it. `None` for what can be read only once.
    pub(super) fn hash(
        &self,
        args: &Import,
        options: &Options,
        context: &Context<'_>,
    ) -> Result<Option<[u8; 32]>, Failure> {
        let Self::File(file, size) = self else { return Ok(None) };
        // A pipe or a device has no size and no second reading; a file over every limit is refused when it is read.
        let most = options.limits.text_bytes.max(options.limits.document_bytes);
        if *size == 0 || *size > most || !file.metadata().is_ok_and(|about| about.is_file()) {
            return Ok(None);
        }
        let mut hasher = Sha256::new();
        hasher.update(format!(
            "{} {:?} {:?} {:?} {:?}\n",
            env!("CARGO_PKG_VERSION"),
            args.parser,
            args.mode,
            options,
            context.config().rules()
        ));
        let mut file = file;
        let mut chunk = vec![0; 1 << 18];
        let mut hash_all = || -> io::Result<()> {
            loop {
                match file.read(&mut chunk)? {
                    0 => break,
                    read => hasher.update(&chunk[..read]),
                }
            }
            io::Seek::rewind(&mut file)
        };
        hash_all().map_err(|error| Failure::from_error(&error))?;
        Ok(Some(hasher.finalize().into()))
    }

    /// Reads it whole.
    pub(super) fn parse(
        self,
        args: &Import,
        options: &Options,
        context: &Context<'_>,
    ) -> Result<collect::Parsed, ParseError> {
        let (mut input, bar): (Box<dyn Read>, _) = match self {
            Self::File(file, size) => {
                let (input, bar) = progress::reading(file, Some(size), "reading", context.output);
                (Box::new(input), bar)
            }
            Self::Stdin => {
                let (input, bar) = progress::reading(io::stdin().lock(), None, "reading", context.output);
                (Box::new(input), bar)
            }
        };
        let parsed = collect::parse(args.parser, &mut input, options);
        bar.finish_and_clear();
        parsed
    }
}
