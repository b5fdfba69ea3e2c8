//! `skeg push` to ChartMuseum.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use skeg_test_support::{
    Authorization, FakeRegistry, Fault, PlainReply, PlainRequest, PlainServer, TestContext, sha256_digest,
    skeg_snapshot,
};

use crate::support::{context, context_with, demo, write_archive, write_directory};

/// What was uploaded, by the path of the API and the name of the file.
type Files = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// Answers as ChartMuseum does: versions are replaced by `?force` alone, the API is at any path.
struct Museum {
    server: PlainServer,
    files: Files,
}

impl Museum {
    fn start() -> Self {
        let files = Files::default();
        let shared = Arc::clone(&files);
        Self {
            server: PlainServer::start(move |request| answer(&shared, request)),
            files,
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.base_url())
    }

    fn names(&self) -> Vec<String> {
        let files = self.files.lock().expect("because no answer panics");
        files.keys().cloned().collect()
    }

    fn context(&self) -> TestContext {
        context().with_literal(self.server.base_url(), "[MUSEUM]")
    }
}

fn answer(files: &Files, request: &PlainRequest<'_>) -> PlainReply {
    let (path, query) = request.target.split_once('?').unwrap_or((request.target, ""));
    let mut files = files.lock().expect("because no answer panics");
    if path.ends_with("/index.yaml") {
        let context = path.split('/').find(|part| *part == "museum");
        let context = context.map_or(String::new(), |part| format!("\n  contextPath: /{part}"));
        return PlainReply::new(200).body(format!("apiVersion: v1\nentries: {{}}\nserverInfo:{context}\n"));
    }
    if request.method != "POST" {
        let Some((_, version)) = path.rsplit_once("/charts/demo/") else {
            return PlainReply::new(404);
        };
        let suffix = format!("/demo-{version}.tgz");
        let found = files.iter().find(|(name, _)| name.ends_with(&suffix));
        let digest = found.map(|(_, content)| sha256_digest(content));
        return match digest {
            Some(digest) => PlainReply::new(200).body(format!("{{\"digest\":\"{}\"}}", &digest[7..])),
            None => PlainReply::new(404),
        };
    }
    let Some(parts) = parts(request) else {
        return PlainReply::new(400);
    };
    if parts
        .keys()
        .any(|name| files.contains_key(&format!("{path}/{name}")))
        && query != "force"
    {
        return PlainReply::new(409).body("{\"error\":\"chart already exists\"}");
    }
    files.extend(
        parts
            .into_iter()
            .map(|(name, content)| (format!("{path}/{name}"), content)),
    );
    PlainReply::new(201).body("{\"saved\":true}")
}

/// The files of a form; nothing if it is none.
fn parts(request: &PlainRequest<'_>) -> Option<BTreeMap<String, Vec<u8>>> {
    let kind = request.headers.get("content-type")?.to_str().ok()?;
    let delimiter = format!("--{}", kind.strip_prefix("multipart/form-data; boundary=")?);
    let find = |text: &[u8], part: &[u8]| text.windows(part.len()).position(|window| window == part);
    let mut rest = request.body.as_ref();
    let mut found = BTreeMap::new();
    while let Some(head) = rest.strip_prefix(format!("{delimiter}\r\n").as_bytes()) {
        let end = find(head, b"\r\n\r\n")?;
        let fields = std::str::from_utf8(&head[..end]).ok()?;
        let (field, name) = fields
            .strip_prefix("Content-Disposition: form-data; name=\"")?
            .split_once("\"; filename=\"")?;
        let (name, _) = name.split_once('"')?;
        let content = &head[end + 4..];
        let end = find(content, format!("\r\n{delimiter}").as_bytes())?;
        found.insert(format!("{field}/{name}"), content[..end].to_vec());
        rest = &content[end + 2..];
    }
    (rest == format!("{delimiter}--\r\n").as_bytes()).then_some(found)
}

#[test]
fn an_archive_goes_as_it_is_with_its_provenance() {
    let museum = Museum::start();
    let context = museum.context();
    let archive = write_archive(&context, "1.2.3");
    skeg_snapshot!(context.command(["push", &archive, &museum.url("")]), @"
    Pushing demo-1.2.3.tgz to [MUSEUM]...
    Done.
    [exit status: 0]
    ");
    assert_eq!(museum.names(), ["/api/charts/chart/demo-1.2.3.tgz"]);
    context.write("demo-1.2.3.tgz.prov", "signed\r\n");
    context
        .run(["push", &archive, &museum.url("/"), "--force"])
        .success();
    assert_eq!(
        museum.names(),
        [
            "/api/charts/chart/demo-1.2.3.tgz",
            "/api/charts/prov/demo-1.2.3.tgz.prov"
        ]
    );
    let files = museum.files.lock().unwrap();
    assert_eq!(files["/api/charts/chart/demo-1.2.3.tgz"], context.read(&archive));
    assert_eq!(files["/api/charts/prov/demo-1.2.3.tgz.prov"], b"signed\r\n");
}

#[test]
fn a_name_stands_for_its_address_and_login() {
    let museum = Museum::start();
    let context = museum.context();
    write_directory(&context, "1.2.3");
    let url = museum.url("/museum/team");
    let login = ["--username", "me", "--password", "secret"];
    context
        .run(["repo", "add", "local", &url].iter().chain(&login))
        .success();
    skeg_snapshot!(context.command(["push", "demo", "local"]), @"
    Pushing demo-1.2.3.tgz to local...
    Done.
    ----- stderr -----
    hint: run `skeg repo update local` before you search, pull or install from `local`
    [exit status: 0]
    ");
    assert_eq!(museum.names(), ["/museum/api/team/charts/chart/demo-1.2.3.tgz"]);
    let posts = museum.server.requests().matching("POST", "");
    let expected = basic("me", "secret");
    assert!(
        posts.iter().all(|request| request.authorization == expected),
        "{posts}"
    );
    // The index in the cache says where the API is.
    assert_eq!(museum.server.requests().count("GET", "index.yaml"), 1);
}

fn basic(username: &str, password: &str) -> Authorization {
    Authorization::Basic {
        username: username.to_owned(),
        password: password.to_owned(),
    }
}

#[track_caller]
fn check_place(address: &str, arguments: &[&str], expected: &str) {
    let museum = Museum::start();
    let context = museum.context();
    let archive = write_archive(&context, "1.2.3");
    let url = museum.url(address);
    context
        .run(["push", &archive, &url].iter().chain(arguments))
        .success();
    assert_eq!(museum.names(), [format!("{expected}/chart/demo-1.2.3.tgz")]);
}

#[test]
fn the_api_is_below_the_context_path() {
    check_place("/museum/team", &[], "/museum/api/team/charts");
    check_place("/a/b", &[], "/api/a/b/charts");
    check_place("/a/b", &["--context-path", "/a"], "/a/api/b/charts");
    check_place("/a/b?x=y", &["--context-path=/"], "/api/a/b/charts");
}

#[track_caller]
fn check_login(variables: &[(&str, &str)], arguments: &[&str], expected: &Authorization) {
    let museum = Museum::start();
    let mut context = museum.context();
    for (name, value) in variables {
        context = context.with_env(name, value);
    }
    let archive = write_archive(&context, "1.2.3");
    let url = museum.url("");
    context
        .run(["push", &archive, &url].iter().chain(arguments))
        .success();
    let requests = museum.server.requests();
    let given = requests.iter().next().map(|request| &request.authorization);
    assert_eq!(given, Some(expected), "{requests}");
}

#[test]
fn logins_come_from_flags_and_from_the_variables_of_the_plugin() {
    let user = [("HELM_REPO_USERNAME", "me"), ("HELM_REPO_PASSWORD", "secret")];
    let token = [("HELM_REPO_ACCESS_TOKEN", "t0ken")];
    let both = [user[0], user[1], token[0]];
    let bearer = |token: &str| Authorization::Bearer(token.to_owned());
    check_login(&[], &[], &Authorization::None);
    check_login(&user, &[], &basic("me", "secret"));
    check_login(&token, &[], &bearer("t0ken"));
    check_login(&both, &[], &basic("me", "secret"));
    check_login(&both, &["--access-token", "other"], &bearer("other"));
    check_login(&both, &["--username", "a", "--password", "b"], &basic("a", "b"));
    check_login(&user[..1], &[], &Authorization::None);
}

#[test]
fn a_version_that_is_there_is_replaced_only_by_force() {
    let museum = Museum::start();
    let context = museum.context();
    let archive = write_archive(&context, "1.2.3");
    let url = museum.url("");
    context.run(["push", &archive, &url]).success();
    skeg_snapshot!(context.command(["push", &archive, &url]), @"
    Pushing demo-1.2.3.tgz to [MUSEUM]...
    ----- stderr -----
    Error: could not push demo-1.2.3.tgz to [MUSEUM]: 409: chart already exists
    hint: the archive there is the same one: nothing is left to do; `--if-absent` makes this no error
    [exit status: 1]
    ");
    demo("1.2.3").file("new", "x").write_archive(context.work());
    skeg_snapshot!(context.command(["push", &archive, &url]), @"
    Pushing demo-1.2.3.tgz to [MUSEUM]...
    ----- stderr -----
    Error: could not push demo-1.2.3.tgz to [MUSEUM]: 409: chart already exists
    hint: raise the version in Chart.yaml, leave what is there by `--if-absent`, or replace it by `--force`, if the server lets you
    [exit status: 1]
    ");
    skeg_snapshot!(context.command(["push", &archive, &url, "--if-absent"]), @r#"
    Pushing demo-1.2.3.tgz to [MUSEUM]...
    Exists: demo-1.2.3.tgz in [MUSEUM]
    ----- stderr -----
    level=WARN msg="demo-1.2.3.tgz in [MUSEUM] is another one, and was left alone"
    [exit status: 0]
    "#);
    skeg_snapshot!(context.command(["push", &archive, &url, "--force"]), @"
    Pushing demo-1.2.3.tgz to [MUSEUM]...
    Done.
    [exit status: 0]
    ");
    skeg_snapshot!(context.command(["push", &archive, &url, "--if-absent"]), @"
    Pushing demo-1.2.3.tgz to [MUSEUM]...
    Exists: demo-1.2.3.tgz in [MUSEUM]
    [exit status: 0]
    ");
    skeg_snapshot!(context.command(["push", &archive, &url, "--dry-run"]), @"
    Would push demo-1.2.3.tgz to [MUSEUM]
    [exit status: 0]
    ");
    demo("1.2.3").file("newer", "x").write_archive(context.work());
    museum.server.add_fault(Fault::status(409).on("POST", ""));
    let output = context.run(["push", &archive, &url, "--force"]).failure();
    assert!(
        output.stderr().contains("lets no version be replaced"),
        "{output}"
    );
}

#[test]
fn reports_are_data() {
    let museum = Museum::start();
    let context = museum.context().with_literal(museum.server.host(), "[MUSEUM]");
    let context = crate::support::without_sizes(context);
    let archive = write_archive(&context, "1.2.3");
    context.write("demo-1.2.3.tgz.prov", "signed");
    let url = museum.url("").replace("http://", "http://me:secret@");
    skeg_snapshot!(context.command(["push", &archive, &url, "-o", "json"]), @r#"
    {
      "repository": "http://me:***@[MUSEUM]",
      "name": "demo",
      "version": "1.2.3",
      "digest": "[DIGEST]",
      "size": [SIZE],
      "provenance": true,
      "status": "pushed"
    }
    [exit status: 0]
    "#);
    assert!(
        museum
            .server
            .requests()
            .iter()
            .all(|request| request.authorization != Authorization::None)
    );
}

#[track_caller]
fn check_refused(fault: Fault, expected: &str) {
    let museum = Museum::start();
    let context = museum.context();
    let archive = write_archive(&context, "1.2.3");
    museum.server.add_fault(fault.on("POST", ""));
    let output = context.run(["push", &archive, &museum.url("")]).failure();
    assert!(output.stderr().contains(expected), "{output}");
    assert!(museum.names().is_empty());
    assert_eq!(museum.server.requests().count("POST", ""), 1);
}

#[test]
fn a_refusal_says_what_to_do() {
    check_refused(
        Fault::status(401).body("{\"error\":\"unauthorized\"}"),
        "401: unauthorized\nhint: give `--username` and `--password`",
    );
    check_refused(
        Fault::status(404),
        "404: Not Found\nhint: only ChartMuseum takes charts",
    );
    check_refused(
        Fault::status(413).early(),
        "413: Payload Too Large\nhint: the server takes no",
    );
    check_refused(
        Fault::status(507),
        "507: Insufficient Storage\nhint: the repository is full",
    );
    check_refused(
        Fault::status(400).body("{\"error\":\"no chart\"}"),
        "400: no chart",
    );
    check_refused(
        Fault::html(),
        "200: the answer is not that of ChartMuseum\nhint: look whether",
    );
    check_refused(
        Fault::redirect_to("https://user:pw@elsewhere.example/x?token=y"),
        "redirected to `https://elsewhere.example/x`",
    );
}

#[track_caller]
fn check_lost(fault: Fault, posts: usize) {
    let museum = Museum::start();
    let context = museum.context();
    let archive = write_archive(&context, "1.2.3");
    museum.server.add_fault(fault.on("POST", "").once());
    let output = context.run(["push", &archive, &museum.url("")]).success();
    assert!(output.stdout().ends_with("Done.\n"), "{output}");
    assert_eq!(museum.names().len(), 1);
    assert_eq!(museum.server.requests().count("POST", ""), posts);
}

#[test]
fn an_answer_that_is_lost_is_asked_for() {
    check_lost(Fault::disconnect_after(0).committed(), 1);
    check_lost(Fault::status(502).committed(), 1);
    check_lost(Fault::status(502), 2);
    check_lost(Fault::status(503), 2);
    check_lost(Fault::disconnect_after(0), 2);
}

#[test]
fn a_name_may_be_a_path_of_a_registry() {
    let registry = FakeRegistry::start();
    let context = context_with(&registry);
    let archive = write_archive(&context, "1.2.3");
    context
        .run(["repo", "add", "mine", &registry.oci("charts")])
        .success();
    context.run(["push", &archive, "mine"]).success();
    assert!(registry.manifest("charts/demo", "1.2.3").is_some());
}

#[track_caller]
fn check_usage(arguments: &[&str], expected: &str) {
    let context = context();
    write_archive(&context, "1.2.3");
    let output = context
        .run(["push", "demo-1.2.3.tgz"].iter().chain(arguments))
        .failure();
    assert!(output.stderr().contains(expected), "{output}");
}

#[test]
fn flags_are_refused_where_they_mean_nothing() {
    const CLASSIC: &str = "http://127.0.0.1:9/";
    check_usage(&[CLASSIC, "--tag", "a"], "`--tag` is for registries");
    check_usage(&[CLASSIC, "--created", "1"], "`--created` is for registries");
    check_usage(
        &[CLASSIC, "--allow-repeated-name"],
        "`--allow-repeated-name` is for registries",
    );
    check_usage(&[CLASSIC, "--force", "--if-absent"], "--if-absent");
    check_usage(&[CLASSIC, "--username", "a"], "`--username` needs `--password`");
    check_usage(&[CLASSIC, "--ca-file", "nosuch"], "cannot read the CA file");
    check_usage(&[CLASSIC, "--offline"], "offline");
    check_usage(&[CLASSIC], "connection refused");
    check_usage(
        &["oci://127.0.0.1:9/a", "--force"],
        "`--force` is for classic repositories",
    );
    check_usage(
        &["oci://127.0.0.1:9/a", "--context-path", "/"],
        "`--context-path` is for classic",
    );
    check_usage(
        &["oci://127.0.0.1:9/a", "--access-token", "x"],
        "`--access-token` is for classic",
    );
    check_usage(&["nobody"], "scheme prefix missing from remote (e.g. \"oci://\")");
    check_usage(&["ftp://a"], "scheme \"ftp\" not supported");
}

#[test]
fn a_broken_index_is_no_obstacle() {
    let museum = Museum::start();
    let context = museum.context();
    let archive = write_archive(&context, "1.2.3");
    museum
        .server
        .add_fault(Fault::status(404).on("GET", "index.yaml"));
    context.run(["push", &archive, &museum.url("/team")]).success();
    assert_eq!(museum.names(), ["/api/team/charts/chart/demo-1.2.3.tgz"]);
}

/// The reply alone is what a museum of another make answers.
#[test]
fn whoever_says_created_has_stored_it() {
    let server = PlainServer::fixed(PlainReply::new(202));
    let context = context();
    let archive = write_archive(&context, "1.2.3");
    context.run(["push", &archive, server.base_url()]).success();
}
