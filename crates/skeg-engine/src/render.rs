//! From a chart and values to manifests, in the order of Helm's `action.Install`.

use std::collections::BTreeMap;
use std::rc::Rc;

use skeg_go::GoMap;
use skeg_template::Limits;

use crate::check::{check_dependencies, check_installable, is_release_name};
use crate::context::renderables;
use crate::dependencies::{self, PrepareError, Prepared, is_compatible_range, processed_chart};
use crate::error::{RenderError, RenderErrorKind, release_name_text};
use crate::functions;
use crate::input::RenderInput;
use crate::log::Log;
use crate::manifests::sort_manifests;
use crate::output::{Crd, Rendered};
use crate::post_render::post_render;
use crate::schema;
use crate::stack;
use crate::templates::{self, TemplateFailure};
use crate::tree::Node;
use crate::values::{Coalesce, TypeMismatch};

/// Renders a chart as `helm template` does, without a cluster.
///
/// Templates nest as deeply as in Helm only on the thread of [`crate::on_render_stack`].
///
/// # Errors
/// See [`RenderErrorKind`]; the texts are Helm's.
pub fn render(input: &RenderInput<'_>) -> Result<Rendered, RenderError> {
    let log = Rc::new(Log::default());
    let fail = |kind| RenderError::new(kind, log.take());
    check_chart(input, &log).map_err(fail)?;
    let prepared = prepare_values(input, &log).inspect_err(|error| {
        if let RenderErrorKind::Dependencies { message } = error {
            log.error("chart dependencies processing failed", &[("error", message)]);
        }
    });
    let prepared = prepared.map_err(fail)?;
    check_schema(input, &prepared, &log).map_err(fail)?;
    let Prepared { root, values } = prepared;
    check_kube_version(input).map_err(fail)?;
    let mut files = render_templates(input, &root, &values, &log).map_err(fail)?;
    let notes = take_notes(&mut files, root.name(), input.options.sub_notes);
    if let Some(renderer) = &input.options.post_renderer {
        let rendered = post_render(&files, renderer.as_ref());
        files = rendered.map_err(|message| fail(RenderErrorKind::PostRender { message }))?;
    }
    match sort_manifests(&files, &log) {
        Ok(sorted) => Ok(Rendered {
            files,
            hooks: sorted.hooks,
            manifests: sorted.manifests,
            notes,
            crds: crds(&root),
            chart: input.options.keep_chart.then(|| processed_chart(&root)),
            warnings: log.take(),
        }),
        Err(unreadable) => {
            let kind = RenderErrorKind::Manifest {
                file: unreadable.file,
                document: unreadable.document,
                source: unreadable.error,
            };
            Err(fail(kind).with_files(files))
        }
    }
}

/// Renders the templates of a chart, and nothing else: what they print is not looked at, and any chart will do.
///
/// # Errors
/// As [`render`].
pub fn render_files(input: &RenderInput<'_>) -> Result<Rendered, RenderError> {
    let log = Rc::new(Log::default());
    let fail = |kind| RenderError::new(kind, log.take());
    let mut prepared = prepare_values(input, &log).map_err(fail)?;
    coalesce_again(input, &mut prepared, &log).map_err(fail)?;
    check_schema(input, &prepared, &log).map_err(fail)?;
    let Prepared { root, values } = prepared;
    let files = render_templates(input, &root, &values, &log).map_err(fail)?;
    Ok(Rendered {
        files,
        warnings: log.take(),
        ..Rendered::default()
    })
}

fn check_chart(input: &RenderInput<'_>, log: &Log) -> Result<(), RenderErrorKind> {
    let chart = input.chart;
    check_installable(chart)?;
    if chart.metadata().deprecated() {
        log.warn("this chart is deprecated", &[]);
    }
    check_dependencies(chart)?;
    let name = &input.release.name;
    if !is_release_name(name) {
        log.error(
            "release name check failed",
            &[("error", &release_name_text(name))],
        );
        let name = name.clone();
        return Err(RenderErrorKind::ReleaseName { name });
    }
    Ok(())
}

/// The tree of charts that take part, and the values of its root.
fn prepare_values<'chart>(
    input: &RenderInput<'chart>,
    log: &Log,
) -> Result<Prepared<'chart>, RenderErrorKind> {
    let prepared = dependencies::prepare(input.chart, &input.values, log);
    prepared.map_err(|error| match error {
        PrepareError::Dependencies(error) => RenderErrorKind::Dependencies {
            message: error.to_string(),
        },
        PrepareError::Values(error) => type_mismatch(&error),
    })
}

/// Lays the values of the charts under the outcome once more, as Helm does when it checks a chart: what the user took
/// away by `null` is there again.
fn coalesce_again(
    input: &RenderInput<'_>,
    prepared: &mut Prepared<'_>,
    log: &Log,
) -> Result<(), RenderErrorKind> {
    if input.values.is_empty() {
        return Ok(());
    }
    let values = Coalesce::new(log).run(&prepared.root, &prepared.values);
    prepared.values = values.map_err(|error| type_mismatch(&error))?;
    Ok(())
}

fn type_mismatch(error: &TypeMismatch) -> RenderErrorKind {
    RenderErrorKind::Values {
        message: error.to_string(),
    }
}

fn check_schema(
    input: &RenderInput<'_>,
    prepared: &Prepared<'_>,
    log: &Rc<Log>,
) -> Result<(), RenderErrorKind> {
    if input.options.skip_schema_validation {
        return Ok(());
    }
    let source = input.options.schema_source.as_ref();
    schema::check(&prepared.root, &prepared.values, source, log)
        .map_err(|message| RenderErrorKind::Schema { message })
}

fn check_kube_version(input: &RenderInput<'_>) -> Result<(), RenderErrorKind> {
    let constraint = input.chart.metadata().kube_version();
    let version = &input.capabilities.kube_version;
    if constraint.is_empty() || is_compatible_range(constraint, version.normalized()) {
        return Ok(());
    }
    Err(RenderErrorKind::KubeVersion {
        constraint: constraint.to_owned(),
        version: version.version().to_owned(),
    })
}

fn render_templates(
    input: &RenderInput<'_>,
    root: &Node<'_>,
    values: &GoMap,
    log: &Rc<Log>,
) -> Result<BTreeMap<String, Vec<u8>>, RenderErrorKind> {
    let functions = functions::table(&input.options, input.lookup.clone(), &input.surroundings, log);
    let capabilities = input.capabilities.to_object();
    let renderables = renderables(root, values, &input.release, capabilities);
    let mut limits = Limits::default();
    limits.max_stack = stack::available();
    limits.max_output = input.options.max_output;
    limits.max_steps = input.options.max_steps;
    templates::render(&renderables, functions, limits).map_err(|failure| match failure {
        TemplateFailure::Parse(file, source) => RenderErrorKind::Parse { file, source },
        TemplateFailure::Execute(file, source) => RenderErrorKind::Execute { file, source },
    })
}

/// Takes the notes out of the files, and returns those that are shown.
fn take_notes(files: &mut BTreeMap<String, Vec<u8>>, root: &str, with_subcharts: bool) -> Vec<u8> {
    let of_root = format!("{root}/templates/NOTES.txt");
    let mut notes = Vec::new();
    files.retain(|path, content| {
        if !path.ends_with("NOTES.txt") {
            return true;
        }
        if with_subcharts || *path == of_root {
            if !notes.is_empty() {
                notes.push(b'\n');
            }
            notes.extend_from_slice(content);
        }
        false
    });
    notes
}

/// The resource definitions of the charts that take part.
fn crds(root: &Node<'_>) -> Vec<Crd> {
    let mut found = Vec::new();
    add_crds(root, root.name(), &mut found);
    found
}

fn add_crds(chart: &Node<'_>, path: &str, found: &mut Vec<Crd>) {
    let files = chart.chart().files().iter().filter(|file| file.is_crd());
    found.extend(files.map(|file| Crd {
        path: format!("{path}/{}", file.path()),
        content: file.shared_data(),
    }));
    for child in chart.children() {
        add_crds(child, &format!("{path}/charts/{}", child.name()), found);
    }
}
