//! `Chart.yaml` compared with Helm.

use skeg_chart::{LoadMetadataError, Metadata};

use crate::oracle::sections;

/// A recorded case.
#[derive(Default)]
struct Case {
    title: String,
    chart_yaml: String,
    requirements: Option<String>,
    yaml: Option<String>,
    error: Option<String>,
    config: Option<String>,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for section in sections(include_str!("../data/metadata.txt")) {
        let text = section.text.trim_end_matches('\n').to_owned();
        if let Some(title) = section.name.strip_prefix("case ") {
            cases.push(Case {
                title: title.to_owned(),
                chart_yaml: text + "\n",
                ..Case::default()
            });
            continue;
        }
        let case = cases.last_mut().expect("because a recording begins with a case");
        match section.name {
            "requirements" => case.requirements = Some(text),
            "yaml" => case.yaml = Some(text),
            "error" => case.error = Some(text),
            "config" => case.config = Some(text),
            other => panic!("unknown section {other}"),
        }
    }
    cases
}

fn parse(case: &Case) -> Result<Metadata, String> {
    let requirements = case.requirements.as_ref().map(String::as_bytes);
    Metadata::parse_with_requirements(case.chart_yaml.as_bytes(), requirements)
        .map_err(|error| message(&error))
}

/// The error with its causes, as the command line shows it.
fn message(error: &LoadMetadataError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[test]
fn chart_yaml_is_read_and_written_as_helm_does() {
    let cases = cases();
    assert!(cases.len() > 40);
    for case in &cases {
        match parse(case) {
            Ok(metadata) => {
                assert_eq!(
                    Some(metadata.to_yaml().trim_end()),
                    case.yaml.as_deref(),
                    "{}",
                    case.title
                );
                assert_eq!(Some(metadata.to_config_json()), case.config, "{}", case.title);
            }
            Err(error) => assert_eq!(Some(error), case.error, "{}", case.title),
        }
    }
}

#[test]
fn written_metadata_reads_back_the_same() {
    for case in &cases() {
        let Ok(metadata) = parse(case) else { continue };
        let again = Metadata::parse(metadata.to_yaml().as_bytes()).expect("because it was just written");
        assert_eq!(
            again.to_config_json(),
            metadata.to_config_json(),
            "{}",
            case.title
        );
    }
}

#[test]
fn packaged_metadata_of_a_v1_chart_has_no_dependencies() {
    let requirements = b"dependencies: [{name: a}]";
    let v1 = b"apiVersion: v1\nname: demo\nversion: 1.0.0\n";
    let v1 = Metadata::parse_with_requirements(v1, Some(requirements)).expect("is valid");
    assert_eq!(v1.dependencies().len(), 1);
    assert_eq!(
        v1.to_packaged_yaml(),
        "apiVersion: v1\nname: demo\nversion: 1.0.0\n"
    );
    let v2 = b"apiVersion: v2\nname: demo\nversion: 1.0.0\n";
    let v2 = Metadata::parse_with_requirements(v2, Some(requirements)).expect("is valid");
    assert!(v2.to_packaged_yaml().contains("dependencies:"));
}
