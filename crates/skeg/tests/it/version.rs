//! `skeg version`.

use skeg_test_support::skeg_snapshot;

use crate::support::context;

#[test]
fn the_line_is_that_of_helm() {
    skeg_snapshot!(context().command(["version"]), @r#"
    version.BuildInfo{Version:"v4.3.1", GitCommit:"c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff", GitTreeState:"clean", GoVersion:"go1.27.2", KubeClientVersion:"v1.37"}
    [exit status: 0]
    "#);
    skeg_snapshot!(context().command(["version", "--short"]), @"
    v4.3.1+gc0d08d0
    [exit status: 0]
    ");
}

#[test]
fn templates_print_fields() {
    skeg_snapshot!(context().command(["version", "--template", "{{.Version}} {{ .GoVersion }}"]), @"
    v4.3.1 go1.27.2
    [no final newline]
    [exit status: 0]
    ");
    skeg_snapshot!(context().command(["version", "--template", "{{.Nope}}"]), @"
    ----- stderr -----
    Error: cannot print `{{.Nope}}`: the template of `version` knows the fields of the version only
    hint: fields are written as `{{.Version}}` or `{{ .Version }}`
    [exit status: 1]
    ");
    skeg_snapshot!(context().command(["version", "--template", "{{.Version"]), @"
    ----- stderr -----
    Error: cannot print `{{.Version`: the template of `version` knows the fields of the version only
    hint: fields are written as `{{.Version}}` or `{{ .Version }}`
    [exit status: 1]
    ");
}

#[test]
fn our_own_version_is_in_the_documents() {
    let context = context().with_literal(env!("CARGO_PKG_VERSION"), "[VERSION]");
    skeg_snapshot!(context.command(["version", "-o", "json"]), @r#"
    {
      "version": "v4.3.1",
      "gitCommit": "c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff",
      "gitTreeState": "clean",
      "goVersion": "go1.27.2",
      "kubeClientVersion": "v1.37",
      "skegVersion": "[VERSION]"
    }
    [exit status: 0]
    "#);
    skeg_snapshot!(context.command(["version", "-o", "yaml"]), @"
    gitCommit: c0d08d0d6d9424d4a14febb5e8a3e51b0dd00dff
    gitTreeState: clean
    goVersion: go1.27.2
    kubeClientVersion: v1.37
    skegVersion: [VERSION]
    version: v4.3.1
    [exit status: 0]
    ");
    skeg_snapshot!(context.command(["--version"]), @"
    skeg [VERSION]
    [exit status: 0]
    ");
}
