//! `skeg delete`.

use futures_util::stream::{self, StreamExt as _};
use serde::Serialize;
use skeg_oci::{Digest, Tag, TagOrDigest};
use skeg_oci_client::{AnyRepository, Delete as _, ListReferrers as _, ListTags as _, Resolve as _};
use skeg_registry::{ChartReference, ChartRequest, LocatedArtifact};

use crate::access::Access;
use crate::args::{AccessArgs, OutputArgs};
use crate::confirm::ConfirmArgs;
use crate::context::Context;
use crate::error::CommandError;
use crate::work::block_on;

/// How many tags are looked at, and how many at the same time.
const MOST_TAGS: usize = 1000;
const SIDE_BY_SIDE: usize = 32;

/// Delete a version with all its tags
///
/// Registries delete manifests: every tag that names the same one goes with it, and the question lists them. Its content goes
/// when the registry next cleans up. Not every registry deletes; one that does not says so.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "rm",
    override_usage = "skeg delete [oci://HOST/PATH/NAME:TAG|@DIGEST] [flags]"
)]
pub(crate) struct DeleteArgs {
    /// The version to delete, by its tag or digest
    #[arg(value_name = "REFERENCE")]
    reference: String,

    #[command(flatten)]
    confirm: ConfirmArgs,

    #[command(flatten)]
    access: AccessArgs,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct DeleteReport {
    #[serde(rename = "ref")]
    reference: String,
    digest: String,
    tags: Vec<String>,
}

/// What goes, and what stays without it.
struct Affected {
    located: LocatedArtifact,
    tags: Vec<Tag>,
    /// Whether there may be more tags.
    is_partial: bool,
    referrers: usize,
}

pub(crate) fn delete(args: &DeleteArgs, context: &Context) -> Result<(), CommandError> {
    let reference = ChartReference::parse(&args.reference).map_err(CommandError::reference)?;
    if reference.tag().is_none() && reference.digest().is_none() {
        let error = CommandError::user(format!("`{}` names no version", args.reference));
        return Err(error.hint("name what to delete by `:TAG` or `@DIGEST`; repositories are not deleted"));
    }
    let location = reference.location();
    let access = Access::new(&args.access, location.host(), context)?;
    let repository = access.repository(location)?;
    let affected = block_on(look(&repository, &reference))?;
    let digest = &affected.located.descriptor.digest;
    args.confirm.ask(&affected.question(), context)?;
    let by_digest = ChartReference::new(location.clone(), None, Some(digest.clone()));
    block_on(async {
        let deleted = repository.delete_manifest(digest).await;
        deleted.map_err(|error| CommandError::delete(&by_digest, error))
    })?;
    let report = DeleteReport {
        reference: by_digest.to_string(),
        digest: digest.to_string(),
        tags: affected.tags.iter().map(ToString::to_string).collect(),
    };
    if args.output.output.print(&report, context.printer())? {
        return Ok(());
    }
    let printer = context.printer();
    let name = report.reference.trim_start_matches("oci://");
    printer.line(format!("Deleted: {name}"))?;
    if !report.tags.is_empty() {
        printer.line(format!("Tags: {}", report.tags.join(", ")))?;
    }
    Ok(())
}

async fn look(repository: &AnyRepository, reference: &ChartReference) -> Result<Affected, CommandError> {
    // The exact tag: what is deleted is not guessed.
    if let Some(tag) = reference.tag() {
        let resolved = repository.resolve(&TagOrDigest::Tag(tag.clone())).await;
        resolved.map_err(|error| CommandError::resolve_tag(reference, error))?;
    }
    let request = ChartRequest {
        reference: reference.clone(),
        version: None,
        devel: false,
    };
    let located = skeg_registry::locate(repository, &request).await;
    let located = located.map_err(|error| CommandError::locate(reference, error))?;
    let digest = &located.descriptor.digest;
    let (tags, is_partial) = tags_of(repository, digest, reference.tag()).await;
    let referrers = repository.list_referrers(digest, None).await;
    Ok(Affected {
        referrers: referrers.map_or(0, |referrers| referrers.manifests.len()),
        located,
        tags,
        is_partial,
    })
}

/// The tags that name a digest, as far as the registry tells.
async fn tags_of(repository: &AnyRepository, digest: &Digest, known: Option<&Tag>) -> (Vec<Tag>, bool) {
    let Ok(all) = repository.list_tags().await else {
        return (known.cloned().into_iter().collect(), true);
    };
    let is_partial = all.len() > MOST_TAGS;
    let known_first = known.cloned().into_iter();
    let others = all.into_iter().filter(|tag| Some(tag) != known);
    let asked = known_first.chain(others).take(MOST_TAGS);
    let found = stream::iter(asked).map(async |tag| {
        let resolved = repository.resolve(&TagOrDigest::Tag(tag.clone())).await;
        resolved.is_ok_and(|found| found.digest == *digest).then_some(tag)
    });
    let found = found.buffered(SIDE_BY_SIDE).filter_map(std::future::ready);
    (found.collect().await, is_partial)
}

impl Affected {
    fn question(&self) -> String {
        let location = self.located.reference.location().to_url();
        let digest = &self.located.descriptor.digest;
        let tags: Vec<&str> = self.tags.iter().map(Tag::as_str).collect();
        let tags = match (tags.join(", "), self.is_partial) {
            (tags, false) if tags.is_empty() => "no tag names it".to_owned(),
            (tags, false) => format!("with its tags {tags}"),
            (tags, true) if tags.is_empty() => "with all its tags".to_owned(),
            (tags, true) => format!("with its tags {tags} and any others"),
        };
        let referrers = match self.referrers {
            0 => String::new(),
            1 => "; 1 manifest refers to it and stays".to_owned(),
            count => format!("; {count} manifests refer to it and stay"),
        };
        format!("Delete {location}@{digest} ({tags}{referrers})?")
    }
}
