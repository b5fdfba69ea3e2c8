//! Which login is used, and what happens where there is none.

use skeg_test_support::{Authorization, FakeRegistry, TestContext, TokenServer, skeg_snapshot};

use crate::support::{context_with, publish, write_archive};

const ADA: &str = "YWRhOnNlY3JldA==";
const WRONG: &str = "YWRhOndyb25n";

fn protected() -> FakeRegistry {
    let registry = FakeRegistry::builder().basic_auth("ada", "secret").start();
    publish(&registry, "charts/demo", "1.2.3");
    registry
}

fn pull(context: &TestContext, registry: &FakeRegistry) -> skeg_test_support::TestCommand {
    context.command(["pull", &registry.oci("charts/demo:1.2.3"), "--plain-http"])
}

fn write_helm_config(context: &TestContext, json: &str) {
    context.write(context.home().join(".config/helm/registry/config.json"), json);
}

fn auths(key: &str, auth: &str) -> String {
    format!(r#"{{"auths":{{"{key}":{{"auth":"{auth}"}}}}}}"#)
}

#[test]
fn without_a_login_the_next_step_is_told() {
    let registry = protected();
    let context = context_with(&registry);
    skeg_snapshot!(pull(&context, &registry), @r#"
    ----- stderr -----
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: `[REGISTRY]` demands a credential, and there is none for it: GET "http://[REGISTRY]/v2/charts/demo/manifests/1.2.3": response status code 401: unauthorized: authentication required
    hint: log in with `skeg registry login [REGISTRY]`
    [exit status: 1]
    "#);
}

#[test]
fn a_wrong_login_is_told_with_its_source() {
    let registry = protected();
    let context = context_with(&registry);
    context.write_docker_config(&auths(registry.host(), WRONG));
    skeg_snapshot!(pull(&context, &registry), @r#"
    ----- stderr -----
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: `[REGISTRY]` refuses the credential of `[REGISTRY]` in [TMP]/home/.docker/config.json: GET "http://[REGISTRY]/v2/charts/demo/manifests/1.2.3": response status code 401: unauthorized: authentication required
    hint: log in with `skeg registry login [REGISTRY]`; `skeg registry list` shows where logins come from
    [exit status: 1]
    "#);
    skeg_snapshot!(pull(&context, &registry).arg("--username=ada").arg("--password=wrong"), @r#"
    ----- stderr -----
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: `[REGISTRY]` refuses the credential of `[REGISTRY]` in the command line: GET "http://[REGISTRY]/v2/charts/demo/manifests/1.2.3": response status code 401: unauthorized: authentication required
    hint: log in with `skeg registry login [REGISTRY]`; `skeg registry list` shows where logins come from
    [exit status: 1]
    "#);
}

#[test]
fn every_place_of_a_login_is_read() {
    let registry = protected();
    let entry = auths(registry.host(), ADA);
    for place in [
        "home/.config/helm/registry/config.json",
        "home/.docker/config.json",
        "run/containers/auth.json",
        "home/.config/containers/auth.json",
    ] {
        let context = context_with(&registry);
        context.write(context.root().join(place), &entry);
        let output = pull(&context, &registry).run();
        assert_eq!(
            (output.status(), output.stderr().as_str()),
            (Some(0), ""),
            "{place}: {output}"
        );
    }
}

#[test]
fn variables_name_other_places() {
    let registry = protected();
    let entry = auths(registry.host(), ADA);
    let context = context_with(&registry);
    context.write("config.json", &entry);
    for (name, value) in [
        (
            "HELM_REGISTRY_CONFIG",
            context.path("config.json").into_os_string(),
        ),
        (
            "SKEG_REGISTRY_CONFIG",
            context.path("config.json").into_os_string(),
        ),
        ("DOCKER_CONFIG", context.work().into_os_string()),
        ("REGISTRY_AUTH_FILE", context.path("config.json").into_os_string()),
        ("DOCKER_AUTH_CONFIG", entry.clone().into()),
    ] {
        let output = pull(&context, &registry).env(name, value).run();
        assert_eq!(
            (output.status(), output.stderr().as_str()),
            (Some(0), ""),
            "{name}: {output}"
        );
    }
    let flag = pull(&context, &registry)
        .arg("--registry-config")
        .arg("config.json");
    flag.run().success();
}

#[test]
fn the_file_of_helm_comes_first() {
    let registry = protected();
    let context = context_with(&registry);
    write_helm_config(&context, &auths(registry.host(), ADA));
    context.write_docker_config(&auths(registry.host(), WRONG));
    pull(&context, &registry).run().success();
}

#[test]
fn flags_come_before_files() {
    let registry = protected();
    let context = context_with(&registry);
    write_helm_config(&context, &auths(registry.host(), WRONG));
    let command = pull(&context, &registry)
        .arg("--username=ada")
        .arg("--password=secret");
    command.run().success();
}

#[test]
fn half_a_login_is_an_error() {
    let registry = protected();
    let context = context_with(&registry);
    skeg_snapshot!(pull(&context, &registry).arg("--username=ada"), @"
    ----- stderr -----
    Error: `--username` needs `--password` beside it
    hint: log in once with `skeg registry login HOST --username NAME`, and leave both flags out
    [exit status: 1]
    ");
    skeg_snapshot!(pull(&context, &registry).arg("--password=secret"), @"
    ----- stderr -----
    Error: `--password` needs `--username` beside it
    [exit status: 1]
    ");
    assert!(registry.requests().is_empty());
}

#[test]
fn case_18_the_longest_path_wins() {
    let registry = protected();
    let context = context_with(&registry);
    let host = registry.host();
    let config = format!(
        r#"{{"auths":{{"{host}":{{"auth":"{WRONG}"}},"{host}/charts":{{"auth":"{WRONG}"}},"{host}/charts/demo":{{"auth":"{ADA}"}},"{host}/other":{{"auth":"{WRONG}"}}}}}}"#
    );
    write_helm_config(&context, &config);
    for _ in 0..3 {
        pull(&context, &registry).run().success();
    }
}

#[test]
fn a_login_is_not_sent_before_it_is_asked_for() {
    let registry = FakeRegistry::start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = context_with(&registry);
    write_helm_config(&context, &auths(registry.host(), ADA));
    pull(&context, &registry).run().success();
    let log = registry.requests();
    assert!(
        log.iter()
            .all(|request| matches!(request.authorization, Authorization::None)),
        "{log}"
    );
}

#[test]
fn a_login_leaves_for_its_own_host_only() {
    let named = protected();
    let other = FakeRegistry::builder().basic_auth("bob", "other").start();
    publish(&other, "charts/demo", "1.2.3");
    let context = context_with(&named);
    let references = [named.oci("charts/demo:1.2.3"), other.oci("charts/demo:1.2.3")];
    let arguments = [
        "pull",
        &references[0],
        &references[1],
        "--plain-http",
        "--username",
        "ada",
        "--password",
        "secret",
    ];
    context.run(arguments).failure();
    let log = other.requests();
    assert!(
        log.iter()
            .all(|request| matches!(request.authorization, Authorization::None)),
        "{log}"
    );
}

#[test]
fn a_token_is_fetched_once_for_a_scope() {
    let registry = FakeRegistry::builder()
        .bearer_auth(TokenServer::new().user("ada", "secret"))
        .start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    write_helm_config(&context, &auths(registry.host(), ADA));
    context
        .run(["push", "demo-1.2.3.tgz", &registry.oci("charts"), "--plain-http"])
        .success();
    let mut requests = registry.token_requests().lines();
    let all = requests.len();
    requests.sort();
    requests.dedup();
    assert_eq!(requests.len(), all, "{}", registry.token_requests());
    assert_eq!(registry.tags("charts/demo"), ["1.2.3"]);
}

#[test]
fn identity_tokens_are_exchanged() {
    let registry = FakeRegistry::builder()
        .bearer_auth(TokenServer::new().identity_token("identity"))
        .start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = context_with(&registry);
    context.write_docker_config(&format!(
        r#"{{"auths":{{"{}":{{"identitytoken":"identity"}}}}}}"#,
        registry.host()
    ));
    pull(&context, &registry).run().success();
}

#[test]
fn what_is_public_can_be_read_without_a_login() {
    let tokens = TokenServer::new().user("ada", "secret").anonymous_pull();
    let registry = FakeRegistry::builder().bearer_auth(tokens).start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = context_with(&registry);
    let output = pull(&context, &registry).run().success();
    assert_eq!(output.stderr(), "");
}

#[test]
fn case_14_a_push_that_is_not_allowed() {
    let tokens = TokenServer::new().user("ada", "secret").anonymous_pull();
    let registry = FakeRegistry::builder().bearer_auth(tokens).start();
    let context = context_with(&registry);
    write_archive(&context, "1.2.3");
    skeg_snapshot!(context.command(["push", "demo-1.2.3.tgz", &registry.oci("charts"), "--plain-http"]), @r#"
    ----- stderr -----
    Error: cannot push the chart's config: `[REGISTRY]` demands a credential, and there is none for it: POST "http://[REGISTRY]/v2/charts/demo/blobs/uploads/": response status code 401: unauthorized: authentication required
    hint: log in with `skeg registry login [REGISTRY]`
    [exit status: 1]
    "#);
}

#[test]
fn broken_files_are_warnings_that_name_them() {
    let registry = protected();
    let context = context_with(&registry);
    write_helm_config(&context, "{");
    context.write_docker_config(&auths(registry.host(), ADA));
    skeg_snapshot!(pull(&context, &registry), @r#"
    Pulled: [REGISTRY]/charts/demo:1.2.3
    Digest: [DIGEST]
    ----- stderr -----
    level=WARN msg="a registry configuration is ignored: `[TMP]/home/.config/helm/registry/config.json` is not a valid registry configuration: line 1, column 1: EOF while parsing an object"
    [exit status: 0]
    "#);
    context.write_docker_config("[]");
    skeg_snapshot!(pull(&context, &registry), @r#"
    ----- stderr -----
    level=WARN msg="a registry configuration is ignored: `[TMP]/home/.config/helm/registry/config.json` is not a valid registry configuration: line 1, column 1: EOF while parsing an object"
    level=WARN msg="a registry configuration is ignored: `[TMP]/home/.docker/config.json` is not a valid registry configuration: it is not a JSON object"
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: `[REGISTRY]` demands a credential, and there is none for it: GET "http://[REGISTRY]/v2/charts/demo/manifests/1.2.3": response status code 401: unauthorized: authentication required
    hint: log in with `skeg registry login [REGISTRY]`
    [exit status: 1]
    "#);
    skeg_snapshot!(context.command(["registry", "list"]), @r#"
    ----- stderr -----
    level=WARN msg="a registry configuration is ignored: `[TMP]/home/.config/helm/registry/config.json` is not a valid registry configuration: line 1, column 1: EOF while parsing an object"
    level=WARN msg="a registry configuration is ignored: `[TMP]/home/.docker/config.json` is not a valid registry configuration: it is not a JSON object"
    no logins to show
    [exit status: 0]
    "#);
}

#[test]
fn broken_files_do_not_matter_where_no_login_is_needed() {
    let registry = FakeRegistry::start();
    publish(&registry, "charts/demo", "1.2.3");
    let context = context_with(&registry);
    write_helm_config(&context, "{");
    context.write_docker_config("\u{0}");
    let output = pull(&context, &registry).run().success();
    assert_eq!(output.stderr(), "");
    let output = context.run(["version", "--short"]).success();
    assert_eq!(output.stderr(), "");
}

#[test]
fn an_entry_that_cannot_be_decoded_is_named() {
    let registry = protected();
    let context = context_with(&registry);
    write_helm_config(&context, &auths(registry.host(), "%%%"));
    skeg_snapshot!(pull(&context, &registry), @r#"
    ----- stderr -----
    level=WARN msg="the login for `[REGISTRY]` in `[TMP]/home/.config/helm/registry/config.json` is ignored: its `auth` is not base64"
    Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: `[REGISTRY]` demands a credential, and there is none for it: GET "http://[REGISTRY]/v2/charts/demo/manifests/1.2.3": response status code 401: unauthorized: authentication required
    hint: log in with `skeg registry login [REGISTRY]`
    [exit status: 1]
    "#);
}

#[cfg(unix)]
mod helpers {
    use skeg_test_support::{CredentialHelper, skeg_snapshot};

    use super::{context_with, protected, publish, pull};
    use crate::support::context;

    #[test]
    fn a_helper_is_asked_for_its_host_only() {
        let registry = protected();
        let context = context_with(&registry);
        let helper = CredentialHelper::new("fake")
            .credential(registry.host(), "ada", "secret")
            .install(context.bin());
        let host = registry.host();
        context.write_docker_config(&format!(
            r#"{{"credHelpers":{{"{host}":"fake","other.example":"missing"}}}}"#
        ));
        let output = pull(&context, &registry).run().success();
        assert_eq!(output.stderr(), "");
        assert_eq!(helper.calls(), [format!("get {host}")]);
    }

    #[test]
    fn a_helper_that_knows_nothing_is_no_trouble() {
        let registry = protected();
        let context = context_with(&registry);
        CredentialHelper::new("fake").install(context.bin());
        context.write_docker_config(r#"{"credsStore":"fake"}"#);
        let output = pull(&context, &registry).run().failure();
        assert!(!output.stderr().contains("WARN"), "{output}");
    }

    #[test]
    fn a_helper_that_is_missing_or_fails_is_named() {
        let registry = protected();
        let context = context_with(&registry);
        context.write_docker_config(r#"{"credsStore":"missing"}"#);
        skeg_snapshot!(pull(&context, &registry), @r#"
        ----- stderr -----
        level=WARN msg="a credential helper of `[TMP]/home/.docker/config.json` is ignored: docker-credential-missing get failed: the program was not found in PATH"
        Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: `[REGISTRY]` demands a credential, and there is none for it: GET "http://[REGISTRY]/v2/charts/demo/manifests/1.2.3": response status code 401: unauthorized: authentication required
        hint: log in with `skeg registry login [REGISTRY]`
        [exit status: 1]
        "#);
        CredentialHelper::new("broken")
            .fails("the keyring is locked", 1)
            .install(context.bin());
        context.write_docker_config(r#"{"credsStore":"broken"}"#);
        skeg_snapshot!(pull(&context, &registry), @r#"
        ----- stderr -----
        level=WARN msg="a credential helper of `[TMP]/home/.docker/config.json` is ignored: docker-credential-broken get failed: exit status: 1: the keyring is locked"
        Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: `[REGISTRY]` demands a credential, and there is none for it: GET "http://[REGISTRY]/v2/charts/demo/manifests/1.2.3": response status code 401: unauthorized: authentication required
        hint: log in with `skeg registry login [REGISTRY]`
        [exit status: 1]
        "#);
        CredentialHelper::new("odd")
            .prints("no json")
            .install(context.bin());
        context.write_docker_config(r#"{"credsStore":"odd"}"#);
        skeg_snapshot!(pull(&context, &registry), @r#"
        ----- stderr -----
        level=WARN msg="a credential helper of `[TMP]/home/.docker/config.json` is ignored: docker-credential-odd get failed: its answer is not what the helper protocol prescribes"
        Error: cannot read the manifest of [REGISTRY]/charts/demo:1.2.3: `[REGISTRY]` demands a credential, and there is none for it: GET "http://[REGISTRY]/v2/charts/demo/manifests/1.2.3": response status code 401: unauthorized: authentication required
        hint: log in with `skeg registry login [REGISTRY]`
        [exit status: 1]
        "#);
    }

    #[test]
    fn case_19_a_broken_helper_does_not_hide_the_next_file() {
        let registry = protected();
        let context = context_with(&registry);
        context.write(
            context.home().join(".config/helm/registry/config.json"),
            r#"{"credsStore":"missing"}"#,
        );
        context.write_docker_config(&super::auths(registry.host(), super::ADA));
        let output = pull(&context, &registry).run().success();
        assert!(output.stderr().contains("docker-credential-missing"), "{output}");
    }

    #[test]
    fn a_helper_is_not_asked_where_no_login_is_needed() {
        let registry = skeg_test_support::FakeRegistry::start();
        publish(&registry, "charts/demo", "1.2.3");
        let context = context_with(&registry);
        let helper = CredentialHelper::new("hanging").hangs().install(context.bin());
        context.write_docker_config(r#"{"credsStore":"hanging"}"#);
        pull(&context, &registry).run().success();
        assert!(helper.calls().is_empty());
    }

    #[test]
    fn helpers_are_not_asked_by_commands_without_a_registry() {
        let context = context();
        let helper = CredentialHelper::new("fake").install(context.bin());
        context.write_docker_config(r#"{"credsStore":"fake"}"#);
        context.run(["version"]).success();
        context.run(["env"]).success();
        assert!(helper.calls().is_empty());
    }
}
