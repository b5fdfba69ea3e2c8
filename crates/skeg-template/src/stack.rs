//! Says when nesting has used up the stack, so that it ends in an error and not in a crash.

use std::ptr;

/// Measures from where it was made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stack {
    base: usize,
    limit: usize,
}

impl Stack {
    /// A measure that allows `limit` bytes beyond the caller's frame.
    pub(crate) fn new(limit: usize) -> Self {
        Self { base: here(), limit }
    }

    /// Whether more than the limit is in use.
    pub(crate) fn is_used_up(self) -> bool {
        self.base.abs_diff(here()) > self.limit
    }

    /// Whether so much is in use that what recurs should not begin anew.
    pub(crate) fn is_low(self) -> bool {
        self.used() > self.limit - self.limit / 8
    }

    /// The bytes in use.
    pub(crate) fn used(self) -> usize {
        self.base.abs_diff(here())
    }
}

/// An address within the current frame.
#[inline]
fn here() -> usize {
    let local = 0u8;
    ptr::from_ref(&local).addr()
}
