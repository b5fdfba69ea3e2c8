//! How much a chart may hold before reading it stops.

/// Bounds on what is read from an archive or a directory.
///
/// The default follows Helm 4.3.1, which gives up at 100 MiB of decompressed files; the bounds Helm
/// does not have are set where no honest chart comes near them. Every field may be raised:
///
/// ```
/// use skeg_chart::Limits;
///
/// let limits = Limits { total: 500 << 20, file: 500 << 20, ..Limits::default() };
/// assert!(limits.entries > 10_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Decompressed bytes of one archive or directory; reaching it is already too much.
    pub total: u64,
    /// Bytes of one file.
    pub file: u64,
    /// Bytes of one file that has to be parsed whole: `Chart.yaml`, `requirements.yaml`, locks, `.helmignore`.
    pub document: u64,
    /// Entries of one archive, or files and directories in one directory.
    pub entries: usize,
    /// Decompressed bytes of a chart together with every archive packed inside it.
    pub nested_total: u64,
    /// How deep charts may be packed inside charts.
    pub depth: usize,
    /// Whether archives are refused that cannot be unpacked safely everywhere, although Helm takes them: with links and
    /// devices, which to Helm are empty files, with two entries of one name, with names from the root, and with
    /// something behind their end.
    pub strict: bool,
}

impl Limits {
    /// Helm's limit on the decompressed size of a chart: 100 MiB.
    pub const HELM_TOTAL: u64 = 100 * 1024 * 1024;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            total: Self::HELM_TOTAL,
            file: Self::HELM_TOTAL,
            document: 5 * 1024 * 1024,
            entries: 100_000,
            nested_total: 4 * Self::HELM_TOTAL,
            depth: 128,
            strict: true,
        }
    }
}
