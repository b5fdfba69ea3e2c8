//! `.helmignore` compared with Helm.

use skeg_chart::{IgnoreRules, ParseIgnoreError};

use crate::oracle::sections;

/// The files that a directory walk would keep.
fn kept(files: &[&str], rules: &IgnoreRules) -> Vec<String> {
    let is_kept = |file: &&&str| {
        let parents = file.match_indices('/').map(|(slash, _)| &file[..slash]);
        let mut parents = parents.filter(|directory| rules.is_ignored(directory, true));
        parents.next().is_none() && !rules.is_ignored(file, false)
    };
    let mut kept: Vec<String> = files
        .iter()
        .filter(is_kept)
        .map(|file| (*file).to_owned())
        .collect();
    kept.sort();
    kept
}

#[test]
fn rules_keep_what_helm_packages() {
    let sections = sections(include_str!("../data/helmignore.txt"));
    let files: Vec<&str> = sections[0].text.lines().collect();
    assert!(sections.len() > 50);
    for section in &sections[1..] {
        let rules = section
            .name
            .strip_prefix("rules ")
            .expect("because only rules follow the files");
        let text: String = serde_json::from_str(rules).expect("because rules are JSON strings");
        let expected: Vec<&str> = section.text.lines().collect();
        match IgnoreRules::parse(text.as_bytes()) {
            Err(error) => {
                let start = expected[0]
                    .strip_prefix("error: ")
                    .expect("because Helm fails too");
                assert!(error.to_string().starts_with(start), "{rules}: {error}");
            }
            Ok(parsed) if expected == ["error: Chart.yaml file is missing"] => {
                assert!(parsed.is_ignored("Chart.yaml", false), "{rules}");
            }
            Ok(parsed) => assert_eq!(kept(&files, &parsed), expected, "{rules}"),
        }
    }
}

#[test]
fn errors_name_the_line() {
    let error = IgnoreRules::parse(b"ok\n\n a/** \n").expect_err("double stars are unknown");
    let expected = ParseIgnoreError::DoubleStar {
        line: 3,
        rule: "a/**".to_owned(),
    };
    assert_eq!(error, expected);
    let error = IgnoreRules::parse(b"[a\n").expect_err("the class is open");
    assert_eq!(error.to_string(), "syntax error in pattern");
    let error = IgnoreRules::parse(&vec![b'a'; 70_000]).expect_err("the line is too long");
    assert_eq!(error, ParseIgnoreError::LineTooLong { line: 1 });
    assert_eq!(error.to_string(), "bufio.Scanner: token too long");
}

#[test]
fn matching_does_not_explode() {
    let rules = IgnoreRules::parse("*a*a*a*a*a*a*a*a*a*a*a*a*b\n".as_bytes()).expect("is valid");
    assert!(!rules.is_ignored(&"a".repeat(10_000), false));
}
