//! The body of an answer on its way through the proxy: counted, and ended as a fault wants it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use crate::registry::log::OpenRecord;

use super::proxy::Connection;

/// What becomes of a body after so many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// The connection breaks.
    Disconnect(usize),
    /// Nothing more comes.
    Stall(usize),
}

/// A body that comes from the server, or from a fault.
pub(super) struct PassedBody {
    pub(super) source: Source,
    pub(super) cut: Option<Cut>,
    pub(super) record: OpenRecord,
    pub(super) connection: Connection,
    pub(super) sent: usize,
}

/// Where the bytes are from.
pub(super) enum Source {
    Server(Incoming),
    Fault(Option<Bytes>),
}

impl PassedBody {
    /// How many bytes may still be sent, and what happens then.
    fn rest(&self) -> (usize, Option<Cut>) {
        match self.cut {
            Some(Cut::Disconnect(limit) | Cut::Stall(limit)) => (limit.saturating_sub(self.sent), self.cut),
            None => (usize::MAX, None),
        }
    }

    fn end(&self, cut: Cut) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Cut::Stall(_) = cut {
            return Poll::Pending;
        }
        self.connection.break_off();
        Poll::Ready(Some(Err(io::Error::other("the fault ends the body here"))))
    }

    fn pass(&mut self, frame: Frame<Bytes>) -> Frame<Bytes> {
        let (rest, _) = self.rest();
        let Ok(mut data) = frame.into_data() else {
            return Frame::data(Bytes::new());
        };
        data.truncate(rest);
        self.sent += data.len();
        self.record.add_sent(data.len());
        Frame::data(data)
    }
}

impl Body for PassedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = self.get_mut();
        if let (0, Some(cut)) = this.rest() {
            return this.end(cut);
        }
        let frame = match &mut this.source {
            Source::Fault(bytes) => bytes.take().map(|bytes| Ok(Frame::data(bytes))),
            Source::Server(body) => ready!(Pin::new(body).poll_frame(context)),
        };
        let Some(frame) = frame else {
            this.record.finish();
            return Poll::Ready(None);
        };
        let passed = frame.map(|frame| this.pass(frame)).map_err(io::Error::other);
        if this.is_end_stream() {
            this.record.finish();
        }
        Poll::Ready(Some(passed))
    }

    fn is_end_stream(&self) -> bool {
        let (_, cut) = self.rest();
        cut.is_none()
            && match &self.source {
                Source::Fault(bytes) => bytes.is_none(),
                Source::Server(body) => body.is_end_stream(),
            }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.source {
            Source::Fault(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64),
            Source::Server(body) => body.size_hint(),
        }
    }
}
