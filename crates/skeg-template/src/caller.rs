//! What functions see of the templates that call them.

use skeg_go::{GoString, GoValue};

use crate::error::{ExecError, TextError};
use crate::exec::{Scope, Session, execute_in, execute_text_in};

/// How many bytes most templates print that functions execute, so that few buffers have to grow.
const EXPECTED_OUTPUT: usize = 128;

/// The execution that a function was called from.
pub struct Caller<'c> {
    pub(crate) scope: &'c Scope<'c>,
    pub(crate) session: &'c mut Session,
}

impl Caller<'_> {
    /// Executes the template of this name, as the calling template sees it, and returns what it prints.
    pub fn execute(&mut self, name: &[u8], data: &GoValue) -> Result<Vec<u8>, ExecError> {
        let mut out = Vec::with_capacity(EXPECTED_OUTPUT);
        execute_in(self.scope, self.session, name, data, &mut out)?;
        Ok(out)
    }

    /// Executes a text as a template of the name `gotpl` and returns what it prints.
    ///
    /// It sees the templates that the calling one sees, and those that itself defines; the calling one does not
    /// see the latter.
    pub fn execute_text(&mut self, text: &GoString, data: &GoValue) -> Result<Vec<u8>, TextError> {
        execute_text_in(self.scope, self.session, text, data)
    }

    /// Whether the calling template sees a template of this name.
    pub fn contains(&self, name: &[u8]) -> bool {
        self.scope.find(name).is_some()
    }

    /// The bytes of stack that the execution uses so far.
    pub fn stack_used(&self) -> usize {
        self.session.stack.used()
    }
}
