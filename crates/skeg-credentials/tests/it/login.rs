//! What a login writes and a logout removes.

use skeg_credentials::{Credential, LoginError};

use crate::support::{Sandbox, key, names_in};

fn me() -> Credential {
    Credential::basic("u", "p")
}

/// What Helm 4.3.1 writes for the user `u` with the password `p`.
const FRESH: &str = "{\n\t\"auths\": {\n\t\t\"127.0.0.1:18952\": {\n\t\t\t\"auth\": \"dTpw\"\n\t\t}\n\t}\n}";

#[track_caller]
fn login(sandbox: &Sandbox, target: &str) -> String {
    let outcome = sandbox.store().login(&key(target), &me()).unwrap();
    assert_eq!(sandbox.texts(&outcome.warnings), [""; 0]);
    outcome.stored_in.key
}

#[test]
fn case_17_a_fresh_file_has_the_bytes_of_helm() {
    let sandbox = Sandbox::new();
    login(&sandbox, "127.0.0.1:18952");
    assert_eq!(sandbox.read("helm.json"), FRESH);
    let outcome = sandbox.store().logout(&key("127.0.0.1:18952")).unwrap();
    assert!(outcome.removed && outcome.remaining.is_empty());
    assert_eq!(sandbox.read("helm.json"), "{\n\t\"auths\": {}\n}");
    assert!(!sandbox.store().logout(&key("127.0.0.1:18952")).unwrap().removed);
}

#[test]
fn an_empty_file_is_filled() {
    for content in ["", " \n", "{}", r#"{"auths":null}"#] {
        let sandbox = Sandbox::new();
        sandbox.write("helm.json", content);
        login(&sandbox, "127.0.0.1:18952");
        assert_eq!(sandbox.read("helm.json"), FRESH);
    }
}

#[test]
fn case_20_everything_else_stays_as_it_was() {
    let sandbox = Sandbox::new();
    let others = concat!(
        "{\n\t\"zeta\": 1.0,\n\t\"auths\": {\n\t\t\"z.io\": {\n\t\t\t\"email\": \"\\u00e4\",\n\t\t\t\"n\": 1e400\n\t\t},",
        "\n\t\t\"h.io\": {\n\t\t\t\"email\": \"me\"ENTRY\n\t\t},",
        "\n\t\t\"a.io\": 7\n\t},\n\t\"HttpHeaders\": {\n\t\t\"A\": \"<&>\"\n\t}\n}",
    );
    let old = ",\n\t\t\t\"username\": \"x\",\n\t\t\t\"password\": \"y\",\n\t\t\t\"identitytoken\": \"t\"";
    sandbox.write("helm.json", &others.replace("ENTRY", old));
    login(&sandbox, "h.io");
    assert_eq!(
        sandbox.read("helm.json"),
        others.replace("ENTRY", ",\n\t\t\t\"auth\": \"dTpw\"")
    );
}

#[test]
fn keys_are_those_of_helm_and_podman() {
    let sandbox = Sandbox::new();
    assert_eq!(login(&sandbox, "docker.io"), "https://index.docker.io/v1/");
    assert_eq!(login(&sandbox, "h.io/team/charts"), "h.io/team/charts");
    sandbox.check("h.io/team/charts/app", &me(), "`h.io/team/charts` in helm.json");
    sandbox.check("h.io/team", &Credential::Anonymous, "");
}

#[test]
fn tokens_are_stored_in_their_own_fields() {
    let sandbox = Sandbox::new();
    for credential in [
        Credential::IdentityToken("t".into()),
        Credential::RegistryToken("r".into()),
        me(),
    ] {
        sandbox.store().login(&key("h.io"), &credential).unwrap();
        sandbox.check("h.io", &credential, "`h.io` in helm.json");
    }
}

#[test]
fn what_a_file_cannot_hold_is_refused() {
    let sandbox = Sandbox::new();
    let refused = |credential| sandbox.store().login(&key("h.io"), &credential).unwrap_err();
    assert!(matches!(refused(Credential::Anonymous), LoginError::Anonymous));
    assert!(matches!(
        refused(Credential::basic("a:b", "p")),
        LoginError::ColonInUsername
    ));
    assert!(!sandbox.path("helm.json").exists());
}

#[test]
fn a_malformed_file_is_left_alone() {
    let sandbox = Sandbox::new();
    sandbox.write("helm.json", "{\n\"auths\": }");
    let expected = "`helm.json` is not a valid registry configuration: line 2, column 10: expected value";
    let error = sandbox.store().login(&key("h.io"), &me()).unwrap_err();
    assert_eq!(sandbox.text(&error), expected);
    let error = sandbox.store().logout(&key("h.io")).unwrap_err();
    assert_eq!(sandbox.text(&error), expected);
    assert_eq!(sandbox.read("helm.json"), "{\n\"auths\": }");
}

#[test]
fn a_logout_tells_what_remains() {
    let sandbox = Sandbox::new();
    let host = r#"{"auths":{"https://h.io/v1/":{"auth":"dTpw"}}}"#;
    sandbox.write("docker.json", host);
    sandbox.write(
        "helm.json",
        r#"{"auths":{"h.io":{"auth":"dTpw"},"http://h.io":{"auth":"dTpw"},"h.io/g":{"auth":"dTpw"}}}"#,
    );
    let outcome = sandbox.store().logout(&key("h.io")).unwrap();
    assert!(outcome.removed);
    let remaining: Vec<&str> = outcome
        .remaining
        .iter()
        .map(|source| source.key.as_str())
        .collect();
    assert_eq!(remaining, ["https://h.io/v1/"]);
    assert_eq!(sandbox.read("docker.json"), host);
    sandbox.check("h.io/g", &me(), "`h.io/g` in helm.json");

    let outcome = sandbox.store().logout(&key("h.io")).unwrap();
    assert!(!outcome.removed && outcome.remaining.len() == 1);
}

#[test]
fn a_logout_makes_no_file() {
    let sandbox = Sandbox::new();
    assert!(!sandbox.store().logout(&key("h.io")).unwrap().removed);
    assert!(!sandbox.path(".helm.json.lock").exists() && !sandbox.path("helm.json").exists());
}

#[test]
fn directories_are_made_and_no_temporary_file_is_left() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("new/registry/config.json");
    skeg_credentials::LoginStore::new(&path, sandbox.chain())
        .login(&key("h.io"), &me())
        .unwrap();
    assert_eq!(
        names_in(path.parent().unwrap()),
        [".config.json.lock", "config.json"]
    );
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("file", "");
    let path = sandbox.path("file/config.json");
    let store = skeg_credentials::LoginStore::new(&path, sandbox.chain());
    let error = sandbox.text(&store.login(&key("h.io"), &me()).unwrap_err());
    assert!(error.contains("file/config.json"), "{error}");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn mode(sandbox: &Sandbox, name: &str) -> u32 {
        fs_err::metadata(sandbox.path(name)).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn case_17_a_new_file_is_private_and_an_old_one_keeps_its_mode() {
        let sandbox = Sandbox::new();
        login(&sandbox, "h.io");
        assert_eq!(mode(&sandbox, "helm.json"), 0o600);
        let permissions = std::fs::Permissions::from_mode(0o640);
        fs_err::set_permissions(sandbox.path("helm.json"), permissions).unwrap();
        login(&sandbox, "g.io");
        assert_eq!(mode(&sandbox, "helm.json"), 0o640);
    }

    #[test]
    fn case_20_symbolic_links_are_followed() {
        let sandbox = Sandbox::new();
        fs_err::create_dir_all(sandbox.path("dotfiles")).unwrap();
        symlink("dotfiles/middle", sandbox.path("helm.json")).unwrap();
        symlink("config.json", sandbox.path("dotfiles/middle")).unwrap();
        login(&sandbox, "h.io");
        login(&sandbox, "g.io");
        assert!(sandbox.path("helm.json").is_symlink() && sandbox.path("dotfiles/middle").is_symlink());
        assert!(sandbox.read("dotfiles/config.json").contains("g.io"));
        assert_eq!(mode(&sandbox, "dotfiles/config.json"), 0o600);
    }

    #[test]
    fn a_link_to_itself_is_an_error() {
        let sandbox = Sandbox::new();
        symlink("helm.json", sandbox.path("helm.json")).unwrap();
        let error = sandbox.text(&sandbox.store().login(&key("h.io"), &me()).unwrap_err());
        assert!(error.contains("helm.json"), "{error}");
    }

    #[test]
    fn case_20_a_directory_without_write_permission_is_an_error() {
        let sandbox = Sandbox::new();
        sandbox.write("closed/config.json", FRESH);
        let closed = sandbox.path("closed");
        fs_err::set_permissions(&closed, std::fs::Permissions::from_mode(0o555)).unwrap();
        let may_write_anyway = fs_err::File::create(closed.join("probe")).is_ok();
        let store = skeg_credentials::LoginStore::new(closed.join("config.json"), sandbox.chain());
        let result = store.login(&key("h.io"), &me());
        if may_write_anyway {
            // The superuser is not bound by permissions.
            result.unwrap();
        } else {
            let error = sandbox.text(&result.unwrap_err());
            assert!(
                error.starts_with("cannot write `closed/config.json`: "),
                "{error}"
            );
            assert_eq!(sandbox.read("closed/config.json"), FRESH);
        }
        fs_err::set_permissions(&closed, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Keeps what it is given in a file for each server.
    const KEEPER: &str = r#"input=$(cat); echo "$1 $input" >>"$log"
        [ "$1" = get ] && { echo "credentials not found in native keychain"; exit 1; }; true"#;

    #[test]
    fn a_helper_gets_the_login_and_the_file_stays() {
        for config in [r#"{"credsStore":"x"}"#, r#"{"credHelpers":{"h.io":"x"}}"#] {
            let sandbox = Sandbox::new();
            sandbox.program("docker-credential-x", KEEPER);
            sandbox.write("helm.json", config);
            login(&sandbox, "h.io");
            assert_eq!(sandbox.read("helm.json"), config);
            assert_eq!(
                sandbox.log(),
                "store {\"ServerURL\":\"h.io\",\"Username\":\"u\",\"Secret\":\"p\"}\n"
            );
            assert!(!sandbox.store().logout(&key("h.io")).unwrap().removed);
        }
    }

    #[test]
    fn a_helper_takes_over_a_plain_login() {
        let sandbox = Sandbox::new();
        sandbox.program("docker-credential-x", KEEPER);
        sandbox.write(
            "helm.json",
            r#"{"auths":{"h.io":{"auth":"dTpw","email":"me"}},"credsStore":"x"}"#,
        );
        login(&sandbox, "h.io");
        assert!(!sandbox.read("helm.json").contains("dTpw"));
        assert!(sandbox.read("helm.json").contains("email"));
    }

    #[test]
    fn a_path_that_a_helper_keeps_is_marked() {
        let sandbox = Sandbox::new();
        sandbox.program("docker-credential-x", r#"echo '{"Username":"u","Secret":"p"}'"#);
        sandbox.write("helm.json", r#"{"credsStore":"x"}"#);
        login(&sandbox, "h.io/g");
        assert!(sandbox.read("helm.json").contains("\"h.io/g\": {}"));
        sandbox.check(
            "h.io/g/app",
            &me(),
            "`h.io/g` in docker-credential-x (credsStore of helm.json)",
        );
        assert!(sandbox.store().logout(&key("h.io/g")).unwrap().removed);
        assert!(!sandbox.read("helm.json").contains("h.io"));
    }

    #[test]
    fn a_helper_that_fails_is_named_and_its_secret_is_not() {
        let sandbox = Sandbox::new();
        sandbox.program(
            "docker-credential-x",
            "cat >&2; echo cannot store hunter2; exit 1",
        );
        sandbox.write("helm.json", r#"{"credsStore":"x"}"#);
        let login = |credential| sandbox.store().login(&key("h.io"), &credential).unwrap_err();
        let error = login(Credential::basic("u", "hunter2"));
        assert_eq!(
            sandbox.text(&error),
            "docker-credential-x store failed: exit status: 1"
        );
        assert!(!format!("{error:?}").contains("hunter2"));
        let error = login(Credential::RegistryToken("r".into()));
        assert_eq!(
            error.to_string(),
            "docker-credential-x cannot store a registry token"
        );
        assert_eq!(sandbox.read("helm.json"), r#"{"credsStore":"x"}"#);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_native_store_is_noted_and_if_broken_passed_over() {
        let sandbox = Sandbox::new();
        sandbox.program("docker-credential-secretservice", "echo no bus >&2; exit 1");
        let outcome = sandbox.store().login(&key("127.0.0.1:18952"), &me()).unwrap();
        assert_eq!(
            sandbox.texts(&outcome.warnings),
            [
                "a credential helper of `helm.json` is ignored: docker-credential-secretservice store failed: exit \
              status: 1: no bus"
            ]
        );
        assert_eq!(sandbox.read("helm.json"), FRESH);

        let sandbox = Sandbox::new();
        sandbox.program("docker-credential-secretservice", KEEPER);
        login(&sandbox, "h.io");
        assert_eq!(
            sandbox.read("helm.json"),
            "{\n\t\"auths\": {},\n\t\"credsStore\": \"secretservice\"\n}"
        );
    }
}
