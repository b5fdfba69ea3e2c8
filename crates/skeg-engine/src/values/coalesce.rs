//! Laying the default values of charts under the values of their users.
//!
//! The sharing of maps here is Helm 4.3.1's, since it shows: what a chart adds to a nested table of `global`
//! is seen by its parent and by the charts after it. Where Helm takes the keys in random order they are sorted.

use skeg_go::{GoMap, GoValue};

use super::GLOBAL;
use super::copy::{copy_map, copy_map_without_nil, deep_copy, shallow_copy};
use super::tables::{Tables, join};
use crate::format::boolean;
use crate::log::Log;
use crate::tree::Node;

/// Values that are no table where those of a chart should be.
#[derive(Debug, thiserror::Error)]
#[error("type mismatch on {name}: {value}")]
pub(crate) struct TypeMismatch {
    name: String,
    value: String,
}

/// One round through a tree of charts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coalesce<'log> {
    tables: Tables<'log>,
}

impl<'log> Coalesce<'log> {
    /// A round in which a `nil` takes away a default (`CoalesceValues`).
    pub(crate) fn new(log: &'log Log) -> Self {
        let keep_nil = false;
        Self {
            tables: Tables { log, keep_nil },
        }
    }

    /// A round that keeps `nil` for a later one (`MergeValues`).
    pub(crate) fn keeping_nil(log: &'log Log) -> Self {
        let keep_nil = true;
        Self {
            tables: Tables { log, keep_nil },
        }
    }

    /// The values of `chart` and all charts inside it under `values`, which stay as they are.
    pub(crate) fn run(&self, chart: &Node<'_>, values: &GoMap) -> Result<GoMap, TypeMismatch> {
        let values = copy_map(values);
        self.chart(chart, &values, "")?;
        Ok(values)
    }

    /// As [`Self::run`], for somebody who only reads the outcome: entries that cannot change are shared with
    /// `values`, not copied.
    pub(crate) fn run_for_reading(&self, chart: &Node<'_>, values: &GoMap) -> Result<GoMap, TypeMismatch> {
        let is_touched = |key: &[u8]| {
            key == GLOBAL.as_bytes()
                || chart.values().is_some_and(|own| own.contains_key(key))
                || chart.has_child(key)
        };
        let entries = values.snapshot().into_iter();
        let values: GoMap = entries
            .map(|(key, value)| {
                let value = if is_touched(&key) {
                    deep_copy(&value)
                } else {
                    value
                };
                (key, value)
            })
            .collect();
        self.chart(chart, &values, "")?;
        Ok(values)
    }

    fn chart(&self, chart: &Node<'_>, values: &GoMap, prefix: &str) -> Result<(), TypeMismatch> {
        if let Some(own) = chart.values() {
            self.own_values(chart, own, values, prefix);
        }
        for child in chart.children() {
            let below = child_values(child, values)?;
            let prefix = join(prefix, chart.name());
            self.globals(&below, values, &prefix);
            self.chart(child, &below, &prefix)?;
            values.insert(child.name(), below);
        }
        Ok(())
    }

    fn own_values(&self, chart: &Node<'_>, own: &GoMap, values: &GoMap, prefix: &str) {
        let prefix = join(prefix, chart.name());
        for (key, default) in &*own.entries() {
            match (values.get(key), default) {
                (None, default) => {
                    if let Some(default) = self.default(default) {
                        values.insert(key.clone(), default);
                    }
                }
                (Some(GoValue::Nil), _) if !self.tables.keep_nil => drop(values.remove(key)),
                (Some(GoValue::Map(above)), GoValue::Map(below)) => {
                    let keep_nil = self.tables.keep_nil || chart.has_child(key);
                    let tables = Tables {
                        keep_nil,
                        ..self.tables
                    };
                    tables.underlay(&above, below, &join(&prefix, key));
                }
                (Some(GoValue::Map(_)), GoValue::Nil) => {}
                (Some(GoValue::Map(_)), _) => {
                    let key = join(&prefix, key);
                    let message = format!("warning: skipped value for {key}: Not a table.");
                    self.tables.log.info(&message, &[]);
                }
                _ => {}
            }
        }
    }

    /// A default that nothing overrides.
    fn default(&self, default: &GoValue) -> Option<GoValue> {
        if self.tables.keep_nil {
            return Some(deep_copy(default));
        }
        match default {
            GoValue::Nil => None,
            GoValue::Map(map) => Some(copy_map_without_nil(map).into()),
            other => Some(deep_copy(other)),
        }
    }

    /// Hands the global values of a chart down to one inside it. Tables are copied one level deep: below that,
    /// both have the same maps.
    fn globals(&self, child: &GoMap, parent: &GoMap, prefix: &str) {
        let Some(below) = self.global_table(child, "destination") else {
            return;
        };
        let Some(above) = self.global_table(parent, "source") else {
            return;
        };
        for (key, value) in above.snapshot() {
            match (value, below.get(&key)) {
                (GoValue::Map(table), None) => drop(below.insert(key, shallow_copy(&table))),
                (GoValue::Map(table), Some(GoValue::Map(own))) => {
                    let table = shallow_copy(&table);
                    let tables = Tables {
                        keep_nil: true,
                        ..self.tables
                    };
                    tables.merge(&table, &own, &join(prefix, &key));
                    below.insert(key, table);
                }
                (GoValue::Map(_), Some(_)) => {
                    let key = skeg_go::quote::quote(&key.to_lossy());
                    let message = format!("Conflict: cannot merge map onto non-map for {key}. Skipping.");
                    self.tables.log.info(&message, &[]);
                }
                (_, Some(GoValue::Map(_))) => {
                    let message = format!("key {} is table. Skipping", key.to_lossy());
                    self.tables.log.info(&message, &[]);
                }
                (value, _) => drop(below.insert(key, value)),
            }
        }
        child.insert(GLOBAL, below);
    }

    fn global_table(&self, values: &GoMap, role: &str) -> Option<GoMap> {
        match values.get(GLOBAL) {
            None => Some(GoMap::new()),
            Some(GoValue::Map(table)) => Some(table),
            Some(_) => {
                let message = format!("warning: skipping globals because {role} {GLOBAL} is not a table.");
                self.tables.log.info(&message, &[]);
                None
            }
        }
    }
}

/// The table with the values of a chart, which comes to be if it is missing.
fn child_values(child: &Node<'_>, values: &GoMap) -> Result<GoMap, TypeMismatch> {
    match values.get(child.name()) {
        None => {
            let table = GoMap::new();
            values.insert(child.name(), table.clone());
            Ok(table)
        }
        Some(GoValue::Map(table)) => Ok(table),
        Some(other) => Err(TypeMismatch {
            name: child.name().to_owned(),
            value: boolean(&other),
        }),
    }
}
