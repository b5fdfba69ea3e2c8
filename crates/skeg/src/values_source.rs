//! Values from the command line: reading the files that it names, and merging everything.

use std::io::{self, Read};
use std::path::Path;

use skeg_go::GoMap;
use skeg_values::UserValuesError;
use skeg_values::schema::SchemaSource;
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
    #[error("{operation} {path}: {}", system_words(reason))]
    File {
        operation: &'static str,
        path: String,
        reason: io::Error,
    },
    #[error("cannot fetch {0}: only files are read so far")]
    Remote(String),
}

/// Helm 4.3.1: `-` is standard input, a URL is fetched, anything else is a file.
fn read_file(path: &str) -> Result<Vec<u8>, ReadFileError> {
    if path.trim() == "-" {
        let mut content = Vec::new();
        io::stdin().lock().read_to_end(&mut content)?;
        return Ok(content);
    }
    if ["http://", "https://", "oci://"]
        .iter()
        .any(|scheme| path.starts_with(scheme))
    {
        return Err(ReadValuesError::Remote(path.to_owned()).into());
    }
    read(path).map_err(Into::into)
}

fn read(path: &str) -> Result<Vec<u8>, ReadValuesError> {
    fs_err::read(path).map_err(|reason| ReadValuesError::File {
        operation: if Path::new(path).is_dir() { "read" } else { "open" },
        path: path.to_owned(),
        reason,
    })
}

/// The schemas that the schema of a chart refers to, as far as they are files.
pub(crate) struct SchemaFiles;

impl SchemaSource for SchemaFiles {
    fn load(&self, url: &str) -> Result<Vec<u8>, String> {
        match url.strip_prefix("file://") {
            Some(path) => read(path).map_err(|error| error.to_string()),
            None => Err(ReadValuesError::Remote(url.to_owned()).to_string()),
        }
    }
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
