//! Which file and which entry answers.

use skeg_credentials::{ConfigSource, Credential, CredentialStore as _, MemoryStore};
use skeg_oci::RegistryHost;

use crate::support::{Sandbox, key};

/// `me:<word>` for a word.
fn auth(password: &str) -> &'static str {
    match password {
        "one" => "bWU6b25l",
        "two" => "bWU6dHdv",
        "three" => "bWU6dGhyZWU=",
        other => panic!("no such password: {other}"),
    }
}

fn me(password: &str) -> Credential {
    Credential::basic("me", password)
}

fn auths(entries: &[(&str, &str)]) -> String {
    let entries = entries
        .iter()
        .map(|(key, password)| format!(r#""{key}":{{"auth":"{}"}}"#, auth(password)));
    format!(r#"{{"auths":{{{}}}}}"#, entries.collect::<Vec<_>>().join(","))
}

#[test]
fn nothing_is_known_without_files() {
    let sandbox = Sandbox::new();
    sandbox.check("h.io/app", &Credential::Anonymous, "");
}

#[test]
fn the_first_file_that_knows_a_host_answers() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "podman.json",
        &auths(&[("a.io", "three"), ("b.io", "three"), ("c.io", "three")]),
    );
    sandbox.write("docker.json", &auths(&[("a.io", "two"), ("b.io", "two")]));
    sandbox.write("helm.json", &auths(&[("a.io", "one")]));
    sandbox.check("a.io/app", &me("one"), "`a.io` in helm.json");
    sandbox.check("b.io/app", &me("two"), "`b.io` in docker.json");
    sandbox.check("c.io/app", &me("three"), "`c.io` in podman.json");
    sandbox.check("d.io/app", &Credential::Anonymous, "");
}

#[test]
fn case_18_the_longest_path_answers_whatever_the_order() {
    let sandbox = Sandbox::new();
    let mut entries = [("h.io/g1", "one"), ("h.io/g2", "two"), ("h.io", "three")];
    for _ in 0..entries.len() {
        entries.rotate_left(1);
        sandbox.write("helm.json", &auths(&entries));
        sandbox.check("h.io/g1/app", &me("one"), "`h.io/g1` in helm.json");
        sandbox.check("h.io/g2", &me("two"), "`h.io/g2` in helm.json");
        sandbox.check("h.io/g1x/app", &me("three"), "`h.io` in helm.json");
        sandbox.check("h.io", &me("three"), "`h.io` in helm.json");
    }
}

#[test]
fn empty_files_are_empty_configurations() {
    let sandbox = Sandbox::new();
    for content in [
        "",
        " \n\t",
        "\u{feff}",
        "{}",
        r#"{"auths":null,"credHelpers":null,"credsStore":null}"#,
    ] {
        sandbox.write("helm.json", content);
        sandbox.check("h.io", &Credential::Anonymous, "");
    }
}

#[track_caller]
fn check_malformed(content: &str, expected: &str) {
    let sandbox = Sandbox::new();
    sandbox.write("helm.json", content);
    sandbox.write("docker.json", &auths(&[("h.io", "two")]));
    let warnings = sandbox.check_found("h.io/app", &me("two"), "`h.io` in docker.json");
    let expected = format!(
        "a registry configuration is ignored: `helm.json` is not a valid registry configuration: {expected}"
    );
    assert_eq!(warnings, [expected]);
}

#[test]
fn a_malformed_file_warns_and_the_next_answers() {
    check_malformed(
        "{\n  \"auths\": {\n    \"h.io\": {\"auth\": hunter2}\n  }\n}",
        "line 3, column 22: expected value",
    );
    check_malformed(r#"{"auths":{}"#, "line 1, column 11: EOF while parsing an object");
    check_malformed("{} x", "line 1, column 4: trailing characters");
    check_malformed("hunter2", "line 1, column 1: expected value");
    check_malformed(r#""hunter2""#, "it is not a JSON object");
    check_malformed("[]", "it is not a JSON object");
    check_malformed(r#"{"auths":["hunter2"]}"#, "its field `auths` is not an object");
    check_malformed(
        r#"{"credHelpers":"x"}"#,
        "its field `credHelpers` is not an object",
    );
    check_malformed(r#"{"credsStore":{}}"#, "its field `credsStore` is not a string");
}

#[test]
fn a_file_that_cannot_be_read_warns_and_names_itself() {
    let sandbox = Sandbox::new();
    fs_err::create_dir_all(sandbox.path("helm.json")).unwrap();
    sandbox.write("docker.json", &auths(&[("h.io", "two")]));
    let warnings = sandbox.check_found("h.io", &me("two"), "`h.io` in docker.json");
    assert!(
        warnings[0].starts_with("a registry configuration is ignored: "),
        "{warnings:?}"
    );
    assert!(warnings[0].contains("helm.json"), "{warnings:?}");
}

#[test]
fn a_file_without_end_is_given_up() {
    let sandbox = Sandbox::new();
    let file = fs_err::File::create(sandbox.path("helm.json")).unwrap();
    file.set_len(1 << 30).unwrap();
    let warnings = sandbox.check_found("h.io", &Credential::Anonymous, "");
    assert_eq!(
        warnings,
        ["a registry configuration is ignored: `helm.json` is larger than 4 MiB"]
    );
}

#[test]
fn one_bad_entry_leaves_the_others() {
    let sandbox = Sandbox::new();
    let content = r#"{"auths":{"a.io":{"auth":"aHVudGVyMg=="},"b.io":7,"b.io/g":{"auth":"bWU6b25l"},"b.io/g/h":[],
        "http://a.io":{"auth":"bWU6dHdv"}}}"#;
    sandbox.write("helm.json", content);
    let warnings = sandbox.check_found("a.io/app", &me("two"), "`http://a.io` in helm.json");
    assert_eq!(
        warnings,
        ["the login for `a.io` in `helm.json` is ignored: its `auth` has no colon between user and password"]
    );
    let warnings = sandbox.check_found("b.io/g/h/i", &me("one"), "`b.io/g` in helm.json");
    assert_eq!(
        warnings,
        ["the login for `b.io/g/h` in `helm.json` is ignored: it is not an object of strings"]
    );
    sandbox.check("b.io/g/app", &me("one"), "`b.io/g` in helm.json");
}

#[test]
fn tokens_are_told_apart() {
    let sandbox = Sandbox::new();
    let content = r#"{"auths":{"i.io":{"auth":"dTo=","identitytoken":"t"},"r.io":{"registrytoken":"r"}}}"#;
    sandbox.write("helm.json", content);
    sandbox.check(
        "i.io",
        &Credential::IdentityToken("t".into()),
        "`i.io` in helm.json",
    );
    sandbox.check(
        "r.io",
        &Credential::RegistryToken("r".into()),
        "`r.io` in helm.json",
    );
}

#[test]
fn every_name_of_docker_hub_finds_its_login() {
    let sandbox = Sandbox::new();
    sandbox.write("docker.json", &auths(&[("https://index.docker.io/v1/", "one")]));
    for host in ["docker.io", "index.docker.io", "registry-1.docker.io"] {
        let target = format!("{host}/team/app");
        sandbox.check(
            &target,
            &me("one"),
            "`https://index.docker.io/v1/` in docker.json",
        );
    }
}

#[test]
fn an_explicit_credential_goes_to_its_host_alone() {
    let sandbox = Sandbox::new();
    sandbox.write("helm.json", &auths(&[("a.io", "one"), ("b.io", "two")]));
    let host = RegistryHost::parse("a.io").unwrap();
    let chain = sandbox.chain().with_explicit(host, me("three"));
    let lookup = chain.lookup(&key("a.io/app"));
    assert_eq!(
        (lookup.credential, lookup.source.unwrap().to_string()),
        (me("three"), "`a.io` in the command line".into())
    );
    assert_eq!(chain.lookup(&key("b.io/app")).credential, me("two"));
    assert_eq!(
        chain.lookup(&key("a.io:443/app")).credential,
        Credential::Anonymous
    );
}

#[test]
fn the_old_file_of_docker_is_for_whole_hosts() {
    let sandbox = Sandbox::new();
    let path = sandbox.write(
        "dockercfg",
        r#"{"https://h.io/v1/":{"auth":"bWU6b25l","email":"me"}}"#,
    );
    let chain = sandbox.chain().with_config(ConfigSource::dockercfg(path));
    assert_eq!(chain.lookup(&key("h.io/app")).credential, me("one"));
}

#[test]
fn a_variable_names_logins_but_no_helpers() {
    let sandbox = Sandbox::new();
    let content = r#"{"auths":{"h.io":{"auth":"bWU6b25l"}},"credsStore":"x","credHelpers":{"h.io":"y"}}"#;
    let chain = sandbox
        .chain()
        .with_config(ConfigSource::inline("VARIABLE", content));
    let lookup = chain.lookup(&key("h.io"));
    assert_eq!((lookup.credential, lookup.warnings.len()), (me("one"), 0));

    let chain = sandbox
        .chain()
        .with_config(ConfigSource::inline("VARIABLE", "hunter2"));
    let warnings = sandbox.texts(&chain.lookup(&key("h.io")).warnings);
    assert_eq!(
        warnings,
        [
            "a registry configuration is ignored: `VARIABLE` is not a valid registry configuration: line 1, column 1: \
          expected value"
        ]
    );
    assert!(!format!("{chain:?}").contains("hunter2"));
}

#[test]
fn memory_answers_by_the_same_rules() {
    let store = MemoryStore::default()
        .with(&key("h.io"), me("one"))
        .with(&key("h.io/g"), me("two"))
        .with(&key("docker.io"), me("one"))
        .with(&key("docker.io"), me("three"));
    let found = |target: &str| store.lookup(&key(target)).credential;
    assert_eq!(found("h.io/g/app"), me("two"));
    assert_eq!(found("h.io/gx"), me("one"));
    assert_eq!(found("registry-1.docker.io/x"), me("three"));
    assert_eq!(found("x.io"), Credential::Anonymous);
}
