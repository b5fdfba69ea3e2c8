//! Integration tests of `skeg-registry-config`.

use std::path::Path;

use skeg_oci::{RegistryHost, RepositoryName};
use skeg_registry_config::{Effective, RegistryConfig};

fn own(text: &str) -> RegistryConfig {
    let mut config = RegistryConfig::default();
    config
        .parse(Path::new("/etc/skeg/skeg.toml"), text)
        .expect("because it is right");
    config
}

fn effective(config: &RegistryConfig, host: &str, repository: &str) -> Effective {
    let repository = RepositoryName::parse(repository).ok();
    config.effective(
        &RegistryHost::parse(host).expect("because it is one"),
        repository.as_ref(),
    )
}

fn mirrors(effective: &Effective) -> Vec<String> {
    let mirrors = effective.mirrors.iter();
    mirrors.map(|mirror| mirror.value.place.to_string()).collect()
}

const TWO_LEVELS: &str = r#"
[[registry]]
prefix = "registry.example"
ca-file = "company.pem"
concurrency = 4
mirrors = [{ location = "cache.internal" }, { location = "other.internal/hub" }]

[[registry]]
prefix = "registry.example/team"
location = "team.example/charts"
concurrency = 2
mirrors = []
"#;

#[track_caller]
fn check_places(host: &str, repository: &str, location: Option<&str>, expected_mirrors: &[&str]) {
    let effective = effective(&own(TWO_LEVELS), host, repository);
    let place = effective.location.as_ref().map(|place| place.value.to_string());
    assert_eq!(place.as_deref(), location, "{host}/{repository}");
    assert_eq!(mirrors(&effective), expected_mirrors, "{host}/{repository}");
}

#[test]
fn the_longest_prefix_wins_on_the_border_of_a_segment() {
    let both = ["cache.internal/app", "other.internal/hub/app"];
    check_places("registry.example", "app", None, &both);
    check_places(
        "registry.example",
        "team/app",
        Some("team.example/charts/app"),
        &[],
    );
    check_places("registry.example", "team", Some("team.example/charts"), &[]);
    let teamwork = ["cache.internal/teamwork", "other.internal/hub/teamwork"];
    check_places("registry.example", "teamwork", None, &teamwork);
    check_places("registry.example:5000", "team/app", None, &[]);
}

#[test]
fn each_setting_has_its_own_origin() {
    let effective = effective(&own(TWO_LEVELS), "registry.example", "team/app");
    let ca_file = effective.ca_file.unwrap();
    assert_eq!(ca_file.value, Path::new("/etc/skeg/company.pem"));
    assert_eq!(ca_file.origin.to_string(), "/etc/skeg/skeg.toml:2");
    let concurrency = effective.concurrency.unwrap();
    assert_eq!(concurrency.value.get(), 2);
    assert_eq!(concurrency.origin.to_string(), "/etc/skeg/skeg.toml:8");
}

#[track_caller]
fn check_error(text: &str, expected: &str) {
    let error = RegistryConfig::default()
        .parse(Path::new("skeg.toml"), text)
        .expect_err("because it is wrong");
    let source = std::error::Error::source(&error).map(|source| format!(": {source}"));
    assert_eq!(format!("{error}{}", source.unwrap_or_default()), expected);
}

#[test]
fn mistakes_are_told_with_their_line() {
    check_error(
        "[[registry]]\nprefix = \"a.b\"\nmirror = []\n",
        "skeg.toml:3: unknown field `mirror`, expected one of `prefix`, `location`, `mirrors`, `plain-http`, \
         `insecure`, `ca-file`, `client-certificate`, `client-key`, `credential-helper`, `requests-per-second`, \
         `concurrency`, `blocked`",
    );
    check_error("[[registry]]\n", "skeg.toml:1: missing field `prefix`");
    check_error(
        "\n[[registry]]\nprefix = \"a.b/UPPER\"\n",
        "skeg.toml:2: `a.b/UPPER` is no `HOST` and no `HOST/PATH`",
    );
    check_error(
        "[[registry]]\nprefix = \"*\"\n",
        "skeg.toml:1: `*` is no `HOST` and no `HOST/PATH`",
    );
    check_error(
        "[[registry]]\nprefix = \"a.b\"\nconcurrency = 0\n",
        "skeg.toml:3: invalid value: integer `0`, expected a nonzero u32",
    );
}

const CONTAINERS: &str = r#"
unqualified-search-registries = ["docker.io"]
short-name-mode = "enforcing"

[[registry]]
prefix = "*.example"
insecure = true

[[registry]]
location = "registry.example/charts"
[[registry.mirror]]
location = "cache.internal:5000/charts"
insecure = true
[[registry.mirror]]
location = "second.internal"
pull-from-mirror = "digest-only"

[[registry]]
prefix = "old.example"
location = "new.example/old"
blocked = true
"#;

#[test]
fn reads_what_the_containers_tools_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("registries.conf");
    fs_err::write(&path, CONTAINERS).unwrap();
    fs_err::create_dir(directory.path().join("registries.conf.d")).unwrap();
    let drop_in = "[[registry]]\nlocation = \"registry.example/charts\"\ninsecure = false\n";
    fs_err::write(directory.path().join("registries.conf.d/10.conf"), drop_in).unwrap();
    let mut config = RegistryConfig::default();
    config.read_containers(&path).unwrap();

    let charts = effective(&config, "registry.example", "charts/app");
    assert_eq!(
        mirrors(&charts),
        ["cache.internal:5000/charts/app", "second.internal/app"]
    );
    assert!(charts.mirrors[1].value.digests_only);
    assert!(charts.location.is_none());
    assert!(!charts.insecure.unwrap().value, "the file of the directory wins");
    assert!(
        effective(&config, "cache.internal:5000", "charts")
            .insecure
            .unwrap()
            .value
    );
    assert!(effective(&config, "any.example", "").insecure.unwrap().value);
    let old = effective(&config, "old.example", "a/b");
    assert_eq!(old.location.unwrap().value.to_string(), "new.example/old/a/b");
    assert!(old.blocked.unwrap().value);
}

#[test]
fn reads_directories_of_certificates() {
    let directory = tempfile::tempdir().unwrap();
    let host = directory.path().join("registry.example:5000");
    fs_err::create_dir(&host).unwrap();
    for name in ["ca.crt", "client.cert", "client.key", "notes.txt"] {
        fs_err::write(host.join(name), "").unwrap();
    }
    fs_err::create_dir(directory.path().join("empty.example")).unwrap();
    let mut config = RegistryConfig::default();
    config.read_certificates(directory.path());
    config.read_certificates(Path::new("/does/not/exist"));
    let registry = effective(&config, "registry.example:5000", "");
    assert_eq!(registry.ca_file.unwrap().value, host.join("ca.crt"));
    assert_eq!(
        registry.client_certificate.unwrap().value,
        host.join("client.cert")
    );
    assert_eq!(registry.client_key.unwrap().value, host.join("client.key"));
    assert_eq!(effective(&config, "empty.example", ""), Effective::default());
    assert_eq!(effective(&config, "registry.example", ""), Effective::default());
}

#[test]
fn what_is_read_first_wins() {
    let mut config = own("[[registry]]\nprefix = \"a.example\"\nplain-http = true\n");
    let second = "[[registry]]\nprefix = \"a.example/b\"\nplain-http = false\nconcurrency = 3\n";
    config.parse(Path::new("second.toml"), second).unwrap();
    let effective = effective(&config, "a.example", "b");
    assert!(effective.plain_http.unwrap().value);
    assert_eq!(effective.concurrency.unwrap().origin.to_string(), "second.toml:1");
    let prefixes: Vec<String> = config.prefixes().iter().map(ToString::to_string).collect();
    assert_eq!(prefixes, ["a.example", "a.example/b"]);
}

#[test]
fn a_file_that_is_not_there_says_nothing() {
    let mut config = RegistryConfig::default();
    config.read(Path::new("/does/not/exist.toml")).unwrap();
    config.read_containers(Path::new("/does/not/exist.conf")).unwrap();
    assert!(config.is_empty());
    let directory = tempfile::tempdir().unwrap();
    assert!(config.read(directory.path()).is_err());
}
