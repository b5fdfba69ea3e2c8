//! What an execution may use.

/// Limits for templates that nobody has reviewed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// The number of bytes that a template may print; none for no limit. Twice as much, but 64 MiB at least, is
    /// what functions may return in values of more than a megabyte.
    pub max_output: Option<usize>,
    /// The number of nodes that may be executed, loops counted as often as they run; none for no limit.
    pub max_steps: Option<u64>,
    /// The bytes of stack that parsing and executing may use. It must be less than the thread has.
    pub max_stack: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_output: None,
            max_steps: None,
            max_stack: 1 << 20,
        }
    }
}
