//! Looking around in registries and layouts: `tags`, `resolve`, `search`, `inspect`, `discover`.

use serde_json::{Value, json};
use skeg_test_support::{ChartBuilder, FakeRegistry, Fault, PlainReply, PlainServer, TestContext};

use crate::support::{
    INDEX, MANIFEST, context, context_with, demo, descriptor, publish, publish_as, write_archive,
};

const DEMO: &str = "charts/demo";

fn registry(versions: &[&str]) -> FakeRegistry {
    let registry = FakeRegistry::start();
    for version in versions {
        publish(&registry, DEMO, version);
    }
    registry
}

#[track_caller]
fn lines(context: &TestContext, arguments: &[&str]) -> Vec<String> {
    let output = context.run(arguments).success();
    output.stdout().lines().map(str::to_owned).collect()
}

#[track_caller]
fn json_of(context: &TestContext, arguments: &[&str]) -> Value {
    let output = context.run(arguments.iter().chain(&["-o", "json"])).success();
    serde_json::from_str(&output.stdout()).expect("because `-o json` prints JSON")
}

#[track_caller]
fn fails(context: &TestContext, arguments: &[&str], expected: &str) {
    let output = context.run(arguments).failure();
    assert!(output.stderr().contains(expected), "{output}");
    assert!(output.stdout().is_empty(), "{output}");
}

const VERSIONS: [&str; 6] = ["1.2.0", "1.10.0", "2.0.0-rc.1", "1.10.0+b.2", "latest", "v1.3.0"];

#[test]
fn tags_are_versions_the_newest_first() {
    let registry = registry(&VERSIONS);
    let (context, reference) = (context_with(&registry), registry.oci(DEMO));
    let check = |flags: &[&str], expected: &[&str]| {
        let arguments = [&["tags", reference.as_str()], flags].concat();
        let found = lines(&context, &arguments);
        let found: Vec<_> = found
            .iter()
            .skip(1)
            .map(|line| line.split_whitespace().next().unwrap())
            .collect();
        assert_eq!(found, expected, "{flags:?}");
    };
    check(&[], &["1.10.0+b.2", "1.10.0", "v1.3.0", "1.2.0"]);
    check(&["--devel", "--limit", "1"], &["2.0.0-rc.1"]);
    check(&["--version", "^1.3", "--limit", "2"], &["1.10.0+b.2", "1.10.0"]);
    check(
        &["--all"],
        &["2.0.0-rc.1", "1.10.0+b.2", "1.10.0", "v1.3.0", "1.2.0", "-"],
    );
    check(&["--version", ">7"], &[]);
    registry.clear_requests();
    check(&[], &["1.10.0+b.2", "1.10.0", "v1.3.0", "1.2.0"]);
    assert_eq!(registry.requests().len(), 1, "one request for each page");
    assert_eq!(lines(&context, &["versions", &reference])[0], "VERSION   \tTAG");
}

#[test]
fn tags_with_everything_that_is_known() {
    let registry = registry(&["1.0.0", "1.1.0"]);
    registry.put_manifest(DEMO, "2.0.0", MANIFEST, other_artifact().to_string());
    let context = context_with(&registry);
    let found = json_of(&context, &["tags", &registry.oci(DEMO), "--long"]);
    assert_eq!(found[0], json!({"tag": "2.0.0", "version": "2.0.0"}));
    assert_eq!(
        (&found[1]["appVersion"], &found[1]["version"]),
        (&json!("7.1"), &json!("1.1.0"))
    );
    assert_eq!(
        found[1]["digest"],
        json!(registry.resolve(DEMO, "1.1.0").unwrap())
    );
    let table = lines(&context, &["tags", &registry.oci(DEMO), "--long"]);
    assert!(
        table[0].starts_with("VERSION\tAPP VERSION\tCREATED\tSIZE"),
        "{table:?}"
    );
}

#[test]
fn ten_thousand_tags_take_one_request_for_each_page() {
    let registry = FakeRegistry::builder().tags_page_size(1000).start();
    for number in 0..10_000 {
        registry.put_manifest(DEMO, &format!("1.{number}.0"), MANIFEST, "{}");
    }
    let found = lines(&context_with(&registry), &["tags", &registry.oci(DEMO)]);
    assert_eq!((found.len(), registry.requests().len()), (10_001, 10));
    assert_eq!(found[1], "1.9999.0\t1.9999.0");
}

#[test]
fn tags_that_cannot_be_listed() {
    let registry = registry(&["1.0.0-rc.1"]);
    let (context, reference) = (context_with(&registry), registry.oci(DEMO));
    let nothing = context.run(["tags", &reference]).success();
    assert!(
        nothing
            .stderr()
            .contains("1 pre-release is not shown; give `--devel`"),
        "{nothing}"
    );
    fails(
        &context,
        &["tags", &registry.oci("charts/nosuch")],
        "no such repository",
    );
    fails(
        &context,
        &["tags", &format!("{reference}:1.0.0")],
        "names one version",
    );
    fails(
        &context,
        &["tags", &reference, "--version", "one of them"],
        "improper constraint",
    );
    fails(&context, &["tags", "demo"], "scheme prefix missing");
    fails(
        &context,
        &["tags", "oci-layout://nosuch/demo"],
        "no such repository",
    );
    registry.add_fault(Fault::error(403, "DENIED", "not yours"));
    fails(&context, &["tags", &reference], "not yours");
}

#[test]
fn references_resolve_to_digests() {
    let registry = registry(&VERSIONS);
    let (context, reference) = (context_with(&registry), registry.oci(DEMO));
    let digest = |tag: &str| registry.resolve(DEMO, tag).unwrap();
    let check = |arguments: &[&str], tag: &str| {
        let expected = format!("{reference}:{tag}@{}", digest(tag));
        assert_eq!(lines(&context, arguments), [expected]);
    };
    check(&["resolve", &reference], "1.10.0");
    check(&["resolve", &format!("{reference}:1.2.0")], "1.2.0");
    check(&["resolve", &format!("{reference}:1.2")], "1.2.0");
    check(&["resolve", &format!("{reference}:latest")], "latest");
    check(&["resolve", &reference, "--version", "~1.2"], "1.2.0");
    check(&["resolve", &reference, "--devel"], "2.0.0-rc.1");
    let exact = format!("{reference}:1.2.0");
    assert_eq!(lines(&context, &["resolve", &exact, "-q"]), [digest("1.2.0")]);
    registry.clear_requests();
    let found = json_of(
        &context,
        &["resolve", &format!("{reference}@{}", digest("1.2.0"))],
    );
    assert_eq!(
        (&found["tag"], &found["digest"]),
        (&Value::Null, &json!(digest("1.2.0")))
    );
    assert_eq!(
        registry.requests().count("HEAD", "/manifests/"),
        registry.requests().len()
    );
    fails(&context, &["resolve", &format!("{reference}:9")], "not found");
    fails(
        &context,
        &["resolve", &reference, "--version", ">9"],
        "could not locate a version",
    );
    fails(
        &context,
        &["resolve", &format!("{exact}@{}", digest("latest"))],
        "digest mismatch",
    );
    fails(&context, &["resolve", &exact, "--version", "1.3.0"], "mismatch");
    // A range beside a tag must hold.
    check(&["resolve", &exact, "--version", "~1.2"], "1.2.0");
    check(
        &["resolve", &format!("{reference}:1.2"), "--version", "^1"],
        "1.2.0",
    );
    fails(
        &context,
        &["resolve", &exact, "--version", "^2"],
        "version mismatch: ^2 is not 1.2.0",
    );
    fails(&context, &["inspect", &exact, "--version", ">1.2.0"], "mismatch");
    for beside in [format!("@{}", digest("1.2.0")), ":latest".to_owned()] {
        let reference = format!("{reference}{beside}");
        fails(
            &context,
            &["resolve", &reference, "--version", "^1"],
            "nobody can tell whether `",
        );
    }
}

#[test]
fn an_image_without_versions_resolves_to_latest() {
    let registry = registry(&["latest"]);
    let found = lines(&context_with(&registry), &["resolve", &registry.oci(DEMO)]);
    assert!(found[0].contains(":latest@sha256:"), "{found:?}");
}

fn shop() -> FakeRegistry {
    let registry = registry(&["1.0.0", "1.1.0", "2.0.0-rc.1"]);
    let web = ChartBuilder::new("web", "0.1.0").field("description", "Serves\npages");
    publish_as(&registry, "charts/web", "0.1.0", &web);
    publish_as(&registry, "other/demo", "0.1.0", &demo("0.1.0"));
    registry.put_manifest("charts/image", "1.0.0", MANIFEST, other_artifact().to_string());
    registry.create_repository("charts/empty");
    registry
}

fn other_artifact() -> Value {
    json!({"schemaVersion": 2, "config": descriptor("application/vnd.oci.image.config.v1+json", b"{}"), "layers": []})
}

#[test]
fn search_finds_charts_below_a_path() {
    let registry = shop();
    let context = context_with(&registry);
    let check = |arguments: &[&str], expected: &[(&str, &str)]| {
        let found = json_of(&context, &[&["search"], arguments].concat());
        let found = found.as_array().unwrap().iter();
        let found: Vec<_> = found
            .map(|chart| {
                (
                    chart["name"].as_str().unwrap().to_owned(),
                    chart["version"].as_str().unwrap(),
                )
            })
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, version)| (registry.oci(name), *version))
            .collect();
        assert_eq!(found, expected, "{arguments:?}");
    };
    let charts = registry.oci("charts");
    check(&[&charts], &[(DEMO, "1.1.0"), ("charts/web", "0.1.0")]);
    check(
        &[&charts, "--devel"],
        &[(DEMO, "2.0.0-rc.1"), ("charts/web", "0.1.0")],
    );
    check(&[&charts, "--version", "~1.0"], &[(DEMO, "1.0.0")]);
    check(&[&charts, "WEB"], &[("charts/web", "0.1.0")]);
    check(&[&charts, "-l", "demo"], &[(DEMO, "1.1.0"), (DEMO, "1.0.0")]);
    check(&[&charts, "-r", "d.mo$"], &[(DEMO, "1.1.0")]);
    check(&[&registry.oci(DEMO)], &[(DEMO, "1.1.0")]);
    check(&[&registry.oci("chart")], &[]);
    let all = registry.oci("");
    check(
        &[all.trim_end_matches('/'), "demo"],
        &[(DEMO, "1.1.0"), ("other/demo", "0.1.0")],
    );
}

#[test]
fn search_follows_the_pages_of_the_registry() {
    for size in [1, 7, 100] {
        let registry = FakeRegistry::builder().catalog_page_size(size).start();
        for number in 0..20 {
            publish(&registry, &format!("charts/a{number:02}/demo"), "1.0.0");
            registry.create_repository(&format!("other/b{number:02}"));
        }
        let context = context_with(&registry);
        let found = json_of(&context, &["search", &registry.oci("charts")]);
        assert_eq!(found.as_array().unwrap().len(), 20, "{found}");
        assert_eq!(found[19]["name"], registry.oci("charts/a19/demo"));
        let log = registry.requests();
        assert_eq!(log.count("GET", "/_catalog"), 40_usize.div_ceil(size), "{log}");
    }
}

#[test]
fn search_ends_where_pages_lead_in_a_circle_or_fail() {
    let registry = FakeRegistry::builder().catalog_page_size(1).start();
    publish(&registry, DEMO, "1.0.0");
    publish(&registry, "charts/web", "1.0.0");
    let context = context_with(&registry);
    registry.add_fault(Fault::page_loop().on("GET", "/_catalog"));
    let output = context.run(["search", &registry.oci("charts")]).failure();
    assert!(output.stderr().contains("Error: "), "{output}");
    assert!(registry.requests().len() < 2000);
    registry.clear_faults();
    // The second page alone.
    registry.add_fault(Fault::status(404).on_target("last="));
    let output = context.run(["search", &registry.oci("charts")]).failure();
    assert!(output.stderr().contains("404"), "{output}");
}

#[test]
fn search_prints_the_table_of_helm() {
    let registry = shop();
    let context = context_with(&registry);
    let charts = registry.oci("charts");
    let table = lines(&context, &["search", &charts, "--max-col-width", "12"]);
    assert_eq!(table[0], "NAME        \tCHART VER...\tAPP VERSION\tDESCRIPTION");
    assert!(
        table[1].starts_with("oci://127...\t1.1.0       \t7.1"),
        "{table:?}"
    );
    assert_eq!(
        lines(&context, &["search", &charts, "nothing"]),
        ["No results found"]
    );
    fails(
        &context,
        &["search", &charts, "nothing", "--fail-on-no-result"],
        "no results found",
    );
    fails(&context, &["search", &format!("{charts}:1")], "names one version");
    fails(&context, &["search", &charts, "-r", "("], "missing closing )");
}

#[test]
fn search_goes_on_where_the_registry_lists_nothing() {
    let registry = shop();
    let context = context_with(&registry);
    registry.add_fault(Fault::status(404).on("GET", "/_catalog"));
    let found = json_of(&context, &["search", &registry.oci(DEMO)]);
    assert_eq!(found[0]["version"], "1.1.0");
    fails(
        &context,
        &["search", &registry.oci("charts")],
        "does not list its repositories",
    );
    fails(
        &context,
        &["search", &registry.oci("charts")],
        "name a chart itself: `skeg search oci://",
    );
    registry.clear_faults();
    registry.add_fault(Fault::error(403, "DENIED", "not yours").on("GET", "/charts/web/"));
    let output = context.run(["search", &registry.oci("charts")]).success();
    assert!(
        output.stdout().contains("1.1.0") && output.stderr().contains("charts/web was left out"),
        "{output}"
    );
}

#[test]
fn search_finds_layouts_below_a_directory() {
    let context = context();
    let archive = write_archive(&context, "1.2.3");
    context
        .run(["push", &archive, "oci-layout://store/a/b"])
        .success();
    let found = json_of(&context, &["search", "oci-layout://store"]);
    assert_eq!(found[0]["version"], "1.2.3");
    assert!(
        found[0]["name"].as_str().unwrap().ends_with("store/a/b/demo"),
        "{found}"
    );
    assert_eq!(json_of(&context, &["search", "oci-layout://nosuch"]), json!([]));
}

#[test]
fn inspect_shows_any_artifact() {
    let registry = registry(&["1.0.0"]);
    let (context, reference) = (context_with(&registry), registry.oci(DEMO));
    let found = json_of(&context, &["inspect", &reference]);
    assert_eq!(found["chart"]["appVersion"], "7.1");
    assert_eq!(
        (
            &found["referrers"],
            &found["annotations"]["org.opencontainers.image.title"]
        ),
        (&json!(0), &json!("demo"))
    );
    let parts = found["layers"]
        .as_array()
        .unwrap()
        .iter()
        .chain([&found["config"]]);
    let sizes: u64 = parts.map(|part| part["size"].as_u64().unwrap()).sum();
    let (_, manifest) = registry.manifest(DEMO, "1.0.0").unwrap();
    assert_eq!(found["totalSize"], json!(sizes + manifest.len() as u64));
    let raw = context.run(["inspect", &reference, "--raw"]).success();
    assert_eq!(raw.stdout().as_bytes(), &manifest[..]);
    let table = lines(&context, &["inspect", &reference]);
    assert_eq!(table[3], "Chart:         demo 1.0.0");
    let child = descriptor(MANIFEST, &manifest);
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [child]}).to_string();
    registry.put_manifest(DEMO, "index", INDEX, index);
    let found = json_of(&context, &["inspect", &format!("{reference}:index")]);
    assert_eq!(
        (&found["mediaType"], &found["manifests"][0]["size"]),
        (&json!(INDEX), &json!(manifest.len()))
    );
    registry.put_manifest(DEMO, "broken", MANIFEST, "{}");
    fails(
        &context,
        &["inspect", &format!("{reference}:broken")],
        "is not a valid",
    );
    fails(
        &context,
        &["inspect", &format!("{reference}:nosuch")],
        "not found",
    );
    registry.add_fault(Fault::error(403, "DENIED", "no referrers").on("GET", "/referrers/"));
    let output = context.run(["inspect", &reference]).success();
    assert!(
        output.stdout().contains("Referrers:     unknown") && output.stderr().contains("no referrers"),
        "{output}"
    );
}

#[test]
fn inspect_is_still_the_other_name_of_show() {
    let registry = registry(&["1.0.0"]);
    let (context, reference) = (context_with(&registry), registry.oci(DEMO));
    let run = |name| context.run([name, "values", &reference]).success().stdout();
    assert_eq!(run("inspect"), run("show"));
}

/// Puts a manifest with a subject into the repository and returns its digest.
fn refer(registry: &FakeRegistry, artifact_type: &str, subject: &str) -> String {
    let (_, bytes) = registry
        .manifest(DEMO, subject)
        .expect("because the subject was put there");
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": artifact_type,
        "config": descriptor("application/vnd.oci.empty.v1+json", b"{}"),
        "layers": [],
        "subject": descriptor(MANIFEST, &bytes),
    });
    let manifest = manifest.to_string();
    let digest = skeg_test_support::sha256_digest(manifest.as_bytes());
    registry.put_manifest(DEMO, &digest, MANIFEST, manifest)
}

#[test]
fn discover_shows_what_refers_to_what() {
    let registry = registry(&["1.0.0"]);
    let (context, reference) = (context_with(&registry), registry.oci(DEMO));
    let sbom = refer(&registry, "application/sbom", "1.0.0");
    let signature = refer(&registry, "application/signature", &sbom);
    let digest = registry.resolve(DEMO, "1.0.0").unwrap();
    registry.put_manifest(
        DEMO,
        &format!("{}.sig", digest.replace(':', "-")),
        MANIFEST,
        other_artifact().to_string(),
    );
    let tree = lines(&context, &["discover", &reference]);
    assert_eq!(tree[0], format!("{reference}:1.0.0@{digest}"));
    assert_eq!(tree[1], "├── application/sbom");
    assert!(tree[2].starts_with(&format!("│   └── {sbom} (")), "{tree:#?}");
    assert_eq!(tree[3], "│       └── application/signature");
    assert!(
        tree[4].starts_with(&format!("│           └── {signature} (")),
        "{tree:#?}"
    );
    assert_eq!(tree[5], "└── application/vnd.dev.cosign.artifact.sig.v1+json");
    assert!(tree[6].contains(", tag sha256-"), "{tree:#?}");
    let found = json_of(
        &context,
        &["discover", &reference, "--artifact-type", "application/sbom"],
    );
    assert_eq!(
        (found["referrers"].as_array().unwrap().len(), &found["source"]),
        (1, &json!("api"))
    );
    assert_eq!(found["referrers"][0]["referrers"][0]["digest"], json!(signature));
    let found = json_of(&context, &["discover", &reference, "--depth", "1"]);
    assert_eq!(found["referrers"][0].get("referrers"), None);
}

#[test]
fn discover_ends_where_referrers_go_in_a_circle_or_fail() {
    let registry = registry(&["1.0.0"]);
    let (context, reference) = (context_with(&registry), registry.oci(DEMO));
    let nothing = context.run(["discover", &reference]).success();
    assert!(nothing.stderr().contains("nothing refers to it"), "{nothing}");
    let (_, bytes) = registry.manifest(DEMO, "1.0.0").unwrap();
    let mut itself = descriptor(MANIFEST, &bytes);
    itself["artifactType"] = json!("application/circle");
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [itself]}).to_string();
    registry.add_fault(
        Fault::status(200)
            .header("content-type", INDEX)
            .body(index)
            .on("GET", "/referrers/"),
    );
    let found = json_of(&context, &["discover", &reference]);
    assert_eq!(found["referrers"], json!([]));
    registry.clear_faults();
    registry.add_fault(Fault::error(403, "DENIED", "not yours").on("GET", "/referrers/"));
    fails(&context, &["discover", &reference], "not yours");
}

#[test]
fn layouts_are_looked_at_like_registries() {
    let context = context();
    let archive = write_archive(&context, "1.2.3");
    context.run(["push", &archive, "oci-layout://store"]).success();
    let reference = "oci-layout://store/demo";
    assert_eq!(lines(&context, &["tags", reference])[1], "1.2.3  \t1.2.3");
    assert!(lines(&context, &["resolve", reference])[0].contains("demo:1.2.3@sha256:"));
    assert_eq!(
        json_of(&context, &["inspect", reference])["chart"]["version"],
        "1.2.3"
    );
    assert_eq!(json_of(&context, &["discover", reference])["source"], "manifests");
}

#[test]
fn registries_tell_of_themselves() {
    let registry = FakeRegistry::builder().basic_auth("anna", "secret").start();
    publish(&registry, DEMO, "1.0.0");
    let context = context_with(&registry);
    let host = registry.host();
    fails(&context, &["registry", "whoami", host], "there is no login for");
    fails(
        &context,
        &["registry", "ping", host],
        "log in with `skeg registry login",
    );
    context
        .run(["registry", "login", host, "-u", "anna", "-p", "secret"])
        .success();
    assert_eq!(lines(&context, &["registry", "whoami", host]), ["anna"]);
    assert_eq!(
        json_of(&context, &["registry", "whoami", host])["kind"],
        "password"
    );
    let found = json_of(&context, &["registry", "ping", host]);
    assert_eq!(
        (&found["apiVersion"], &found["tls"]),
        (&json!("registry/2.0"), &json!(false))
    );
    registry.clear_requests();
    let found = json_of(&context, &["registry", "capabilities", host]);
    assert_eq!(
        (&found["catalog"], &found["referrers"], &found["mount"]),
        (&json!(true), &json!(true), &Value::Null)
    );
    let writes = registry
        .requests()
        .only(|request| matches!(request.method.as_str(), "PUT" | "POST" | "PATCH" | "DELETE"));
    assert!(writes.is_empty(), "{writes:?}");
    assert_eq!(
        lines(&context, &["registry", "capabilities", host])[1],
        "API version            \tregistry/2.0"
    );
    registry.add_fault(Fault::status(401));
    fails(&context, &["registry", "whoami", host], "401");
    let down = PlainServer::fixed(PlainReply::new(404));
    fails(&context, &["registry", "ping", down.host()], "cannot speak to");
    fails(&context, &["registry", "ping", "a b"], "invalid");
}
