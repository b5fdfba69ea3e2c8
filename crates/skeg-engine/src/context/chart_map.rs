//! `.Chart`: a map with the names of Go's fields.

use skeg_chart::Maintainer;
use skeg_go::{GoMap, GoType, GoValue};

use crate::tree::{Node, Requirement};
use crate::values::to_go;

/// What `Chart.yaml` says, and whether the chart is the root. All fields are there.
pub(super) fn chart_map(chart: &Node<'_>, is_root: bool) -> GoMap {
    let metadata = chart.chart().metadata();
    let texts = [
        ("Name", chart.name()),
        ("Home", metadata.home()),
        ("Version", metadata.version()),
        ("Description", metadata.description()),
        ("Icon", metadata.icon()),
        ("APIVersion", metadata.api_version()),
        ("Condition", metadata.condition()),
        ("Tags", metadata.tags()),
        ("AppVersion", metadata.app_version()),
        ("KubeVersion", metadata.kube_version()),
        ("Type", metadata.chart_type()),
    ];
    let map: GoMap = texts.into_iter().collect();
    map.insert("Sources", texts_list(metadata.sources()));
    map.insert("Keywords", texts_list(metadata.keywords()));
    map.insert("Maintainers", list(metadata.maintainers(), maintainer));
    map.insert("Dependencies", list(chart.requirements(), requirement));
    map.insert("Deprecated", metadata.deprecated());
    map.insert("Annotations", annotations(chart));
    map.insert("IsRoot", is_root);
    map
}

fn annotations(chart: &Node<'_>) -> GoMap {
    let annotations = chart.chart().metadata().annotations();
    if annotations.is_empty() {
        return GoMap::nil(GoType::String);
    }
    let map = GoMap::typed(GoType::String);
    for (key, value) in annotations {
        map.insert(key.as_str(), value.as_str());
    }
    map
}

fn maintainer(maintainer: &Maintainer) -> GoValue {
    let fields = [
        ("Name", maintainer.name()),
        ("Email", maintainer.email()),
        ("URL", maintainer.url()),
    ];
    fields.into_iter().collect::<GoMap>().into()
}

fn requirement(requirement: &Requirement) -> GoValue {
    let declared = requirement.declared();
    let texts = [
        ("Name", requirement.name.as_str()),
        ("Version", declared.version()),
        ("Repository", declared.repository()),
        ("Condition", declared.condition()),
        ("Alias", declared.alias()),
    ];
    let map: GoMap = texts.into_iter().collect();
    let imports = match &requirement.imports {
        Some(imports) => imports.clone(),
        None => declared.import_values().iter().map(to_go).collect(),
    };
    map.insert("Tags", texts_list(declared.tags()));
    map.insert("Enabled", requirement.enabled);
    map.insert("ImportValues", GoValue::list(imports));
    map.into()
}

fn list<T>(items: &[T], to_go: impl Fn(&T) -> GoValue) -> GoValue {
    GoValue::list(items.iter().map(to_go).collect())
}

fn texts_list(texts: &[String]) -> GoValue {
    list(texts, |text| text.as_str().into())
}
