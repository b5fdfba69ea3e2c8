//! What `--debug` prints: the events of the libraries, on standard error.

use std::io;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts to print the events of all libraries of this workspace. A second call changes nothing.
pub(crate) fn start() {
    let ours = Targets::new().with_target("skeg", LevelFilter::DEBUG);
    let layer = fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(false)
        .without_time();
    let started = tracing_subscriber::registry().with(ours).with(layer).try_init();
    drop(started);
}
