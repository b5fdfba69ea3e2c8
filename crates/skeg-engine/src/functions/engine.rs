//! Functions that know the templates around them, the cluster, or how strict to be.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use skeg_go::quote::quote_bytes;
use skeg_go::{CallError, GoMap, GoString, GoValue, Parameter};
use skeg_template::{Body, Caller, Function, TextError};

use crate::input::ClusterLookup;
use crate::log::Log;
use crate::trace::mark_message;

/// How often a template may be included while it is being included.
const MAX_NESTED_INCLUDES: usize = 1000;

/// How deeply includes and texts may be nested in one another, whatever their names. Helm has no such limit, and
/// crashes.
const MAX_NESTING: usize = 10_000;

/// What a missing key leaves in the output of a template.
const NO_VALUE: &[u8] = b"<no value>";

/// The functions `include`, `tpl`, `required`, `fail`, `lookup` and, unless the network may be asked,
/// `getHostByName`.
pub(crate) fn functions(
    lint_mode: bool,
    enable_dns: bool,
    lookup: Option<Rc<dyn ClusterLookup>>,
    log: &Rc<Log>,
) -> Vec<Function> {
    let nesting = Nesting::default();
    let mut functions = vec![
        include(nesting.clone()),
        tpl(nesting),
        required(lint_mode, Rc::clone(log)),
        fail(lint_mode, Rc::clone(log)),
        lookup_function(lookup.filter(|_| !lint_mode)),
    ];
    if !enable_dns {
        functions.push(Function::stateful("getHostByName", &[Parameter::String], |_| {
            Ok("".into())
        }));
    }
    functions
}

fn caller(
    name: &'static str,
    call: impl Fn(&mut Caller<'_>, &[GoValue]) -> Result<GoValue, CallError> + 'static,
) -> Function {
    Function {
        name,
        parameters: &[Parameter::String, Parameter::Any],
        variadic: None,
        body: Body::Caller(Rc::new(call)),
    }
}

fn text(arguments: &[GoValue], at: usize) -> GoString {
    let text = arguments.get(at).and_then(GoValue::as_string);
    text.cloned().unwrap_or_default()
}

fn lossy(arguments: &[GoValue], at: usize) -> String {
    text(arguments, at).to_lossy().into_owned()
}

/// How deep the execution is in calls of `include` and `tpl`.
#[derive(Clone, Default)]
struct Nesting {
    depth: Rc<Cell<usize>>,
    /// Set when the limit was reached: then one message is enough, without those of all levels.
    is_too_deep: Rc<Cell<bool>>,
}

impl Nesting {
    /// Does something that is one level deeper.
    fn inside<T>(&self, work: impl FnOnce() -> Result<T, CallError>) -> Result<T, CallError> {
        let depth = self.depth.get();
        if depth >= MAX_NESTING {
            self.is_too_deep.set(true);
            return Err(too_deep());
        }
        self.depth.set(depth + 1);
        let outcome = work();
        self.depth.set(depth);
        outcome.map_err(|error| if self.is_too_deep.get() { too_deep() } else { error })
    }
}

fn too_deep() -> CallError {
    CallError::new(format!("templates are nested more than {MAX_NESTING} times"))
}

fn include(nesting: Nesting) -> Function {
    let nested: RefCell<HashMap<GoString, usize>> = RefCell::default();
    caller("include", move |caller, arguments| {
        let name = text(arguments, 0);
        enter(&mut nested.borrow_mut(), &name)?;
        let data = arguments.get(1).cloned().unwrap_or_default();
        let outcome = nesting.inside(|| {
            let text = caller.execute(&name, &data);
            text.map_err(|error| CallError::prefixing("", error))
        });
        if let Some(depth) = nested.borrow_mut().get_mut(&name) {
            *depth -= 1;
        }
        outcome.map(GoValue::from)
    })
}

/// The second part of the message for templates that include themselves without end.
#[derive(Debug, thiserror::Error)]
#[error("unable to execute template")]
struct UnableToExecute;

fn enter(nested: &mut HashMap<GoString, usize>, name: &GoString) -> Result<(), CallError> {
    let Some(depth) = nested.get_mut(name) else {
        nested.insert(name.clone(), 1);
        return Ok(());
    };
    if *depth > MAX_NESTED_INCLUDES {
        let name = name.to_lossy();
        let message = format!("rendering template has a nested reference name: {name}: {UnableToExecute}");
        return Err(CallError::wrapping(message, UnableToExecute));
    }
    *depth += 1;
    Ok(())
}

fn tpl(nesting: Nesting) -> Function {
    caller("tpl", move |caller, arguments| {
        let text = text(arguments, 0);
        let data = arguments.get(1).cloned().unwrap_or_default();
        nesting.inside(|| match caller.execute_text(&text, &data) {
            Ok(rendered) => Ok(without_no_value(rendered).into()),
            Err(error) => {
                let reason = match &error {
                    TextError::Parse(_) => "cannot parse template",
                    TextError::Exec(_) => "error during tpl function execution for",
                };
                let prefix = format!("{reason} {}: ", quote_bytes(&text));
                Err(CallError::prefixing(prefix, error))
            }
        })
    })
}

/// A text without `<no value>`, wherever that came from.
pub(crate) fn without_no_value(text: Vec<u8>) -> Vec<u8> {
    let Some(first) = find(&text, NO_VALUE) else {
        return text;
    };
    let mut kept = text[..first].to_vec();
    let mut rest = &text[first + NO_VALUE.len()..];
    while let Some(at) = find(rest, NO_VALUE) {
        kept.extend_from_slice(&rest[..at]);
        rest = &rest[at + NO_VALUE.len()..];
    }
    kept.extend_from_slice(rest);
    kept
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, wanted)
}

fn required(lint_mode: bool, log: Rc<Log>) -> Function {
    Function::stateful(
        "required",
        &[Parameter::String, Parameter::Any],
        move |arguments| {
            let value = arguments.get(1).cloned().unwrap_or_default();
            let message = match &value {
                GoValue::Nil => "missing required value",
                GoValue::String(text) if text.is_empty() => "missing required values",
                _ => return Ok(value),
            };
            let warning = lossy(arguments, 0);
            if lint_mode {
                log.warn(message, &[("message", &warning)]);
                return Ok("".into());
            }
            Err(CallError::new(mark_message(&warning)))
        },
    )
}

fn fail(lint_mode: bool, log: Rc<Log>) -> Function {
    Function::stateful("fail", &[Parameter::String], move |arguments| {
        let message = lossy(arguments, 0);
        if lint_mode {
            log.info("funcMap fail", &[("message", &message)]);
            return Ok("".into());
        }
        Err(CallError::new(mark_message(&message)))
    })
}

fn lookup_function(cluster: Option<Rc<dyn ClusterLookup>>) -> Function {
    let parameters = &[Parameter::String; 4];
    Function::stateful("lookup", parameters, move |arguments| {
        let Some(cluster) = &cluster else {
            return Ok(GoMap::new().into());
        };
        let text = |at| lossy(arguments, at);
        cluster.lookup(&text(0), &text(1), &text(2), &text(3))
    })
}
