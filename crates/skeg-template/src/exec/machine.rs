//! The state of one execution.

use std::mem;

use skeg_go::GoValue;

use super::{Scope, Session};
use crate::ast::{Code, Parsed, Tree};
use crate::error::{Detail, ExecError, Frame};
use crate::print::{self, Place};
use crate::set::Found;

pub(super) type Result<T> = std::result::Result<T, ExecError>;

/// A value within an expression.
///
/// Go tells an interface that holds nil from no value at all: `interface` says that the static type is
/// `interface {}`. Nil that is no interface is no value.
#[derive(Clone, Debug, Default)]
pub(super) struct Datum {
    pub(super) value: GoValue,
    pub(super) interface: bool,
}

impl Datum {
    pub(super) fn concrete(value: GoValue) -> Self {
        Self {
            value,
            interface: false,
        }
    }

    /// What a function returned whose result is of type `interface {}`.
    pub(super) fn returned(value: GoValue) -> Self {
        let interface = value.is_nil();
        Self { value, interface }
    }

    pub(super) fn is_nil_interface(&self) -> bool {
        self.interface && self.value.is_nil()
    }

    /// The name of the static type.
    pub(super) fn static_type(&self) -> String {
        if self.interface {
            "interface {}".to_owned()
        } else {
            self.value.type_name()
        }
    }
}

#[derive(Debug)]
pub(super) struct Variable {
    pub(super) id: u32,
    pub(super) value: Datum,
}

pub(super) struct Machine<'t> {
    pub(super) scope: &'t Scope<'t>,
    pub(super) session: &'t mut Session,
    pub(super) out: &'t mut Vec<u8>,
    pub(super) parsed: &'t Parsed,
    pub(super) code: &'t Code,
    pub(super) text: &'t [u8],
    pub(super) tree: &'t Tree,
    /// The node that an error would be reported at.
    pub(super) at: Place,
    /// Where the variables of the template begin.
    pub(super) base: usize,
    /// How many templates are being invoked.
    pub(super) depth: u32,
}

impl<'t> Machine<'t> {
    /// Executes a template.
    pub(super) fn run(
        scope: &Scope<'_>,
        session: &mut Session,
        found: Found<'_>,
        data: &GoValue,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let variables = session.variables.len();
        let arguments = session.arguments.len();
        let mut machine = Machine {
            scope,
            out,
            parsed: found.parsed,
            code: &found.parsed.code,
            text: &found.parsed.text,
            tree: found.tree,
            at: Place::Start,
            base: variables,
            depth: 0,
            session,
        };
        let result = machine.tree(&Datum::concrete(data.clone()));
        session.variables.truncate(variables);
        session.arguments.truncate(arguments);
        result
    }

    /// Executes the current tree; what it leaves on the stack of variables is for the caller to remove.
    fn tree(&mut self, dot: &Datum) -> Result<()> {
        if self.session.stack.is_used_up() {
            return Err(self.fail_with("nested too deeply for the stack", Detail::Limit));
        }
        self.session.variables.push(Variable {
            id: 0,
            value: dot.clone(),
        });
        self.walk(dot, self.tree.root).map(drop)
    }

    /// Executes another template, then goes on with this one.
    pub(super) fn invoke(&mut self, found: Found<'t>, dot: GoValue) -> Result<()> {
        let base = mem::replace(&mut self.base, self.session.variables.len());
        let parsed = mem::replace(&mut self.parsed, found.parsed);
        let tree = mem::replace(&mut self.tree, found.tree);
        self.code = &self.parsed.code;
        self.text = &self.parsed.text;
        self.depth += 1;
        self.tree(&Datum::concrete(dot))?;
        self.session.variables.truncate(self.base);
        self.depth -= 1;
        self.base = base;
        self.parsed = parsed;
        self.code = &parsed.code;
        self.text = &parsed.text;
        self.tree = tree;
        Ok(())
    }

    // Errors.

    #[cold]
    pub(super) fn fail<T>(&self, message: impl Into<String>) -> Result<T> {
        Err(self.fail_with(message, Detail::None))
    }

    #[cold]
    pub(super) fn fail_with(&self, message: impl Into<String>, detail: Detail) -> ExecError {
        ExecError::new(self.frame(), message.into(), detail)
    }

    pub(super) fn frame(&self) -> Frame {
        let position = print::position(self.code, self.at) as usize;
        let before = &self.text[..position];
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        let node = print::place_text(self.code, self.text, self.at);
        let start = print::start(self.code, self.at) as usize;
        let end = print::end(self.code, self.at) as usize;
        Frame {
            name: self.parsed.name.clone(),
            line: 1 + memchr::memchr_iter(b'\n', before).count(),
            column: position - line_start,
            template: self.tree.name.clone(),
            node: String::from_utf8_lossy(&node).into_owned(),
            text: self.parsed.text.clone(),
            span: start..end.max(start),
        }
    }

    /// A name of a field or method.
    pub(super) fn field_name(&self, field: u32) -> &'t [u8] {
        self.code.fields[field as usize].of(self.text)
    }
}
