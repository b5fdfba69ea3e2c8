//! Versions and constraints against Masterminds semver 3.5.0.

use skeg_go::semver::{ParseVersionError, Version, VersionConstraint};

use crate::recorded;

fn describe(version: Result<Version, ParseVersionError>) -> String {
    match version {
        Err(error) => format!("E{error}"),
        Ok(version) => format!(
            "V{} {} {}|{}|{}|{version}",
            version.major(),
            version.minor(),
            version.patch(),
            version.prerelease(),
            version.metadata()
        ),
    }
}

#[test]
fn versions_parse_as_recorded() {
    for row in recorded(include_str!("../data/semver-versions.jsonl")) {
        let [text, loose, strict] = row.as_slice() else {
            panic!("three columns")
        };
        assert_eq!(describe(Version::parse(text)), *loose, "loose {text:?}");
        assert_eq!(describe(Version::parse_strict(text)), *strict, "strict {text:?}");
    }
}

#[test]
fn versions_compare_as_recorded() {
    for row in recorded(include_str!("../data/semver-order.jsonl")) {
        let [left, right, order] = row.as_slice() else {
            panic!("three columns")
        };
        let compared = Version::parse(left).unwrap().cmp(&Version::parse(right).unwrap());
        assert_eq!((compared as i32).to_string(), *order, "{left} and {right}");
    }
}

#[test]
fn constraints_check_as_recorded() {
    for row in recorded(include_str!("../data/semver-constraints.jsonl")) {
        match (VersionConstraint::parse(&row[0]), row.as_slice()) {
            (Err(error), [text, expected]) => assert_eq!(format!("E{error}"), *expected, "{text:?}"),
            (Ok(constraint), [text, expected, version, checks]) => {
                assert_eq!(format!("C{constraint}"), *expected, "{text:?}");
                let version = Version::parse(version).unwrap();
                let checked = format!(
                    "{}{}",
                    constraint.check(&version),
                    constraint.check_with_prereleases(&version)
                );
                assert_eq!(checked, *checks, "{text:?} and {version}");
            }
            (parsed, row) => panic!("{parsed:?} for {row:?}"),
        }
    }
}

#[track_caller]
fn check(constraint: &str, version: &str, expected: bool) {
    let constraint = VersionConstraint::parse(constraint).expect("because it is a constraint");
    let version = Version::parse(version).expect("because it is a version");
    assert_eq!(constraint.check(&version), expected);
}

#[test]
fn constraints_follow_masterminds() {
    check("1.2", "1.2.9", true);
    check("1.2", "1.3.0", false);
    check("1.2.3", "1.2.4", false);
    check("^1.2.3", "1.9.0", true);
    check("^0.2.3", "0.3.0", false);
    check("~0", "0.9.9", true);
    check("~0.0.0", "7.0.0", true);
    check("^*", "1.0.0", false);
    check("1.2 - 1.4.5", "1.4.5", true);
    check(">=1.22", "1.23.0-rc.1", false);
    check(">=1.22-0", "1.23.0-rc.1", true);
    check(">1", "1.5.0", false);
    check("*", "1.0.0-alpha", false);
    check("=> 2, < 3 || 1.x", "1.7.0", true);
}

#[track_caller]
fn check_error(constraint: &str, expected: &str) {
    let error = VersionConstraint::parse(constraint).expect_err("because it is no constraint");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn constraints_are_refused_in_masterminds_words() {
    check_error("latest", r#"improper constraint: "latest""#);
    check_error("", r#"improper constraint: """#);
    check_error("1 - 2 q", r#"improper constraint: ">= 1, <= 2 q""#);
    check_error("1.xx", "constraint parser error");
    check_error(&"1".repeat(513), "constraint string is too long (max 512 bytes)");
    check_error(&"1||".repeat(33), "too many constraint groups (max 32)");
}
