//! Executes templates: what is shared, what is seen, and how an execution begins.

mod call;
mod convert;
mod eval;
mod field;
mod machine;
mod walk;

use std::rc::Rc;

use skeg_go::{GoString, GoValue, quote};

use crate::ast::Parsed;
use crate::error::{Detail, ExecError, TextError};
use crate::set::{Found, SET_NAME};
use crate::stack::Stack;
use crate::suggest::similar;
use crate::{Limits, TemplateSet};
use machine::{Machine, Variable};

pub(crate) use field::zero;

/// How deeply Go allows templates to invoke each other.
const MAX_DEPTH: u32 = 100_000;

/// What functions may return in large values, however little a template may print.
const LEAST_LARGE_VALUES: usize = 64 << 20;

/// What all executions that are nested in one another share.
#[derive(Debug)]
pub(crate) struct Session {
    /// The variables of all templates that are being executed, the innermost last.
    variables: Vec<Variable>,
    /// Arguments of functions that are about to be called.
    arguments: Vec<GoValue>,
    steps_left: u64,
    max_output: usize,
    /// What functions may still return in large values.
    large_left: usize,
    pub(crate) stack: Stack,
}

impl Session {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            variables: Vec::new(),
            arguments: Vec::new(),
            steps_left: limits.max_steps.unwrap_or(u64::MAX),
            max_output: limits.max_output.unwrap_or(usize::MAX),
            large_left: limits.max_output.map_or(usize::MAX, |bytes| {
                bytes.saturating_mul(2).max(LEAST_LARGE_VALUES)
            }),
            stack: Stack::new(limits.max_stack),
        }
    }
}

/// The templates that an execution sees: those of the set, and above them those of texts executed on the fly.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s> {
    set: &'s TemplateSet,
    overlay: Option<Overlay<'s>>,
}

#[derive(Clone, Copy)]
struct Overlay<'s> {
    parent: &'s Scope<'s>,
    parsed: &'s Parsed,
}

impl<'s> Scope<'s> {
    pub(crate) fn find(&self, name: &[u8]) -> Option<Found<'s>> {
        let Some(overlay) = self.overlay else {
            return self.set.find(name);
        };
        let parsed = overlay.parsed;
        let Some(tree) = parsed.tree(name) else {
            return overlay.parent.find(name);
        };
        if tree.is_empty
            && *name != *SET_NAME.as_bytes()
            && let Some(found) = overlay.parent.find(name)
        {
            return Some(found);
        }
        Some(Found { parsed, tree })
    }

    /// The names of all templates, to suggest one.
    fn similar(&self, wanted: &[u8]) -> Vec<String> {
        let mut names: Vec<String> = self
            .set
            .names()
            .map(|name| name.to_lossy().into_owned())
            .collect();
        let mut scope = self;
        while let Some(overlay) = &scope.overlay {
            names.extend(
                overlay
                    .parsed
                    .trees
                    .iter()
                    .map(|tree| tree.name.to_lossy().into_owned()),
            );
            scope = overlay.parent;
        }
        similar(&String::from_utf8_lossy(wanted), names)
    }

    fn unknown(&self, name: &[u8]) -> Detail {
        Detail::UnknownTemplate {
            name: String::from_utf8_lossy(name).into_owned(),
            candidates: self.similar(name),
        }
    }
}

/// Executes a template of the set.
pub(crate) fn execute_named(
    set: &TemplateSet,
    session: &mut Session,
    name: &[u8],
    data: &GoValue,
    out: &mut Vec<u8>,
) -> Result<(), ExecError> {
    let scope = Scope { set, overlay: None };
    execute_in(&scope, session, name, data, out)
}

/// Executes the template that has this name in a scope.
pub(crate) fn execute_in(
    scope: &Scope<'_>,
    session: &mut Session,
    name: &[u8],
    data: &GoValue,
    out: &mut Vec<u8>,
) -> Result<(), ExecError> {
    if let Some(found) = scope.find(name) {
        return Machine::run(scope, session, found, data, out);
    }
    let quoted = quote::quote_bytes(name);
    let message = format!("no template {quoted} associated with template \"{SET_NAME}\"");
    Err(ExecError::without_frame(message, scope.unknown(name)))
}

/// Executes a text as a template above a scope.
pub(crate) fn execute_text_in(
    scope: &Scope<'_>,
    session: &mut Session,
    text: &GoString,
    data: &GoValue,
) -> Result<Vec<u8>, TextError> {
    if memchr::memmem::find(text, b"{{").is_none() {
        return Ok(text.to_vec());
    }
    let parsed: Rc<Parsed> = scope.set.text(text, session.stack)?;
    let Some(tree) = parsed.tree(SET_NAME.as_bytes()) else {
        return Ok(Vec::new());
    };
    let found = Found {
        parsed: &parsed,
        tree,
    };
    let overlay = Some(Overlay {
        parent: scope,
        parsed: &parsed,
    });
    let inner = Scope {
        set: scope.set,
        overlay,
    };
    let mut out = Vec::new();
    Machine::run(&inner, session, found, data, &mut out)?;
    Ok(out)
}
