//! `index`, `slice`, `len`

use skeg_go::{CallError, GoList, GoValue, Kind, UintType};

use crate::exec::zero;

/// Indexes the first argument by all others, one after the other.
pub(super) fn index(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let Some((item, indexes)) = arguments.split_first() else {
        return Ok(GoValue::Nil);
    };
    if item.is_nil() {
        return Err(CallError::new("index of untyped nil"));
    }
    let mut item = item.clone();
    for index in indexes {
        item = element(&item, index)?;
    }
    Ok(item)
}

fn element(item: &GoValue, index: &GoValue) -> Result<GoValue, CallError> {
    match item {
        GoValue::Nil => Err(CallError::new("index of nil pointer")),
        GoValue::String(text) => match text.get(position(index, text.len())?) {
            Some(byte) => Ok(GoValue::Uint(UintType::Uint8, u64::from(*byte))),
            None => Err(CallError::new("reflect: string index out of range")),
        },
        GoValue::List(list) => match list.items().get(position(index, list.len())?) {
            Some(item) => Ok(item.clone()),
            None => Err(CallError::new("reflect: slice index out of range")),
        },
        GoValue::Map(map) => match index {
            GoValue::String(key) => Ok(map.get(key).unwrap_or_else(|| zero(map.element()))),
            GoValue::Nil => Err(CallError::new("value is nil; should be of type string")),
            _ => {
                let message = format!("value has type {}; should be string", index.type_name());
                Err(CallError::new(message))
            }
        },
        _ => {
            let message = format!("can't index item of type {}", pointed_type(item));
            Err(CallError::new(message))
        }
    }
}

/// An index, which may be one beyond the last.
fn position(index: &GoValue, capacity: usize) -> Result<usize, CallError> {
    let number = match index {
        GoValue::Int(_, number) => *number,
        GoValue::Uint(_, number) => number.cast_signed(),
        GoValue::Nil => return Err(CallError::new("cannot index slice/array with nil")),
        GoValue::Object(object) if object.as_i64().is_some() => object.as_i64().unwrap_or_default(),
        _ => {
            let message = format!("cannot index slice/array with type {}", index.type_name());
            return Err(CallError::new(message));
        }
    };
    match usize::try_from(number) {
        Ok(position) if position <= capacity => Ok(position),
        _ => Err(CallError::new(format!("index out of range: {number}"))),
    }
}

/// `slice x i j`: part of a string or slice.
pub(super) fn slice(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let Some((item, indexes)) = arguments.split_first() else {
        return Ok(GoValue::Nil);
    };
    if item.is_nil() {
        return Err(CallError::new("slice of untyped nil"));
    }
    if indexes.len() > 3 {
        let message = format!("too many slice indexes: {}", indexes.len());
        return Err(CallError::new(message));
    }
    let length = match item {
        GoValue::String(_) if indexes.len() == 3 => {
            return Err(CallError::new("cannot 3-index slice a string"));
        }
        GoValue::String(text) => text.len(),
        GoValue::List(list) => list.len(),
        _ => {
            let message = format!("can't slice item of type {}", pointed_type(item));
            return Err(CallError::new(message));
        }
    };
    let mut bounds = [0, length, length];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        *bound = position(index, length)?;
    }
    let [start, end, capacity] = bounds;
    if start > end {
        return Err(CallError::new(format!("invalid slice index: {start} > {end}")));
    }
    if end > capacity {
        return Err(CallError::new(format!("invalid slice index: {end} > {capacity}")));
    }
    Ok(part(item, start, end))
}

fn part(item: &GoValue, start: usize, end: usize) -> GoValue {
    match item {
        GoValue::String(text) => GoValue::string(&text[start..end]),
        GoValue::List(list) => {
            let items = list.items()[start..end].to_vec();
            let element = list.element().clone();
            GoValue::List(match list.named_type() {
                Some(named) => GoList::named(named, element, items),
                None => GoList::typed(element, items),
            })
        }
        _ => GoValue::Nil,
    }
}

/// The number of bytes or elements.
pub(crate) fn len(item: &GoValue) -> Result<GoValue, CallError> {
    let length = match item {
        GoValue::String(text) => text.len(),
        GoValue::List(list) => list.len(),
        GoValue::Map(map) => map.len(),
        GoValue::Nil => {
            return Err(CallError::new(
                "reflect: call of reflect.Value.Type on zero Value",
            ));
        }
        _ => {
            let message = format!("len of type {}", pointed_type(item));
            return Err(CallError::new(message));
        }
    };
    Ok(GoValue::int(i64::try_from(length).unwrap_or(i64::MAX)))
}

/// The type of a value, or of what it points to.
fn pointed_type(value: &GoValue) -> String {
    let name = value.type_name();
    match name.strip_prefix('*') {
        Some(pointed) if value.kind() == Kind::Pointer => pointed.to_owned(),
        _ => name,
    }
}
