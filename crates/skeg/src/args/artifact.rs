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
        Ok(ChartRequest {
            reference: ChartReference::parse(&self.reference).map_err(CommandError::reference)?,
            version: self.selection.version.clone(),
            devel: self.selection.devel,
        })
    }
}
