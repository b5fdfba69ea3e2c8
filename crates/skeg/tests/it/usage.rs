//! Command lines that cannot be understood, and help.

use skeg_test_support::skeg_snapshot;

use crate::support::context;

#[test]
fn commands_that_are_not_known() {
    skeg_snapshot!(context().command(["nosuch"]), @r#"
    ----- stderr -----
    Error: unknown command "nosuch" for "skeg"
    hint: run `skeg --help` for usage
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["pus"]), @r#"
    ----- stderr -----
    Error: unknown command "pus" for "skeg"
    hint: did you mean `pull` or `push`?
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["registry", "logn"]), @r#"
    ----- stderr -----
    Error: unknown command "logn" for "skeg registry"
    hint: did you mean `logout` or `login`?
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["show", "nosuch", "demo"]), @r#"
    ----- stderr -----
    Error: unknown command "nosuch" for "skeg show"
    hint: run `skeg show --help` for usage
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["help", "nosuch"]), @r#"
    ----- stderr -----
    Error: unknown command "nosuch" for "skeg help"
    hint: run `skeg help --help` for usage
    [exit status: 1]
    "#);
}

#[test]
fn flags_that_are_not_known() {
    skeg_snapshot!(context().command(["--qqq"]), @"
    ----- stderr -----
    Error: unknown flag: --qqq
    hint: run `skeg --help` for usage
    [exit status: 1]
    ");
    skeg_snapshot!(context().command(["push", "--qqq"]), @"
    ----- stderr -----
    Error: unknown flag: --qqq
    hint: run `skeg push --help` for usage
    [exit status: 1]
    ");
    skeg_snapshot!(context().command(["push", "-rel", "a"]), @"
    ----- stderr -----
    Error: unknown shorthand flag: 'r' in -rel
    hint: run `skeg push --help` for usage
    [exit status: 1]
    ");
    skeg_snapshot!(context().command(["push", "-x"]), @"
    ----- stderr -----
    Error: unknown shorthand flag: 'x' in -x
    hint: run `skeg push --help` for usage
    [exit status: 1]
    ");
    skeg_snapshot!(context().command(["pull", "oci://h/x", "--unta"]), @"
    ----- stderr -----
    Error: unknown flag: --unta
    hint: did you mean `--untar`?
    [exit status: 1]
    ");
    skeg_snapshot!(context().command(["pull", "oci://h/x", "--verify"]), @"
    ----- stderr -----
    Error: unknown flag: --verify
    hint: signatures are neither made nor checked yet; use helm for this command
    [exit status: 1]
    ");
}

#[test]
fn flags_without_their_value() {
    skeg_snapshot!(context().command(["package", "--version"]), @"
    ----- stderr -----
    Error: flag needs an argument: --version
    hint: run `skeg package --help` for usage
    [exit status: 1]
    ");
    skeg_snapshot!(context().command(["pull", "-d"]), @"
    ----- stderr -----
    Error: flag needs an argument: 'd' in -d
    hint: run `skeg pull --help` for usage
    [exit status: 1]
    ");
}

#[test]
fn values_that_a_flag_does_not_take() {
    skeg_snapshot!(context().command(["push", "a", "oci://h/x", "-o", "xml"]), @r#"
    ----- stderr -----
    Error: invalid argument "xml" for "-o, --output" flag: must be one of table, json, yaml
    hint: run `skeg push --help` for usage
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["version", "--color", "maybe"]), @r#"
    ----- stderr -----
    Error: invalid argument "maybe" for "--color" flag: must be one of never, auto, always
    hint: run `skeg version --help` for usage
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["version", "--qps", "abc"]), @r#"
    ----- stderr -----
    Error: invalid argument "abc" for "--qps" flag: strconv.ParseFloat: parsing "abc": invalid syntax
    hint: run `skeg version --help` for usage
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["version", "--debug=maybe"]), @r#"
    ----- stderr -----
    Error: invalid argument "maybe" for "--debug" flag: strconv.ParseBool: parsing "maybe": invalid syntax
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["push", "a", "oci://h/x", "--created", "yesterday"]), @r#"
    ----- stderr -----
    Error: invalid argument "yesterday" for "--created" flag: failed to parse four digit integer as year: invalid digit, expected 0-9 but got y
    hint: run `skeg push --help` for usage
    [exit status: 1]
    "#);
}

#[test]
fn booleans_may_have_a_value() {
    skeg_snapshot!(context().command(["version", "--short=true"]), @"
    v4.3.1+gc0d08d0
    [exit status: 0]
    ");
    skeg_snapshot!(context().command(["version", "--short", "--short=false", "--template", "{{.Version}}"]), @"
    v4.3.1
    [no final newline]
    [exit status: 0]
    ");
    skeg_snapshot!(context().command(["version", "--short", "--short"]), @"
    v4.3.1+gc0d08d0
    [exit status: 0]
    ");
}

#[test]
fn wrong_numbers_of_arguments() {
    skeg_snapshot!(context().command(["create"]), @r#"
    ----- stderr -----
    Error: "skeg create" requires 1 argument

    Usage:  skeg create NAME [flags]
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["create", "a", "b"]), @r#"
    ----- stderr -----
    Error: "skeg create" requires 1 argument

    Usage:  skeg create NAME [flags]
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["create", "a", "--", "-b"]), @r#"
    ----- stderr -----
    Error: "skeg create" requires 1 argument

    Usage:  skeg create NAME [flags]
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["push"]), @r#"
    ----- stderr -----
    Error: "skeg push" requires at least 2 arguments

    Usage:  skeg push [chart] [remote] [flags]
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["push", "demo"]), @r#"
    ----- stderr -----
    Error: "skeg push" requires at least 2 arguments

    Usage:  skeg push [chart] [remote] [flags]
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["pull"]), @r#"
    ----- stderr -----
    Error: "skeg pull" requires at least 1 argument

    Usage:  skeg pull [oci://HOST/PATH/NAME[:TAG][@DIGEST]] [...] [flags]
    [exit status: 1]
    "#);
}

#[test]
fn wrong_numbers_of_arguments_below_a_group() {
    skeg_snapshot!(context().command(["show", "chart"]), @r#"
    ----- stderr -----
    Error: "skeg show chart" requires 1 argument

    Usage:  skeg show chart [CHART] [flags]
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["show", "values", "a", "b"]), @r#"
    ----- stderr -----
    Error: "skeg show values" requires 1 argument

    Usage:  skeg show values [CHART] [flags]
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["registry", "login"]), @r#"
    ----- stderr -----
    Error: "skeg registry login" requires at least 1 argument

    Usage:  skeg registry login [host] [flags]
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["registry", "logout"]), @r#"
    ----- stderr -----
    Error: "skeg registry logout" requires at least 1 argument

    Usage:  skeg registry logout [host] [flags]
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["registry", "list", "x"]), @r#"
    ----- stderr -----
    Error: "skeg registry list" accepts no arguments

    Usage:  skeg registry list [flags]
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["version", "x"]), @r#"
    ----- stderr -----
    Error: "skeg version" accepts no arguments

    Usage:  skeg version [flags]
    [exit status: 1]
    "#);
    skeg_snapshot!(context().command(["env", "a", "b"]), @r#"
    ----- stderr -----
    Error: "skeg env" accepts at most 1 argument

    Usage:  skeg env [NAME] [flags]
    [exit status: 1]
    "#);
}

#[test]
fn flags_that_exclude_each_other() {
    skeg_snapshot!(context().command(["push", "a", "oci://h/x", "--if-absent", "--no-overwrite"]), @"
    ----- stderr -----
    Error: the argument '--if-absent' cannot be used with '--no-overwrite'
    hint: run `skeg push --help` for usage
    [exit status: 1]
    ");
    skeg_snapshot!(context().command(["registry", "login", "h", "-p", "x", "--password-stdin"]), @r#"
    ----- stderr -----
    level=WARN msg="using --password via the CLI is insecure. Use --password-stdin"
    Error: the password is empty
    hint: give it by `--password-stdin`
    [exit status: 1]
    "#);
}

#[test]
fn groups_without_a_command_print_help_on_standard_output() {
    for arguments in [
        &[][..],
        &["registry"],
        &["show"],
        &["help"],
        &["help", "push"],
        &["push", "--help"],
        &["push", "-h"],
    ] {
        let output = context().run(arguments).success();
        assert!(output.stdout().contains("Usage: skeg"), "{arguments:?}: {output}");
        assert!(output.stderr().is_empty(), "{arguments:?}: {output}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "the help is one text")]
fn the_help_of_the_program_lists_what_is_there() {
    skeg_snapshot!(context().command(["-h"]), @r#"
    Create, check, render, package, push, look at and pull Helm charts, in OCI registries and on disk

    Usage: skeg [OPTIONS] <COMMAND>

    Commands:
      attach      Attach files to a chart or another artifact, such as an SBOM or a report
      cache       Look into the cache of content from registries, check it and make room
      completion  Print the completion script of a shell
      config      Show what is configured, and where
      copy        Copy charts and other artifacts between registries and directories [alias: cp]
      create      Create a chart: a directory with everything that a web service needs
      delete      Delete a version with all its tags [alias: rm]
      dependency  Manage the charts that a chart depends on [aliases: dep, dependencies]
      diff        Show how two charts differ, or what an upgrade of a release would change
      discover    Show what refers to an artifact, such as signatures and SBOMs
      drift       Show what somebody has changed on the cluster since a release was installed
      env         Print the settings that hold, or one of them, as `NAME="value"`
      get         Show what is recorded of a release
      history     Show the revisions of a release [alias: hist]
      inspect     Show the manifest of an artifact, its parts and annotations
      install     Install a chart as a release on a Kubernetes cluster
      lint        Check charts for mistakes
      list        List releases [alias: ls]
      migrate     Take the charts of a classic repository to a registry
      package     Package chart directories into archives
      pull        Download charts [alias: fetch]
      push        Upload charts to a registry, or to a classic repository
      registry    Log in to registries and out of them, and find out what they can do
      release     Look after the records of releases
      repo        Add, list, remove, update and index classic chart repositories
      resolve     Find out which digest a tag or a version stands for [alias: digest]
      rollback    Roll a release back to a former revision
      search      Search for charts in a registry, or in a directory of image layouts
      show        Show what is in a chart
      status      Show the state of a release: its objects on the cluster, its tests and its notes
      sync        Mirror what a file lists: charts, ranges of versions, destinations
      tag         Give a version more tags
      tags        List the versions of a chart, the newest first [alias: versions]
      template    Render the templates of a chart and print the manifests
      test        Run the tests of a release
      uninstall   Uninstall releases: delete their objects and their records [aliases: del, un]
      untag       Take a tag away and keep the version that it names
      upgrade     Upgrade a release to another chart, or to other values
      version     Print the version of Helm that skeg stands in for, and with `-o json` its own
      help        Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help (see more with '--help')
      -V, --version  Print version

    Global flags:
          --debug                     Print what is done, each request included, on standard error
          --no-progress               Show no progress bars
          --offline                   Use what is in the cache and send no requests
          --no-cache                  Neither use nor fill the cache of content from registries
          --color <WHEN>              When to use colours [alias: --colour] [possible values: never,
                                      auto, always]
          --registry-config <FILE>    The file of registry logins
          --repository-config <FILE>  The file of the names and URLs of classic chart repositories
          --repository-cache <DIR>    The directory of cached repository indexes
          --content-cache <DIR>       The directory of cached charts
      -n, --namespace <NAME>          The namespace of releases
          --kubeconfig <FILE>         The kubeconfig file; `KUBECONFIG` and `~/.kube/config` are not
                                      read then
          --kube-context <NAME>       The context of the kubeconfig file
    [exit status: 0]
    "#);
}

#[test]
fn commands_that_do_not_exist_yet_are_not_listed() {
    let help = context().run(["--help"]).success().stdout();
    for command in ["plugin", "verify"] {
        assert!(!help.contains(&format!("  {command}")), "{command} in {help}");
    }
}

#[test]
fn empty_arguments() {
    for arguments in [
        &["push", "", "oci://h/x"][..],
        &["push", "demo", ""],
        &["pull", ""],
        &["package", ""],
        &["create", ""],
        &["show", "chart", ""],
        &["registry", "login", "", "-u", "a", "-p", "b"],
    ] {
        let output = context().run(arguments).failure();
        assert!(output.stderr().contains("Error: "), "{arguments:?}: {output}");
        assert!(
            !output.stderr().contains("flag needs an argument"),
            "{arguments:?}: {output}"
        );
    }
}
