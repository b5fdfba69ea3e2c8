//! Case 40: listing.

use skeg_oci_client::{ListTags, ListTagsError};
use skeg_test_support::{FakeRegistry, Fault, PlainReply, PlainServer};

use crate::support::{Harness, NAME, manifest};

fn registry(page: usize) -> FakeRegistry {
    let registry = FakeRegistry::builder().tags_page_size(page).start();
    for version in ["1.0.0", "1.0.1", "1.1.0", "2.0.0", "2.0.0_b"] {
        registry.put_manifest(
            NAME,
            version,
            manifest().media_type().as_str(),
            manifest().bytes().to_vec(),
        );
    }
    registry
}

#[tokio::test]
async fn case_40_every_page_is_read() {
    for (page, requests) in [(2, 3), (1, 5), (100, 1)] {
        let registry = registry(page);
        let tags = Harness::new()
            .repository(registry.host())
            .list_tags()
            .await
            .unwrap();
        let tags: Vec<_> = tags.iter().map(ToString::to_string).collect();
        assert_eq!(tags, ["1.0.0", "1.0.1", "1.1.0", "2.0.0", "2.0.0_b"]);
        assert_eq!(registry.requests().len(), requests);
    }
}

#[tokio::test]
async fn case_40_links_in_a_circle_or_to_others_are_refused() {
    for link in [
        "</v2/charts/demo/tags/list>; rel=next",
        "</v2/charts/demo/tags/list?last=x>; rel=next",
    ] {
        let registry = registry(100);
        registry.add_fault(Fault::headers().header("Link", link));
        let error = Harness::new()
            .repository(registry.host())
            .list_tags()
            .await
            .unwrap_err();
        assert!(matches!(error, ListTagsError::Answer { .. }), "{error:?}");
        assert!(registry.requests().len() <= 2);
    }
    let other = PlainServer::fixed(PlainReply::new(200));
    let registry = registry(100);
    registry.add_fault(Fault::headers().header("Link", &format!("<{}/x>; rel=next", other.base_url())));
    let error = Harness::new()
        .repository(registry.host())
        .list_tags()
        .await
        .unwrap_err();
    assert!(matches!(error, ListTagsError::Answer { .. }), "{error:?}");
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn case_40_pages_without_end_are_given_up() {
    let registry = registry(100);
    registry.add_fault(Fault::page_loop().on("GET", "/tags/list"));
    let error = Harness::new()
        .repository(registry.host())
        .list_tags()
        .await
        .unwrap_err();
    assert!(matches!(error, ListTagsError::Answer { .. }), "{error:?}");
    assert!(registry.requests().len() <= 10_000);
}

#[tokio::test]
async fn case_40_lists_of_other_forms() {
    let answers = [
        (r#"{"name":"x","tags":null}"#, Some(0)),
        (r#"{"tags":["a","b/c","","-"]}"#, Some(1)),
        ("{}", Some(0)),
        ("<html>", None),
        ("[1]", None),
    ];
    for (body, expected) in answers {
        let server = PlainServer::fixed(PlainReply::new(200).body(body));
        let tags = Harness::new().repository(server.host()).list_tags().await;
        assert_eq!(tags.ok().map(|tags| tags.len()), expected, "{body}");
    }
}

#[tokio::test]
async fn case_40_a_missing_repository_is_not_found() {
    let registry = FakeRegistry::start();
    let error = Harness::new()
        .repository(registry.host())
        .list_tags()
        .await
        .unwrap_err();
    assert!(matches!(error, ListTagsError::NotFound { .. }), "{error:?}");
    assert!(error.response().unwrap().is_unknown_repository());
}

#[tokio::test]
async fn case_40_warnings_are_passed_on_once() {
    let registry = registry(1);
    registry.add_fault(Fault::headers().header("Warning", "299 - \"this registry closes soon\""));
    let harness = Harness::new();
    harness.repository(registry.host()).list_tags().await.unwrap();
    let expected = format!("`{}` warns: this registry closes soon", registry.host());
    assert_eq!(harness.recorder.notices(), [expected]);
}
