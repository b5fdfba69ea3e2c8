//! `skeg env`.

use skeg_test_support::skeg_snapshot;

use crate::support::context;

#[test]
fn all_settings_are_printed_in_order() {
    skeg_snapshot!(context().command(["env"]), @r#"
    HELM_BIN="skeg"
    HELM_BURST_LIMIT="100"
    HELM_CACHE_HOME="[TMP]/home/.cache/helm"
    HELM_CONFIG_HOME="[TMP]/home/.config/helm"
    HELM_CONTENT_CACHE="[TMP]/home/.cache/helm/content"
    HELM_DATA_HOME="[TMP]/home/.local/share/helm"
    HELM_DEBUG="false"
    HELM_KUBEAPISERVER=""
    HELM_KUBEASGROUPS=""
    HELM_KUBEASUSER=""
    HELM_KUBECAFILE=""
    HELM_KUBECONTEXT=""
    HELM_KUBEINSECURE_SKIP_TLS_VERIFY="false"
    HELM_KUBETLS_SERVER_NAME=""
    HELM_KUBETOKEN=""
    HELM_MAX_HISTORY="10"
    HELM_NAMESPACE="default"
    HELM_PLUGINS="[TMP]/home/.local/share/helm/plugins"
    HELM_QPS="0.00"
    HELM_REGISTRY_CONFIG="[TMP]/home/.config/helm/registry/config.json"
    HELM_REPOSITORY_CACHE="[TMP]/home/.cache/helm/repository"
    HELM_REPOSITORY_CONFIG="[TMP]/home/.config/helm/repositories.yaml"
    [exit status: 0]
    "#);
}

#[test]
fn one_setting_is_printed_without_quotes() {
    let context = context();
    skeg_snapshot!(context.command(["env", "HELM_NAMESPACE"]), @"
    default
    [exit status: 0]
    ");
    skeg_snapshot!(context.command(["env", "HELM_CACHE_HOME"]), @"
    [TMP]/home/.cache/helm
    [exit status: 0]
    ");
}

#[test]
fn a_setting_that_is_not_known_is_an_empty_line() {
    skeg_snapshot!(context().command(["env", "NOPE"]), @"

    [exit status: 0]
    ");
}

#[test]
fn flags_are_shown() {
    let arguments = [
        "env",
        "-n",
        "ns",
        "--kube-context",
        "k",
        "--kube-as-group",
        "a",
        "--kube-as-group",
        "b",
    ];
    let more = [
        "--registry-config",
        "rc",
        "--qps",
        "2",
        "--burst-limit",
        "7",
        "--debug",
        "--kube-token",
        "t",
    ];
    let output = context().run(arguments.iter().chain(&more)).success();
    let shown: Vec<_> = output.stdout().lines().map(str::to_owned).collect();
    for line in [
        "HELM_NAMESPACE=\"ns\"",
        "HELM_KUBECONTEXT=\"k\"",
        "HELM_KUBEASGROUPS=\"a,b\"",
        "HELM_REGISTRY_CONFIG=\"rc\"",
        "HELM_QPS=\"2.00\"",
        "HELM_BURST_LIMIT=\"7\"",
        "HELM_DEBUG=\"true\"",
    ] {
        assert!(shown.iter().any(|other| other == line), "{line} in {output}");
    }
}
