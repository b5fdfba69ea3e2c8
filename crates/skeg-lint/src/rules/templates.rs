//! The templates, and what becomes of them.

use skeg_chart::Chart;
use skeg_go::quote::{quote, quote_bytes};

use super::deprecations::Release;
use super::{deprecations, names};
use crate::finding::{Position, Severity};
use crate::linter::{Linter, Spot};
use crate::resource::{Resource, has_annotated_item, resources};
use crate::rule::Rule;
use crate::text::system_words;

const DIRECTORY: &str = "templates/";

/// The longest line that Helm looks for the indentation of.
const LONGEST_LINE: usize = 64 * 1024;

/// Renders the templates and checks what they make.
pub(crate) fn check(linter: &mut Linter<'_>) {
    if !has_directory(linter) {
        return;
    }
}

/// Whether there is a directory of templates; reports if not.
fn has_directory(linter: &mut Linter<'_>) -> bool {
    let path = linter.directory().join("templates");
    let spot = Spot::subject(Rule::TemplatesDirectory, DIRECTORY);
    let (severity, message) = match std::fs::metadata(&path) {
        Ok(metadata) if metadata.is_dir() => return true,
        Ok(_) => (Severity::Error, "not a directory".to_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            (Severity::Warning, "directory does not exist".to_owned())
        }
        Err(error) => {
            let reason = system_words(&error);
            (Severity::Error, format!("stat {}/: {reason}", path.display()))
        }
    };
    linter.report(severity, &spot, message);
    false
}

/// A rendered file.
struct RenderedFile<'file> {
    path: &'file str,
    content: &'file [u8],
    release: Release,
}

/// Checks one rendered file; `false` after a document that is no YAML, with which Helm stops.
fn check_file(linter: &mut Linter<'_>, file: &RenderedFile<'_>) -> bool {
    if let Some(problem) = indentation_problem(file.content) {
        let spot = Spot::file(Rule::TemplateIndentation, file.path);
        linter.report(Severity::Warning, &spot, problem);
    }
    for resource in resources(file.content) {
        match resource {
            Ok(resource) => check_resource(linter, file, &resource),
            Err(error) => {
                let spot = Spot::file(Rule::TemplateSyntax, file.path);
                let message = format!("unable to parse YAML: {}", error.message);
                linter.report(Severity::Error, &spot, message);
                return false;
            }
        }
    }
    true
}

fn check_resource(linter: &mut Linter<'_>, file: &RenderedFile<'_>, resource: &Resource) {
    let RenderedFile {
        path,
        content,
        release,
    } = *file;
    if let Some(problem) = names::check(resource) {
        linter.report(Severity::Warning, &Spot::file(Rule::ResourceName, path), problem);
    }
    if let Some(problem) = deprecations::check(resource, release) {
        let spot = Spot::file(Rule::ResourceDeprecation, path);
        linter.report(Severity::Warning, &spot, problem);
    }
    if let Some(problem) = selector_problem(resource, content) {
        linter.report(Severity::Error, &Spot::file(Rule::ResourceSelector, path), problem);
    }
    if let Some(problem) = list_problem(resource, content) {
        linter.report(Severity::Error, &Spot::file(Rule::ResourceList, path), problem);
    }
}

/// Blanks before the first line that says something.
fn indentation_problem(content: &[u8]) -> Option<String> {
    for line in content.split(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.len() >= LONGEST_LINE {
            return Some("bufio.Scanner: token too long".to_owned());
        }
        if String::from_utf8_lossy(line).trim().is_empty() {
            continue;
        }
        let is_indented = line.starts_with(b" ") || line.starts_with(b"\t");
        return is_indented.then(|| {
            let line = quote_bytes(line);
            format!("document starts with an illegal indent: {line}, which may cause parsing problems")
        });
    }
    None
}

/// Workloads have to say which pods are theirs; Helm looks for the words anywhere in the file.
fn selector_problem(resource: &Resource, content: &[u8]) -> Option<String> {
    let Resource { kind, name, .. } = resource;
    if !matches!(kind.as_str(), "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet") {
        return None;
    }
    let has_selector = ["matchLabels", "matchExpressions"]
        .iter()
        .any(|word| content.windows(word.len()).any(|window| window == word.as_bytes()));
    (!has_selector).then(|| {
        let name = quote(name);
        format!("a {kind} must contain matchLabels or matchExpressions, and {name} does not")
    })
}

fn list_problem(resource: &Resource, content: &[u8]) -> Option<String> {
    if resource.kind != "List" {
        return None;
    }
    match has_annotated_item(content, "helm.sh/resource-policy") {
        Err(error) => Some(format!("unable to parse YAML: {error}")),
        Ok(false) => None,
        Ok(true) => Some("annotation 'helm.sh/resource-policy' within List objects are ignored".to_owned()),
    }
}

/// The extension with its point, as Go takes it: of the last name, and from the last point.
fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rfind('.').map_or("", |at| &name[at..])
}
