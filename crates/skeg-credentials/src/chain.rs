//! The order in which sources are asked, and what happens when one of them is broken.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use skeg_oci::RegistryHost;

use crate::docker_config::{ConfigFormat, Document, Entry, HelperChoice, read, read_file};
use crate::key::{KeyForm, is_same_login};
use crate::{
    ConfigLocation, Credential, CredentialKey, CredentialSource, CredentialStore, HelperError,
    HelperPrograms, Lookup, ReadConfigError, Secret, SourceKind, Warning,
};

/// Configurations in the order in which they are asked.
///
/// Within a configuration the helper of the host (`credHelpers`) comes first, then the helper for all hosts
/// (`credsStore`), then the logins in the file itself (`auths`). A helper that answers, if only that it knows nothing,
/// hides what stands behind it in that configuration, as in Docker; one that fails is passed over with a warning, as
/// is a configuration or an entry that cannot be read. The files are read anew for each lookup.
///
/// ```
/// use std::sync::Arc;
/// use skeg_credentials::{ConfigSource, Credential, CredentialChain, CredentialKey, CredentialStore, HelperPrograms};
///
/// let key = CredentialKey::parse("ghcr.io/team/app")?;
/// let chain = CredentialChain::new(Arc::new(HelperPrograms::new("/usr/bin")))
///     .with_config(ConfigSource::inline("DOCKER_AUTH_CONFIG", r#"{"auths":{"ghcr.io":{"auth":"dTpw"}}}"#))
///     .with_config(ConfigSource::podman("/nonexistent/auth.json"));
/// let lookup = chain.lookup(&key);
/// assert_eq!(lookup.credential, Credential::basic("u", "p"));
/// assert_eq!(lookup.source.unwrap().to_string(), "`ghcr.io` in DOCKER_AUTH_CONFIG");
/// # Ok::<(), skeg_credentials::ParseCredentialKeyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct CredentialChain {
    explicit: Option<(RegistryHost, Credential)>,
    configs: Vec<ConfigSource>,
    helpers: Arc<HelperPrograms>,
}

/// One configuration of a [`CredentialChain`]. A file that does not exist is an empty configuration.
#[derive(Clone, Debug)]
pub struct ConfigSource {
    location: ConfigLocation,
    format: ConfigFormat,
    content: Secret<String>,
    uses_native_store: bool,
}

/// A credential with its place.
pub(crate) type Found = (Credential, CredentialSource);

impl ConfigSource {
    /// Docker's or Helm's `config.json`. While it configures nothing, the platform's own store is asked, if its helper
    /// is installed.
    pub fn docker(path: impl Into<PathBuf>) -> Self {
        Self {
            uses_native_store: true,
            ..Self::podman(path)
        }
    }

    /// Podman's `auth.json`.
    pub fn podman(path: impl Into<PathBuf>) -> Self {
        Self::file(path.into(), ConfigFormat::Config)
    }

    /// The file of Docker's first years, `~/.dockercfg`.
    pub fn dockercfg(path: impl Into<PathBuf>) -> Self {
        Self::file(path.into(), ConfigFormat::Dockercfg)
    }

    /// The content of a variable such as `DOCKER_AUTH_CONFIG`, whose name is for messages. Only its `auths` count.
    pub fn inline(name: impl Into<String>, content: impl Into<String>) -> Self {
        Self {
            location: ConfigLocation::Inline(name.into()),
            format: ConfigFormat::Inline,
            content: content.into().into(),
            uses_native_store: false,
        }
    }

    /// Helper programs for single registries, without `docker-credential-` in front; `name` is for messages.
    pub fn helpers(name: impl Into<String>, helpers: &BTreeMap<String, String>) -> Self {
        let content = serde_json::json!({ "credHelpers": helpers }).to_string();
        Self {
            format: ConfigFormat::Config,
            ..Self::inline(name, content)
        }
    }

    fn file(path: PathBuf, format: ConfigFormat) -> Self {
        Self {
            location: ConfigLocation::File(path),
            format,
            content: String::new().into(),
            uses_native_store: false,
        }
    }

    pub(crate) fn location(&self) -> &ConfigLocation {
        &self.location
    }

    pub(crate) fn load(&self) -> Result<Document, ReadConfigError> {
        match &self.location {
            ConfigLocation::File(path) => read_file(path, self.format),
            location => read(self.content.expose().as_bytes(), self.format, || location.clone()),
        }
    }

    /// A place in this configuration.
    pub(crate) fn source(&self, kind: SourceKind, key: impl Into<String>) -> CredentialSource {
        CredentialSource {
            location: self.location.clone(),
            kind,
            key: key.into(),
        }
    }

    /// The helper for all hosts, of the file or of the platform.
    pub(crate) fn store(&self, document: &Document, helpers: &HelperPrograms) -> Option<SourceKind> {
        match document.store() {
            Some(suffix) => Some(SourceKind::Store(suffix.to_owned())),
            None if !self.uses_native_store || document.is_configured() => None,
            None => helpers
                .native()
                .map(|suffix| SourceKind::NativeStore(suffix.to_owned())),
        }
    }
}

impl CredentialChain {
    /// A chain without any configuration: every lookup is anonymous.
    pub fn new(helpers: Arc<HelperPrograms>) -> Self {
        Self {
            explicit: None,
            configs: Vec::new(),
            helpers,
        }
    }

    /// Adds a credential that the caller names for one host; it comes before all configurations and goes to no other
    /// host.
    #[must_use]
    pub fn with_explicit(mut self, host: RegistryHost, credential: Credential) -> Self {
        self.explicit = Some((host, credential));
        self
    }

    /// Adds a configuration behind those there are.
    #[must_use]
    pub fn with_config(mut self, config: ConfigSource) -> Self {
        self.configs.push(config);
        self
    }

    pub(crate) fn configs(&self) -> &[ConfigSource] {
        &self.configs
    }

    pub(crate) fn helpers(&self) -> &HelperPrograms {
        &self.helpers
    }

    fn find_explicit(&self, key: &CredentialKey) -> Option<Found> {
        let (host, credential) = self.explicit.as_ref()?;
        if !key.is_for(host) || credential.is_anonymous() {
            return None;
        }
        let source = CredentialSource {
            location: ConfigLocation::Caller,
            kind: SourceKind::Plain,
            key: host.to_string(),
        };
        Some((credential.clone(), source))
    }

    /// What one configuration knows.
    pub(crate) fn find_in(
        &self,
        config: &ConfigSource,
        key: &CredentialKey,
        warnings: &mut Vec<Warning>,
    ) -> Option<Found> {
        let document = match config.load() {
            Ok(document) => document,
            Err(error) => {
                warnings.push(Warning::Config(error));
                return None;
            }
        };
        for kind in self.keepers(config, &document, key) {
            match self.ask_helper(&document, &kind, key) {
                Ok(found) => {
                    let (credential, server) = found?;
                    return Some((credential, config.source(kind, server)));
                }
                Err(problem) => warnings.push(Warning::Helper {
                    location: config.location.clone(),
                    problem,
                }),
            }
        }
        find_plain(config, &document, key, warnings)
    }

    /// The helpers that are responsible for a request, in the order in which they are asked.
    fn keepers(&self, config: &ConfigSource, document: &Document, key: &CredentialKey) -> Vec<SourceKind> {
        let store = || config.store(document, &self.helpers);
        match document.helper_for(key) {
            HelperChoice::File => Vec::new(),
            HelperChoice::Unnamed => store().into_iter().collect(),
            HelperChoice::Helper(suffix) => {
                let store = store().filter(|store| store.helper() != Some(suffix));
                std::iter::once(SourceKind::Helper(suffix.to_owned()))
                    .chain(store)
                    .collect()
            }
        }
    }

    /// Asks a helper for the paths that the file marks as kept by it, the longest first, and then for the host.
    fn ask_helper(
        &self,
        document: &Document,
        kind: &SourceKind,
        key: &CredentialKey,
    ) -> Result<Option<(Credential, String)>, Arc<HelperError>> {
        let Some(suffix) = kind.helper() else {
            return Ok(None);
        };
        let host = CredentialKey::for_host(key.host().clone());
        let is_marker = |entry: &Entry<'_>| {
            entry.credential == Ok(None) && !is_same_login(entry.key, KeyForm::Scoped, &host)
        };
        let marked = document
            .entries_for(key)
            .into_iter()
            .filter(is_marker)
            .map(|entry| entry.key.to_owned());
        for server in marked.chain([host.server_address()]) {
            if let Some(credential) = self.helpers.get(suffix, &server)? {
                return Ok(Some((credential, server)));
            }
        }
        Ok(None)
    }
}

impl CredentialStore for CredentialChain {
    fn lookup(&self, key: &CredentialKey) -> Lookup {
        let mut warnings = Vec::new();
        let found = self.find_explicit(key).or_else(|| {
            let mut configs = self.configs.iter();
            configs.find_map(|config| self.find_in(config, key, &mut warnings))
        });
        let (credential, source) = match found {
            Some((credential, source)) => (credential, Some(source)),
            None => (Credential::Anonymous, None),
        };
        if let Some(source) = &source {
            tracing::debug!(%key, %source, "found a credential");
        }
        Lookup {
            credential,
            source,
            warnings,
        }
    }
}

/// The best entry of `auths` that can be used.
fn find_plain(
    config: &ConfigSource,
    document: &Document,
    key: &CredentialKey,
    warnings: &mut Vec<Warning>,
) -> Option<Found> {
    for entry in document.entries_for(key) {
        match entry.credential {
            Ok(Some(credential)) => return Some((credential, config.source(SourceKind::Plain, entry.key))),
            Ok(None) => {}
            Err(problem) => warnings.push(Warning::Entry {
                location: config.location.clone(),
                key: entry.key.to_owned(),
                problem,
            }),
        }
    }
    None
}
