//! Who may depend on whom: the layers of ARCHITECTURE.md as a table.

use serde_json::Value;

use super::Problem;

/// Every package and the packages of the workspace it may depend on.
const EDGES: [(&str, &[&str]); 25] = [
    ("skeg-files", &[]),
    ("skeg-go", &[]),
    ("skeg-oci", &[]),
    ("skeg-yaml", &[]),
    ("skeg-kubernetes", &["skeg-go"]),
    ("skeg-values", &["skeg-go", "skeg-yaml"]),
    ("skeg-template", &["skeg-go"]),
    ("skeg-sprig", &["skeg-go", "skeg-template", "skeg-values"]),
    ("skeg-credentials", &["skeg-files", "skeg-oci"]),
    ("skeg-cluster", &["skeg-credentials", "skeg-files", "skeg-go"]),
    ("skeg-registry-config", &["skeg-oci"]),
    ("skeg-store", &["skeg-files", "skeg-oci"]),
    ("skeg-chart", &["skeg-files", "skeg-go", "skeg-values"]),
    (
        "skeg-engine",
        &[
            "skeg-chart",
            "skeg-go",
            "skeg-sprig",
            "skeg-template",
            "skeg-values",
        ],
    ),
    (
        "skeg-lint",
        &["skeg-chart", "skeg-engine", "skeg-go", "skeg-values"],
    ),
    (
        "skeg-release",
        &[
            "skeg-chart",
            "skeg-cluster",
            "skeg-engine",
            "skeg-go",
            "skeg-kubernetes",
            "skeg-values",
        ],
    ),
    (
        "skeg-oci-client",
        &["skeg-credentials", "skeg-files", "skeg-oci", "skeg-store"],
    ),
    (
        "skeg-registry",
        &[
            "skeg-chart",
            "skeg-credentials",
            "skeg-files",
            "skeg-go",
            "skeg-oci",
            "skeg-oci-client",
            "skeg-values",
        ],
    ),
    (
        "skeg-repository",
        &[
            "skeg-chart",
            "skeg-credentials",
            "skeg-files",
            "skeg-go",
            "skeg-oci",
            "skeg-oci-client",
            "skeg-values",
            "skeg-yaml",
        ],
    ),
    (
        "skeg-resolve",
        &["skeg-chart", "skeg-go", "skeg-oci", "skeg-values"],
    ),
    (
        "skeg-migrate",
        &[
            "skeg-chart",
            "skeg-go",
            "skeg-oci",
            "skeg-oci-client",
            "skeg-registry",
            "skeg-repository",
            "skeg-yaml",
        ],
    ),
    (
        "skeg",
        &[
            "skeg-chart",
            "skeg-cluster",
            "skeg-credentials",
            "skeg-engine",
            "skeg-files",
            "skeg-go",
            "skeg-kubernetes",
            "skeg-lint",
            "skeg-migrate",
            "skeg-oci",
            "skeg-oci-client",
            "skeg-registry",
            "skeg-registry-config",
            "skeg-release",
            "skeg-repository",
            "skeg-resolve",
            "skeg-store",
            "skeg-values",
            "skeg-yaml",
        ],
    ),
    ("skeg-test-support", &[]),
    (
        "skeg-tests",
        &[
            "skeg",
            "skeg-go",
            "skeg-kubernetes",
            "skeg-sprig",
            "skeg-template",
            "skeg-test-support",
            "skeg-values",
        ],
    ),
    ("xtask", &["skeg", "skeg-test-support"]),
];

/// The one package that every other may use in its tests.
const FOR_TESTS: &str = "skeg-test-support";

/// Dependencies that only some packages may have outside their tests.
const WALLS: [(&str, &[&str]); 12] = [
    ("clap", &["skeg", "xtask"]),
    ("clap_complete", &["skeg"]),
    ("hyper", &["skeg-cluster", "skeg-oci-client", "skeg-test-support"]),
    ("hyper-rustls", &["skeg-cluster", "skeg-oci-client"]),
    (
        "hyper-util",
        &["skeg-cluster", "skeg-oci-client", "skeg-test-support"],
    ),
    ("k8s-openapi", &["skeg-cluster"]),
    ("kube", &["skeg-cluster"]),
    ("indicatif", &["skeg"]),
    ("reqwest", &[]),
    ("serde_yaml", &[]),
    (
        "tokio",
        &[
            "skeg",
            "skeg-cluster",
            "skeg-migrate",
            "skeg-oci-client",
            "skeg-registry",
            "skeg-release",
            "skeg-test-support",
        ],
    ),
    ("unsafe-libyaml", &[]),
];

/// Checks the declared dependencies in the output of `cargo metadata`.
pub(super) fn check(metadata: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = EDGES.iter().find(|(known, _)| *known == name) else {
            problems.push(format!("{name}: not in the table of `xtask/src/tidy/edges.rs`"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            problems.extend(check_dependency(name, allowed, dependency));
        }
    }
    problems
}

fn check_dependency(package: &str, allowed: &[&str], dependency: &Value) -> Option<Problem> {
    let name = dependency["name"].as_str().unwrap_or_default();
    let for_tests = dependency["kind"] == "dev";
    let is_member = EDGES.iter().any(|(known, _)| *known == name);
    if is_member {
        let fine = allowed.contains(&name) || (for_tests && name == FOR_TESTS);
        return (!fine).then(|| format!("{package}: may not depend on {name}"));
    }
    let (_, holders) = WALLS.iter().find(|(walled, _)| *walled == name)?;
    let fine = for_tests || holders.contains(&package);
    (!fine).then(|| format!("{package}: {name} belongs to {holders:?} alone"))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::check;

    #[track_caller]
    fn check_edge(package: &str, dependency: &str, kind: &Value, expected: Option<&str>) {
        let metadata = json!({"packages": [{
            "name": package,
            "dependencies": [{"name": dependency, "kind": kind}],
        }]});
        let problems = check(&metadata);
        assert_eq!(problems.first().map(String::as_str), expected);
    }

    #[test]
    fn edges_go_down() {
        check_edge("skeg-registry", "skeg-oci", &Value::Null, None);
        check_edge(
            "skeg-oci",
            "skeg-registry",
            &Value::Null,
            Some("skeg-oci: may not depend on skeg-registry"),
        );
        check_edge(
            "skeg-oci",
            "skeg-registry",
            &json!("dev"),
            Some("skeg-oci: may not depend on skeg-registry"),
        );
    }

    #[test]
    fn only_tests_may_use_the_test_support() {
        check_edge("skeg-oci", "skeg-test-support", &json!("dev"), None);
        check_edge(
            "skeg-oci",
            "skeg-test-support",
            &Value::Null,
            Some("skeg-oci: may not depend on skeg-test-support"),
        );
    }

    #[test]
    fn walls_hold() {
        check_edge("skeg-chart", "serde", &Value::Null, None);
        check_edge("skeg-chart", "tokio", &json!("dev"), None);
        check_edge(
            "skeg-values",
            "unsafe-libyaml",
            &Value::Null,
            Some("skeg-values: unsafe-libyaml belongs to [] alone"),
        );
    }

    #[test]
    fn a_new_package_needs_a_decision() {
        let metadata = json!({"packages": [{"name": "skeg-util", "dependencies": []}]});
        assert_eq!(check(&metadata).len(), 1);
    }
}
