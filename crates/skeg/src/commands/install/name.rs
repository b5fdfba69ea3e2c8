//! The name of a release that is installed, and which argument is the chart.

use skeg_engine::{Surroundings, render_name_template};

use super::InstallArgs;
use crate::context::Context;
use crate::error::CommandError;

/// Helm 4.3.1: `NAME CHART`; or `CHART` and a flag that makes a name.
pub(super) fn name_and_chart<'a>(
    args: &'a InstallArgs,
    context: &Context,
    surroundings: &Surroundings,
) -> Result<(String, &'a str), CommandError> {
    match args.arguments.as_slice() {
        [name, chart] => match (args.generate_name, &args.name_template) {
            (true, _) => Err(CommandError::user(
                "cannot set --generate-name and also specify a name",
            )),
            (false, Some(template)) if !template.is_empty() => Err(CommandError::user(
                "cannot set --name-template and also specify a name",
            )),
            _ => Ok((name.clone(), chart)),
        },
        [chart] => {
            let template = args
                .name_template
                .as_deref()
                .filter(|template| !template.is_empty());
            if let Some(template) = template {
                let environment = context.environment().clone();
                let name =
                    render_name_template(template, surroundings, move |name| environment.bytes_of(name));
                let name = name.map_err(|error| CommandError::user(error.to_string()))?;
                return Ok((name, chart));
            }
            if !args.generate_name {
                return Err(CommandError::user(
                    "must either provide a name or specify --generate-name",
                ));
            }
            let seconds = (surroundings.now)() / 1_000_000_000;
            Ok((format!("{}-{seconds}", base(chart)), chart))
        }
        arguments => {
            let extra = arguments.get(2..).unwrap_or_default().join(", ");
            Err(CommandError::user(format!(
                "expected at most two arguments, unexpected arguments: {extra}"
            )))
        }
    }
}

/// Helm 4.3.1: the last part of the path up to its first dot.
fn base(chart: &str) -> &str {
    let trimmed = chart.trim_end_matches('/');
    let last = trimmed.rsplit('/').next().unwrap_or_default();
    match last {
        "" | "." => "chart",
        last => last.split('.').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::base;

    #[test]
    fn names_are_made_of_the_chart() {
        for (chart, expected) in [
            ("oci://host:5000/charts/demo", "demo"),
            ("./demo-1.2.3.tgz", "demo-1"),
            ("demo/", "demo"),
            (".", "chart"),
        ] {
            assert_eq!(base(chart), expected, "{chart}");
        }
    }
}
