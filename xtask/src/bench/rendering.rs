//! Charts to render: each shows one way in which rendering becomes slow.

use std::fmt::Write as _;
use std::path::Path;

use crate::failure::Result;

/// Subcharts of the umbrella.
const SUBCHARTS: usize = 200;
/// Calls of `tpl` in each of them.
const CALLS: usize = 20;
/// Subcharts of each chart of the tree, and how many levels there are below its root: 341 charts in all.
const BRANCHES: usize = 4;
const LEVELS: usize = 4;

/// Writes `trivial`, `umbrella` and `tree` below `directory`.
pub(super) fn create(directory: &Path) -> Result<()> {
    trivial(&directory.join("trivial"))?;
    umbrella(&directory.join("umbrella"))?;
    tree(&directory.join("tree"), "tree", LEVELS)
}

fn trivial(chart: &Path) -> Result<()> {
    write_chart(chart, "trivial", "replicas: 1\n")?;
    write_template(
        chart,
        "config.yaml",
        &config_map("{{ .Values.replicas | quote }}"),
    )
}

/// Many subcharts that render texts of their values, as charts of platforms do.
fn umbrella(chart: &Path) -> Result<()> {
    write_chart(chart, "umbrella", "global:\n  domain: example.org\n")?;
    for number in 0..SUBCHARTS {
        let name = format!("part{number}");
        let subchart = chart.join("charts").join(&name);
        let mut values = String::new();
        let mut data =
            String::from("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Chart.Name }}\ndata:\n");
        for call in 0..CALLS {
            line(
                &mut values,
                &format!("host{call}: 'h{call}.{{{{ .Values.global.domain }}}}'"),
            );
            line(
                &mut data,
                &format!("  host{call}: {{{{ tpl .Values.host{call} . | quote }}}}"),
            );
        }
        write_chart(&subchart, &name, &values)?;
        write_template(&subchart, "config.yaml", &data)?;
        let helper = format!("{{{{- define \"{name}.name\" -}}}}{name}{{{{- end -}}}}\n");
        write_template(&subchart, "_helpers.tpl", &helper)?;
    }
    Ok(())
}

/// Charts within charts within charts, all with globals.
fn tree(chart: &Path, name: &str, levels: usize) -> Result<()> {
    let mut values = String::from("global:\n");
    for number in 0..10 {
        line(
            &mut values,
            &format!("  {name}{number}: {{a: 1, b: [1, 2], c: {{d: text}}}}"),
        );
    }
    write_chart(chart, name, &values)?;
    write_template(
        chart,
        "config.yaml",
        &config_map("{{ len .Values.global | quote }}"),
    )?;
    if levels == 0 {
        return Ok(());
    }
    let mut dependencies = String::from("dependencies:\n");
    for branch in 0..BRANCHES {
        let below = format!("{name}{branch}");
        line(
            &mut dependencies,
            &format!("- {{name: {below}, version: 1.0.0, condition: {below}.enabled}}"),
        );
        tree(&chart.join("charts").join(&below), &below, levels - 1)?;
    }
    let metadata = chart.join("Chart.yaml");
    let declared = fs_err::read_to_string(&metadata)?;
    fs_err::write(metadata, declared + &dependencies)?;
    Ok(())
}

fn config_map(value: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{{{ .Chart.Name }}}}\ndata:\n  value: {value}\n"
    )
}

fn write_chart(chart: &Path, name: &str, values: &str) -> Result<()> {
    fs_err::create_dir_all(chart.join("templates"))?;
    let metadata = format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n");
    fs_err::write(chart.join("Chart.yaml"), metadata)?;
    fs_err::write(chart.join("values.yaml"), values)?;
    Ok(())
}

fn write_template(chart: &Path, name: &str, text: &str) -> Result<()> {
    fs_err::write(chart.join("templates").join(name), text)?;
    Ok(())
}

fn line(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("because a string takes any text");
}
