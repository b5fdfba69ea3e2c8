//! Why a version or a constraint was refused, in Masterminds' words.

/// A text that is not a version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseVersionError {
    /// It has not the form of a version.
    #[error("invalid semantic version")]
    InvalidVersion,
    /// It is empty (strict parsing only).
    #[error("version string empty")]
    Empty,
    /// A numeric part has other characters (strict parsing only).
    #[error("invalid characters in version")]
    InvalidCharacters,
    /// A numeric part, or a numeric part of the prerelease, begins with a zero.
    #[error("version segment starts with 0")]
    LeadingZero,
    /// The part after `+` is malformed.
    #[error("invalid metadata string")]
    InvalidMetadata,
    /// The part after `-` is malformed.
    #[error("invalid prerelease string")]
    InvalidPrerelease,
    /// It is longer than 256 bytes.
    #[error("version string is too long (max 256 bytes)")]
    TooLong,
    /// A numeric part does not fit 64 bits (loose parsing).
    #[error("error parsing version segment: strconv.ParseUint: parsing {}: value out of range", crate::quote::quote(.0))]
    SegmentOutOfRange(String),
    /// A numeric part does not fit 64 bits or is missing (strict parsing).
    #[error("strconv.ParseUint: parsing {}: {reason}", crate::quote::quote(.segment))]
    InvalidSegment {
        /// The part.
        segment: String,
        /// `value out of range` or `invalid syntax`.
        reason: &'static str,
    },
}

/// A text that is not a version constraint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseConstraintError {
    /// One of the alternatives has not the form of a constraint.
    #[error("improper constraint: {}", crate::quote::quote(.0))]
    Improper(String),
    /// The form is right but the version in it is not, such as `1.xx` or `1.2.3-01`.
    #[error("constraint parser error")]
    InvalidVersion,
    /// It is longer than 512 bytes.
    #[error("constraint string is too long (max 512 bytes)")]
    TooLong,
    /// It has more than 32 alternatives.
    #[error("too many constraint groups (max 32)")]
    TooManyGroups,
}
