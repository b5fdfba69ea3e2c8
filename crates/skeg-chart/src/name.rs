//! The name of a chart.

use std::fmt;
use std::str::FromStr;

use crate::error::ParseChartNameError;

/// The name of a chart: not empty, not `.` or `..`, without path separators.
///
/// Helm 4.3.1 asks for no more than that; a registry, Kubernetes and `lint` are stricter. A backslash is
/// refused here on every platform, because the name becomes the name of a file and of a directory.
///
/// ```
/// use skeg_chart::ChartName;
///
/// assert_eq!(ChartName::parse("demo")?.as_str(), "demo");
/// assert!(ChartName::parse("de/mo").is_err());
/// # Ok::<(), skeg_chart::ParseChartNameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChartName(String);

impl ChartName {
    /// Checks a name.
    pub fn parse(text: &str) -> Result<Self, ParseChartNameError> {
        match text {
            "" => Err(ParseChartNameError::Missing),
            "." | ".." => Err(ParseChartNameError::NotAllowed {
                name: text.to_owned(),
            }),
            _ if text.contains(['/', '\\', '\0']) => Err(ParseChartNameError::Invalid {
                name: text.to_owned(),
            }),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ChartName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for ChartName {
    type Err = ParseChartNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
