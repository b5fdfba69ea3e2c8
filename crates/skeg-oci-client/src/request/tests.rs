//! Tests of building requests and reading heads.

use super::*;

fn name() -> RepositoryName {
    RepositoryName::parse("charts/demo").unwrap()
}

fn digest() -> Digest {
    Digest::sha256_of(b"")
}

#[track_caller]
fn check_call(call: &Call, method: &Method, path: &str, scopes: &[&str]) {
    assert_eq!(call.method, *method);
    assert_eq!(call.address, Address::Path(path.to_owned()));
    assert_eq!(call.scopes.iter().collect::<Vec<_>>(), scopes);
}

#[test]
fn calls_name_their_paths_and_permissions() {
    let tag = TagOrDigest::Tag("1.2.3".parse().unwrap());
    let pull = &["repository:charts/demo:pull"][..];
    let push = &["repository:charts/demo:pull,push"][..];
    check_call(&Call::ping(), &Method::GET, "/v2/", &[]);
    let path = "/v2/charts/demo/manifests/1.2.3";
    check_call(&Call::head_manifest(&name(), &tag), &Method::HEAD, path, pull);
    check_call(&Call::get_manifest(&name(), &tag), &Method::GET, path, pull);
    let manifest = RawManifest::new(MediaType::OCI_MANIFEST, b"{}".to_vec());
    let put = Call::put_manifest(&name(), &tag, &manifest);
    check_call(&put, &Method::PUT, path, push);
    assert_eq!(put.headers[CONTENT_TYPE], MediaType::OCI_MANIFEST.as_str());
    let blob = format!("/v2/charts/demo/blobs/{}", digest());
    check_call(
        &Call::head_blob_to_push(&name(), &digest()),
        &Method::HEAD,
        &blob,
        push,
    );
    check_call(&Call::get_blob(&name(), &digest(), 0), &Method::GET, &blob, pull);
    check_call(
        &Call::list_tags(&name()),
        &Method::GET,
        "/v2/charts/demo/tags/list",
        pull,
    );
    let uploads = "/v2/charts/demo/blobs/uploads/";
    check_call(&Call::start_upload(&name()), &Method::POST, uploads, push);
    let base = RepositoryName::parse("base").unwrap();
    check_call(
        &Call::mount(&name(), &digest(), &base),
        &Method::POST,
        &format!("{uploads}?mount={}&from=base", digest()),
        &["repository:charts/demo:pull,push", "repository:base:pull"],
    );
}

#[test]
fn blobs_are_asked_for_from_an_offset() {
    assert_eq!(Call::get_blob(&name(), &digest(), 17).headers[RANGE], "bytes=17-");
    assert!(!Call::get_blob(&name(), &digest(), 0).headers.contains_key(RANGE));
}

#[track_caller]
fn check_digest(location: &str, expected: &str) {
    let digest = Digest::sha256_of(b"");
    let url = with_digest(&Url::parse(location).unwrap(), &digest);
    assert_eq!(url.as_str(), format!("{expected}digest={digest}"));
}

#[test]
fn case_25_the_query_of_a_location_stays_as_it_is() {
    check_digest("https://a/v2/u/1", "https://a/v2/u/1?");
    check_digest("https://a/v2/u/1?", "https://a/v2/u/1?");
    check_digest(
        "https://a/u?_state=a%2Bb+c&x=%7e",
        "https://a/u?_state=a%2Bb+c&x=%7e&",
    );
    check_digest("https://a:443/u?x=", "https://a/u?x=&");
}

fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    let lines = lines.iter().map(|(name, value)| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_str(value).unwrap(),
        )
    });
    lines.collect()
}

#[track_caller]
fn check_range(text: &str, expected: Option<(u64, Option<u64>)>) {
    let found = content_range(&headers(&[("content-range", text)]));
    assert_eq!(found.map(|range| (range.first, range.total)), expected);
}

#[test]
fn content_ranges() {
    check_range("bytes 5-9/10", Some((5, Some(10))));
    check_range("bytes 5-9/*", Some((5, None)));
    check_range("bytes */10", None);
    check_range("items 5-9/10", None);
    check_range("bytes", None);
}

#[track_caller]
fn check_link(lines: &[&str], expected: Option<&str>) {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(http::header::LINK, line.parse().unwrap());
    }
    let next = next_link(&headers).expect("the links can be read");
    assert_eq!(next.as_deref(), expected);
}

#[track_caller]
fn check_malformed_link(line: &str) {
    let found = next_link(&headers(&[("link", line)]));
    assert_eq!(found, Err(MalformedLink), "{line}");
}

#[test]
fn case_40_links_to_the_next_page() {
    check_link(
        &[r#"</v2/a/tags/list?last=b&n=2>; rel="next""#],
        Some("/v2/a/tags/list?last=b&n=2"),
    );
    check_link(&["<x>; rel=next"], Some("x"));
    check_link(&[r#"<x,y>; title="z"; REL="Next""#], Some("x,y"));
    check_link(&[r#"<a>; rel="prev", <b>; rel="next""#], Some("b"));
    check_link(&[r#"<a>; rel="prev""#, r#"<b>; rel="next""#], Some("b"));
    check_link(&[r#"<a>; rel="prev""#], None);
    check_link(&[r#"<a>; rel="last next""#], Some("a"));
    check_link(&[r#"<a>; rel="nextish""#, ""], None);
    check_link(&["nonsense", "<a>; rel=next"], Some("a"));
    check_link(&[], None);
}

#[test]
fn case_40_a_link_that_cannot_be_read_is_not_the_end() {
    for line in ["nonsense", "<open", r#"/v2/a/tags/list?last=b; rel="next""#] {
        check_malformed_link(line);
    }
}

#[test]
fn heads_are_read_with_tolerance() {
    let head = headers(&[
        ("content-type", "Application/JSON; charset=utf-8"),
        ("content-length", "12"),
        ("docker-content-digest", "not a digest"),
    ]);
    assert_eq!(media_type(&head).unwrap().as_str(), "application/json");
    assert_eq!(content_length(&head), Some(12));
    assert_eq!(content_digest(&head), None);
    assert_eq!(media_type(&headers(&[("content-type", " ;")])), None);
}

#[track_caller]
fn check_uploaded(text: &str, expected: Option<u64>) {
    assert_eq!(uploaded(&headers(&[("range", text)])), expected);
}

#[test]
fn case_29_registries_say_how_much_they_have() {
    check_uploaded("0-99", Some(100));
    check_uploaded("bytes=0-99", Some(100));
    check_uploaded("bytes=0--1", None);
    check_uploaded("5-99", None);
    check_uploaded("99", None);
}
