//! Templates by their names.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use skeg_go::{GoString, GoValue};

use crate::ast::{Parsed, Tree};
use crate::error::{ExecError, ParseError};
use crate::exec::{Session, execute_named};
use crate::hash::FastHasher;
use crate::parse::parse;
use crate::stack::Stack;
use crate::{FunctionTable, Limits};

/// The name of the set itself in Go's messages, and of texts that are executed on the fly.
pub(crate) const SET_NAME: &str = "gotpl";

/// How many texts are kept for when they are executed again.
const CACHED_TEXTS: usize = 20_000;

/// Named templates and the functions that they call.
///
/// All texts are parsed first; then templates are executed, any number of times.
#[derive(Debug, Default)]
pub struct TemplateSet {
    functions: FunctionTable,
    limits: Limits,
    templates: HashMap<GoString, Template, FastHasher>,
    sources: HashMap<GoString, GoString, FastHasher>,
    texts: RefCell<HashMap<GoString, Rc<Parsed>, FastHasher>>,
}

/// One template of a text.
#[derive(Clone, Debug)]
struct Template {
    parsed: Rc<Parsed>,
    tree: usize,
}

/// A template for as long as it is borrowed.
#[derive(Clone, Copy)]
pub(crate) struct Found<'t> {
    pub(crate) parsed: &'t Parsed,
    pub(crate) tree: &'t Tree,
}

impl TemplateSet {
    /// A set without templates.
    pub fn new(functions: FunctionTable) -> Self {
        Self {
            functions,
            ..Self::default()
        }
    }

    /// Sets what executions may use.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// What executions may use.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The functions.
    pub fn functions(&self) -> &FunctionTable {
        &self.functions
    }

    /// Parses a text, and adds it under its name and all templates that it defines.
    ///
    /// A later definition of a name replaces an earlier one, unless it is nothing but space and comments.
    pub fn parse(&mut self, name: &str, text: &[u8]) -> Result<(), ParseError> {
        let name = GoString::from(name);
        let text = GoString::from(text);
        self.sources.insert(name.clone(), text.clone());
        let stack = Stack::new(self.limits.max_stack);
        let parsed = Rc::new(parse(&name, &text, &self.functions, stack)?);
        for (place, tree) in parsed.trees.iter().enumerate() {
            if tree.is_empty && self.templates.contains_key(&*tree.name) {
                continue;
            }
            let template = Template {
                parsed: Rc::clone(&parsed),
                tree: place,
            };
            self.templates.insert(tree.name.clone(), template);
        }
        Ok(())
    }

    /// Executes a template and appends what it prints to `out`, up to where it fails if it does.
    ///
    /// Keys that a map does not have yield the zero value of its elements (`missingkey=zero`).
    pub fn execute(&self, name: &str, data: &GoValue, out: &mut Vec<u8>) -> Result<(), ExecError> {
        let mut session = Session::new(&self.limits);
        execute_named(self, &mut session, name.as_bytes(), data, out)
    }

    /// Whether there is a template of this name.
    pub fn contains(&self, name: impl AsRef<[u8]>) -> bool {
        self.templates.contains_key(name.as_ref())
    }

    /// The names of all templates, in no order.
    pub fn names(&self) -> impl Iterator<Item = &GoString> {
        self.templates.keys()
    }

    /// The text that was parsed under this name last, even if there was an error in it.
    pub fn source(&self, name: impl AsRef<[u8]>) -> Option<&GoString> {
        self.sources.get(name.as_ref())
    }

    pub(crate) fn find(&self, name: &[u8]) -> Option<Found<'_>> {
        let template = self.templates.get(name)?;
        Some(Found {
            parsed: &template.parsed,
            tree: &template.parsed.trees[template.tree],
        })
    }

    /// The parsed form of a text that is executed on the fly.
    pub(crate) fn text(&self, text: &GoString, stack: Stack) -> Result<Rc<Parsed>, ParseError> {
        if let Some(parsed) = self.texts.borrow().get(text) {
            return Ok(Rc::clone(parsed));
        }
        let name = GoString::from(SET_NAME);
        let parsed = Rc::new(parse(&name, text, &self.functions, stack)?);
        let mut texts = self.texts.borrow_mut();
        if texts.len() >= CACHED_TEXTS {
            texts.clear();
        }
        texts.insert(text.clone(), Rc::clone(&parsed));
        Ok(parsed)
    }
}
