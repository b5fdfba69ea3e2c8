//! Where charts come from.

use std::future::Future;
use std::path::Path;

use skeg_oci::Digest;

use crate::lock::Pin;
use crate::repository::DependencyRepository;

/// Where one chart is, whatever its version.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The repository.
    pub repository: DependencyRepository,
    /// The chart's name there.
    pub name: String,
}

/// A chart of one version that a source has.
#[derive(Clone, Debug)]
pub struct Found<H> {
    /// Its version, in the writing of the source.
    pub version: String,
    /// Its content; none where that may change at any time, as that of a directory.
    pub pin: Option<Pin>,
    /// What the source needs to fetch it.
    pub handle: H,
}

/// Where charts come from.
pub trait Source {
    /// What is needed to fetch a chart that was found.
    type Handle: Clone + Send;
    /// Why a source does not answer.
    type Error: Send;

    /// The versions of a chart in the order in which they are tried: the first one in a range is taken.
    ///
    /// # Errors
    /// There is no such chart, or it cannot be asked for.
    fn versions(&self, place: &Place) -> impl Future<Output = Result<Vec<String>, Self::Error>> + Send;

    /// Finds a chart of one version, and what its content is.
    ///
    /// # Errors
    /// There is none, or its [identity](Pin::identity) is not the `expected` one.
    fn find(
        &self,
        place: &Place,
        version: &str,
        expected: Option<&Digest>,
    ) -> impl Future<Output = Result<Found<Self::Handle>, Self::Error>> + Send;

    /// Writes the archive of a chart into a directory and returns its file name.
    ///
    /// # Errors
    /// It does not come whole, or cannot be written.
    fn fetch(
        &self,
        found: &Found<Self::Handle>,
        directory: &Path,
    ) -> impl Future<Output = Result<String, Self::Error>> + Send;
}
