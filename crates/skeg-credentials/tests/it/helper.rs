//! Helper programs that answer, and helper programs that do not.

use std::time::{Duration, Instant};

use skeg_credentials::{Credential, CredentialStore as _};

use crate::support::{Sandbox, key};

const ANSWER: &str =
    r#"echo "$1 $(cat)" >>"$log"; echo '{"ServerURL":"x","Username":"helped","Secret":"s"}'"#;
const UNKNOWN: &str = r#"echo "$1 $(cat)" >>"$log"; echo "credentials not found in native keychain"; exit 1"#;

fn helped() -> Credential {
    Credential::basic("helped", "s")
}

fn plain() -> Credential {
    Credential::basic("me", "one")
}

/// A file with a plain login behind helpers.
fn config(helpers: &str) -> String {
    format!(r#"{{"auths":{{"h.io":{{"auth":"bWU6b25l"}}}},{helpers}}}"#)
}

#[test]
fn case_19_the_helper_of_the_host_comes_before_that_of_all_hosts() {
    let sandbox = Sandbox::new();
    sandbox.program("docker-credential-mine", ANSWER);
    sandbox.program("docker-credential-all", UNKNOWN);
    sandbox.write(
        "helm.json",
        &config(r#""credHelpers":{"h.io":"mine","p.io":""},"credsStore":"all""#),
    );
    sandbox.check(
        "h.io/app",
        &helped(),
        "`h.io` in docker-credential-mine (credHelpers of helm.json)",
    );
    assert_eq!(sandbox.log(), "get h.io\n");
}

#[test]
fn case_19_the_helper_of_all_hosts_hides_the_file() {
    let sandbox = Sandbox::new();
    sandbox.program("docker-credential-all", UNKNOWN);
    sandbox.write("helm.json", &config(r#""credsStore":"all""#));
    sandbox.check("h.io/app", &Credential::Anonymous, "");
    sandbox.program("docker-credential-all", ANSWER);
    sandbox.check(
        "h.io/app",
        &helped(),
        "`h.io` in docker-credential-all (credsStore of helm.json)",
    );
}

#[test]
fn the_empty_helper_is_the_file() {
    let sandbox = Sandbox::new();
    sandbox.program("docker-credential-all", ANSWER);
    sandbox.write(
        "helm.json",
        &config(r#""credHelpers":{"h.io":""},"credsStore":"all""#),
    );
    sandbox.check("h.io/app", &plain(), "`h.io` in helm.json");
    assert_eq!(sandbox.log(), "");
}

#[test]
fn case_19_a_helper_that_knows_nothing_leaves_the_next_file() {
    let sandbox = Sandbox::new();
    sandbox.program("docker-credential-mine", UNKNOWN);
    sandbox.write("helm.json", r#"{"credHelpers":{"h.io":"mine"}}"#);
    sandbox.write("docker.json", r#"{"auths":{"h.io":{"auth":"bWU6b25l"}}}"#);
    sandbox.check("h.io", &plain(), "`h.io` in docker.json");
}

#[test]
fn an_identity_token_is_recognised() {
    let sandbox = Sandbox::new();
    sandbox.program(
        "docker-credential-mine",
        r#"echo '{"Username":"<token>","Secret":"t"}'"#,
    );
    sandbox.write("helm.json", r#"{"credHelpers":{"h.io":"mine"}}"#);
    let source = "`h.io` in docker-credential-mine (credHelpers of helm.json)";
    sandbox.check("h.io", &Credential::IdentityToken("t".into()), source);
}

#[test]
fn docker_hub_is_asked_for_by_its_address() {
    let sandbox = Sandbox::new();
    sandbox.program("docker-credential-all", ANSWER);
    sandbox.write("helm.json", r#"{"credsStore":"all"}"#);
    assert_eq!(sandbox.lookup("docker.io/team/app").credential, helped());
    assert_eq!(sandbox.log(), "get https://index.docker.io/v1/\n");
}

/// A broken helper in Helm's file: it is named, and the file's own login is used.
#[track_caller]
fn check_broken(script: &str, expected: &str) {
    let sandbox = Sandbox::new();
    sandbox.program("docker-credential-bad", script);
    sandbox.write("helm.json", &config(r#""credHelpers":{"h.io":"bad"}"#));
    let warnings = sandbox.check_found("h.io/app", &plain(), "`h.io` in helm.json");
    let prefix = "a credential helper of `helm.json` is ignored: docker-credential-bad get failed: ";
    assert_eq!(warnings, [format!("{prefix}{expected}")]);
}

#[test]
fn case_19_a_broken_helper_warns_and_the_next_answers() {
    check_broken("echo no keyring >&2; exit 3", "exit status: 3: no keyring");
    check_broken(
        "echo on stdout; echo on stderr >&2; exit 1",
        "exit status: 1: on stdout",
    );
    check_broken("exit 1", "exit status: 1");
    check_broken("kill -SEGV $$", "signal: 11 (SIGSEGV)");
    check_broken(
        r#"echo '{"Username":"u","Secret":"hunter2"}'; exit 1"#,
        "exit status: 1",
    );
    let garbage = "its answer is not what the helper protocol prescribes";
    check_broken("echo hunter2", garbage);
    check_broken("true", garbage);
    check_broken(r#"echo '["u","hunter2"]'"#, garbage);
    check_broken(
        "yes hunter2 | head -c 2000000",
        "its answer is larger than 1024 KiB",
    );
}

#[test]
fn case_19_a_missing_helper_warns() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "helm.json",
        &config(r#""credHelpers":{"h.io":"absent"},"credsStore":"../bin/x""#),
    );
    let warnings = sandbox.check_found("h.io", &plain(), "`h.io` in helm.json");
    assert_eq!(
        warnings,
        [
            "a credential helper of `helm.json` is ignored: docker-credential-absent get failed: the program was not \
             found in PATH",
            "a credential helper of `helm.json` is ignored: docker-credential-../bin/x get failed: this is no name \
             of a program",
        ]
    );
}

#[test]
fn case_19_a_helper_that_hangs_is_killed() {
    let sandbox = Sandbox::new();
    sandbox.program("docker-credential-slow", "echo $$ >>\"$log\"; exec sleep 600");
    sandbox.write("helm.json", &config(r#""credHelpers":{"h.io":"slow"}"#));
    let limit = Duration::from_millis(300);
    let chain = sandbox.chain_with(sandbox.helpers_within(limit));
    let started = Instant::now();
    let lookup = chain.lookup(&key("h.io"));
    assert!(started.elapsed() >= limit && started.elapsed() < Duration::from_mins(1));
    assert_eq!(lookup.credential, plain());
    let warnings = sandbox.texts(&lookup.warnings);
    assert!(
        warnings[0].ends_with("docker-credential-slow get failed: it did not answer within 300ms"),
        "{warnings:?}"
    );

    let process = sandbox.log();
    assert!(!process.is_empty());
    let state = fs_err::read_to_string(format!("/proc/{}/stat", process.trim()));
    assert!(state.is_err(), "the helper still runs");
    assert!(!chain.lookup(&key("h.io")).warnings.is_empty());
    assert_eq!(sandbox.log(), process, "it was asked a second time");
}

#[test]
fn a_child_that_keeps_the_pipes_open_is_not_waited_for() {
    let sandbox = Sandbox::new();
    sandbox.program("docker-credential-mine", &format!("sleep 30 &\n{ANSWER}"));
    sandbox.write("helm.json", r#"{"credHelpers":{"h.io":"mine"}}"#);
    let started = Instant::now();
    assert_eq!(sandbox.lookup("h.io").credential, helped());
    assert!(started.elapsed() < Duration::from_secs(25));
}

#[test]
fn a_helper_need_not_read_its_input() {
    let sandbox = Sandbox::new();
    sandbox.program(
        "docker-credential-mine",
        r#"exec <&-; echo '{"Username":"helped","Secret":"s"}'"#,
    );
    sandbox.write("helm.json", r#"{"credsStore":"mine"}"#);
    assert_eq!(sandbox.lookup("h.io").credential, helped());
}

#[test]
fn a_helper_is_asked_once_for_each_host() {
    let sandbox = Sandbox::new();
    sandbox.program("docker-credential-all", ANSWER);
    sandbox.write("helm.json", r#"{"credsStore":"all"}"#);
    let chain = sandbox.chain();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(chain.lookup(&key("h.io/app")).credential, helped()));
        }
    });
    assert_eq!(chain.lookup(&key("g.io/app")).credential, helped());
    assert_eq!(sandbox.log(), "get h.io\nget g.io\n");
}

#[test]
#[cfg(target_os = "linux")]
fn the_native_store_serves_a_file_that_configures_nothing() {
    let sandbox = Sandbox::new();
    sandbox.program("docker-credential-secretservice", ANSWER);
    let source = "`h.io` in docker-credential-secretservice (found on this machine)";
    sandbox.check("h.io", &helped(), source);

    sandbox.program("docker-credential-pass", UNKNOWN);
    sandbox.check("h.io", &helped(), source);
    sandbox.program("pass", "true");
    sandbox.check("h.io", &Credential::Anonymous, "");

    sandbox.program("docker-credential-pass", ANSWER);
    for configured in [r#"{"auths":{"x.io":{}}}"#, r#"{"credHelpers":{"x.io":"y"}}"#] {
        sandbox.write("helm.json", configured);
        sandbox.write("docker.json", configured);
        sandbox.check("h.io", &Credential::Anonymous, "");
    }
}

#[test]
fn paths_that_a_helper_keeps_are_asked_for_first() {
    let sandbox = Sandbox::new();
    sandbox.program("docker-credential-all", UNKNOWN);
    let content = r#"{"auths":{"h.io":{},"h.io/g":{},"h.io/other":{},"h.io/g/app":{}},"credsStore":"all"}"#;
    sandbox.write("helm.json", content);
    sandbox.check("h.io/g/app", &Credential::Anonymous, "");
    assert_eq!(sandbox.log(), "get h.io/g/app\nget h.io/g\nget h.io\n");
}
