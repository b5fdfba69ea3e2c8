//! Case 46: the finest trace of all libraries holds no secret.

use std::io::{self, Write};
use std::process::Command;
use std::sync::{Arc, Mutex};

use skeg_credentials::Credential;
use skeg_oci_client::{FetchBlob, FetchManifest, PushBlob};
use skeg_test_support::{FakeRegistry, Fault, LocationStyle, TokenServer};
use tracing_subscriber::filter::LevelFilter;

use crate::support::{Harness, NAME, blob, manifest, tag, upload};

/// Everything that was traced.
#[derive(Clone, Default)]
struct Trace(Arc<Mutex<Vec<u8>>>);

impl Write for Trace {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const SECRETS: [&str; 7] = [
    "s3cr3t-word",
    "YWRhOnMzY3IzdC13b3Jk",
    "identity-t0ken",
    "token-1",
    "token-2",
    "signature=secret",
    "a%2Bb%2Fupload",
];

/// The test is run in a process of its own: what is traced depends on what other threads have asked for first.
const ALONE: &str = "SKEG_TEST_TRACES_ALONE";

#[test]
#[expect(clippy::disallowed_methods, reason = "the program is this test itself")]
fn case_46_the_finest_trace_holds_no_secret() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "cases::redaction::trace_in_another_process"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the variable is set by the test above")]
async fn trace_in_another_process() {
    if std::env::var_os(ALONE).is_none() {
        return;
    }
    let trace = Trace::default();
    let writer = trace.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let basic = Credential::basic("ada", "s3cr3t-word");
    let identity = Credential::IdentityToken("identity-t0ken".into());
    let server = || {
        TokenServer::new()
            .user("ada", "s3cr3t-word")
            .identity_token("identity-t0ken")
    };
    let storage = || {
        FakeRegistry::builder()
            .redirect_blobs_to_store()
            .location_style(LocationStyle::WithState)
    };
    let registries = [
        (storage().basic_auth("ada", "s3cr3t-word"), basic.clone()),
        (storage().bearer_auth(server()), basic.clone()),
        (storage().bearer_auth(server()), identity),
        (storage().fault(Fault::status(503).times(3)), basic.clone()),
        (
            storage().fault(Fault::no_response_headers().on("GET", "signature")),
            basic,
        ),
    ];
    for (builder, credential) in registries {
        let registry = builder.start();
        let media_type = manifest().media_type().as_str().to_owned();
        registry.put_manifest(NAME, "1.0.0", &media_type, manifest().bytes().to_vec());
        registry.put_blob(NAME, "stored");
        let harness = Harness::with(crate::support::impatient(), credential.into());
        let repository = harness.repository(registry.host());
        // Failures are traced as well, so it does not matter whether these succeed.
        let told = (
            repository.push_blob(&upload(b"chart")).await.map(drop),
            repository.fetch_manifest(&tag("1.0.0")).await.map(drop),
            repository.fetch_blob(&blob(b"stored"), 100).await.map(drop),
        );
        let told = format!("{told:?} {:?}", harness.recorder.notices());
        check(&told);
    }
    let traced = String::from_utf8_lossy(&trace.0.lock().unwrap()).into_owned();
    assert!(traced.contains("status=307"), "{traced}");
    check(&traced);
}

#[track_caller]
fn check(told: &str) {
    for secret in SECRETS {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
}
