//! Advisories about other clients of registries, each with a test that it does not hold for this one.

use skeg_credentials::Credential;
use skeg_oci::{Descriptor, MediaType, RawManifest};
use skeg_oci_client::{
    AuthenticateError, FetchBlob, FetchBlobError, FetchManifest, PushBlob, PushBlobError, RequestError,
};
use skeg_test_support::{Authorization, FakeRegistry, LocationStyle, PlainReply, PlainServer};

use crate::support::{Harness, NAME, blob, fetch_to_file, tag, upload};

fn ada() -> Harness {
    Harness::with_password("ada", "secret")
}

/// A redirect to another port is one to another origin: credentials stay behind.
#[tokio::test]
async fn advisory_ghsa_vh4v_2xq2_g5cg_redirects_carry_no_credential() {
    let other = PlainServer::fixed(PlainReply::new(200).body("chart"));
    let registry = FakeRegistry::builder()
        .basic_auth("ada", "secret")
        .redirect_blobs_to(other.base_url())
        .start();
    registry.put_blob(NAME, "chart");
    ada()
        .repository(registry.host())
        .fetch_blob(&blob(b"chart"), 100)
        .await
        .unwrap();
    let requests = other.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].authorization, Authorization::None);
    assert_eq!(
        (
            requests[0].header("cookie"),
            requests[0].header("proxy-authorization")
        ),
        (None, None)
    );
}

/// CVE-2026-50151: the location of an upload on another host gets neither credentials nor, without TLS, the bytes.
#[tokio::test]
async fn advisory_ghsa_jxpm_75mh_9fp7_upload_locations_get_no_credential() {
    let other = PlainServer::fixed(PlainReply::new(201));
    let registry = FakeRegistry::builder()
        .basic_auth("ada", "secret")
        .location_style(LocationStyle::OtherOrigin(other.base_url().to_owned()))
        .start();
    let error = ada()
        .repository(registry.host())
        .push_blob(&upload(b"chart"))
        .await
        .unwrap_err();
    assert!(matches!(error, PushBlobError::Location { .. }), "{error:?}");
    assert!(other.requests().is_empty());

    let other = PlainServer::start_tls(|_| PlainReply::new(201));
    let registry = FakeRegistry::builder()
        .basic_auth("ada", "secret")
        .location_style(LocationStyle::OtherOrigin(other.base_url().to_owned()))
        .start();
    let (options, _file) = super::connections::trusting(&other.ca_pem());
    let options = skeg_oci_client::ClientOptions {
        plain_http: true,
        ..options
    };
    let harness = Harness::with(options, Credential::basic("ada", "secret").into());
    harness.push(registry.host()).await.unwrap();
    assert_eq!(other.requests()[0].authorization, Authorization::None);
}

/// The error of a registry that names this token service, after nobody was sent anything.
async fn realm_error(realm: &str) -> RequestError {
    let challenge = format!("Bearer realm=\"{realm}\"");
    let server = PlainServer::start(move |_| PlainReply::new(401).header("WWW-Authenticate", &challenge));
    let registry = ada().client.registry(server.host().parse().unwrap());
    let error = registry.ping().await.unwrap_err();
    assert_eq!(server.requests().len(), 1);
    error
}

/// CVE-2026-48978: a registry cannot make the client ask addresses inside of its network.
#[tokio::test]
async fn advisory_ghsa_xf85_363p_868w_realms_inside_the_network_are_refused() {
    for realm in [
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/",
        "file:///etc/passwd",
    ] {
        let error = realm_error(realm).await;
        assert!(
            matches!(error, RequestError::Authenticate(AuthenticateError::Realm { .. })),
            "{error:?}"
        );
    }
}

/// The realm is checked again wherever it redirects to.
#[tokio::test]
async fn advisory_ghsa_28r5_37g7_p6mp_redirects_of_realms_are_checked() {
    let inside = PlainServer::fixed(PlainReply::new(302).header("Location", "http://169.254.169.254/"));
    let error = realm_error(&format!("{}/token", inside.base_url())).await;
    assert!(
        matches!(error, RequestError::Authenticate(AuthenticateError::Realm { .. })),
        "{error:?}"
    );
    assert_eq!(inside.requests().len(), 1);
}

/// A descriptor that states an enormous size makes nobody reserve that memory, or read on without end.
#[tokio::test]
async fn advisory_ghsa_f36w_mj3v_6jqv_stated_sizes_reserve_no_memory() {
    let registry = FakeRegistry::start();
    registry.put_blob(NAME, "chart");
    let enormous = Descriptor {
        size: u64::MAX,
        ..blob(b"chart")
    };
    let repository = Harness::new().repository(registry.host());
    let error = repository.fetch_blob(&enormous, 1 << 20).await.unwrap_err();
    assert!(matches!(error, FetchBlobError::TooLarge { .. }), "{error:?}");
    for error in [
        repository
            .fetch_blob(&enormous, u64::MAX)
            .await
            .map(drop)
            .unwrap_err(),
        fetch_to_file(&repository, &enormous).await.map(drop).unwrap_err(),
    ] {
        assert!(matches!(error, FetchBlobError::SizeMismatch { .. }), "{error:?}");
    }
}

/// The `urls` of a descriptor are never asked, with credentials or without.
#[tokio::test]
async fn advisory_cve_2020_15157_urls_of_layers_are_not_asked() {
    let other = PlainServer::start(|_| {
        PlainReply::new(401).header("WWW-Authenticate", "Basic realm=\"give me your password\"")
    });
    let registry = FakeRegistry::builder().basic_auth("ada", "secret").start();
    let digest = blob(b"chart").digest;
    let json = format!(
        r#"{{"schemaVersion":2,"config":{{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"{digest}","size":5}},"layers":[{{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":"{digest}","size":5,"urls":["{}/x"]}}]}}"#,
        other.base_url()
    );
    let manifest = RawManifest::new(MediaType::OCI_MANIFEST, json.into_bytes());
    registry.put_manifest(
        NAME,
        "1.0.0",
        MediaType::OCI_MANIFEST.as_str(),
        manifest.bytes().to_vec(),
    );
    let repository = ada().repository(registry.host());
    let fetched = repository.fetch_manifest(&tag("1.0.0")).await.unwrap();
    let fetched: skeg_oci::ImageManifest = serde_json::from_slice(fetched.bytes()).unwrap();
    let error = repository.fetch_blob(&fetched.layers[0], 100).await.unwrap_err();
    assert!(matches!(error, FetchBlobError::NotFound { .. }), "{error:?}");
    assert!(other.requests().is_empty());
}
