//! Why a chart could not be rendered.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use skeg_template::{ExecError, ParseError};

use crate::manifests::{ManifestError, trim, write_manifest};
use crate::trace::{explain_execution, explain_parsing};

/// A chart that could not be rendered. Displays as Helm's text.
#[derive(Debug)]
pub struct RenderError(Box<Content>);

#[derive(Debug)]
struct Content {
    kind: RenderErrorKind,
    warnings: Vec<String>,
    files: BTreeMap<String, Vec<u8>>,
}

/// What stood in the way.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderErrorKind {
    /// The chart is not there to be installed.
    #[error("{chart_type} charts are not installable")]
    NotInstallable {
        /// Its type: `library`.
        chart_type: String,
    },
    /// Charts that are declared are not in `charts/`.
    #[error(
        "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to \
         fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: {}", .names.join(", ")
    )]
    MissingDependencies {
        /// Their names.
        names: Vec<String>,
    },
    /// Releases cannot be called so.
    #[error("release name check failed: {}", release_name_text(.name))]
    ReleaseName {
        /// The name.
        name: String,
    },
    /// The values of a chart are no table, found when the dependencies were looked at.
    #[error("chart dependencies processing failed: {message}")]
    Dependencies {
        /// Which ones, and what they are.
        message: String,
    },
    /// The values of a chart are no table.
    #[error("{message}")]
    Values {
        /// Which ones, and what they are.
        message: String,
    },
    /// The values do not fit the schemas of the charts.
    #[error("values don't meet the specifications of the schema(s) in the following chart(s):\n{message}")]
    Schema {
        /// What does not fit, chart by chart.
        message: String,
    },
    /// The chart is not for this version of Kubernetes.
    #[error("chart requires kubeVersion: {constraint} which is incompatible with Kubernetes {version}")]
    KubeVersion {
        /// What the chart wants.
        constraint: String,
        /// The version that there is.
        version: String,
    },
    /// A file is no template.
    #[error("{}", explain_parsing(.file, &.source.to_string()))]
    Parse {
        /// The file.
        file: String,
        /// What is wrong.
        source: ParseError,
    },
    /// A template failed.
    #[error("{}", explain_execution(.file, .source))]
    Execute {
        /// The file.
        file: String,
        /// What is wrong.
        source: ExecError,
    },
    /// The post-renderer failed.
    #[error("{message}")]
    PostRender {
        /// Why.
        message: String,
    },
    /// What a template printed is no manifest.
    #[error("YAML parse error on {file}: {source}")]
    Manifest {
        /// The file.
        file: String,
        /// The document in which it is.
        document: Vec<u8>,
        /// What is wrong.
        source: ManifestError,
    },
}

impl RenderError {
    pub(crate) fn new(kind: RenderErrorKind, warnings: Vec<String>) -> Self {
        Self(Box::new(Content {
            kind,
            warnings,
            files: BTreeMap::new(),
        }))
    }

    pub(crate) fn with_files(mut self, files: BTreeMap<String, Vec<u8>>) -> Self {
        self.0.files = files;
        self
    }

    /// What stood in the way.
    pub fn kind(&self) -> &RenderErrorKind {
        &self.0.kind
    }

    /// What Helm logs up to the error, in order.
    pub fn warnings(&self) -> &[String] {
        &self.0.warnings
    }

    /// Whether there is a release already, of which `--debug` prints what there is. Without `--debug` Helm adds
    /// `Use --debug flag to render out invalid YAML` to its message then.
    pub fn has_release(&self) -> bool {
        matches!(
            self.0.kind,
            RenderErrorKind::KubeVersion { .. }
                | RenderErrorKind::Parse { .. }
                | RenderErrorKind::Execute { .. }
                | RenderErrorKind::PostRender { .. }
                | RenderErrorKind::Manifest { .. }
        )
    }

    /// What each template printed, by its path, if all of them could be rendered.
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.0.files
    }

    /// The files as one document, in the order of their paths (that of Helm is random).
    pub fn manifest(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for (path, content) in &self.0.files {
            if !trim(content).is_empty() {
                write_manifest(&mut out, path, content);
            }
        }
        out
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.kind, formatter)
    }
}

impl Error for RenderError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.kind.source()
    }
}

/// What Helm says about a name that releases cannot have.
pub fn release_name_text(name: &str) -> String {
    let reason = if name.is_empty() {
        "no name provided".to_owned()
    } else {
        format!(
            "invalid release name, must match regex {RELEASE_NAME_PATTERN} and the length must not be longer than 53"
        )
    };
    format!("release name {}: {reason}", skeg_go::quote::quote(name))
}

const RELEASE_NAME_PATTERN: &str = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
