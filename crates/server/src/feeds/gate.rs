//! The way into a feed, whatever of it is asked for: who asks, whether that one may, and what is written down of it.

use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::access::{Caller, Grant, Presented};
use crate::api::problem::Problem;
use crate::client::Client;
use crate::pulls::{Read, Refused};
use crate::{App, guard, pulls};

/// What a path names: `/feeds/{feed}/{last}`, with `/t/{token}` before it or without. Names and tokens hold nothing that
/// would be escaped, so what is escaped is none of them.
pub(super) struct Asked<'a> {
    token: Option<&'a str>,
    feed: &'a str,
    /// A format, or `changes`.
    pub(super) last: &'a str,
}

impl<'a> Asked<'a> {
    pub(super) fn of(path: &'a str) -> Self {
        let mut parts = path.rsplit('/');
        let (last, feed) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        Self { token: parts.nth(1).filter(|part| !part.is_empty()), feed, last }
    }
}

/// Whether the reader may have the feed; and the entry of the log, to be completed with what is answered.
pub(super) async fn enter(
    app: &App,
    head: &Parts,
    asked: &Asked<'_>,
    format: Option<&'static str>,
) -> (Read, Result<Grant, Problem>) {
    let presented = Presented::of(asked.token, &head.headers);
    let client = Client::of(&head.extensions);
    let caller = Caller {
        address: client.address,
        exact: client.is_exact(),
        local: client.local,
        named: guard::names_server(head, app.names()),
        presented: &presented,
    };
    let mut read = Read {
        at: app.now(),
        consumer: None,
        feed: None,
        format,
        peer: caller.address,
        agent: pulls::agent(&head.headers),
        serial: None,
        status: StatusCode::OK,
        bytes: 0,
        method: head.method.clone(),
        refused: None,
    };
    match app.admit(&caller, asked.feed).await {
        Ok(grant) => {
            read.consumer = grant.consumer.as_ref().map(|known| known.id);
            read.feed = Some(grant.feed.clone());
            (read, Ok(grant))
        }
        Err(denied) => {
            let problem = denied.problem();
            app.metrics.denied(problem.status());
            read.consumer = denied.consumer();
            let table = app.access();
            read.feed = table.as_ref().and_then(|table| table.feed(asked.feed).cloned());
            read.refused = denied.outcome(&presented).map(|outcome| {
                Box::new(Refused { outcome, consumer: denied.name(&presented, table.as_deref()) })
            });
            read.status = problem.status();
            (read, Err(problem))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Asked;

    #[test]
    fn a_token_is_what_stands_before_the_feeds() {
        for (path, wanted) in [
            ("/feeds/default/plain", (None, "default", "plain")),
            ("/feeds/zone/changes", (None, "zone", "changes")),
            ("/t/abc/feeds/default/plain", (Some("abc"), "default", "plain")),
        ] {
            let asked = Asked::of(path);
            assert_eq!((asked.token, asked.feed, asked.last), wanted, "{path}");
        }
    }
}
