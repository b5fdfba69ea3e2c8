//! Values of a release that its next revision takes over.

use skeg_go::GoMap;

use crate::log::Log;
use crate::values::{Coalesce, Tables};

/// `--reuse-values`: what a release was rendered with becomes the default values of the next revision.
///
/// `defaults` are those of the chart that the release keeps, those of its charts inside among them; `config` is what the user
/// set then. Also what Helm logs on the way.
///
/// ```
/// use skeg_engine::reused_defaults;
/// use skeg_values::yaml::{decode_go_map, encode_go};
///
/// let defaults = decode_go_map(b"{a: 1, b: {c: 2, d: 3}}").unwrap();
/// let config = decode_go_map(b"{b: {c: 5, d: null}}").unwrap();
/// let (reused, _) = reused_defaults("demo", &defaults, &config);
/// assert_eq!(encode_go(&reused.into()).unwrap(), b"a: 1\nb:\n  c: 5\n");
/// ```
pub fn reused_defaults(chart: &str, defaults: &GoMap, config: &GoMap) -> (GoMap, Vec<String>) {
    let log = Log::default();
    let reused = Coalesce::new(&log).run_alone(chart, defaults, config);
    (reused, log.take())
}

/// Lays what the user set for a release under what is set for the next revision. Also what Helm logs on the way.
pub fn underlay_values(above: &GoMap, below: &GoMap) -> (GoMap, Vec<String>) {
    let log = Log::default();
    let merged = above.frozen_copy();
    Tables::new(&log, false).merge(&merged, &below.frozen_copy());
    (merged, log.take())
}
