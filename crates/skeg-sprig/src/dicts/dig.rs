//! Values deep within dictionaries.

use skeg_go::{CallError, GoMap, GoString, GoType, GoValue};

/// `dig KEY… FALLBACK DICT`
pub(super) fn dig(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let [keys @ .., fallback, dict] = arguments else {
        return Err(CallError::new("dig needs at least three arguments"));
    };
    if keys.is_empty() {
        return Err(CallError::new("dig needs at least three arguments"));
    }
    let mut map = plain_map(dict)?.clone();
    let keys: Vec<&GoString> = keys.iter().map(text).collect::<Result<_, _>>()?;
    let mut keys = keys.into_iter().peekable();
    while let Some(key) = keys.next() {
        let Some(value) = map.get(key) else {
            break;
        };
        if keys.peek().is_none() {
            return Ok(value);
        }
        map = plain_map(&value)?.clone();
    }
    Ok(fallback.clone())
}

/// The map, if it is exactly a `map[string]interface {}`; one of a type with a name is not.
fn plain_map(value: &GoValue) -> Result<&GoMap, CallError> {
    match value {
        GoValue::Map(map) if map.named_type().is_none() && *map.element() == GoType::Interface => Ok(map),
        _ => Err(wrong_type(value, "map[string]interface {}")),
    }
}

fn text(value: &GoValue) -> Result<&GoString, CallError> {
    value.as_string().ok_or_else(|| wrong_type(value, "string"))
}

fn wrong_type(value: &GoValue, wanted: &str) -> CallError {
    let name = match value {
        GoValue::Nil => "nil".to_owned(),
        _ => value.type_name(),
    };
    CallError::new(format!(
        "interface conversion: interface {{}} is {name}, not {wanted}"
    ))
}
