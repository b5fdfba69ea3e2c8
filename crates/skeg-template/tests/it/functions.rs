//! The functions that recorded cases call, among them `include` and `tpl` as Helm has them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use skeg_go::{CallError, GoMap, GoValue, Parameter, fmt};
use skeg_template::{Body, Caller, Function, FunctionTable, TextError};

use crate::data::Crate;

type Call = fn(&[GoValue]) -> Result<GoValue, CallError>;

fn pure(
    name: &'static str,
    parameters: &'static [Parameter],
    variadic: Option<Parameter>,
    call: Call,
) -> Function {
    Function {
        name,
        parameters,
        variadic,
        body: Body::Pure(call),
    }
}

fn int(value: &GoValue) -> i64 {
    match value {
        GoValue::Int(_, number) => *number,
        _ => 0,
    }
}

fn length(value: &GoValue) -> GoValue {
    let length = match value {
        GoValue::Map(map) => map.len(),
        GoValue::List(list) => list.len(),
        _ => 0,
    };
    GoValue::int(i64::try_from(length).unwrap())
}

fn text(value: &GoValue) -> String {
    String::from_utf8(skeg_go::fmt::sprint(std::slice::from_ref(value))).unwrap()
}

/// Functions with a parameter of each type.
fn typed() -> impl IntoIterator<Item = Function> {
    use Parameter::{Any, Bool, Float, Int, Int64, List, Map, String, Strings};
    [
        pure(
            "str",
            &[String],
            None,
            |a| Ok(format!("<{}>", text(&a[0])).into()),
        ),
        pure("num", &[Int], None, |a| Ok(GoValue::int(int(&a[0]) + 1))),
        pure("big", &[Int64], None, |a| Ok(GoValue::int64(int(&a[0]) + 1))),
        pure("flt", &[Float], None, |a| match a[0] {
            GoValue::Float(value) => Ok(GoValue::Float(value / 2.0)),
            _ => Ok(GoValue::Nil),
        }),
        pure("flag", &[Bool], None, |a| Ok(GoValue::Bool(!a[0].is_true()))),
        pure("dict", &[Map], None, |a| Ok(length(&a[0]))),
        pure("list", &[List], None, |a| Ok(length(&a[0]))),
        pure("strs", &[Strings], None, |a| {
            let items: Vec<_> = a[0]
                .as_list()
                .map_or(&[][..], |list| list.items())
                .iter()
                .map(text)
                .collect();
            Ok(items.join(",").into())
        }),
        pure("any", &[Any], None, |a| Ok(a[0].clone())),
        pure("many", &[String], Some(Any), |a| {
            let rest = GoValue::list(a[1..].to_vec());
            Ok(fmt::sprint(&[a[0].clone(), length(&rest), rest]).into())
        }),
        pure("nums", &[], Some(Int), |a| {
            Ok(GoValue::int(a.iter().map(int).sum()))
        }),
    ]
}

/// Functions of other kinds.
fn others() -> impl IntoIterator<Item = Function> {
    use Parameter::{Any, Map, Object, String};
    let pointer = &[Object {
        type_name: "*main.Box",
    }];
    let value = &[Object {
        type_name: "main.Box",
    }];
    let name = |arguments: &[GoValue]| match arguments[0].as_object::<Crate>() {
        Some(found) => Ok(GoValue::String(found.name.clone())),
        None => Err(CallError::new(
            "runtime error: invalid memory address or nil pointer dereference",
        )),
    };
    [
        pure("fail", &[String], None, |a| Err(CallError::new(text(&a[0])))),
        pure("none", &[], None, |_| Ok("none".into())),
        pure("nothing", &[], None, |_| Ok(GoValue::Nil)),
        pure("three", &[], None, |_| Ok(GoValue::int(3))),
        pure("box", pointer, None, name),
        pure("boxed", value, None, name),
        pure("mkmap", &[], None, |_| {
            Ok(GoMap::from_iter([("a", GoValue::int(1)), ("n", GoValue::Nil)]).into())
        }),
        pure("type", &[Any], None, |a| Ok(a[0].type_name().into())),
        pure("set", &[Map, String, Any], None, |a| {
            let map = a[0].as_map().unwrap();
            map.insert(a[1].as_string().unwrap().clone(), a[2].clone());
            Ok(a[0].clone())
        }),
    ]
}

/// All of them.
pub(crate) fn table() -> FunctionTable {
    let mut table = FunctionTable::from_iter(typed());
    table.extend(others());
    let depths = Rc::new(RefCell::new(HashMap::new()));
    table.insert(Function {
        name: "include",
        parameters: &[Parameter::String, Parameter::Any],
        variadic: None,
        body: Body::Caller(Rc::new(move |caller, a| include(&depths, caller, a))),
    });
    table.insert(Function {
        name: "tpl",
        parameters: &[Parameter::String, Parameter::Any],
        variadic: None,
        body: Body::Caller(Rc::new(tpl)),
    });
    table
}

fn include(
    depths: &RefCell<HashMap<Vec<u8>, usize>>,
    caller: &mut Caller<'_>,
    arguments: &[GoValue],
) -> Result<GoValue, CallError> {
    let name = arguments[0].as_string().unwrap();
    let depth = depths.borrow().get(&**name).copied().unwrap_or_default();
    if depth > 1000 {
        let name = name.to_lossy();
        return Err(CallError::new(format!(
            "rendering template has a nested reference name: {name}: unable to execute template"
        )));
    }
    depths.borrow_mut().insert(name.to_vec(), depth + 1);
    let result = caller.execute(name, &arguments[1]);
    depths.borrow_mut().insert(name.to_vec(), depth);
    match result {
        Ok(out) => Ok(out.into()),
        Err(error) => Err(CallError::wrapping(error.to_string(), error)),
    }
}

fn tpl(caller: &mut Caller<'_>, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let text = arguments[0].as_string().unwrap();
    let quoted = skeg_go::quote::quote_bytes(text);
    match caller.execute_text(text, &arguments[1]) {
        Ok(out) => Ok(String::from_utf8(out).unwrap().replace("<no value>", "").into()),
        Err(TextError::Parse(error)) => {
            let message = format!("cannot parse template {quoted}: {error}");
            Err(CallError::wrapping(message, error))
        }
        Err(TextError::Exec(error)) => {
            let message = format!("error during tpl function execution for {quoted}: {error}");
            Err(CallError::wrapping(message, error))
        }
    }
}
