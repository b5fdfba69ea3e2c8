//! Variables of the environment: Helm's, and their twins.

use skeg_test_support::TestContext;

use crate::support::context;

#[track_caller]
fn check(variables: &[(&str, &str)], setting: &str, expected: &str) {
    let context = variables
        .iter()
        .fold(context(), |context, (name, value)| context.with_env(name, value));
    check_in(&context, setting, expected);
}

#[track_caller]
fn check_in(context: &TestContext, setting: &str, expected: &str) {
    let output = context.run(["env", setting]).success();
    assert_eq!(output.stdout().trim_end(), expected, "{setting}");
}

#[test]
fn variables_of_helm_keep_their_meaning() {
    check(&[("HELM_CACHE_HOME", "/c")], "HELM_CACHE_HOME", "/c");
    check(&[("HELM_CACHE_HOME", "/c")], "HELM_CONTENT_CACHE", "/c/content");
    check(
        &[("HELM_CACHE_HOME", "/c")],
        "HELM_REPOSITORY_CACHE",
        "/c/repository",
    );
    check(
        &[("HELM_CONFIG_HOME", "/c")],
        "HELM_REGISTRY_CONFIG",
        "/c/registry/config.json",
    );
    check(
        &[("HELM_CONFIG_HOME", "/c")],
        "HELM_REPOSITORY_CONFIG",
        "/c/repositories.yaml",
    );
    check(&[("HELM_DATA_HOME", "/d")], "HELM_PLUGINS", "/d/plugins");
    check(&[("HELM_PLUGINS", "/p")], "HELM_PLUGINS", "/p");
    check(&[("HELM_REGISTRY_CONFIG", "/r")], "HELM_REGISTRY_CONFIG", "/r");
    check(&[("HELM_NAMESPACE", "x")], "HELM_NAMESPACE", "x");
    check(&[("HELM_MAX_HISTORY", "3")], "HELM_MAX_HISTORY", "3");
    check(&[("HELM_BURST_LIMIT", "7")], "HELM_BURST_LIMIT", "7");
    check(&[("HELM_QPS", "3.5")], "HELM_QPS", "3.50");
    check(
        &[("HELM_KUBEAPISERVER", "https://k")],
        "HELM_KUBEAPISERVER",
        "https://k",
    );
    check(&[("HELM_KUBEASGROUPS", "a,b")], "HELM_KUBEASGROUPS", "a,b");
    check(&[("HELM_KUBECONTEXT", "c")], "HELM_KUBECONTEXT", "c");
    check(
        &[("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", "true")],
        "HELM_KUBEINSECURE_SKIP_TLS_VERIFY",
        "true",
    );
    check(&[("HELM_DEBUG", "1")], "HELM_DEBUG", "true");
}

/// Helm 4.3.1: what is no number or boolean counts as not set.
#[test]
fn values_that_are_none_count_as_not_set() {
    check(&[("HELM_DEBUG", "maybe")], "HELM_DEBUG", "false");
    check(&[("HELM_QPS", "abc")], "HELM_QPS", "0.00");
    check(&[("HELM_MAX_HISTORY", "abc")], "HELM_MAX_HISTORY", "10");
    check(&[("HELM_BURST_LIMIT", "abc")], "HELM_BURST_LIMIT", "100");
    check(&[("HELM_NAMESPACE", "")], "HELM_NAMESPACE", "default");
}

#[test]
fn twins_win() {
    for name in [
        "CACHE_HOME",
        "CONFIG_HOME",
        "DATA_HOME",
        "PLUGINS",
        "REGISTRY_CONFIG",
        "REPOSITORY_CONFIG",
        "REPOSITORY_CACHE",
        "CONTENT_CACHE",
        "NAMESPACE",
        "KUBEAPISERVER",
        "KUBEASUSER",
        "KUBEASGROUPS",
        "KUBECAFILE",
        "KUBECONTEXT",
        "KUBETLS_SERVER_NAME",
        "KUBETOKEN",
    ] {
        let (helm, twin) = (format!("HELM_{name}"), format!("SKEG_{name}"));
        check(&[(&helm, "/helm"), (&twin, "/twin")], &helm, "/twin");
        check(&[(&twin, "/twin")], &helm, "/twin");
        check(&[(&helm, "/helm"), (&twin, "")], &helm, "/helm");
    }
    check(
        &[("HELM_DEBUG", "1"), ("SKEG_DEBUG", "false")],
        "HELM_DEBUG",
        "false",
    );
    check(
        &[("HELM_MAX_HISTORY", "1"), ("SKEG_MAX_HISTORY", "2")],
        "HELM_MAX_HISTORY",
        "2",
    );
}

#[test]
fn flags_win_over_variables() {
    let context = context()
        .with_env("SKEG_REGISTRY_CONFIG", "/env")
        .with_env("HELM_NAMESPACE", "env");
    let output = context
        .run(["env", "HELM_REGISTRY_CONFIG", "--registry-config", "/flag"])
        .success();
    assert_eq!(output.stdout(), "/flag\n");
    let output = context.run(["env", "HELM_NAMESPACE", "-n", "flag"]).success();
    assert_eq!(output.stdout(), "flag\n");
}

#[test]
#[cfg(target_os = "linux")]
fn directories_are_found_without_xdg() {
    let context = context()
        .with_env("XDG_CACHE_HOME", "")
        .with_env("XDG_CONFIG_HOME", "")
        .with_env("XDG_DATA_HOME", "");
    let home = context.home();
    check_in(
        &context,
        "HELM_CACHE_HOME",
        &home.join(".cache/helm").to_string_lossy(),
    );
    check_in(
        &context,
        "HELM_CONFIG_HOME",
        &home.join(".config/helm").to_string_lossy(),
    );
    check_in(
        &context,
        "HELM_DATA_HOME",
        &home.join(".local/share/helm").to_string_lossy(),
    );
}

#[test]
fn a_program_without_any_environment_works() {
    let names = [
        "HOME",
        "PATH",
        "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_RUNTIME_DIR",
        "TMPDIR",
    ];
    let command = names
        .into_iter()
        .fold(context().command(["version", "--short"]), |command, name| {
            command.without_env(name)
        });
    assert_eq!(command.run().success().stdout(), "v4.3.1+gc0d08d0\n");
}

#[test]
fn the_old_switch_of_registries_has_no_effect() {
    for value in ["0", "1", "x"] {
        let output = context()
            .with_env("HELM_EXPERIMENTAL_OCI", value)
            .run(["version", "--short"])
            .success();
        assert_eq!(output.to_string(), "v4.3.1+gc0d08d0\n[exit status: 0]\n");
    }
}

#[test]
fn debugging_can_be_switched_on() {
    let context = context();
    crate::support::write_directory(&context, "1.2.3");
    for (name, value) in [("HELM_DEBUG", "1"), ("SKEG_DEBUG", "true")] {
        let command = context
            .command(["push", "demo", "oci-layout://charts"])
            .env(name, value);
        let output = command.run().success();
        assert!(output.stdout().starts_with("Pushed: "), "{output}");
    }
}
