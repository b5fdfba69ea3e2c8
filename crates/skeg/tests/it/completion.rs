//! `skeg completion`.

use skeg_test_support::{FakeRegistry, Fault, TestContext, skeg_snapshot};

use crate::support::{context, publish};

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
        check("elvish", part);
    }
    for shell in ["bash", "zsh", "fish", "powershell"] {
        check(shell, "__complete");
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

/// The candidates and the directive for a line of which the last word is being typed.
#[track_caller]
fn complete(context: &TestContext, words: &[&str]) -> (Vec<String>, String) {
    let output = context.run(["__completeNoDesc"].iter().chain(words)).success();
    assert!(output.stderr().is_empty(), "{output}");
    let mut lines: Vec<String> = output.stdout().lines().map(str::to_owned).collect();
    let directive = lines.pop().expect("because the directive is always there");
    (lines, directive)
}

#[track_caller]
fn check_line(words: &[&str], expected: &[&str], directive: &str) {
    let (found, found_directive) = complete(&context(), words);
    assert_eq!(
        (found, found_directive.as_str()),
        (expected.iter().map(|&text| text.to_owned()).collect(), directive)
    );
}

#[test]
fn the_command_line_completes_itself() {
    check_line(&["pu"], &["pull", "push"], ":4");
    check_line(&["registry", "log"], &["login", "logout"], ":4");
    check_line(&["tags", "-o", ""], &["table", "json", "yaml"], ":4");
    check_line(&["tags", "--output=y"], &["--output=yaml"], ":4");
    check_line(&["tags", "--deve"], &["--devel"], ":4");
    check_line(&["--debug", "completion", "z"], &["zsh"], ":4");
    let beginnings = ["oci://", "oci-layout://", "https://", "http://"];
    check_line(&["pull", ""], &beginnings, ":6");
    check_line(&["pull", "\"\""], &beginnings, ":6");
    check_line(&["pull", "demo", "--repo", "https://a.example", ""], &[], ":4");
    check_line(&["template", "name", "chart", ""], &[], ":4");
    check_line(&["repo", "remove", ""], &[], ":4");
    check_line(&["push", "demo", "oci"], &["oci://", "oci-layout://"], ":2");
    check_line(&["push", ""], &[], ":0");
    check_line(&["template", "name", "-f", ""], &[], ":0");
    check_line(&["nosuch", "x", ""], &[], ":4");
    check_line(&["pull", "--nosuch", "--", "--dev"], &[], ":6");
}

#[test]
fn descriptions_are_given_to_those_who_want_them() {
    let output = context().run(["__complete", "pul"]).success();
    assert_eq!(output.stdout(), "pull\tDownload charts\n:4\n");
}

#[test]
fn tags_and_versions_come_from_the_registry() {
    let registry = FakeRegistry::start();
    for version in ["1.0.0", "1.1.0+b", "2.0.0-rc.1", "latest"] {
        publish(&registry, "charts/demo", version);
    }
    let (context, reference) = (context(), registry.oci("charts/demo"));
    let tags = |tags: &[&str]| {
        tags.iter()
            .map(|tag| format!("{reference}:{tag}"))
            .collect::<Vec<_>>()
    };
    let check = |words: &[&str], expected: Vec<String>, directive: &str| {
        assert_eq!(
            complete(&context, words),
            (expected, directive.to_owned()),
            "{words:?}"
        );
    };
    let all = tags(&["2.0.0-rc.1", "1.1.0_b", "1.0.0", "latest"]);
    check(&["pull", &format!("{reference}:")], all, ":36");
    check(
        &["show", "chart", &format!("{reference}:1.")],
        tags(&["1.1.0_b", "1.0.0"]),
        ":36",
    );
    let versions = ["2.0.0-rc.1", "1.1.0+b", "1.0.0"].map(str::to_owned).to_vec();
    check(&["pull", &reference, "--version", ""], versions, ":36");
    check(&["pull", "--version", ""], Vec::new(), ":36");
    check(&["pull", &registry.oci("ch")], vec![reference.clone()], ":6");
    check(
        &["pull", &format!("{}:", registry.oci("nosuch"))],
        Vec::new(),
        ":36",
    );
    check(&["pull", "oci://a b/c:"], Vec::new(), ":36");
}

#[test]
fn known_registries_are_candidates() {
    let context = context();
    let config = context.write(
        "logins.json",
        r#"{"auths":{"r.example:5000":{"auth":"dTpw"},"a.example/team":{"auth":"dTpw"}}}"#,
    );
    let flag = format!("--registry-config={}", config.display());
    let hosts = ["a.example", "r.example:5000"];
    let expected = hosts.map(|host| format!("oci://{host}/")).to_vec();
    assert_eq!(
        complete(&context, &[&flag, "pull", "oci://"]),
        (expected, ":6".to_owned())
    );
    let expected = hosts.map(str::to_owned).to_vec();
    assert_eq!(
        complete(&context, &["registry", "logout", &flag, ""]),
        (expected, ":4".to_owned())
    );
}

#[test]
fn what_is_cached_of_classic_repositories_is_a_candidate() {
    let context = context();
    context.write(
        "list.yaml",
        "repositories:\n- {name: one, url: 'https://me:secret@one.example'}\n- {name: two, url: 'oci://two.example/x'}\n",
    );
    context.write("cache/one-charts.txt", "data\nweb\n");
    context.write(
        "cache/one-index.yaml",
        "apiVersion: v1\nentries:\n  web:\n  - {name: web, version: 1.0.0, urls: [a]}\n  - {name: web, version: 1.2.0, \
         appVersion: '7', created: '2026-01-02T03:04:05Z', urls: [a]}\n",
    );
    context.write("cache/three-charts.txt", "gone\n");
    let flags = ["--repository-config=list.yaml", "--repository-cache=cache"];
    let check = |words: &[&str], expected: &[&str], directive: &str| {
        let words = flags.iter().chain(words).copied().collect::<Vec<_>>();
        let expected = expected.iter().map(|&text| text.to_owned()).collect();
        assert_eq!(
            complete(&context, &words),
            (expected, directive.to_owned()),
            "{words:?}"
        );
    };
    check(&["pull", "o"], &["one/", "oci://", "oci-layout://"], ":6");
    check(&["pull", "one/"], &["one/data", "one/web"], ":4");
    check(&["pull", "three/"], &[], ":4");
    check(&["show", "values", "one/w"], &["one/web"], ":0");
    check(&["template", "name", "one/w"], &["one/web"], ":0");
    check(&["pull", "one/web", "--version", ""], &["1.2.0", "1.0.0"], ":36");
    check(&["pull", "two/web", "--version", ""], &[], ":36");
    check(&["repo", "update", ""], &["one", "two"], ":4");
    check(&["repo", "remove", "one", ""], &["two"], ":4");
    check(&["repo", "add", ""], &[], ":4");
    check(&["push", "demo.tgz", "t"], &["two"], ":2");
    let words = ["__complete", flags[0], flags[1], "repo", "update", "one"];
    let output = context.run(words).success();
    assert_eq!(output.stdout(), "one\thttps://me:***@one.example\n:4\n");
}

#[test]
fn a_registry_that_is_silent_is_not_waited_for() {
    let registry = FakeRegistry::start();
    publish(&registry, "charts/demo", "1.0.0");
    registry.add_fault(Fault::no_response_headers());
    let started = std::time::Instant::now();
    let found = complete(
        &context(),
        &["pull", &format!("{}:", registry.oci("charts/demo"))],
    );
    assert_eq!(found, (Vec::new(), ":36".to_owned()));
    assert!(started.elapsed().as_secs() < 10);
}

/// What the script offers in a real bash, where there is one.
#[cfg(unix)]
#[test]
fn the_script_of_bash_keeps_colons() {
    let registry = FakeRegistry::start();
    publish(&registry, "charts/demo", "1.0.0");
    publish(&registry, "charts/demo", "1.1.0");
    let context = context();
    let script = context.run(["completion", "bash"]).success().stdout();
    let program = env!("CARGO_BIN_EXE_skeg");
    let line = format!("{program} pull {}:1.", registry.oci("charts/demo"));
    let test = format!(
        "{script}\nCOMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}; _skeg; printf '%s\\n' \"${{COMPREPLY[@]}}\"\n"
    );
    if !std::path::Path::new("/bin/bash").exists() {
        return;
    }
    let bash = TestContext::new("/bin/bash");
    bash.write("test.bash", test);
    let output = bash.run(["test.bash"]).success();
    assert_eq!(output.stdout(), "1.1.0\n1.0.0\n", "{output}");
}
