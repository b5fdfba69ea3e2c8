//! The templates, and what becomes of them.

use skeg_engine::{
    Capabilities, ReleaseOptions, RenderError, RenderErrorKind, RenderInput, RenderOptions, Rendered,
    render_files,
};
use skeg_go::quote::{quote, quote_bytes};

use super::deprecations::Release;
use super::{deprecations, names};
use crate::finding::{Position, Severity};
use crate::linter::{Linter, Spot};
use crate::resource::{Resource, has_annotated_item, resources};
use crate::rule::Rule;
use skeg_go::errors::system_words;

const DIRECTORY: &str = "templates/";

/// What one template may print and do, as `skeg template` has it unless it is asked for more.
const MAX_OUTPUT: usize = 1 << 30;
const MAX_STEPS: u64 = 100_000_000;

/// The longest line that Helm looks for the indentation of.
const LONGEST_LINE: usize = 64 * 1024;

/// Renders the templates and checks what they make.
pub(crate) fn check(linter: &mut Linter<'_>) {
    if !has_directory(linter) {
        return;
    }
    linter.note_loading();
    let options = linter.options();
    let capabilities = Capabilities {
        kube_version: options.kube_version.clone().unwrap_or_default(),
        ..Capabilities::default()
    };
    let rendered = match linter.chart() {
        Ok(chart) => render_files(&RenderInput {
            chart,
            defaults: None,
            values: options.values.clone(),
            release: release(&options.namespace),
            capabilities: capabilities.clone(),
            options: RenderOptions {
                lint_mode: true,
                skip_schema_validation: options.skip_schema_validation,
                schema_source: options.schema_source.clone(),
                max_output: Some(MAX_OUTPUT),
                max_steps: Some(MAX_STEPS),
                ..RenderOptions::default()
            },
            lookup: None,
            surroundings: options.surroundings.clone(),
        }),
        Err(reason) => {
            let spot = Spot::subject(Rule::Loadable, DIRECTORY);
            return linter.report(Severity::Error, &spot, reason);
        }
    };
    match rendered {
        Ok(rendered) => check_files(linter, &rendered, &capabilities),
        Err(error) => report_failure(linter, &error),
    }
}

/// The release that is rendered, which is neither new nor there already.
fn release(namespace: &str) -> ReleaseOptions {
    ReleaseOptions {
        name: "test-release".to_owned(),
        namespace: namespace.to_owned(),
        revision: 0,
        is_install: false,
        is_upgrade: false,
    }
}

/// Helm says nothing when the values of the charts cannot be brought together.
fn report_failure(linter: &mut Linter<'_>, error: &RenderError) {
    linter.log(error.warnings());
    let (rule, position) = match error.kind() {
        RenderErrorKind::Values { .. } | RenderErrorKind::Dependencies { .. } => return,
        RenderErrorKind::Schema { .. } => (Rule::ValuesSchema, None),
        kind => (Rule::TemplateRendering, failure_place(kind)),
    };
    let (file, position) = position.unzip();
    let spot = Spot {
        rule,
        subject: DIRECTORY,
        file: file.as_deref(),
        position,
    };
    linter.report(Severity::Error, &spot, error.to_string());
}

/// The file of the chart in which a template failed, and the place in it.
fn failure_place(kind: &RenderErrorKind) -> Option<(String, Position)> {
    let (name, line, column) = match kind {
        RenderErrorKind::Parse { source, .. } => (source.name(), source.line(), 1),
        RenderErrorKind::Execute { source, .. } => {
            let frame = source.frame()?;
            (&frame.name, frame.line, frame.column + 1)
        }
        _ => return None,
    };
    let name = name.to_lossy();
    let (_, path) = name.split_once('/')?;
    let position = Position {
        line: line.try_into().ok()?,
        column: column.try_into().ok()?,
    };
    Some((path.to_owned(), position))
}

fn check_files(linter: &mut Linter<'_>, rendered: &Rendered, capabilities: &Capabilities) {
    linter.log(&rendered.warnings);
    let (major, minor) = (
        capabilities.kube_version.major(),
        capabilities.kube_version.minor(),
    );
    let release = (
        major.parse().unwrap_or_default(),
        minor.parse().unwrap_or_default(),
    );
    let Ok(chart) = linter.chart() else { return };
    let name = chart.metadata().name().to_owned();
    let paths: Vec<String> = chart
        .templates()
        .iter()
        .map(|file| file.path().to_owned())
        .collect();
    for path in paths {
        let extension = extension(&path);
        if !matches!(extension, ".yaml" | ".yml" | ".tpl" | ".txt") {
            let spot = Spot::file(Rule::TemplateExtension, &path);
            let message = format!(
                "file extension '{extension}' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt"
            );
            linter.report(Severity::Error, &spot, message);
        }
        let is_yaml = [".yaml", ".yml"]
            .iter()
            .any(|yaml| yaml.eq_ignore_ascii_case(extension));
        let content = rendered.files.get(&format!("{name}/{path}")).filter(|_| is_yaml);
        let Some(content) = content.filter(|content| !is_blank(content)) else {
            continue;
        };
        let file = RenderedFile {
            path: &path,
            content,
            release,
        };
        if !check_file(linter, &file) {
            return;
        }
    }
}

fn is_blank(content: &[u8]) -> bool {
    String::from_utf8_lossy(content).trim().is_empty()
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
        linter.report(
            Severity::Error,
            &Spot::file(Rule::ResourceSelector, path),
            problem,
        );
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
        if is_blank(line) {
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
    if !matches!(
        kind.as_str(),
        "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet"
    ) {
        return None;
    }
    let has_selector = ["matchLabels", "matchExpressions"].iter().any(|word| {
        content
            .windows(word.len())
            .any(|window| window == word.as_bytes())
    });
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
