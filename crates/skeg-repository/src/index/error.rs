//! Why an index could not be used.

/// Why an `index.yaml` could not be read. The texts are Helm 4.3.1's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadIndexError {
    /// The file is empty.
    #[error("empty index.yaml file")]
    Empty,
    /// There is no `apiVersion`, which every index has.
    #[error("no API version specified")]
    NoApiVersion,
    /// It is no YAML, or has a key twice.
    #[error("{0}")]
    Syntax(String),
    /// Something is of another kind than it should be.
    #[error("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into {place}")]
    Kind {
        /// What it is, such as `array`.
        kind: &'static str,
        /// Where it is and what should be there, in Go's words.
        place: String,
    },
    /// It is no JSON although it begins so.
    #[error("{0}")]
    Json(String),
}

impl ReadIndexError {
    /// Whether it looks as if there were no index at that place at all, but a web page or a text.
    pub fn is_no_index(&self) -> bool {
        match self {
            Self::Kind { place, .. } => place.starts_with("Go value"),
            Self::Empty | Self::NoApiVersion | Self::Syntax(_) => true,
            Self::Json(_) => false,
        }
    }
}

/// Why a chart was not found in an index. The texts are Helm 4.3.1's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FindChartError {
    /// There is no chart of this name.
    #[error("no chart name found")]
    NoName,
    /// The chart has no versions.
    #[error("no chart version found")]
    NoVersions,
    /// No version is in the range.
    #[error("no chart version found for {name}-{version}")]
    NoVersion {
        /// The chart.
        name: String,
        /// The range, or the version.
        version: String,
    },
    /// The range is none.
    #[error(transparent)]
    Constraint(#[from] skeg_go::semver::ParseConstraintError),
}
