//! `registries.conf` of the containers tools, version 2, as `containers-registries.conf(5)` describes it.
//!
//! Read are `[[registry]]` tables: `prefix`, `location`, `insecure`, `blocked`, and their mirrors with `location`, `insecure`
//! and `pull-from-mirror`. Everything else there (short names, search lists) is for images, and passed over.

use std::path::{Path, PathBuf};

use fs_err as fs;
use serde::Deserialize;
use toml::Spanned;

use crate::config::Rule;
use crate::error::ConfigError;
use crate::file::syntax_error;
use crate::origin::{Origin, line_of};
use crate::place::{Place, Prefix};
use crate::settings::{Mirror, Settings};

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    registry: Vec<Spanned<Registry>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Registry {
    prefix: Option<String>,
    location: Option<String>,
    insecure: Option<bool>,
    blocked: Option<bool>,
    #[serde(default)]
    mirror_by_digest_only: bool,
    mirror: Option<Vec<MirrorTable>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct MirrorTable {
    location: String,
    insecure: Option<bool>,
    pull_from_mirror: Option<String>,
}

/// The files of `registries.conf.d`, in the order in which they are read there: by name.
pub(crate) fn drop_ins(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "conf"))
        .collect();
    paths.sort();
    paths
}

/// Reads the rules of one file.
pub(crate) fn parse(path: &Path, text: &str) -> Result<Vec<Rule>, ConfigError> {
    let file: File = toml::from_str(text).map_err(|error| syntax_error(path, text, &error))?;
    let mut rules = Vec::new();
    for registry in file.registry {
        let line = line_of(text, registry.span().start);
        let origin = Origin {
            path: path.to_owned(),
            line: Some(line),
        };
        let added = rules_of(registry.get_ref(), &origin).map_err(|source| ConfigError::Place {
            path: path.to_owned(),
            line,
            source,
        })?;
        rules.extend(added);
    }
    Ok(rules)
}

/// The rule of a table, and one for each mirror that is insecure.
fn rules_of(registry: &Registry, origin: &Origin) -> Result<Vec<Rule>, crate::ParsePlaceError> {
    let name = registry.prefix.as_deref().or(registry.location.as_deref());
    let prefix: Prefix = name.unwrap_or_default().parse()?;
    let location: Option<Place> = match &registry.location {
        Some(location) if Some(location) != registry.prefix.as_ref() && registry.prefix.is_some() => {
            Some(location.parse()?)
        }
        _ => None,
    };
    let mut rules = Vec::new();
    let mut mirrors = Vec::new();
    for table in registry.mirror.iter().flatten() {
        let place: Place = table.location.parse()?;
        if table.insecure.is_some() {
            let settings = insecure(table.insecure);
            rules.push(Rule::new(place.clone().into(), settings, origin.clone()));
        }
        let from = table.pull_from_mirror.as_deref();
        mirrors.push(Mirror {
            place,
            digests_only: from == Some("digest-only") || (from.is_none() && registry.mirror_by_digest_only),
            tags_only: from == Some("tag-only"),
        });
    }
    let settings = Settings {
        location,
        mirrors: registry.mirror.is_some().then_some(mirrors),
        blocked: registry.blocked,
        ..insecure(registry.insecure)
    };
    rules.push(Rule::new(prefix, settings, origin.clone()));
    Ok(rules)
}

fn insecure(insecure: Option<bool>) -> Settings {
    Settings {
        insecure,
        ..Settings::default()
    }
}
