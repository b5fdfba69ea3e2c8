//! Go's package `time`: instants, durations, zones, layouts, and the methods that templates call on them.
//!
//! Nothing here reads a clock: who wants to know the time says what it is.

mod civil;
mod duration;
mod duration_object;
mod error;
mod format;
mod instant;
mod layout;
mod names;
mod object;
mod parse;
mod zone;

pub use duration::Duration;
pub use error::{ParseDurationError, ParseTimeError};
pub use instant::Time;
pub use names::{Month, Weekday};
pub use zone::Location;
