//! Times and locations as values of templates.

use std::any::Any;
use std::cmp::Ordering;

use crate::{CallError, GoList, GoObject, GoValue, Kind, Method, Parameter};

use super::duration_object::{DURATION, first, method};
use super::instant::Time;
use super::names::{Month, Weekday};
use super::zone::Location;

const TIME: Parameter = Parameter::Object {
    type_name: "time.Time",
};
const LOCATION: Parameter = Parameter::Object {
    type_name: "*time.Location",
};

/// Not among them: what returns several values, which templates cannot call, and binary forms.
static METHODS: [Method; 32] = [
    method("Add", &[DURATION], |own, arguments| {
        Ok(time(own)?.add(first(arguments)).into())
    }),
    method(
        "AddDate",
        &[Parameter::Int, Parameter::Int, Parameter::Int],
        add_date,
    ),
    method("After", &[TIME], |own, arguments| {
        Ok((order(own, arguments)? == Ordering::Greater).into())
    }),
    method("Before", &[TIME], |own, arguments| {
        Ok((order(own, arguments)? == Ordering::Less).into())
    }),
    method("Compare", &[TIME], |own, arguments| {
        Ok(GoValue::int(order(own, arguments)? as i64))
    }),
    method("Day", &[], |own, _| {
        Ok(GoValue::int(time(own)?.civil().day.into()))
    }),
    method("Equal", &[TIME], |own, arguments| {
        Ok((order(own, arguments)? == Ordering::Equal).into())
    }),
    method("Format", &[Parameter::String], |own, arguments| {
        let layout = arguments.first().and_then(GoValue::as_string);
        Ok(time(own)?.format(layout.map_or(&[], |layout| layout)).into())
    }),
    method("Hour", &[], |own, _| {
        Ok(GoValue::int(time(own)?.civil().hour.into()))
    }),
    method("In", &[LOCATION], in_location),
    method("IsDST", &[], |own, _| Ok(time(own)?.zone().is_dst.into())),
    method("IsZero", &[], |own, _| Ok(time(own)?.is_zero().into())),
    method("Local", &[], |own, _| {
        Ok(time(own)?.in_location(Location::current_local()).into())
    }),
    method("Location", &[], |own, _| {
        Ok(GoValue::object(time(own)?.location().clone()))
    }),
    method("MarshalJSON", &[], |own, _| {
        let text = json_text(time(own)?, "MarshalJSON")?;
        Ok(GoList::bytes(format!("\"{text}\"")).into())
    }),
    method("MarshalText", &[], |own, _| {
        Ok(GoList::bytes(json_text(time(own)?, "MarshalText")?).into())
    }),
    method("Minute", &[], |own, _| {
        Ok(GoValue::int(time(own)?.civil().minute.into()))
    }),
    method("Month", &[], |own, _| {
        Ok(Month(time(own)?.civil().month.into()).into())
    }),
    method("Nanosecond", &[], |own, _| {
        Ok(GoValue::int(time(own)?.nanosecond().into()))
    }),
    method("Round", &[DURATION], |own, arguments| {
        Ok(time(own)?.round(first(arguments)).into())
    }),
    method("Second", &[], |own, _| {
        Ok(GoValue::int(time(own)?.civil().second.into()))
    }),
    method("String", &[], |own, _| Ok(time(own)?.to_string().into())),
    method("Sub", &[TIME], |own, arguments| {
        Ok(time(own)?.since(argument(arguments)?).into())
    }),
    method("Truncate", &[DURATION], |own, arguments| {
        Ok(time(own)?.truncate(first(arguments)).into())
    }),
    method("UTC", &[], |own, _| {
        Ok(time(own)?.in_location(Location::Utc).into())
    }),
    method("Unix", &[], |own, _| Ok(GoValue::int64(time(own)?.unix()))),
    method("UnixMicro", &[], |own, _| Ok(scaled(time(own)?, 1_000_000))),
    method("UnixMilli", &[], |own, _| Ok(scaled(time(own)?, 1_000))),
    method("UnixNano", &[], |own, _| {
        Ok(GoValue::int64(time(own)?.unix_nanoseconds()))
    }),
    method("Weekday", &[], |own, _| {
        Ok(Weekday(time(own)?.civil().weekday.into()).into())
    }),
    method("Year", &[], |own, _| Ok(GoValue::int(time(own)?.civil().year))),
    method("YearDay", &[], |own, _| {
        Ok(GoValue::int(time(own)?.civil().year_day.into()))
    }),
];

static LOCATION_METHODS: [Method; 1] = [method("String", &[], |own, _| {
    Ok(own.as_object().map(Location::name).unwrap_or_default().into())
})];

fn nil_dereference() -> CallError {
    CallError::new("runtime error: invalid memory address or nil pointer dereference")
}

fn time(value: &GoValue) -> Result<&Time, CallError> {
    value.as_object().ok_or_else(nil_dereference)
}

fn argument(arguments: &[GoValue]) -> Result<&Time, CallError> {
    time(arguments.first().unwrap_or(&GoValue::Nil))
}

fn order(own: &GoValue, arguments: &[GoValue]) -> Result<Ordering, CallError> {
    Ok(time(own)?.compare(argument(arguments)?))
}

fn add_date(own: &GoValue, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let number = |index: usize| match arguments.get(index) {
        Some(GoValue::Int(_, number)) => *number,
        _ => 0,
    };
    Ok(time(own)?.add_date(number(0), number(1), number(2)).into())
}

fn in_location(own: &GoValue, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let location = arguments.first().and_then(GoValue::as_object::<Location>);
    match location {
        Some(location) => Ok(time(own)?.in_location(location.clone()).into()),
        None => Err(CallError::new("time: missing Location in call to Time.In")),
    }
}

/// A thousand or a million times the seconds since 1970.
fn scaled(time: &Time, factor: i64) -> GoValue {
    let fraction = i64::from(time.nanosecond()) / (1_000_000_000 / factor);
    GoValue::int64(time.unix().wrapping_mul(factor).wrapping_add(fraction))
}

/// RFC 3339, which has four digits for the year and less than a day for the offset.
fn json_text(time: &Time, method: &str) -> Result<String, CallError> {
    let failure = |what: &str| Err(CallError::new(format!("Time.{method}: {what}")));
    if !(0..=9999).contains(&time.civil().year) {
        return failure("year outside of range [0,9999]");
    }
    if time.zone().offset.unsigned_abs() / 60 >= 24 * 60 {
        return failure("timezone hour outside of range [0,23]");
    }
    let text = time.format(b"2006-01-02T15:04:05.999999999Z07:00");
    Ok(String::from_utf8_lossy(&text).into_owned())
}

impl GoObject for Time {
    fn type_name(&self) -> &'static str {
        "time.Time"
    }

    fn hidden_fields(&self) -> &[&str] {
        &["wall", "ext", "loc"]
    }

    fn methods(&self) -> &[Method] {
        &METHODS
    }

    fn to_text(&self) -> String {
        self.to_string()
    }

    fn to_json(&self) -> GoValue {
        json_text(self, "MarshalJSON").map_or(GoValue::Nil, GoValue::from)
    }

    fn is_equal(&self, other: &dyn GoObject) -> bool {
        other.as_any().downcast_ref::<Self>() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl GoObject for Location {
    fn type_name(&self) -> &'static str {
        "*time.Location"
    }

    fn kind(&self) -> Kind {
        Kind::Pointer
    }

    fn hidden_fields(&self) -> &[&str] {
        &[
            "name",
            "zone",
            "tx",
            "extend",
            "cacheStart",
            "cacheEnd",
            "cacheZone",
        ]
    }

    fn methods(&self) -> &[Method] {
        &LOCATION_METHODS
    }

    fn to_text(&self) -> String {
        self.name().to_owned()
    }

    fn to_json(&self) -> GoValue {
        GoValue::Map(crate::GoMap::new())
    }

    fn is_equal(&self, other: &dyn GoObject) -> bool {
        other.as_any().downcast_ref::<Self>() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl From<Time> for GoValue {
    fn from(time: Time) -> Self {
        Self::object(time)
    }
}
