//! Fields, keys and methods: `.x.y.z`.

use skeg_go::{GoMap, GoObject, GoType, GoValue, Method};

use super::eval::Site;
use super::machine::{Datum, Machine, Result};
use crate::ast::{Run, Span};
use crate::error::{Detail, ExecError};
use crate::print::Place;
use crate::suggest::similar;

impl Machine<'_> {
    /// Walks along `fields` from `receiver`; if the last one is a method it gets the arguments.
    pub(super) fn fields(&mut self, receiver: &Datum, fields: Run, site: &Site<'_>) -> Result<Datum> {
        if site.arguments.is_empty() {
            let names = fields.of(&self.code.fields);
            let found = visit(&receiver.value, names, self.text, |value, interface| Datum {
                value: value.clone(),
                interface,
            });
            if let Some(found) = found {
                return Ok(found);
            }
        }
        let last = fields.end - 1;
        if fields.start == last {
            return self.field(receiver, last, site);
        }
        let plain = Site::plain(site.dot, site.place);
        let mut current = self.field(receiver, fields.start, &plain)?;
        for field in fields.start + 1..last {
            current = self.field(&current, field, &plain)?;
        }
        self.field(&current, last, site)
    }

    fn field(&mut self, receiver: &Datum, field: u32, site: &Site<'_>) -> Result<Datum> {
        let name = self.field_name(field);
        let methods = methods(&receiver.value);
        if let Some(method) = find_method(methods, name) {
            return self.method(&receiver.value, *method, site);
        }
        match &receiver.value {
            GoValue::Map(map) => {
                if site.arguments.is_empty() {
                    return Ok(entry(map, name));
                }
                let name = String::from_utf8_lossy(name);
                self.fail(format!("{name} is not a method but has arguments"))
            }
            GoValue::Nil if receiver.interface => Err(self.nil_pointer(receiver, field, site.place)),
            GoValue::Nil => Ok(Datum::default()),
            GoValue::Object(object) => {
                let value = std::str::from_utf8(name).ok().and_then(|name| object.field(name));
                match value {
                    None => Err(self.missing_field(receiver, name)),
                    Some(value) if site.arguments.is_empty() => Ok(Datum::returned(value)),
                    Some(_) => {
                        let name = String::from_utf8_lossy(name);
                        let message = format!("{name} has arguments but cannot be invoked as function");
                        self.fail(message)
                    }
                }
            }
            _ => Err(self.missing_field(receiver, name)),
        }
    }

    #[cold]
    fn nil_pointer(&self, receiver: &Datum, field: u32, place: Place) -> ExecError {
        let name = String::from_utf8_lossy(self.field_name(field)).into_owned();
        let message = format!("nil pointer evaluating {}.{name}", receiver.static_type());
        let path = crate::print::place_text(self.code, self.text, place);
        let path = String::from_utf8_lossy(&path).into_owned();
        let nil = self.path_before(&path, field, place);
        self.fail_with(
            message,
            Detail::NilPointer {
                path,
                nil,
                field: name,
            },
        )
    }

    /// The part of an expression that stands before one of its fields.
    fn path_before(&self, path: &str, field: u32, place: Place) -> String {
        let fields = crate::print::fields(self.code, place);
        let after: usize = (field..fields.end)
            .map(|field| String::from_utf8_lossy(self.field_name(field)).len() + 1)
            .sum();
        let nil = path.get(..path.len().saturating_sub(after)).unwrap_or_default();
        if nil.is_empty() {
            ".".to_owned()
        } else {
            nil.to_owned()
        }
    }

    #[cold]
    fn missing_field(&self, receiver: &Datum, name: &[u8]) -> ExecError {
        let field = String::from_utf8_lossy(name).into_owned();
        let type_name = receiver.static_type();
        if is_hidden(&receiver.value, &field) {
            let message = format!("{field} is an unexported field of struct type {type_name}");
            return self.fail_with(message, Detail::None);
        }
        let message = format!("can't evaluate field {field} in type {type_name}");
        let methods = methods(&receiver.value);
        let mut known: Vec<String> = methods.iter().map(|method| method.name.to_owned()).collect();
        if let GoValue::Object(object) = &receiver.value {
            known.extend(field_names(&**object));
        }
        let detail = Detail::MissingField {
            type_name: receiver.value.type_name(),
            candidates: similar(&field, known),
            field,
        };
        self.fail_with(message, detail)
    }
}

fn is_hidden(receiver: &GoValue, field: &str) -> bool {
    match receiver {
        GoValue::Object(object) => object.hidden_fields().contains(&field),
        _ => false,
    }
}

/// The fields of an object, as far as its form in JSON has the same names.
fn field_names(object: &dyn GoObject) -> Vec<String> {
    let GoValue::Map(map) = object.to_json() else {
        return Vec::new();
    };
    let names = map.keys();
    let names = names.iter().filter_map(|name| Some(name.to_str()?.to_owned()));
    names.filter(|name| object.field(name).is_some()).collect()
}

/// Calls `visitor` with the value that is reached by keys of plain maps, and whether it is in an interface.
///
/// None if that is not all there is to it: there may be methods on the way, or nil, or other values than maps.
pub(super) fn visit<R>(
    value: &GoValue,
    names: &[Span],
    text: &[u8],
    visitor: impl FnOnce(&GoValue, bool) -> R,
) -> Option<R> {
    let GoValue::Map(map) = value else {
        return None;
    };
    let (name, rest) = names.split_first()?;
    let name = name.of(text);
    if map
        .named_type()
        .is_some_and(|named| find_method(named.methods, name).is_some())
    {
        return None;
    }
    let entries = map.entries();
    match entries.get(name) {
        Some(value) if rest.is_empty() => Some(visitor(value, *map.element() == GoType::Interface)),
        Some(value) => visit(value, rest, text, visitor),
        None => None,
    }
}

fn methods(value: &GoValue) -> &[Method] {
    match value {
        GoValue::Map(map) => map.named_type().map_or(&[], |named| named.methods),
        GoValue::List(list) => list.named_type().map_or(&[], |named| named.methods),
        GoValue::Object(object) => object.methods(),
        _ => &[],
    }
}

/// Methods are exported, so most keys cannot be one.
fn find_method<'m>(methods: &'m [Method], name: &[u8]) -> Option<&'m Method> {
    if name.first().is_some_and(u8::is_ascii_lowercase) {
        return None;
    }
    methods.iter().find(|method| method.name.as_bytes() == name)
}

/// The value of a key; the zero value of the elements if there is no such key.
fn entry(map: &GoMap, key: &[u8]) -> Datum {
    let element = map.element();
    Datum {
        value: map.get(key).unwrap_or_else(|| zero(element)),
        interface: *element == GoType::Interface,
    }
}

/// `reflect.Zero`
pub(crate) fn zero(kind: &GoType) -> GoValue {
    match kind {
        GoType::Interface => GoValue::Nil,
        GoType::Bool => GoValue::Bool(false),
        GoType::Int(int) => GoValue::Int(*int, 0),
        GoType::Uint(uint) => GoValue::Uint(*uint, 0),
        GoType::Float => GoValue::Float(0.0),
        GoType::String => GoValue::string(""),
        GoType::Slice(element) => GoValue::List(skeg_go::GoList::typed((**element).clone(), Vec::new())),
        GoType::Map(element) => GoValue::Map(GoMap::nil((**element).clone())),
    }
}
