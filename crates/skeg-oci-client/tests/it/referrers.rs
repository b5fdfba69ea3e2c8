//! Case 40: referrers, and the other lists of a registry.

use skeg_oci::{ImageIndex, MediaType};
use skeg_oci_client::{
    ListReferrers, ListReferrersError, ListRepositoriesError, ListTagPages, Referrers, ReferrersSource,
    Support, referrers_tag,
};
use skeg_test_support::{FakeRegistry, Fault, PlainReply, PlainRequest, PlainServer};

use crate::support::{Harness, NAME, manifest, referrer};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A repository with a subject and one referrer, which the index of the tag schema names.
fn with_tag_schema(registry: &FakeRegistry) {
    let referrer = referrer("application/x.sbom");
    registry.put_manifest(
        NAME,
        "1.0.0",
        MediaType::OCI_MANIFEST.as_str(),
        manifest().bytes().to_vec(),
    );
    registry.put_manifest(
        NAME,
        &referrer.digest().to_string(),
        MediaType::OCI_MANIFEST.as_str(),
        referrer.bytes().to_vec(),
    );
    let mut index = ImageIndex::empty();
    let mut descriptor = referrer.descriptor();
    descriptor.artifact_type = Some(MediaType::new("application/x.sbom"));
    index.manifests.push(descriptor);
    let tag = referrers_tag(manifest().digest());
    registry.put_manifest(NAME, tag.as_str(), INDEX, index.to_raw().bytes().to_vec());
}

async fn list(host: &str, wanted: Option<&str>) -> Result<Referrers, ListReferrersError> {
    let wanted = wanted.map(MediaType::new);
    Harness::new()
        .repository(host)
        .list_referrers(manifest().digest(), wanted.as_ref())
        .await
}

#[tokio::test]
async fn case_40_what_is_no_answer_of_the_api_leads_to_the_tag_schema() {
    let elsewhere = PlainServer::fixed(
        PlainReply::new(404)
            .header("content-type", "text/html")
            .body("<html>"),
    );
    let busy = PlainServer::fixed(PlainReply::new(429));
    let portal = PlainServer::captive_portal();
    for fault in [
        Fault::status(404),
        Fault::status(405),
        Fault::status(501),
        Fault::html(),
        Fault::headers()
            .without_header("content-type")
            .header("content-type", "application/json"),
        Fault::redirect_to(format!("{}/-/v2/packages/truncated", elsewhere.base_url())),
        Fault::redirect_to(busy.base_url().to_owned()),
        Fault::redirect_to(portal.base_url().to_owned()),
        Fault::redirect_to("http://127.0.0.1:1/".to_owned()),
        Fault::redirect_loop(),
    ] {
        let registry = FakeRegistry::start();
        with_tag_schema(&registry);
        registry.add_fault(fault.on("GET", "/referrers/"));
        let found = list(registry.host(), None).await.unwrap();
        assert_eq!(
            (found.manifests.len(), found.source),
            (1, ReferrersSource::TagSchema)
        );
    }
    assert_eq!(busy.requests().len(), 1, "another host's 429 is not waited for");
}

#[tokio::test]
async fn case_40_what_may_pass_is_no_empty_list() {
    for fault in [
        Fault::status(500),
        Fault::status(429),
        Fault::status(403),
        Fault::status(400),
        Fault::error(404, "NAME_UNKNOWN", "no such repository"),
    ] {
        let registry = FakeRegistry::start();
        with_tag_schema(&registry);
        registry.add_fault(fault.on("GET", "/referrers/"));
        list(registry.host(), None).await.unwrap_err();
        assert_eq!(registry.requests().count("GET", "/manifests/"), 0);
    }
}

#[tokio::test]
async fn case_40_a_broken_tag_schema_is_no_empty_list() {
    let registry = FakeRegistry::builder().without_referrers_api().start();
    with_tag_schema(&registry);
    let tag = referrers_tag(manifest().digest());
    registry.put_manifest(
        NAME,
        tag.as_str(),
        MediaType::OCI_MANIFEST.as_str(),
        manifest().bytes().to_vec(),
    );
    let error = list(registry.host(), None).await.unwrap_err();
    assert!(matches!(error, ListReferrersError::Answer { .. }), "{error:?}");
    registry.add_fault(Fault::status(503).on("GET", "/manifests/"));
    let error = list(registry.host(), None).await.unwrap_err();
    assert!(matches!(error, ListReferrersError::Index { .. }), "{error:?}");
}

#[tokio::test]
async fn case_40_no_tag_is_no_referrer_and_no_repository_is_an_error() {
    let registry = FakeRegistry::builder().without_referrers_api().start();
    let error = list(registry.host(), None).await.unwrap_err();
    assert!(matches!(error, ListReferrersError::NotFound { .. }), "{error:?}");
    registry.create_repository(NAME);
    let found = list(registry.host(), None).await.unwrap();
    assert_eq!(
        (found.manifests.len(), found.source),
        (0, ReferrersSource::TagSchema)
    );
}

/// A page of the API with one referrer of each type, and the headers given.
fn page(types: &[&str], headers: &[(&str, &str)]) -> PlainReply {
    let mut index = ImageIndex::empty();
    for artifact_type in types {
        let mut descriptor = referrer(artifact_type).descriptor();
        descriptor.artifact_type = Some(MediaType::new(artifact_type));
        index.manifests.push(descriptor);
    }
    let reply = PlainReply::new(200).header("content-type", INDEX);
    let reply = headers
        .iter()
        .fold(reply, |reply, (name, value)| reply.header(name, value));
    reply.body(index.to_raw().bytes().to_vec())
}

#[track_caller]
fn types(found: &Referrers) -> Vec<&str> {
    let types = found
        .manifests
        .iter()
        .filter_map(|found| found.artifact_type.as_ref());
    types.map(MediaType::as_str).collect()
}

#[tokio::test]
async fn case_40_pages_of_referrers_are_followed_and_filtered_here_if_not_there() {
    let server = PlainServer::start(|request: &PlainRequest<'_>| {
        if request.target.contains("page=2") {
            return page(&["application/b+x", "application/c"], &[]);
        }
        page(
            &["application/a", "application/b+x"],
            &[("link", "<?page=2>; rel=\"next\"")],
        )
    });
    let found = list(server.host(), None).await.unwrap();
    assert_eq!(found.manifests.len(), 4);
    let found = list(server.host(), Some("application/b+x")).await.unwrap();
    assert_eq!(types(&found), ["application/b+x"; 2]);
    let asked = server.requests();
    assert!(
        asked.as_slice()[2]
            .query()
            .ends_with("artifactType=application%2Fb%2Bx"),
        "{asked:?}"
    );
}

#[tokio::test]
async fn case_40_a_filter_that_was_applied_is_trusted() {
    let server = PlainServer::fixed(page(
        &["application/a"],
        &[("oci-filters-applied", "annotation, artifactType")],
    ));
    let found = list(server.host(), Some("application/b")).await.unwrap();
    assert_eq!(types(&found), ["application/a"]);
    let server = PlainServer::fixed(page(&["application/a"], &[]));
    assert_eq!(
        types(&list(server.host(), Some("application/b")).await.unwrap()),
        [""; 0]
    );
}

#[tokio::test]
async fn case_40_a_list_without_types_is_completed_from_the_manifests() {
    let referrer = referrer("application/x.sbom");
    let body = referrer.bytes().to_vec();
    let mut index = ImageIndex::empty();
    let mut stated = referrer.descriptor();
    stated.artifact_type = Some(MediaType::EMPTY_JSON);
    index.manifests.push(stated);
    let list_body = index.to_raw().bytes().to_vec();
    let server = PlainServer::start(move |request: &PlainRequest<'_>| {
        if request.target.contains("/referrers/") {
            return PlainReply::new(200)
                .header("content-type", INDEX)
                .body(list_body.clone());
        }
        PlainReply::new(200)
            .header("content-type", MediaType::OCI_MANIFEST.as_str())
            .body(body.clone())
    });
    let found = list(server.host(), Some("application/x.sbom")).await.unwrap();
    assert_eq!(types(&found), ["application/x.sbom"]);
}

#[tokio::test]
async fn case_40_referrers_in_a_circle_or_without_end_are_refused() {
    let circle = PlainServer::fixed(page(&["application/a"], &[("link", "<?x=1>; rel=next")]));
    let error = list(circle.host(), None).await.unwrap_err();
    assert!(matches!(error, ListReferrersError::Answer { .. }), "{error:?}");
    let large = PlainServer::fixed(
        PlainReply::new(200)
            .header("content-type", INDEX)
            .body(vec![b' '; 5 << 20]),
    );
    let error = list(large.host(), None).await.unwrap_err();
    assert!(matches!(error, ListReferrersError::Answer { .. }), "{error:?}");
}

fn many_tags(registry: &FakeRegistry, count: usize) {
    for number in 0..count {
        let version = format!("1.{number}.0");
        registry.put_manifest(
            NAME,
            &version,
            MediaType::OCI_MANIFEST.as_str(),
            manifest().bytes().to_vec(),
        );
    }
}

#[tokio::test]
async fn case_40_ten_thousand_tags_take_one_request_for_each_page() {
    for (page_size, requests) in [(10_000, 1), (1000, 10)] {
        let registry = FakeRegistry::builder().tags_page_size(page_size).start();
        many_tags(&registry, 10_000);
        let mut pages = Harness::new().repository(registry.host()).tag_pages().await;
        let mut count = 0;
        while let Some(page) = pages.next().await.unwrap() {
            assert!(page.len() <= page_size);
            count += page.len();
        }
        assert_eq!((count, registry.requests().len()), (10_000, requests));
    }
}

#[tokio::test]
async fn case_40_large_pages_that_are_refused_are_asked_for_once() {
    let registry = FakeRegistry::builder()
        .tags_page_size(100)
        .tags_page_max(100)
        .start();
    many_tags(&registry, 450);
    let mut pages = Harness::new().repository(registry.host()).tag_pages().await;
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        sizes.push(page.len());
    }
    assert_eq!(sizes, [100, 100, 100, 100, 50]);
    assert_eq!(registry.requests().len(), 6);
}

#[tokio::test]
async fn case_40_an_error_ends_the_pages() {
    let registry = FakeRegistry::builder().tags_page_size(10).start();
    many_tags(&registry, 20);
    registry.add_fault(Fault::status(404).on("GET", "last="));
    let mut pages = Harness::new().repository(registry.host()).tag_pages().await;
    assert_eq!(pages.next().await.unwrap().unwrap().len(), 10);
    pages.next().await.unwrap_err();
    assert_eq!(pages.next().await.unwrap(), None);
}

#[tokio::test]
async fn repositories_are_listed_where_the_registry_lists_them() {
    let registry = FakeRegistry::start();
    for name in ["charts/a", "charts/b", "other"] {
        registry.create_repository(name);
    }
    let harness = Harness::new();
    let mut pages = harness
        .client
        .registry(registry.host().parse().unwrap())
        .catalog();
    let names = pages.next().await.unwrap().unwrap();
    assert_eq!(
        names,
        ["charts/a", "charts/b", "other"].map(|name| name.parse().unwrap())
    );
    assert_eq!(pages.next().await.unwrap(), None);
    for status in [401, 403, 404, 405, 501] {
        let server = PlainServer::fixed(PlainReply::new(status));
        let error = harness
            .client
            .registry(server.host().parse().unwrap())
            .catalog()
            .next()
            .await;
        let error = error.unwrap_err();
        let is_unsupported = matches!(error, ListRepositoriesError::Unsupported { .. });
        assert!(is_unsupported, "{status}: {error:?}");
    }
    let server = PlainServer::fixed(PlainReply::new(503));
    let error = harness
        .client
        .registry(server.host().parse().unwrap())
        .catalog()
        .next()
        .await;
    assert!(matches!(error.unwrap_err(), ListRepositoriesError::Request(_)));
}

#[tokio::test]
async fn a_registry_tells_what_it_can_do() {
    let registry = FakeRegistry::start();
    with_tag_schema(&registry);
    let asked = Harness::new().client.registry(registry.host().parse().unwrap());
    let ping = asked.ping().await.unwrap();
    assert_eq!(ping.api_version.as_deref(), Some("registry/2.0"));
    assert!(!ping.is_tls && ping.http_version == "HTTP/1.1", "{ping:?}");
    let found = asked.capabilities(None).await.unwrap();
    assert_eq!((found.catalog, found.referrers), (Support::Yes, Support::Yes));
    assert_eq!(
        (found.mount, found.repository.unwrap().as_str()),
        (Support::Unknown, NAME)
    );
    let writes = registry
        .requests()
        .only(|request| !matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS"));
    assert!(writes.is_empty(), "{writes:?}");
    let old = FakeRegistry::builder().without_referrers_api().start();
    with_tag_schema(&old);
    let asked = Harness::new().client.registry(old.host().parse().unwrap());
    let found = asked.capabilities(Some(&NAME.parse().unwrap())).await.unwrap();
    assert_eq!(found.referrers, Support::No);
}
