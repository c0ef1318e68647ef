//! A collection on a TAXII 2.1 server: page after page, as one batch.
//!
//! | of the wire (OASIS TAXII 2.1, section 5.4) | becomes |
//! |---|---|
//! | `.../collections/{id}/objects/` | what is asked for |
//! | `added_after` | the cursor: only what was added since |
//! | `more`, `next` | the next page |
//! | `X-TAXII-Date-Added-Last` | the new cursor, the latest of all pages |
//!
//! A server that sends the same page for ever is stopped by its own `next`, by the number of pages and by all bytes
//! together.

use std::collections::HashSet;

use ::url::Url;
use jiff::Timestamp;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::network::{Answer, Body, local, shown};
use super::url::packed_by_gzip_at_most;
use super::{Ask, Content, Fetched, add, parsed};
use crate::{Choice, Failure, Note, Parsed, Parser, Trouble};

const MEDIA_TYPE: &str = "application/taxii+json;version=2.1";
const ADDED_LAST: HeaderName = HeaderName::from_static("x-taxii-date-added-last");
/// The most pages of one run.
pub const MAX_PAGES: usize = 2_000;
/// The longest `next`, in bytes.
const MAX_NEXT: usize = 2_048;

/// What a page says of itself.
#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    more: bool,
    #[serde(default)]
    next: Option<String>,
    #[serde(default)]
    objects: Vec<IgnoredAny>,
}

/// Where the reading stands.
struct Reading {
    url: Url,
    added_after: Option<String>,
    next: Option<String>,
    seen: HashSet<(Option<String>, Option<String>)>,
    last: Option<(Timestamp, String)>,
    bytes: u64,
    objects: usize,
}

/// Fetches what was added since the cursor.
pub async fn fetch(ask: &Ask<'_>) -> Result<Fetched, Failure> {
    let url = objects(ask.url()?);
    let input = shown(&url);
    let mut whole = Parsed::empty(Parser::Stix);
    let mut reading = Reading {
        url,
        added_after: ask.state.cursor.clone(),
        next: None,
        seen: HashSet::new(),
        last: None,
        bytes: 0,
        objects: 0,
    };
    for page in 1.. {
        if page > MAX_PAGES {
            let detail = format!("{input}: more than {MAX_PAGES} pages");
            return Err(Failure::new(Trouble::TooLarge).with(detail));
        }
        let (body, more) = reading.page(ask, page).await?;
        let mut part = parsed(Choice::Is(Parser::Stix), body, ask.options.clone()).await?;
        // The other pages follow.
        part.notes.retain(|note| *note != Note::MorePages);
        add(&mut whole, &format!("page {page}"), part, &ask.options.limits)?;
        if !more {
            break;
        }
    }
    if reading.objects == 0 && ask.state.cursor.is_some() {
        return Ok(Fetched::Unchanged);
    }
    let cursor = reading.last.map(|(_, text)| text).or_else(|| ask.state.cursor.clone());
    let content = Content { parsed: whole, input, input_key: None, validators: None, cursor };
    Ok(content.fetched())
}

impl Reading {
    /// Fetches a page, and says whether another one follows.
    async fn page(&mut self, ask: &Ask<'_>, page: usize) -> Result<(Body, bool), Failure> {
        let strange = |trouble, what: &str| {
            Err(Failure::new(trouble).with(format!("{}: page {page} {what}", shown(&self.url))))
        };
        if !self.seen.insert((self.added_after.clone(), self.next.clone())) {
            return strange(Trouble::CountMismatch, "was asked for before: the pages go round in a circle");
        }
        let mut url = self.url.clone();
        for (name, value) in [("added_after", &self.added_after), ("next", &self.next)] {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        let request = ask
            .get(url)?
            .header(ACCEPT, HeaderValue::from_static(MEDIA_TYPE))
            .limit(ask.settings.max_bytes.saturating_sub(self.bytes));
        let mut answer = ask.network.send(&request).await?;
        check_type(&answer)?;
        packed_by_gzip_at_most(&answer)?;
        self.bytes += answer.body.len();
        let envelope = match serde_json::from_slice::<Envelope>(&answer.body.bytes()?) {
            Ok(envelope) => envelope,
            Err(error) => return strange(Trouble::Unreadable, &format!("is no envelope: {error}")),
        };
        self.objects += envelope.objects.len();
        let added = answer.header(&ADDED_LAST).and_then(|text| Some((text.parse::<Timestamp>().ok()?, text)));
        if let Some((at, text)) = added
            && self.last.as_ref().is_none_or(|(last, _)| *last < at)
        {
            self.last = Some((at, text.to_owned()));
        }
        match envelope.next {
            _ if !envelope.more => {}
            Some(next) if next.len() > MAX_NEXT => {
                return strange(Trouble::Unreadable, "names a next page at great length");
            }
            Some(next) => self.next = Some(next),
            // A server may leave the paging to the dates.
            None => match &self.last {
                Some((_, last)) => (self.added_after, self.next) = (Some(last.clone()), None),
                None => return strange(Trouble::CountMismatch, "has more after it and does not say where"),
            },
        }
        std::io::Seek::rewind(&mut answer.body).map_err(local)?;
        Ok((answer.body, envelope.more))
    }
}

/// The address of the objects, from that of the collection or their own.
fn objects(mut url: Url) -> Url {
    let path = url.path().trim_end_matches('/');
    let path = if path.ends_with("/objects") { format!("{path}/") } else { format!("{path}/objects/") };
    url.set_path(&path);
    url
}

fn check_type(answer: &Answer) -> Result<(), Failure> {
    let text = answer.header(&CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    let mut parts = text.split(';').map(str::trim);
    let trouble = match parts.next() {
        Some("application/taxii+json") => {
            let version = parts.find_map(|part| part.strip_prefix("version="));
            if version.is_none_or(|version| version.trim_matches('"') == "2.1") {
                return Ok(());
            }
            Trouble::Unreadable
        }
        Some("text/html") => Trouble::Maintenance,
        _ => Trouble::Unreadable,
    };
    let detail =
        format!("{} answered with '{}', not {MEDIA_TYPE}", shown(&answer.url), crate::text::short(&text));
    Err(Failure::new(trouble).with(detail))
}
