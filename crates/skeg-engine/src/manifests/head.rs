//! What Helm reads of a manifest.

use std::collections::BTreeMap;

use skeg_values::{ReadStructError, StructReader, yaml};

/// The Go type of `metadata`, which messages name.
const METADATA_TYPE: &str =
    r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#;

/// The fields of a manifest that Helm acts on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestHead {
    /// `apiVersion`; may be empty.
    pub api_version: String,
    /// `kind`; may be empty.
    pub kind: String,
    /// `metadata.name`; may be empty.
    pub name: String,
    /// `metadata.annotations`.
    pub annotations: BTreeMap<String, String>,
}

/// A document that is no manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// It is not YAML.
    #[error(transparent)]
    Yaml(#[from] yaml::DecodeError),
    /// The fields are of other kinds.
    #[error(transparent)]
    Kind(#[from] ReadStructError),
}

impl ManifestHead {
    /// Reads the first document of a text, all of it.
    pub fn parse(document: &[u8]) -> Result<Self, ManifestError> {
        let value = yaml::decode_for_struct(document)?;
        let mut reader = StructReader::new(&value, "util.SimpleHead")?;
        let api_version = reader.string("apiVersion");
        let kind = reader.string("kind");
        let metadata = reader.structure("metadata", METADATA_TYPE, |reader| {
            (reader.string("name"), reader.string_map("annotations"))
        });
        reader.finish()?;
        let (name, annotations) = metadata.unwrap_or_default();
        Ok(Self {
            api_version,
            kind,
            name,
            annotations: annotations.unwrap_or_default(),
        })
    }
}
