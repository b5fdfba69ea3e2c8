//! `certs.d`: directories of certificates, as `containers-certs.d(5)` and Docker's documentation describe them.

use std::path::{Path, PathBuf};

use fs_err as fs;

use crate::config::Rule;
use crate::origin::Origin;
use crate::place::Prefix;
use crate::settings::Settings;

/// The rules of a directory. What cannot be read says nothing: most such directories belong to somebody else.
pub(crate) fn read(directory: &Path) -> Vec<Rule> {
    let mut hosts: Vec<PathBuf> = entries(directory);
    hosts.sort();
    hosts.iter().filter_map(|host| rule(host)).collect()
}

fn rule(directory: &Path) -> Option<Rule> {
    let prefix: Prefix = directory.file_name()?.to_str()?.parse().ok()?;
    let mut files = entries(directory);
    files.sort();
    let with_extension = |wanted: &str| {
        let found = files
            .iter()
            .find(|file| file.extension().is_some_and(|extension| extension == wanted));
        found.cloned()
    };
    let certificate = with_extension("cert");
    let settings = Settings {
        ca_file: with_extension("crt"),
        client_key: certificate.as_ref().map(|file| file.with_extension("key")),
        client_certificate: certificate,
        ..Settings::default()
    };
    if settings == Settings::default() {
        return None;
    }
    let origin = Origin {
        path: directory.to_owned(),
        line: None,
    };
    Some(Rule::new(prefix, settings, origin))
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}
