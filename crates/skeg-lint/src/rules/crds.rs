//! Definitions of resources in `crds/`.

use crate::finding::{Position, Severity};
use crate::linter::{Linter, Spot};
use crate::resource::{Resource, resources};
use crate::rule::Rule;
use skeg_go::errors::system_words;

const DIRECTORY: &str = "crds/";

/// Checks the files in `crds/`.
pub(crate) fn check(linter: &mut Linter<'_>) {
    let path = linter.directory().join("crds");
    let spot = Spot::subject(Rule::CrdDirectory, DIRECTORY);
    match std::fs::metadata(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
        Err(error) => {
            let message = format!("stat {}/: {}", path.display(), system_words(&error));
            return linter.report(Severity::Error, &spot, message);
        }
        Ok(metadata) if !metadata.is_dir() => {
            return linter.report(Severity::Error, &spot, "not a directory");
        }
        Ok(_) => {}
    }
    linter.note_loading();
    let chart = match linter.chart() {
        Ok(chart) => chart,
        Err(reason) => {
            let spot = Spot::subject(Rule::Loadable, DIRECTORY);
            return linter.report(Severity::Error, &spot, reason);
        }
    };
    let files: Vec<(String, Vec<u8>)> = chart
        .crds()
        .iter()
        .map(|crd| (crd.file.path().to_owned(), crd.file.data().to_owned()))
        .collect();
    for (path, data) in files {
        if !check_file(linter, &path, &data) {
            return;
        }
    }
}

/// Checks one file; `false` after a document that is no YAML, with which Helm stops.
fn check_file(linter: &mut Linter<'_>, path: &str, data: &[u8]) -> bool {
    for resource in resources(data) {
        match resource {
            Ok(resource) => check_resource(linter, path, &resource),
            Err(error) => {
                let position = Position {
                    line: error.line,
                    column: 1,
                };
                let spot = Spot::file(Rule::CrdSyntax, path).at(Some(position));
                let message = format!("unable to parse YAML: {}", error.message);
                linter.report(Severity::Error, &spot, message);
                return false;
            }
        }
    }
    true
}

fn check_resource(linter: &mut Linter<'_>, path: &str, resource: &Resource) {
    let position = Position {
        line: resource.line,
        column: 1,
    };
    let spot = Spot::file(Rule::CrdKind, path).at(Some(position));
    if !resource.api_version.starts_with("apiextensions.k8s.io") {
        let message = "apiVersion is not in 'apiextensions.k8s.io'";
        linter.report(Severity::Error, &spot, message);
    }
    if resource.kind != "CustomResourceDefinition" {
        let message = "object kind is not 'CustomResourceDefinition'";
        linter.report(Severity::Error, &spot, message);
    }
}
