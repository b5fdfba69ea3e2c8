//! The isolation of commands, their output, and its snapshots.

use skeg_test_support::{FakeRegistry, TestContext, sha256_digest};
#[cfg(unix)]
use {skeg_test_support::skeg_snapshot, std::time::Duration};

#[test]
fn files_are_listed_relative_to_the_working_directory() {
    let context = TestContext::new("unused");
    assert!(context.files().is_empty());
    context.write("b/c.txt", "x");
    context.write("a.txt", "y");
    fs_err::create_dir(context.path("empty")).expect("because it is new");
    assert_eq!(context.files(), ["a.txt", "b/c.txt", "empty/"]);
    assert_eq!(context.read("a.txt"), b"y");
}

#[test]
fn root_is_removed_when_dropped() {
    let context = TestContext::new("unused");
    let root = context.root().to_owned();
    assert!(root.is_dir());
    drop(context);
    assert!(!root.exists());
}

#[cfg(unix)]
fn shell() -> TestContext {
    TestContext::new("/bin/sh")
}

#[cfg(unix)]
#[test]
fn environment_is_complete_and_nothing_else() {
    skeg_snapshot!(shell().run(["-c", "env | grep -v '^\\(PWD\\|_\\|SHLVL\\|OLDPWD\\)=' | sort"]), @r"
    COLUMNS=100
    DOCKER_CONFIG=[TMP]/home/.docker
    HOME=[TMP]/home
    KUBECONFIG=[TMP]/home/.kube/config
    LC_ALL=C
    NO_COLOR=1
    PATH=[TMP]/bin:/usr/bin:/bin
    TMPDIR=[TMP]/tmp
    TZ=UTC
    XDG_CACHE_HOME=[TMP]/home/.cache
    XDG_CONFIG_HOME=[TMP]/home/.config
    XDG_DATA_HOME=[TMP]/home/.local/share
    XDG_RUNTIME_DIR=[TMP]/run
    XDG_STATE_HOME=[TMP]/home/.local/state
    [exit status: 0]
    ");
}

#[cfg(unix)]
#[test]
fn output_shows_both_streams_and_the_status() {
    let context = shell();
    let command = context.command(["-c", "echo out; echo err >&2; exit 3"]);
    skeg_snapshot!(command, @r"
    out
    ----- stderr -----
    err
    [exit status: 3]
    ");
    skeg_snapshot!(context.run(["-c", "printf x"]), @r"
    x
    [no final newline]
    [exit status: 0]
    ");
    let output = context.run(["-c", "kill -9 $$"]);
    assert_eq!(output.to_string(), "[ended by a signal]\n");
}

#[cfg(unix)]
#[test]
fn filters_apply_to_snapshots_only() {
    let registry = FakeRegistry::start();
    let context = shell()
        .with_registry(&registry)
        .with_filter(r"took \d+", "took [N]");
    let digest = sha256_digest(b"x");
    let script = format!("echo {}/demo@{digest} in $PWD took 12", registry.host());
    let output = context.run(["-c", &script]).success();
    assert!(output.stdout().contains(&digest));
    skeg_snapshot!(&output, @r"
    [REGISTRY]/demo@[DIGEST] in [TMP]/work took [N]
    [exit status: 0]
    ");
}

#[test]
fn registry_host_is_replaced_as_a_literal() {
    let registry = FakeRegistry::start();
    let filters = skeg_test_support::Filters::standard().literal(registry.host(), "[REGISTRY]");
    assert_eq!(filters.apply(&registry.oci("a")), "oci://[REGISTRY]/a");
    assert_eq!(filters.apply(&sha256_digest(b"")), "[DIGEST]");
}

#[cfg(unix)]
#[test]
fn command_takes_input_variables_and_a_directory() {
    let context = shell().with_env("A", "1").with_source_date_epoch(7);
    let command = context
        .command(["-c", "cat; echo $A$B-$TZ-$SOURCE_DATE_EPOCH; pwd"])
        .env("B", "2")
        .without_env("TZ")
        .stdin("in\n")
        .current_dir(context.home());
    skeg_snapshot!(command, @r"
    in
    12--7
    [TMP]/home
    [exit status: 0]
    ");
}

#[cfg(unix)]
#[test]
fn large_outputs_do_not_block() {
    let script = "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2";
    let output = shell()
        .command(["-c", script])
        .stdin(vec![0; 1_000_000])
        .run()
        .success();
    assert_eq!(
        (output.stdout_bytes().len(), output.stderr().len()),
        (1_000_000, 1_000_000)
    );
}

#[cfg(unix)]
#[test]
fn hanging_command_fails_the_test() {
    let command = shell().command(["-c", "exec sleep 60"]);
    let run = std::panic::AssertUnwindSafe(|| command.time_limit(Duration::from_millis(100)).run());
    let panic = std::panic::catch_unwind(run).expect_err("because the command hangs");
    let message = panic.downcast_ref::<&str>().copied().unwrap_or_default();
    assert_eq!(message, "the command did not end within its time limit");
}

// A shell that is started with interrupts ignored, as in a background job, cannot catch them: `env` undoes that.
#[cfg(target_os = "linux")]
#[test]
fn running_command_can_be_interrupted() {
    let context = TestContext::new("/usr/bin/env");
    let script = "trap 'echo caught; exit 5' INT; echo ready >started; while :; do sleep 0.01; done";
    let running = context
        .command(["--default-signal=INT", "sh", "-c", script])
        .start();
    while !context.path("started").exists() {
        std::thread::yield_now();
    }
    running.interrupt();
    skeg_snapshot!(running.wait(), @r"
    caught
    [exit status: 5]
    ");
}

#[cfg(unix)]
#[test]
fn unexpected_status_shows_the_output() {
    let output = shell().run(["-c", "echo why >&2; exit 1"]);
    let copy = output.clone().failure();
    assert_eq!((copy.status(), copy.duration().is_zero()), (Some(1), false));
    let panic = std::panic::catch_unwind(|| output.success()).expect_err("because it failed");
    let message = panic.downcast_ref::<String>().cloned().unwrap_or_default();
    assert!(message.contains("why\n[exit status: 1]"), "{message}");
}
