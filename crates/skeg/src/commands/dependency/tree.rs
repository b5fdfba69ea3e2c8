//! `skeg dependency tree`.

use serde::Serialize;
use skeg_chart::{Chart, Dependency, LoadOptions};

use super::list::load;
use crate::args::OutputArgs;
use crate::context::Context;
use crate::error::CommandError;

/// Show a chart, the charts that it depends on, and theirs
///
/// What is in `charts/` is shown with its version; a dependency that is not there has a note. The chart is a directory or
/// an archive. Nothing is fetched.
#[derive(Debug, clap::Args)]
#[command(override_usage = "skeg dependency tree CHART [flags]")]
pub(crate) struct TreeArgs {
    #[command(flatten)]
    chart: super::ChartArgs,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    alias: String,
    /// The version that is there; none if the chart is missing.
    version: Option<String>,
    /// What is required; none for the chart at the top, and for charts that nobody asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    condition: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    dependencies: Vec<Node>,
}

pub(crate) fn tree(args: &TreeArgs, context: &Context) -> Result<(), CommandError> {
    let path = crate::dependencies::clean_path(&args.chart.chart);
    let options = LoadOptions {
        limits: context.limits_for_reading()?,
        ..LoadOptions::default()
    };
    let chart = load(&path, &options)?;
    let node = Node::new(&chart);
    if args.output.output.print(&node, context.printer())? {
        return Ok(());
    }
    let mut lines = vec![node.label()];
    node.draw("", &mut lines);
    lines
        .iter()
        .try_for_each(|line| Ok(context.printer().line(line)?))
}

impl Node {
    fn new(chart: &Chart) -> Self {
        let metadata = chart.metadata();
        let declared = metadata.dependencies();
        let mut dependencies: Vec<Self> = declared.iter().map(|one| Self::declared(one, chart)).collect();
        let is_declared = |inner: &&Chart| declared.iter().any(|one| one.name() == inner.metadata().name());
        dependencies.extend(
            chart
                .subcharts()
                .iter()
                .filter(|inner| !is_declared(inner))
                .map(Self::new),
        );
        Self {
            name: metadata.name().to_owned(),
            alias: String::new(),
            version: Some(metadata.version().to_owned()),
            range: None,
            repository: None,
            condition: String::new(),
            tags: Vec::new(),
            dependencies,
        }
    }

    /// A dependency, and the chart that it is: the first one of its name that is in the range, as in rendering.
    fn declared(dependency: &Dependency, parent: &Chart) -> Self {
        let is_meant = |chart: &&Chart| {
            let metadata = chart.metadata();
            metadata.name() == dependency.name()
                && super::list::version_status(metadata, dependency).is_none()
        };
        let found = parent.subcharts().iter().find(is_meant).map(Self::new);
        let (version, dependencies) = match found {
            Some(found) => (found.version, found.dependencies),
            None => (None, Vec::new()),
        };
        Self {
            name: dependency.name().to_owned(),
            alias: dependency.alias().to_owned(),
            version,
            range: Some(dependency.version().to_owned()),
            repository: Some(dependency.repository().to_owned()),
            condition: dependency.condition().to_owned(),
            tags: dependency.tags().to_vec(),
            dependencies,
        }
    }

    fn label(&self) -> String {
        let range = self.range.as_deref().unwrap_or_default();
        let mut label = match &self.version {
            Some(version) => format!("{} {version}", self.name),
            None => format!("{} {range} (missing)", self.name),
        };
        if !self.alias.is_empty() {
            label = format!("{label} as {}", self.alias);
        }
        if self.version.is_some() && !range.is_empty() && self.version.as_deref() != Some(range) {
            label = format!("{label} [{range}]");
        }
        label
    }

    fn draw(&self, indent: &str, lines: &mut Vec<String>) {
        for (index, node) in self.dependencies.iter().enumerate() {
            let is_last = index + 1 == self.dependencies.len();
            let (branch, below) = if is_last {
                ("└── ", "    ")
            } else {
                ("├── ", "│   ")
            };
            lines.push(format!("{indent}{branch}{}", node.label()));
            node.draw(&format!("{indent}{below}"), lines);
        }
    }
}
