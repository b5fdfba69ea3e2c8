//! Charts that a chart depends on, as `Chart.yaml` declares them.

use skeg_values::Value;

/// A declared dependency.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dependency {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) repository: String,
    pub(crate) condition: String,
    pub(crate) tags: Vec<String>,
    pub(crate) enabled: bool,
    pub(crate) import_values: Vec<Value>,
    pub(crate) alias: String,
}

impl Dependency {
    /// A dependency of one version, as a lock file lists it.
    pub fn locked(
        name: impl Into<String>,
        version: impl Into<String>,
        repository: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            repository: repository.into(),
            ..Self::default()
        }
    }

    /// The same dependency in another repository.
    #[must_use]
    pub fn at(&self, repository: impl Into<String>) -> Self {
        Self {
            repository: repository.into(),
            ..self.clone()
        }
    }

    /// The same dependency after it was worked out which charts take part: under its name in the parent, switched on or
    /// off, with what is imported in full.
    #[must_use]
    pub fn processed(&self, name: impl Into<String>, enabled: bool, import_values: Vec<Value>) -> Self {
        Self {
            name: name.into(),
            enabled,
            import_values,
            ..self.clone()
        }
    }

    /// The name of the chart depended on.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version, or a range of versions; may be empty.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Where the chart is: a URL, `@name`, `alias:name`, `file://…`; may be empty.
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The path of the value that switches it on and off; may be empty.
    pub fn condition(&self) -> &str {
        &self.condition
    }

    /// The tags that switch it on and off together with others.
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// What `enabled` says.
    pub fn enabled(&self) -> bool {
        self.enabled
    }

    /// Which of its values become the parent's: texts, or maps with `child` and `parent`.
    pub fn import_values(&self) -> &[Value] {
        &self.import_values
    }

    /// The name it goes by in the parent; may be empty.
    pub fn alias(&self) -> &str {
        &self.alias
    }
}
