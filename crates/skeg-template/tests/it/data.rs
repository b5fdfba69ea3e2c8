//! Data of recorded cases: JSON, in which an object with one key like `$int` stands for a value of that type.

use std::any::Any;

use serde_json::Value;
use skeg_go::{
    CallError, GoList, GoMap, GoObject, GoString, GoType, GoValue, IntType, Kind, Method, NamedType,
    Parameter, UintType,
};

/// The value of a case.
pub(crate) fn decode(json: &Value) -> GoValue {
    match json {
        Value::Null => GoValue::Nil,
        Value::Bool(value) => GoValue::Bool(*value),
        Value::Number(number) => GoValue::Float(number.as_f64().unwrap()),
        Value::String(text) => GoValue::string(text.as_str()),
        Value::Array(items) => GoValue::list(items.iter().map(decode).collect()),
        Value::Object(entries) => {
            if entries.len() == 1 {
                let (key, value) = entries.iter().next().unwrap();
                if let Some(special) = special(key, value) {
                    return special;
                }
            }
            let entries = entries.iter().map(|(key, value)| (key.as_str(), decode(value)));
            GoValue::Map(entries.collect())
        }
    }
}

fn special(key: &str, json: &Value) -> Option<GoValue> {
    let number = || json.as_i64().unwrap();
    let unsigned = || json.as_u64().unwrap();
    let items = |convert: fn(&Value) -> GoValue| json.as_array().unwrap().iter().map(convert).collect();
    Some(match key {
        "$int" => GoValue::int(number()),
        "$int64" => GoValue::int64(number()),
        "$int8" => GoValue::Int(IntType::Int8, number()),
        "$uint" => GoValue::Uint(UintType::Uint, unsigned()),
        "$uint8" => GoValue::Uint(UintType::Uint8, unsigned()),
        "$uint64" => GoValue::Uint(UintType::Uint64, unsigned()),
        "$duration" => GoValue::object(Duration(number())),
        "$strings" => GoValue::List(GoList::typed(GoType::String, items(decode))),
        "$ints" => {
            let int = |json: &Value| GoValue::int(json.as_i64().unwrap());
            GoValue::List(GoList::typed(GoType::Int(IntType::Int), items(int)))
        }
        "$names" => GoValue::List(GoList::named(&NAMES, GoType::String, items(decode))),
        "$mapstring" => typed_map(GoMap::typed(GoType::String), json),
        "$mapbool" => typed_map(GoMap::typed(GoType::Bool), json),
        "$mapmap" => typed_map(GoMap::typed(GoType::Map(Box::new(GoType::String))), json),
        "$values" => typed_map(GoMap::named(&VALUES, GoType::Interface), json),
        "$box" => GoValue::object(Crate::new(json.as_str().unwrap(), true)),
        "$struct" => GoValue::object(Crate::new(json.as_str().unwrap(), false)),
        _ => return None,
    })
}

fn typed_map(map: GoMap, json: &Value) -> GoValue {
    for (key, value) in json.as_object().unwrap() {
        map.insert(key.as_str(), decode(value));
    }
    GoValue::Map(map)
}

static VALUES: NamedType = NamedType {
    name: "main.Values",
    methods: &[Method {
        name: "Table",
        parameters: &[Parameter::String],
        variadic: None,
        call: |receiver, arguments| {
            let name = arguments[0].as_string().unwrap();
            match receiver.as_map().unwrap().get(name) {
                Some(value) => Ok(value),
                None => Err(CallError::new(format!("{:?} is not a table", name.to_lossy()))),
            }
        },
    }],
};

static NAMES: NamedType = NamedType {
    name: "main.Names",
    methods: &[Method {
        name: "Has",
        parameters: &[Parameter::String],
        variadic: None,
        call: |receiver, arguments| {
            let wanted = arguments[0].as_string().unwrap();
            let names = receiver.as_list().unwrap();
            Ok(names.iter().any(|name| name.as_string() == Some(wanted)).into())
        },
    }],
};

#[derive(Debug)]
struct Duration(i64);

impl GoObject for Duration {
    fn type_name(&self) -> &'static str {
        "time.Duration"
    }

    fn kind(&self) -> Kind {
        Kind::Int64
    }

    fn to_text(&self) -> String {
        format!("{}s", self.0 / 1_000_000_000)
    }

    fn to_json(&self) -> GoValue {
        GoValue::int64(self.0)
    }

    fn as_i64(&self) -> Option<i64> {
        Some(self.0)
    }

    fn is_equal(&self, other: &dyn GoObject) -> bool {
        other.as_i64() == Some(self.0)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A struct, or a pointer to one, with fields and, on the pointer, methods.
#[derive(Debug)]
pub(crate) struct Crate {
    pub(crate) name: GoString,
    is_pointer: bool,
}

impl Crate {
    fn new(name: &str, is_pointer: bool) -> Self {
        let name = name.into();
        Self { name, is_pointer }
    }
}

const METHODS: &[Method] = &[
    Method {
        name: "Greet",
        parameters: &[Parameter::String],
        variadic: None,
        call: |receiver, arguments| {
            let who = arguments[0].as_string().unwrap().to_lossy();
            let name = receiver.as_object::<Crate>().unwrap().name.to_lossy();
            Ok(format!("hello {who} from {name}").into())
        },
    },
    Method {
        name: "Size",
        parameters: &[],
        variadic: None,
        call: |_, _| Ok(GoValue::int(2)),
    },
    Method {
        name: "Broken",
        parameters: &[],
        variadic: None,
        call: |_, _| Err(CallError::new("box is broken")),
    },
    Method {
        name: "Sum",
        parameters: &[Parameter::Int],
        variadic: Some(Parameter::Int),
        call: |_, arguments| {
            let number = |value: &GoValue| match value {
                GoValue::Int(_, number) => *number,
                _ => 0,
            };
            Ok(GoValue::int(arguments.iter().map(number).sum()))
        },
    },
    Method {
        name: "Nothing",
        parameters: &[],
        variadic: None,
        call: |_, _| Ok(GoValue::Nil),
    },
];

impl GoObject for Crate {
    fn type_name(&self) -> &str {
        if self.is_pointer { "*main.Box" } else { "main.Box" }
    }

    fn kind(&self) -> Kind {
        if self.is_pointer {
            Kind::Pointer
        } else {
            Kind::Struct
        }
    }

    fn field(&self, name: &str) -> Option<GoValue> {
        let fields = self.fields()?;
        fields
            .into_iter()
            .find_map(|(known, value)| (known == name).then_some(value))
    }

    fn fields(&self) -> Option<Vec<(&'static str, GoValue)>> {
        Some(vec![
            ("Name", GoValue::String(self.name.clone())),
            ("Items", GoValue::strings(["a", "b"])),
            ("Any", GoValue::Nil),
            ("Count", GoValue::int(3)),
        ])
    }

    fn methods(&self) -> &[Method] {
        if self.is_pointer { METHODS } else { &[] }
    }

    fn to_text(&self) -> String {
        String::new()
    }

    fn to_json(&self) -> GoValue {
        let fields = self.fields().unwrap_or_default();
        GoValue::Map(fields.into_iter().collect())
    }

    fn is_equal(&self, other: &dyn GoObject) -> bool {
        let other = other.as_any().downcast_ref::<Self>();
        other.is_some_and(|other| other.name == self.name && other.is_pointer == self.is_pointer)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
