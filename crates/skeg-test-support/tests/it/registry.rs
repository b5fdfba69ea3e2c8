//! The specification's endpoints for manifests, blobs, tags and referrers.

use skeg_test_support::{FakeRegistry, sha256_digest};

use crate::client::{Answer, call, get};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn put_manifest(registry: &FakeRegistry, reference: &str, body: &str) -> Answer {
    call("PUT", &format!("/v2/charts/demo/manifests/{reference}"))
        .header("content-type", MANIFEST)
        .body(body)
        .send(registry.host())
}

#[test]
fn version_check_and_catalogue_answer() {
    let registry = FakeRegistry::start();
    registry.create_repository("a/b");
    get(registry.host(), "/v2/").expect(200);
    let answer = get(registry.host(), "/v2/_catalog").expect(200);
    assert_eq!(answer.text(), r#"{"repositories":["a/b"]}"#);
    get(registry.host(), "/v1/").expect(404);
}

#[test]
fn ipv6_registry_has_a_bracketed_host() {
    let registry = FakeRegistry::builder().ipv6().start();
    assert!(registry.host().starts_with("[::1]:"), "{}", registry.host());
    get(registry.host(), "/v2/").expect(200);
}

#[test]
fn registry_works_inside_a_runtime_and_stops_when_dropped() {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let host = runtime.expect("because threads can be started").block_on(async {
        let registry = FakeRegistry::start();
        get(registry.host(), "/v2/").expect(200);
        registry.host().to_owned()
    });
    let refused = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        std::net::TcpStream::connect(&host).is_err()
    });
    assert!(refused, "{host} still listens");
}

#[test]
fn blob_is_served_whole_and_in_ranges() {
    let registry = FakeRegistry::start();
    let digest = registry.put_blob("charts/demo", "0123456789");
    let path = format!("/v2/charts/demo/blobs/{digest}");
    let whole = get(registry.host(), &path).expect(200);
    assert_eq!(whole.text(), "0123456789");
    assert_eq!(whole.header("docker-content-digest"), Some(&*digest));
    let head = call("HEAD", &path).send(registry.host()).expect(200);
    assert_eq!((head.header("content-length"), &*head.text()), (Some("10"), ""));
    let part = call("GET", &path)
        .header("range", "bytes=4-")
        .send(registry.host());
    let part = part.expect(206);
    assert_eq!(part.text(), "456789");
    assert_eq!(part.header("content-range"), Some("bytes 4-9/10"));
    let outside = call("GET", &path)
        .header("range", "bytes=10-")
        .send(registry.host());
    assert_eq!(outside.expect(416).header("content-range"), Some("bytes */10"));
    call("DELETE", &path).send(registry.host()).expect(202);
    let gone = get(registry.host(), &path).expect(404);
    assert!(gone.text().contains("BLOB_UNKNOWN"));
}

#[test]
fn ranges_can_be_ignored() {
    let registry = FakeRegistry::builder().ignore_ranges().start();
    let digest = registry.put_blob("demo", "0123456789");
    let path = format!("/v2/demo/blobs/{digest}");
    let answer = call("GET", &path)
        .header("range", "bytes=4-")
        .send(registry.host());
    assert_eq!(answer.expect(200).text(), "0123456789");
}

#[test]
fn manifest_is_stored_by_tag_and_digest_with_its_exact_bytes() {
    let registry = FakeRegistry::start();
    let body = "{ \"schemaVersion\": 2 }";
    let digest = sha256_digest(body.as_bytes());
    let answer = put_manifest(&registry, "1.0.0", body).expect(201);
    assert_eq!(answer.header("docker-content-digest"), Some(&*digest));
    for reference in ["1.0.0", &digest] {
        let path = format!("/v2/charts/demo/manifests/{reference}");
        let answer = get(registry.host(), &path).expect(200);
        assert_eq!(answer.text(), body);
        assert_eq!(answer.header("content-type"), Some(MANIFEST));
    }
    assert_eq!(registry.tags("charts/demo"), ["1.0.0"]);
    assert_eq!(registry.resolve("charts/demo", "1.0.0"), Some(digest));
}

#[test]
fn bad_manifests_are_refused() {
    let registry = FakeRegistry::start();
    let absent = sha256_digest(b"absent");
    let with_layer = format!(r#"{{"layers":[{{"digest":"{absent}"}}]}}"#);
    let cases = [
        ("1", "no json", 400, "MANIFEST_INVALID"),
        ("-x", "{}", 400, "TAG_INVALID"),
        ("1", with_layer.as_str(), 404, "MANIFEST_BLOB_UNKNOWN"),
        ("1", r#"{"mediaType":"other/type"}"#, 400, "MANIFEST_INVALID"),
        (absent.as_str(), "{}", 400, "DIGEST_INVALID"),
    ];
    for (reference, body, status, code) in cases {
        let answer = put_manifest(&registry, reference, body).expect(status);
        assert!(answer.text().contains(code), "{}", answer.text());
    }
    assert!(registry.repositories().is_empty());
}

#[test]
fn accept_header_must_name_the_media_type() {
    let registry = FakeRegistry::start();
    registry.put_manifest("demo", "1", MANIFEST, "{}");
    let request = call("GET", "/v2/demo/manifests/1");
    let other = request.clone().header("accept", "application/json");
    other.send(registry.host()).expect(404);
    let list = request.header("accept", &format!("text/plain, {MANIFEST};q=0.5"));
    list.send(registry.host()).expect(200);
}

#[test]
fn tags_come_in_pages_with_links() {
    let registry = FakeRegistry::builder().tags_page_size(2).start();
    for tag in ["1", "2", "3"] {
        registry.put_manifest("demo", tag, MANIFEST, "{}");
    }
    let first = get(registry.host(), "/v2/demo/tags/list").expect(200);
    assert_eq!(first.text(), r#"{"name":"demo","tags":["1","2"]}"#);
    let link = first.header("link");
    assert_eq!(link, Some("</v2/demo/tags/list?last=2&n=2>; rel=\"next\""));
    let second = get(registry.host(), "/v2/demo/tags/list?last=2&n=2").expect(200);
    assert_eq!(second.text(), r#"{"name":"demo","tags":["3"]}"#);
    assert_eq!(second.header("link"), None);
    get(registry.host(), "/v2/absent/tags/list").expect(404);
}

#[test]
fn too_many_tags_at_once_can_be_refused() {
    let registry = FakeRegistry::builder().tags_page_max(100).start();
    registry.create_repository("demo");
    get(registry.host(), "/v2/demo/tags/list?n=101").expect(400);
    get(registry.host(), "/v2/demo/tags/list?n=100").expect(200);
    get(registry.host(), "/v2/demo/tags/list?n=x").expect(400);
}

#[test]
fn referrers_are_listed_and_filtered() {
    let registry = FakeRegistry::start();
    let subject = registry.put_manifest("charts/demo", "1", MANIFEST, "{}");
    let body = format!(r#"{{"artifactType":"a/b","subject":{{"digest":"{subject}"}}}}"#);
    let answer = put_manifest(&registry, &sha256_digest(body.as_bytes()), &body).expect(201);
    assert_eq!(answer.header("oci-subject"), Some(&*subject));
    let path = format!("/v2/charts/demo/referrers/{subject}");
    let all = get(registry.host(), &path).expect(200);
    assert!(all.text().contains(r#""artifactType":"a/b""#), "{}", all.text());
    let none = get(registry.host(), &format!("{path}?artifactType=c%2Fd")).expect(200);
    assert!(none.text().contains(r#""manifests":[]"#), "{}", none.text());
    assert_eq!(none.header("oci-filters-applied"), Some("artifactType"));
}

#[test]
fn referrers_can_be_missing() {
    let registry = FakeRegistry::builder().without_referrers_api().start();
    let subject = registry.put_manifest("charts/demo", "1", MANIFEST, "{}");
    get(registry.host(), &format!("/v2/charts/demo/referrers/{subject}")).expect(404);
    let body = format!(r#"{{"subject":{{"digest":"{subject}"}}}}"#);
    let answer = put_manifest(&registry, "sig", &body).expect(201);
    assert_eq!(answer.header("oci-subject"), None);
}

#[test]
fn immutable_tags_and_closed_namespaces_refuse() {
    let registry = FakeRegistry::builder().immutable_tags().start();
    put_manifest(&registry, "1", "{}").expect(201);
    let again = put_manifest(&registry, "1", "{}").expect(400);
    assert!(again.text().contains("immutable"), "{}", again.text());
    let registry = FakeRegistry::builder().closed_namespace().start();
    put_manifest(&registry, "1", "{}").expect(404);
    registry.create_repository("charts/demo");
    put_manifest(&registry, "1", "{}").expect(201);
}

#[test]
fn read_only_registry_refuses_writes() {
    let registry = FakeRegistry::builder().read_only().start();
    registry.put_manifest("charts/demo", "1", MANIFEST, "{}");
    get(registry.host(), "/v2/charts/demo/manifests/1").expect(200);
    put_manifest(&registry, "2", "{}").expect(405);
}

#[test]
fn repository_names_follow_the_grammar() {
    let registry = FakeRegistry::start();
    for name in ["demo", "a/b/c", "a-b_c__d.e", "a--b"] {
        let answer = get(registry.host(), &format!("/v2/{name}/tags/list"));
        answer.expect(404);
    }
    for name in ["Demo", "a//b", "-a", "a..b", "a___b", "a-"] {
        let answer = get(registry.host(), &format!("/v2/{name}/tags/list")).expect(400);
        assert!(answer.text().contains("NAME_INVALID"), "{name}");
    }
}

#[test]
fn deleted_manifest_takes_its_tags_along() {
    let registry = FakeRegistry::start();
    let digest = registry.put_manifest("demo", "1", MANIFEST, "{}");
    let target = format!("/v2/demo/manifests/{digest}");
    call("DELETE", &target).send(registry.host()).expect(202);
    assert!(registry.tags("demo").is_empty());
    call("DELETE", &target).send(registry.host()).expect(404);
}
