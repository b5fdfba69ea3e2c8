//! Credential helper scripts speak the protocol.

use std::time::Duration;

use skeg_test_support::{CredentialHelper, InstalledHelper, TestContext, skeg_snapshot};

fn call(helper: &InstalledHelper, action: &str, input: &str) -> skeg_test_support::CommandOutput {
    let context = TestContext::new(helper.path());
    context.command([action]).stdin(input).run()
}

#[test]
fn known_credentials_are_returned() {
    let context = TestContext::new("unused");
    let helper = CredentialHelper::new("fake")
        .credential("https://registry.example/v1/", "ada", "it's \"secret\"")
        .install(context.bin());
    skeg_snapshot!(call(&helper, "get", "https://registry.example/v1/"), @r#"
    {"ServerURL":"https://registry.example/v1/","Username":"ada","Secret":"it's \"secret\""}
    [no final newline]
    [exit status: 0]
    "#);
    skeg_snapshot!(call(&helper, "get", "other.example"), @r"
    credentials not found in native keychain
    [exit status: 1]
    ");
    assert_eq!(
        helper.calls(),
        ["get https://registry.example/v1/", "get other.example"]
    );
}

#[test]
fn stored_credentials_are_listed_and_erased() {
    let context = TestContext::new("unused");
    let helper = CredentialHelper::new("fake").install(context.bin());
    assert!(helper.calls().is_empty());
    let json = r#"{"ServerURL":"host:5000","Username":"u","Secret":"p"}"#;
    call(&helper, "store", json).success();
    assert_eq!(call(&helper, "get", "host:5000").success().stdout(), json);
    call(
        &helper,
        "store",
        r#"{"ServerURL": "b.example", "Username": "v", "Secret": ""}"#,
    );
    let list = call(&helper, "list", "unused").success();
    assert_eq!(list.stdout(), "{\"b.example\":\"v\",\"host:5000\":\"u\"}\n");
    call(&helper, "erase", "host:5000").success();
    call(&helper, "erase", "host:5000").failure();
    call(&helper, "get", "host:5000").failure();
}

#[test]
fn helper_is_found_in_the_path() {
    let context = TestContext::new("/bin/sh");
    CredentialHelper::new("fake").install(context.bin());
    context
        .run(["-c", "docker-credential-fake list </dev/null"])
        .success();
}

#[test]
fn helper_can_warn_fail_lie_and_hang() {
    let context = TestContext::new("unused");
    let install = |helper: CredentialHelper| helper.install(context.bin());
    let failing = install(
        CredentialHelper::new("a")
            .warns("it's old")
            .fails("no session bus", 7),
    );
    skeg_snapshot!(call(&failing, "get", "x"), @r"
    no session bus
    ----- stderr -----
    it's old
    [exit status: 7]
    ");
    let lying = install(CredentialHelper::new("b").prints("<html>"));
    assert_eq!(call(&lying, "get", "x").success().stdout(), "<html>\n");
    let hanging = install(CredentialHelper::new("c").hangs());
    let running = TestContext::new(hanging.path());
    let command = running.command(["get"]).time_limit(Duration::from_millis(200));
    let run = std::panic::AssertUnwindSafe(|| command.run());
    assert!(std::panic::catch_unwind(run).is_err());
    assert_eq!(hanging.calls(), ["get "]);
}
