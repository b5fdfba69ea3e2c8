//! Webhooks that are asked whether objects may be written: slow ones, and those that fail or refuse.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};
use skeg_test_support::TestCertificates;

use crate::faults_stage::{CONFIG, Stage, until};

const DONE: (&str, &str) = ("deployed", "Install complete");
const OLD: (&str, &str) = ("superseded", "Install complete");

/// What a slow webhook takes for an answer.
const PAUSE: Duration = Duration::from_secs(1);

/// How a webhook answers.
#[derive(Clone, Copy)]
enum Manner {
    /// Yes, after a pause.
    Slow,
    /// No.
    Refuses,
    /// Not at all.
    Silent,
}

/// A webhook on loopback; it answers until the test process ends.
struct Webhook {
    url: String,
    authority: String,
    /// Seconds that the API server waits for it.
    patience: u32,
}

impl Webhook {
    /// One to which nothing listens.
    fn missing() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("because loopback has free ports");
        let address = listener.local_addr().expect("because it is bound");
        Self {
            url: format!("https://{address}/"),
            authority: TestCertificates::generate().ca_pem(),
            patience: 10,
        }
    }

    fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("because loopback has free ports");
        let address = listener.local_addr().expect("because it is bound");
        let certificates = TestCertificates::generate();
        let authority = certificates.ca_pem();
        let config = configuration(&certificates);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let config = Arc::clone(&config);
                // A connection that breaks is the API server's to report.
                thread::spawn(move || drop(serve(stream, config, manner)));
            }
        });
        Self {
            url: format!("https://{address}/"),
            authority,
            patience: if matches!(manner, Manner::Silent) { 1 } else { 20 },
        }
    }

    /// Lets the API server ask it about these operations on objects of a namespace.
    fn register(&self, stage: &Stage, resource: &str, operations: &[&str]) -> String {
        let namespace = &stage.scene.namespace;
        let webhook = json!({
            "name": "guard.faults.example",
            "admissionReviewVersions": ["v1"],
            "sideEffects": "None",
            "failurePolicy": "Fail",
            "timeoutSeconds": self.patience,
            "clientConfig": {"url": self.url, "caBundle": STANDARD.encode(&self.authority)},
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
            "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "resources": [resource, "endpoints"], "operations": operations}],
        });
        let configuration = json!({
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": namespace},
            "webhooks": [webhook],
        });
        let path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
        stage.scene.cluster.api().create(path, &configuration);
        format!("{path}/{namespace}")
    }
}

fn configuration(certificates: &TestCertificates) -> Arc<ServerConfig> {
    let identity = certificates.loopback_server();
    let certificate = CertificateDer::from_pem_slice(identity.certificate.as_bytes());
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("because the provider supports the default versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.expect("because it is PEM")],
            key.expect("because it is PEM"),
        );
    Arc::new(config.expect("because the key belongs to the certificate"))
}

/// Answers the requests of one connection.
fn serve(stream: TcpStream, config: Arc<ServerConfig>, manner: Manner) -> std::io::Result<()> {
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    loop {
        let request = read_request(&mut stream)?;
        let allowed = match manner {
            Manner::Slow => {
                thread::sleep(PAUSE);
                true
            }
            Manner::Refuses => false,
            // Until the API server has hung up.
            Manner::Silent => return stream.read(&mut [0]).map(drop),
        };
        let review = json!({
            "apiVersion": "admission.k8s.io/v1",
            "kind": "AdmissionReview",
            "response": {
                "uid": request["request"]["uid"],
                "allowed": allowed,
                "status": {"code": 403, "message": "not on a Friday"},
            },
        })
        .to_string();
        let length = review.len();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{review}"
        )?;
        stream.flush()?;
    }
}

/// The body of a request with a length.
fn read_request(stream: &mut impl Read) -> std::io::Result<Value> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.extend(byte);
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(serde_json::from_slice(&body)?)
}

/// Waits until the API server asks, or asks no more.
fn effective(stage: &Stage, is_asked: bool) {
    until("the webhook", || (is_let_in(stage) != is_asked).then_some(()));
}

/// Tries to write an object without writing it.
fn is_let_in(stage: &Stage) -> bool {
    let path = stage.path("/api/v1", "endpoints?dryRun=All");
    let probe = json!({"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "probe"}}).to_string();
    let api = stage.scene.cluster.api();
    let answer = api.send("POST", &path, Some(("application/json", &probe)));
    answer.is_ok_and(|answer| answer.is_success())
}

const MISSING: [&str; 2] = [
    "failed calling webhook \"guard.faults.example\"",
    "see whether its service runs",
];

#[test]
fn a_webhook_that_is_not_there_fails_the_upgrade() {
    let stage = Stage::new("no-webhook");
    let chart = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &chart]);
    let path = Webhook::missing().register(&stage, "configmaps", &["*"]);
    effective(&stage, true);
    stage.fails(&["upgrade", "x", &chart, "--set", "text=two"], &MISSING);
    stage.check_history(
        "x",
        &[DONE, ("failed", "Upgrade \"x\" failed: server-side apply failed")],
    );
    stage.fails(&["uninstall", "x"], &["failed to delete release: x", MISSING[0]]);
    stage.scene.cluster.api().delete(&path);
    effective(&stage, false);
    stage.does(&["uninstall", "x"]);
    stage.check_objects("configmaps", &[]);
    assert!(stage.records().is_empty());
}

#[test]
fn a_webhook_that_never_answers_fails_the_upgrade() {
    let stage = Stage::new("silent");
    let chart = stage.chart("demo", &[CONFIG]);
    stage.does(&["install", "x", &chart]);
    let path = Webhook::start(Manner::Silent).register(&stage, "configmaps", &["*"]);
    effective(&stage, true);
    stage.fails(&["upgrade", "x", &chart, "--set", "text=two"], &MISSING);
    stage.scene.cluster.api().delete(&path);
    effective(&stage, false);
    stage.does(&["upgrade", "x", &chart, "--set", "text=two"]);
    stage.check_history("x", &[OLD, ("failed", ""), ("deployed", "Upgrade complete")]);
}

#[test]
fn a_webhook_that_refuses_is_named_with_its_reason() {
    let stage = Stage::new("refusing");
    let chart = stage.chart("demo", &[CONFIG]);
    Webhook::start(Manner::Refuses).register(&stage, "configmaps", &["*"]);
    effective(&stage, true);
    let words = [
        "admission webhook \"guard.faults.example\" denied the request: not on a Friday",
        "the rules of this cluster",
    ];
    stage.fails(&["install", "x", &chart], &words);
    stage.check_history(
        "x",
        &[("failed", "Release \"x\" failed: server-side apply failed")],
    );
    stage.does(&["uninstall", "x"]);
    stage.check_objects("configmaps", &[]);
    assert!(stage.records().is_empty());
}

#[test]
fn a_slow_webhook_is_waited_for() {
    let stage = Stage::new("slow-webhook");
    let chart = stage.chart("demo", &[CONFIG]);
    Webhook::start(Manner::Slow).register(&stage, "configmaps", &["*"]);
    until("the slow webhook", || {
        let started = Instant::now();
        (is_let_in(&stage) && started.elapsed() >= PAUSE).then_some(())
    });
    stage.does(&["install", "x", &chart]);
    stage.does(&["upgrade", "x", &chart, "--set", "text=two"]);
    stage.check_history("x", &[OLD, ("deployed", "Upgrade complete")]);
    stage.does(&["uninstall", "x"]);
}

/// Records cannot be made: nothing else is.
#[test]
fn a_webhook_that_refuses_records_keeps_everything_away() {
    let stage = Stage::new("no-secrets");
    let chart = stage.chart("demo", &[CONFIG]);
    Webhook::start(Manner::Refuses).register(&stage, "secrets", &["*"]);
    effective(&stage, true);
    stage.fails(
        &["install", "x", &chart],
        &[
            "INSTALLATION FAILED: create: failed to create: ",
            "not on a Friday",
        ],
    );
    stage.check_objects("configmaps", &[]);
    assert!(stage.records().is_empty());
}
