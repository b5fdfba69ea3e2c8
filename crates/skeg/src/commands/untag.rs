//! `skeg untag`.

use serde::Serialize;
use skeg_oci::TagOrDigest;
use skeg_oci_client::{Delete as _, Resolve as _};
use skeg_registry::ChartReference;

use crate::access::Access;
use crate::args::{AccessArgs, OutputArgs};
use crate::confirm::ConfirmArgs;
use crate::context::Context;
use crate::error::CommandError;
use crate::work::block_on;

/// Take a tag away and keep the version that it names
///
/// Many registries delete whole versions only, and say so.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg untag [oci://HOST/PATH/NAME:TAG] [flags]")]
pub(crate) struct UntagArgs {
    /// The tag to take away
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
struct UntagReport {
    #[serde(rename = "ref")]
    reference: String,
    tag: String,
    digest: String,
}

pub(crate) fn untag(args: &UntagArgs, context: &Context) -> Result<(), CommandError> {
    let reference = ChartReference::parse(&args.reference).map_err(CommandError::reference)?;
    let Some(tag) = reference.tag().filter(|_| reference.digest().is_none()) else {
        let error = CommandError::user(format!("`{}` is not one tag", args.reference));
        return Err(error.hint("write `oci://HOST/PATH/NAME:TAG`; `skeg delete` deletes digests"));
    };
    let location = reference.location();
    let access = Access::new(&args.access, location.host(), context)?;
    let repository = access.repository(location)?;
    let target = TagOrDigest::Tag(tag.clone());
    let digest = block_on(async {
        let found = repository.resolve(&target).await;
        let found = found.map_err(|error| CommandError::resolve_tag(&reference, error))?;
        Ok(found.digest)
    })?;
    args.confirm
        .ask(&format!("Take the tag {reference} away from {digest}?"), context)?;
    block_on(async {
        let deleted = repository.delete_tag(tag).await;
        deleted.map_err(|error| CommandError::delete(&reference, error))
    })?;
    let report = UntagReport {
        reference: reference.to_string(),
        tag: tag.to_string(),
        digest: digest.to_string(),
    };
    if args.output.output.print(&report, context.printer())? {
        return Ok(());
    }
    let printer = context.printer();
    printer.line(format!(
        "Untagged: {}",
        report.reference.trim_start_matches("oci://")
    ))?;
    Ok(printer.line(format!("Digest: {}", report.digest))?)
}
