//! A body that may stall or end before its time.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Sleep;

/// How long a body that ends early waits first, so that what was sent is not still in a buffer.
const FLUSH: Duration = Duration::from_millis(50);

/// What comes after the bytes of a body.
pub(super) enum After {
    /// Its end.
    End,
    /// Nothing, for ever.
    Stall,
    /// The end of the connection.
    Break(Option<Pin<Box<Sleep>>>),
}

/// Bytes, then what comes after them.
pub(super) struct SimBody {
    pub(super) bytes: Option<Bytes>,
    pub(super) after: After,
}

impl SimBody {
    pub(super) fn new(bytes: Bytes, after: After) -> Self {
        Self { bytes: Some(bytes).filter(|bytes| !bytes.is_empty()), after }
    }

    pub(super) fn breaking(bytes: Bytes) -> Self {
        Self::new(bytes, After::Break(None))
    }
}

impl Body for SimBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match &mut self.after {
            After::End => Poll::Ready(None),
            After::Stall => Poll::Pending,
            After::Break(sleep) => {
                let sleep = sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep(FLUSH)));
                match sleep.as_mut().poll(context) {
                    Poll::Pending => Poll::Pending,
                    Poll::Ready(()) => Poll::Ready(Some(Err(io::Error::other("the fault early_end")))),
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none() && matches!(self.after, After::End)
    }

    fn size_hint(&self) -> SizeHint {
        match self.after {
            After::End => SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            After::Stall | After::Break(_) => SizeHint::default(),
        }
    }
}

/// Reads a body whole, unless it is longer than `most`.
pub(super) async fn read(mut body: hyper::body::Incoming, most: usize) -> Option<Bytes> {
    let mut whole = Vec::new();
    loop {
        let frame = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
        match frame {
            None => return Some(whole.into()),
            Some(Err(_)) => return None,
            Some(Ok(frame)) => whole.extend_from_slice(frame.data_ref()?),
        }
        if whole.len() > most {
            return None;
        }
    }
}
