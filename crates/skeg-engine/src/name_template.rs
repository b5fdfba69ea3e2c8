//! Names of releases that a template makes.

use std::rc::Rc;

use skeg_go::expand::expand;
use skeg_go::{GoString, GoValue, Parameter};
use skeg_sprig::Surroundings;
use skeg_template::{Function, FunctionTable, TemplateSet, TextError};

use crate::functions::sprig_table;

/// What the template is called in messages.
const NAME: &str = "name-template";

/// Renders the template of `--name-template`, which sees nothing and may call all of Sprig's functions, with `env` and
/// `expandenv`, which templates of charts have not: `variable` is the environment, nothing for what is not set.
///
/// # Errors
/// It is no template, or it fails.
pub fn render_name_template(
    template: &str,
    surroundings: &Surroundings,
    variable: impl Fn(&[u8]) -> Vec<u8> + 'static,
) -> Result<String, TextError> {
    let mut functions = sprig_table(surroundings);
    functions.extend(environment_functions(Rc::new(variable)));
    let mut set = TemplateSet::new(functions);
    set.parse(NAME, template.as_bytes())?;
    let mut name = Vec::new();
    set.execute(NAME, &GoValue::Nil, &mut name)?;
    Ok(String::from_utf8_lossy(&name).into_owned())
}

/// Executes a template that sees `data` and may call Go's own functions only, as Helm's `get all --template` does.
///
/// # Errors
/// It is no template, or it fails.
pub fn render_plain_template(template: &str, data: &GoValue) -> Result<Vec<u8>, TextError> {
    const NAME: &str = "_";
    let mut set = TemplateSet::new(FunctionTable::default());
    set.parse(NAME, template.as_bytes())?;
    let mut out = Vec::new();
    set.execute(NAME, data, &mut out)?;
    Ok(out)
}

fn environment_functions(variable: Rc<impl Fn(&[u8]) -> Vec<u8> + 'static>) -> [Function; 2] {
    let text = |arguments: &[GoValue]| arguments.first().and_then(GoValue::as_string).cloned();
    let same = Rc::clone(&variable);
    [
        Function::stateful("env", &[Parameter::String], move |arguments| {
            let name = text(arguments).unwrap_or_default();
            Ok(GoString::from(variable(name.as_bytes())).into())
        }),
        Function::stateful("expandenv", &[Parameter::String], move |arguments| {
            let template = text(arguments).unwrap_or_default();
            Ok(GoString::from(expand(template.as_bytes(), &*same)).into())
        }),
    ]
}
