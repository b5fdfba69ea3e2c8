//! What is wrong with values, as data and as the lines that Helm prints.

use std::fmt::{self, Formatter};

use super::message::quote;

/// A rule that values break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The way to the value from the top: keys of maps and indexes of lists.
    pub instance_path: Vec<String>,
    /// The keyword of the schema, where it is one: `type`, `required`.
    pub keyword: Option<&'static str>,
    /// What Helm says about it, without the place.
    pub message: String,
    /// What led to it, such as the failures of all branches of an `anyOf`.
    pub causes: Vec<Violation>,
}

impl Violation {
    fn write(&self, indent: usize, formatter: &mut Formatter<'_>) -> fmt::Result {
        let mut pointer = String::new();
        for token in &self.instance_path {
            pointer.push('/');
            pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
        }
        let margin = indent * 2;
        write!(
            formatter,
            "{:margin$}- at {}: {}",
            "",
            quote(&pointer),
            self.message
        )?;
        for cause in &self.causes {
            writeln!(formatter)?;
            cause.write(indent + 1, formatter)?;
        }
        Ok(())
    }
}

/// Shows violations as lines with line ends between them.
pub(super) struct Lines<'violations>(pub(super) &'violations [Violation]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(formatter)?;
            }
            violation.write(0, formatter)?;
        }
        Ok(())
    }
}

/// Shows violations as lines with a line end in front of each.
pub(super) struct Tree<'violations>(pub(super) &'violations [Violation]);

impl fmt::Display for Tree<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        for violation in self.0 {
            writeln!(formatter)?;
            violation.write(0, formatter)?;
        }
        Ok(())
    }
}
