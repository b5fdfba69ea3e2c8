//! How a registry behaves: the switches of its builder as data.

/// The form of the `Location` of upload sessions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum LocationStyle {
    /// `/v2/NAME/blobs/uploads/ID`.
    #[default]
    Relative,
    /// `http://HOST/v2/NAME/blobs/uploads/ID`.
    Absolute,
    /// `ID`, relative to the directory of the request.
    PathOnly,
    /// `?upload=ID`: only a query, to be resolved against the request.
    QueryOnly,
    /// An absolute URL with `?_state=…`, whose escapes must come back byte for byte.
    WithState,
    /// An absolute URL on this other origin (`https://host:port`).
    OtherOrigin(String),
    /// No `Location` at all.
    Missing,
}

/// What the registry does differently from the specification's ordinary path.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent quirk of some registry"
)]
pub(crate) struct Quirks {
    pub(crate) no_referrers: bool,
    pub(crate) no_chunked_upload: bool,
    pub(crate) discard_chunks: bool,
    pub(crate) refuse_mounts: bool,
    pub(crate) refuse_single_post: bool,
    pub(crate) ignore_ranges: bool,
    pub(crate) read_only: bool,
    pub(crate) immutable_tags: bool,
    pub(crate) closed_namespace: bool,
    pub(crate) compares_states: bool,
    pub(crate) catalog_page_size: Option<usize>,
    pub(crate) monolithic_limit: Option<usize>,
    pub(crate) chunk_min_length: Option<usize>,
    pub(crate) tags_page_size: Option<usize>,
    pub(crate) tags_page_max: Option<usize>,
    pub(crate) blob_redirect: Option<String>,
    pub(crate) location_style: LocationStyle,
}
