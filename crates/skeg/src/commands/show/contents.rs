//! Reading the shown chart, and the bytes that are shown of it.

use std::path::Path;

use skeg_chart::{Chart, LoadChartError, Metadata, ScanArchiveError};
use skeg_registry::ChartReference;

use super::load_options;
use crate::access::Access;
use crate::args::ChartSelectionArgs;
use crate::chart_source::{find, print_followed};
use crate::context::Context;
use crate::error::CommandError;
use crate::work::{block_on, blocking};

/// Loads the chart of an archive or a directory.
pub(super) fn load_path(path: &Path, context: &Context) -> Result<Chart, CommandError> {
    let path = path.to_owned();
    let options = load_options(context)?;
    let loading = blocking(move || Chart::load(&path, &options).map_err(in_words_of_helm));
    let chart = block_on(loading)?;
    for link in chart.symlinks() {
        print_followed(link, context.printer());
    }
    Ok(chart)
}

/// Helm 4.3.1: the words of Go's readers; where in the archive it is, a hint says.
fn in_words_of_helm(error: LoadChartError) -> CommandError {
    match error {
        LoadChartError::Archive(ScanArchiveError::Archive { source, .. }) => {
            let (words, ours) = (source.in_words_of_go(), crate::error::chain(&source));
            let hint = (words != ours).then(|| format!("package the chart anew: {ours}"));
            CommandError::user(words).maybe_hint(hint)
        }
        LoadChartError::Archive(ScanArchiveError::MissingChartYaml { .. })
        | LoadChartError::NotAChart { .. } => CommandError::user(LoadChartError::MissingChartYaml),
        other => CommandError::user(other),
    }
}

/// Reads `Chart.yaml` out of the config of a chart: two small requests, however large the chart is.
pub(super) fn fetch_metadata(
    reference: &ChartReference,
    selection: &ChartSelectionArgs,
    context: &Context,
) -> Result<Metadata, CommandError> {
    let access = Access::new(&selection.access, reference.location().host(), context)?;
    block_on(async {
        let repository = access.reader(reference.location())?;
        let resolved = find(&repository, reference, selection, context).await?;
        let config = skeg_registry::fetch_config(&repository, &resolved.artifact).await;
        let config = config.map_err(|error| CommandError::pull(&resolved.reference, error))?;
        // JSON is YAML, and a config is the JSON of a `Chart.yaml`.
        Metadata::parse(&config).map_err(CommandError::user)
    })
}

/// Helm 4.3.1: all parts, with `---` between them.
pub(super) fn show_all(chart: &Chart) -> Vec<u8> {
    let mut output = format!("{}\n", chart.metadata().to_yaml()).into_bytes();
    if chart.values().is_some() {
        output.extend(b"---\n");
        output.extend(show_values(chart));
    }
    if chart.readme().is_some() {
        output.extend(b"---\n");
        output.extend(show_readme(chart));
    }
    output.extend(show_crds(chart));
    output
}

/// Helm 4.3.1: `values.yaml` as it is written, and a line end.
pub(super) fn show_values(chart: &Chart) -> Vec<u8> {
    chart.values_yaml().map(with_line_end).unwrap_or_default()
}

/// Helm 4.3.1: the README as it is written, and a line end.
pub(super) fn show_readme(chart: &Chart) -> Vec<u8> {
    chart
        .readme()
        .map(|readme| with_line_end(readme.data()))
        .unwrap_or_default()
}

/// Helm 4.3.1: every file of definitions and a line end, each behind `---` unless it begins with that itself.
pub(super) fn show_crds(chart: &Chart) -> Vec<u8> {
    let mut output = Vec::new();
    for crd in chart.crds() {
        if !crd.file.data().starts_with(b"---") {
            output.extend(b"---\n");
        }
        output.extend(with_line_end(crd.file.data()));
    }
    output
}

fn with_line_end(content: &[u8]) -> Vec<u8> {
    [content, b"\n"].concat()
}
