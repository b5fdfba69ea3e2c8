//! Listing logins without their secrets.

use crate::support::Sandbox;

fn listed(sandbox: &Sandbox) -> (Vec<String>, Vec<String>) {
    let listing = sandbox.store().list();
    assert!(!format!("{listing:?}").contains("hunter2"));
    let line = |entry: &skeg_credentials::LoginEntry| {
        let kind = entry.kind.map_or_else(String::new, |kind| kind.to_string());
        let source = entry.source.to_string();
        let (key, place) = source.split_once(" in ").unwrap();
        let place = place
            .rsplit(['/', ' '])
            .next()
            .unwrap()
            .trim_end_matches(')')
            .to_owned();
        format!(
            "{key} {} {kind} {place}",
            entry.username.as_deref().unwrap_or("-")
        )
    };
    (
        listing.entries.iter().map(line).collect(),
        sandbox.texts(&listing.warnings),
    )
}

#[test]
fn all_configurations_are_listed() {
    let sandbox = Sandbox::new();
    sandbox.program(
        "docker-credential-all",
        r#"[ "$1" = list ] && echo '{"s.io":"them","https://m.io/v2/":"mine","t.io":"<token>"}'"#,
    );
    let content = r#"{"auths":{"a.io":{"auth":"bWU6aHVudGVyMg=="},"marker.io":{},"r.io":{"registrytoken":"hunter2"},
        "bad.io":{"auth":"hunter2!"}},"credHelpers":{"m.io":"all","e.io":"absent","f.io":""}}"#;
    sandbox.write("helm.json", content);
    sandbox.write("docker.json", r#"{"credsStore":"all"}"#);
    sandbox.write("podman.json", "hunter2");
    let (entries, warnings) = listed(&sandbox);
    assert_eq!(
        entries,
        [
            "`m.io` mine password helm.json",
            "`e.io` -  helm.json",
            "`a.io` me password helm.json",
            "`r.io` - registry token helm.json",
            "`https://m.io/v2/` mine password docker.json",
            "`s.io` them password docker.json",
            "`t.io` - identity token docker.json",
        ]
    );
    assert_eq!(
        warnings,
        [
            "a credential helper of `helm.json` is ignored: docker-credential-absent list failed: the program was not \
             found in PATH",
            "the login for `bad.io` in `helm.json` is ignored: its `auth` is not base64",
            "a registry configuration is ignored: `podman.json` is not a valid registry configuration: line 1, \
             column 1: expected value",
        ]
    );
}

#[test]
fn nothing_is_listed_without_files() {
    let (entries, warnings) = listed(&Sandbox::new());
    assert_eq!((entries.len(), warnings.len()), (0, 0));
}
