//! A response body that can end early, stall, and that notes in the log what it sent.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

use super::log::OpenRecord;
use super::server::ConnectionState;

const FRAME: usize = 64 * 1024;

/// How a body ends after its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Complete,
    /// The connection closes in the middle of the message.
    Close,
    /// The connection is reset.
    Reset,
    /// Nothing more is sent and the connection stays open.
    Stall,
}

/// Bytes to send, what the header declares about them, and how it ends.
#[derive(Debug)]
pub(crate) struct ShapedBody {
    pub(crate) data: Bytes,
    /// The length given in `Content-Length`; `None` selects chunked coding.
    pub(crate) declared: Option<u64>,
    pub(crate) ending: Ending,
    pub(crate) record: OpenRecord,
    pub(crate) connection: ConnectionState,
    /// The connection had a turn to flush what was sent before it breaks.
    pub(crate) flushed: bool,
}

impl ShapedBody {
    fn next_frame(&mut self) -> Frame<Bytes> {
        let chunk = self.data.split_to(self.data.len().min(FRAME));
        self.record.add_sent(chunk.len());
        if self.data.is_empty() && self.ending == Ending::Complete {
            self.record.finish();
        }
        Frame::data(chunk)
    }

    fn end(&mut self, context: &Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.ending == Ending::Complete {
            return Poll::Ready(None);
        }
        if self.ending == Ending::Stall {
            return Poll::Pending;
        }
        if !self.flushed {
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.ending == Ending::Reset {
            self.connection.reset_when_closed();
        }
        Poll::Ready(Some(Err(io::Error::other("the fault ends the body here"))))
    }
}

impl Body for ShapedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = self.get_mut();
        if this.data.is_empty() {
            return this.end(context);
        }
        Poll::Ready(Some(Ok(this.next_frame())))
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_empty() && self.ending == Ending::Complete
    }

    fn size_hint(&self) -> SizeHint {
        self.declared.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
