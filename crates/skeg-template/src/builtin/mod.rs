//! The functions that every template has.

mod compare;
mod escape;
mod index;

use skeg_go::{CallError, GoValue, Kind, Parameter, fmt};

pub(crate) use index::len;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    And,
    Call,
    Eq,
    Ge,
    Gt,
    Html,
    Index,
    Js,
    Le,
    Len,
    Lt,
    Ne,
    Not,
    Or,
    Print,
    Printf,
    Println,
    Slice,
    UrlQuery,
}

const ALL: [(&str, Builtin); 19] = [
    ("and", Builtin::And),
    ("call", Builtin::Call),
    ("eq", Builtin::Eq),
    ("ge", Builtin::Ge),
    ("gt", Builtin::Gt),
    ("html", Builtin::Html),
    ("index", Builtin::Index),
    ("js", Builtin::Js),
    ("le", Builtin::Le),
    ("len", Builtin::Len),
    ("lt", Builtin::Lt),
    ("ne", Builtin::Ne),
    ("not", Builtin::Not),
    ("or", Builtin::Or),
    ("print", Builtin::Print),
    ("printf", Builtin::Printf),
    ("println", Builtin::Println),
    ("slice", Builtin::Slice),
    ("urlquery", Builtin::UrlQuery),
];

impl Builtin {
    pub(crate) fn find(name: &str) -> Option<Self> {
        let found = ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, builtin)| *builtin)
    }

    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        ALL.iter().map(|(name, _)| *name)
    }

    pub(crate) fn name(self) -> &'static str {
        ALL[self as usize].0
    }

    /// The parameters that must be there, and the type of further ones.
    pub(crate) fn parameters(self) -> (&'static [Parameter], Option<Parameter>) {
        const ANY: Parameter = Parameter::Any;
        match self {
            Self::Html | Self::Js | Self::UrlQuery | Self::Print | Self::Println => (&[], Some(ANY)),
            Self::Printf => (&[Parameter::String], Some(ANY)),
            Self::Len | Self::Not => (&[ANY], None),
            Self::Ge | Self::Gt | Self::Le | Self::Lt | Self::Ne => (&[ANY, ANY], None),
            Self::And | Self::Call | Self::Eq | Self::Index | Self::Or | Self::Slice => (&[ANY], Some(ANY)),
        }
    }

    /// Calls it with as many arguments as it wants. `and`, `or`, `len` and `call` are the evaluator's own.
    pub(crate) fn call(self, arguments: &[GoValue]) -> Result<GoValue, CallError> {
        match self {
            Self::Eq => compare::equals_any(arguments).map(GoValue::Bool),
            Self::Ne => compare::equals_any(arguments).map(|equal| GoValue::Bool(!equal)),
            Self::Lt => compare::is_less(arguments).map(GoValue::Bool),
            Self::Le => compare::is_less_or_equal(arguments).map(GoValue::Bool),
            Self::Gt => compare::is_less_or_equal(arguments).map(|holds| GoValue::Bool(!holds)),
            Self::Ge => compare::is_less(arguments).map(|holds| GoValue::Bool(!holds)),
            Self::Html => Ok(GoValue::string(escape::html(&escape::joined(arguments)))),
            Self::Js => Ok(GoValue::string(escape::js(&escape::joined(arguments)))),
            Self::UrlQuery => Ok(GoValue::string(escape::url_query(&escape::joined(arguments)))),
            Self::Index => index::index(arguments),
            Self::Slice => index::slice(arguments),
            Self::Not => Ok(GoValue::Bool(!arguments.first().is_some_and(GoValue::is_true))),
            Self::Print => Ok(GoValue::string(fmt::sprint(arguments))),
            Self::Println => Ok(GoValue::string(fmt::sprintln(arguments))),
            Self::Printf => match arguments {
                [GoValue::String(format), arguments @ ..] => {
                    Ok(GoValue::string(fmt::sprintf(format, arguments)))
                }
                _ => Ok(GoValue::Nil),
            },
            Self::And | Self::Or | Self::Len | Self::Call => Ok(GoValue::Nil),
        }
    }
}

/// A value as an action prints it.
pub(crate) fn printed(value: &GoValue) -> Vec<u8> {
    let mut out = Vec::new();
    write_printed(&mut out, value);
    out
}

/// Prints a value as an action does: no value as `<no value>`, and what a pointer points to.
pub(crate) fn write_printed(out: &mut Vec<u8>, value: &GoValue) {
    match value {
        GoValue::String(text) => out.extend_from_slice(text),
        GoValue::Nil => out.extend_from_slice(NO_VALUE),
        GoValue::Bool(true) => out.extend_from_slice(b"true"),
        GoValue::Bool(false) => out.extend_from_slice(b"false"),
        GoValue::Object(object) => {
            if let Some(text) = object.printed() {
                out.extend_from_slice(text.as_bytes());
                return;
            }
            let start = out.len();
            fmt::write_value(out, value);
            let is_pointer = object.kind() == Kind::Pointer && object.fields().is_some();
            if is_pointer && out.get(start) == Some(&b'&') {
                out.remove(start);
            }
        }
        _ => fmt::write_value(out, value),
    }
}

const NO_VALUE: &[u8] = b"<no value>";
