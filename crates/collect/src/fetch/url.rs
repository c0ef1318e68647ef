//! One document behind an address, fetched only when it has changed.
//!
//! "Unchanged" is believed twice over: when the server says so to the validators that came with the last content, and
//! when the very bytes came again. Both count only under the address and the settings that they were kept with.
//!
//! A body may be packed by gzip, by the server or by nature: what opens packed files opens it, within the same limits.

use std::io::{self, Read, Seek as _};

use reqwest::StatusCode;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED,
};
use sha2::{Digest as _, Sha256};

use super::network::{Answer, local, shown};
use super::{Ask, Content, Fetched, apart, hex};
use crate::source::Validators;
use crate::{Failure, Trouble, parse};

/// The longest `ETag` that is kept, in bytes.
const MAX_VALIDATOR: usize = 1_024;

/// Fetches the document, unless it is what it was.
pub async fn fetch(ask: &Ask<'_>) -> Result<Fetched, Failure> {
    let url = ask.url()?;
    let recipe = ask.recipe();
    let known = ask.state.validators.clone().unwrap_or_default();
    let known = Some(known).filter(|known| known.url == url.as_str() && known.recipe == hex(&recipe));
    let mut request = ask.get(url.clone())?.header(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    let mut conditional = false;
    for (name, value) in known.iter().flat_map(conditions) {
        request = request.header(name, value);
        conditional = true;
    }
    let answer = ask.network.send(&request).await?;
    if answer.status == StatusCode::NOT_MODIFIED {
        return if conditional {
            Ok(Fetched::Unchanged)
        } else {
            let detail = format!("{} answered 304, which nobody asked for", shown(&url));
            Err(Failure::new(Trouble::HttpStatus).with(detail))
        };
    }
    packed_by_gzip_at_most(&answer)?;
    let kept = |name: &HeaderName| {
        answer.header(name).filter(|value| value.len() <= MAX_VALIDATOR).map(str::to_owned)
    };
    let mut validators = Validators {
        url: url.into(),
        etag: kept(&ETAG),
        last_modified: kept(&LAST_MODIFIED),
        input_key: String::new(),
        recipe: hex(&recipe),
    };
    let input = shown(&answer.url);
    let (choice, options) = (ask.settings.parser, ask.options.clone());
    apart(move || {
        let mut body = answer.body;
        let key = key_of(&mut body, &recipe).map_err(local)?;
        validators.input_key = hex(&key);
        if known.is_some_and(|known| known.input_key == validators.input_key) {
            return Ok(Fetched::Unchanged);
        }
        body.rewind().map_err(local)?;
        let parsed = parse(choice, &mut body, &options)?;
        let content =
            Content { parsed, input, input_key: Some(key), validators: Some(validators), cursor: None };
        Ok(content.fetched())
    })
    .await
}

/// SHA-256 over recipe and bytes.
pub(super) fn key_of(input: &mut impl Read, recipe: &[u8; 32]) -> io::Result<[u8; 32]> {
    let mut hash = Sha256::new_with_prefix(recipe);
    let mut buffer = vec![0; 64 << 10];
    loop {
        match input.read(&mut buffer)? {
            0 => return Ok(hash.finalize().into()),
            count => hash.update(&buffer[..count]),
        }
    }
}

fn conditions(known: &Validators) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
    let pairs = [(IF_NONE_MATCH, &known.etag), (IF_MODIFIED_SINCE, &known.last_modified)];
    pairs.into_iter().filter_map(|(name, value)| Some((name, HeaderValue::from_str(value.as_ref()?).ok()?)))
}

/// Refuses a packing that was not asked for.
pub(super) fn packed_by_gzip_at_most(answer: &Answer) -> Result<(), Failure> {
    let packing = answer.header(&CONTENT_ENCODING).unwrap_or("identity").trim().to_ascii_lowercase();
    if matches!(packing.as_str(), "" | "identity" | "gzip" | "x-gzip") {
        return Ok(());
    }
    let detail = format!(
        "{} packed it by '{}', which nobody asked for",
        shown(&answer.url),
        crate::text::short(&packing)
    );
    Err(Failure::new(Trouble::Unreadable).with(detail))
}
