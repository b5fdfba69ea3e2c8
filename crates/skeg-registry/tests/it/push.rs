//! Pushing, and the requests that it takes.

use std::time::Duration;

use skeg_oci::{Annotations, Manifest, MediaType};
use skeg_oci_client::MemoryRepository;
use skeg_registry::{ArtifactContent, ExistingTag, PushError, TagState, push};
use skeg_test_support::{FakeRegistry, TokenServer};

use crate::support::{TestChart, options, push_as, remote};

#[tokio::test]
async fn a_new_chart_takes_eight_requests_in_four_round_trips() {
    let registry = FakeRegistry::builder().latency(Duration::from_millis(20)).start();
    let repository = remote(&registry, "demo");
    let archive = TestChart::new("demo", "1.0.0");
    let archive = archive.read();
    registry.clear_requests();
    let (content, options) = (
        archive.to_artifact(None),
        options(&archive, ExistingTag::Overwrite),
    );
    let outcome = push(&repository, &archive, &content, &options).await.unwrap();
    let log = registry.requests();
    assert_eq!(outcome.tags[0].1, TagState::Created);
    assert_eq!(
        registry.resolve("charts/demo", "1.0.0").unwrap(),
        outcome.digest.to_string()
    );
    assert!(log.len() <= 8, "{log}");
    assert!(log.sequential_round_trips() <= 4, "{log}");
    assert_eq!(log.count("PUT", "/manifests/"), 1, "{log}");
}

#[tokio::test]
async fn all_requests_of_a_push_share_one_token() {
    let registry = FakeRegistry::builder().bearer_auth(TokenServer::new()).start();
    let chart = TestChart::new("demo", "1.0.0");
    let archive = chart.read();
    let (content, options) = (
        archive.to_artifact(None),
        options(&archive, ExistingTag::Overwrite),
    );
    let repository = remote(&registry, "demo").for_writing();
    push(&repository, &archive, &content, &options).await.unwrap();
    assert_eq!(
        registry.token_requests().len(),
        1,
        "{}",
        registry.token_requests()
    );
}

#[tokio::test]
async fn the_same_push_again_only_asks() {
    let registry = FakeRegistry::builder().latency(Duration::from_millis(20)).start();
    let archive = TestChart::new("demo", "1.0.0");
    let archive = archive.read();
    let content = archive.to_artifact(None);
    let options = options(&archive, ExistingTag::Overwrite);
    push(&remote(&registry, "demo"), &archive, &content, &options)
        .await
        .unwrap();
    registry.clear_requests();
    let outcome = push(&remote(&registry, "demo"), &archive, &content, &options)
        .await
        .unwrap();
    let log = registry.requests();
    assert_eq!(outcome.tags[0].1, TagState::Unchanged);
    assert!(log.len() <= 3, "{log}");
    assert_eq!(log.sequential_round_trips(), 1, "{log}");
    assert!(log.iter().all(|record| record.method == "HEAD"), "{log}");
}

#[tokio::test]
async fn a_moved_tag_is_told_kept_or_refused() {
    let repository = MemoryRepository::new();
    push_as(&repository, "demo", "0.9.0", "1.0.0").await;
    let chart = TestChart::new("demo", "1.0.0");
    let archive = chart.read();
    let content = archive.to_artifact(None);
    let attempt = async |existing| push(&repository, &archive, &content, &options(&archive, existing)).await;

    let refused = attempt(ExistingTag::Refuse).await.unwrap_err();
    assert!(matches!(refused, PushError::TagExists { .. }), "{refused}");
    let kept = attempt(ExistingTag::Keep).await.unwrap();
    assert!(matches!(&kept.tags[0].1, TagState::Kept { digest } if *digest == kept.digest));
    let moved = attempt(ExistingTag::Overwrite).await.unwrap();
    assert_eq!(moved.tags[0].1, TagState::Moved { from: kept.digest });
    for existing in [ExistingTag::Refuse, ExistingTag::Keep] {
        assert_eq!(attempt(existing).await.unwrap().tags[0].1, TagState::Unchanged);
    }
}

#[tokio::test]
async fn a_refused_push_sends_nothing() {
    let registry = FakeRegistry::start();
    push_as(&remote(&registry, "demo"), "demo", "0.9.0", "1.0.0").await;
    let chart = TestChart::new("demo", "1.0.0");
    let archive = chart.read();
    registry.clear_requests();
    let options = options(&archive, ExistingTag::Refuse);
    push(
        &remote(&registry, "demo"),
        &archive,
        &archive.to_artifact(None),
        &options,
    )
    .await
    .unwrap_err();
    let log = registry.requests();
    assert_eq!((log.count("POST", ""), log.count("PUT", "")), (0, 0), "{log}");
}

#[test]
fn the_manifest_has_the_fields_of_helm() {
    let chart = TestChart::new("demo", "1.0.0").with_provenance("signed");
    let archive = chart.read();
    let ArtifactContent {
        artifact,
        manifest,
        config,
    } = archive.to_artifact(Some("2026-01-31T13:00:00+01:00".parse().unwrap()));
    let text = std::str::from_utf8(manifest.bytes()).unwrap();
    assert!(text.starts_with(
        r#"{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json""#
    ));
    let Manifest::Image(parsed) = manifest.parse().unwrap() else {
        panic!("{text}")
    };
    let types: Vec<&MediaType> = parsed.layers.iter().map(|layer| &layer.media_type).collect();
    assert_eq!(
        types,
        [&MediaType::HELM_CHART_CONTENT, &MediaType::HELM_PROVENANCE]
    );
    assert!(artifact.config.digest.matches(&config));
    let annotation = |key| artifact.annotations.get(key);
    assert_eq!(annotation(Annotations::CREATED), Some("2026-01-31T12:00:00Z"));
    assert_eq!(annotation(Annotations::TITLE), Some("demo"));
    assert_eq!(annotation(Annotations::VERSION), Some("1.0.0"));
    assert_eq!(annotation(Annotations::URL), None);
}

#[test]
fn the_same_archive_gives_the_same_manifest_whatever_the_time_of_its_file() {
    let chart = TestChart::new("demo", "1.0.0");
    let before = chart.read().to_artifact(None).manifest;
    let file = fs_err::OpenOptions::new().write(true).open(chart.path()).unwrap();
    file.file()
        .set_modified(std::time::UNIX_EPOCH + Duration::from_hours(24))
        .unwrap();
    assert_eq!(chart.read().to_artifact(None).manifest, before);
}
