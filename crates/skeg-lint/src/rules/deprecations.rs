//! Kinds of resources that Kubernetes advises against.

use crate::resource::Resource;

const TABLE: &str = include_str!("../data/deprecations.tsv");

/// A version of Kubernetes: major and minor.
pub(crate) type Release = (u64, u64);

/// The warning that the Kubernetes API of this version gives for a resource.
pub(crate) fn check(resource: &Resource, release: Release) -> Option<String> {
    if resource.api_version.is_empty() || resource.kind.is_empty() {
        return None;
    }
    let row = find(&resource.api_version, &resource.kind)?;
    // A cluster that does not say its version is taken for one that has everything deprecated.
    let is_deprecated = release == (0, 0) || parse_release(row.deprecated)? <= release;
    is_deprecated.then(|| row.warning())
}

struct Row<'table> {
    api_version: &'table str,
    kind: &'table str,
    deprecated: &'table str,
    removed: &'table str,
    replacement: &'table str,
}

impl<'table> Row<'table> {
    fn parse(line: &'table str) -> Option<Self> {
        let mut fields = line.split('\t');
        Some(Self {
            api_version: fields.next()?,
            kind: fields.next()?,
            deprecated: fields.next()?,
            removed: fields.next()?,
            replacement: fields.next()?,
        })
    }

    fn warning(&self) -> String {
        let Self {
            api_version,
            kind,
            deprecated,
            removed,
            replacement,
        } = self;
        let part = |before: &str, text: &str, after: &str| match text {
            "-" => String::new(),
            text => format!("{before}{text}{after}"),
        };
        let (removed, replacement) = (
            part(", unavailable in v", removed, "+"),
            part("; use ", replacement, ""),
        );
        format!("{api_version} {kind} is deprecated in v{deprecated}+{removed}{replacement}")
    }
}

fn find(api_version: &str, kind: &str) -> Option<Row<'static>> {
    let rows = TABLE.lines().filter_map(Row::parse);
    rows.into_iter()
        .find(|row| row.api_version == api_version && row.kind == kind)
}

fn parse_release(text: &str) -> Option<Release> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::resource::Resource;

    #[track_caller]
    fn check_kind(api_version: &str, kind: &str, release: (u64, u64), expected: Option<&str>) {
        let resource = Resource {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            ..Resource::default()
        };
        assert_eq!(check(&resource, release).as_deref(), expected);
    }

    #[test]
    fn kinds_are_deprecated_from_a_version_on() {
        const INGRESS: &str = "networking.k8s.io/v1beta1 Ingress is deprecated in v1.19+, unavailable in v1.22+; \
                               use networking.k8s.io/v1 Ingress";
        check_kind("networking.k8s.io/v1beta1", "Ingress", (1, 37), Some(INGRESS));
        check_kind("networking.k8s.io/v1beta1", "Ingress", (1, 19), Some(INGRESS));
        check_kind("networking.k8s.io/v1beta1", "Ingress", (1, 18), None);
        check_kind("networking.k8s.io/v1beta1", "Ingress", (0, 0), Some(INGRESS));
        check_kind("networking.k8s.io/v1", "Ingress", (1, 37), None);
        check_kind(
            "v1",
            "ComponentStatus",
            (1, 37),
            Some("v1 ComponentStatus is deprecated in v1.19+"),
        );
        check_kind("apps/v1beta1", "deployment", (1, 37), None);
        check_kind("", "Ingress", (1, 37), None);
        check_kind("networking.k8s.io/v1beta1", "", (1, 37), None);
        check_kind("# Deprecated kinds of the Kubernetes API", "", (1, 37), None);
    }
}
