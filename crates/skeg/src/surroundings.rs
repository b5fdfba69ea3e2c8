//! What templates know of this machine: the clock, the time zone, random bytes and the names of hosts.

use std::net::ToSocketAddrs as _;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use skeg_engine::Surroundings;

use crate::env::{Environment, EnvironmentVariable};

/// What templates know of this machine.
pub(crate) fn of_machine(environment: &Environment) -> Surroundings {
    Surroundings {
        now,
        time_zone: time_zone(environment),
        fill_random,
        host_addresses,
    }
}

/// The time.
#[expect(clippy::disallowed_methods, reason = "this is the clock that is passed in")]
pub(crate) fn clock() -> SystemTime {
    SystemTime::now()
}

pub(crate) fn now() -> i128 {
    let nanoseconds = |duration: std::time::Duration| i128::try_from(duration.as_nanos()).unwrap_or_default();
    match clock().duration_since(UNIX_EPOCH) {
        Ok(after) => nanoseconds(after),
        Err(before) => -nanoseconds(before.duration()),
    }
}

fn fill_random(buffer: &mut [u8]) {
    getrandom::fill(buffer).expect("because every system that we run on has random bytes");
}

fn host_addresses(name: &str) -> Vec<String> {
    if name.is_empty() {
        return Vec::new();
    }
    let addresses = (name, 0).to_socket_addrs().into_iter().flatten();
    addresses.map(|address| address.ip().to_string()).collect()
}

/// The name of the local time zone, as Go finds it: `TZ`, or where `/etc/localtime` leads to.
fn time_zone(environment: &Environment) -> Option<String> {
    if let Some(name) = environment.get(EnvironmentVariable::TZ) {
        return Some(name.trim_start_matches(':').to_owned());
    }
    let target: PathBuf = fs_err::read_link("/etc/localtime").ok()?;
    let target = target.to_str()?;
    let (_, name) = target.split_once("zoneinfo/")?;
    Some(name.to_owned())
}
