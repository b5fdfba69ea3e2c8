//! `skeg attach`.

use std::path::{Path, PathBuf};

use serde::Serialize;
use skeg_oci::{Annotations, MediaType};
use skeg_registry::{AttachedFile, Attachment, ChartReference};

use crate::access::Access;
use crate::args::{ArtifactArgs, OutputArgs};
use crate::context::Context;
use crate::error::CommandError;
use crate::work::{block_on, blocking};

/// Attach files to a chart or another artifact, such as an SBOM or a report
///
/// The files become an artifact of their own in the same repository, which names the other one as its subject; `skeg
/// discover` finds it. The same files, type and annotations give the same digest. Registries without a list of referrers get
/// one under a tag.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "skeg attach [oci://HOST/PATH/NAME[:TAG][@DIGEST]] [file] [...] --type MEDIA-TYPE [flags]"
)]
pub(crate) struct AttachArgs {
    #[command(flatten)]
    artifact: ArtifactArgs,

    /// The files: `FILE` or `FILE:MEDIA-TYPE`
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    /// What it is, such as `application/spdx+json`; the media type of files that have none of their own, too
    #[arg(long = "type", visible_alias = "artifact-type", value_name = "MEDIA-TYPE", value_parser = parse_media_type)]
    artifact_type: MediaType,

    /// Write this annotation into the manifest (can be repeated)
    #[arg(long, short, value_name = "KEY=VALUE", value_parser = parse_annotation)]
    annotation: Vec<(String, String)>,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AttachReport {
    #[serde(rename = "ref")]
    reference: String,
    subject: String,
    digest: String,
    artifact_type: String,
    size: u64,
    files: Vec<FileReport>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FileReport {
    path: PathBuf,
    media_type: String,
    digest: String,
    size: u64,
}

pub(crate) fn attach(args: &AttachArgs, context: &Context) -> Result<(), CommandError> {
    let request = args.artifact.request()?;
    let files: Vec<_> = args
        .files
        .iter()
        .map(|file| split_file(file, &args.artifact_type))
        .collect();
    let location = request.reference.location();
    let access = Access::new(&args.artifact.selection.access, location.host(), context)?;
    let repository = access.repository(location)?.for_writing();
    let report = block_on(async {
        let files = blocking(|| read_files(files)).await?;
        let located = skeg_registry::locate(&repository, &request).await;
        let located = located.map_err(|error| CommandError::locate(&request.reference, error))?;
        let annotations: Annotations = args.annotation.iter().cloned().collect();
        let artifact_type = args.artifact_type.clone();
        let attachment = Attachment::new(located.descriptor, artifact_type, files, annotations);
        let digest = attachment.manifest.digest().clone();
        let reference = ChartReference::new(location.clone(), None, Some(digest));
        let pushed = attachment.push(&repository).await;
        pushed.map_err(|error| CommandError::attach(&reference, error))?;
        Ok(report(args, &located.reference, &reference, &attachment))
    })?;
    if args.output.output.print(&report, context.printer())? {
        return Ok(());
    }
    let printer = context.printer();
    let name = |reference: &str| reference.trim_start_matches("oci://").to_owned();
    printer.line(format!("Attached to: {}", name(&report.subject)))?;
    Ok(printer.line(format!("Digest: {}", report.digest))?)
}

fn report(
    args: &AttachArgs,
    subject: &ChartReference,
    reference: &ChartReference,
    attachment: &Attachment,
) -> AttachReport {
    let files = attachment.files.iter().map(|file| FileReport {
        path: file.path.clone(),
        media_type: file.descriptor.media_type.to_string(),
        digest: file.descriptor.digest.to_string(),
        size: file.descriptor.size,
    });
    AttachReport {
        reference: reference.to_string(),
        subject: subject.to_string(),
        digest: attachment.manifest.digest().to_string(),
        artifact_type: args.artifact_type.to_string(),
        size: attachment.manifest.bytes().len() as u64,
        files: files.collect(),
    }
}

fn read_files(files: Vec<(PathBuf, MediaType)>) -> Result<Vec<AttachedFile>, CommandError> {
    let read = files.into_iter().map(|(path, media_type)| {
        if path.is_dir() {
            let error = CommandError::user(format!("`{}` is a directory", path.display()));
            return Err(error.hint("attach files; pack a directory first, such as with `tar`"));
        }
        AttachedFile::read(&path, media_type)
            .map_err(|error| CommandError::user(format!("cannot read `{}`: {error}", path.display())))
    });
    read.collect()
}

/// Splits `FILE:MEDIA-TYPE`. What is a file with its colon is one.
fn split_file(text: &str, default: &MediaType) -> (PathBuf, MediaType) {
    if !Path::new(text).exists()
        && let Some((path, media_type)) = text.rsplit_once(':')
        && let Ok(media_type) = parse_media_type(media_type)
    {
        return (PathBuf::from(path), media_type);
    }
    (PathBuf::from(text), default.clone())
}

/// RFC 6838: two names of letters, digits and some signs.
fn parse_media_type(text: &str) -> Result<MediaType, String> {
    let is_name = |name: &str| {
        let is_first = |byte: u8| byte.is_ascii_alphanumeric();
        let is_rest = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
        name.len() <= 127 && name.bytes().next().is_some_and(is_first) && name.bytes().all(is_rest)
    };
    match text.split_once('/') {
        Some((kind, subtype)) if is_name(kind) && is_name(subtype) => Ok(MediaType::new(text)),
        _ => Err("it has not the form of a media type such as `application/spdx+json`".to_owned()),
    }
}

fn parse_annotation(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("it has not the form `KEY=VALUE`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, path: &str, media_type: &str) {
        let split = split_file(text, &MediaType::new("a/b"));
        assert_eq!(split, (PathBuf::from(path), MediaType::new(media_type)));
    }

    #[test]
    fn files_may_say_what_they_are() {
        check("sbom.json", "sbom.json", "a/b");
        check(
            "sbom.json:application/spdx+json",
            "sbom.json",
            "application/spdx+json",
        );
        check("a:b:text/plain", "a:b", "text/plain");
        check("C:/x/sbom.json", "C:/x/sbom.json", "a/b");
        check("a:b", "a:b", "a/b");
    }

    #[test]
    fn media_types_have_two_names() {
        for text in ["application/vnd.x.y-z+json", "text/plain"] {
            assert!(parse_media_type(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "text",
            "/plain",
            "text/",
            "a/b/c",
            "a b/c",
            "text/plain; charset=utf-8",
            "é/a",
        ] {
            assert!(parse_media_type(text).is_err(), "{text}");
        }
    }
}
