//! Charts in temporary directories, rendered as `helm template` does.

use std::collections::BTreeMap;
use std::path::Path;

use skeg_chart::{Chart, LoadOptions};
use skeg_engine::{
    Capabilities, ReleaseOptions, RenderError, RenderInput, RenderOptions, Rendered, render, write_manifest,
};
use skeg_sprig::Surroundings;
use skeg_values::yaml;

/// What `helm template` would have printed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Printed {
    pub(crate) stdout: String,
    pub(crate) error: String,
    pub(crate) log: Vec<String>,
}

/// The input for a chart, all else being the default.
pub(crate) fn input<'chart>(chart: &'chart Chart, values: &str) -> RenderInput<'chart> {
    RenderInput {
        chart,
        defaults: None,
        values: yaml::decode_go_map(values.as_bytes()).expect("values are YAML"),
        release: ReleaseOptions {
            name: "r".to_owned(),
            ..ReleaseOptions::default()
        },
        capabilities: Capabilities::default(),
        options: RenderOptions::default(),
        lookup: None,
        surroundings: surroundings(),
    }
}

pub(crate) fn surroundings() -> Surroundings {
    Surroundings {
        now: || 0,
        time_zone: None,
        fill_random: |buffer| buffer.fill(7),
        host_addresses: |_| Vec::new(),
    }
}

/// Writes the files of a chart.
pub(crate) fn write_chart<'file>(
    directory: &Path,
    files: impl IntoIterator<Item = (&'file str, &'file str)>,
) {
    for (path, content) in files {
        let path = directory.join(path);
        fs_err::create_dir_all(path.parent().expect("files are in the directory"))
            .expect("directories can be made");
        fs_err::write(path, content).expect("files can be written");
    }
}

/// Renders the chart with these files.
pub(crate) fn render_chart(files: &BTreeMap<String, String>, values: &str) -> Printed {
    let directory = tempfile::tempdir().expect("there is room");
    let files = files.iter();
    write_chart(
        directory.path(),
        files.map(|(path, content)| (path.as_str(), content.as_str())),
    );
    match Chart::load(directory.path(), &LoadOptions::default()) {
        Ok(chart) => printed(render(&input(&chart, values))),
        Err(error) => Printed {
            error: format!("Error: {error}"),
            ..Printed::default()
        },
    }
}

/// What `helm template` prints of an outcome.
pub(crate) fn printed(outcome: Result<Rendered, RenderError>) -> Printed {
    match outcome {
        Ok(rendered) => Printed {
            stdout: stdout(&rendered),
            error: String::new(),
            log: rendered.warnings,
        },
        Err(error) => {
            let hint = if error.has_release() {
                "\n\nUse --debug flag to render out invalid YAML"
            } else {
                ""
            };
            Printed {
                stdout: String::new(),
                error: format!("Error: {error}{hint}").trim_end_matches('\n').to_owned(),
                log: error.warnings().to_vec(),
            }
        }
    }
}

fn stdout(rendered: &Rendered) -> String {
    let manifest = String::from_utf8_lossy(&rendered.manifest(false)).into_owned();
    let mut hooks = Vec::new();
    for hook in &rendered.hooks {
        write_manifest(&mut hooks, &hook.path, &hook.manifest);
    }
    format!("{}\n{}", manifest.trim(), String::from_utf8_lossy(&hooks))
}
