//! The files of the built-in scaffold.
//!
//! They render to the objects that Helm 4.3.1's scaffold renders to, with the same names, labels
//! and ports, from the same keys of `values.yaml`.

/// What stands for the chart's name in the files below, and in those of a starter.
pub(super) const NAME_PLACEHOLDER: &str = "<CHARTNAME>";

/// Path in the chart and text of every file.
pub(super) const FILES: &[(&str, &str)] = &[
    ("Chart.yaml", include_str!("files/Chart.yaml")),
    ("values.yaml", include_str!("files/values.yaml")),
    (".helmignore", include_str!("files/helmignore")),
    (
        "templates/ingress.yaml",
        include_str!("files/templates/ingress.yaml"),
    ),
    (
        "templates/httproute.yaml",
        include_str!("files/templates/httproute.yaml"),
    ),
    (
        "templates/deployment.yaml",
        include_str!("files/templates/deployment.yaml"),
    ),
    (
        "templates/service.yaml",
        include_str!("files/templates/service.yaml"),
    ),
    (
        "templates/serviceaccount.yaml",
        include_str!("files/templates/serviceaccount.yaml"),
    ),
    ("templates/hpa.yaml", include_str!("files/templates/hpa.yaml")),
    ("templates/NOTES.txt", include_str!("files/templates/NOTES.txt")),
    (
        "templates/_helpers.tpl",
        include_str!("files/templates/_helpers.tpl"),
    ),
    (
        "templates/tests/test-connection.yaml",
        include_str!("files/templates/tests/test-connection.yaml"),
    ),
];

/// The `Chart.yaml` of a chart made from a starter.
pub(super) const STARTER_CHART_YAML: &str = "\
apiVersion: v2
name: <CHARTNAME>
description: Deploys <CHARTNAME> to Kubernetes
type: application
version: 0.1.0
appVersion: \"0.1.0\"
";

/// Puts the chart's name into a `Chart.yaml`, where it must stay text in YAML's eyes.
pub(super) fn fill_chart_yaml(text: &str, name: &str) -> String {
    let line = format!("name: {NAME_PLACEHOLDER}\n");
    text.replace(&line, &format!("name: {}\n", yaml_text(name)))
        .replace(NAME_PLACEHOLDER, name)
}

/// `name` in quotes if YAML would take it for a number, a truth value or nothing at all.
fn yaml_text(name: &str) -> String {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let is_word = WORDS.iter().any(|word| name.eq_ignore_ascii_case(word));
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) && !is_word {
        return name.to_owned();
    }
    format!("\"{name}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(yaml_text(name), expected);
    }

    #[test]
    fn names_stay_text() {
        check("demo", "demo");
        check("my-chart_1.x", "my-chart_1.x");
        check("123", "\"123\"");
        check("1e3", "\"1e3\"");
        check(".5", "\".5\"");
        check("-1", "\"-1\"");
        check("_", "\"_\"");
        check("True", "\"True\"");
        check("NULL", "\"NULL\"");
        check("nullable", "nullable");
    }

    #[test]
    fn every_file_is_embedded_and_none_has_another_charts_name() {
        assert_eq!(FILES.len(), 12);
        for (path, text) in FILES {
            assert!(text.ends_with('\n'), "{path}");
            assert!(!text.contains('\r'), "{path}");
            assert_eq!(
                text.contains("include \""),
                text.contains("include \"<CHARTNAME>."),
                "{path}"
            );
        }
    }
}
