//! `skeg tag`.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde::Serialize;
use skeg_oci::{RawManifest, Tag, TagOrDigest};
use skeg_oci_client::{AnyRepository, FetchManifest as _, PushManifest as _, Resolve as _, ResolveError};
use skeg_registry::{ChartReference, LocatedArtifact};

use crate::access::Access;
use crate::args::{ArtifactArgs, OutputArgs};
use crate::context::Context;
use crate::error::CommandError;
use crate::work::block_on;

/// How many tags are looked at, or set, at the same time.
const SIDE_BY_SIDE: usize = 32;

/// Give a version more tags
///
/// The manifest is stored under the new tags as it is; nothing is downloaded but the manifest.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg tag [oci://HOST/PATH/NAME[:TAG][@DIGEST]] [tag] [...] [flags]")]
pub(crate) struct TagArgs {
    #[command(flatten)]
    artifact: ArtifactArgs,

    /// The new tags
    #[arg(required = true, value_name = "TAG")]
    tags: Vec<String>,

    /// Fail if a tag exists already with another digest
    #[arg(long)]
    no_overwrite: bool,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TagReport {
    #[serde(rename = "ref")]
    reference: String,
    tag: String,
    digest: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<String>,
}

pub(crate) fn tag(args: &TagArgs, context: &Context) -> Result<(), CommandError> {
    let request = args.artifact.request()?;
    let tags = args.tags.iter().map(|tag| Tag::from_version(tag));
    let tags: Vec<Tag> = tags.collect::<Result<_, _>>().map_err(CommandError::user)?;
    let location = request.reference.location();
    let access = Access::new(&args.artifact.selection.access, location.host(), context)?;
    let repository = access.repository(location)?.for_writing();
    let reports = block_on(async {
        let located = skeg_registry::locate(&repository, &request).await;
        let located = located.map_err(|error| CommandError::locate(&request.reference, error))?;
        let work = Tagging {
            repository: &repository,
            located: &located,
        };
        let states = work.states(&tags, args.no_overwrite).await?;
        work.set(states).await
    })?;
    for report in &reports {
        if let Some(previous) = &report.previous {
            context.printer().warning(&format!(
                "{} was {previous} and is {} now; `--no-overwrite` refuses that",
                report.reference, report.digest
            ));
        }
    }
    if args
        .output
        .output
        .print_all(tags.len(), &reports, context.printer())?
    {
        return Ok(());
    }
    for report in &reports {
        let verb = match report.status {
            "unchanged" => "Unchanged",
            _ => "Tagged",
        };
        context.printer().line(format!(
            "{verb}: {}",
            report.reference.trim_start_matches("oci://")
        ))?;
    }
    let digest = reports.first().map_or("", |report| &report.digest);
    Ok(context.printer().line(format!("Digest: {digest}"))?)
}

struct Tagging<'work> {
    repository: &'work AnyRepository,
    located: &'work LocatedArtifact,
}

impl Tagging<'_> {
    /// What each tag is now. None is set when one may not be.
    async fn states(&self, tags: &[Tag], no_overwrite: bool) -> Result<Vec<TagReport>, CommandError> {
        let states = stream::iter(tags).map(|tag| self.state(tag, no_overwrite));
        states.buffered(SIDE_BY_SIDE).try_collect().await
    }

    async fn state(&self, tag: &Tag, no_overwrite: bool) -> Result<TagReport, CommandError> {
        let digest = &self.located.descriptor.digest;
        let reference = self.reference(tag);
        let existing = match self.repository.resolve(&TagOrDigest::Tag(tag.clone())).await {
            Ok(found) => Some(found.digest),
            Err(ResolveError::NotFound { .. }) => None,
            Err(error) => return Err(CommandError::resolve_tag(&reference, error)),
        };
        let is_same = existing.as_ref() == Some(digest);
        let previous = existing.filter(|_| !is_same);
        if let Some(previous) = previous.as_ref().filter(|_| no_overwrite) {
            let error = CommandError::user(format!("{reference} exists already with digest {previous}"));
            return Err(error.hint("choose another tag, or leave `--no-overwrite` out"));
        }
        Ok(TagReport {
            reference: reference.to_string(),
            tag: tag.to_string(),
            digest: digest.to_string(),
            status: match (is_same, &previous) {
                (true, _) => "unchanged",
                (false, Some(_)) => "moved",
                (false, None) => "tagged",
            },
            previous: previous.map(|digest| digest.to_string()),
        })
    }

    async fn set(&self, states: Vec<TagReport>) -> Result<Vec<TagReport>, CommandError> {
        if states.iter().all(|state| state.status == "unchanged") {
            return Ok(states);
        }
        let target = TagOrDigest::Digest(self.located.descriptor.digest.clone());
        let manifest = self.repository.fetch_manifest(&target).await;
        let manifest = &manifest.map_err(|error| CommandError::manifest(&self.located.reference, error))?;
        let pushes = stream::iter(states).map(|state| self.set_one(state, manifest));
        pushes.buffered(SIDE_BY_SIDE).try_collect().await
    }

    async fn set_one(&self, state: TagReport, manifest: &RawManifest) -> Result<TagReport, CommandError> {
        if state.status == "unchanged" {
            return Ok(state);
        }
        let tag = Tag::parse(&state.tag).map_err(CommandError::internal)?;
        let reference = self.reference(&tag);
        let pushed = self.repository.push_manifest(manifest, &tag.into()).await;
        pushed.map_err(|error| CommandError::store(&reference, error))?;
        Ok(state)
    }

    fn reference(&self, tag: &Tag) -> ChartReference {
        let location = self.located.reference.location().clone();
        ChartReference::new(location, Some(tag.clone()), None)
    }
}
