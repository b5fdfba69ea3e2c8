//! Calls of functions and methods.

use skeg_go::fmt::MAX_TEXT;
use skeg_go::{CallError, GoValue, Method, Parameter};

use super::eval::{Arguments, Site};
use super::machine::{Datum, Machine, Result};
use crate::ast::Callee;
use crate::builtin::Builtin;
use crate::error::{Detail, ExecError};
use crate::print::{Place, operand_text};
use crate::{Body, Caller, Function};

/// What a function takes.
#[derive(Clone, Copy)]
struct Signature<'s> {
    name: &'s str,
    parameters: &'s [Parameter],
    variadic: Option<Parameter>,
}

/// The bytes from which on values are counted.
const LARGE: usize = 1 << 20;

/// The bytes of a value without those inside it.
fn size(value: &GoValue) -> usize {
    match value {
        GoValue::String(text) => text.len(),
        GoValue::List(list) => list.len().saturating_mul(size_of::<GoValue>()),
        _ => 0,
    }
}

impl Machine<'_> {
    /// Calls a function.
    pub(super) fn function(&mut self, index: u32, site: &Site<'_>) -> Result<GoValue> {
        match &self.code.functions[index as usize].callee {
            Callee::Function(function) => self.call(function, site),
            Callee::Builtin(builtin) => self.builtin(*builtin, site),
        }
    }

    fn call(&mut self, function: &Function, site: &Site<'_>) -> Result<GoValue> {
        let signature = Signature {
            name: function.name,
            parameters: function.parameters,
            variadic: function.variadic,
        };
        let mark = self.collect(signature, site)?;
        let result = match &function.body {
            Body::Pure(body) => body(&self.session.arguments[mark..]),
            Body::Stateful(body) => body(&self.session.arguments[mark..]),
            Body::Caller(body) => {
                let arguments: Vec<GoValue> = self.session.arguments.drain(mark..).collect();
                let mut caller = Caller {
                    scope: self.scope,
                    session: &mut *self.session,
                };
                body(&mut caller, &arguments)
            }
        };
        self.finish(mark, result, function.name, site.place)
    }

    /// Calls a method of `receiver`.
    pub(super) fn method(&mut self, receiver: &GoValue, method: Method, site: &Site<'_>) -> Result<Datum> {
        let signature = Signature {
            name: method.name,
            parameters: method.parameters,
            variadic: method.variadic,
        };
        let mark = self.collect(signature, site)?;
        let result = (method.call)(receiver, &self.session.arguments[mark..]);
        self.finish(mark, result, method.name, site.place)
            .map(Datum::returned)
    }

    fn finish(
        &mut self,
        mark: usize,
        result: std::result::Result<GoValue, CallError>,
        name: &str,
        place: Place,
    ) -> Result<GoValue> {
        self.session.arguments.truncate(mark);
        let value = result.map_err(|error| self.call_failed(error, name, place))?;
        let size = size(&value);
        if size >= LARGE {
            self.charge(size, name, place)?;
        }
        Ok(value)
    }

    /// Counts a large value against what is left for them.
    #[cold]
    fn charge(&mut self, size: usize, name: &str, place: Place) -> Result<()> {
        let session = &mut *self.session;
        let left = session.large_left.checked_sub(size);
        if let Some(left) = left.filter(|_| size <= MAX_TEXT) {
            session.large_left = left;
            return Ok(());
        }
        self.at = place;
        let message = match left {
            None => format!("{name} and what was called before it return more than the limit allows"),
            Some(_) => format!("{name} returns more than the limit of {MAX_TEXT} bytes"),
        };
        Err(self.fail_with(message, Detail::Limit))
    }

    #[cold]
    fn call_failed(&mut self, error: CallError, name: &str, place: Place) -> ExecError {
        self.at = place;
        ExecError::calling(self.frame(), name.to_owned(), error)
    }

    /// Puts the arguments onto the stack of arguments and returns where they begin.
    fn collect(&mut self, signature: Signature<'_>, site: &Site<'_>) -> Result<usize> {
        let arguments = &site.arguments;
        self.check_count(signature, arguments)?;
        let mark = self.session.arguments.len();
        let fixed = signature.parameters;
        let rest = signature.variadic.unwrap_or(Parameter::Any);
        let parameter = |place: usize| fixed.get(place).copied().unwrap_or(rest);
        let operands = arguments.operands;
        for (place, operand) in (operands.start..operands.end).enumerate() {
            let value = self.argument(site.dot, operand, parameter(place))?;
            self.session.arguments.push(value);
        }
        if let Some(last) = &arguments.last {
            let value = self.convert(Datum::concrete(last.clone()), parameter(operands.len()))?;
            self.session.arguments.push(value);
        }
        Ok(mark)
    }

    fn check_count(&self, signature: Signature<'_>, arguments: &Arguments) -> Result<()> {
        let given = arguments.operands.len();
        let count = given + usize::from(arguments.last.is_some());
        let fixed = signature.parameters.len();
        if signature.variadic.is_some() {
            if count >= fixed {
                return Ok(());
            }
            let name = signature.name;
            let message = format!("wrong number of args for {name}: want at least {fixed} got {given}");
            return self.fail(message);
        }
        if count == fixed {
            return Ok(());
        }
        let name = signature.name;
        self.fail(format!(
            "wrong number of args for {name}: want {fixed} got {count}"
        ))
    }

    fn builtin(&mut self, builtin: Builtin, site: &Site<'_>) -> Result<GoValue> {
        let (parameters, variadic) = builtin.parameters();
        let signature = Signature {
            name: builtin.name(),
            parameters,
            variadic,
        };
        match builtin {
            Builtin::And | Builtin::Or => {
                self.check_count(signature, &site.arguments)?;
                return self.decide(builtin == Builtin::Or, site);
            }
            Builtin::Len => {
                self.check_count(signature, &site.arguments)?;
                return self.len(site);
            }
            Builtin::Call => return self.call_value(signature, site),
            _ => {}
        }
        let mark = self.collect(signature, site)?;
        let result = builtin.call(&self.session.arguments[mark..]);
        self.finish(mark, result, builtin.name(), site.place)
    }

    /// `and` and `or`: the first value that decides, or the last one.
    fn decide(&mut self, deciding: bool, site: &Site<'_>) -> Result<GoValue> {
        let arguments = &site.arguments;
        let mut value = GoValue::Nil;
        for operand in arguments.operands.start..arguments.operands.end {
            value = self.operand(site.dot, operand)?.value;
            if value.is_true() == deciding {
                return Ok(value);
            }
        }
        Ok(arguments.last.clone().unwrap_or(value))
    }

    /// `len`, which alone tells nil in an interface from no value.
    fn len(&mut self, site: &Site<'_>) -> Result<GoValue> {
        let item = match &site.arguments.last {
            Some(last) => Datum::concrete(last.clone()),
            None => self.operand(site.dot, site.arguments.operands.start)?,
        };
        let result = if item.is_nil_interface() {
            Err(CallError::new("len of nil pointer"))
        } else {
            crate::builtin::len(&item.value)
        };
        let mark = self.session.arguments.len();
        self.finish(mark, result, "len", site.place)
    }

    /// `call`: no value is a function, so it always fails.
    fn call_value(&mut self, signature: Signature<'_>, site: &Site<'_>) -> Result<GoValue> {
        let arguments = &site.arguments;
        let callee = match (arguments.operands.is_empty(), &arguments.last) {
            (false, _) => {
                let operand = self.code.operands[arguments.operands.start as usize];
                operand_text(self.code, self.text, operand)
            }
            (true, Some(GoValue::String(text))) => text.to_vec(),
            (true, Some(GoValue::Nil) | None) => b"<invalid Value>".to_vec(),
            (true, Some(value)) => format!("<{} Value>", value.type_name()).into_bytes(),
        };
        let mark = self.collect(signature, site)?;
        let message = match &self.session.arguments[mark] {
            GoValue::Nil => "call of nil".to_owned(),
            value => {
                let callee = String::from_utf8_lossy(&callee);
                format!("non-function {callee} of type {}", value.type_name())
            }
        };
        self.finish(mark, Err(CallError::new(message)), "call", site.place)
    }
}
