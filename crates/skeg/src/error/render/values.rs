//! Values that are missing: what they are called, and where to set them.

use std::fmt::Write as _;

use skeg_chart::Chart;
use skeg_engine::similar;

use super::place;

/// The chart whose template failed; its `.Values` are a part of those of the whole.
pub(super) struct Owner<'chart> {
    chart: &'chart Chart,
    /// The keys that lead to its values.
    prefix: Vec<String>,
}

impl<'chart> Owner<'chart> {
    pub(super) fn find(root: &'chart Chart, template: &str) -> Self {
        let (chart, names, _) = place::chart_of(root, template).unwrap_or((root, Vec::new(), ""));
        let prefix = names.into_iter().map(str::to_owned).collect();
        Self { chart, prefix }
    }

    /// What to do when a value of this expression, such as `.Values.image.tag`, is not there.
    pub(super) fn missing_hints(&self, expression: &str) -> Vec<String> {
        let Some(keys) = values_path(expression) else {
            return Vec::new();
        };
        let mut hints = Vec::new();
        if let Some(hint) = self.misspelled(&keys) {
            hints.push(hint);
        }
        let path = keys.join(".");
        let whole: Vec<&str> = self
            .prefix
            .iter()
            .map(String::as_str)
            .chain(keys.iter().copied())
            .collect();
        let mut hint = format!(
            "set it by `--set {}=VALUE`, or as `{path}` in `{}`",
            whole.join("."),
            self.file()
        );
        let yaml = self.chart.values_yaml().unwrap_or_default();
        if let Some((line, depth)) = place::line_of_keys(yaml, &keys) {
            let present = keys[..depth].join(".");
            let _ = write!(hint, ", where `{present}` is on line {line}");
        }
        hints.push(hint);
        hints
    }

    /// The file of values of the chart, from the root.
    fn file(&self) -> String {
        let directories = self.prefix.iter().flat_map(|name| ["charts/", name, "/"]);
        directories.chain(["values.yaml"]).collect()
    }

    /// A key of the chart's own values that is like the one that is missing.
    fn misspelled(&self, keys: &[&str]) -> Option<String> {
        let mut value = self.chart.values()?;
        for (depth, key) in keys.iter().enumerate() {
            let Some(inner) = value.get(key) else {
                let names = value.as_map()?.into_iter().map(|(name, _)| name);
                let best = similar(key, names).into_iter().next()?;
                let path: Vec<&str> = keys[..depth].iter().copied().chain([best.as_str()]).collect();
                return Some(format!("did you mean `.Values.{}`?", path.join(".")));
            };
            value = inner;
        }
        None
    }
}

/// The keys behind the first `.Values.` in an expression.
fn values_path(expression: &str) -> Option<Vec<&str>> {
    let (_, rest) = expression.split_once(".Values.")?;
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let path = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
    let keys: Vec<&str> = path.split('.').filter(|key| !key.is_empty()).collect();
    (!keys.is_empty()).then_some(keys)
}

#[cfg(test)]
mod tests {
    use super::values_path;

    #[track_caller]
    fn check(expression: &str, expected: Option<&[&str]>) {
        assert_eq!(values_path(expression).as_deref(), expected, "{expression}");
    }

    #[test]
    fn expressions_name_values() {
        check(".Values.image.tag", Some(&["image", "tag"]));
        check("$.Values.a", Some(&["a"]));
        check("required \"tell .me\" .Values.a.b | quote", Some(&["a", "b"]));
        check("(.Values.a).b", Some(&["a"]));
        check(".image.tag", None);
        check(".Values.", None);
        check(".Values", None);
    }
}
