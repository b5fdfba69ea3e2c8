//! The version of a chart.

use std::fmt;
use std::str::FromStr;

use skeg_go::semver::Version;

use crate::error::ParseChartVersionError;

/// The version of a chart, kept as it was written.
///
/// Helm 4.3.1 takes what Masterminds' `NewVersion` takes: `v1`, `1.2` and `1.2.3+build` are versions.
///
/// ```
/// use skeg_chart::ChartVersion;
///
/// assert_eq!(ChartVersion::parse("v1.2")?.as_str(), "v1.2");
/// assert!(ChartVersion::parse("latest").is_err());
/// # Ok::<(), skeg_chart::ParseChartVersionError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ChartVersion(Version);

impl ChartVersion {
    /// Checks a version.
    pub fn parse(text: &str) -> Result<Self, ParseChartVersionError> {
        match Version::parse(text) {
            Ok(version) => Ok(Self(version)),
            Err(source) => Err(ParseChartVersionError(source)),
        }
    }

    /// The version as it was written.
    pub fn as_str(&self) -> &str {
        self.0.original()
    }

    /// The version as semver has it.
    pub fn semver(&self) -> &Version {
        &self.0
    }
}

impl fmt::Display for ChartVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for ChartVersion {
    type Err = ParseChartVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
