//! Writing an index, as Helm writes it.

use std::io::Write as _;
use std::path::Path;

use serde_json::{Map, Value as Json, json};
use skeg_files::Readers;
use skeg_values::yaml;

use super::record::{DirectoryIndex, IndexDirectoryError};

/// How an index is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IndexFormat {
    /// As YAML.
    #[default]
    Yaml,
    /// As indented JSON.
    Json,
}

impl DirectoryIndex {
    /// The text of the index; `generated` is its time in the form of RFC 3339.
    pub fn to_text(&self, format: IndexFormat, generated: &str) -> String {
        let mut sorted = self.clone();
        sorted.sort();
        let entries: Map<String, Json> = sorted
            .charts
            .into_iter()
            .map(|(name, records)| {
                let records = records.into_iter().map(|record| Json::Object(record.fields));
                (name, records.collect())
            })
            .collect();
        let document = json!({"apiVersion": "v1", "generated": generated, "entries": entries});
        match format {
            IndexFormat::Yaml => yaml::encode(&document.into()),
            IndexFormat::Json => escape(&serde_json::to_string_pretty(&document).unwrap_or_default()),
        }
    }

    /// Writes the index.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(
        &self,
        path: &Path,
        format: IndexFormat,
        generated: &str,
    ) -> Result<(), IndexDirectoryError> {
        let mut file = skeg_files::temporary_beside(path, Readers::Umask)?;
        file.write_all(self.to_text(format, generated).as_bytes())?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }
}

/// What Go escapes in JSON; these characters stand in texts only.
fn escape(json: &str) -> String {
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}
