//! Laying one table under another.

use std::cell::Cell;

use skeg_go::{GoMap, GoString, GoValue};

use super::copy::{copy, copy_without_nil};
use super::dotted::Dotted;
use crate::format::plain;
use crate::log::Log;

/// How tables are laid under each other, and where the complaints go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tables<'log> {
    pub(crate) log: &'log Log,
    /// Whether `nil` stays a value; otherwise a `nil` above takes away what is below.
    pub(crate) keep_nil: bool,
    /// Told of entries that others see as well.
    pub(super) watch: Option<Watch<'log>>,
}

/// Notes whether a table that several charts share has got an entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watch<'flag> {
    pub(super) flag: &'flag Cell<bool>,
    /// How deep the shared tables are.
    pub(super) depth: usize,
}

impl<'log> Tables<'log> {
    pub(crate) fn new(log: &'log Log, keep_nil: bool) -> Self {
        Self {
            log,
            keep_nil,
            watch: None,
        }
    }
}

/// What becomes of the entries of the lower table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// They move: the upper table gets the very same maps, and the lower one is changed as Helm changes it.
    Moved,
    /// They are copied.
    Copied,
    /// They are copied but for those that are `nil`.
    CopiedWithoutNil,
}

impl Tables<'_> {
    /// Lays `lower` under `upper` as Helm does: what is missing in `upper` is shared by both afterwards, and
    /// `lower` gets the `nil` entries of `upper`.
    pub(crate) fn merge(&self, upper: &GoMap, lower: &GoMap) {
        self.merge_at(upper, lower, &Dotted::Empty);
    }

    /// As [`Self::merge`], for tables at a path.
    pub(super) fn merge_at(&self, upper: &GoMap, lower: &GoMap, path: &Dotted<'_>) {
        if !upper.is_same(lower) {
            self.lay(upper, lower, path, Source::Moved);
        }
    }

    /// Lays `lower` under `upper` and leaves it as it is; its own `nil` entries may count or not.
    pub(super) fn underlay(&self, upper: &GoMap, lower: &GoMap, path: &Dotted<'_>, with_nil: bool) {
        let source = if with_nil {
            Source::Copied
        } else {
            Source::CopiedWithoutNil
        };
        self.lay(upper, lower, path, source);
    }

    fn lay(self, upper: &GoMap, lower: &GoMap, path: &Dotted<'_>, source: Source) {
        if upper.is_untouched_copy_of(lower) {
            return;
        }
        if source == Source::Moved {
            let below = lower.snapshot();
            for key in nil_keys(upper) {
                lower.insert(key, GoValue::Nil);
            }
            for (key, value) in &below {
                self.lay_entry(upper, (key, value), path, source);
            }
            return;
        }
        for entry in &*lower.entries() {
            self.lay_entry(upper, entry, path, source);
        }
    }

    fn lay_entry(
        self,
        upper: &GoMap,
        (key, value): (&GoString, &GoValue),
        path: &Dotted<'_>,
        source: Source,
    ) {
        match (upper.get(key), value) {
            (Some(GoValue::Nil), GoValue::Nil) => {}
            (Some(GoValue::Nil), _) if self.keep_nil => {}
            (Some(GoValue::Nil), _) => drop(upper.remove(key)),
            (None, value) => {
                if let Some(value) = source.take(value) {
                    self.note_insertion();
                    upper.insert(key.clone(), value);
                }
            }
            (Some(GoValue::Map(upper)), GoValue::Map(lower)) => {
                self.one_deeper().lay(&upper, lower, &path.join(key), source);
            }
            (Some(_), GoValue::Map(_)) => self.complain(&format!(
                "warning: cannot overwrite table with non table for {} ({})",
                path.join(key),
                plain(value)
            )),
            (Some(GoValue::Map(_)), value) if !value.is_nil() => self.complain(&format!(
                "warning: destination for {} is a table. Ignoring non-table value ({})",
                path.join(key),
                plain(value)
            )),
            _ => {}
        }
    }

    fn complain(self, message: &str) {
        self.log.info(message, &[]);
    }

    fn note_insertion(self) {
        if let Some(Watch { flag, depth: 0 }) = self.watch {
            flag.set(true);
        }
    }

    fn one_deeper(self) -> Self {
        let watch = self.watch.map(|watch| Watch {
            depth: watch.depth.saturating_sub(1),
            ..watch
        });
        Self { watch, ..self }
    }
}

impl Source {
    fn take(self, value: &GoValue) -> Option<GoValue> {
        match self {
            Self::Moved => Some(value.clone()),
            Self::Copied => Some(copy(value)),
            Self::CopiedWithoutNil if value.is_nil() => None,
            Self::CopiedWithoutNil => Some(copy_without_nil(value)),
        }
    }
}

fn nil_keys(map: &GoMap) -> Vec<GoString> {
    let entries = map.entries();
    let nil = entries.iter().filter(|(_, value)| value.is_nil());
    nil.map(|(key, _)| key.clone()).collect()
}
