//! Times and durations.

use std::rc::Rc;

use skeg_go::strconv::{self, NumberError};
use skeg_go::time::{Duration, Location, Time};
use skeg_go::{CallError, GoFunction, GoValue, IntType, Parameter};
use skeg_template::{Body, Function};

use crate::Surroundings;
use crate::arguments::{any, bytes};

const TIME: Parameter = Parameter::Object {
    type_name: "time.Time",
};

/// The functions of this group.
pub(crate) fn functions(surroundings: &Surroundings) -> Vec<Function> {
    let local = Location::local(surroundings.time_zone.as_deref());
    local.make_local();
    let clock = Rc::new(Clock {
        now: surroundings.now,
        start: (surroundings.now)(),
        local,
    });
    let stateful = STATEFUL.iter().map(|(name, parameters, call)| {
        let (clock, call) = (Rc::clone(&clock), *call);
        Function {
            name,
            parameters,
            variadic: None,
            body: Body::Stateful(Rc::new(move |arguments| call(&clock, arguments))),
        }
    });
    PURE.iter().copied().map(Function::from).chain(stateful).collect()
}

const PURE: &[GoFunction] = &[
    GoFunction::fixed("dateModify", &[Parameter::String, TIME], |a| {
        Ok(modify(a).unwrap_or(any(a, 1).clone()))
    }),
    GoFunction::fixed("date_modify", &[Parameter::String, TIME], |a| {
        Ok(modify(a).unwrap_or(any(a, 1).clone()))
    }),
    GoFunction::fixed("mustDateModify", &[Parameter::String, TIME], modify),
    GoFunction::fixed("must_date_modify", &[Parameter::String, TIME], modify),
    GoFunction::fixed("duration", &[Parameter::Any], |arguments| {
        Ok(duration(any(arguments, 0)))
    }),
    GoFunction::fixed("unixEpoch", &[TIME], |arguments| {
        Ok(time(arguments, 0)?.unix().to_string().into())
    }),
];

type Call = fn(&Clock, &[GoValue]) -> Result<GoValue, CallError>;

/// What depends on the clock or on the local time zone.
const STATEFUL: &[(&str, &[Parameter], Call)] = &[
    ("now", &[], |clock, _| Ok(clock.now().into())),
    ("ago", &[Parameter::Any], |clock, a| Ok(clock.ago(any(a, 0)))),
    ("date", &[Parameter::String, Parameter::Any], |clock, a| {
        Ok(clock.date(bytes(a, 0), any(a, 1), b"Local"))
    }),
    (
        "dateInZone",
        &[Parameter::String, Parameter::Any, Parameter::String],
        DATE_IN_ZONE,
    ),
    (
        "date_in_zone",
        &[Parameter::String, Parameter::Any, Parameter::String],
        DATE_IN_ZONE,
    ),
    ("htmlDate", &[Parameter::Any], |clock, a| {
        Ok(clock.date(b"2006-01-02", any(a, 0), b"Local"))
    }),
    (
        "htmlDateInZone",
        &[Parameter::Any, Parameter::String],
        |clock, a| Ok(clock.date(b"2006-01-02", any(a, 0), bytes(a, 1))),
    ),
    ("durationRound", &[Parameter::Any], |clock, a| {
        Ok(clock.duration_round(any(a, 0)))
    }),
    ("toDate", &[Parameter::String, Parameter::String], |clock, a| {
        Ok(clock.to_date(a).unwrap_or_else(|_| Time::zero().into()))
    }),
    (
        "mustToDate",
        &[Parameter::String, Parameter::String],
        Clock::to_date,
    ),
];

const DATE_IN_ZONE: Call = |clock, a| Ok(clock.date(bytes(a, 0), any(a, 1), bytes(a, 2)));

/// The clock of the surroundings, and where it hangs.
struct Clock {
    now: fn() -> i128,
    /// What it showed when the functions were made: Go's monotonic clock counts from the start of the program.
    start: i128,
    local: Location,
}

impl Clock {
    fn now(&self) -> Time {
        let now = (self.now)();
        // Go's first reading is one nanosecond, not zero.
        let elapsed = i64::try_from(now - self.start).unwrap_or(0).saturating_add(1);
        Time::now(now, elapsed, self.local.clone())
    }

    /// The time that a value stands for: one that stands for none is now, numbers with a fraction among them.
    fn time(&self, value: &GoValue, takes_int32: bool) -> Time {
        match value {
            GoValue::Int(IntType::Int | IntType::Int64, seconds) => {
                Time::from_unix(*seconds, self.local.clone())
            }
            GoValue::Int(IntType::Int32, seconds) if takes_int32 => {
                Time::from_unix(*seconds, self.local.clone())
            }
            _ => value.as_object::<Time>().cloned().unwrap_or_else(|| self.now()),
        }
    }

    /// In UTC if nobody knows the zone.
    fn date(&self, layout: &[u8], value: &GoValue, zone: &[u8]) -> GoValue {
        let location = Location::load(zone, &self.local).unwrap_or(Location::Utc);
        self.time(value, true).in_location(location).format(layout).into()
    }

    fn ago(&self, value: &GoValue) -> GoValue {
        let time = self.time(value, false);
        let ago = self.now().since(&time).round(Duration::SECOND);
        ago.to_string().into()
    }

    fn duration_round(&self, value: &GoValue) -> GoValue {
        let duration = match value {
            GoValue::String(text) => Duration::parse(text).unwrap_or_default(),
            GoValue::Int(IntType::Int64, nanoseconds) => Duration::from_nanoseconds(*nanoseconds),
            _ => match value.as_object::<Time>() {
                Some(time) => self.now().since(time),
                None => Duration::default(),
            },
        };
        largest_unit(duration).into()
    }

    fn to_date(&self, arguments: &[GoValue]) -> Result<GoValue, CallError> {
        let time = Time::parse_in(bytes(arguments, 0), bytes(arguments, 1), &self.local);
        time.map(GoValue::from).map_err(failure)
    }
}

fn failure(error: impl std::error::Error) -> CallError {
    CallError::new(error.to_string())
}

fn time(arguments: &[GoValue], index: usize) -> Result<&Time, CallError> {
    let time = any(arguments, index).as_object::<Time>();
    time.ok_or_else(|| CallError::new("runtime error: invalid memory address or nil pointer dereference"))
}

fn modify(arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let duration = Duration::parse(bytes(arguments, 0)).map_err(failure)?;
    Ok(time(arguments, 1)?.add(duration).into())
}

/// So many seconds as a duration, out of an `int64` or the text of one; everything else is none.
fn duration(seconds: &GoValue) -> GoValue {
    let seconds = match seconds {
        // Out of range it is the nearest number beside the error.
        GoValue::String(text) => strconv::parse_int(text, 10, 64).unwrap_or_else(NumberError::into_value),
        GoValue::Int(IntType::Int64, seconds) => *seconds,
        _ => 0,
    };
    Duration::from_seconds_wrapping(seconds).to_string().into()
}

/// The number of the largest unit that the duration is longer than.
fn largest_unit(duration: Duration) -> String {
    const SECOND: u64 = 1_000_000_000;
    const DAY: u64 = 24 * 3_600 * SECOND;
    const UNITS: [(u64, &str); 6] = [
        (365 * DAY, "y"),
        (30 * DAY, "mo"),
        (DAY, "d"),
        (3_600 * SECOND, "h"),
        (60 * SECOND, "m"),
        (SECOND, "s"),
    ];
    let nanoseconds = duration.nanoseconds().unsigned_abs();
    let largest = UNITS.iter().find(|(unit, _)| nanoseconds > *unit);
    largest.map_or_else(
        || "0s".to_owned(),
        |(unit, name)| format!("{}{name}", nanoseconds / unit),
    )
}
