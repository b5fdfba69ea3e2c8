//! Laying the default values of charts under the values of their users.
//!
//! The sharing of maps here is Helm 4.3.1's, since it shows: what a chart adds to a nested table of `global`
//! is seen by its parent and by the charts after it. Where Helm takes the keys in random order they are sorted.

use std::cell::Cell;

use skeg_go::{GoMap, GoString, GoValue};

use super::GLOBAL;
use super::copy::{copy, copy_without_nil};
use super::dotted::Dotted;
use super::tables::{Tables, Watch};
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

/// The chart whose default values are laid under others.
#[derive(Clone, Copy, Debug)]
struct Owner<'a> {
    holds_nil: bool,
    /// The chart in the tree, if it is in one.
    node: Option<&'a Node<'a>>,
}

impl Owner<'_> {
    fn has_child(&self, key: &GoString) -> bool {
        self.node.is_some_and(|node| node.has_child(key))
    }
}

/// One round through a tree of charts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coalesce<'log> {
    tables: Tables<'log>,
    is_notable: Option<&'log Cell<bool>>,
}

impl<'log> Coalesce<'log> {
    /// A round in which a `nil` takes away a default (`CoalesceValues`).
    pub(crate) fn new(log: &'log Log) -> Self {
        Self {
            tables: Tables::new(log, false),
            is_notable: None,
        }
    }

    /// A round that keeps `nil` for a later one (`MergeValues`).
    pub(crate) fn keeping_nil(log: &'log Log) -> Self {
        Self {
            tables: Tables::new(log, true),
            is_notable: None,
        }
    }

    /// Sets `flag` if a second round with the outcome of a first would not be the same: where a chart adds to
    /// global values in a way that other charts see, or something lies over a table.
    pub(crate) fn watching(self, flag: &'log Cell<bool>) -> Self {
        Self {
            is_notable: Some(flag),
            ..self
        }
    }

    fn watch(&self, depth: usize) -> Option<Watch<'log>> {
        self.is_notable.map(|flag| Watch { flag, depth })
    }

    /// The values of `chart` and all charts inside it under `values`, which stay as they are and must from now on.
    pub(crate) fn run(&self, chart: &Node<'_>, values: &GoMap) -> Result<GoMap, TypeMismatch> {
        let values = values.frozen_copy();
        self.chart(chart, &values, &Dotted::Empty)?;
        Ok(values)
    }

    fn chart(&self, chart: &Node<'_>, values: &GoMap, path: &Dotted<'_>) -> Result<(), TypeMismatch> {
        let path = path.join(chart.name());
        if let Some(own) = chart.values() {
            let owner = Owner {
                holds_nil: chart.holds_nil(),
                node: Some(chart),
            };
            self.own_values(owner, own, values, &path);
        }
        for child in chart.children() {
            let below = child_values(child, values)?;
            self.globals(&below, values, &path);
            self.chart(child, &below, &path)?;
        }
        Ok(())
    }

    /// The values of a chart without charts inside under `values`, such as those that a release keeps.
    pub(crate) fn run_alone(&self, name: &str, own: &GoMap, values: &GoMap) -> GoMap {
        let values = values.frozen_copy();
        let owner = Owner {
            holds_nil: own.holds_nil(),
            node: None,
        };
        self.own_values(owner, own, &values, &Dotted::Empty.join(name));
        values
    }

    fn own_values(&self, owner: Owner<'_>, own: &GoMap, values: &GoMap, path: &Dotted<'_>) {
        for (key, default) in &*own.entries() {
            match (values.get(key), default) {
                (None, default) => {
                    if let Some(default) = self.default(default, owner) {
                        values.insert(key.clone(), default);
                    }
                }
                (Some(GoValue::Nil), _) if !self.tables.keep_nil => drop(values.remove(key)),
                (Some(GoValue::Map(above)), GoValue::Map(below)) => {
                    let keep_nil = self.tables.keep_nil || owner.has_child(key);
                    let is_global = **key == *GLOBAL.as_bytes();
                    let tables = Tables {
                        keep_nil,
                        watch: self.watch(2).filter(|_| is_global),
                        ..self.tables
                    };
                    let with_nil = keep_nil || !owner.holds_nil;
                    tables.underlay(&above, below, &path.join(key), with_nil);
                }
                (Some(GoValue::Map(_)), GoValue::Nil) => {}
                (Some(GoValue::Map(_)), _) => {
                    let message = format!("warning: skipped value for {}: Not a table.", path.join(key));
                    self.tables.log.info(&message, &[]);
                }
                // Helm says so only once the values of the chart are a part of its parent's.
                (Some(_), GoValue::Map(_)) => self.note(),
                _ => {}
            }
        }
    }

    fn note(&self) {
        if let Some(flag) = self.is_notable {
            flag.set(true);
        }
    }

    /// A default that nothing overrides.
    fn default(&self, default: &GoValue, owner: Owner<'_>) -> Option<GoValue> {
        match default {
            default if self.tables.keep_nil => Some(copy(default)),
            GoValue::Nil => None,
            default if owner.holds_nil => Some(copy_without_nil(default)),
            default => Some(copy(default)),
        }
    }

    /// Hands the global values of a chart down to one inside it. Tables are copied one level deep: below that,
    /// both have the same maps.
    fn globals(&self, child: &GoMap, parent: &GoMap, path: &Dotted<'_>) {
        let Some(below) = self.global_table(child, "destination") else {
            return;
        };
        let Some(above) = self.global_table(parent, "source") else {
            return;
        };
        for (key, value) in above.snapshot() {
            match (value, below.get(&key)) {
                (GoValue::Map(table), None) => drop(below.insert(key, table.shallow_copy())),
                (GoValue::Map(table), Some(GoValue::Map(own))) => {
                    let table = table.shallow_copy();
                    let tables = Tables {
                        keep_nil: true,
                        watch: self.watch(1),
                        ..self.tables
                    };
                    tables.merge_at(&table, &own, &path.join(&key));
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
        if !child.contains_key(GLOBAL) {
            child.insert(GLOBAL, below);
        }
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
            values.insert(GoString::clone(child.key()), table.clone());
            Ok(table)
        }
        Some(GoValue::Map(table)) => Ok(table),
        Some(other) => Err(TypeMismatch {
            name: child.name().to_owned(),
            value: boolean(&other),
        }),
    }
}
