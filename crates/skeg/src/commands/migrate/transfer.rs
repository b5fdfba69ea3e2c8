//! Taking the versions of a plan, many at the same time.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream::{self, StreamExt as _};
use skeg_migrate::{MigrateError, MigrateOptions, Migrated, Migration, Plan, PlannedVersion};
use skeg_oci::{Tag, TagOrDigest};
use skeg_oci_client::{AnyRepository, ListTags as _, ListTagsError};
use skeg_registry::{ChartReference, ChartRequest, ExistingTag, RepositoryLocation, TransferLimit};
use tokio::sync::Semaphore;

use super::report::VersionReport;
use super::source::Source;
use super::{MigrateArgs, about};
use crate::access::Access;
use crate::classic;
use crate::context::Context;
use crate::copying::{CopyItem, CopyJob, CopyManner};
use crate::error::CommandError;
use crate::progress::Overall;
use crate::scratch::{ScratchDirectory, scratch};

/// How many charts are worked on at the same time, within the limit of transfers.
const CHARTS: usize = 32;

/// How many versions of one chart wait for their turn.
const VERSIONS: usize = 32;

/// What is the same for all versions.
pub(super) struct Transfer<'all> {
    access: &'all Access,
    source: &'all Source,
    options: MigrateOptions,
    is_dry_run: bool,
    limit: TransferLimit,
    turns: Semaphore,
    progress: Arc<Overall>,
    scratch: ScratchDirectory,
    /// Names of directories below `scratch`.
    next: AtomicUsize,
}

type Done = (VersionReport, Option<CommandError>);

impl<'all> Transfer<'all> {
    pub(super) fn new(
        access: &'all Access,
        source: &'all Source,
        args: &MigrateArgs,
        context: &Context,
    ) -> Result<Self, CommandError> {
        Ok(Self {
            access,
            source,
            options: MigrateOptions {
                overwrite: args.overwrite,
                provenance: !args.no_provenance,
                limits: context.limits()?,
            },
            is_dry_run: args.dry_run,
            limit: args.transfers.limit(),
            turns: Semaphore::new(args.transfers.count()),
            progress: access.overall(),
            scratch: scratch()?,
            next: AtomicUsize::new(0),
        })
    }

    /// Takes everything; what fails is told at the end.
    pub(super) async fn run(
        &self,
        plan: &Plan<'_>,
    ) -> Result<(Vec<VersionReport>, Vec<CommandError>), CommandError> {
        self.progress.expect(plan.versions.len());
        let charts = plan
            .versions
            .chunk_by(|one, other| one.location == other.location);
        let done = stream::iter(charts)
            .map(|versions| self.chart(versions))
            .buffered(CHARTS);
        let done: Vec<Vec<Done>> = done.collect().await;
        let (reports, errors): (Vec<_>, Vec<_>) = done.into_iter().flatten().unzip();
        Ok((reports, errors.into_iter().flatten().collect()))
    }

    /// One chart: one question for its tags, then its versions.
    async fn chart(&self, versions: &[PlannedVersion<'_>]) -> Vec<Done> {
        let Some(first) = versions.first() else {
            return Vec::new();
        };
        match self.open(&first.location).await {
            Ok((repository, tags)) => {
                let done = versions
                    .iter()
                    .map(|planned| self.version(planned, &repository, &tags));
                stream::iter(done).buffered(VERSIONS).collect().await
            }
            Err(error) => {
                let message = error.message();
                let failed = |planned| (VersionReport::failed(planned, self.source, message.clone()), None);
                let mut done: Vec<Done> = versions.iter().map(failed).collect();
                if let Some((_, first)) = done.first_mut() {
                    *first = Some(error);
                }
                done
            }
        }
    }

    async fn open(
        &self,
        location: &RepositoryLocation,
    ) -> Result<(AnyRepository, HashSet<Tag>), CommandError> {
        let repository = self.access.repository(location)?;
        let repository = if self.is_dry_run {
            repository
        } else {
            repository.for_writing()
        };
        let tags = match repository.list_tags().await {
            Ok(tags) => tags.into_iter().collect(),
            Err(ListTagsError::NotFound { .. }) => HashSet::new(),
            Err(error) => return Err(CommandError::list_tags(location, error)),
        };
        Ok((repository, tags))
    }

    async fn version(
        &self,
        planned: &PlannedVersion<'_>,
        repository: &AnyRepository,
        tags: &HashSet<Tag>,
    ) -> Done {
        let _turn = self.turns.acquire().await;
        match self.one(planned, repository, tags.contains(&planned.tag)).await {
            Ok(migrated) => {
                self.progress.finish_one();
                (VersionReport::done(planned, self.source, migrated.as_ref()), None)
            }
            Err(error) => {
                let name = format!("{} {}", planned.entry.name(), planned.entry.version());
                let report = VersionReport::failed(planned, self.source, error.message());
                (report, Some(about(&name, &error)))
            }
        }
    }

    /// Nothing if the version would be taken, but it is a dry run.
    async fn one(
        &self,
        planned: &PlannedVersion<'_>,
        repository: &AnyRepository,
        is_there: bool,
    ) -> Result<Option<Migrated>, CommandError> {
        let migration = Migration {
            remote: &self.source.remote,
            repository,
            options: &self.options,
        };
        let explain = |error| self.explain(planned, error);
        if is_there && let Some(present) = migration.compare(planned).await.map_err(explain)? {
            return Ok(Some(present));
        }
        let address = planned
            .entry
            .urls()
            .first()
            .map(String::as_str)
            .unwrap_or_default();
        let is_in_registry = ChartReference::has_scheme(address);
        if self.is_dry_run {
            return Ok(None);
        }
        if is_in_registry {
            return self.copy(planned, address).await.map(Some);
        }
        let place = self.next.fetch_add(1, Ordering::Relaxed).to_string();
        let place = self.scratch.path().join(place);
        fs_err::create_dir(&place)?;
        let taken = migration.take(planned, &place).await;
        fs_err::remove_dir_all(&place)?;
        taken.map(Some).map_err(explain)
    }

    /// Copies a version that the index says to be in a registry.
    async fn copy(&self, planned: &PlannedVersion<'_>, address: &str) -> Result<Migrated, CommandError> {
        let reference = ChartReference::parse(address).map_err(CommandError::reference)?;
        let request = ChartRequest {
            reference,
            version: None,
            devel: false,
        };
        let from = request.reference.location().clone();
        let resolved = skeg_registry::resolve(&self.access.reader(&from)?, &request).await;
        let resolved = resolved.map_err(|error| CommandError::resolve(&request.reference, error))?;
        let archive = &resolved.artifact.archive;
        if let Some(expected) = planned
            .digest
            .as_ref()
            .filter(|expected| **expected != archive.digest)
        {
            return Err(CommandError::user(format!(
                "{}: the archive has the digest {}, but the index says {expected}",
                request.reference, archive.digest
            )));
        }
        let manner = CopyManner {
            existing: if self.options.overwrite {
                ExistingTag::Overwrite
            } else {
                ExistingTag::Refuse
            },
            limit: self.limit.clone(),
            ..CopyManner::default()
        };
        let job = CopyJob::new(self.access, from, planned.location.clone(), manner)?;
        let item = CopyItem {
            target: TagOrDigest::Digest(resolved.digest.clone()),
            found: None,
            tag: Some(planned.tag.clone()),
        };
        let mut copied = job.run(vec![item]).await;
        match copied.failed.pop() {
            Some((_, error)) => Err(error),
            None => Ok(Migrated::Copied {
                digest: resolved.digest,
                size: archive.size,
                has_provenance: resolved.artifact.provenance.is_some(),
                moved_from: None,
            }),
        }
    }

    fn explain(&self, planned: &PlannedVersion<'_>, error: MigrateError) -> CommandError {
        let address = planned
            .entry
            .urls()
            .first()
            .map(String::as_str)
            .unwrap_or_default();
        let url = skeg_repository::resolve_reference(self.source.remote.address(), address);
        match error {
            MigrateError::Download(error) => classic::in_words_of_go(&url.unwrap_or_default(), &error),
            MigrateError::Push(error) => CommandError::push(&planned.reference(), error),
            error @ (MigrateError::Conflict { .. } | MigrateError::Compare(_)) => CommandError::user(error)
                .hint("`--overwrite` replaces what is there; `--exclude` and `--version` leave versions out"),
            error => CommandError::user(error),
        }
    }
}
