//! Values that are an artifact in a registry or an image layout.

use skeg_oci::{
    Annotations, Descriptor, ImageManifest, Manifest, ManifestError, MediaType, RegistryHost, TagOrDigest,
};
use skeg_oci_client::{FetchBlob, FetchBlobError, FetchManifest, FetchManifestError};
use skeg_registry::ChartReference;

use super::LARGEST;
use crate::access::{Access, Reader};
use crate::args::AccessArgs;
use crate::context::Context;
use crate::error::CommandError;
use crate::work::block_on;

/// Fetches the values that a reference names; the tag is `latest` if there is none.
///
/// A password on the command line is for the registry of the chart, and for that of the values if the chart is in none.
pub(crate) fn fetch_values_artifact(
    text: &str,
    access: &AccessArgs,
    chart_host: Option<&RegistryHost>,
    context: &Context,
) -> Result<Vec<u8>, CommandError> {
    let reference = ChartReference::parse(text).map_err(CommandError::reference)?;
    let named_host = chart_host.or(reference.location().host());
    let access = Access::new(access, named_host, context)?;
    let repository = access.reader(reference.location())?;
    block_on(async {
        fetch(&repository, &reference).await.map_err(|source| {
            let hint = hint(text, &source);
            let reference = reference.to_string();
            CommandError::user(FetchValuesError { reference, source }).maybe_hint(hint)
        })
    })
}

#[derive(Debug, thiserror::Error)]
#[error("cannot read values from {reference}")]
struct FetchValuesError {
    reference: String,
    #[source]
    source: ArtifactError,
}

/// Why an artifact gives no values.
#[derive(Debug, thiserror::Error)]
enum ArtifactError {
    #[error(transparent)]
    FetchManifest(#[from] FetchManifestError),
    #[error(transparent)]
    FetchBlob(#[from] FetchBlobError),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error("this is a chart, not a file of values")]
    Chart,
    #[error("this is an index of several artifacts, not a file of values")]
    Index,
    #[error("there is no layer that may be YAML among {}", list(.0))]
    NoLayer(Vec<String>),
    #[error("there are several files in it: {}", list(.0))]
    SeveralLayers(Vec<String>),
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.join(", ")
}

fn hint(text: &str, error: &ArtifactError) -> Option<String> {
    match error {
        ArtifactError::Chart => Some(format!(
            "write the values of the chart into a file by `skeg show values {text} > values.yaml`, and give that"
        )),
        ArtifactError::NoLayer(_) | ArtifactError::SeveralLayers(_) | ArtifactError::Index => Some(
            "an artifact of values has one layer of a type such as `application/yaml`: `oras push HOST/PATH:TAG values.yaml:application/yaml`"
                .to_owned(),
        ),
        _ => None,
    }
}

async fn fetch(repository: &Reader, reference: &ChartReference) -> Result<Vec<u8>, ArtifactError> {
    let target = match (reference.digest(), reference.tag()) {
        (Some(digest), _) => TagOrDigest::Digest(digest.clone()),
        (None, Some(tag)) => TagOrDigest::Tag(tag.clone()),
        (None, None) => TagOrDigest::Tag("latest".parse().expect("because `latest` is a tag")),
    };
    let manifest = repository.fetch_manifest(&target).await?;
    let layer = match manifest.parse()? {
        Manifest::Index(_) => return Err(ArtifactError::Index),
        Manifest::Image(manifest) => choose(&manifest)?,
    };
    Ok(repository.fetch_blob(&layer, LARGEST as u64).await?.to_vec())
}

/// The one layer that may be YAML.
fn choose(manifest: &ImageManifest) -> Result<Descriptor, ArtifactError> {
    let is_chart_layer = |layer: &Descriptor| layer.media_type == MediaType::HELM_CHART_CONTENT;
    if manifest.config.media_type == MediaType::HELM_CONFIG || manifest.layers.iter().any(is_chart_layer) {
        return Err(ArtifactError::Chart);
    }
    let names = |layers: &[&Descriptor]| layers.iter().map(|layer| name(layer)).collect();
    let all: Vec<&Descriptor> = manifest.layers.iter().collect();
    let found: Vec<&Descriptor> = all.iter().copied().filter(|layer| may_be_yaml(layer)).collect();
    match found.as_slice() {
        [layer] => Ok((*layer).clone()),
        [] => Err(ArtifactError::NoLayer(names(&all))),
        several => Err(ArtifactError::SeveralLayers(names(several))),
    }
}

/// Going by the type, or by the name of the file, since some tools call every layer an archive.
fn may_be_yaml(layer: &Descriptor) -> bool {
    let media_type = layer.media_type.as_str().to_ascii_lowercase();
    let title = title(layer).unwrap_or_default().to_ascii_lowercase();
    ["yaml", "octet-stream"]
        .iter()
        .any(|part| media_type.contains(part))
        || media_type.starts_with("text/")
        || [".yaml", ".yml"].iter().any(|ending| title.ends_with(ending))
}

fn name(layer: &Descriptor) -> String {
    title(layer).unwrap_or(layer.media_type.as_str()).to_owned()
}

fn title(layer: &Descriptor) -> Option<&str> {
    layer.annotations.as_ref()?.get(Annotations::TITLE)
}
