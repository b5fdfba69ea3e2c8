//! Why there is no patch from one object to another.

/// Two objects do not make a patch.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PatchError {
    /// Something that should be a map is none: an object, or an element of a list that is merged by key.
    #[error("{0} is not a map")]
    NotAMap(&'static str),
    /// A member that the API does not have is a map or a list, so that nobody knows how to merge it.
    #[error("unable to find api field in struct {kind} for the json field \"{field}\"")]
    UnknownField {
        /// The name of the type that lacks it.
        kind: String,
        /// The member.
        field: String,
    },
    /// A member is a map and the API has a list or a value there, or the other way round.
    #[error("`{0}` has another type in the API")]
    WrongType(String),
    /// An element of a list that is merged by key lacks the key.
    #[error("map does not contain declared merge key: {0}")]
    NoMergeKey(String),
    /// A list that is merged has elements of different types.
    #[error("list element types are not identical")]
    MixedList,
    /// A list of lists is merged.
    #[error("lists of lists are not supported")]
    ListOfLists,
    /// A member `$patch`, `$setElementOrder/…` or `$retainKeys` makes no sense.
    #[error("invalid value for special key: {0}")]
    Directive(String),
    /// What is deleted and what is set contradict each other.
    #[error("patches of deletions and of changes contradict each other")]
    Conflict,
}
