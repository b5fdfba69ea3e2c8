//! The files of configuration, merged.

use std::path::Path;

use kube::config::Kubeconfig;

use super::{ConfigurationError, words};
use crate::settings::KubeconfigFiles;

/// All files as one; the first that sets something wins.
pub(super) fn read(files: &KubeconfigFiles) -> Result<Kubeconfig, ConfigurationError> {
    match files {
        KubeconfigFiles::Explicit(path) => {
            if let Err(error) = fs_err::metadata(path) {
                return Err(ConfigurationError::Read {
                    path: path.clone(),
                    reason: system_words(&error),
                });
            }
            read_one(path)
        }
        KubeconfigFiles::List(paths) => {
            let mut merged = Kubeconfig::default();
            let there = paths
                .iter()
                .filter(|path| !path.as_os_str().is_empty() && path.exists());
            for path in there {
                merged = merged
                    .merge(read_one(path)?)
                    .map_err(|error| parse_error(path, &error))?;
            }
            Ok(merged)
        }
    }
}

fn read_one(path: &Path) -> Result<Kubeconfig, ConfigurationError> {
    Kubeconfig::read_from(path).map_err(|error| parse_error(path, &error))
}

fn parse_error(path: &Path, error: &dyn std::error::Error) -> ConfigurationError {
    ConfigurationError::Parse {
        path: path.to_owned(),
        reason: words(error),
    }
}

/// The words of the system in Go's spelling.
fn system_words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
