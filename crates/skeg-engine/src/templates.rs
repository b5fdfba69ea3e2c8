//! Parses and executes the templates of a tree of charts.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use skeg_template::{ExecError, FunctionTable, Limits, ParseError, TemplateSet};

use crate::context::{Renderable, is_partial};
use crate::functions::without_no_value;

/// A template that could not be rendered.
#[derive(Debug)]
pub(crate) enum TemplateFailure {
    Parse(String, ParseError),
    Execute(String, ExecError),
}

/// Renders all templates but partials; the outcome is by path.
pub(crate) fn render(
    renderables: &BTreeMap<String, Renderable<'_>>,
    functions: FunctionTable,
    limits: Limits,
) -> Result<BTreeMap<String, Vec<u8>>, TemplateFailure> {
    let mut templates: Vec<(&String, &Renderable<'_>)> = renderables.iter().collect();
    templates.sort_by(|(left, _), (right, _)| compare(left, right));
    let mut set = TemplateSet::new(functions);
    set.set_limits(limits);
    for (path, renderable) in &templates {
        set.parse(path, renderable.text)
            .map_err(|error| TemplateFailure::Parse((*path).clone(), error))?;
    }
    let mut rendered = BTreeMap::new();
    for (path, renderable) in &templates {
        if is_partial(path) {
            continue;
        }
        let mut text = Vec::new();
        set.execute(path, &renderable.context(path), &mut text)
            .map_err(|error| TemplateFailure::Execute((*path).clone(), error))?;
        rendered.insert((*path).clone(), without_no_value(text));
    }
    Ok(rendered)
}

/// Deepest paths first, equally deep ones from the end of the alphabet.
fn compare(left: &str, right: &str) -> Ordering {
    let depth = |path: &str| path.bytes().filter(|&byte| byte == b'/').count();
    let key = |path| Reverse((depth(path), path));
    key(left).cmp(&key(right))
}
