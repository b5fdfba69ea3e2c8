//! Cases 41 to 45, and which scheme is spoken.

use std::path::Path;
use std::time::Duration;

use skeg_oci_client::{
    CertificateProblem, ClientOptions, ConnectError, FetchBlob, FetchManifest, ProxyOptions, RequestError,
    Resolve, Timeouts, TlsConfigError, TlsOptions,
};
use skeg_test_support::{FakeRegistry, Fault, PlainReply, PlainServer, ProxyServer};

use crate::support::{Harness, NAME, blob, manifest, plain, tag};

/// Options that trust one authority, whose file lives as long as the second value.
pub(crate) fn trusting(ca_pem: &str) -> (ClientOptions, tempfile::NamedTempFile) {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs_err::write(file.path(), ca_pem).unwrap();
    let options = ClientOptions {
        tls: TlsOptions {
            ca_file: Some(file.path().to_path_buf()),
            ..TlsOptions::default()
        },
        ..ClientOptions::default()
    };
    (options, file)
}

fn with_tls(tls: TlsOptions) -> Harness {
    Harness::with_options(ClientOptions {
        tls,
        ..ClientOptions::default()
    })
}

fn store(registry: &FakeRegistry) {
    registry.put_manifest(
        NAME,
        "1.0.0",
        manifest().media_type().as_str(),
        manifest().bytes().to_vec(),
    );
}

async fn error_of(harness: &Harness, host: &str) -> RequestError {
    let target = tag("1.0.0");
    let result = harness.repository(host).fetch_manifest(&target).await;
    match result.unwrap_err() {
        skeg_oci_client::FetchManifestError::Request(error) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn loopback_registries_without_tls_are_reached_with_a_notice() {
    let registry = FakeRegistry::start();
    store(&registry);
    let harness = Harness::with_options(ClientOptions::default());
    let repository = harness.repository(registry.host());
    let target = tag("1.0.0");
    let (one, two) = tokio::join!(repository.resolve(&target), repository.resolve(&target));
    assert!(one.is_ok() && two.is_ok());
    let expected = format!("`{}` does not speak TLS, using plain HTTP", registry.host());
    assert_eq!(harness.recorder.notices(), [expected]);
}

#[tokio::test]
async fn case_44_ipv6_registries_are_reached() {
    let registry = FakeRegistry::builder().ipv6().start();
    store(&registry);
    let harness = Harness::with_options(ClientOptions::default());
    harness.fetch(registry.host()).await.unwrap();
}

#[tokio::test]
async fn case_43_an_authority_of_the_caller_is_trusted() {
    for registry in [
        FakeRegistry::builder().tls().start(),
        FakeRegistry::builder().http2().start(),
    ] {
        store(&registry);
        let (options, _file) = trusting(&registry.ca_pem());
        let harness = Harness::with_options(options);
        harness.fetch(registry.host()).await.unwrap();
    }
}

#[tokio::test]
async fn any_certificate_is_accepted_on_request() {
    let registry = FakeRegistry::builder().tls().start();
    store(&registry);
    let harness = with_tls(TlsOptions {
        insecure_skip_verify: true,
        ..TlsOptions::default()
    });
    harness.fetch(registry.host()).await.unwrap();
}

#[tokio::test]
async fn case_42_client_certificates_are_shown() {
    let registry = FakeRegistry::builder().mutual_tls().start();
    store(&registry);
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| {
        let path = directory.path().join(name);
        fs_err::write(&path, content).unwrap();
        Some(path)
    };
    let identity = registry.client_identity();
    let tls = TlsOptions {
        ca_file: write("ca.pem", &registry.ca_pem()),
        client_certificate: write("client.pem", &identity.certificate),
        client_key: write("client.key", &identity.key),
        insecure_skip_verify: false,
    };
    let harness = with_tls(tls.clone());
    harness.fetch(registry.host()).await.unwrap();
    let harness = with_tls(TlsOptions {
        insecure_skip_verify: true,
        ..tls.clone()
    });
    harness.fetch(registry.host()).await.unwrap();
    let error = error_of(
        &with_tls(TlsOptions {
            client_key: None,
            ..tls
        }),
        registry.host(),
    )
    .await;
    assert!(
        matches!(
            error.connect(),
            Some(ConnectError::TlsConfig(TlsConfigError::IncompletePair))
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn case_42_a_client_certificate_that_is_missing_is_said_so() {
    let registry = FakeRegistry::builder().mutual_tls().start();
    let (options, _file) = trusting(&registry.ca_pem());
    let harness = Harness::with_options(options);
    let error = error_of(&harness, registry.host()).await;
    assert!(
        matches!(error.connect(), Some(ConnectError::ClientCertificateRequired)),
        "{error:?}"
    );
}

#[tokio::test]
async fn case_43_certificates_are_refused_with_the_reason() {
    let registry = FakeRegistry::builder().tls().start();
    let error = error_of(&with_tls(TlsOptions::default()), registry.host()).await;
    let Some(ConnectError::Certificate { problem, .. }) = error.connect() else {
        panic!("{error:?}");
    };
    assert_eq!(*problem, CertificateProblem::Untrusted);

    let (options, _file) = trusting(&registry.ca_pem());
    let proxy = ProxyServer::builder()
        .route("registry.example:443", registry.host())
        .start();
    let options = ClientOptions {
        proxy: ProxyOptions {
            https: proxy.url(),
            ..ProxyOptions::default()
        },
        ..options
    };
    let error = error_of(&Harness::with_options(options), "registry.example").await;
    let Some(ConnectError::Certificate { problem, .. }) = error.connect() else {
        panic!("{error:?}");
    };
    assert_eq!(*problem, CertificateProblem::HostName);
}

#[tokio::test]
async fn case_43_unusable_certificate_files_are_named() {
    let registry = FakeRegistry::builder().tls().start();
    let (options, _file) = trusting("not a certificate");
    let error = error_of(&Harness::with_options(options), registry.host()).await;
    assert!(
        matches!(
            error.connect(),
            Some(ConnectError::TlsConfig(TlsConfigError::Content { .. }))
        ),
        "{error:?}"
    );
    let tls = TlsOptions {
        ca_file: Some(Path::new("/does/not/exist").to_path_buf()),
        ..TlsOptions::default()
    };
    let error = error_of(&with_tls(tls), registry.host()).await;
    assert!(
        matches!(
            error.connect(),
            Some(ConnectError::TlsConfig(TlsConfigError::Read { .. }))
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn tls_files_are_not_read_for_plain_http() {
    let registry = FakeRegistry::start();
    store(&registry);
    let harness = Harness::with_options(ClientOptions {
        tls: TlsOptions {
            ca_file: Some(Path::new("/does/not/exist").to_path_buf()),
            ..TlsOptions::default()
        },
        ..plain()
    });
    harness.fetch(registry.host()).await.unwrap();
}

#[tokio::test]
async fn plain_http_to_a_tls_server_fails() {
    let registry = FakeRegistry::builder().tls().start();
    let error = error_of(&Harness::new(), registry.host()).await;
    assert!(matches!(error, RequestError::TlsServer { .. }), "{error:?}");
}

#[tokio::test]
async fn an_answer_with_too_many_headers_is_not_taken_for_tls() {
    let reply = (0..200).fold(PlainReply::new(200), |reply, number| {
        reply.header(&format!("x-{number}"), "x")
    });
    let server = PlainServer::fixed(reply);
    let error = error_of(&Harness::new(), server.host()).await;
    assert!(matches!(error, RequestError::Malformed { .. }), "{error:?}");
    assert_eq!(server.requests().len(), 1, "the same would come again");
}

/// Answers HTTP with the manifest, and TLS not at all.
fn deaf_to_tls() -> std::net::SocketAddr {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream);
            if reader.fill_buf().is_ok_and(|bytes| bytes.first() == Some(&0x16)) {
                std::thread::spawn(move || reader.read_to_end(&mut Vec::new()));
                continue;
            }
            for line in reader.by_ref().lines().map_while(Result::ok) {
                if line.is_empty() {
                    break;
                }
            }
            let manifest = manifest();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: {}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                manifest.media_type(),
                manifest.bytes().len()
            );
            let stream = reader.get_mut();
            let sent = stream.write_all(head.as_bytes());
            drop(sent.and_then(|()| stream.write_all(manifest.bytes())));
        }
    });
    address
}

#[tokio::test]
async fn a_loopback_registry_that_does_not_answer_tls_is_asked_in_plain_http() {
    let address = deaf_to_tls();
    let harness = Harness::with_options(ClientOptions {
        timeouts: Timeouts {
            connect: Duration::from_millis(200),
            tls_handshake: Duration::ZERO,
            ..Timeouts::default()
        },
        ..ClientOptions::default()
    });
    let repository = harness.repository(&address.to_string());
    let found = repository.fetch_manifest(&tag("1.0.0")).await.unwrap();
    assert_eq!(found, manifest());
}

#[tokio::test]
async fn a_registry_that_is_down_is_said_so() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    drop(listener);
    let harness = Harness::with_options(ClientOptions::default());
    let error = error_of(&harness, &host).await;
    assert!(
        matches!(error.connect(), Some(ConnectError::Refused)),
        "{error:?}"
    );
    assert_eq!(harness.recorder.retries(), 1);
    assert!(harness.recorder.reported_retries().is_empty());
}

#[tokio::test]
async fn case_41_proxies_carry_plain_and_encrypted_requests() {
    for (builder, port, is_tunnel) in [
        (FakeRegistry::builder(), 80, false),
        (FakeRegistry::builder().tls(), 443, true),
    ] {
        let registry = builder.start();
        store(&registry);
        let proxy = ProxyServer::builder()
            .credentials("ada", "secret")
            .route(&format!("registry.example:{port}"), registry.host())
            .start();
        let address = proxy.url_with_credentials("ada", "secret");
        let harness = Harness::with_options(ClientOptions {
            plain_http: !is_tunnel,
            proxy: ProxyOptions {
                http: address.clone(),
                https: address,
                no_proxy: String::new(),
            },
            tls: TlsOptions {
                insecure_skip_verify: true,
                ..TlsOptions::default()
            },
            ..ClientOptions::default()
        });
        harness.fetch("registry.example").await.unwrap();
        assert_eq!(proxy.requests().len(), 1);
        assert_eq!(
            proxy.requests().count("CONNECT", "registry.example:443"),
            usize::from(is_tunnel)
        );
        // Loopback hosts are reached directly, as in Go.
        harness.fetch(registry.host()).await.unwrap();
        assert_eq!(proxy.requests().len(), 1);
    }
}

#[tokio::test]
async fn case_41_proxies_are_left_out_where_they_are_not_wanted() {
    let proxy = ProxyServer::start();
    // No resolver is asked for a label of more than 63 characters.
    let name = "x".repeat(64);
    let harness = Harness::with_options(ClientOptions {
        proxy: ProxyOptions {
            http: proxy.url(),
            https: proxy.url(),
            no_proxy: format!("other.example,{name}"),
        },
        ..plain()
    });
    // No resolver is asked for a label of more than 63 characters.
    let error = error_of(&harness, &name).await;
    assert!(
        matches!(error.connect(), Some(ConnectError::Resolve { .. })),
        "{error:?}"
    );
    assert!(proxy.requests().is_empty());
}

/// Fetches a blob of `registry.example`, which redirects to `storage.example`, through a proxy that knows both.
async fn fetch_redirected(
    no_proxy: &str,
) -> (Result<bytes::Bytes, skeg_oci_client::FetchBlobError>, ProxyServer) {
    let storage = PlainServer::fixed(PlainReply::new(200).body("chart"));
    let registry = FakeRegistry::builder()
        .redirect_blobs_to("http://storage.example")
        .start();
    registry.put_blob(NAME, "chart");
    let proxy = ProxyServer::builder()
        .route("registry.example:80", registry.host())
        .route("storage.example:80", storage.host())
        .start();
    let harness = Harness::with_options(ClientOptions {
        proxy: ProxyOptions {
            http: proxy.url(),
            https: proxy.url(),
            no_proxy: no_proxy.to_owned(),
        },
        ..plain()
    });
    let repository = harness.repository("registry.example");
    (repository.fetch_blob(&blob(b"chart"), 100).await, proxy)
}

#[tokio::test]
async fn case_41_the_place_of_a_redirect_has_its_own_proxy_rules() {
    let (fetched, proxy) = fetch_redirected("").await;
    assert_eq!(fetched.unwrap(), "chart");
    assert_eq!(proxy.requests().count("GET", "storage.example"), 1);

    let (fetched, proxy) = fetch_redirected("storage.example").await;
    let error = fetched.unwrap_err();
    let Some(RequestError::Connect { url, .. }) = error.request() else {
        panic!("{error:?}");
    };
    assert!(url.starts_with("http://storage.example/"), "{url}");
    assert_eq!(
        proxy.requests().count("GET", "registry.example"),
        proxy.requests().len()
    );
}

#[tokio::test]
async fn case_45_a_connection_that_is_ended_politely_is_replaced() {
    for builder in [FakeRegistry::builder().http2(), FakeRegistry::builder().tls()] {
        let registry = builder
            .fault(Fault::go_away().times(20).on("HEAD", "/manifests/"))
            .start();
        store(&registry);
        let (options, _file) = trusting(&registry.ca_pem());
        let harness = Harness::with_options(options);
        let mut running = tokio::task::JoinSet::new();
        for _ in 0..60 {
            let repository = harness.repository(registry.host());
            running.spawn(async move { repository.resolve(&tag("1.0.0")).await.map(drop) });
        }
        for result in running.join_all().await {
            result.unwrap();
        }
        harness.fetch(registry.host()).await.unwrap();
        assert!(registry.accepted_connections() > 1);
    }
}

#[tokio::test]
async fn case_45_a_broken_connection_with_many_streams_is_replaced() {
    let registry = FakeRegistry::builder()
        .http2()
        .fault(
            Fault::disconnect_after(0)
                .once()
                .after(3)
                .on("HEAD", "/manifests/"),
        )
        .start();
    store(&registry);
    let (options, _file) = trusting(&registry.ca_pem());
    let harness = Harness::with_options(options);
    let repository = harness.repository(registry.host());
    let target = tag("1.0.0");
    for _ in 0..5 {
        let results = tokio::join!(
            repository.resolve(&target),
            repository.resolve(&target),
            repository.resolve(&target)
        );
        assert!(results.0.is_ok() && results.1.is_ok() && results.2.is_ok());
    }
}
