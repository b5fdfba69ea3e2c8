//! What can be wrong with a template or its use, in client-go's words.

/// A text that is no JSONPath template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseJsonPathError {
    /// A `{` without its `}`.
    #[error("unclosed action")]
    UnclosedAction,
    /// A `[` without its `]`.
    #[error("unterminated array")]
    UnterminatedArray,
    /// A `[?(` without its `)`.
    #[error("unterminated filter")]
    UnterminatedFilter,
    /// A filter that does not end in `)]`.
    #[error("unclosed array expect ]")]
    UnclosedFilter,
    /// A quote without its partner.
    #[error("unterminated quoted string")]
    UnterminatedQuote,
    /// An escape that Go does not know.
    #[error("unquote string {0} error invalid syntax")]
    InvalidQuote(String),
    /// A character that begins nothing.
    #[error("unrecognized character in action: {}", describe(*.0))]
    UnrecognizedCharacter(char),
    /// `....`
    #[error("invalid multiple recursive descent")]
    MultipleRecursiveDescent,
    /// Digits that are no number.
    #[error("cannot parse number {0}")]
    InvalidNumber(String),
    /// What stands in brackets is neither key nor index nor slice.
    #[error("invalid array index {0}")]
    InvalidIndex(String),
    /// An index that does not fit 64 bits, or only a sign.
    #[error("array index {0} is not a number")]
    IndexNotANumber(String),
    /// Unions and filters within each other more than 50 levels deep.
    #[error("expressions are nested too deeply")]
    TooDeep,
}

/// A template that does not apply to a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateJsonPathError {
    /// No value has this field.
    #[error("{0} is not found")]
    FieldNotFound(String),
    /// An index into something without indices; the kind as Go calls it.
    #[error("{0} is not array or slice")]
    NotAList(&'static str),
    /// A filter on something that is no list.
    #[error("{0} is not array or slice and cannot be filtered")]
    NotFilterable(String),
    /// An index beyond either end.
    #[error("array index out of bounds: index {index}, length {length}")]
    IndexOutOfBounds {
        /// The index that was asked for.
        index: i64,
        /// How many elements there are.
        length: usize,
    },
    /// A slice that ends before it starts.
    #[error("starting index {start} is greater than ending index {end}")]
    ReversedSlice {
        /// Where it starts.
        start: i64,
        /// Where it ends.
        end: i64,
    },
    /// A step of zero or less.
    #[error("step must be > 0")]
    InvalidStep,
    /// A filter that compares several values with one.
    #[error("can only compare one element at a time")]
    SeveralElements,
    /// An operator that is not one of `== != < <= > >=`.
    #[error("unrecognized filter operator {0}")]
    UnknownOperator(String),
    /// A list, a map or `null` in a comparison, or booleans where order is asked for.
    #[error("invalid type for comparison")]
    InvalidComparison,
    /// A comparison of different kinds; integers of the template are not the floats of the values.
    #[error("incompatible types for comparison")]
    IncompatibleComparison,
    /// `{end}` without `{range}`.
    #[error("not in range, nothing to end")]
    EndWithoutRange,
    /// A word that is neither `range` nor `end`.
    #[error("unrecognized identifier {0}")]
    UnknownIdentifier(String),
    /// Loops within each other more than 100 levels deep.
    #[error("ranges are nested too deeply")]
    TooDeep,
}

/// Go's `%#U`.
fn describe(c: char) -> String {
    let code = u32::from(c);
    if skeg_go::quote::is_print(c) {
        format!("U+{code:04X} '{c}'")
    } else {
        format!("U+{code:04X}")
    }
}
