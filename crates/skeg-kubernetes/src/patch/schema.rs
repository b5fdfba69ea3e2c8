//! Which lists of the API are merged, and by which key: a table out of the Go types of Kubernetes.
//!
//! `schema.txt` is written by `cargo xtask codegen`, see its first lines. The table has only members that are maps or
//! lists, since nothing has to be known about others. Lines of types are looked through as text: a patch needs few.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

use crate::identity::type_of;
use crate::patch::PatchError;

struct Table {
    /// From `group version kind` (`-` for the core) to the number of a type.
    kinds: HashMap<&'static str, usize>,
    /// Lines of the form `Name member=shape …`.
    types: Vec<&'static str>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut lines = include_str!("schema.txt")
        .lines()
        .skip_while(|line| line.starts_with('#'));
    let kinds = lines
        .by_ref()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            let (kind, number) = line.rsplit_once(' ')?;
            Some((kind, number.parse().ok()?))
        })
        .collect();
    let types = lines.collect();
    Table { kinds, types }
});

/// What is known about the members of a map.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Node {
    /// They are those of this type.
    Struct(usize),
    /// Nothing.
    Other,
}

/// How a member is merged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Field<'a> {
    /// What is known about the map, or about each map in the list.
    pub(crate) node: Node,
    /// What one does with it as a whole.
    pub(crate) strategy: Strategy,
    /// Whether a patch has to name all members that stay.
    pub(crate) retain_keys: bool,
    /// The member by which elements of a list are told apart; empty for lists of scalars.
    pub(crate) merge_key: &'a str,
}

/// What one does with a map or a list as a whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Strategy {
    /// Maps are merged, lists replaced.
    Default,
    /// Lists are merged.
    Merge,
    /// It is replaced.
    Replace,
}

/// The type of an object of this kind; none if it is not one of Kubernetes' own.
pub(crate) fn root(object: &Value) -> Option<Node> {
    let (group, version, kind) = type_of(object);
    let group = if group.is_empty() { "-" } else { group };
    let number = TABLE.kinds.get(format!("{group} {version} {kind}").as_str())?;
    Some(Node::Struct(*number))
}

impl Node {
    /// What is known about a member that is a map.
    pub(crate) fn map(self, name: &str) -> Result<Field<'static>, PatchError> {
        let (shape, field) = self.find(name)?;
        // A list where a map was expected goes wrong no sooner than in its members.
        let node = if shape.starts_with('[') {
            Node::Other
        } else {
            field.node
        };
        Ok(Field { node, ..field })
    }

    /// What is known about a member that is a list.
    pub(crate) fn list(self, name: &str) -> Result<Field<'static>, PatchError> {
        match self.find(name)? {
            (shape, field) if shape.starts_with('[') => Ok(field),
            _ => Err(PatchError::WrongType(name.to_owned())),
        }
    }

    fn find(self, name: &str) -> Result<(&'static str, Field<'static>), PatchError> {
        let Self::Struct(number) = self else {
            return Err(PatchError::WrongType(name.to_owned()));
        };
        let line = TABLE.types.get(number).copied().unwrap_or_default();
        let mut words = line.split(' ');
        let kind = words.next().unwrap_or_default();
        words
            .find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
            .map(parse)
            .ok_or_else(|| PatchError::UnknownField {
                kind: kind.to_owned(),
                field: name.to_owned(),
            })
    }
}

/// Reads `[12:merge,retainKeys@name`: a list of type 12.
fn parse(text: &'static str) -> (&'static str, Field<'static>) {
    let (text, merge_key) = text.split_once('@').unwrap_or((text, ""));
    let (shape, strategies) = text.split_once(':').unwrap_or((text, ""));
    let number = shape.trim_start_matches('[').parse();
    let has = |name: &str| strategies.split(',').any(|strategy| strategy == name);
    let strategy = match (has("merge"), has("replace")) {
        (true, _) => Strategy::Merge,
        (_, true) => Strategy::Replace,
        _ => Strategy::Default,
    };
    let field = Field {
        node: number.map_or(Node::Other, Node::Struct),
        strategy,
        retain_keys: has("retainKeys"),
        merge_key,
    };
    (shape, field)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod() -> Node {
        root(&json!({"apiVersion": "v1", "kind": "Pod"})).expect("because Pods are Kubernetes' own")
    }

    #[track_caller]
    fn check(path: &[&str], strategy: Strategy, retain_keys: bool, merge_key: &str) {
        let (last, path) = path.split_last().expect("because a path is not empty");
        let node = path.iter().fold(pod(), |node, name| {
            let field = node.map(name).or_else(|_| node.list(name));
            field.expect("because the path is one of the API").node
        });
        let field = node
            .list(last)
            .or_else(|_| node.map(last))
            .expect("because the API has it");
        assert_eq!(
            (field.strategy, field.retain_keys, field.merge_key),
            (strategy, retain_keys, merge_key)
        );
    }

    #[test]
    fn lists_are_merged_as_the_types_say() {
        check(&["spec", "containers"], Strategy::Merge, false, "name");
        check(&["spec", "volumes"], Strategy::Merge, true, "name");
        check(&["spec", "tolerations"], Strategy::Default, false, "");
        check(&["metadata", "finalizers"], Strategy::Merge, false, "");
        check(&["metadata", "labels"], Strategy::Default, false, "");
    }

    #[test]
    fn elements_of_lists_have_types_too() {
        let containers = pod().map("spec").and_then(|spec| spec.node.list("containers"));
        let ports = containers.and_then(|containers| containers.node.list("ports"));
        assert_eq!(ports.map(|ports| ports.merge_key), Ok("containerPort"));
    }

    #[test]
    fn types_may_contain_themselves() {
        let definition = json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"});
        let root = root(&definition).expect("because Helm knows its type");
        let schema = root
            .map("spec")
            .and_then(|spec| spec.node.list("versions"))
            .and_then(|version| version.node.map("schema"))
            .and_then(|schema| schema.node.map("openAPIV3Schema"))
            .expect("because the API has it");
        let not = schema.node.map("not").expect("because the API has it");
        assert_eq!(not.node, schema.node);
    }

    #[test]
    fn what_the_api_has_not_is_an_error() {
        let unknown = pod().map("odd").expect_err("because no Pod has it");
        assert_eq!(
            unknown.to_string(),
            "unable to find api field in struct Pod for the json field \"odd\""
        );
        let labels = pod()
            .map("metadata")
            .and_then(|metadata| metadata.node.map("labels"));
        let inner = labels.and_then(|labels| labels.node.map("x"));
        assert_eq!(inner, Err(PatchError::WrongType("x".to_owned())));
        assert_eq!(pod().list("spec"), Err(PatchError::WrongType("spec".to_owned())));
    }

    #[test]
    fn custom_resources_are_not_in_the_table() {
        let of = |api_version: &str, kind: &str| root(&json!({"apiVersion": api_version, "kind": kind}));
        assert_eq!(of("example.com/v1", "Pod"), None);
        assert_eq!(of("v1", "PodList"), None);
        assert_eq!(
            of("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition"),
            None
        );
        assert!(of("apps/v1beta2", "Deployment").is_some());
    }
}
