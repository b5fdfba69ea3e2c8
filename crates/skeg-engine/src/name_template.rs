//! Names of releases that are made by a template.

use skeg_go::GoValue;
use skeg_sprig::Surroundings;
use skeg_template::{ExecError, FunctionTable, ParseError, TemplateSet};

const NAME: &str = "name-template";

/// A template that makes no name, in Go's words.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NameTemplateError {
    /// It is no template.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// It failed.
    #[error(transparent)]
    Execute(#[from] ExecError),
}

/// Makes the name of a release by a template, which has the functions of Sprig and no data.
///
/// # Errors
/// The text is no template, or the template fails.
pub fn render_name_template(template: &str, surroundings: &Surroundings) -> Result<String, NameTemplateError> {
    let functions: FunctionTable = skeg_sprig::functions(surroundings).into_iter().collect();
    let mut set = TemplateSet::new(functions);
    set.parse(NAME, template.as_bytes())?;
    let mut name = Vec::new();
    set.execute(NAME, &GoValue::Nil, &mut name)?;
    Ok(String::from_utf8_lossy(&name).into_owned())
}
