//! The Go objects behind `.Capabilities`.

#![expect(
    clippy::unnecessary_wraps,
    reason = "all methods are of one type, and some can fail"
)]

use std::any::Any;

use skeg_go::{CallError, GoList, GoMap, GoObject, GoType, GoValue, Kind, Method, NamedType, Parameter};

use super::{Capabilities, HelmVersion, KubeVersion};
use crate::format::plain;

/// `*common.Capabilities`
#[derive(Debug)]
struct CapabilitiesObject {
    kube_version: GoValue,
    api_versions: GoValue,
    helm_version: GoValue,
}

/// `common.KubeVersion`
#[derive(Debug)]
struct KubeVersionObject(KubeVersion);

/// `version.BuildInfo`
#[derive(Debug)]
struct HelmVersionObject(HelmVersion);

static VERSION_SET: NamedType = NamedType {
    name: "common.VersionSet",
    methods: &[Method {
        name: "Has",
        parameters: &[Parameter::String],
        variadic: None,
        call: has,
    }],
};

const KUBE_VERSION_METHODS: [Method; 2] = [
    Method {
        name: "GitVersion",
        parameters: &[],
        variadic: None,
        call: git_version,
    },
    Method {
        name: "String",
        parameters: &[],
        variadic: None,
        call: kube_version_text,
    },
];

pub(super) fn capabilities(capabilities: &Capabilities) -> GoValue {
    let api_versions = capabilities.api_versions.iter();
    let api_versions = api_versions.map(|version| version.as_str().into()).collect();
    GoValue::object(CapabilitiesObject {
        kube_version: GoValue::object(KubeVersionObject(capabilities.kube_version.clone())),
        api_versions: GoList::named(&VERSION_SET, GoType::String, api_versions).into(),
        helm_version: helm_version(&capabilities.helm_version),
    })
}

pub(super) fn helm_version(version: &HelmVersion) -> GoValue {
    GoValue::object(HelmVersionObject(version.clone()))
}

type Fields = Vec<(&'static str, GoValue)>;

fn find(fields: Fields, wanted: &str) -> Option<GoValue> {
    let mut fields = fields.into_iter();
    fields.find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// The values of fields with other names, in the same order.
fn renamed(fields: Fields, names: &[&'static str]) -> Fields {
    let values = fields.into_iter().map(|(_, value)| value);
    names.iter().copied().zip(values).collect()
}

fn text_of_fields(fields: &[(&str, GoValue)]) -> String {
    let texts: Vec<String> = fields.iter().map(|(_, value)| plain(value)).collect();
    format!("{{{}}}", texts.join(" "))
}

impl CapabilitiesObject {
    fn all(&self) -> Fields {
        vec![
            ("KubeVersion", self.kube_version.clone()),
            ("APIVersions", self.api_versions.clone()),
            ("HelmVersion", self.helm_version.clone()),
        ]
    }
}

impl GoObject for CapabilitiesObject {
    fn type_name(&self) -> &'static str {
        "*common.Capabilities"
    }

    fn kind(&self) -> Kind {
        Kind::Pointer
    }

    fn field(&self, name: &str) -> Option<GoValue> {
        find(self.all(), name)
    }

    fn to_text(&self) -> String {
        format!("&{}", text_of_fields(&self.all()))
    }

    fn fields(&self) -> Option<Fields> {
        Some(self.all())
    }

    fn to_json(&self) -> GoValue {
        self.all().into_iter().collect::<GoMap>().into()
    }

    fn json_order(&self) -> &[&str] {
        &["KubeVersion", "APIVersions", "HelmVersion"]
    }

    fn yaml_fields(&self) -> Option<Fields> {
        let names = ["kubeversion", "apiversions", "helmversion"];
        Some(renamed(self.all(), &names))
    }

    fn is_equal(&self, other: &dyn GoObject) -> bool {
        other.type_name() == self.type_name() && other.to_text() == self.to_text()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl KubeVersionObject {
    fn exported(&self) -> Fields {
        vec![
            ("Version", self.0.version().into()),
            ("Major", self.0.major().into()),
            ("Minor", self.0.minor().into()),
        ]
    }
}

impl GoObject for KubeVersionObject {
    fn type_name(&self) -> &'static str {
        "common.KubeVersion"
    }

    fn field(&self, name: &str) -> Option<GoValue> {
        find(self.exported(), name)
    }

    fn hidden_fields(&self) -> &[&str] {
        &["normalizedVersion"]
    }

    fn methods(&self) -> &[Method] {
        &KUBE_VERSION_METHODS
    }

    fn to_text(&self) -> String {
        self.fields().as_deref().map(text_of_fields).unwrap_or_default()
    }

    fn fields(&self) -> Option<Fields> {
        let mut fields = self.exported();
        fields.insert(1, ("normalizedVersion", self.0.normalized().into()));
        Some(fields)
    }

    fn printed(&self) -> Option<String> {
        Some(self.0.normalized().to_owned())
    }

    fn to_json(&self) -> GoValue {
        self.exported().into_iter().collect::<GoMap>().into()
    }

    fn json_order(&self) -> &[&str] {
        &["Version", "Major", "Minor"]
    }

    fn yaml_fields(&self) -> Option<Fields> {
        Some(renamed(self.exported(), &["version", "major", "minor"]))
    }

    fn is_equal(&self, other: &dyn GoObject) -> bool {
        let other: Option<&Self> = other.as_any().downcast_ref();
        other.is_some_and(|other| self.0 == other.0)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl HelmVersionObject {
    fn all(&self) -> Fields {
        let version = &self.0;
        vec![
            ("Version", (*version.version).into()),
            ("GitCommit", (*version.git_commit).into()),
            ("GitTreeState", (*version.git_tree_state).into()),
            ("GoVersion", (*version.go_version).into()),
            ("KubeClientVersion", (*version.kube_client_version).into()),
        ]
    }
}

const HELM_VERSION_KEYS: [&str; 5] = [
    "version",
    "git_commit",
    "git_tree_state",
    "go_version",
    "kube_client_version",
];

impl GoObject for HelmVersionObject {
    fn type_name(&self) -> &'static str {
        "version.BuildInfo"
    }

    fn field(&self, name: &str) -> Option<GoValue> {
        find(self.all(), name)
    }

    fn to_text(&self) -> String {
        text_of_fields(&self.all())
    }

    fn fields(&self) -> Option<Fields> {
        Some(self.all())
    }

    fn to_json(&self) -> GoValue {
        let fields = renamed(self.all(), &HELM_VERSION_KEYS);
        fields.into_iter().collect::<GoMap>().into()
    }

    fn json_order(&self) -> &[&str] {
        &HELM_VERSION_KEYS
    }

    fn yaml_fields(&self) -> Option<Fields> {
        let names = [
            "version",
            "gitcommit",
            "gittreestate",
            "goversion",
            "kubeclientversion",
        ];
        Some(renamed(self.all(), &names))
    }

    fn is_equal(&self, other: &dyn GoObject) -> bool {
        let other: Option<&Self> = other.as_any().downcast_ref();
        other.is_some_and(|other| self.0 == other.0)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `VersionSet.Has`
fn has(receiver: &GoValue, arguments: &[GoValue]) -> Result<GoValue, CallError> {
    let wanted = arguments.first().and_then(GoValue::as_string);
    let versions = receiver.as_list().into_iter().flat_map(GoList::items);
    let found = versions
        .filter_map(GoValue::as_string)
        .any(|version| Some(version) == wanted);
    Ok(found.into())
}

/// `KubeVersion.GitVersion`
fn git_version(receiver: &GoValue, _: &[GoValue]) -> Result<GoValue, CallError> {
    let version = receiver.as_object::<KubeVersionObject>();
    Ok(version.map_or("", |version| version.0.version()).into())
}

/// `KubeVersion.String`
fn kube_version_text(receiver: &GoValue, _: &[GoValue]) -> Result<GoValue, CallError> {
    let version = receiver.as_object::<KubeVersionObject>();
    Ok(version.map_or("", |version| version.0.normalized()).into())
}
