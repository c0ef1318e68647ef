//! One finished body of a feed: its bytes, and the fields that go out with them, made once.

use std::io::Write;

use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use blocklist::{Head, Publication, Time, View};
use bytes::Bytes;
use flate2::write::GzEncoder;
use formats::FormatError;
use sha2::{Digest, Sha256};

use super::conditional::{Encoding, http_date};
use super::query::Variant;

/// The serial of the publication that a body shows.
pub(super) const SERIAL: HeaderName = HeaderName::from_static("x-feed-serial");
/// Entries on all pages.
pub(super) const ENTRIES_TOTAL: HeaderName = HeaderName::from_static("x-entries-total");
/// Entries in this body.
pub(super) const ENTRIES_SERVED: HeaderName = HeaderName::from_static("x-entries-served");
/// `true` when a limit left entries out; absent when all are here.
pub(super) const TRUNCATED: HeaderName = HeaderName::from_static("x-truncated");

/// How hard gzip tries. Addresses in digits pack to about a third at any level; the higher ones take several times as
/// long for a tenth less, and a new publication waits for it.
const GZIP_LEVEL: u32 = 3;

/// A body that is ready to be sent, as often as it is asked for.
#[derive(Debug)]
pub(crate) struct Body {
    /// The bytes as they go out.
    pub bytes: Bytes,
    /// Strong: it is made of the bytes, so each encoding has its own.
    pub etag: HeaderValue,
    /// When what it shows last changed.
    pub modified: Time,
    /// The fields of an answer with this body.
    pub full: HeaderMap,
    /// The fields of an answer that says "as you have it" (RFC 9110 section 15.4.5).
    pub unchanged: HeaderMap,
    /// Entries in this body, and on all pages.
    entries: (usize, usize),
}

impl Body {
    /// Writes a view of the publication. Takes as long as the list is long; not for an async thread.
    pub(crate) fn build(publication: &Publication, variant: &Variant) -> Result<Self, FormatError> {
        let view = View::of_feed(publication, &variant.feed.settings, variant.selection);
        let bytes = variant.format.render(&view, &variant.options)?;
        Ok(Self::new(publication.head(), variant, bytes, (view.len(), view.total())))
    }

    /// Entries on all pages.
    pub(crate) fn total(&self) -> usize {
        self.entries.1
    }

    /// Packs a body that was built unpacked. Same bytes in, same bytes out: no name and no time goes into the file.
    pub(crate) fn pack(&self, head: &Head, variant: &Variant) -> std::io::Result<Self> {
        let mut encoder =
            GzEncoder::new(Vec::with_capacity(self.bytes.len() / 3), flate2::Compression::new(GZIP_LEVEL));
        encoder.write_all(&self.bytes)?;
        let mut bytes = encoder.finish()?;
        bytes.shrink_to_fit();
        Ok(Self::new(head, variant, bytes, self.entries))
    }

    fn new(head: &Head, variant: &Variant, bytes: Vec<u8>, entries: (usize, usize)) -> Self {
        let etag = etag(&bytes);
        // What shows, or is chosen by, reasons or the serial changes with every publication; the bare prefixes only when one comes or goes.
        let tells_more = variant.format.shows_origin
            || variant.options.comments
            || variant.selection.cap.is_some()
            || variant.feed.settings.looks_at_details();
        let modified = if tells_more { head.published_at } else { head.changed_at };
        let (served, total) = entries;

        let mut unchanged = HeaderMap::with_capacity(12);
        unchanged.insert(header::ETAG, etag.clone());
        if let Ok(date) = HeaderValue::try_from(http_date(modified)) {
            unchanged.insert(header::LAST_MODIFIED, date);
        }
        unchanged.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        unchanged.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        unchanged.insert(SERIAL, HeaderValue::from(head.serial.0));
        unchanged.insert(ENTRIES_TOTAL, HeaderValue::from(total));
        unchanged.insert(ENTRIES_SERVED, HeaderValue::from(served));
        if served < total {
            unchanged.insert(TRUNCATED, HeaderValue::from_static("true"));
        }
        let mut full = unchanged.clone();
        full.insert(header::CONTENT_TYPE, HeaderValue::from_static(variant.format.media_type));
        full.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        // Reasons are texts from outside: no browser shall take one for a page.
        full.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if variant.encoding == Encoding::Gzip {
            full.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        Self { bytes: bytes.into(), etag, modified, full, unchanged, entries }
    }
}

/// The first half of the SHA-256, in quotes: 128 bits tell bodies apart, and devices keep the tag in small files.
fn etag(bytes: &[u8]) -> HeaderValue {
    let digest = Sha256::digest(bytes);
    let mut text = String::with_capacity(34);
    text.push('"');
    for byte in &digest[..16] {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(half), 16).unwrap_or_default());
        }
    }
    text.push('"');
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}
