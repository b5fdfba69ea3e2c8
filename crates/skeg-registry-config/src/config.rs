//! All rules that were read, and what follows from them.

use std::path::Path;

use fs_err as fs;
use skeg_oci::{RegistryHost, RepositoryName};

use crate::effective::{Effective, Sourced};
use crate::error::ConfigError;
use crate::origin::Origin;
use crate::place::Prefix;
use crate::settings::{Mirror, Settings};
use crate::{certificates, containers, file};

/// What holds for which registry.
#[derive(Clone, Debug, Default)]
pub struct RegistryConfig {
    rules: Vec<Rule>,
    /// How many sources there are.
    sources: usize,
}

/// What is set for one prefix in one place.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) prefix: Prefix,
    pub(crate) settings: Settings,
    pub(crate) origin: Origin,
    /// The number of the source; lower ones win.
    source: usize,
}

impl Rule {
    pub(crate) fn new(prefix: Prefix, settings: Settings, origin: Origin) -> Self {
        Self {
            prefix,
            settings,
            origin,
            source: 0,
        }
    }
}

impl RegistryConfig {
    /// Reads skeg's own file; one that is not there says nothing.
    pub fn read(&mut self, path: &Path) -> Result<(), ConfigError> {
        match read_text(path)? {
            Some(text) => self.parse(path, &text),
            None => Ok(()),
        }
    }

    /// Takes in the text of skeg's own file; `path` is for messages and for the paths in it.
    pub fn parse(&mut self, path: &Path, text: &str) -> Result<(), ConfigError> {
        let rules = file::parse(path, text)?;
        self.add(rules);
        Ok(())
    }

    /// Reads `registries.conf` of the containers tools, and the `*.conf` files of the directory `registries.conf.d` beside it.
    /// As there, the files of the directory win over the first one, the last over those before it.
    pub fn read_containers(&mut self, path: &Path) -> Result<(), ConfigError> {
        let directory = path.with_extension("conf.d");
        for path in containers::drop_ins(&directory)
            .into_iter()
            .rev()
            .chain([path.to_owned()])
        {
            if let Some(text) = read_text(&path)? {
                let rules = containers::parse(&path, &text)?;
                self.add(rules);
            }
        }
        Ok(())
    }

    /// Reads a directory such as `/etc/docker/certs.d`, in which each directory is named `HOST` or `HOST:PORT` and has
    /// authorities in `*.crt`, a client certificate in `*.cert` and its key in `*.key`.
    pub fn read_certificates(&mut self, directory: &Path) {
        self.add(certificates::read(directory));
    }

    fn add(&mut self, rules: Vec<Rule>) {
        let source = self.sources;
        self.sources += 1;
        let rules = rules.into_iter().map(|rule| Rule { source, ..rule });
        self.rules.extend(rules);
        // Stable: of two equal prefixes in one file the first wins.
        self.rules.sort_by(|one, other| {
            let length = other.prefix.length().cmp(&one.prefix.length());
            one.source.cmp(&other.source).then(length)
        });
    }

    /// Whether nothing is configured.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Every prefix for which something is set, each once.
    pub fn prefixes(&self) -> Vec<&Prefix> {
        let mut prefixes: Vec<&Prefix> = Vec::new();
        for rule in &self.rules {
            if !prefixes.contains(&&rule.prefix) {
                prefixes.push(&rule.prefix);
            }
        }
        prefixes
    }

    /// What holds for a registry as a whole, or for one of its repositories.
    pub fn effective(&self, host: &RegistryHost, repository: Option<&RepositoryName>) -> Effective {
        let rules = self.rules.iter();
        effective(rules.filter_map(|rule| Some((rule, rule.prefix.strip(host, repository)?))))
    }

    /// What is set for a prefix itself.
    pub fn of_prefix(&self, prefix: &Prefix) -> Effective {
        let rules = self.rules.iter().filter(|rule| rule.prefix == *prefix);
        effective(rules.map(|rule| (rule, "")))
    }
}

/// What follows from rules and from what is left of the path below their prefixes, the strongest rule first.
fn effective<'rules>(rules: impl Iterator<Item = (&'rules Rule, &'rules str)>) -> Effective {
    let mut effective = Effective::default();
    let mut has_mirrors = false;
    for (rule, rest) in rules {
        let Settings {
            location,
            mirrors,
            plain_http,
            insecure,
            ca_file,
            client_certificate,
            client_key,
            credential_helper,
            requests_per_second,
            concurrency,
            blocked,
        } = &rule.settings;
        let origin = &rule.origin;
        let location = location.as_ref().map(|place| place.below(rest));
        fill(&mut effective.location, location.as_ref(), origin);
        if let Some(mirrors) = mirrors.as_ref().filter(|_| !has_mirrors) {
            has_mirrors = true;
            effective.mirrors = below(mirrors, rest, origin);
        }
        fill(&mut effective.plain_http, plain_http.as_ref(), origin);
        fill(&mut effective.insecure, insecure.as_ref(), origin);
        fill(&mut effective.ca_file, ca_file.as_ref(), origin);
        // A certificate and its key belong together.
        if effective.client_certificate.is_none() && effective.client_key.is_none() {
            fill(
                &mut effective.client_certificate,
                client_certificate.as_ref(),
                origin,
            );
            fill(&mut effective.client_key, client_key.as_ref(), origin);
        }
        fill(
            &mut effective.credential_helper,
            credential_helper.as_ref(),
            origin,
        );
        fill(
            &mut effective.requests_per_second,
            requests_per_second.as_ref(),
            origin,
        );
        fill(&mut effective.concurrency, concurrency.as_ref(), origin);
        fill(&mut effective.blocked, blocked.as_ref(), origin);
    }
    effective
}

fn fill<T: Clone>(slot: &mut Option<Sourced<T>>, value: Option<&T>, origin: &Origin) {
    if let (None, Some(value)) = (&slot, value) {
        *slot = Some(Sourced {
            value: value.clone(),
            origin: origin.clone(),
        });
    }
}

/// The mirrors of what is at `rest` below the prefix.
fn below(mirrors: &[Mirror], rest: &str, origin: &Origin) -> Vec<Sourced<Mirror>> {
    let mirrors = mirrors.iter().map(|mirror| Mirror {
        place: mirror.place.below(rest),
        ..mirror.clone()
    });
    mirrors
        .map(|value| Sourced {
            value,
            origin: origin.clone(),
        })
        .collect()
}

fn read_text(path: &Path) -> Result<Option<String>, ConfigError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ConfigError::Read {
            path: path.to_owned(),
            source,
        }),
    }
}
