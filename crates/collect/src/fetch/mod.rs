//! Fetch: what a source holds comes here, within limits, or a [`Failure`] says why not.
//!
//! ```text
//! url:       GET, unless unchanged -> body                    -> parser        \
//! taxii:     page after page of a collection                  -> stix, joined   > Content -> the run keeps it
//! misp:      manifest -> the events newer than the cursor     -> misp, joined  /
//! directory: the next file that is whole -> parser -> Content -> done/ or refused/
//! ```
//!
//! | module | what |
//! |---|---|
//! | [`network`] | one HTTP request: names, TLS, redirects, limits, retries, and the cause of what went wrong |
//! | [`ask`] | what all fetching needs: settings, state, credential, limits |
//! | [`url`], [`taxii`], [`misp`], [`directory`] | one kind of source each |
//!
//! # Failure
//! All or nothing: a page that is missing, an event that cannot be read or a file that changes while it is read ends the
//! fetch with a failure, and nothing of the rest is handed on. State is never changed here: validators and cursor come
//! back with the content, and whoever keeps the content keeps them in the same transaction.

pub mod ask;
pub mod directory;
pub mod misp;
pub mod network;
pub mod taxii;
pub mod url;

pub use ask::Ask;
pub(crate) use network::shown;
pub use network::{Answer, Body, Names, Network, Patience, Request, Statuses};

use std::io::Read;

use blocklist::batch::MAX_REFUSED_TEXT;

use crate::source::Validators;
use crate::{Choice, Failure, Limits, Options, ParseError, Parsed, Trouble, parse};

/// What came of a fetch.
#[derive(Debug)]
pub enum Fetched {
    /// The source has what it had, or nothing new; a good end.
    Unchanged,
    /// Something came.
    Content(Box<Content>),
}

/// What came, parsed and not yet kept.
#[derive(Debug)]
pub struct Content {
    /// What it held.
    pub parsed: Parsed,
    /// Where it came from, as people are shown it: the address without its query, or the name of the file.
    pub input: String,
    /// SHA-256 over the bytes and all that decides what is made of them; absent where only news are asked for.
    pub input_key: Option<[u8; 32]>,
    /// For [`SourceState::validators`](crate::source::SourceState::validators); absent leaves none.
    pub validators: Option<Validators>,
    /// For [`SourceState::cursor`](crate::source::SourceState::cursor); absent leaves none.
    pub cursor: Option<String>,
}

impl Content {
    fn fetched(self) -> Fetched {
        Fetched::Content(Box::new(self))
    }
}

/// Parses where it keeps no other task waiting.
async fn parsed(
    choice: Choice,
    mut input: impl Read + Send + 'static,
    options: Options,
) -> Result<Parsed, Failure> {
    apart(move || Ok(parse(choice, &mut input, &options)?)).await
}

/// Runs what takes a processor or a disk for long where it keeps no other task waiting.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    // The task ends without a result only when it panics or the program ends.
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(Failure::new(Trouble::Interrupted).because(error)))
}

/// Adds a page or an event to what came before it. A refused row keeps its number within its part, and its text says
/// which part that is.
fn add(whole: &mut Parsed, part: &str, mut parsed: Parsed, limits: &Limits) -> Result<(), ParseError> {
    for row in &mut parsed.batch.refused {
        let text = format!("{part}: {}", row.text);
        row.text = text[..text.floor_char_boundary(MAX_REFUSED_TEXT)].into();
    }
    let before = std::mem::replace(whole, Parsed::empty(parsed.parser));
    *whole = Parsed::join(parsed.parser, [before, parsed], limits)?;
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
