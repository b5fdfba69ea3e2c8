//! The files of a chart by their paths, in the form in which they are compared.

use std::collections::BTreeMap;

use skeg_chart::Chart;

/// Contents by path.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// The files of a chart and of the charts inside it. `Chart.yaml` is written anew: packaging does so too, and is no change.
pub(super) fn of_chart(chart: &Chart) -> Files {
    let mut files = Files::new();
    add(&mut files, "", chart);
    files
}

fn add(files: &mut Files, prefix: &str, chart: &Chart) {
    let mut put = |path: &str, content: &[u8]| {
        files.insert(format!("{prefix}{path}"), content.to_vec());
    };
    put("Chart.yaml", chart.metadata().to_yaml().as_bytes());
    if let Some(values) = chart.values_yaml() {
        put("values.yaml", values);
    }
    if let Some(schema) = chart.schema() {
        put("values.schema.json", schema);
    }
    for file in chart.templates().iter().chain(chart.files()) {
        put(file.path(), file.data());
    }
    for subchart in chart.subcharts() {
        let prefix = format!("{prefix}charts/{}/", subchart.metadata().name());
        add(files, &prefix, subchart);
    }
}
