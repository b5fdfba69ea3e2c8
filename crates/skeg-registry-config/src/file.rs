//! skeg's own file.
//!
//! A list of tables `[[registry]]`, whose settings have the names of [`Settings`] with `-` for `_`. Paths of files are
//! relative to the file. A setting that does not exist is an error: a typing error must not turn a mirror off.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use crate::config::Rule;
use crate::error::ConfigError;
use crate::origin::{Origin, line_of};
use crate::settings::{Mirror, Settings};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    registry: Vec<Spanned<Registry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Registry {
    prefix: String,
    location: Option<String>,
    mirrors: Option<Vec<MirrorTable>>,
    plain_http: Option<bool>,
    insecure: Option<bool>,
    ca_file: Option<PathBuf>,
    client_certificate: Option<PathBuf>,
    client_key: Option<PathBuf>,
    credential_helper: Option<String>,
    requests_per_second: Option<NonZeroU32>,
    concurrency: Option<NonZeroU32>,
    blocked: Option<bool>,
}

#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "a table such as `{ location = \"HOST/PATH\" }`"
)]
struct MirrorTable {
    location: String,
    #[serde(default)]
    digests_only: bool,
    #[serde(default)]
    tags_only: bool,
}

/// Reads the rules of a file.
pub(crate) fn parse(path: &Path, text: &str) -> Result<Vec<Rule>, ConfigError> {
    let file: File = toml::from_str(text).map_err(|error| syntax_error(path, text, &error))?;
    let directory = path.parent().unwrap_or(Path::new(""));
    file.registry
        .into_iter()
        .map(|registry| {
            let line = line_of(text, registry.span().start);
            rule(registry.into_inner(), directory, path, line)
        })
        .collect()
}

fn rule(registry: Registry, directory: &Path, path: &Path, line: usize) -> Result<Rule, ConfigError> {
    let in_file = |source| ConfigError::Place {
        path: path.to_owned(),
        line,
        source,
    };
    let beside = |file: Option<PathBuf>| file.map(|file| directory.join(file));
    let mirror = |table: MirrorTable| {
        Ok(Mirror {
            place: table.location.parse()?,
            digests_only: table.digests_only,
            tags_only: table.tags_only,
        })
    };
    let mirrors = registry
        .mirrors
        .map(|tables| tables.into_iter().map(mirror).collect());
    let settings = Settings {
        location: registry
            .location
            .map(|place| place.parse())
            .transpose()
            .map_err(in_file)?,
        mirrors: mirrors.transpose().map_err(in_file)?,
        plain_http: registry.plain_http,
        insecure: registry.insecure,
        ca_file: beside(registry.ca_file),
        client_certificate: beside(registry.client_certificate),
        client_key: beside(registry.client_key),
        credential_helper: registry.credential_helper,
        requests_per_second: registry.requests_per_second,
        concurrency: registry.concurrency,
        blocked: registry.blocked,
    };
    let origin = Origin {
        path: path.to_owned(),
        line: Some(line),
    };
    Ok(Rule::new(
        registry.prefix.parse().map_err(in_file)?,
        settings,
        origin,
    ))
}

pub(crate) fn syntax_error(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    ConfigError::Syntax {
        path: path.to_owned(),
        line: error.span().map_or(1, |span| line_of(text, span.start)),
        message: error.message().trim_end().replace('\n', ", "),
    }
}
