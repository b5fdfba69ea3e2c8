//! From a location and the flags of a command to a repository that can be asked.

use std::path::PathBuf;
use std::sync::Arc;

use skeg_credentials::Credential;
use skeg_oci::{RegistryHost, RepositoryName};
use skeg_oci_client::{
    AnyRepository, Cache, CachedRepository, Client, ClientOptions, LayoutRepository, MirrorRepository,
    MirroredRepository, ProxyOptions, Registry, RequestError, RetryPolicy, TlsOptions, UploadSupport,
};
use skeg_registry::RepositoryLocation;
use skeg_registry_config::{Mirror, Origin, Place, RegistryConfig, Sourced};

use crate::args::AccessArgs;
use crate::context::Context;
use crate::credentials::{ChainProvider, basic};
use crate::env::EnvironmentVariable;
use crate::error::CommandError;
use crate::progress::{Overall, ProgressReporter};
use crate::registries::{self, ConfiguredHosts};

/// A repository that is only read, with the cache in front of it.
pub(crate) type Reader = CachedRepository<AnyRepository>;

/// The repositories that one command speaks to; they share connections, tokens and progress.
pub(crate) struct Access {
    client: Client,
    config: RegistryConfig,
    reporter: Arc<ProgressReporter>,
    cache: Option<Arc<Cache>>,
}

impl Access {
    /// `named_host` is the registry that the command line names: `--username` and `--password` are for it alone.
    pub(crate) fn new(
        args: &AccessArgs,
        named_host: Option<&RegistryHost>,
        context: &Context,
    ) -> Result<Self, CommandError> {
        require_readable(args)?;
        let explicit = explicit_credential(args)?;
        let explicit = named_host.cloned().zip(explicit);
        let reporter = context.reporter();
        let cache = context.cache(Arc::clone(&reporter) as _)?;
        let config = registries::load(context)?;
        let helpers = registries::credential_helpers(&config);
        let provider = Arc::new(ChainProvider::new(context, helpers, explicit));
        let options = client_options(args, context);
        let hosts = ConfiguredHosts::new(config.clone(), &options.tls);
        let options = ClientOptions {
            hosts: Arc::new(hosts),
            ..options
        };
        Ok(Self {
            client: Client::new(options, provider, Arc::clone(&reporter) as _),
            config,
            reporter,
            cache,
        })
    }

    /// The repository of a location.
    ///
    /// # Errors
    /// The configuration says that it is elsewhere, at a place that can be no repository.
    pub(crate) fn repository(&self, location: &RepositoryLocation) -> Result<AnyRepository, CommandError> {
        match location {
            RepositoryLocation::Registry { host, repository } => self.configured_repository(host, repository),
            RepositoryLocation::Layout { directory } => {
                Ok(LayoutRepository::new(directory, Arc::clone(&self.reporter) as _).into())
            }
        }
    }

    /// The repository where it really is, with its mirrors.
    fn configured_repository(
        &self,
        host: &RegistryHost,
        name: &RepositoryName,
    ) -> Result<AnyRepository, CommandError> {
        let effective = self.config.effective(host, Some(name));
        let repository = |place: Place, origin: &Origin| match place.path {
            Some(path) => Ok(self.client.repository(place.host, path)),
            None => Err(no_repository(host, name, &place.host, origin)),
        };
        let origin = match effective.location {
            None => self.client.repository(host.clone(), name.clone()),
            Some(Sourced { value, origin }) => repository(value, &origin)?,
        };
        let mirror = |Sourced { value, origin }: Sourced<Mirror>| {
            Ok::<_, CommandError>(MirrorRepository {
                repository: repository(value.place, &origin)?,
                has_tags: !value.digests_only,
                has_digests: !value.tags_only,
            })
        };
        let mirrors: Vec<MirrorRepository> = effective
            .mirrors
            .into_iter()
            .map(mirror)
            .collect::<Result<_, _>>()?;
        if mirrors.is_empty() {
            return Ok(origin.into());
        }
        Ok(MirroredRepository::new(mirrors, origin, Arc::clone(&self.reporter) as _).into())
    }

    /// A repository to read from. What is in the cache is not asked for.
    ///
    /// # Errors
    /// As for [`Access::repository`].
    pub(crate) fn reader(&self, location: &RepositoryLocation) -> Result<Reader, CommandError> {
        let inner = self.repository(location)?;
        Ok(match (&self.cache, location) {
            (Some(cache), RepositoryLocation::Registry { host, repository }) => {
                cache.repository(inner, host.clone(), repository.clone())
            }
            _ => Reader::uncached(inner),
        })
    }

    /// The progress of all that the command copies.
    pub(crate) fn overall(&self) -> Arc<Overall> {
        self.reporter.overall()
    }

    /// How a repository is written to, found out by beginning that.
    pub(crate) async fn upload_support(
        &self,
        host: &RegistryHost,
        name: RepositoryName,
    ) -> Result<UploadSupport, RequestError> {
        let repository = self.client.repository(host.clone(), name).for_writing();
        repository.upload_support().await
    }

    pub(crate) fn registry(&self, host: &RegistryHost) -> Registry {
        self.client.registry(host.clone())
    }

    /// The registry that lists what is below a path, and the path there: where the content really is.
    pub(crate) fn listing_registry(
        &self,
        host: &RegistryHost,
        path: Option<&RepositoryName>,
    ) -> (Registry, Option<RepositoryName>) {
        match self.config.effective(host, path).location {
            Some(Sourced { value: place, .. }) => (self.client.registry(place.host), place.path),
            None => (self.registry(host), path.cloned()),
        }
    }
}

/// A whole repository that is said to be on a host, without the path there.
fn no_repository(
    host: &RegistryHost,
    name: &RepositoryName,
    place: &RegistryHost,
    origin: &Origin,
) -> CommandError {
    let error = CommandError::user(format!(
        "a location of `{host}/{name}` is `{place}` alone, which names no repository: {origin}"
    ));
    error.hint(format!("write the whole path: `location = \"{place}/{name}\"`"))
}

/// Whether flags can be used at all: files that can be read, and no half of a login.
pub(crate) fn require_usable(args: &AccessArgs) -> Result<(), CommandError> {
    require_readable(args)?;
    explicit_credential(args).map(drop)
}

/// Helm takes no notice of a user name without a password; a secret that is silently not used is worth an error.
fn explicit_credential(args: &AccessArgs) -> Result<Option<Credential>, CommandError> {
    match (args.username.as_deref(), args.password.clone()) {
        (None, None) => Ok(None),
        (Some(username), Some(password)) => Ok(Some(basic(username, password))),
        (Some(_), None) => Err(CommandError::user("`--username` needs `--password` beside it")
            .hint("log in once with `skeg registry login HOST --username NAME`, and leave both flags out")),
        (None, Some(_)) => Err(CommandError::user("`--password` needs `--username` beside it")),
    }
}

/// A file that is named and cannot be read is an error even where no TLS is spoken.
fn require_readable(args: &AccessArgs) -> Result<(), CommandError> {
    let files = [
        ("CA file", &args.tls.ca_file),
        ("client certificate", &args.tls.cert_file),
        ("client key", &args.tls.key_file),
    ];
    if args.tls.cert_file.is_some() != args.tls.key_file.is_some() {
        return Err(CommandError::user(
            "`--cert-file` and `--key-file` need each other",
        ));
    }
    for (what, file) in files {
        if let Some(path) = file {
            std::fs::metadata(path).map_err(|source| UnreadableFileError {
                what,
                path: path.clone(),
                source,
            })?;
        }
    }
    Ok(())
}

#[derive(Debug, thiserror::Error)]
#[error("cannot read the {what} `{}`", path.display())]
struct UnreadableFileError {
    what: &'static str,
    path: PathBuf,
    source: std::io::Error,
}

impl From<UnreadableFileError> for CommandError {
    fn from(error: UnreadableFileError) -> Self {
        Self::user(error)
    }
}

/// How requests go out, apart from credentials.
pub(crate) fn client_options(args: &AccessArgs, context: &Context) -> ClientOptions {
    let environment = context.environment();
    let proxy = |variable| environment.get(variable).unwrap_or_default();
    let mut retry = RetryPolicy::default();
    // As with Helm's flag of this name, nothing is no limit; ours has one without being told.
    if let Some(budget) = args.tls.timeout.filter(|budget| !budget.is_zero()) {
        retry.budget = budget;
    }
    ClientOptions {
        retry,
        tls: TlsOptions {
            ca_file: args.tls.ca_file.clone(),
            client_certificate: args.tls.cert_file.clone(),
            client_key: args.tls.key_file.clone(),
            insecure_skip_verify: args.tls.insecure_skip_tls_verify,
        },
        plain_http: args.tls.plain_http,
        offline: context.is_offline(),
        proxy: ProxyOptions {
            http: proxy(EnvironmentVariable::HTTP_PROXY),
            https: proxy(EnvironmentVariable::HTTPS_PROXY),
            no_proxy: proxy(EnvironmentVariable::NO_PROXY),
        },
        ..ClientOptions::default()
    }
}
