//! What some functions know besides their arguments.

/// The clock, the time zone, the source of random bytes and the names of hosts.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Nanoseconds since 1970-01-01 00:00:00 UTC, read anew at each call.
    pub now: fn() -> i128,
    /// The local time zone by its IANA name; `None` is UTC.
    pub time_zone: Option<String>,
    /// Fills a buffer with random bytes that nobody can guess.
    pub fill_random: fn(&mut [u8]),
    /// The addresses of a host by its name; none if it is not known.
    pub host_addresses: fn(&str) -> Vec<String>,
}
