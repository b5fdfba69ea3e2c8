//! The rules by name, for reports and for people who search for them.

/// What is checked. The [`Rule::id`] of a rule stays the same between versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// `Chart.yaml` is a file.
    ChartFile,
    /// `Chart.yaml` is YAML of the right form.
    ChartSyntax,
    /// `Chart.yaml` has each key once, and no unknown ones.
    ChartKeys,
    /// The chart has a valid name.
    ChartName,
    /// The `apiVersion` is one that Helm knows.
    ChartApiVersion,
    /// The chart has a valid version, written as text.
    ChartVersion,
    /// The version of the application is written as text.
    ChartAppVersion,
    /// Maintainers have names, and valid addresses.
    ChartMaintainers,
    /// Sources are URLs.
    ChartSources,
    /// The chart has an icon, and its URL is one.
    ChartIcon,
    /// The type fits the `apiVersion`.
    ChartType,
    /// Dependencies stand where the `apiVersion` has them.
    ChartDependencies,
    /// There is a `values.yaml`.
    ValuesFile,
    /// `values.yaml` is YAML of the right form.
    ValuesSyntax,
    /// The values keep to the schema of the chart.
    ValuesSchema,
    /// There is a directory of templates.
    TemplatesDirectory,
    /// The chart can be loaded.
    Loadable,
    /// Files of templates have a known extension.
    TemplateExtension,
    /// The templates can be rendered.
    TemplateRendering,
    /// A rendered file does not begin with blanks.
    TemplateIndentation,
    /// A rendered file is YAML.
    TemplateSyntax,
    /// Resources have names that Kubernetes accepts.
    ResourceName,
    /// Resources are of kinds that Kubernetes still recommends.
    ResourceDeprecation,
    /// Workloads say which pods are theirs.
    ResourceSelector,
    /// Lists do not carry annotations that nobody reads.
    ResourceList,
    /// Charts in `charts/` are declared as dependencies.
    DependencyUndeclared,
    /// No two dependencies have the same name.
    DependencyDuplicate,
    /// Declared dependencies are in `charts/`.
    DependencyMissing,
    /// `crds/` is a directory.
    CrdDirectory,
    /// The files in `crds/` are YAML.
    CrdSyntax,
    /// The files in `crds/` hold definitions of resources.
    CrdKind,
}

impl Rule {
    /// The name by which programs know the rule.
    pub fn id(self) -> &'static str {
        self.entry().0
    }

    /// What the rule asks for, in one sentence.
    pub fn description(self) -> &'static str {
        self.entry().1
    }

    fn entry(self) -> (&'static str, &'static str) {
        match self {
            Self::ChartFile => ("chart-file", "Chart.yaml is a file."),
            Self::ChartSyntax => ("chart-syntax", "Chart.yaml is YAML of the right form."),
            Self::ChartKeys => ("chart-keys", "Chart.yaml has each key once, and no unknown ones."),
            Self::ChartName => ("chart-name", "The chart has a valid name."),
            Self::ChartApiVersion => ("chart-api-version", "The apiVersion is v1 or v2."),
            Self::ChartVersion => ("chart-version", "The version is a text and a semantic version."),
            Self::ChartAppVersion => ("chart-app-version", "The appVersion is a text."),
            Self::ChartMaintainers => ("chart-maintainers", "Maintainers have names and valid addresses."),
            Self::ChartSources => ("chart-sources", "Sources are URLs."),
            Self::ChartIcon => ("chart-icon", "The chart has an icon, and its URL is valid."),
            Self::ChartType => ("chart-type", "The type fits the apiVersion."),
            Self::ChartDependencies => ("chart-dependencies", "Dependencies fit the apiVersion."),
            Self::ValuesFile => ("values-file", "There is a values.yaml."),
            Self::ValuesSyntax => ("values-syntax", "values.yaml is YAML of the right form."),
            Self::ValuesSchema => ("values-schema", "The values keep to the schema of the chart."),
            Self::TemplatesDirectory => ("templates-directory", "There is a directory of templates."),
            Self::Loadable => ("chart-loadable", "The chart can be loaded."),
            Self::TemplateExtension => (
                "template-extension",
                "Templates are .yaml, .yml, .tpl or .txt files.",
            ),
            Self::TemplateRendering => ("template-rendering", "The templates can be rendered."),
            Self::TemplateIndentation => (
                "template-indentation",
                "A rendered file does not begin with blanks.",
            ),
            Self::TemplateSyntax => ("template-syntax", "A rendered file is YAML."),
            Self::ResourceName => ("resource-name", "Resources have names that Kubernetes accepts."),
            Self::ResourceDeprecation => (
                "resource-deprecation",
                "Resources are of kinds that are not deprecated.",
            ),
            Self::ResourceSelector => ("resource-selector", "Workloads say which pods are theirs."),
            Self::ResourceList => (
                "resource-list",
                "Lists carry no annotations that are ignored there.",
            ),
            Self::DependencyUndeclared => (
                "dependency-undeclared",
                "Charts in charts/ are declared as dependencies.",
            ),
            Self::DependencyDuplicate => ("dependency-duplicate", "No two dependencies have the same name."),
            Self::DependencyMissing => ("dependency-missing", "Declared dependencies are in charts/."),
            Self::CrdDirectory => ("crd-directory", "crds/ is a directory."),
            Self::CrdSyntax => ("crd-syntax", "The files in crds/ are YAML."),
            Self::CrdKind => ("crd-kind", "The files in crds/ hold definitions of resources."),
        }
    }
}
