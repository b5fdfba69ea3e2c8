//! Definitions of kinds that charts bring.

use skeg_chart::{Chart, ChartFile};

use crate::context::Context;

/// Whether the chart or one inside it has definitions of kinds.
pub(crate) fn has_definitions(chart: &Chart) -> bool {
    chart.files().iter().any(ChartFile::is_crd) || chart.subcharts().iter().any(has_definitions)
}

/// Helm 4.3.1: templates may ask for kinds that are not there yet.
pub(crate) fn warn_of_definitions(context: &Context) {
    let text =
        "This chart or one of its subcharts contains CRDs. Rendering may fail or contain inaccuracies.";
    context.printer().warning(text);
}
