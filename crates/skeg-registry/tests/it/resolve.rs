//! Which chart a request means.

use skeg_oci::{Descriptor, ImageIndex, ImageManifest, MediaType, Platform, TagOrDigest};
use skeg_oci_client::{BlobUpload, FetchManifest, MemoryRepository, PushBlob, PushManifest};
use skeg_registry::{ResolveChartError, resolve};

use crate::support::{push_as, request};

async fn repository(tags: &[&str]) -> MemoryRepository {
    let repository = MemoryRepository::new();
    for tag in tags {
        let version = if *tag == "latest" {
            "0.9.0".to_owned()
        } else {
            tag.replace('_', "+")
        };
        push_as(&repository, "demo", &version, tag).await;
    }
    repository
}

#[track_caller]
fn check_tag(tags: &[&str], version: Option<&str>, expected: &str) {
    let resolved = block_on(async {
        let repository = repository(tags).await;
        resolve(&repository, &request("oci://h/charts/demo", version))
            .await
            .unwrap()
    });
    assert_eq!(resolved.reference.tag().unwrap().as_str(), expected);
}

#[track_caller]
fn check_error(tags: &[&str], reference: &str, version: Option<&str>, expected: &str) {
    let error = block_on(async {
        let repository = repository(tags).await;
        resolve(&repository, &request(reference, version))
            .await
            .unwrap_err()
    });
    assert_eq!(error.to_string(), expected);
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

#[test]
fn versions_and_ranges_find_their_tag() {
    check_tag(&["0.1.0", "0.2.0", "0.3.0-rc.1"], None, "0.2.0");
    check_tag(&["0.1.0", "0.2.0"], Some("0.1.0"), "0.1.0");
    check_tag(&["0.1.0", "0.1.9", "0.2.0"], Some("~0.1"), "0.1.9");
    check_tag(&["1.2.4_build.5"], Some("1.2.4+build.5"), "1.2.4_build.5");
}

#[test]
fn loose_versions_find_their_tag() {
    check_tag(&["1.2.3"], Some("v1.2.3"), "1.2.3");
    check_tag(&["1.2.2", "1.2.3", "1.3.0"], Some("1.2"), "1.2.3");
    check_tag(&["v1.2.3"], Some("1.2.3"), "v1.2.3");
    check_tag(&["v1.2.3", "v1.2.4"], None, "v1.2.4");
}

#[test]
fn what_is_not_there_is_told() {
    let demo = "oci://h/charts/demo";
    check_error(&["0.1.0"], demo, Some("9.9.9"), "h/charts/demo:9.9.9: not found");
    check_error(
        &["0.1.0"],
        demo,
        Some(">9"),
        "could not locate a version matching provided version string >9",
    );
    check_error(
        &["latest"],
        demo,
        None,
        "unable to locate any tags in provided repository: oci://h/charts/demo",
    );
    check_error(
        &["0.1.0"],
        demo,
        Some("no version"),
        "improper constraint: \"no version\"",
    );
    check_error(
        &["0.1.0", "0.2.0"],
        "oci://h/charts/demo:0.1.0",
        Some("0.2.0"),
        "chart reference and version mismatch: 0.2.0 is not 0.1.0",
    );
}

#[test]
fn a_missing_tag_names_its_neighbours() {
    block_on(async {
        let repository = repository(&["1.0.0", "1.1.0"]).await;
        let error = resolve(&repository, &request("oci://h/demo:1.2.0", None))
            .await
            .unwrap_err();
        let ResolveChartError::NotFound { nearest, .. } = error else {
            panic!("{error}")
        };
        assert_eq!(
            nearest.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["1.1.0", "1.0.0"]
        );
    });
}

#[test]
fn a_tag_and_a_digest_must_both_hold() {
    block_on(async {
        let repository = repository(&["1.0.0", "2.0.0"]).await;
        let digest_of = async |tag: &str| {
            let tag = TagOrDigest::Tag(tag.parse().unwrap());
            repository.fetch_manifest(&tag).await.unwrap().digest().clone()
        };
        let (one, two) = (digest_of("1.0.0").await, digest_of("2.0.0").await);
        let resolved = resolve(&repository, &request(&format!("oci://h/demo:1.0.0@{one}"), None))
            .await
            .unwrap();
        assert_eq!(resolved.reference.to_string(), format!("oci://h/demo@{one}"));
        let error = resolve(&repository, &request(&format!("oci://h/demo:1.0.0@{two}"), None))
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("chart reference digest mismatch: {one} is not {two}")
        );
        let error = resolve(&repository, &request(&format!("oci://h/demo@{one}"), Some("^2")))
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "chart reference and version mismatch: ^2 is not 1.0.0"
        );
        resolve(&repository, &request(&format!("oci://h/demo@{two}"), Some("^2")))
            .await
            .unwrap();
    });
}

#[test]
fn a_range_goes_by_the_tag_whatever_the_manifest_says() {
    block_on(async {
        let repository = MemoryRepository::new();
        push_as(&repository, "demo", "9.0.0", "1.0.0").await;
        let resolved = resolve(&repository, &request("oci://h/demo", Some("^1")))
            .await
            .unwrap();
        assert_eq!(resolved.reference.tag().unwrap().as_str(), "1.0.0");
        let error = resolve(&repository, &request("oci://h/demo:1.0.0", Some("^1")))
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "chart reference and version mismatch: ^1 is not 9.0.0"
        );
    });
}

#[test]
fn case_39_an_image_is_no_chart() {
    block_on(async {
        let repository = MemoryRepository::new();
        put_manifest(&repository, MediaType::OCI_IMAGE_CONFIG, Vec::new(), "1.0.0").await;
        let error = resolve(&repository, &request("oci://h/app:1.0.0", None))
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), "oci://h/app:1.0.0 is not a chart");
        let cause = std::error::Error::source(&error).unwrap();
        assert_eq!(cause.to_string(), "this is a container image, not a chart");
    });
}

#[test]
fn the_first_chart_of_an_index_is_taken() {
    block_on(async {
        let repository = repository(&["1.0.0", "2.0.0"]).await;
        let image = put_manifest(&repository, MediaType::OCI_IMAGE_CONFIG, Vec::new(), "image").await;
        let descriptor = async |tag: &str| {
            let tag = TagOrDigest::Tag(tag.parse().unwrap());
            repository.fetch_manifest(&tag).await.unwrap().descriptor()
        };
        let mut index = ImageIndex::empty();
        index.manifests = vec![image, descriptor("2.0.0").await, descriptor("1.0.0").await];
        let tag = TagOrDigest::Tag("3.0.0".parse().unwrap());
        repository.push_manifest(&index.to_raw(), &tag).await.unwrap();
        let resolved = resolve(&repository, &request("oci://h/demo:3.0.0", None))
            .await
            .unwrap();
        assert_eq!(resolved.artifact.version(), Some("2.0.0"));
        assert_eq!(&resolved.digest, index.to_raw().digest());
    });
}

#[test]
fn case_39_an_index_without_a_chart_says_what_it_is() {
    block_on(async {
        let repository = MemoryRepository::new();
        let image = put_manifest(&repository, MediaType::OCI_IMAGE_CONFIG, Vec::new(), "image").await;
        let for_platform = Descriptor {
            platform: Some(Platform {
                architecture: "amd64".to_owned(),
                os: "linux".to_owned(),
                variant: None,
            }),
            ..image.clone()
        };
        for (entries, expected) in [
            (vec![for_platform], "this is a container image, not a chart"),
            (vec![image], "this is an index that lists no chart"),
        ] {
            let mut index = ImageIndex::empty();
            index.manifests = entries;
            let tag = TagOrDigest::Tag("1.0.0".parse().unwrap());
            repository.push_manifest(&index.to_raw(), &tag).await.unwrap();
            let error = resolve(&repository, &request("oci://h/app:1.0.0", None))
                .await
                .unwrap_err();
            let cause = std::error::Error::source(&error).unwrap();
            assert_eq!(cause.to_string(), expected);
        }
    });
}

#[test]
fn the_layer_of_helm_before_3_7_is_read() {
    block_on(async {
        let repository = MemoryRepository::new();
        let layer = BlobUpload::from_bytes(MediaType::HELM_CHART_CONTENT_LEGACY, "archive");
        repository.push_blob(&layer).await.unwrap();
        put_manifest(
            &repository,
            MediaType::HELM_CONFIG,
            vec![layer.descriptor().clone()],
            "1.0.0",
        )
        .await;
        let resolved = resolve(&repository, &request("oci://h/demo:1.0.0", None))
            .await
            .unwrap();
        assert_eq!(&resolved.artifact.archive, layer.descriptor());
    });
}

async fn put_manifest(
    repository: &MemoryRepository,
    config: MediaType,
    layers: Vec<Descriptor>,
    tag: &str,
) -> Descriptor {
    let config = BlobUpload::from_bytes(config, "{}");
    repository.push_blob(&config).await.unwrap();
    let manifest = ImageManifest {
        schema_version: 2,
        media_type: None,
        artifact_type: None,
        config: config.descriptor().clone(),
        layers,
        subject: None,
        annotations: None,
    };
    let tag = TagOrDigest::Tag(tag.parse().unwrap());
    repository.push_manifest(&manifest.to_raw(), &tag).await.unwrap();
    manifest.to_raw().descriptor()
}
