//! The Go objects behind `.Capabilities`.

use std::any::Any;

use skeg_go::{CallError, GoList, GoMap, GoObject, GoType, GoValue, Kind, Method, NamedType, Parameter};

use super::{Capabilities, HelmVersion, KubeVersion};

/// `*common.Capabilities`
#[derive(Debug)]
struct CapabilitiesObject {
    kube_version: GoValue,
    api_versions: GoValue,
    helm_version: GoValue,
    text: String,
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
    let kube_version = KubeVersionObject(capabilities.kube_version.clone());
    let helm_version = HelmVersionObject(capabilities.helm_version.clone());
    let text = format!(
        "&{{{} [{}] {}}}",
        kube_version.to_text(),
        capabilities.api_versions.join(" "),
        helm_version.to_text()
    );
    let api_versions = capabilities.api_versions.iter();
    let api_versions = api_versions.map(|version| version.as_str().into()).collect();
    GoValue::object(CapabilitiesObject {
        kube_version: GoValue::object(kube_version),
        api_versions: GoList::named(&VERSION_SET, GoType::String, api_versions).into(),
        helm_version: GoValue::object(helm_version),
        text,
    })
}

impl GoObject for CapabilitiesObject {
    fn type_name(&self) -> &'static str {
        "*common.Capabilities"
    }

    fn kind(&self) -> Kind {
        Kind::Pointer
    }

    fn field(&self, name: &str) -> Option<GoValue> {
        match name {
            "KubeVersion" => Some(self.kube_version.clone()),
            "APIVersions" => Some(self.api_versions.clone()),
            "HelmVersion" => Some(self.helm_version.clone()),
            _ => None,
        }
    }

    fn to_text(&self) -> String {
        self.text.clone()
    }

    fn to_json(&self) -> GoValue {
        let json = |value: &GoValue| match value {
            GoValue::Object(object) => object.to_json(),
            other => other.clone(),
        };
        let fields = [
            ("KubeVersion", json(&self.kube_version)),
            ("APIVersions", json(&self.api_versions)),
            ("HelmVersion", json(&self.helm_version)),
        ];
        fields.into_iter().collect::<GoMap>().into()
    }

    fn is_equal(&self, other: &dyn GoObject) -> bool {
        let other: Option<&Self> = other.as_any().downcast_ref();
        other.is_some_and(|other| self.text == other.text)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl GoObject for KubeVersionObject {
    fn type_name(&self) -> &'static str {
        "common.KubeVersion"
    }

    fn field(&self, name: &str) -> Option<GoValue> {
        match name {
            "Version" => Some(self.0.version().into()),
            "Major" => Some(self.0.major().into()),
            "Minor" => Some(self.0.minor().into()),
            _ => None,
        }
    }

    fn methods(&self) -> &[Method] {
        &KUBE_VERSION_METHODS
    }

    fn to_text(&self) -> String {
        let version = &self.0;
        format!(
            "{{{} {} {} {}}}",
            version.version(),
            version.normalized(),
            version.major(),
            version.minor()
        )
    }

    fn to_json(&self) -> GoValue {
        let fields = [
            ("Version", self.0.version()),
            ("Major", self.0.major()),
            ("Minor", self.0.minor()),
        ];
        fields.into_iter().collect::<GoMap>().into()
    }

    fn is_equal(&self, other: &dyn GoObject) -> bool {
        let other: Option<&Self> = other.as_any().downcast_ref();
        other.is_some_and(|other| self.0 == other.0)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl GoObject for HelmVersionObject {
    fn type_name(&self) -> &'static str {
        "version.BuildInfo"
    }

    fn field(&self, name: &str) -> Option<GoValue> {
        let text = match name {
            "Version" => &self.0.version,
            "GitCommit" => &self.0.git_commit,
            "GitTreeState" => &self.0.git_tree_state,
            "GoVersion" => &self.0.go_version,
            "KubeClientVersion" => &self.0.kube_client_version,
            _ => return None,
        };
        Some(text.as_str().into())
    }

    fn to_text(&self) -> String {
        let version = &self.0;
        format!(
            "{{{} {} {} {} {}}}",
            version.version,
            version.git_commit,
            version.git_tree_state,
            version.go_version,
            version.kube_client_version
        )
    }

    fn to_json(&self) -> GoValue {
        let optional = [
            ("version", &self.0.version),
            ("git_commit", &self.0.git_commit),
            ("git_tree_state", &self.0.git_tree_state),
            ("go_version", &self.0.go_version),
        ];
        let fields = optional.into_iter().filter(|(_, text)| !text.is_empty());
        let fields: GoMap = fields.map(|(key, text)| (key, text.as_str())).collect();
        fields.insert("kube_client_version", self.0.kube_client_version.as_str());
        fields.into()
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
    let versions = receiver.as_list().into_iter().flat_map(|list| list.items());
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
