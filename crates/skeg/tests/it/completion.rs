//! `skeg completion`.

use skeg_test_support::skeg_snapshot;

use crate::support::context;

#[track_caller]
fn check(shell: &str, part: &str) {
    let output = context().run(["completion", shell]).success();
    assert!(output.stdout().contains(part), "{output}");
    assert!(output.stderr().is_empty(), "{output}");
}

#[test]
fn every_shell_has_a_script() {
    check("bash", "complete -F _skeg");
    check("zsh", "#compdef skeg");
    check("fish", "complete -c skeg");
    check("powershell", "Register-ArgumentCompleter");
    check("elvish", "edit:completion:arg-completer[skeg]");
}

#[test]
fn scripts_know_commands_and_flags() {
    for part in ["registry", "push", "--plain-http", "--if-absent"] {
        check("bash", part);
    }
}

#[test]
fn the_flag_of_helm_is_accepted() {
    let output = context()
        .run(["completion", "bash", "--no-descriptions"])
        .success();
    assert!(output.stdout().contains("complete -F _skeg"), "{output}");
}

#[test]
fn a_shell_that_is_not_known_is_an_error() {
    skeg_snapshot!(context().command(["completion", "tcsh"]), @r#"
    ----- stderr -----
    Error: invalid argument "tcsh" for "SHELL" argument: must be one of bash, elvish, fish, powershell, zsh
    hint: run `skeg completion --help` for usage
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["completion", "bash", "zsh"]), @r#"
    ----- stderr -----
    Error: "skeg completion" requires 1 argument

    Usage:  skeg completion [bash|zsh|fish|powershell|elvish]
    [exit status: 1]
    "#);
}
