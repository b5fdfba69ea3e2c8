//! Groups of arguments that several commands share, and the ways in which Helm's users write flags.

mod artifact;
mod global;
mod go_flags;
mod go_values;
mod output;
mod registry;
mod values;

pub(crate) use self::artifact::{ArtifactArgs, artifact_request};
pub(crate) use self::global::{GlobalArgs, KubernetesArgs};
pub(crate) use self::go_flags::expand_flags;
pub(crate) use self::go_values::{
    FlagValueError, pair_keys, parse_duration, parse_int, parse_size, split_list,
};
pub(crate) use self::output::{OutputArgs, OutputFormat};
pub(crate) use self::registry::{AccessArgs, ChartSelectionArgs, RepositoryArgs, TlsArgs};
pub(crate) use self::values::ValuesArgs;
