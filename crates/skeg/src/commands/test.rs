//! `skeg test`.

use std::time::Duration;

use skeg_release::{TestFilter, TestOptions, TestRun};

use crate::args::{OutputFormat, parse_duration, split_list};
use crate::context::Context;
use crate::error::CommandError;
use crate::releases::{ReleasePrinter, Session, check_release_name, operation_error, unreachable};

/// Run the tests of a release
///
/// The tests are pods and jobs that the chart marks by `helm.sh/hook: test`. They are run one after the other, up to the first that
/// fails.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg test [RELEASE] [flags]")]
pub(crate) struct TestArgs {
    /// The name of the release
    #[arg(value_name = "RELEASE")]
    release: String,

    /// Run only tests of these names, `name=a,name=b`, or all but these, `!name=a`
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true, value_parser = split_list)]
    filter: Vec<Vec<String>>,

    /// Print what the pods of the tests printed
    #[arg(long)]
    logs: bool,

    /// How long each test may take
    #[arg(long, value_name = "DURATION", default_value = "5m0s", allow_hyphen_values = true, value_parser = parse_duration)]
    timeout: Duration,
}

/// Helm 4.3.1: runs the tests, prints how they went and what they printed, and then removes them.
pub(crate) fn test(args: &TestArgs, context: &Context) -> Result<(), CommandError> {
    let session = Session::open(context)?;
    let operator = session.operator();
    let options = TestOptions {
        filter: filter(&args.filter),
        timeout: args.timeout,
    };
    let run = session.run(async {
        let version = session.cluster().version().await;
        version.map_err(|error| unreachable(&error))?;
        check_release_name(&args.release, "releaseTest: Release name is invalid")?;
        let run = TestRun::run(&operator, &args.release, &options).await;
        run.map_err(|error| operation_error(&error, ""))
    })?;
    ReleasePrinter::new(run.release())
        .without_notes(true)
        .print(OutputFormat::Table, context)?;
    let mut failure = run.error().map(|error| operation_error(error, ""));
    if args.logs {
        let (text, outcome) = session.run(async { Ok(run.logs(&operator).await) })?;
        context.printer().line("")?;
        context.printer().data(text)?;
        if let Err(error) = outcome {
            let error = operation_error(&error, "");
            failure = Some(match failure {
                Some(first) => first.joined(&error),
                None => error,
            });
        }
    }
    let finished = session.run(async {
        let finished = run.finish(&operator).await;
        finished.map_err(|error| operation_error(&error, ""))
    });
    failure.map_or(finished, Err)
}

/// Helm 4.3.1: what is neither `name=…` nor `!name=…` is passed over.
fn filter(lists: &[Vec<String>]) -> TestFilter {
    let mut filter = TestFilter::default();
    for text in lists.iter().flatten() {
        if let Some(name) = text.strip_prefix("name=") {
            filter.only.push(name.to_owned());
        } else if let Some(rest) = text.strip_prefix('!') {
            let blank = rest.chars().next().filter(char::is_ascii_whitespace);
            let rest = &rest[blank.map_or(0, char::len_utf8)..];
            if let Some(name) = rest.strip_prefix("name=") {
                filter.except.push(name.to_owned());
            }
        }
    }
    filter
}
