//! Requests and answers, and the sockets under them.
//!
//! A portal is a plain function from [`Request`] to [`Answer`]; everything of the wire, also what goes wrong on it, is an
//! answer's [`Manner`] and is done in `listen`.

mod body;
mod listen;
mod tap;
mod tls;

pub(crate) use listen::{Door, listen};
pub use tls::TlsError;
pub(crate) use tls::authority;

use bytes::Bytes;
use hyper::header::HeaderMap;

/// One request, read whole.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// `http` or `https`.
    pub(crate) scheme: &'static str,
}

impl Request {
    /// A header as text; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The base address as the client names it.
    pub(crate) fn base(&self) -> String {
        format!("{}://{}", self.scheme, self.header("host"))
    }

    /// A cookie's value.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let all = self.headers.get_all("cookie").iter().filter_map(|value| value.to_str().ok());
        all.flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    }

    /// A value of the query; empty when it is not there.
    pub(crate) fn asked(&self, name: &str) -> &str {
        self.query.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    /// The fields of the body's form.
    pub(crate) fn form(&self) -> Form {
        Form(form_urlencoded::parse(&self.body).into_owned().collect())
    }
}

/// The fields of a form. They hold passwords: nothing here prints.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// A field; empty when it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    /// Every field of a name.
    pub(crate) fn count(&self, name: &str) -> usize {
        self.0.iter().filter(|(found, _)| found == name).count()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.count(name) > 0
    }
}

/// How an answer goes over the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Manner {
    /// As it should.
    #[default]
    Whole,
    /// Half of it, then nothing more.
    Stalls,
    /// Half of it, then the connection is closed.
    EndsEarly,
    /// Not at all: the connection is reset.
    Reset,
}

/// What an answer holds.
#[derive(Debug)]
pub(crate) enum Content {
    /// Text of a media type, which is sent in UTF-8 if nothing else is said.
    Text(&'static str, String),
    /// Bytes of a media type.
    Bytes(&'static str, Bytes),
}

/// One answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) content: Content,
    pub(crate) manner: Manner,
}

impl Answer {
    fn of(status: u16, content: Content) -> Self {
        Self { status, headers: Vec::new(), content, manner: Manner::Whole }
    }

    pub(crate) fn html(status: u16, page: String) -> Self {
        Self::of(status, Content::Text("text/html", page))
    }

    pub(crate) fn json(status: u16, value: &impl serde::Serialize) -> Self {
        Self::of(status, Content::Text("application/json", serde_json::to_string(value).unwrap_or_default()))
    }

    pub(crate) fn file(name: &str, bytes: Bytes) -> Self {
        Self::of(200, Content::Bytes("application/octet-stream", bytes))
            .with("content-disposition", format!("attachment; filename=\"{name}\""))
    }

    pub(crate) fn redirect(to: String) -> Self {
        Self::html(302, String::new()).with("location", to)
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self::html(status, String::new())
    }

    pub(crate) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn in_manner(mut self, manner: Manner) -> Self {
        self.manner = manner;
        self
    }

    /// The same text in EUC-KR. Bytes stay as they are.
    pub(crate) fn in_euc_kr(mut self) -> Self {
        if let Content::Text(mime, text) = &self.content {
            let (bytes, _, _) = encoding_rs::EUC_KR.encode(text);
            self.headers.push(("content-type", format!("{mime};charset=EUC-KR")));
            self.content = Content::Bytes("", Bytes::from(bytes.into_owned()));
        }
        self
    }

    /// Whether there is text in it.
    pub(crate) fn is_text(&self) -> bool {
        matches!(&self.content, Content::Text(_, text) if !text.is_empty())
    }

    /// The media type, empty when a header says it, and the bytes.
    fn into_bytes(self) -> (String, Bytes) {
        match self.content {
            Content::Text(mime, text) => (format!("{mime};charset=UTF-8"), text.into()),
            Content::Bytes(mime, bytes) => (mime.to_owned(), bytes),
        }
    }
}
