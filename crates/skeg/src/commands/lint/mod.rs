//! `skeg lint`.

mod args;
mod report;
mod sarif;
mod subcharts;

use std::path::Path;
use std::rc::Rc;

use skeg_engine::{KubeVersion, on_render_stack};
use skeg_lint::{Finding, Findings, LintError, LintOptions, Severity, lint_archive, lint_directory};

pub(crate) use self::args::LintArgs;
use self::args::LintFormat;
use self::report::LintReport;
use crate::args::{AccessArgs, OutputFormat};
use crate::chart_source::print_followed;
use crate::context::Context;
use crate::error::CommandError;
use crate::remote::{SchemaFiles, UrlFetcher};
use crate::scratch::scratch;
use crate::surroundings;
use crate::values_source;

/// The checks of one chart.
struct Linted {
    path: String,
    outcome: Result<Findings, LintError>,
}

impl Linted {
    /// Whether there is more to say than that something could be better.
    fn is_notable(&self) -> bool {
        self.outcome.is_err()
            || self
                .findings()
                .iter()
                .any(|finding| finding.severity > Severity::Info)
    }

    /// Whether the chart has failed.
    fn is_failed(&self, is_strict: bool) -> bool {
        let lowest = if is_strict {
            Severity::Warning
        } else {
            Severity::Error
        };
        self.outcome.is_err() || self.findings().iter().any(|finding| finding.severity >= lowest)
    }

    fn findings(&self) -> &[Finding] {
        self.outcome.as_ref().map_or(&[], |findings| &findings.list)
    }
}

/// Charts that did not pass, in Helm's words.
#[derive(Debug, thiserror::Error)]
#[error("{all} chart(s) linted, {failed} chart(s) failed")]
struct LintFailure {
    all: usize,
    failed: usize,
}

/// Helm 4.3.1: the findings of each chart and a summary on standard output; if charts have failed, the summary is the
/// error.
pub(crate) fn lint(args: &LintArgs, context: &Context) -> Result<(), CommandError> {
    let kube_version = args.kube_version.as_deref().map(parse_kube_version).transpose()?;
    let linted = on_render_stack(|| lint_all(args, kube_version, context))?;
    let failed = linted
        .iter()
        .filter(|linted| linted.is_failed(args.strict))
        .count();
    print(args, &linted, context)?;
    let summary = LintFailure {
        all: linted.len(),
        failed,
    };
    if failed > 0 {
        return Err(CommandError::user(summary));
    }
    let is_silent = args.quiet && !linted.iter().any(Linted::is_notable);
    if args.output == LintFormat::Table && !is_silent {
        context.printer().line(summary.to_string())?;
    }
    Ok(())
}

fn parse_kube_version(text: &str) -> Result<KubeVersion, CommandError> {
    KubeVersion::parse(text)
        .map_err(|error| CommandError::user(format!("invalid kube version '{text}': {error}")))
}

fn lint_all(
    args: &LintArgs,
    kube_version: Option<KubeVersion>,
    context: &Context,
) -> Result<Vec<Linted>, CommandError> {
    let mut paths = args.paths.clone();
    if args.with_subcharts {
        paths.extend(
            args.paths
                .iter()
                .flat_map(|path| subcharts::within(Path::new(path))),
        );
    }
    let access = AccessArgs::default();
    let schemas = Rc::new(SchemaFiles::new(UrlFetcher::new(&access, context)));
    let options = LintOptions {
        namespace: context.namespace(),
        values: values_source::merge(&args.values, &access, None, context)?,
        kube_version,
        skip_schema_validation: args.skip_schema_validation,
        schema_source: Some(Rc::clone(&schemas) as Rc<_>),
        limits: context.limits_for_reading()?,
        surroundings: surroundings::of_machine(context.environment()),
    };
    let lint = |path: String| {
        let outcome = lint_one(&path, &options)?;
        schemas.check_signal()?;
        for link in outcome.iter().flat_map(|findings| &findings.symlinks) {
            print_followed(link, context.printer());
        }
        for line in outcome.iter().flat_map(|findings| &findings.log) {
            context.printer().status(line);
        }
        Ok(Linted { path, outcome })
    };
    paths.into_iter().map(lint).collect()
}

fn lint_one(path: &str, options: &LintOptions) -> Result<Result<Findings, LintError>, CommandError> {
    if !subcharts::is_archive(path) {
        return Ok(lint_directory(Path::new(path), options));
    }
    let scratch = scratch()?;
    Ok(lint_archive(Path::new(path), scratch.path(), options))
}

fn print(args: &LintArgs, linted: &[Linted], context: &Context) -> Result<(), CommandError> {
    let printer = context.printer();
    let format = match args.output {
        LintFormat::Table => return Ok(printer.data(lines(args, linted))?),
        LintFormat::Sarif => {
            let log = serde_json::to_string_pretty(&sarif::log(linted)).map_err(CommandError::internal)?;
            return Ok(printer.line(log)?);
        }
        LintFormat::Json => OutputFormat::Json,
        LintFormat::Yaml => OutputFormat::Yaml,
    };
    let report = LintReport::new(args, linted);
    format.print(&report, printer).map(drop)
}

/// The findings as Helm prints them.
fn lines(args: &LintArgs, linted: &[Linted]) -> String {
    let is_wanted = |finding: &&Finding| !args.quiet || finding.severity > Severity::Info;
    let mut lines = Vec::new();
    for linted in linted.iter().filter(|linted| !args.quiet || linted.is_notable()) {
        lines.push(format!("==> Linting {}\n", linted.path));
        let error = linted.outcome.as_ref().err();
        lines.extend(error.map(|error| format!("Error {}\n", crate::error::chain(error))));
        let findings = linted.findings().iter().filter(is_wanted);
        lines.extend(findings.map(|finding| format!("{finding}\n")));
        lines.push("\n".to_owned());
    }
    lines.concat()
}
