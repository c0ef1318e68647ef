//! Style, script, font and icon: part of the program, each under an address that has the hash of its bytes.
//!
//! An address never answers with other bytes, so a browser keeps what it has for a year and asks for nothing twice. An old
//! address, as a page from before an update has it, is 404: the page is reloaded with the new ones.

use std::io::Write;
use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::App;
use crate::api::problem::Problem;
use crate::feeds::conditional::{Encoding, encoding};

/// The style sheet: its parts in the order in which later ones win.
const STYLE: &str = concat!(
    include_str!("../../assets/css/base.css"),
    include_str!("../../assets/css/shell.css"),
    include_str!("../../assets/css/parts.css"),
    include_str!("../../assets/css/tables.css"),
    include_str!("../../assets/css/forms.css"),
    include_str!("../../assets/css/charts.css"),
    include_str!("../../assets/css/ip.css"),
    include_str!("../../assets/css/narrow.css"),
);
/// The script: each part is a function of its own.
const SCRIPT: &str = concat!(
    include_str!("../../assets/js/path.js"),
    include_str!("../../assets/js/keys.js"),
    include_str!("../../assets/js/ages.js"),
    include_str!("../../assets/js/confirm.js"),
    include_str!("../../assets/js/live.js"),
);
const FONT: &[u8] = include_bytes!("../../assets/vendor/pretendard/blacklist-sans.woff2");
const ICON: &[u8] = include_bytes!("../../assets/icon.svg");
/// What the style sheet says in place of the font's address.
const FONT_HERE: &str = "/assets/blacklist-sans.woff2";

/// Where each of them is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Urls {
    /// The style sheet.
    pub(crate) style: String,
    /// The script.
    pub(crate) script: String,
    /// The font, so that the page can ask for it before the style sheet has come.
    pub(crate) font: String,
    /// The icon.
    pub(crate) icon: String,
}

/// A file as it is sent.
#[derive(Debug)]
struct File {
    name: String,
    kind: &'static str,
    plain: Bytes,
    /// Packed when it is first asked for; the font is packed in itself.
    packed: Option<OnceLock<Bytes>>,
}

impl File {
    fn new(stem: &str, end: &str, kind: &'static str, packs: bool, plain: Bytes) -> Self {
        let hash = Sha256::digest(&plain);
        let start = hash.iter().take(8).fold(0_u64, |start, byte| start << 8 | u64::from(*byte));
        Self { name: format!("{stem}-{start:016x}.{end}"), kind, plain, packed: packs.then(OnceLock::new) }
    }

    fn url(&self) -> String {
        format!("/assets/{}", self.name)
    }

    fn gzip(&self) -> Option<&Bytes> {
        let packed = self.packed.as_ref()?;
        if packed.get().is_none() {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            // Into memory it does not fail; if it does, the plain form is as good.
            let body = encoder.write_all(&self.plain).and_then(|()| encoder.finish()).ok()?;
            let _ = packed.set(body.into());
        }
        packed.get()
    }
}

/// All files, with their addresses.
#[derive(Debug)]
pub(crate) struct Assets {
    files: Vec<File>,
    urls: Arc<Urls>,
}

impl Assets {
    /// The files of this build.
    pub(crate) fn new() -> Self {
        let font = File::new("blacklist-sans", "woff2", "font/woff2", false, Bytes::from_static(FONT));
        let style = STYLE.replace(FONT_HERE, &font.url());
        let style = File::new("app", "css", "text/css; charset=utf-8", true, style.into());
        let script = Bytes::from_static(SCRIPT.as_bytes());
        let script = File::new("app", "js", "text/javascript; charset=utf-8", true, script);
        let icon = File::new("icon", "svg", "image/svg+xml", true, Bytes::from_static(ICON));
        let urls = Urls { style: style.url(), script: script.url(), font: font.url(), icon: icon.url() };
        Self { files: vec![style, script, font, icon], urls: Arc::new(urls) }
    }

    /// The addresses.
    pub(crate) fn urls(&self) -> Arc<Urls> {
        Arc::clone(&self.urls)
    }
}

/// `GET /assets/{name}`.
pub(crate) async fn asset(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let file = app.assets.files.iter().find(|file| file.name == name);
    let file = file.ok_or_else(|| Problem::not_found("no such file in this version; reload the page"))?;
    let fields = [
        (CONTENT_TYPE, file.kind),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (VARY, "accept-encoding"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let packed = if encoding(&headers) == Encoding::Gzip { file.gzip() } else { None };
    Ok(match packed {
        Some(body) => (fields, [(CONTENT_ENCODING, "gzip")], body.clone()).into_response(),
        None => (fields, file.plain.clone()).into_response(),
    })
}
