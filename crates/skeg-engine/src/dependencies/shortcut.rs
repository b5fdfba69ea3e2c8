//! A short way for ordinary charts, with the outcome of the long one.
//!
//! Helm lays the values of every chart with dependencies under those of the root to look at conditions, and
//! again to find what is imported. That is for nothing if
//!
//! - nothing is `nil`, since only a `nil` means something else in the second round than in the first;
//! - nothing is imported;
//! - tables meet tables only, so that nothing is logged and nothing fails;
//! - the values of charts that lie at the top for a moment do not touch what conditions and tags look at;
//! - no chart adds to global values that others share.
//!
//! Whoever finds anything of this gives up, and the long way is taken from the start.

use std::cell::Cell;

use skeg_go::{GoMap, GoString, GoValue};

use super::Prepared;
use super::enabled::{adopt_names, apply_conditions, apply_tags, drop_disabled};
use crate::log::Log;
use crate::tree::Node;
use crate::values::Coalesce;

/// Does all of [`super::prepare`], or nothing.
pub(super) fn prepare<'chart>(mut root: Node<'chart>, values: &GoMap, log: &Log) -> Option<Prepared<'chart>> {
    if values.holds_nil() || !is_plain(&root) {
        return None;
    }
    let lines = Log::default();
    switch(&mut root, values, &lines)?;
    let is_notable = Cell::new(false);
    let values = coalesce(&root, values, &is_notable)?;
    if is_notable.get() {
        return None;
    }
    log.append(&lines);
    Some(Prepared { root, values })
}

/// Whether nothing is `nil` and nothing is imported, here and below.
fn is_plain(chart: &Node<'_>) -> bool {
    let mut requirements = chart.requirements().iter();
    !chart.holds_nil()
        && requirements.all(|requirement| requirement.declared().import_values().is_empty())
        && chart.children().iter().all(is_plain)
}

/// The values of all charts under those of the user, if there is nothing to say about them.
fn coalesce(root: &Node<'_>, values: &GoMap, is_notable: &Cell<bool>) -> Option<GoMap> {
    let complaints = Log::default();
    let values = Coalesce::new(&complaints).watching(is_notable).run(root, values);
    values.ok().filter(|_| complaints.is_empty())
}

/// Takes the charts that are switched off out of the tree.
fn switch(root: &mut Node<'_>, values: &GoMap, log: &Log) -> Option<()> {
    if root.requirements().is_empty() {
        return Some(());
    }
    adopt_names(root);
    let values = coalesce(root, values, &Cell::new(false))?;
    apply_tags(root.requirements_mut(), &values, log);
    apply_conditions(root.requirements_mut(), &values, "", log);
    drop_disabled(root);
    for child in root.children_mut() {
        let mut top = Top {
            values: &values,
            first: child.key().clone(),
            above: Vec::new(),
        };
        let path = format!("{}.", child.name());
        top.switch(child, &path, log)?;
    }
    Some(())
}

/// The values at the top, and what lies there for a moment besides.
struct Top<'values> {
    values: &'values GoMap,
    /// The key at the top that all conditions here begin with.
    first: GoString,
    above: Vec<Layer>,
}

/// A chart whose values lie at the top.
struct Layer {
    own: Option<GoMap>,
    children: Vec<GoString>,
}

impl Top<'_> {
    fn switch(&mut self, chart: &mut Node<'_>, path: &str, log: &Log) -> Option<()> {
        if chart.requirements().is_empty() {
            return Some(());
        }
        adopt_names(chart);
        let layer = Layer {
            own: chart.values().cloned(),
            children: chart.children().iter().map(|child| child.key().clone()).collect(),
        };
        if !self.leaves_alone(&layer) {
            return None;
        }
        apply_tags(chart.requirements_mut(), self.values, log);
        apply_conditions(chart.requirements_mut(), self.values, path, log);
        drop_disabled(chart);
        self.above.push(layer);
        for child in chart.children_mut() {
            let path = format!("{path}{}.", child.name());
            self.switch(child, &path, log)?;
        }
        self.above.pop();
        Some(())
    }

    /// Whether a chart at the top neither touches what is looked at nor meets anything of another kind.
    fn leaves_alone(&self, layer: &Layer) -> bool {
        let is_looked_at = |key: &GoString| *key == "tags" || *key == self.first;
        let children = layer.children.iter();
        let has_own_names = children
            .clone()
            .all(|name| !is_looked_at(name) && !self.values.contains_key(name) && !self.is_above(name));
        let Some(own) = &layer.own else {
            return has_own_names;
        };
        let entries = own.entries();
        let mut entries = entries.iter();
        has_own_names
            && entries.all(|(key, value)| {
                !is_looked_at(key)
                    && !self.above.iter().any(|above| above.children.contains(key))
                    && self.agrees(key, value)
            })
    }

    fn is_above(&self, name: &GoString) -> bool {
        let has = |above: &Layer| {
            above.children.contains(name) || above.own.as_ref().is_some_and(|own| own.contains_key(name))
        };
        self.above.iter().any(has)
    }

    fn agrees(&self, key: &GoString, value: &GoValue) -> bool {
        let layers = self.above.iter().filter_map(|above| above.own.as_ref());
        let mut tables = layers.chain([self.values]);
        tables.all(|table| table.get(key).is_none_or(|other| agree(&other, value)))
    }
}

/// Whether tables meet tables only.
fn agree(left: &GoValue, right: &GoValue) -> bool {
    match (left, right) {
        (GoValue::Map(left), GoValue::Map(right)) => {
            let entries = right.entries();
            let mut entries = entries.iter();
            entries.all(|(key, value)| left.get(key).is_none_or(|other| agree(&other, value)))
        }
        (GoValue::Map(_), _) | (_, GoValue::Map(_)) => false,
        _ => true,
    }
}
