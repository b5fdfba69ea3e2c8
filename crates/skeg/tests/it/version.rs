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

// More of them are recorded from Helm.
#[test]
fn templates_print_what_they_make_of_the_fields() {
    skeg_snapshot!(context().command(["version", "--template", "{{.Version}} {{ .GoVersion | printf `%.4s` }}"]), @"
    v4.3.1 go1.
    [no final newline]
    [exit status: 0]
    ");
    skeg_snapshot!(context().command(["version", "--template", "v:{{.Nope}}"]), @r#"
    v:
    [no final newline]
    ----- stderr -----
    Error: template: _:1:4: executing "_" at <.Nope>: can't evaluate field Nope in type version.BuildInfo
    [exit status: 1]
    "#);
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
