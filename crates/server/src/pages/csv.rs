//! Tables as files: RFC 4180 with a byte order mark, because spreadsheets take a file without one for the code page of the
//! machine, and Korean texts for noise.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe in front: what a portal wrote into a reason must not
//! run on an analyst's machine.
//!
//! What can have a million rows is made part by part, each when the reader has taken the one before ([`stream`]): it takes the
//! memory of one part. **Failure**: the answer has begun by then, so it is broken off, and no reader takes it for whole.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use tokio::task::JoinHandle;

use crate::App;

/// What makes a spreadsheet read a cell as a formula, when it stands first.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A table as a file. `name` is the file's, without its ending: letters, digits and `-`.
pub(crate) fn csv<C: AsRef<str>>(
    name: &str,
    header: &[&str],
    rows: impl IntoIterator<Item = impl AsRef<[C]>>,
) -> Response {
    let mut text = begin(header);
    for row in rows {
        line(&mut text, row.as_ref());
    }
    answer(name, text)
}

/// A part of a file: its lines, and where the file stands after it. `None` is the end.
type Part<S> = Result<Option<(S, String)>, store::Error>;

/// What makes a file part by part, from where it stands.
pub(crate) type Next<S> = fn(S) -> Part<S>;

/// A table as a file of any length. `next` may block.
pub(crate) fn stream<S: Send + Unpin + 'static>(
    app: &Arc<App>,
    name: &str,
    header: &[&str],
    state: S,
    next: Next<S>,
) -> Response {
    let parts =
        Parts { app: Arc::clone(app), next, head: Some(begin(header)), state: Some(state), under_way: None };
    answer(name, Body::new(parts))
}

fn begin(header: &[&str]) -> String {
    let mut text = String::from('\u{feff}');
    line(&mut text, header);
    text
}

fn answer(name: &str, body: impl IntoResponse) -> Response {
    let fields = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"blacklist-{name}.csv\"")),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (fields, body).into_response()
}

/// The parts, made off the async threads.
struct Parts<S> {
    app: Arc<App>,
    next: Next<S>,
    head: Option<String>,
    /// Between two parts; `None` at the end.
    state: Option<S>,
    under_way: Option<JoinHandle<Part<S>>>,
}

impl<S> Parts<S> {
    /// Logs why; the reader sees that the connection ends.
    fn broke_off(&self, cause: &(dyn std::error::Error + 'static)) -> io::Error {
        let what = "a file broke off";
        let _ = self.app.incident(what, cause);
        io::Error::other(what)
    }
}

impl<S: Send + Unpin + 'static> hyper::body::Body for Parts<S> {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(head) = self.head.take() {
            return Poll::Ready(Some(Ok(Frame::data(head.into()))));
        }
        if let Some(state) = self.state.take() {
            let next = self.next;
            self.under_way = Some(tokio::task::spawn_blocking(move || next(state)));
        }
        let Some(under_way) = &mut self.under_way else { return Poll::Ready(None) };
        let made = ready!(Pin::new(under_way).poll(context));
        self.under_way = None;
        Poll::Ready(match made {
            Ok(Ok(None)) => None,
            Ok(Ok(Some((state, text)))) => {
                self.state = Some(state);
                Some(Ok(Frame::data(text.into())))
            }
            Ok(Err(error)) => Some(Err(self.broke_off(&error))),
            Err(error) => Some(Err(self.broke_off(&error))),
        })
    }
}

/// Adds a row.
pub(crate) fn line<C: AsRef<str>>(text: &mut String, cells: &[C]) {
    for (place, value) in cells.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        cell(text, value.as_ref());
    }
    text.push_str("\r\n");
}

fn cell(text: &mut String, value: &str) {
    let is_formula = value.starts_with(FORMULA) && value.parse::<f64>().is_err();
    let quoted = is_formula || value.contains([',', '"', '\n', '\r']);
    if quoted {
        text.push('"');
    }
    if is_formula {
        text.push('\'');
    }
    for c in value.chars() {
        if c == '"' {
            text.push('"');
        }
        text.push(c);
    }
    if quoted {
        text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::body::to_bytes;
    use blocklist::SystemClock;
    use store::Error;

    use super::{Next, line, stream};
    use crate::{App, Budget};

    async fn file(next: Next<u32>) -> Result<String, axum::Error> {
        let app = Arc::new(App::new(None, Arc::new(SystemClock), Budget::default(), "test"));
        let answer = stream(&app, "numbers", &["number"], 0, next);
        let bytes = to_bytes(answer.into_body(), 1_000).await?;
        Ok(String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_file_is_all_its_parts_and_one_that_breaks_off_is_no_file() {
        let whole = file(|at| Ok((at < 3).then(|| (at + 1, format!("{at}\r\n"))))).await;
        assert_eq!(whole.unwrap(), "\u{feff}number\r\n0\r\n1\r\n2\r\n");
        let broken =
            file(
                |at| {
                    if at < 1 { Ok(Some((1, "0\r\n".into()))) } else { Err(Error::Corrupt { what: "a row" }) }
                },
            );
        assert!(broken.await.is_err());
    }

    fn of(cells: &[&str]) -> String {
        let mut text = String::new();
        line(&mut text, cells);
        text
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(of(&["a", "b,c", "d\"e", "f\ng", ""]), "a,\"b,c\",\"d\"\"e\",\"f\ng\",\r\n");
    }

    #[test]
    fn no_cell_is_a_formula_and_a_number_stays_one() {
        assert_eq!(of(&["=1+1", "@x", "-5", "+82-2"]), "\"'=1+1\",\"'@x\",-5,\"'+82-2\"\r\n");
    }
}
