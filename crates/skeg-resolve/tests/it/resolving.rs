//! Choosing versions.

use skeg_resolve::{Before, LockFile, Requirement, ResolveError, compare, resolve};

use crate::memory::{Memory, chart, requirements};

const CHARTS: [(&str, &[&str]); 5] = [
    (
        "oci://h/c/demo",
        &["2.0.0-rc.1", "1.10.0", "1.2.3", "1.2.2", "v3.0.0"],
    ),
    ("oci://h/c/other", &["0.2.0", "0.1.0"]),
    ("oci://g/demo", &["1.2.3"]),
    ("file://../local/local", &["0.5.0"]),
    ("/inner", &["0.1.4"]),
];

async fn resolved(
    lines: &str,
    source: &Memory,
    lock: Option<&LockFile>,
    keeps: bool,
) -> Result<LockFile, String> {
    let metadata = chart(lines);
    let requirements = Requirement::all(metadata.dependencies()).map_err(|error| error.to_string())?;
    let keeps = move |_: &skeg_resolve::LockedDependency| keeps;
    let before = lock.map(|lock| Before { lock, keeps: &keeps });
    match resolve(&requirements, before, 4, source).await {
        Ok(resolution) => Ok(resolution.lock(metadata.dependencies(), "2020-01-01T00:00:00Z")),
        Err(ResolveError::Missing(error)) => Err(error.to_string()),
        Err(ResolveError::Vendored(error)) => Err(error.to_string()),
        Err(ResolveError::Sources(errors)) => Err(errors.join("; ")),
        Err(other) => Err(format!("{other:?}")),
    }
}

#[track_caller]
fn check(lines: &str, expected: Result<&str, &str>) {
    let source = Memory::new(&CHARTS);
    let outcome = block_on(resolved(lines, &source, None, false));
    let versions = outcome.map(|lock| {
        let versions = lock
            .dependencies
            .iter()
            .map(|locked| locked.dependency.version().to_owned());
        versions.collect::<Vec<_>>().join(" ")
    });
    assert_eq!(versions.as_deref().map_err(String::as_str), expected, "{lines}");
}

pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(work)
}

#[test]
fn the_highest_version_of_the_range() {
    check("demo | ^1.2 | oci://h/c", Ok("1.10.0"));
    check("demo | ~1.2 | oci://h/c", Ok("1.2.3"));
    check("demo | 1.x | oci://h/c", Ok("1.10.0"));
    check("demo | >1.10.0-0 | oci://h/c", Ok("2.0.0-rc.1"));
    check("demo | * | oci://h/c", Ok("1.10.0"));
    check("demo | 1.2.2 | oci://h/c", Ok("1.2.2"));
    check("local | >=0.1 | file://../local", Ok("0.5.0"));
    check(
        "demo | ^1 | oci://h/c\ndemo | 1.2.3 | oci://g\nother | 0.1.x | oci://h/c",
        Ok("1.10.0 1.2.3 0.1.0"),
    );
}

#[test]
fn a_chart_in_charts_is_locked_as_it_is_required() {
    check("inner | 0.1.x | ", Ok("0.1.x"));
    check(
        "inner | >1 | ",
        Err("dependency inner at version 0.1.4 does not satisfy the constraint >1"),
    );
}

#[test]
fn everything_that_has_no_version_is_named() {
    check(
        "demo | >99 | oci://h/c\nother | ^1 | oci://h/c",
        Err(
            "can't get a valid version for 2 subchart(s): \"demo\" (repository \"oci://h/c\", version \">99\"), \"other\" \
             (repository \"oci://h/c\", version \"^1\"). Make sure a matching chart version exists in the repo, or change \
             the version constraint in Chart.yaml",
        ),
    );
    check(
        "none | ^1 | oci://h/c\nnor | ^1 | oci://h/c",
        Err("nothing at oci://h/c/none; nothing at oci://h/c/nor"),
    );
    check("demo | 7.0.0 | oci://h/c", Err("no 7.0.0 of demo"));
    check("demo | ^1 | stable", Err("Unknown(\"stable\")"));
}

#[test]
fn what_is_no_range() {
    let error = |lines: &str| requirements(lines).unwrap_err().to_string();
    let prefix = "dependency \"demo\" has an invalid version/constraint format: improper constraint:";
    assert_eq!(error("demo |  | oci://h"), format!("{prefix} \"\""));
    assert_eq!(error("demo | latest | oci://h"), format!("{prefix} \"latest\""));
    assert_eq!(
        error("demo | 1.2.3@sha256:00 | oci://h"),
        "dependency \"demo\" has an invalid digest behind its version"
    );
}

#[track_caller]
fn check_asked(source: &Memory, expected: &[&str]) {
    assert_eq!(source.asked(), expected);
}

#[test]
fn every_question_is_asked_once() {
    let mut source = Memory::new(&CHARTS);
    let lines =
        "demo | ^1 | oci://h/c\ndemo | * | oci://h/c\ndemo | ~1.2 | oci://h/c\nother | 0.1.0 | oci://h/c";
    let first = block_on(resolved(lines, &source, None, false)).unwrap();
    check_asked(
        &source,
        &[
            "find demo 1.10.0",
            "find demo 1.2.3",
            "find other 0.1.0",
            "list demo",
        ],
    );
    // What is locked and kept is not asked for again; what is written out is.
    let again = block_on(resolved(lines, &source, Some(&first), true)).unwrap();
    check_asked(&source, &["find other 0.1.0", "list demo"]);
    assert!(again.says_the_same(&first));
    source.round = 1;
    let kept = block_on(resolved(lines, &source, Some(&first), true)).unwrap();
    assert_eq!(kept.dependencies[0], first.dependencies[0]);
    assert_ne!(kept.dependencies[3], first.dependencies[3]);
    let anew = block_on(resolved(lines, &source, Some(&first), false)).unwrap();
    assert_ne!(anew.dependencies[0], first.dependencies[0]);
    assert_eq!(anew.digest, first.digest);
}

#[test]
fn a_digest_behind_the_version() {
    let source = Memory::new(&CHARTS);
    let digest = skeg_oci::Digest::sha256_of(b"1.2.3 0");
    let lock = |version: &str| {
        let line = format!("demo | {version}@{digest} | oci://h/c");
        block_on(resolved(&line, &source, None, false))
    };
    assert_eq!(
        lock("1.2.3").unwrap().dependencies[0].dependency.version(),
        "1.2.3"
    );
    assert_eq!(
        lock("~1.2").unwrap().dependencies[0].dependency.version(),
        "1.2.3"
    );
    assert_eq!(lock("1.2.2").unwrap_err(), "moved 1.2.2");
}

#[test]
fn how_new_it_is() {
    let source = Memory::new(&CHARTS);
    let lines = "demo | ~1.2 | oci://h/c\nother | >9 | oci://h/c\nlocal | * | file://../local";
    let lock = "dependencies:\n- {name: demo, version: 1.2.2, repository: 'oci://h/c'}\n- {name: other, version: 0.1.0, repository: 'oci://h/c'}\n";
    let lock = LockFile::parse(lock.as_bytes()).unwrap();
    let currency = block_on(compare(&requirements(lines).unwrap(), Some(&lock), 4, &source)).unwrap();
    let shown = |version: &Option<String>| version.clone().unwrap_or_else(|| "-".to_owned());
    let rows: Vec<String> = currency
        .iter()
        .map(|one| [&one.current, &one.wanted, &one.latest].map(shown).join(" "))
        .collect();
    assert_eq!(rows, ["1.2.2 1.2.3 1.10.0", "0.1.0 - 0.2.0", "- 0.5.0 0.5.0"]);
}
