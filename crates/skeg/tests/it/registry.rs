//! `skeg registry`: login, logout, list.

use skeg_test_support::{FakeRegistry, Fault, TestContext, TokenServer, skeg_snapshot};

use crate::support::{context, context_with};

/// Helm's file of logins.
fn logins(context: &TestContext) -> String {
    let path = context.home().join(".config/helm/registry/config.json");
    fs_err::read_to_string(path).unwrap_or_default()
}

fn protected() -> FakeRegistry {
    FakeRegistry::builder().basic_auth("ada", "secret").start()
}

#[test]
fn a_login_is_checked_and_kept() {
    let registry = protected();
    let context = context_with(&registry);
    let login = context.command([
        "registry",
        "login",
        registry.host(),
        "-u",
        "ada",
        "--password-stdin",
    ]);
    skeg_snapshot!(login.arg("--plain-http").stdin("secret\n"), @"
    Login Succeeded
    [exit status: 0]
    ");
    assert_eq!(
        logins(&context),
        format!(
            "{{\n\t\"auths\": {{\n\t\t\"{}\": {{\n\t\t\t\"auth\": \"YWRhOnNlY3JldA==\"\n\t\t}}\n\t}}\n}}",
            registry.host()
        )
    );
}

/// The arguments that log in with what [`protected`] knows.
fn login(host: &str) -> [&str; 8] {
    [
        "registry",
        "login",
        host,
        "-u",
        "ada",
        "-p",
        "secret",
        "--plain-http",
    ]
}

#[test]
fn a_scheme_in_front_of_the_registry_is_no_part_of_it() {
    let registry = protected();
    let context = context_with(&registry);
    for scheme in ["oci://", "https://", "http://"] {
        let host = format!("{scheme}{}/", registry.host());
        context.run(login(&host)).success();
        assert!(
            logins(&context).contains(&format!("\"{}\": {{", registry.host())),
            "{scheme}"
        );
        context.run(["registry", "logout", &host]).success();
        assert!(!logins(&context).contains(registry.host()), "{scheme}");
    }
}

#[test]
fn a_token_service_that_is_broken_is_not_a_question_of_logins() {
    let registry = FakeRegistry::builder()
        .bearer_auth(TokenServer::new().user("ada", "secret").same_origin())
        .start();
    registry.add_fault(Fault::status(500).on_target("/token"));
    let context = context_with(&registry);
    let output = context
        .run(["tags", &registry.oci("charts/demo"), "--plain-http"])
        .failure();
    let stderr = output.stderr();
    assert!(stderr.contains("hint: the token service is at fault"), "{stderr}");
    assert!(!stderr.contains("log in"), "{stderr}");
}

#[test]
#[cfg(unix)]
fn logins_can_be_read_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let registry = protected();
    let context = context_with(&registry);
    context.run(login(registry.host())).success();
    let path = context.home().join(".config/helm/registry/config.json");
    assert_eq!(
        fs_err::metadata(path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn a_password_on_the_command_line_is_warned_about() {
    let registry = protected();
    let context = context_with(&registry);
    skeg_snapshot!(context.command(login(registry.host())), @r#"
    Login Succeeded
    ----- stderr -----
    level=WARN msg="using --password via the CLI is insecure. Use --password-stdin"
    [exit status: 0]
    "#);
}

#[test]
fn case_17_a_wrong_password_is_not_kept() {
    let registry = protected();
    let context = context_with(&registry);
    let login = context.command([
        "registry",
        "login",
        registry.host(),
        "-u",
        "ada",
        "--password-stdin",
    ]);
    skeg_snapshot!(login.arg("--plain-http").stdin("wrong"), @r#"
    ----- stderr -----
    Error: authenticating to "[REGISTRY]": `[REGISTRY]` refuses the given credential: GET "http://[REGISTRY]/v2/": response status code 401: unauthorized: authentication required
    hint: check the user name and the password; many registries want an access token as password
    [exit status: 1]
    "#);
    assert_eq!(logins(&context), "");
}

#[test]
fn a_wrong_password_is_told_by_a_token_server_too() {
    let registry = FakeRegistry::builder()
        .bearer_auth(TokenServer::new().user("ada", "secret"))
        .start();
    let context = context_with(&registry);
    let login = |password: &str| {
        let command = context.command([
            "registry",
            "login",
            registry.host(),
            "-u",
            "ada",
            "--password-stdin",
        ]);
        command.arg("--plain-http").stdin(password)
    };
    let output = login("wrong").run().failure();
    assert!(
        output
            .stderr()
            .contains("hint: check the user name and the password"),
        "{output}"
    );
    login("secret").run().success();
}

#[test]
fn without_a_terminal_nothing_is_asked() {
    let context = context();
    skeg_snapshot!(context.command(["registry", "login", "localhost:1"]), @"
    ----- stderr -----
    Error: cannot ask for the login: standard input is not a terminal
    hint: give `--username NAME --password-stdin` and write the password to standard input
    [exit status: 1]
    ");
    skeg_snapshot!(context.command(["registry", "login", "localhost:1", "-u", "ada"]), @"
    ----- stderr -----
    Error: cannot ask for the login: standard input is not a terminal
    hint: give `--username NAME --password-stdin` and write the password to standard input
    [exit status: 1]
    ");
    skeg_snapshot!(context.command(["registry", "login", "localhost:1", "-u", "ada", "--password-stdin"]), @"
    ----- stderr -----
    Error: the password is empty
    hint: give it by `--password-stdin`
    [exit status: 1]
    ");
}

#[test]
fn hosts_that_are_none() {
    let context = context();
    let login = |host: &str| {
        context
            .command(["registry", "login", host, "-u", "a", "--password-stdin"])
            .stdin("b")
    };
    skeg_snapshot!(login("bad host"), @r#"
    ----- stderr -----
    Error: invalid registry "bad host"
    hint: name a registry as `HOST[:PORT]`, or a part of it as `HOST[:PORT]/PATH`
    [exit status: 1]
    "#);
    skeg_snapshot!(login("ftp://example.com"), @r#"
    ----- stderr -----
    Error: invalid repository "/example.com"
    hint: name a registry as `HOST[:PORT]`, or a part of it as `HOST[:PORT]/PATH`
    [exit status: 1]
    "#);
    skeg_snapshot!(login(""), @r#"
    ----- stderr -----
    Error: invalid registry ""
    hint: name a registry as `HOST[:PORT]`, or a part of it as `HOST[:PORT]/PATH`
    [exit status: 1]
    "#);
    assert_eq!(logins(&context), "");
}

#[test]
fn nobody_listens() {
    let context = context().with_filter(r"\d\.\d s", "[SECONDS] s");
    let login = context
        .command(["registry", "login", "127.0.0.1:1", "-u", "a", "--password-stdin"])
        .stdin("b");
    skeg_snapshot!(login, @r#"
    ----- stderr -----
    Error: authenticating to "127.0.0.1:1": GET "https://127.0.0.1:1/v2/": connection refused
    hint: is the registry running, and is the port right?
    [exit status: 1]
    "#);
}

#[test]
fn a_login_can_be_for_a_path() {
    let registry = protected();
    let context = context_with(&registry);
    let target = format!("{}/team", registry.host());
    let login = context.command([
        "registry",
        "login",
        &target,
        "-u",
        "ada",
        "--password-stdin",
        "--plain-http",
    ]);
    login.stdin("secret").run().success();
    assert!(logins(&context).contains("/team\": {"), "{}", logins(&context));
    skeg_snapshot!(context.command(["registry", "list"]), @"
    REGISTRY            	USERNAME	KIND    	SOURCE
    [REGISTRY]/team	ada     	password	[TMP]/home/.config/helm/registry/config.json
    [exit status: 0]
    ");
}

#[test]
fn what_is_in_the_file_is_kept() {
    let registry = protected();
    let context = context_with(&registry);
    let path = context.home().join(".config/helm/registry/config.json");
    context.write(
        &path,
        r#"{"psFormat":"x","auths":{"other.example":{"auth":"YTpi","more":1}}}"#,
    );
    context.run(login(registry.host())).success();
    context.run(["registry", "logout", registry.host()]).success();
    let left: serde_json::Value = serde_json::from_str(&logins(&context)).unwrap();
    assert_eq!(left["psFormat"], "x");
    assert_eq!(left["auths"]["other.example"]["more"], 1);
    assert_eq!(left["auths"].as_object().unwrap().len(), 1);
}

#[test]
fn a_file_that_is_broken_is_not_overwritten() {
    let registry = protected();
    let context = context_with(&registry);
    let path = context.write("logins.json", "{ not json");
    let login = context.command([
        "registry",
        "login",
        registry.host(),
        "-u",
        "ada",
        "--password-stdin",
        "--plain-http",
    ]);
    skeg_snapshot!(login.arg("--registry-config").arg(path).stdin("secret"), @"
    ----- stderr -----
    Error: `[TMP]/work/logins.json` is not a valid registry configuration: line 1, column 3: key must be a string
    [exit status: 1]
    ");
    assert_eq!(context.read("logins.json"), b"{ not json");
}

#[test]
fn logging_out_forgets() {
    let registry = protected();
    let context = context_with(&registry);
    context.run(login(registry.host())).success();
    skeg_snapshot!(context.command(["registry", "logout", registry.host()]), @"
    Removing login credentials for [REGISTRY]
    [exit status: 0]
    ");
    assert_eq!(logins(&context), "{\n\t\"auths\": {}\n}");
}

#[test]
fn logging_out_of_nothing_is_no_failure() {
    let context = context();
    skeg_snapshot!(context.command(["registry", "logout", "example.com"]), @"
    Removing login credentials for example.com
    [exit status: 0]
    ");
    skeg_snapshot!(context.command(["registry", "logout", "bad host"]), @r#"
    ----- stderr -----
    Error: invalid registry "bad host"
    hint: name a registry as `HOST[:PORT]`, or a part of it as `HOST[:PORT]/PATH`
    [exit status: 1]
    "#);
    assert_eq!(logins(&context), "");
}

#[test]
fn a_login_that_remains_elsewhere_is_told() {
    let context = context();
    context.write_docker_config(r#"{"auths":{"example.com":{"auth":"YTpi"}}}"#);
    skeg_snapshot!(context.command(["registry", "logout", "example.com"]), @r#"
    Removing login credentials for example.com
    ----- stderr -----
    level=WARN msg="a login for example.com is still found: `example.com` in [TMP]/home/.docker/config.json"
    [exit status: 0]
    "#);
}

#[test]
fn the_list_shows_where_logins_come_from_and_no_secret() {
    let context = context();
    context.write(
        context.home().join(".config/helm/registry/config.json"),
        r#"{"auths":{"helm.example":{"auth":"YWRhOnNlY3JldA=="}}}"#,
    );
    context.write_docker_config(r#"{"auths":{"docker.example":{"identitytoken":"secret"},"https://index.docker.io/v1/":{"auth":"YWRhOnNlY3JldA=="}}}"#);
    context.write(
        context.root().join("run/containers/auth.json"),
        r#"{"auths":{"podman.example/team":{"auth":"Ym9iOnNlY3JldA=="}}}"#,
    );
    let output = context.run(["registry", "list"]).success();
    assert!(
        !output.to_string().contains("secret") && !output.to_string().contains("c2VjcmV0"),
        "{output}"
    );
    skeg_snapshot!(&output, @"
    REGISTRY                   	USERNAME	KIND          	SOURCE
    helm.example               	ada     	password      	[TMP]/home/.config/helm/registry/config.json
    docker.example             	-       	identity token	[TMP]/home/.docker/config.json
    https://index.docker.io/v1/	ada     	password      	[TMP]/home/.docker/config.json
    podman.example/team        	bob     	password      	[TMP]/run/containers/auth.json
    [exit status: 0]
    ");
    skeg_snapshot!(context.command(["registry", "list", "-o", "json"]), @r#"
    [
      {
        "registry": "helm.example",
        "username": "ada",
        "kind": "password",
        "source": "[TMP]/home/.config/helm/registry/config.json"
      },
      {
        "registry": "docker.example",
        "username": null,
        "kind": "identity token",
        "source": "[TMP]/home/.docker/config.json"
      },
      {
        "registry": "https://index.docker.io/v1/",
        "username": "ada",
        "kind": "password",
        "source": "[TMP]/home/.docker/config.json"
      },
      {
        "registry": "podman.example/team",
        "username": "bob",
        "kind": "password",
        "source": "[TMP]/run/containers/auth.json"
      }
    ]
    [exit status: 0]
    "#);
}

#[test]
fn an_empty_list() {
    skeg_snapshot!(context().command(["registry", "list"]), @"
    ----- stderr -----
    no logins to show
    [exit status: 0]
    ");
    skeg_snapshot!(context().command(["registry", "ls", "-o", "json"]), @"
    []
    [exit status: 0]
    ");
}

#[test]
#[cfg(unix)]
fn a_login_goes_to_the_helper_that_is_configured() {
    let registry = protected();
    let context = context_with(&registry);
    let helper = skeg_test_support::CredentialHelper::new("fake").install(context.bin());
    context.write(
        context.home().join(".config/helm/registry/config.json"),
        r#"{"credsStore":"fake"}"#,
    );
    context.run(login(registry.host())).success();
    assert!(
        helper.calls().iter().any(|call| call.starts_with("store ")),
        "{:?}",
        helper.calls()
    );
    assert!(!logins(&context).contains("\"auth\""), "{}", logins(&context));
    skeg_snapshot!(context.command(["registry", "list"]), @"
    REGISTRY       	USERNAME	KIND    	SOURCE
    [REGISTRY]	ada     	password	docker-credential-fake, named by [TMP]/home/.config/helm/registry/config.json
    [exit status: 0]
    ");
    context.run(["registry", "logout", registry.host()]).success();
    assert!(
        helper.calls().iter().any(|call| call.starts_with("erase ")),
        "{:?}",
        helper.calls()
    );
}
