//! Laying one table under another.

use std::collections::BTreeSet;

use skeg_go::{GoMap, GoString, GoValue};

use super::copy::{copy_without_nil, deep_copy};
use crate::format::plain;
use crate::log::Log;

/// How tables are laid under each other, and where the complaints go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tables<'log> {
    pub(crate) log: &'log Log,
    /// Whether `nil` stays a value; otherwise a `nil` above takes away what is below.
    pub(crate) keep_nil: bool,
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
    pub(crate) fn merge(&self, upper: &GoMap, lower: &GoMap, prefix: &str) {
        self.lay(upper, lower, prefix, Source::Moved);
    }

    /// Lays `lower` under `upper` and leaves it as it is. Unless `nil` is kept, that of `lower` does not count.
    pub(crate) fn underlay(&self, upper: &GoMap, lower: &GoMap, prefix: &str) {
        let source = if self.keep_nil {
            Source::Copied
        } else {
            Source::CopiedWithoutNil
        };
        self.lay(upper, lower, prefix, source);
    }

    fn lay(&self, upper: &GoMap, lower: &GoMap, prefix: &str, source: Source) {
        let below = lower.snapshot();
        let mut nil_above = nil_keys(upper);
        if source == Source::Moved {
            for key in &nil_above {
                lower.insert(key.clone(), GoValue::Nil);
            }
        }
        for (key, value) in below {
            if nil_above.remove(&key) {
                if !self.keep_nil && !value.is_nil() {
                    upper.remove(&key);
                }
                continue;
            }
            self.lay_entry(upper, &key, value, prefix, source);
        }
    }

    fn lay_entry(&self, upper: &GoMap, key: &GoString, value: GoValue, prefix: &str, source: Source) {
        match (upper.get(key), value) {
            (None, value) => {
                if let Some(value) = source.take(value) {
                    upper.insert(key.clone(), value);
                }
            }
            (Some(GoValue::Map(upper)), GoValue::Map(lower)) => {
                self.lay(&upper, &lower, &join(prefix, key), source);
            }
            (Some(_), GoValue::Map(lower)) => self.log.info(
                &format!(
                    "warning: cannot overwrite table with non table for {} ({})",
                    join(prefix, key),
                    plain(&GoValue::Map(lower))
                ),
                &[],
            ),
            (Some(GoValue::Map(_)), value) if !value.is_nil() => self.log.info(
                &format!(
                    "warning: destination for {} is a table. Ignoring non-table value ({})",
                    join(prefix, key),
                    plain(&value)
                ),
                &[],
            ),
            _ => {}
        }
    }
}

impl Source {
    fn take(self, value: GoValue) -> Option<GoValue> {
        match self {
            Self::Moved => Some(value),
            Self::Copied => Some(deep_copy(&value)),
            Self::CopiedWithoutNil if value.is_nil() => None,
            Self::CopiedWithoutNil => Some(copy_without_nil(&value)),
        }
    }
}

fn nil_keys(map: &GoMap) -> BTreeSet<GoString> {
    let entries = map.entries();
    let nil = entries.iter().filter(|(_, value)| value.is_nil());
    nil.map(|(key, _)| key.clone()).collect()
}

/// A dotted path made longer by a key.
pub(super) fn join(prefix: &str, key: impl AsRef<[u8]>) -> String {
    let key = String::from_utf8_lossy(key.as_ref());
    if prefix.is_empty() {
        return key.into_owned();
    }
    format!("{prefix}.{key}")
}
