//! Case 46: no secret reaches standard output, standard error, or an argument list, however much is told.

use skeg_test_support::{FakeRegistry, Fault, LocationStyle, TestContext, TokenServer};

use crate::support::{context_with, publish, write_archive};

/// The password; and the same in the form in which it is sent.
const PASSWORD: &str = "s3cr3t-word";
const SENT_PASSWORD: &str = "YWRhOnMzY3IzdC13b3Jk";
const IDENTITY: &str = "identity-t0ken";

/// What must not be seen: the tokens of the token server and the signature of the storage too.
const SECRETS: [&str; 7] = [
    PASSWORD,
    SENT_PASSWORD,
    IDENTITY,
    "aWRlbnRpdHktdDBrZW4",
    "token-1",
    "signature=secret",
    "a%2Bb%2Fupload",
];

/// The registries to speak to: by Basic, by Bearer, with an identity token, with storage behind signed URLs, and failing.
fn registries() -> Vec<FakeRegistry> {
    let basic = || FakeRegistry::builder().basic_auth("ada", PASSWORD);
    let server = || TokenServer::new().user("ada", PASSWORD).identity_token(IDENTITY);
    let refused = Fault::status(403)
        .body("the signature does not match")
        .on("GET", "signature");
    let registries = vec![
        basic().start(),
        basic().location_style(LocationStyle::WithState).start(),
        basic().redirect_blobs_to_store().start(),
        basic().redirect_blobs_to_store().fault(refused).start(),
        FakeRegistry::builder().bearer_auth(server()).start(),
        FakeRegistry::builder()
            .bearer_auth(server().refuse_post())
            .start(),
        FakeRegistry::builder()
            .bearer_auth(server())
            .redirect_blobs_to_store()
            .fault(Fault::status(503).once().on_target("/token"))
            .start(),
        basic().fault(Fault::html().on_target("/manifests/")).start(),
        basic()
            .fault(Fault::redirect_to("http://u:s3cr3t-word@[::1").on("GET", "/blobs/"))
            .start(),
        basic().fault(Fault::status(500).on("PUT", "/blobs/")).start(),
        FakeRegistry::builder()
            .bearer_auth(server())
            .fault(Fault::error(400, "DENIED", "no").on_target("/token"))
            .start(),
    ];
    for registry in &registries {
        publish(registry, "charts/demo", "1.2.3");
    }
    registries
}

/// Every command that speaks to a registry, with and without success.
fn commands(registry: &FakeRegistry) -> Vec<Vec<String>> {
    let chart = registry.oci("charts/demo");
    let exact = format!("{chart}:1.2.3");
    let lines = [
        format!("pull {exact}"),
        format!("pull {chart} --version ^1"),
        format!("push demo-1.2.4.tgz {}", registry.oci("charts")),
        format!("show all {exact}"),
        format!("show values {chart}"),
        format!("template x {exact}"),
        format!("tags {chart} --long"),
        format!("search {} demo", registry.oci("charts")),
        format!("resolve {exact}"),
        format!("inspect {exact}"),
        format!("discover {exact}"),
        format!("registry whoami {}", registry.host()),
        format!("registry ping {}", registry.host()),
        format!("registry capabilities {}", registry.host()),
        format!("config show {}", registry.host()),
        "registry list".to_owned(),
        format!("pull {chart}:9.9.9"),
    ];
    let lines = lines.into_iter().chain(writing_commands(registry));
    let last = format!("registry logout {}", registry.host());
    lines
        .chain([last])
        .map(|line| line.split(' ').map(str::to_owned).collect())
        .collect()
}

/// The same for those that copy, change and compare; `charts/other` takes what they write.
fn writing_commands(registry: &FakeRegistry) -> Vec<String> {
    let (chart, other) = (registry.oci("charts/demo"), registry.oci("charts/other"));
    let exact = format!("{chart}:1.2.3");
    vec![
        format!("copy {exact} {other}"),
        format!("copy {chart} {other} --all --referrers"),
        format!("copy {exact} oci-layout://layout/demo"),
        format!("copy {chart}:9.9.9 {other}"),
        format!("copy {exact} {other} --username ada --password {PASSWORD}"),
        "sync sync.yaml".to_owned(),
        "sync sync.yaml --dry-run -o json".to_owned(),
        format!("tag {exact} stable"),
        format!("attach {exact} sbom.json --type application/spdx+json"),
        format!("discover {exact}"),
        format!("diff {exact} {other}:1.2.3"),
        format!("diff {exact} {exact} --rendered -o json"),
        format!("untag {chart}:stable --yes"),
        format!("untag {other}:1.2.3 --yes"),
        format!("delete {other}:stable --yes"),
        format!("delete {other}:9.9.9 --yes"),
        format!("delete {exact}"),
        format!(
            "registry capabilities {}/charts/demo --probe-write",
            registry.host()
        ),
        "cache info -o json".to_owned(),
        "cache list -o json".to_owned(),
        "cache verify".to_owned(),
        "cache prune".to_owned(),
        "cache clean".to_owned(),
    ]
}

/// What these commands read.
fn write_inputs(context: &TestContext, registry: &FakeRegistry) {
    write_archive(context, "1.2.4");
    context.write("sbom.json", "{}");
    let (from, to) = (registry.oci("charts/demo"), registry.oci("mirror"));
    context.write(
        "sync.yaml",
        format!("destination: {to}\nreferrers: true\ncharts:\n- {from}\n"),
    );
}

#[track_caller]
fn check_silent(context: &TestContext, arguments: &[String], stdin: &str) {
    let command = context.command(arguments).arg("--debug").env("RUST_LOG", "trace");
    let output = command.stdin(stdin).run();
    let told = format!("{}\n{}", output.stdout(), output.stderr());
    for secret in SECRETS {
        assert!(!told.contains(secret), "{secret} after {arguments:?}: {output}");
    }
}

#[test]
fn case_46_no_command_tells_a_secret() {
    for registry in registries() {
        let context = context_with(&registry);
        write_inputs(&context, &registry);
        for auth in [
            format!(r#""auth":"{SENT_PASSWORD}""#),
            format!(r#""auth":"","identitytoken":"{IDENTITY}""#),
        ] {
            for arguments in commands(&registry) {
                // Logging out forgets it.
                context.write_docker_config(&format!(r#"{{"auths":{{"{}":{{{auth}}}}}}}"#, registry.host()));
                check_silent(&context, &arguments, "");
            }
        }
        for password in [PASSWORD, "s3cr3t-word-that-is-wrong"] {
            let login = [
                "registry",
                "login",
                registry.host(),
                "--username=ada",
                "--password-stdin",
            ];
            check_silent(&context, &login.map(str::to_owned), &format!("{password}\n"));
        }
    }
}

#[cfg(target_os = "linux")]
mod helpers {
    use std::time::Duration;

    use skeg_test_support::CredentialHelper;

    use super::*;

    fn with_helper(registry: &FakeRegistry, helper: CredentialHelper) -> TestContext {
        let context = context_with(registry);
        helper.install(context.bin());
        write_inputs(&context, registry);
        context.write_docker_config(r#"{"credsStore":"test"}"#);
        context
    }

    #[test]
    fn case_46_failing_helpers_tell_no_secret() {
        let registry = FakeRegistry::builder().basic_auth("ada", PASSWORD).start();
        publish(&registry, "charts/demo", "1.2.3");
        let helper = || CredentialHelper::new("test");
        let answer = format!(r#"{{"ServerURL":"x","Username":"ada","Secret":"{PASSWORD}""#);
        for helper in [
            helper().credential(registry.host(), "ada", PASSWORD),
            helper().credential(registry.host(), "<token>", IDENTITY),
            helper().prints(&answer),
            helper().prints(&format!(r#"{answer},"More":1}} {PASSWORD}"#)),
        ] {
            let context = with_helper(&registry, helper);
            for arguments in commands(&registry) {
                check_silent(&context, &arguments, "");
            }
        }
    }

    /// The arguments of every process that can be seen, but of the test's own.
    fn argument_lists() -> Vec<String> {
        let processes = fs_err::read_dir("/proc").expect("because Linux has it");
        let lists = processes.filter_map(|process| fs_err::read(process.ok()?.path().join("cmdline")).ok());
        lists
            .map(|list| String::from_utf8_lossy(&list).replace('\0', " "))
            .collect()
    }

    /// Looks at the processes until something has happened, and a while longer.
    #[track_caller]
    fn watch(secrets: &[&str], has_happened: impl Fn() -> bool) {
        let look = || {
            let lists = argument_lists();
            let is_told = |list: &String| secrets.iter().any(|secret| list.contains(secret));
            assert!(!lists.iter().any(is_told), "{lists:?}");
        };
        while !has_happened() {
            look();
        }
        (0..50).for_each(|_| look());
    }

    /// They hang where they write, with what a helper has told them.
    #[test]
    fn case_46_no_process_that_writes_has_a_secret_among_its_arguments() {
        let secrets = ["told-by-helper", "YWRhOnRvbGQtYnktaGVscGVy"];
        let registry = FakeRegistry::builder().basic_auth("ada", secrets[0]).start();
        publish(&registry, "charts/demo", "1.2.3");
        let (chart, other) = (registry.oci("charts/demo:1.2.3"), registry.oci("charts/other"));
        for (line, method) in [
            (format!("copy {chart} {other}"), "PUT"),
            ("sync sync.yaml".to_owned(), "PUT"),
            (format!("tag {chart} stable"), "PUT"),
            (format!("attach {chart} sbom.json --type a/b"), "PUT"),
            (format!("delete {chart} --yes"), "DELETE"),
            (format!("untag {chart} --yes"), "DELETE"),
        ] {
            registry.clear_faults();
            registry.add_fault(Fault::no_response_headers().on(method, ""));
            registry.clear_requests();
            let helper = CredentialHelper::new("test").credential(registry.host(), "ada", secrets[0]);
            let context = with_helper(&registry, helper);
            let command = context.command(line.split(' ')).arg("--debug");
            let mut running = command.time_limit(Duration::from_mins(1)).start();
            watch(&secrets, || registry.requests().count(method, "") > 0);
            running.kill();
            let output = running.wait();
            let told = format!("{}{}", output.stdout(), output.stderr());
            assert!(!secrets.iter().any(|secret| told.contains(secret)), "{output}");
        }
    }

    #[test]
    fn case_46_no_process_has_a_secret_among_its_arguments() {
        let registry = FakeRegistry::builder()
            .basic_auth("ada", "known-by-input")
            .start();
        let context = with_helper(&registry, CredentialHelper::new("test").hangs());
        let helm = context.home().join(".config/helm/registry/config.json");
        context.write(helm, r#"{"credsStore":"test"}"#);
        let login = [
            "registry",
            "login",
            registry.host(),
            "--username=ada",
            "--password-stdin",
        ];
        let mut running = context
            .command(login)
            .stdin("known-by-input\n")
            .time_limit(Duration::from_mins(1))
            .start();
        // The login was accepted: the helper is being told of it.
        watch(&["known-by-input"], || {
            let requests = registry.requests();
            requests.iter().any(|request| request.status == Some(200))
        });
        running.kill();
        let output = running.wait();
        assert!(!output.stderr().contains("known-by-input"), "{output}");
    }
}
