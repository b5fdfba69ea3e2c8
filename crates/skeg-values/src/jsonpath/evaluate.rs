//! Evaluation: each node maps a list of values to another.

use skeg_go::number::format_f64;

use super::error::EvaluateJsonPathError as Error;
use super::node::{Filter, Node, Slice, SliceEnd};
use crate::json;
use crate::value::Value;

/// Loops within each other.
const MAX_DEPTH: usize = 100;

/// Evaluates all nodes on `value` and prints the results.
pub(super) fn evaluate(nodes: &[Node], value: &Value) -> Result<String, Error> {
    let mut evaluation = Evaluation {
        nodes,
        out: String::new(),
        pending_range: false,
        pending_end: false,
        depth: 0,
        last_end: None,
    };
    evaluation.run(0, Item::Value(value))?;
    Ok(evaluation.out)
}

/// A value on its way: part of the input, or made by the template.
#[derive(Clone, Copy, Debug)]
enum Item<'value> {
    Value(&'value Value),
    Text(&'value str),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// A byte of a text, which is what Go's wildcard takes texts apart into.
    Byte(u8),
    /// What a loop over nothing, or over a `null`, works on.
    Nothing,
}

type Items<'value> = Vec<Item<'value>>;

/// The state of the loops, which client-go keeps beside the nodes: `{range}` and `{end}` are ordinary nodes of
/// one flat list.
struct Evaluation<'value> {
    nodes: &'value [Node],
    out: String,
    pending_range: bool,
    pending_end: bool,
    depth: usize,
    last_end: Option<usize>,
}

impl<'value> Evaluation<'value> {
    /// Runs the nodes from `start` on `item` up to the end of the loop, or of the template.
    fn run(&mut self, start: usize, item: Item<'value>) -> Result<(), Error> {
        let nodes = self.nodes;
        let mut at = start;
        while at < nodes.len() {
            let results = self.walk(vec![item], &nodes[at])?;
            if std::mem::take(&mut self.pending_end) {
                self.last_end = Some(at);
                return Ok(());
            }
            if std::mem::take(&mut self.pending_range) {
                self.run_range(at + 1, &results)?;
                // Goes on after the loop; a loop that never ended is gone through once more without it.
                at = self.last_end.filter(|end| *end > at).unwrap_or(at);
            } else {
                print(&mut self.out, &results);
            }
            at += 1;
        }
        Ok(())
    }

    fn run_range(&mut self, start: usize, items: &[Item<'value>]) -> Result<(), Error> {
        if self.depth == MAX_DEPTH {
            return Err(Error::TooDeep);
        }
        self.depth += 1;
        if items.is_empty() {
            // Finds the end of the loop.
            let length = self.out.len();
            self.run(start, Item::Nothing)?;
            self.out.truncate(length);
        }
        for item in items {
            let item = match item {
                Item::Value(Value::Null) => Item::Nothing,
                item => *item,
            };
            self.run(start, item)?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn walk_all(&mut self, mut items: Items<'value>, nodes: &'value [Node]) -> Result<Items<'value>, Error> {
        for node in nodes {
            items = self.walk(items, node)?;
        }
        Ok(items)
    }

    fn walk(&mut self, items: Items<'value>, node: &'value Node) -> Result<Items<'value>, Error> {
        let repeat = |item| Ok(vec![item; items.len()]);
        match node {
            Node::List(nodes) => self.walk_all(items, nodes),
            Node::Text(text) => Ok(vec![Item::Text(text)]),
            Node::Int(value) => repeat(Item::Int(*value)),
            Node::Float(value) => repeat(Item::Float(*value)),
            Node::Bool(value) => repeat(Item::Bool(*value)),
            Node::Field(name) => field(&items, name),
            Node::Wildcard => Ok(items.iter().flat_map(children).collect()),
            Node::Recursive => {
                let mut found = Vec::new();
                descend(&items, &mut found);
                Ok(found)
            }
            Node::Slice(slice) => slice_all(&items, *slice),
            Node::Union(alternatives) => {
                let mut results = Vec::new();
                for nodes in alternatives {
                    results.extend(self.walk_all(items.clone(), nodes)?);
                }
                Ok(results)
            }
            Node::Filter(filter) => self.filter(&items, filter),
            Node::Identifier(name) => self.identifier(items, name),
        }
    }

    fn identifier(&mut self, items: Items<'value>, name: &str) -> Result<Items<'value>, Error> {
        match name {
            "range" => {
                self.pending_range = true;
                Ok(items)
            }
            "end" if self.depth == 0 => Err(Error::EndWithoutRange),
            "end" => {
                self.pending_end = true;
                Ok(Vec::new())
            }
            _ => Err(Error::UnknownIdentifier(name.to_owned())),
        }
    }

    fn filter(&mut self, items: &[Item<'value>], filter: &'value Filter) -> Result<Items<'value>, Error> {
        let mut results = Vec::new();
        for item in items {
            let Item::Value(Value::List(elements)) = item else {
                return Err(Error::NotFilterable(go_text(item)));
            };
            for element in elements {
                let element = Item::Value(element);
                if self.passes(element, filter)? {
                    results.push(element);
                }
            }
        }
        Ok(results)
    }

    fn passes(&mut self, element: Item<'value>, filter: &'value Filter) -> Result<bool, Error> {
        let lefts = self.walk_all(vec![element], &filter.left);
        let Some((operator, right)) = &filter.comparison else {
            // What cannot be looked up does not exist.
            return Ok(lefts.is_ok_and(|lefts| !lefts.is_empty()));
        };
        let Some(left) = single(&lefts?)? else {
            return Ok(false);
        };
        let Some(right) = single(&self.walk_all(vec![element], right)?)? else {
            return Ok(false);
        };
        compare(left, operator, right)
    }
}

fn single<'value>(items: &[Item<'value>]) -> Result<Option<Item<'value>>, Error> {
    match items {
        [] => Ok(None),
        [item] => Ok(Some(*item)),
        _ => Err(Error::SeveralElements),
    }
}

fn field<'value>(items: &[Item<'value>], name: &str) -> Result<Items<'value>, Error> {
    let found: Items<'value> = items
        .iter()
        .filter_map(|item| match item {
            Item::Value(value) => value.get(name).map(Item::Value),
            _ => None,
        })
        .collect();
    if found.is_empty() && !items.is_empty() {
        return Err(Error::FieldNotFound(name.to_owned()));
    }
    Ok(found)
}

/// The elements of a list, the values of a map, the bytes of a text.
fn children<'value>(item: &Item<'value>) -> Items<'value> {
    match item {
        Item::Value(Value::List(items)) => items.iter().map(Item::Value).collect(),
        Item::Value(Value::Map(map)) => map.values().map(Item::Value).collect(),
        Item::Value(Value::String(text)) => text.bytes().map(Item::Byte).collect(),
        Item::Text(text) => text.bytes().map(Item::Byte).collect(),
        _ => Vec::new(),
    }
}

/// Every value that has children, parents first.
fn descend<'value>(items: &[Item<'value>], found: &mut Items<'value>) {
    for item in items {
        let children = children(item);
        if !children.is_empty() {
            found.push(*item);
            descend(&children, found);
        }
    }
}

fn slice_all<'value>(items: &[Item<'value>], slice: Slice) -> Result<Items<'value>, Error> {
    let mut results = Vec::new();
    for item in items {
        let elements = match item {
            Item::Value(Value::Null) => continue,
            Item::Value(Value::List(elements)) => elements,
            other => return Err(Error::NotAList(go_type(other))),
        };
        let Some((start, end)) = bounds(slice, elements.len())? else {
            // An empty slice ends it all, whatever other lists there are.
            return Ok(results);
        };
        let step = match slice.step {
            None => 1,
            Some(step) => usize::try_from(step)
                .ok()
                .filter(|step| *step > 0)
                .ok_or(Error::InvalidStep)?,
        };
        results.extend(elements[start..end].iter().step_by(step).map(Item::Value));
    }
    Ok(results)
}

/// The elements of a slice in a list of `length`; `None` when there are none.
fn bounds(slice: Slice, length: usize) -> Result<Option<(usize, usize)>, Error> {
    let total = i64::try_from(length).unwrap_or(i64::MAX);
    let from_end = |index: i64| if index < 0 { index + total } else { index };
    let start = slice.start.map_or(0, from_end);
    let end = match slice.end {
        SliceEnd::Open => total,
        SliceEnd::Before(end) => from_end(end),
        SliceEnd::AfterStart => match slice.start.unwrap_or(0).saturating_add(1) {
            0 => total,
            end => from_end(end),
        },
    };
    if start == end {
        return Ok(None);
    }
    let out_of_bounds = |index| Error::IndexOutOfBounds { index, length };
    let first = usize::try_from(start).ok().filter(|start| *start < length);
    let first = first.ok_or_else(|| out_of_bounds(start))?;
    let last = usize::try_from(end).ok().filter(|end| *end <= length);
    let last = last.ok_or_else(|| out_of_bounds(end.wrapping_sub(1)))?;
    if first > last {
        return Err(Error::ReversedSlice { start, end });
    }
    Ok(Some((first, last)))
}

/// A scalar as Go's template comparison sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Basic<'value> {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'value str),
}

fn basic(item: Item<'_>) -> Result<Basic<'_>, Error> {
    Ok(match item {
        Item::Value(Value::Bool(value)) => Basic::Bool(*value),
        Item::Value(Value::String(text)) => Basic::Text(text),
        Item::Value(value) => Basic::Float(value.as_f64().ok_or(Error::InvalidComparison)?),
        Item::Text(text) => Basic::Text(text),
        Item::Int(value) => Basic::Int(value),
        Item::Float(value) => Basic::Float(value),
        Item::Bool(value) => Basic::Bool(value),
        Item::Byte(value) => Basic::Int(i64::from(value)),
        Item::Nothing => return Err(Error::InvalidComparison),
    })
}

fn compare(left: Item<'_>, operator: &str, right: Item<'_>) -> Result<bool, Error> {
    if !matches!(operator, "==" | "!=" | "<" | "<=" | ">" | ">=") {
        return Err(Error::UnknownOperator(operator.to_owned()));
    }
    let (left, right) = (basic(left)?, basic(right)?);
    let order = match (left, right) {
        (Basic::Bool(left), Basic::Bool(right)) => {
            return match operator {
                "==" => Ok(left == right),
                "!=" => Ok(left != right),
                _ => Err(Error::InvalidComparison),
            };
        }
        (Basic::Int(left), Basic::Int(right)) => Some(left.cmp(&right)),
        (Basic::Float(left), Basic::Float(right)) => left.partial_cmp(&right),
        (Basic::Text(left), Basic::Text(right)) => Some(left.cmp(right)),
        _ => return Err(Error::IncompatibleComparison),
    };
    Ok(match operator {
        "==" => order.is_some_and(std::cmp::Ordering::is_eq),
        "!=" => !order.is_some_and(std::cmp::Ordering::is_eq),
        "<" => order.is_some_and(std::cmp::Ordering::is_lt),
        "<=" => order.is_some_and(std::cmp::Ordering::is_le),
        ">" => order.is_some_and(std::cmp::Ordering::is_gt),
        _ => order.is_some_and(std::cmp::Ordering::is_ge),
    })
}

fn print(out: &mut String, items: &[Item<'_>]) {
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index > 0 { " " } else { "" });
        match item {
            Item::Value(value @ (Value::List(_) | Value::Map(_))) => {
                let value = Value::clone(value).into_float_numbers();
                out.push_str(&json::to_string(&value));
            }
            Item::Value(Value::Null) => out.push_str("null"),
            Item::Nothing => out.push_str("<no value>"),
            item => out.push_str(&go_text(item)),
        }
    }
}

/// Go's `%v`.
fn go_text(item: &Item<'_>) -> String {
    match item {
        Item::Value(value) => match value {
            Value::Null => "<nil>".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::String(text) => text.clone(),
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(|v| go_text(&Item::Value(v))).collect();
                format!("[{}]", items.join(" "))
            }
            Value::Map(map) => {
                let entries: Vec<String> = map
                    .iter()
                    .map(|(key, value)| format!("{key}:{}", go_text(&Item::Value(value))))
                    .collect();
                format!("map[{}]", entries.join(" "))
            }
            number => format_f64(number.as_f64().unwrap_or_default()),
        },
        Item::Text(text) => (*text).to_owned(),
        Item::Int(value) => value.to_string(),
        Item::Float(value) => format_f64(*value),
        Item::Bool(value) => value.to_string(),
        Item::Byte(value) => value.to_string(),
        Item::Nothing => "<invalid reflect.Value>".to_owned(),
    }
}

fn go_type(item: &Item<'_>) -> &'static str {
    match item {
        Item::Value(Value::Map(_)) => "map[string]interface {}",
        Item::Value(Value::List(_)) => "[]interface {}",
        Item::Value(Value::String(_)) | Item::Text(_) => "string",
        Item::Value(Value::Bool(_)) | Item::Bool(_) => "bool",
        Item::Value(Value::Int(_) | Value::UInt(_) | Value::Float(_)) | Item::Float(_) => "float64",
        Item::Int(_) => "int",
        Item::Byte(_) => "uint8",
        Item::Value(Value::Null) | Item::Nothing => "<nil>",
    }
}
