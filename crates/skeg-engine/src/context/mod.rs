//! What templates see: `.Values`, `.Chart`, `.Release`, `.Files`, `.Capabilities`, `.Subcharts`, `.Template`.

mod chart_map;
mod files;
mod values_type;

use std::collections::BTreeMap;

use skeg_go::{GoMap, GoType, GoValue};

use crate::input::ReleaseOptions;
use crate::tree::Node;
use crate::values::table;

use values_type::VALUES;

/// A template of a chart and what it gets to see.
#[derive(Clone, Debug)]
pub(crate) struct Renderable<'chart> {
    pub(crate) text: &'chart [u8],
    context: GoMap,
    base_path: String,
}

impl Renderable<'_> {
    /// The context of the template, whose path it then has. The templates of one chart share it.
    pub(crate) fn context(&self, path: &str) -> GoValue {
        let template = values();
        template.insert("Name", path);
        template.insert("BasePath", self.base_path.as_str());
        self.context.insert("Template", template);
        self.context.converted(Some(&VALUES)).into()
    }
}

/// All templates of a tree of charts, by their path.
pub(crate) fn renderables<'chart>(
    root: &Node<'chart>,
    root_values: &GoMap,
    release: &ReleaseOptions,
    capabilities: GoValue,
) -> BTreeMap<String, Renderable<'chart>> {
    let mut contexts = Contexts {
        release: release_map(release).into(),
        capabilities,
        renderables: BTreeMap::new(),
    };
    let values = root_values.converted(Some(&VALUES));
    contexts.add(root, true, &values, root.name());
    contexts.renderables
}

struct Contexts<'chart> {
    release: GoValue,
    capabilities: GoValue,
    renderables: BTreeMap<String, Renderable<'chart>>,
}

impl<'chart> Contexts<'chart> {
    fn add(&mut self, chart: &Node<'chart>, is_root: bool, chart_values: &GoMap, path: &str) -> GoMap {
        let subcharts = GoMap::new();
        let context = GoMap::new();
        context.insert("Chart", chart_map::chart_map(chart, is_root));
        context.insert("Files", files::files(chart.chart().files()));
        context.insert("Release", self.release.clone());
        context.insert("Capabilities", self.capabilities.clone());
        context.insert("Subcharts", subcharts.clone());
        context.insert("Values", chart_values.clone());
        for child in chart.children() {
            let below = table(chart_values, child.name());
            let below = below.map_or_else(|_| values(), |table| table.converted(Some(&VALUES)));
            let path = format!("{path}/charts/{}", child.name());
            let context = self.add(child, false, &below, &path);
            subcharts.insert(child.name(), context);
        }
        self.add_templates(chart, &context, path);
        context
    }

    fn add_templates(&mut self, chart: &Node<'chart>, context: &GoMap, path: &str) {
        let is_library = chart
            .chart()
            .metadata()
            .chart_type()
            .eq_ignore_ascii_case("library");
        for template in chart.chart().templates() {
            if is_library && !is_partial(template.path()) {
                continue;
            }
            let renderable = Renderable {
                text: template.data(),
                context: context.clone(),
                base_path: format!("{path}/templates"),
            };
            self.renderables
                .insert(format!("{path}/{}", template.path()), renderable);
        }
    }
}

/// Whether a template is there for others only.
pub(crate) fn is_partial(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|base| base.starts_with('_'))
}

fn values() -> GoMap {
    GoMap::named(&VALUES, GoType::Interface)
}

fn release_map(release: &ReleaseOptions) -> GoMap {
    let map = GoMap::new();
    map.insert("Name", release.name.as_str());
    map.insert("Namespace", release.namespace.as_str());
    map.insert("IsUpgrade", release.is_upgrade);
    map.insert("IsInstall", release.is_install);
    map.insert("Revision", GoValue::int(release.revision));
    map.insert("Service", "Helm");
    map
}
