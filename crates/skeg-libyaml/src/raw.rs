//! The only module with `unsafe` code: libyaml's parser behind an owning type.
//!
//! What has to hold, and why it does:
//! - libyaml keeps a pointer to the parser inside the parser, so that it must not move: it lives in a
//!   [`Box`] and is reached through a raw pointer only.
//! - libyaml keeps pointers into the input: the lifetime parameter keeps the input borrowed and unchanged.
//! - Every event that libyaml filled is deleted exactly once, by [`RawEvent`]'s `Drop`; the parser by
//!   [`RawParser`]'s. Data of an event is copied before.
#![expect(
    unsafe_code,
    reason = "libyaml's interface is made of pointers; see the module's text"
)]

use std::ffi::CStr;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr;

use unsafe_libyaml as unsafe_sys;

use crate::error::{ParseError, ParseErrorKind};
use crate::event::{CollectionStart, Event, EventKind, Mark, Scalar, ScalarStyle};

/// libyaml's parser over a borrowed input.
#[derive(Debug)]
pub(crate) struct RawParser<'input> {
    parser: *mut unsafe_sys::yaml_parser_t,
    input: PhantomData<&'input [u8]>,
}

// SAFETY: the parser is owned by this value alone and libyaml uses no thread-local state; the input is
// shared read-only memory, and `&[u8]` is `Send`.
unsafe impl Send for RawParser<'_> {}

impl<'input> RawParser<'input> {
    pub(crate) fn new(input: &'input [u8]) -> Self {
        let parser = Box::into_raw(Box::new(MaybeUninit::<unsafe_sys::yaml_parser_t>::uninit())).cast();
        // SAFETY: `parser` points to memory of the right size and alignment, which the first call
        // initialises (it aborts the process when memory runs out, and fails otherwise never); the second
        // stores the bounds of `input`, which outlives `Self`.
        unsafe {
            let initialized = unsafe_sys::yaml_parser_initialize(parser);
            debug_assert!(initialized.ok);
            unsafe_sys::yaml_parser_set_input_string(parser, input.as_ptr(), input.len() as u64);
        }
        Self {
            parser,
            input: PhantomData,
        }
    }

    /// Reads the next event. Not to be called after the end of the stream or an error.
    pub(crate) fn parse(&mut self) -> Result<Event, ParseError> {
        let mut event = MaybeUninit::<unsafe_sys::yaml_event_t>::uninit();
        // SAFETY: the parser is initialised and has its input. libyaml zeroes the event first, so it is
        // initialised on success, and on failure it owns nothing.
        unsafe {
            if unsafe_sys::yaml_parser_parse(self.parser, event.as_mut_ptr()).fail {
                return Err(self.error());
            }
            Ok(RawEvent(event.assume_init()).to_event())
        }
    }

    fn error(&self) -> ParseError {
        // SAFETY: the parser is initialised; no other reference to it exists during this call.
        let parser = unsafe { &*self.parser };
        ParseError {
            kind: match parser.error {
                unsafe_sys::YAML_READER_ERROR => ParseErrorKind::Reader,
                unsafe_sys::YAML_SCANNER_ERROR => ParseErrorKind::Scanner,
                unsafe_sys::YAML_PARSER_ERROR => ParseErrorKind::Parser,
                _ => ParseErrorKind::Other,
            },
            // SAFETY: `problem` and `context` are null or point to string literals of libyaml.
            problem: unsafe { owned(parser.problem.cast()) }.unwrap_or_default(),
            problem_mark: mark(parser.problem_mark),
            problem_offset: parser.problem_offset,
            // SAFETY: as above.
            context: unsafe { owned(parser.context.cast()) },
            context_mark: mark(parser.context_mark),
        }
    }
}

impl Drop for RawParser<'_> {
    fn drop(&mut self) {
        // SAFETY: `new` initialised the parser and leaked this very box; nobody uses either afterwards.
        unsafe {
            unsafe_sys::yaml_parser_delete(self.parser);
            drop(Box::from_raw(
                self.parser.cast::<MaybeUninit<unsafe_sys::yaml_parser_t>>(),
            ));
        }
    }
}

/// An event that libyaml filled and that has to be deleted.
struct RawEvent(unsafe_sys::yaml_event_t);

impl Drop for RawEvent {
    fn drop(&mut self) {
        // SAFETY: the event was filled by libyaml and is deleted here only.
        unsafe { unsafe_sys::yaml_event_delete(ptr::addr_of_mut!(self.0)) }
    }
}

impl RawEvent {
    fn to_event(&self) -> Event {
        // SAFETY: `data` is a union whose member is chosen by `type_`; `kind` reads that member only.
        let kind = unsafe { self.kind() };
        Event {
            kind,
            start: mark(self.0.start_mark),
            end: mark(self.0.end_mark),
        }
    }

    /// Copies the data.
    ///
    /// # Safety
    /// The event must have been filled by libyaml, so that `type_` tells which member of `data` is valid.
    unsafe fn kind(&self) -> EventKind {
        let data = &self.0.data;
        // SAFETY: guaranteed by the caller; all strings in it are null or end with NUL.
        unsafe {
            match self.0.type_ {
                unsafe_sys::YAML_STREAM_START_EVENT => EventKind::StreamStart,
                unsafe_sys::YAML_DOCUMENT_START_EVENT => EventKind::DocumentStart {
                    implicit: data.document_start.implicit,
                },
                unsafe_sys::YAML_DOCUMENT_END_EVENT => EventKind::DocumentEnd {
                    implicit: data.document_end.implicit,
                },
                unsafe_sys::YAML_ALIAS_EVENT => EventKind::Alias {
                    anchor: owned(data.alias.anchor).unwrap_or_default(),
                },
                unsafe_sys::YAML_SCALAR_EVENT => EventKind::Scalar(self.scalar()),
                unsafe_sys::YAML_SEQUENCE_START_EVENT => EventKind::SequenceStart(CollectionStart {
                    tag: owned(data.sequence_start.tag),
                    anchor: owned(data.sequence_start.anchor),
                    flow: data.sequence_start.style == unsafe_sys::YAML_FLOW_SEQUENCE_STYLE,
                }),
                unsafe_sys::YAML_SEQUENCE_END_EVENT => EventKind::SequenceEnd,
                unsafe_sys::YAML_MAPPING_START_EVENT => EventKind::MappingStart(CollectionStart {
                    tag: owned(data.mapping_start.tag),
                    anchor: owned(data.mapping_start.anchor),
                    flow: data.mapping_start.style == unsafe_sys::YAML_FLOW_MAPPING_STYLE,
                }),
                unsafe_sys::YAML_MAPPING_END_EVENT => EventKind::MappingEnd,
                // The stream's end, and `YAML_NO_EVENT`, which stands for everything after it.
                _ => EventKind::StreamEnd,
            }
        }
    }

    /// Copies the data of a scalar.
    ///
    /// # Safety
    /// The event must be a scalar filled by libyaml.
    unsafe fn scalar(&self) -> Scalar {
        // SAFETY: guaranteed by the caller; `value` has `length` bytes.
        unsafe {
            let scalar = &self.0.data.scalar;
            let length = usize::try_from(scalar.length).expect("because the value is in memory");
            Scalar {
                value: text(std::slice::from_raw_parts(scalar.value, length)),
                tag: owned(scalar.tag),
                anchor: owned(scalar.anchor),
                style: match scalar.style {
                    unsafe_sys::YAML_SINGLE_QUOTED_SCALAR_STYLE => ScalarStyle::SingleQuoted,
                    unsafe_sys::YAML_DOUBLE_QUOTED_SCALAR_STYLE => ScalarStyle::DoubleQuoted,
                    unsafe_sys::YAML_LITERAL_SCALAR_STYLE => ScalarStyle::Literal,
                    unsafe_sys::YAML_FOLDED_SCALAR_STYLE => ScalarStyle::Folded,
                    _ => ScalarStyle::Plain,
                },
                plain_implicit: scalar.plain_implicit,
                quoted_implicit: scalar.quoted_implicit,
            }
        }
    }
}

/// Copies a C string; `None` for null.
///
/// # Safety
/// `string` must be null or point to bytes that end with NUL.
unsafe fn owned(string: *const u8) -> Option<String> {
    if string.is_null() {
        return None;
    }
    // SAFETY: guaranteed by the caller.
    Some(text(unsafe { CStr::from_ptr(string.cast()) }.to_bytes()))
}

/// libyaml's text is UTF-8, except for tags whose `%` escapes spell surrogates: those become U+FFFD.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn mark(mark: unsafe_sys::yaml_mark_t) -> Mark {
    Mark {
        index: mark.index,
        line: mark.line,
        column: mark.column,
    }
}
