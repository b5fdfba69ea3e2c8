//! Charts as their parents have made them: under another name, with other values, without those switched off.

use std::rc::Rc;

use skeg_chart::{Chart, Dependency};
use skeg_go::{GoMap, GoString, GoValue};

use crate::values::map_to_go;

/// A chart in the tree that is rendered.
#[derive(Clone, Debug)]
pub(crate) struct Node<'chart> {
    chart: &'chart Chart,
    name: String,
    /// The name as a key of values.
    key: GoString,
    values: Option<GoMap>,
    holds_nil: bool,
    requirements: Vec<Requirement>,
    children: Vec<Node<'chart>>,
}

/// A dependency that the chart declares.
#[derive(Clone, Debug)]
pub(crate) struct Requirement {
    dependency: Rc<Dependency>,
    /// The alias, or the name if there is none.
    pub(crate) name: String,
    pub(crate) enabled: bool,
    /// As `.Chart.Dependencies` shows it; `None` as long as nothing was imported.
    pub(crate) imports: Option<Vec<GoValue>>,
}

impl<'chart> Node<'chart> {
    /// A chart as it was loaded, with all charts inside it.
    pub(crate) fn new(chart: &'chart Chart) -> Self {
        let metadata = chart.metadata();
        let values = chart.values().and_then(|values| values.as_map()).map(map_to_go);
        Self {
            chart,
            name: metadata.name().to_owned(),
            key: metadata.name().into(),
            holds_nil: values.as_ref().is_some_and(GoMap::holds_nil),
            values,
            requirements: metadata.dependencies().iter().map(Requirement::new).collect(),
            children: chart.subcharts().iter().map(Self::new).collect(),
        }
    }

    pub(crate) fn chart(&self) -> &'chart Chart {
        self.chart
    }

    /// The name that the parent calls it by.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn key(&self) -> &GoString {
        &self.key
    }

    pub(crate) fn version(&self) -> &'chart str {
        self.chart.metadata().version()
    }

    /// Whether there is a `nil` anywhere in the default values.
    pub(crate) fn holds_nil(&self) -> bool {
        self.holds_nil
    }

    /// The default values, which do not change.
    pub(crate) fn values(&self) -> Option<&GoMap> {
        self.values.as_ref()
    }

    pub(crate) fn set_values(&mut self, values: GoMap) {
        self.holds_nil = values.holds_nil();
        self.values = Some(values);
    }

    /// The dependencies that `Chart.yaml` declares.
    pub(crate) fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    pub(crate) fn requirements_mut(&mut self) -> &mut Vec<Requirement> {
        &mut self.requirements
    }

    /// The charts inside.
    pub(crate) fn children(&self) -> &[Self] {
        &self.children
    }

    pub(crate) fn children_mut(&mut self) -> &mut Vec<Self> {
        &mut self.children
    }

    pub(crate) fn has_child(&self, name: impl AsRef<[u8]>) -> bool {
        let name = name.as_ref();
        self.children.iter().any(|child| child.name.as_bytes() == name)
    }

    /// The same chart under another name.
    pub(crate) fn renamed(&self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            key: name.into(),
            ..self.clone()
        }
    }
}

impl Requirement {
    fn new(dependency: &Dependency) -> Self {
        Self {
            name: dependency.name().to_owned(),
            enabled: dependency.enabled(),
            imports: None,
            dependency: Rc::new(dependency.clone()),
        }
    }

    /// What `Chart.yaml` says.
    pub(crate) fn declared(&self) -> &Dependency {
        &self.dependency
    }
}
