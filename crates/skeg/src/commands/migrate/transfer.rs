//! Taking the versions of a plan, many at the same time.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream::{self, StreamExt as _};
use skeg_migrate::{MigrateError, MigrateOptions, Migrated, Migration, Plan, PlannedVersion};
use skeg_oci::{Digest, Tag, TagOrDigest};
use skeg_oci_client::{AnyRepository, ListTags as _, ListTagsError};
use skeg_registry::{
    ChartReference, ChartRequest, ExistingTag, PushError, RepositoryLocation, TransferLimit,
};
use tokio::sync::Semaphore;

use super::report::{Status, VersionReport};
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

/// What became of a version that is not at its destination, and why.
type Failure = (Status, CommandError);

/// What was done with a version.
enum Step {
    Done(Migrated),
    /// What would become of it if it were no dry run.
    ToDo(Status),
}

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
                let reason = (Status::Failed, error.message());
                let failed = |planned| (VersionReport::failed(planned, self.source, reason.clone()), None);
                let mut done: Vec<Done> = versions.iter().map(failed).collect();
                if let Some((_, first)) = done.first_mut() {
                    *first = Some(about(&versions[0].location.to_url(), &error));
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
            Ok(Step::Done(migrated)) => {
                self.progress.finish_one();
                (VersionReport::done(planned, self.source, &migrated), None)
            }
            Ok(Step::ToDo(status)) => (VersionReport::new(planned, self.source, status), None),
            Err((status, error)) => {
                let name = format!("{} {}", planned.entry.name(), planned.entry.version());
                let report = VersionReport::failed(planned, self.source, (status, error.message()));
                (report, Some(about(&name, &error)))
            }
        }
    }

    async fn one(
        &self,
        planned: &PlannedVersion<'_>,
        repository: &AnyRepository,
        is_there: bool,
    ) -> Result<Step, Failure> {
        let migration = Migration {
            remote: &self.source.remote,
            repository,
            options: &self.options,
        };
        let explain = |error| self.explain(planned, error);
        if is_there && let Some(present) = migration.compare(planned).await.map_err(explain)? {
            return Ok(Step::Done(present));
        }
        let address = planned.address();
        let is_in_registry = ChartReference::has_scheme(address);
        if self.is_dry_run {
            return Ok(Step::ToDo(if is_there { Status::Moved } else { Status::Copied }));
        }
        if is_in_registry {
            let copied = self.copy(planned, address).await;
            return copied.map(Step::Done).map_err(|error| (Status::Failed, error));
        }
        let place = self.next.fetch_add(1, Ordering::Relaxed).to_string();
        let place = self.scratch.path().join(place);
        fs_err::create_dir(&place).map_err(|error| (Status::Failed, error.into()))?;
        let taken = migration.take(planned, &place).await;
        // What stays is removed with the scratch directory.
        drop(fs_err::remove_dir_all(&place));
        taken.map(Step::Done).map_err(explain)
    }

    /// Copies a version that the index says to be in a registry.
    async fn copy(&self, planned: &PlannedVersion<'_>, address: &str) -> Result<Migrated, CommandError> {
        let reference = ChartReference::parse(address).map_err(CommandError::reference)?;
        let has_version = reference.tag().is_some() || reference.digest().is_some();
        let version = planned.entry.version();
        let request = ChartRequest {
            version: (!has_version).then(|| version.to_owned()),
            reference,
            devel: false,
        };
        let from = request.reference.location().clone();
        let resolved = skeg_registry::resolve(&self.access.reader(&from)?, &request).await;
        let resolved = resolved.map_err(|error| CommandError::resolve(&request.reference, error))?;
        if let Some(actual) = resolved.artifact.version().filter(|actual| *actual != version) {
            return Err(CommandError::user(format!(
                "{} is version {actual}, and something else by the index",
                request.reference
            )));
        }
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
        let previous = copied.artifacts.pop().and_then(|artifact| artifact.previous);
        match copied.failed.pop() {
            Some((_, error)) => Err(error),
            None => Ok(Migrated::Copied {
                digest: resolved.digest,
                size: archive.size,
                has_provenance: resolved.artifact.provenance.is_some(),
                moved_from: previous.and_then(|previous| Digest::parse(&previous).ok()),
            }),
        }
    }

    fn explain(&self, planned: &PlannedVersion<'_>, error: MigrateError) -> Failure {
        let address = planned.address();
        let url = skeg_repository::resolve_reference(self.source.remote.address(), address);
        let status = match error {
            MigrateError::Conflict { .. } | MigrateError::Push(PushError::TagExists { .. }) => {
                Status::Conflict
            }
            _ => Status::Failed,
        };
        let error = match error {
            MigrateError::Download(error) => classic::in_words_of_go(&url.unwrap_or_default(), &error),
            MigrateError::Push(error) => CommandError::push(&planned.reference(), error),
            error @ (MigrateError::Conflict { .. } | MigrateError::Compare(_)) => CommandError::user(error)
                .hint("`--overwrite` replaces what is there; `--exclude` and `--version` leave versions out"),
            error => CommandError::user(error),
        };
        (status, error)
    }
}
