//! Values from the command line: reading the files that it names, and merging everything.

use std::io::{self, Read};
use std::path::Path;

use skeg_go::GoMap;
use skeg_oci::RegistryHost;
use skeg_registry::ChartReference;
use skeg_values::set::ReadFileError;

use crate::args::{AccessArgs, ValuesArgs};
use crate::context::Context;
use crate::error::{CommandError, CommandErrorKind, system_words};
use crate::remote::{UrlFetcher, fetch_values_artifact, is_url};

/// Merges what the flags of a command say about values. `chart_host` is the registry of the command's chart.
pub(crate) fn merge(
    args: &ValuesArgs,
    access: &AccessArgs,
    chart_host: Option<&RegistryHost>,
    context: &Context,
) -> Result<GoMap, CommandError> {
    let mut reader = Reader {
        access,
        chart_host,
        context,
        failure: None,
    };
    let merged = args.to_user_values().merge(&mut |path| reader.read(path));
    merged.map_err(|error| {
        let Some(failure) = reader.failure else {
            return CommandError::user(error);
        };
        if matches!(failure.kind(), CommandErrorKind::Interrupted { .. }) {
            return failure;
        }
        let hints = failure.hints().to_vec();
        hints
            .into_iter()
            .fold(CommandError::user(error), CommandError::hint)
    })
}

/// Reads what the flags name.
struct Reader<'command> {
    access: &'command AccessArgs,
    chart_host: Option<&'command RegistryHost>,
    context: &'command Context,
    /// The failure that ended it, if it has more to say than its message.
    failure: Option<CommandError>,
}

impl Reader<'_> {
    /// Helm 4.3.1: `-` is standard input, a URL is fetched, anything else is a file. References to artifacts are ours.
    fn read(&mut self, path: &str) -> Result<Vec<u8>, ReadFileError> {
        if path.trim() == "-" {
            let mut content = Vec::new();
            io::stdin().lock().read_to_end(&mut content)?;
            return Ok(content);
        }
        if is_url(path) {
            let fetched = UrlFetcher::new(self.access, self.context).fetch_values(path);
            return self.keep(fetched)?.map_err(Into::into);
        }
        if ChartReference::has_scheme(path) {
            let fetched = fetch_values_artifact(path, self.access, self.chart_host, self.context);
            return self.keep(fetched);
        }
        read(path).map_err(Into::into)
    }

    fn keep<T>(&mut self, fetched: Result<T, CommandError>) -> Result<T, ReadFileError> {
        fetched.map_err(|error| {
            let message = error.message();
            self.failure = Some(error);
            message.into()
        })
    }
}

/// A file that cannot be read, in Helm's words.
#[derive(Debug, thiserror::Error)]
#[error("{operation} {path}: {}", system_words(reason))]
pub(crate) struct ReadValuesError {
    operation: &'static str,
    path: String,
    reason: io::Error,
}

/// Reads a file of this machine.
pub(crate) fn read(path: &str) -> Result<Vec<u8>, ReadValuesError> {
    fs_err::read(path).map_err(|reason| ReadValuesError {
        operation: if Path::new(path).is_dir() { "read" } else { "open" },
        path: path.to_owned(),
        reason,
    })
}
