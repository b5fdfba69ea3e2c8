//! Nodes: text, actions, branches, loops.

use skeg_go::{GoType, GoValue, quote};

use super::MAX_DEPTH;
use super::field::visit;
use super::machine::{Datum, Machine, Result};
use crate::ast::{Branch, BranchKind, Node, Otherwise, Pipe, Run, Shape};
use crate::builtin::{printed, write_printed};
use crate::error::Detail;
use crate::print::Place;

/// How the execution of a list ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Next,
    Break,
    Continue,
}

impl Machine<'_> {
    pub(super) fn walk(&mut self, dot: &Datum, list: Run) -> Result<Flow> {
        for node in list.of(&self.code.nodes) {
            self.step()?;
            let flow = match node {
                Node::Text(span) => {
                    self.out.extend_from_slice(span.of(self.text));
                    continue;
                }
                Node::Action(pipe) => {
                    self.action(dot, *pipe)?;
                    continue;
                }
                Node::Branch(branch) => self.branch(dot, *branch)?,
                Node::Invocation(invocation) => {
                    self.invocation(dot, *invocation)?;
                    continue;
                }
                Node::Break => Flow::Break,
                Node::Continue => Flow::Continue,
            };
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn step(&mut self) -> Result<()> {
        let session = &mut *self.session;
        session.steps_left = session.steps_left.wrapping_sub(1);
        if session.steps_left == 0 || self.out.len() > session.max_output {
            return Err(self.limit());
        }
        Ok(())
    }

    #[cold]
    fn limit(&self) -> crate::ExecError {
        let message = if self.session.steps_left == 0 {
            "template takes more steps than the limit allows".to_owned()
        } else {
            format!(
                "output is larger than the limit of {} bytes",
                self.session.max_output
            )
        };
        self.fail_with(message, Detail::Limit)
    }

    fn action(&mut self, dot: &Datum, pipe: u32) -> Result<()> {
        if self.print_shape(dot, pipe) {
            return Ok(());
        }
        let value = self.pipe(dot, pipe)?;
        if self.code.pipes[pipe as usize].variables.is_empty() {
            write_printed(self.out, &value);
        }
        Ok(())
    }

    /// Prints the value of a pipeline that needs no evaluation, if it is one.
    fn print_shape(&mut self, dot: &Datum, pipe: u32) -> bool {
        let (value, fields) = match self.code.pipes[pipe as usize].shape {
            Shape::Any => return false,
            Shape::Fields(fields) => (&dot.value, fields),
            Shape::Variable(index) => match self.find_slot(index) {
                Some(slot) => {
                    let fields = self.code.variables[index as usize].fields;
                    (&self.session.variables[slot].value.value, fields)
                }
                None => return false,
            },
        };
        if fields.is_empty() {
            write_printed(self.out, value);
            return true;
        }
        let names = fields.of(&self.code.fields);
        let printed = visit(value, names, self.text, |value, _| {
            write_printed(self.out, value);
        });
        printed.is_some()
    }

    fn invocation(&mut self, dot: &Datum, index: u32) -> Result<()> {
        let invocation = &self.code.invocations[index as usize];
        self.at = Place::Invocation(index);
        let Some(found) = self.scope.find(&invocation.name) else {
            let name = quote::quote_bytes(&invocation.name);
            let detail = self.scope.unknown(&invocation.name);
            return Err(self.fail_with(format!("template {name} not defined"), detail));
        };
        if self.depth == MAX_DEPTH || self.session.stack.is_low() {
            let message = format!("exceeded maximum template depth ({MAX_DEPTH})");
            return Err(self.fail_with(message, Detail::Limit));
        }
        let dot = match invocation.pipe {
            Some(pipe) => self.pipe(dot, pipe)?,
            None => GoValue::Nil,
        };
        self.invoke(found, dot)
    }

    fn branch(&mut self, dot: &Datum, index: u32) -> Result<Flow> {
        if self.session.stack.is_used_up() {
            return Err(self.fail_with("nested too deeply for the stack", Detail::Limit));
        }
        let mark = self.session.variables.len();
        let mut branch = &self.code.branches[index as usize];
        if branch.kind == BranchKind::Range {
            let flow = self.range(dot, branch)?;
            self.session.variables.truncate(mark);
            return Ok(flow);
        }
        let flow = loop {
            let value = self.pipe(dot, branch.pipe)?;
            if value.is_true() {
                break match branch.kind {
                    BranchKind::With => self.walk(&Datum::concrete(value), branch.body)?,
                    _ => self.walk(dot, branch.body)?,
                };
            }
            match branch.otherwise {
                Otherwise::Nothing => break Flow::Next,
                Otherwise::Body(body) => break self.walk(dot, body)?,
                Otherwise::Branch(next) => branch = &self.code.branches[next as usize],
            }
        };
        self.session.variables.truncate(mark);
        Ok(flow)
    }

    fn range(&mut self, dot: &Datum, branch: &Branch) -> Result<Flow> {
        let value = self.pipe(dot, branch.pipe)?;
        let mark = self.session.variables.len();
        let pipe = &self.code.pipes[branch.pipe as usize];
        let mut body = Loop {
            pipe,
            body: branch.body,
            mark,
            ran: false,
        };
        self.iterate(&value, &mut body)?;
        match branch.otherwise {
            Otherwise::Body(otherwise) if !body.ran => self.walk(dot, otherwise),
            _ => Ok(Flow::Next),
        }
    }

    fn iterate(&mut self, value: &GoValue, body: &mut Loop<'_>) -> Result<()> {
        match value {
            GoValue::Nil => Ok(()),
            GoValue::Int(kind, count) => {
                self.check_counting(value, body)?;
                self.count(*count, body, |number| GoValue::Int(*kind, number))
            }
            GoValue::Uint(kind, count) => {
                self.check_counting(value, body)?;
                let count = i64::try_from(*count).unwrap_or(i64::MAX);
                self.count(count, body, |number| GoValue::Uint(*kind, number.unsigned_abs()))
            }
            GoValue::List(list) => {
                let interface = *list.element() == GoType::Interface;
                for place in 0..list.len() {
                    // Not an iterator: the body may sort the list.
                    let item = list.items().get(place).cloned();
                    let value = item.unwrap_or(GoValue::Nil);
                    let element = Datum { value, interface };
                    let place = GoValue::int(i64::try_from(place).unwrap_or(i64::MAX));
                    if self.once(body, place, &element)? == Flow::Break {
                        break;
                    }
                }
                Ok(())
            }
            GoValue::Map(map) => {
                let interface = *map.element() == GoType::Interface;
                for (key, value) in map.snapshot() {
                    let element = Datum { value, interface };
                    if self.once(body, GoValue::String(key), &element)? == Flow::Break {
                        break;
                    }
                }
                Ok(())
            }
            GoValue::Object(object) if object.as_i64().is_some() => {
                self.check_counting(value, body)?;
                self.count(object.as_i64().unwrap_or_default(), body, GoValue::int64)
            }
            GoValue::Bool(_) | GoValue::Float(_) | GoValue::String(_) | GoValue::Object(_) => {
                let shown = String::from_utf8_lossy(&printed(value)).into_owned();
                self.fail(format!("range can't iterate over {shown}"))
            }
        }
    }

    fn check_counting(&self, value: &GoValue, body: &Loop<'_>) -> Result<()> {
        if body.pipe.variables.len() > 1 {
            let shown = String::from_utf8_lossy(&printed(value)).into_owned();
            return self.fail(format!(
                "can't use {shown} to iterate over more than one variable"
            ));
        }
        Ok(())
    }

    fn count(&mut self, count: i64, body: &mut Loop<'_>, value: impl Fn(i64) -> GoValue) -> Result<()> {
        for number in 0..count {
            let element = Datum::concrete(value(number));
            if self.once(body, GoValue::Nil, &element)? == Flow::Break {
                break;
            }
        }
        Ok(())
    }

    /// One round of a loop.
    fn once(&mut self, round: &mut Loop<'_>, key: GoValue, element: &Datum) -> Result<Flow> {
        round.ran = true;
        self.step()?;
        let variables = round.pipe.variables;
        match (variables.len(), round.pipe.is_assignment) {
            (0, _) => {}
            (1, false) => self.set_top(round.mark, 1, element.clone()),
            (1, true) => self.assign(variables.start, element.clone())?,
            (_, false) => {
                self.set_top(round.mark, 1, element.clone());
                self.set_top(round.mark, 2, Datum::concrete(key));
            }
            (_, true) => {
                self.assign(variables.start, Datum::concrete(key))?;
                self.assign(variables.start + 1, element.clone())?;
            }
        }
        let flow = self.walk(element, round.body)?;
        self.session.variables.truncate(round.mark);
        Ok(flow)
    }

    fn set_top(&mut self, mark: usize, from_top: usize, value: Datum) {
        self.session.variables[mark - from_top].value = value;
    }
}

/// A loop that is being executed.
struct Loop<'l> {
    pipe: &'l Pipe,
    body: Run,
    /// The number of variables before each round.
    mark: usize,
    ran: bool,
}
