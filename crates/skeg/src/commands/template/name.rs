//! The name of the release, and which argument is the chart.

use skeg_engine::{Surroundings, render_name_template};

use super::args::ReleaseArgs;
use crate::context::Context;
use crate::error::CommandError;

/// The name without one on the command line.
const DEFAULT_NAME: &str = "release-name";

/// What the arguments of a command say.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NameAndChart<'args> {
    pub(super) name: Name<'args>,
    pub(super) chart: &'args str,
}

/// The name of a release.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Name<'args> {
    Given(&'args str),
    /// To be made by this template.
    Template(&'args str),
}

impl<'args> NameAndChart<'args> {
    /// Helm 4.3.1: `NAME CHART`, or `CHART` alone.
    pub(super) fn new(arguments: &'args [String], flags: &'args ReleaseArgs) -> Result<Self, CommandError> {
        match arguments {
            [name, chart] => {
                let name = Name::Given(name);
                match (flags.generate_name, &flags.name_template) {
                    (true, _) => Err(CommandError::user(
                        "cannot set --generate-name and also specify a name",
                    )),
                    (false, Some(_)) => Err(CommandError::user(
                        "cannot set --name-template and also specify a name",
                    )),
                    (false, None) => Ok(Self { name, chart }),
                }
            }
            [chart] => {
                let template = flags.name_template.as_deref();
                let name = template.map_or(Name::Given(DEFAULT_NAME), Name::Template);
                Ok(Self { name, chart })
            }
            _ => {
                let extra = arguments.get(2..).unwrap_or_default().join(", ");
                Err(CommandError::user(format!(
                    "expected at most two arguments, unexpected arguments: {extra}"
                )))
            }
        }
    }
}

impl Name<'_> {
    /// The name itself.
    pub(super) fn resolve(
        &self,
        context: &Context,
        surroundings: &Surroundings,
    ) -> Result<String, CommandError> {
        match self {
            Self::Given(name) => Ok((*name).to_owned()),
            Self::Template(template) => {
                let environment = context.environment().clone();
                let name =
                    render_name_template(template, surroundings, move |name| environment.bytes_of(name));
                name.map_err(|error| CommandError::user(error.to_string()))
            }
        }
    }
}
