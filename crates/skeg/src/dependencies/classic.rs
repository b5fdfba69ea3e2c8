//! Classic repositories of a chart's dependencies: each index is asked for once, and what is cached is good enough where it
//! says what is locked.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use skeg_chart::Dependency;
use skeg_oci::Digest;
use skeg_repository::{
    Index, IndexEntry, LoadIndexError, Remote, RepositoriesFile, RepositoryEntry, is_same_address,
};
use skeg_resolve::{DependencyRepository, Requirement};
use tokio::sync::OnceCell;

use super::error::{missing_definitions, no_such_chart};
use super::source::host_of;
use crate::args::AccessArgs;
use crate::classic::{self, Found, RepositoryAccess};
use crate::context::Context;
use crate::error::{CommandError, chain};
use crate::remote::go_words;
use crate::work::blocking;

/// The classic repositories of one run.
pub(super) struct ClassicRepositories<'all> {
    args: &'all AccessArgs,
    /// The flags without `--username` and `--password`.
    without_login: AccessArgs,
    /// The one host that these are for.
    login_host: OnceLock<String>,
    context: &'all Context,
    file: RepositoriesFile,
    skips_refresh: bool,
    known: Mutex<Vec<Arc<Repository>>>,
    refreshed: Mutex<Vec<Refreshed>>,
}

/// An index that was asked for, and what came of it.
#[derive(Clone, Debug)]
pub(super) struct Refreshed {
    /// The name, or the address of a repository that has none.
    name: String,
    url: String,
    pub(super) is_named: bool,
    /// Why it did not come, and what to do.
    failure: Option<(String, Vec<String>)>,
}

impl Refreshed {
    /// Helm 4.3.1's line.
    pub(super) fn line(&self) -> String {
        let name = skeg_go::quote::quote(&self.name);
        let url = if self.is_named {
            format!(" ({})", self.url)
        } else {
            String::new()
        };
        match &self.failure {
            None => format!("...Successfully got an update from the {name} chart repository"),
            Some((problem, _)) => {
                format!("...Unable to get an update from the {name} chart repository{url}:\n\t{problem}")
            }
        }
    }
}

/// A repository, and what is done with it once.
struct Repository {
    /// The name of its index in the cache.
    cached_as: String,
    is_named: bool,
    remote: Remote,
    refreshed: OnceCell<Refreshed>,
    has_warned: AtomicBool,
}

impl<'all> ClassicRepositories<'all> {
    pub(super) fn new(
        args: &'all AccessArgs,
        skips_refresh: bool,
        context: &'all Context,
    ) -> Result<Self, CommandError> {
        Ok(Self {
            args,
            without_login: AccessArgs {
                username: None,
                password: None,
                ..args.clone()
            },
            login_host: OnceLock::new(),
            context,
            file: classic::read_list(context)?.unwrap_or_default(),
            skips_refresh: skips_refresh || context.is_offline(),
            known: Mutex::default(),
            refreshed: Mutex::default(),
        })
    }

    /// Says which host the login of the flags is for; charts on disk may have dependencies at others.
    pub(super) fn bind_login(&self, requirements: &[Requirement]) {
        let host = requirements
            .iter()
            .find_map(|requirement| match &requirement.place().repository {
                DependencyRepository::Classic(address) => Some(host_of(address).to_owned()),
                _ => None,
            });
        let _bound_before = self.login_host.set(host.unwrap_or_default());
    }

    /// The dependencies with addresses in the place of the names of repositories.
    ///
    /// Helm 4.3.1: an unknown name is an error before anything else, and all of them are told.
    pub(super) fn with_addresses(
        &self,
        dependencies: &[Dependency],
    ) -> Result<Vec<Dependency>, CommandError> {
        let mut missing: Vec<&str> = Vec::new();
        let with_address = |dependency: &Dependency| {
            let DependencyRepository::Named(name) = DependencyRepository::parse(dependency.repository())
            else {
                return Some(dependency.clone());
            };
            let entry = self.file.get(&name)?;
            Some(dependency.at(entry.url.as_str()))
        };
        let mut found = Vec::new();
        for dependency in dependencies {
            match with_address(dependency) {
                Some(dependency) => found.push(dependency),
                None => missing.push(dependency.repository()),
            }
        }
        if missing.is_empty() {
            Ok(found)
        } else {
            Err(missing_definitions(&missing))
        }
    }

    /// The versions of a chart in the order of the index; entries without an address are none.
    pub(super) async fn versions(&self, address: &str, chart: &str) -> Result<Vec<String>, CommandError> {
        let repository = self.repository(address);
        self.refresh(&repository).await;
        let index = self.load(&repository, chart).await?;
        let usable = index
            .versions(chart)
            .iter()
            .filter(|entry| !entry.urls().is_empty());
        let versions: Vec<String> = usable.map(|entry| entry.version().to_owned()).collect();
        if versions.is_empty() {
            return Err(no_such_chart(chart, address));
        }
        Ok(versions)
    }

    /// Finds a version. An index in the cache that has it with the `expected` digest is not asked for anew.
    pub(super) async fn find(
        &self,
        address: &str,
        chart: &str,
        version: &str,
        expected: Option<&Digest>,
    ) -> Result<Found, CommandError> {
        let repository = self.repository(address);
        if expected.is_some()
            && let Ok(index) = self.load(&repository, chart).await
            && let Some(entry) = entry_of(&index, chart, version)
            && entry
                .archive_digest()
                .is_ok_and(|digest| digest.as_ref() == expected)
        {
            return classic::located(entry, repository.remote.clone(), chart);
        }
        self.refresh(&repository).await;
        let index = self.load(&repository, chart).await?;
        match entry_of(&index, chart, version) {
            Some(entry) => classic::located(entry, repository.remote.clone(), chart),
            None => Err(self.no_such_version(&index, address, chart, version)),
        }
    }

    /// What was asked for since this was called last.
    pub(super) fn take_refreshed(&self) -> Vec<Refreshed> {
        std::mem::take(&mut self.refreshed.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Addresses that differ by a slash at their end are of one repository.
    fn repository(&self, address: &str) -> Arc<Repository> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut same = known
            .iter()
            .filter(|known| is_same_address(known.remote.address(), address));
        if let Some(known) = same.next() {
            return Arc::clone(known);
        }
        let entries = self.file.repositories().iter();
        let mut entries = entries.filter(|entry| is_same_address(&entry.url, address));
        let entry: Option<&RepositoryEntry> = entries.next();
        let repository = Arc::new(Repository {
            cached_as: classic::cached_as(entry, address),
            is_named: entry.is_some(),
            remote: self.remote(address, entry),
            refreshed: OnceCell::new(),
            has_warned: AtomicBool::new(false),
        });
        known.push(Arc::clone(&repository));
        repository
    }

    fn remote(&self, address: &str, entry: Option<&RepositoryEntry>) -> Remote {
        let is_for_it = self.login_host.get().is_some_and(|host| host == host_of(address));
        let access = RepositoryAccess {
            args: if is_for_it { self.args } else { &self.without_login },
            pass_credentials: false,
        };
        access.remote(address, entry, self.context)
    }

    /// Asks for the index, once. If it does not come the one in the cache is used, as in Helm.
    async fn refresh(&self, repository: &Repository) {
        if self.skips_refresh {
            return;
        }
        let ask = || async {
            let answer = classic::refresh(&repository.cached_as, &repository.remote, self.context).await;
            let url = go_words::shown(repository.remote.address());
            let refreshed = Refreshed {
                name: if repository.is_named {
                    repository.cached_as.clone()
                } else {
                    url.clone()
                },
                url,
                is_named: repository.is_named,
                failure: answer
                    .err()
                    .map(|error| (error.message(), error.hints().to_vec())),
            };
            self.warn_of_age(repository, &refreshed);
            let mut all = self.refreshed.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(refreshed.clone());
            refreshed
        };
        repository.refreshed.get_or_init(ask).await;
    }

    /// Who reads no lines, as those of a report in JSON, is told as well that the index is an old one.
    fn warn_of_age(&self, repository: &Repository, refreshed: &Refreshed) {
        let path = classic::cache(self.context).index_path(&repository.cached_as);
        if let Some((problem, _)) = refreshed.failure.as_ref().filter(|_| path.is_file()) {
            self.context.printer().warning(&format!(
                "the index of {} is used as it is in the cache: {problem}",
                refreshed.url
            ));
        }
    }

    /// Reads one chart of the index in the cache.
    async fn load(&self, repository: &Repository, chart: &str) -> Result<Index, CommandError> {
        let cache = classic::cache(self.context);
        let (name, wanted) = (repository.cached_as.clone(), chart.to_owned());
        let loaded = blocking(move || Ok(cache.load_charts(&name, |chart| chart == wanted))).await?;
        let index = loaded.map_err(|error| cannot_load(repository, &error))?;
        if !repository.has_warned.swap(true, Ordering::Relaxed) {
            let source = go_words::shown(repository.remote.address());
            classic::warn_of_rejected(index.rejected(), &source, self.context.printer());
        }
        Ok(index)
    }

    fn no_such_version(&self, index: &Index, address: &str, chart: &str, version: &str) -> CommandError {
        let versions = index.versions(chart);
        if versions.is_empty() {
            return no_such_chart(chart, address);
        }
        let there: Vec<&str> = versions.iter().take(5).map(IndexEntry::version).collect();
        let error = CommandError::user(format!(
            "version {version} of chart {chart} not found in repo {}",
            go_words::shown(address)
        ));
        let error = error.hint(format!(
            "the highest versions of {chart} are {}",
            there.join(", ")
        ));
        if self.skips_refresh {
            return error.hint("the cached index was used: it may be older than the repository");
        }
        error
    }
}

/// Helm 4.3.1: the version as it is written, or else an equal one.
fn entry_of<'index>(index: &'index Index, chart: &str, version: &str) -> Option<&'index IndexEntry> {
    let versions = index.versions(chart);
    let mut usable = versions.iter().filter(|entry| !entry.urls().is_empty());
    let exact = usable.clone().find(|entry| entry.version() == version);
    exact.or_else(|| {
        let version = skeg_go::semver::Version::parse(version).ok()?;
        usable.find(|entry| *entry.semver() == version)
    })
}

fn cannot_load(repository: &Repository, error: &LoadIndexError) -> CommandError {
    if let Some((problem, hints)) = repository
        .refreshed
        .get()
        .and_then(|refreshed| refreshed.failure.clone())
    {
        let failure = hints
            .into_iter()
            .fold(CommandError::user(problem), CommandError::hint);
        return classic::unreachable_repository(repository.remote.address(), &failure);
    }
    let text = format!(
        "no cached repository for {} found. (try 'helm repo update'): {}",
        repository.cached_as,
        chain(error)
    );
    CommandError::user(text).hint("leave `--skip-refresh` and `--offline` out, so that the index is fetched")
}
