//! Copying between two repositories, as `copy` and `sync` do it: which tags, with what result, and in what words.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _};
use serde::Serialize;
use skeg_oci::{Descriptor, RegistryHost, Tag, TagOrDigest};
use skeg_oci_client::AnyRepository;
use skeg_registry::{
    ChartReference, CopiedArtifact, Copier, CopyError, CopyOptions, CopyTotals, ExistingTag, ListedTag,
    RepositoryLocation, TagState, TransferLimit, VersionFilter, is_referrers_tag,
};

use crate::access::{Access, Reader};
use crate::args::AccessArgs;
use crate::commands::list_any_tags;
use crate::context::Context;
use crate::error::{CommandError, CommandErrorKind};
use crate::progress::Overall;
use crate::table::size;
use crate::work::block_on;

/// How many tags are looked at beside those whose content is on its way.
const TAGS_AHEAD: usize = 64;

/// How many transfers go on at the same time.
#[derive(Debug, clap::Args)]
pub(crate) struct TransferArgs {
    /// Make so many transfers at the same time
    #[arg(long, value_name = "COUNT", default_value_t = TransferLimit::DEFAULT)]
    concurrency: NonZeroUsize,
}

impl TransferArgs {
    /// How many transfers may go on at the same time.
    pub(crate) fn count(&self) -> usize {
        self.concurrency.get()
    }

    /// The limit for all transfers of the command.
    pub(crate) fn limit(&self) -> TransferLimit {
        TransferLimit::new(self.concurrency.get())
    }
}

/// How to copy.
#[derive(Clone, Debug, Default)]
pub(crate) struct CopyManner {
    pub(crate) referrers: bool,
    pub(crate) existing: ExistingTag,
    pub(crate) dry_run: bool,
    pub(crate) limit: TransferLimit,
}

/// A copy from one repository to another.
pub(crate) struct CopyJob {
    pub(crate) from: RepositoryLocation,
    pub(crate) to: RepositoryLocation,
    pub(crate) manner: CopyManner,
    source: Reader,
    destination: AnyRepository,
    progress: Arc<Overall>,
}

/// One artifact to copy.
#[derive(Clone, Debug)]
pub(crate) struct CopyItem {
    pub(crate) target: TagOrDigest,
    /// What it was found to name.
    pub(crate) found: Option<Descriptor>,
    pub(crate) tag: Option<Tag>,
}

impl From<Tag> for CopyItem {
    fn from(tag: Tag) -> Self {
        Self {
            target: tag.clone().into(),
            found: None,
            tag: Some(tag),
        }
    }
}

/// What became of one artifact.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ArtifactReport {
    #[serde(rename = "ref")]
    pub(crate) reference: String,
    pub(crate) source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tag: Option<String>,
    pub(crate) digest: String,
    pub(crate) media_type: String,
    pub(crate) status: &'static str,
    /// What the tag named before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) previous: Option<String>,
}

/// What was sent.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TotalsReport {
    pub(crate) blobs: u64,
    pub(crate) bytes: u64,
    pub(crate) mounted: u64,
    pub(crate) existing: u64,
    pub(crate) manifests: u64,
    pub(crate) referrers: u64,
}

/// What could not be copied, and why.
#[derive(Debug, Serialize)]
pub(crate) struct FailureReport {
    #[serde(rename = "ref")]
    pub(crate) reference: String,
    pub(crate) error: String,
}

/// What a copy did, and what it could not do.
#[derive(Debug, Default)]
pub(crate) struct CopyResults {
    pub(crate) artifacts: Vec<ArtifactReport>,
    pub(crate) totals: TotalsReport,
    pub(crate) failed: Vec<(String, CommandError)>,
}

impl CopyJob {
    /// # Errors
    /// The configuration says of one of the places that it is nowhere.
    pub(crate) fn new(
        access: &Access,
        from: RepositoryLocation,
        to: RepositoryLocation,
        manner: CopyManner,
    ) -> Result<Self, CommandError> {
        Ok(Self {
            source: access.reader(&from)?.for_passing_on(),
            destination: access.repository(&to)?.for_writing(),
            progress: access.overall(),
            from,
            to,
            manner,
        })
    }

    pub(crate) fn source(&self) -> &Reader {
        &self.source
    }

    /// The tags that pass one of the filters, newest first. Those that refer to others come with these, or not at all.
    pub(crate) async fn tags(&self, filters: &[VersionFilter]) -> Result<Vec<Tag>, CommandError> {
        let (tags, _) = list_any_tags(&self.source, &self.from, filters).await?;
        let tags = tags.into_iter().map(|ListedTag { tag, .. }| tag);
        Ok(tags
            .filter(|tag| !(self.manner.referrers && is_referrers_tag(tag)))
            .collect())
    }

    /// Copies all of them, and goes on when one fails.
    pub(crate) async fn run(&self, items: Vec<CopyItem>) -> CopyResults {
        let work = Copier::new(&self.source, &self.destination, self.options());
        self.progress.expect(items.len());
        let tasks = items.into_iter().map(async |item| {
            let copied = match &item.found {
                Some(found) => work.copy_found(found.clone(), item.tag.as_ref()).await,
                None => work.copy(&item.target, item.tag.as_ref()).await,
            };
            if copied.is_ok() {
                self.progress.finish_one();
            }
            (item, copied)
        });
        let mut results = CopyResults::default();
        let mut tasks = stream::iter(tasks).buffered(TAGS_AHEAD);
        while let Some((item, copied)) = tasks.next().await {
            match copied {
                Ok(copied) => results.artifacts.push(self.report(&item, &copied)),
                Err(error) => results.failed.push(self.failure(&item, error)),
            }
        }
        results.totals = work.totals().into();
        results
    }

    fn options(&self) -> CopyOptions {
        CopyOptions {
            referrers: self.manner.referrers,
            existing: self.manner.existing,
            dry_run: self.manner.dry_run,
            mount_from: self.source.inner().mount_source_for(&self.destination).cloned(),
            limit: self.manner.limit.clone(),
        }
    }

    fn report(&self, item: &CopyItem, copied: &CopiedArtifact) -> ArtifactReport {
        let (digest, previous) = match &copied.state {
            TagState::Kept { digest } => (digest.clone(), None),
            TagState::Moved { from } => (copied.descriptor.digest.clone(), Some(from.to_string())),
            TagState::Created | TagState::Unchanged => (copied.descriptor.digest.clone(), None),
        };
        ArtifactReport {
            reference: reference(
                &self.to,
                item.tag.clone().map_or(digest.clone().into(), Into::into),
            ),
            source: reference(&self.from, item.target.clone()),
            tag: item.tag.as_ref().map(ToString::to_string),
            digest: digest.to_string(),
            media_type: copied.descriptor.media_type.to_string(),
            status: match copied.state {
                TagState::Created => "copied",
                TagState::Moved { .. } => "moved",
                TagState::Unchanged => "unchanged",
                TagState::Kept { .. } => "exists",
            },
            previous,
        }
    }

    fn failure(&self, item: &CopyItem, error: CopyError) -> (String, CommandError) {
        let source = reference(&self.from, item.target.clone());
        let error = CommandError::copy(&source, [&self.from, &self.to], error);
        (source, error)
    }
}

fn reference(location: &RepositoryLocation, target: TagOrDigest) -> String {
    let (tag, digest) = match target {
        TagOrDigest::Tag(tag) => (Some(tag), None),
        TagOrDigest::Digest(digest) => (None, Some(digest)),
    };
    ChartReference::new(location.clone(), tag, digest).to_string()
}

/// Runs copies; when a signal ends them, what was done by then is told.
pub(crate) fn run_copies<T>(
    access: &Access,
    work: impl Future<Output = Result<T, CommandError>>,
) -> Result<T, CommandError> {
    block_on(work).map_err(|error| match error.kind() {
        CommandErrorKind::Interrupted { .. } => error.hint(access.overall().when_stopped()),
        _ => error,
    })
}

/// The registry that a login on the command line is for.
///
/// # Errors
/// There is a login, and more than one registry.
pub(crate) fn named_host<'command>(
    locations: impl Iterator<Item = &'command RepositoryLocation>,
    access: &AccessArgs,
) -> Result<Option<RegistryHost>, CommandError> {
    let mut hosts = BTreeSet::new();
    let mut first = None;
    for host in locations.filter_map(RepositoryLocation::host) {
        hosts.insert(host.as_str());
        first.get_or_insert(host);
    }
    if hosts.len() > 1 && (access.username.is_some() || access.password.is_some()) {
        let error =
            CommandError::user("`--username` and `--password` are for one registry, and there are more");
        return Err(error.hint("log in to each with `skeg registry login HOST`, and leave both flags out"));
    }
    Ok(first.filter(|_| hosts.len() == 1).cloned())
}

impl From<CopyTotals> for TotalsReport {
    fn from(totals: CopyTotals) -> Self {
        Self {
            blobs: totals.blobs,
            bytes: totals.bytes,
            mounted: totals.mounted,
            existing: totals.existing,
            manifests: totals.manifests,
            referrers: totals.referrers,
        }
    }
}

impl TotalsReport {
    pub(crate) fn add(&mut self, other: Self) {
        self.blobs += other.blobs;
        self.bytes += other.bytes;
        self.mounted += other.mounted;
        self.existing += other.existing;
        self.manifests += other.manifests;
        self.referrers += other.referrers;
    }

    /// In one line: `4 blobs (1.5 MiB) sent, 2 mounted, 3 manifests`.
    pub(crate) fn summary(&self, is_dry_run: bool) -> String {
        let verb = if is_dry_run { "to send" } else { "sent" };
        let mut words = vec![format!(
            "{} ({}) {verb}",
            plural(self.blobs, "blob"),
            size(self.bytes)
        )];
        if self.mounted > 0 {
            words.push(format!("{} mounted", self.mounted));
        }
        words.push(plural(self.manifests, "manifest"));
        if self.referrers > 0 {
            words.push(format!("{} of them referrers", self.referrers));
        }
        words.join(", ")
    }
}

fn plural(count: u64, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

/// The failures as they stand in a report.
pub(crate) fn failures(failed: &[(String, CommandError)]) -> Vec<FailureReport> {
    let report = |(reference, error): &(String, CommandError)| FailureReport {
        reference: reference.clone(),
        error: error.message(),
    };
    failed.iter().map(report).collect()
}

/// Warns of tags that name something else now.
pub(crate) fn warn_about_moved(artifacts: &[ArtifactReport], is_dry_run: bool, context: &Context) {
    for artifact in artifacts {
        if let Some(previous) = &artifact.previous {
            let (was, is) = if is_dry_run {
                ("is", "would be")
            } else {
                ("was", "is")
            };
            context.printer().warning(&format!(
                "{} {was} {previous} and {is} {} now; `--no-overwrite` refuses that",
                artifact.reference, artifact.digest
            ));
        }
    }
}
