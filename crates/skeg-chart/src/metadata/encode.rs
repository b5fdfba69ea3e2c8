//! Metadata as Helm writes it: JSON in Go's field order, YAML with sorted keys.

use std::collections::BTreeMap;

use skeg_values::{Map, Value, json, yaml};

use super::{Maintainer, Metadata};
use crate::dependency::Dependency;

/// A record's fields in the order of Go's struct.
type Fields<'a> = Vec<(&'static str, Node<'a>)>;

/// A value to be written.
enum Node<'a> {
    Text(&'a str),
    True,
    List(Vec<Node<'a>>),
    Record(Fields<'a>),
    Annotations(&'a BTreeMap<String, String>),
    Any(&'a Value),
}

impl Metadata {
    /// The names of the fields in the order of Helm's `Metadata` struct.
    pub const FIELDS: [&str; 17] = [
        "name",
        "home",
        "sources",
        "version",
        "description",
        "keywords",
        "maintainers",
        "icon",
        "apiVersion",
        "condition",
        "tags",
        "appVersion",
        "deprecated",
        "annotations",
        "kubeVersion",
        "dependencies",
        "type",
    ];

    /// The bytes of a chart's config blob in a registry: Go's `json.Marshal` of the metadata.
    pub fn to_config_json(&self) -> String {
        let mut out = String::new();
        write_record(&mut out, &self.fields());
        out
    }

    /// What `helm show chart` prints: all fields, as sigs.k8s.io/yaml marshals them.
    pub fn to_yaml(&self) -> String {
        yaml::encode(&to_map(&self.fields()).into())
    }

    /// What `helm package` writes as `Chart.yaml`: as [`to_yaml`](Self::to_yaml), but a `v1` chart has
    /// its dependencies in `requirements.yaml` and nowhere else.
    pub fn to_packaged_yaml(&self) -> String {
        let mut fields = self.fields();
        if self.is_v1() {
            fields.retain(|(key, _)| *key != "dependencies");
        }
        yaml::encode(&to_map(&fields).into())
    }

    /// The fields that are not empty, in the order of Helm's `Metadata` struct.
    fn fields(&self) -> Fields<'_> {
        let mut fields = Vec::new();
        add_text(&mut fields, "name", self.name());
        add_text(&mut fields, "home", &self.home);
        add_texts(&mut fields, "sources", &self.sources);
        add_text(&mut fields, "version", self.version());
        add_text(&mut fields, "description", &self.description);
        add_texts(&mut fields, "keywords", &self.keywords);
        let maintainers = self.maintainers.iter().map(Maintainer::fields);
        add_records(&mut fields, "maintainers", maintainers);
        add_text(&mut fields, "icon", &self.icon);
        add_text(&mut fields, "apiVersion", &self.api_version);
        add_text(&mut fields, "condition", &self.condition);
        add_text(&mut fields, "tags", &self.tags);
        add_text(&mut fields, "appVersion", &self.app_version);
        if self.deprecated {
            fields.push(("deprecated", Node::True));
        }
        if !self.annotations.is_empty() {
            fields.push(("annotations", Node::Annotations(&self.annotations)));
        }
        add_text(&mut fields, "kubeVersion", &self.kube_version);
        let dependencies = self.dependencies.iter().map(Dependency::fields);
        add_records(&mut fields, "dependencies", dependencies);
        add_text(&mut fields, "type", &self.chart_type);
        fields
    }
}

impl Maintainer {
    /// The names of the fields in the order of Helm's `Maintainer` struct.
    pub const FIELDS: [&str; 3] = ["name", "email", "url"];

    fn fields(&self) -> Fields<'_> {
        let mut fields = Vec::new();
        add_text(&mut fields, "name", &self.name);
        add_text(&mut fields, "email", &self.email);
        add_text(&mut fields, "url", &self.url);
        fields
    }
}

impl Dependency {
    /// The names of the fields in the order of Helm's `Dependency` struct.
    pub const FIELDS: [&str; 8] = [
        "name",
        "version",
        "repository",
        "condition",
        "tags",
        "enabled",
        "import-values",
        "alias",
    ];

    /// Name and repository are written even if empty.
    fn fields(&self) -> Fields<'_> {
        let mut fields = vec![("name", Node::Text(&self.name))];
        add_text(&mut fields, "version", &self.version);
        fields.push(("repository", Node::Text(&self.repository)));
        add_text(&mut fields, "condition", &self.condition);
        add_texts(&mut fields, "tags", &self.tags);
        if self.enabled {
            fields.push(("enabled", Node::True));
        }
        if !self.import_values.is_empty() {
            let values = self.import_values.iter().map(Node::Any);
            fields.push(("import-values", Node::List(values.collect())));
        }
        add_text(&mut fields, "alias", &self.alias);
        fields
    }

    /// The dependency as Go's `json.Marshal` writes it, which is what the digest of a lock file is made of.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        write_record(&mut out, &self.fields());
        out
    }

    /// The dependency as one element of a list in YAML.
    pub(crate) fn to_value(&self) -> Value {
        to_map(&self.fields()).into()
    }
}

fn add_text<'a>(fields: &mut Fields<'a>, key: &'static str, text: &'a str) {
    if !text.is_empty() {
        fields.push((key, Node::Text(text)));
    }
}

fn add_texts<'a>(fields: &mut Fields<'a>, key: &'static str, texts: &'a [String]) {
    if !texts.is_empty() {
        let texts = texts.iter().map(|text| Node::Text(text));
        fields.push((key, Node::List(texts.collect())));
    }
}

fn add_records<'a>(
    fields: &mut Fields<'a>,
    key: &'static str,
    records: impl ExactSizeIterator<Item = Fields<'a>>,
) {
    if records.len() > 0 {
        fields.push((key, Node::List(records.map(Node::Record).collect())));
    }
}

fn to_map(fields: &Fields<'_>) -> Map {
    fields.iter().map(|(key, node)| (*key, node.to_value())).collect()
}

impl Node<'_> {
    fn to_value(&self) -> Value {
        match self {
            Self::Text(text) => (*text).into(),
            Self::True => true.into(),
            Self::List(nodes) => nodes.iter().map(Self::to_value).collect::<Vec<_>>().into(),
            Self::Record(fields) => to_map(fields).into(),
            Self::Annotations(annotations) => {
                let entries = annotations.iter();
                let map: Map = entries.map(|(key, text)| (key.as_str(), text.as_str())).collect();
                map.into()
            }
            Self::Any(value) => (*value).clone(),
        }
    }

    fn write_json(&self, out: &mut String) {
        match self {
            Self::Text(text) => skeg_go::json::write_string(out, text),
            Self::True => out.push_str("true"),
            Self::List(nodes) => write_list(out, nodes, |out, node| node.write_json(out)),
            Self::Record(fields) => write_record(out, fields),
            Self::Annotations(annotations) => {
                write_entries(out, *annotations, |out, text| {
                    skeg_go::json::write_string(out, text);
                });
            }
            Self::Any(value) => out.push_str(&json::to_string(value)),
        }
    }
}

fn write_record(out: &mut String, fields: &Fields<'_>) {
    let entries = fields.iter().map(|(key, node)| (key, node));
    write_entries(out, entries, |out, node| node.write_json(out));
}

fn write_list<T>(out: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

fn write_entries<K: AsRef<str>, V>(
    out: &mut String,
    entries: impl IntoIterator<Item = (K, V)>,
    write: impl Fn(&mut String, V),
) {
    out.push('{');
    for (index, (key, value)) in entries.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        skeg_go::json::write_string(out, key.as_ref());
        out.push(':');
        write(out, value);
    }
    out.push('}');
}
