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
        format!("registry logout {}", registry.host()),
        format!("pull {chart}:9.9.9"),
    ];
    lines
        .iter()
        .map(|line| line.split(' ').map(str::to_owned).collect())
        .collect()
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
        write_archive(&context, "1.2.4");
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
        write_archive(&context, "1.2.4");
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
        let mut seen = false;
        while !seen {
            let lists = argument_lists();
            assert!(
                !lists.iter().any(|list| list.contains("known-by-input")),
                "{lists:?}"
            );
            // The login was accepted: the helper is being told of it.
            seen = registry
                .requests()
                .iter()
                .any(|request| request.status == Some(200));
        }
        for _ in 0..50 {
            let lists = argument_lists();
            assert!(
                !lists.iter().any(|list| list.contains("known-by-input")),
                "{lists:?}"
            );
        }
        running.kill();
        let output = running.wait();
        assert!(!output.stderr().contains("known-by-input"), "{output}");
    }
}
