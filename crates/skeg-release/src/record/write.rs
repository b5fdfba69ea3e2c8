//! Objects as Go's `json.Marshal` writes structs: fields in order, empty ones left out.

use std::fmt::Write as _;

use skeg_go::json::write_string;

use super::time::RecordTime;

/// An object that is being written.
pub(super) struct ObjectWriter<'out> {
    out: &'out mut String,
    is_first: bool,
}

impl<'out> ObjectWriter<'out> {
    pub(super) fn new(out: &'out mut String) -> Self {
        out.push('{');
        Self { out, is_first: true }
    }

    pub(super) fn end(self) {
        self.out.push('}');
    }

    /// Writes a key, and hands out where its value goes.
    pub(super) fn key(&mut self, key: &str) -> &mut String {
        if !std::mem::take(&mut self.is_first) {
            self.out.push(',');
        }
        write_string(self.out, key);
        self.out.push(':');
        self.out
    }

    /// A text, unless it is empty.
    pub(super) fn text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            write_string(self.key(key), text);
        }
    }

    /// An integer, unless it is zero.
    pub(super) fn int(&mut self, key: &str, number: i64) {
        if number != 0 {
            write!(self.key(key), "{number}").expect("because a string takes any text");
        }
    }

    /// A time, if there is one.
    pub(super) fn time(&mut self, key: &str, time: Option<RecordTime>) {
        if let Some(time) = time {
            write!(self.key(key), "\"{time}\"").expect("because a string takes any text");
        }
    }

    /// A list of texts, unless it is empty.
    pub(super) fn texts<T: AsRef<str>>(&mut self, key: &str, texts: &[T]) {
        if !texts.is_empty() {
            write_list(self.key(key), texts, |out, text| write_string(out, text.as_ref()));
        }
    }

    /// Fields that are written as they were read.
    pub(super) fn foreign(&mut self, fields: &[(String, String)]) {
        for (key, json) in fields {
            self.key(key).push_str(json);
        }
    }
}

/// A list.
pub(super) fn write_list<T>(out: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}
