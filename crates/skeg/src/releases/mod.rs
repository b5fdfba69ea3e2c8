//! What the commands on releases share: flags, the cluster that is meant, rendering for it, and what is said meanwhile.

mod capabilities;
mod definitions;
mod differences;
mod dry_run;
mod failure;
mod flags;
mod grid;
mod lookup;
mod name;
mod observer;
mod print;
mod reading;
mod rendering;
mod session;
mod settings;
mod store;

pub(crate) use self::capabilities::of_cluster;
pub(crate) use self::definitions::{has_definitions, warn_of_definitions};
pub(crate) use self::differences::{print_differences, text as differences_text};
pub(crate) use self::dry_run::DryRun;
pub(crate) use self::failure::{operation_error, reachability, unreachable};
pub(crate) use self::flags::{
    ChangeArgs, RenderingArgs, ReuseArgs, RevisionArgs, SourceArgs, WaitArgs, WaitFlag, labels,
    parse_server_side, parse_wait,
};
pub(crate) use self::grid::{Cell, Grid};
pub(crate) use self::lookup::Lookup;
pub(crate) use self::name::check_release_name;
pub(crate) use self::print::ReleasePrinter;
pub(crate) use self::reading::{
    cluster_error, colour_of, computed_values, go_json, is_in_memory, local_zone, not_found, print_json,
    read_release, storage_failure,
};
pub(crate) use self::rendering::{Rendering, without_secrets};
pub(crate) use self::session::Session;
