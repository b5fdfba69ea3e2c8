//! An artifact that need not be a chart.

use skeg_registry::{ChartReference, ChartRequest};

use super::ChartSelectionArgs;
use crate::error::CommandError;

/// An artifact that need not be a chart.
#[derive(Debug, clap::Args)]
pub(crate) struct ArtifactArgs {
    /// The chart or another artifact; the highest stable version, or else `latest`, if it has no tag
    #[arg(value_name = "REFERENCE")]
    pub(crate) reference: String,

    #[command(flatten)]
    pub(crate) selection: ChartSelectionArgs,
}

impl ArtifactArgs {
    pub(crate) fn request(&self) -> Result<ChartRequest, CommandError> {
        artifact_request(&self.reference, &self.selection)
    }
}

/// What a reference and the flags beside it ask for.
pub(crate) fn artifact_request(
    reference: &str,
    selection: &ChartSelectionArgs,
) -> Result<ChartRequest, CommandError> {
    Ok(ChartRequest {
        reference: ChartReference::parse(reference).map_err(CommandError::reference)?,
        version: selection.version.clone(),
        devel: selection.devel,
    })
}
