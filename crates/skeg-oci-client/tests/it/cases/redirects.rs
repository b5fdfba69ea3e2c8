//! Cases 21 to 26: redirects and the locations that registries give.

use skeg_oci_client::{
    BlobPush, FetchBlob, FetchManifest, PushBlob, PushBlobError, RedirectError, RequestError,
};
use skeg_test_support::{Authorization, FakeRegistry, Fault, LocationStyle, PlainReply, PlainServer};

use crate::support::{Harness, NAME, blob, fetch_to_file, plain, tag, upload};

#[tokio::test]
async fn case_21_a_blob_store_gets_no_credential_and_the_range() {
    let registry = FakeRegistry::builder()
        .basic_auth("ada", "secret")
        .redirect_blobs_to_store()
        .start();
    let content: Vec<u8> = (0..=255).cycle().take(3 << 20).collect();
    registry.put_blob(NAME, content.clone());
    registry.add_fault(Fault::truncate(2 << 20).once().on("GET", "signature"));
    let repository = Harness::with_password("ada", "secret").repository(registry.host());
    assert_eq!(
        fetch_to_file(&repository, &blob(&content)).await.unwrap(),
        content
    );
    let stored = registry.blob_store_requests();
    assert!(
        stored
            .iter()
            .all(|request| request.authorization == Authorization::None)
    );
    let ranges: Vec<_> = stored
        .iter()
        .map(|request| request.header("range").is_some())
        .collect();
    assert_eq!(ranges, [false, true], "{stored}");
}

#[tokio::test]
async fn case_22_from_https_to_http_is_refused() {
    let other = PlainServer::fixed(PlainReply::new(200).body("chart"));
    let registry = FakeRegistry::builder()
        .tls()
        .redirect_blobs_to(other.base_url())
        .start();
    registry.put_blob(NAME, "chart");
    let (options, _file) = crate::cases::connections::trusting(&registry.ca_pem());
    let repository = Harness::with_options(options).repository(registry.host());
    let error = repository.fetch_blob(&blob(b"chart"), 100).await.unwrap_err();
    let Some(RequestError::Redirect {
        source: RedirectError::Downgrade(to),
        ..
    }) = error.request()
    else {
        panic!("{error:?}");
    };
    assert!(to.ends_with("?signature=REDACTED"), "{to}");
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn case_23_a_refused_signed_url_is_asked_for_again() {
    let registry = FakeRegistry::builder()
        .basic_auth("ada", "secret")
        .redirect_blobs_to_store()
        .start();
    registry.put_blob(NAME, "chart");
    registry.add_fault(Fault::status(403).once().on("GET", "signature"));
    let repository = Harness::with_password("ada", "secret").repository(registry.host());
    repository.fetch_blob(&blob(b"chart"), 100).await.unwrap();

    let challenge = Fault::status(401).header("WWW-Authenticate", "Basic realm=\"gimme\"");
    registry.add_fault(challenge.on("GET", "signature"));
    let error = repository.fetch_blob(&blob(b"chart"), 100).await.unwrap_err();
    assert!(error.response().unwrap().url().contains("signature=REDACTED"));
    let stored = registry.blob_store_requests();
    assert!(
        stored
            .iter()
            .all(|request| request.authorization == Authorization::None)
    );
}

#[tokio::test]
async fn case_24_redirects_without_end_or_aim() {
    let faults = [
        Fault::redirect_loop(),
        Fault::status(307),
        Fault::redirect_to("http://["),
    ];
    for fault in faults {
        let registry = FakeRegistry::builder().fault(fault).start();
        let repository = Harness::new().repository(registry.host());
        let error = repository.fetch_manifest(&tag("1.0.0")).await.unwrap_err();
        assert!(
            matches!(error.request(), Some(RequestError::Redirect { .. })),
            "{error:?}"
        );
        assert!(registry.requests().len() <= 11);
    }
}

#[tokio::test]
async fn case_25_locations_of_every_form() {
    let styles = [
        LocationStyle::Relative,
        LocationStyle::Absolute,
        LocationStyle::PathOnly,
        LocationStyle::QueryOnly,
        LocationStyle::WithState,
    ];
    for style in styles {
        let registry = FakeRegistry::builder().location_style(style).start();
        let repository = Harness::new().repository(registry.host());
        assert_eq!(
            repository.push_blob(&upload(b"chart")).await.unwrap(),
            BlobPush::Uploaded
        );
        assert_eq!(registry.blobs(NAME).len(), 1);
    }
    let registry = FakeRegistry::builder()
        .location_style(LocationStyle::Missing)
        .start();
    let error = Harness::new().push(registry.host()).await.unwrap_err();
    assert!(matches!(error, PushBlobError::Location { .. }), "{error:?}");
}

#[tokio::test]
async fn case_26_a_location_on_another_host_gets_no_credential() {
    let other = PlainServer::start_tls(|_| PlainReply::new(201));
    let style = LocationStyle::OtherOrigin(other.base_url().to_owned());
    let registry = FakeRegistry::builder()
        .basic_auth("ada", "secret")
        .location_style(style)
        .start();
    let (options, _file) = crate::cases::connections::trusting(&other.ca_pem());
    let options = skeg_oci_client::ClientOptions {
        tls: options.tls,
        ..plain()
    };
    let provider = skeg_credentials::Credential::basic("ada", "secret").into();
    let repository = Harness::with(options, provider).repository(registry.host());
    assert_eq!(
        repository.push_blob(&upload(b"chart")).await.unwrap(),
        BlobPush::Uploaded
    );
    let requests = other.requests();
    assert_eq!((requests.len(), requests.as_slice()[0].received), (1, 5));
    assert_eq!(requests.as_slice()[0].authorization, Authorization::None);
}

#[tokio::test]
async fn case_26_a_plain_http_location_on_another_host_is_refused() {
    let other = PlainServer::fixed(PlainReply::new(201));
    let style = LocationStyle::OtherOrigin(other.base_url().to_owned());
    let registry = FakeRegistry::builder().location_style(style).start();
    let error = Harness::new().push(registry.host()).await.unwrap_err();
    assert!(matches!(error, PushBlobError::Location { .. }), "{error:?}");
    assert!(other.requests().is_empty());
}
