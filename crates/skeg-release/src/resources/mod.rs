//! The objects of a manifest: read, matched with what the server has, marked as belonging to a release.

mod build;
mod document;
mod existing;
mod generated;
mod keep;
mod ownership;

use std::fmt;

use serde_json::Value;
use skeg_cluster::{ObjectLocation, ResourceType};

pub(crate) use build::{BuildError, Validation, build, build_former, build_known};
pub(crate) use existing::{look_up, look_up_whole};
pub(crate) use generated::{made_of, named};
pub(crate) use keep::is_kept;
pub(crate) use ownership::{check_ownership, mark_as_owned};

/// An object of a manifest, of a kind that the server has.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Resource {
    pub(crate) typed: ResourceType,
    /// Empty for kinds that are in no namespace.
    pub(crate) namespace: String,
    /// Empty if the server is to make it up.
    pub(crate) name: String,
    pub(crate) object: Value,
}

impl Resource {
    pub(crate) fn location(&self) -> ObjectLocation<'_> {
        ObjectLocation {
            resource: &self.typed,
            namespace: &self.namespace,
            name: &self.name,
        }
    }

    pub(crate) fn kind(&self) -> &str {
        &self.typed.kind
    }

    /// What the names begin with that the server makes up.
    pub(crate) fn generate_name(&self) -> Option<&str> {
        let prefix = self.object.pointer("/metadata/generateName")?.as_str()?;
        (self.name.is_empty() && !prefix.is_empty()).then_some(prefix)
    }

    /// Whether both are the same object, in whatever version.
    pub(crate) fn is_same_object(&self, other: &Self) -> bool {
        self.name == other.name
            && self.namespace == other.namespace
            && self.kind() == other.kind()
            && self.typed.group == other.typed.group
    }

    /// As Helm names it in errors of applying: `ns/name apps/v1, Kind=Deployment`.
    pub(crate) fn applied_as(&self) -> String {
        format!("{}/{} {}", self.namespace, self.name, self.typed)
    }
}

/// `ConfigMap "x" in namespace "ns"`
impl fmt::Display for Resource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { namespace, name, .. } = self;
        write!(
            formatter,
            "{} \"{name}\" in namespace \"{namespace}\"",
            self.kind()
        )
    }
}

/// What several errors are together, as Kubernetes' libraries print them.
pub(crate) fn aggregate(messages: &[String]) -> String {
    match messages {
        [only] => only.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}
