//! Values from the command line: reading the files that it names, and merging everything.

use std::io::{self, Read};
use std::path::Path;

use skeg_go::GoMap;
use skeg_values::UserValuesError;
use skeg_values::set::ReadFileError;

use crate::args::ValuesArgs;
use crate::error::{CommandError, system_words};

/// Merges what the flags of a command say about values.
pub(crate) fn merge(args: &ValuesArgs) -> Result<GoMap, CommandError> {
    let values = args.to_user_values().merge(&mut read_file);
    values.map_err(|error| {
        let hint = hint(&error);
        CommandError::user(error).maybe_hint(hint)
    })
}

/// A file that values are read from and that cannot be read, in Helm's words.
#[derive(Debug, thiserror::Error)]
enum ReadValuesError {
    #[error("{operation} {path}: {}", system_words(source))]
    File {
        operation: &'static str,
        path: String,
        #[source]
        source: io::Error,
    },
    #[error("cannot fetch {0}: values are read from files only, so far")]
    Remote(String),
}

/// Helm 4.3.1: `-` is standard input, a URL is fetched, anything else is a file.
fn read_file(path: &str) -> Result<Vec<u8>, ReadFileError> {
    if path.trim() == "-" {
        let mut content = Vec::new();
        io::stdin().lock().read_to_end(&mut content)?;
        return Ok(content);
    }
    if ["http://", "https://", "oci://"].iter().any(|scheme| path.starts_with(scheme)) {
        return Err(ReadValuesError::Remote(path.to_owned()).into());
    }
    std::fs::read(path).map_err(|source| {
        let is_open = !Path::new(path).is_dir();
        let operation = if is_open { "open" } else { "read" };
        let path = path.to_owned();
        ReadValuesError::File {
            operation,
            path,
            source,
        }
        .into()
    })
}

fn hint(error: &UserValuesError) -> Option<String> {
    let UserValuesError::Read(error) = error else {
        return None;
    };
    match error.downcast_ref()? {
        ReadValuesError::Remote(url) => Some(format!("download it first: `curl -o values.yaml {url}`")),
        ReadValuesError::File { .. } => None,
    }
}
