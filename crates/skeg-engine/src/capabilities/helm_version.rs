//! The Helm that we stand in for.

use std::borrow::Cow;

use skeg_template::{FunctionTable, TemplateSet, TextError};

use super::objects;

/// What `helm version` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelmVersion {
    /// The version: `v4.3.1`.
    pub version: Cow<'static, str>,
    /// The commit that it was built from.
    pub git_commit: Cow<'static, str>,
    /// Whether the sources were those of the commit: `clean`.
    pub git_tree_state: Cow<'static, str>,
    /// The version of Go.
    pub go_version: Cow<'static, str>,
    /// The version of Kubernetes that its client is of.
    pub kube_client_version: Cow<'static, str>,
}

impl HelmVersion {
    /// The version whose output we have, and the default.
    pub const OURS: Self = Self {
        version: Cow::Borrowed("v4.3.1"),
        git_commit: Cow::Borrowed("c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff"),
        git_tree_state: Cow::Borrowed("clean"),
        go_version: Cow::Borrowed("go1.27.2"),
        kube_client_version: Cow::Borrowed("v1.37"),
    };

    /// Renders the template of `version --template`, which has Go's own functions and sees the fields.
    ///
    /// ```
    /// use skeg_engine::HelmVersion;
    ///
    /// let mut text = Vec::new();
    /// HelmVersion::OURS.render("{{ .Version | printf `%.2s` }}", &mut text)?;
    /// assert_eq!(text, b"v4");
    /// # Ok::<(), skeg_engine::TextError>(())
    /// ```
    ///
    /// # Errors
    /// It is no template, or it fails; `out` has what came before.
    pub fn render(&self, template: &str, out: &mut Vec<u8>) -> Result<(), TextError> {
        const NAME: &str = "_";
        let mut set = TemplateSet::new(FunctionTable::new());
        set.parse(NAME, template.as_bytes())?;
        set.execute(NAME, &objects::helm_version(self), out)?;
        Ok(())
    }
}

impl Default for HelmVersion {
    fn default() -> Self {
        Self::OURS
    }
}
