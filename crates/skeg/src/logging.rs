//! What `--debug` prints: the events of the libraries, on standard error.

use std::io;

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts to print the events of all libraries of this workspace. A second call changes nothing.
pub(crate) fn start() {
    let layer = fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(false)
        .without_time();
    let started = tracing_subscriber::registry()
        .with(LevelFilter::DEBUG)
        .with(layer)
        .try_init();
    drop(started);
}
