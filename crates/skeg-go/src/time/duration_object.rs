//! Durations, months and days of the week as values of templates.

use std::any::Any;

use crate::{CallError, GoObject, GoValue, Kind, Method, Parameter};

use super::duration::Duration;
use super::names::{Month, Weekday};

/// The parameter that takes a `time.Duration`.
pub(super) const DURATION: Parameter = Parameter::Object {
    type_name: "time.Duration",
};

static DURATION_METHODS: [Method; 10] = [
    method("Abs", &[], |own, _| Ok(duration(own).abs().into())),
    method("Hours", &[], |own, _| Ok(duration(own).hours().into())),
    method("Microseconds", &[], |own, _| {
        Ok(GoValue::int64(duration(own).microseconds()))
    }),
    method("Milliseconds", &[], |own, _| {
        Ok(GoValue::int64(duration(own).milliseconds()))
    }),
    method("Minutes", &[], |own, _| Ok(duration(own).minutes().into())),
    method("Nanoseconds", &[], |own, _| {
        Ok(GoValue::int64(duration(own).nanoseconds()))
    }),
    method("Round", &[DURATION], |own, arguments| {
        Ok(duration(own).round(first(arguments)).into())
    }),
    method("Seconds", &[], |own, _| Ok(duration(own).seconds().into())),
    method("String", &[], |own, _| Ok(duration(own).to_string().into())),
    method("Truncate", &[DURATION], |own, arguments| {
        Ok(duration(own).truncate(first(arguments)).into())
    }),
];

static MONTH_METHODS: [Method; 1] = [method("String", &[], |own, _| Ok(text(own)))];
static WEEKDAY_METHODS: [Method; 1] = [method("String", &[], |own, _| Ok(text(own)))];

pub(super) type MethodCall = fn(&GoValue, &[GoValue]) -> Result<GoValue, CallError>;

pub(super) const fn method(name: &'static str, parameters: &'static [Parameter], call: MethodCall) -> Method {
    Method {
        name,
        parameters,
        variadic: None,
        call,
    }
}

/// The duration that a value is; a plain integer counts nanoseconds, as constants in templates do.
pub(super) fn duration(value: &GoValue) -> Duration {
    match value {
        GoValue::Int(_, nanoseconds) => Duration::from_nanoseconds(*nanoseconds),
        _ => value.as_object::<Duration>().copied().unwrap_or_default(),
    }
}

pub(super) fn first(arguments: &[GoValue]) -> Duration {
    arguments.first().map(duration).unwrap_or_default()
}

fn text(value: &GoValue) -> GoValue {
    match value {
        GoValue::Object(object) => object.to_text().into(),
        _ => GoValue::Nil,
    }
}

/// An integer with a name of its own type and of its values.
macro_rules! integer_object {
    ($type:ty, $name:literal, $kind:expr, $methods:expr, $number:expr) => {
        impl GoObject for $type {
            fn type_name(&self) -> &'static str {
                $name
            }

            fn kind(&self) -> Kind {
                $kind
            }

            fn methods(&self) -> &[Method] {
                &$methods
            }

            fn to_text(&self) -> String {
                self.to_string()
            }

            fn to_json(&self) -> GoValue {
                let number: fn($type) -> i64 = $number;
                GoValue::int64(number(*self))
            }

            fn as_i64(&self) -> Option<i64> {
                let number: fn($type) -> i64 = $number;
                Some(number(*self))
            }

            fn is_equal(&self, other: &dyn GoObject) -> bool {
                other.as_any().downcast_ref::<Self>() == Some(self)
            }

            fn as_any(&self) -> &dyn Any {
                self
            }
        }

        impl From<$type> for GoValue {
            fn from(value: $type) -> Self {
                Self::object(value)
            }
        }
    };
}

integer_object!(Duration, "time.Duration", Kind::Int64, DURATION_METHODS, |own| {
    own.nanoseconds()
});
integer_object!(Month, "time.Month", Kind::Int, MONTH_METHODS, |own| own.0);
integer_object!(Weekday, "time.Weekday", Kind::Int, WEEKDAY_METHODS, |own| own.0);
