//! Values held against the schemas of the charts.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use skeg_go::{GoMap, GoValue};

use skeg_values::schema::{NoSource, SchemaSource, validate};

use crate::log::Log;
use crate::tree::Node;

/// Holds the values of a chart and of all charts inside it against their `values.schema.json`.
///
/// # Errors
/// What does not fit, chart by chart.
pub(crate) fn check(
    chart: &Node<'_>,
    values: &GoMap,
    source: Option<&Rc<dyn SchemaSource>>,
    log: &Rc<Log>,
) -> Result<(), String> {
    let source = Source {
        inner: source.cloned(),
        warned: Rc::default(),
        log: Rc::clone(log),
    };
    let mut problems = String::new();
    collect(chart, values, &source, &mut problems);
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn collect(chart: &Node<'_>, values: &GoMap, source: &Source, problems: &mut String) {
    if let Some(schema) = chart.chart().schema()
        && let Err(problem) = validate(schema, &GoValue::Map(values.clone()), source.clone())
    {
        problems.extend([chart.name(), ":\n", &problem.to_string()]);
    }
    for child in chart.children() {
        match values.get(child.name()) {
            None | Some(GoValue::Nil) => {}
            Some(GoValue::Map(below)) => collect(child, &below, source, problems),
            Some(other) => {
                let found = other.type_name();
                let message = ":
invalid type for values: expected object (map), got ";
                problems.extend([
                    child.name(),
                    message,
                    &found,
                    "
",
                ]);
            }
        }
    }
}

/// What schemas refer to, with Helm's warning for what is not there.
#[derive(Clone)]
struct Source {
    inner: Option<Rc<dyn SchemaSource>>,
    warned: Rc<RefCell<BTreeSet<String>>>,
    log: Rc<Log>,
}

impl SchemaSource for Source {
    fn load(&self, url: &str) -> Result<Vec<u8>, String> {
        match &self.inner {
            Some(inner) => inner.load(url),
            None => NoSource.load(url),
        }
    }

    fn unresolved_urn(&self, urn: &str) {
        if self.warned.borrow_mut().insert(urn.to_owned()) {
            let message = "unresolved URN reference ignored; using permissive schema";
            self.log.warn(message, &[("urn", urn)]);
        }
    }
}
