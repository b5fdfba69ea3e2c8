//! TLS: the authority is needed, and with mutual TLS the client's certificate.

use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use skeg_test_support::{FakeRegistry, PemIdentity, PlainReply, PlainServer, TestCertificates};

use crate::client::{Answer, PATIENCE, call};

fn config(ca_pem: &str, identity: Option<&PemIdentity>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_slice(ca_pem.as_bytes()).expect("because it is PEM");
    roots.add(authority).expect("because it is a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("because the provider has them")
        .with_root_certificates(roots);
    let Some(identity) = identity else {
        return builder.with_no_client_auth();
    };
    let certificate = CertificateDer::from_pem_slice(identity.certificate.as_bytes());
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes());
    builder
        .with_client_auth_cert(
            vec![certificate.expect("because it is PEM")],
            key.expect("because it is PEM"),
        )
        .expect("because the key belongs to the certificate")
}

fn get(host: &str, name: &str, config: ClientConfig) -> Answer {
    let name = ServerName::try_from(name.to_owned()).expect("because it is a name");
    let connection = ClientConnection::new(Arc::new(config), name);
    let stream = TcpStream::connect(host).expect("because the server listens");
    stream
        .set_read_timeout(Some(PATIENCE))
        .expect("because it is not zero");
    let stream = StreamOwned::new(connection.expect("because the configuration fits"), stream);
    call("GET", "/v2/").send_on(stream, host)
}

#[test]
fn certificate_is_for_loopback_names_only() {
    let registry = FakeRegistry::builder().tls().start();
    assert!(registry.base_url().starts_with("https://127.0.0.1:"));
    for name in ["127.0.0.1", "localhost", "::1"] {
        let answer = get(registry.host(), name, config(&registry.ca_pem(), None));
        answer.expect(200);
    }
    let other = get(
        registry.host(),
        "registry.example",
        config(&registry.ca_pem(), None),
    );
    assert_eq!(other.status, None);
    assert_eq!(
        (registry.requests().len(), registry.accepted_connections()),
        (3, 4)
    );
}

#[test]
fn other_authority_is_not_trusted() {
    let registry = FakeRegistry::builder().tls().start();
    let other = TestCertificates::generate().ca_pem();
    let answer = get(registry.host(), "127.0.0.1", config(&other, None));
    assert_eq!(answer.status, None);
    assert!(registry.requests().is_empty());
}

#[test]
fn mutual_tls_demands_a_client_certificate() {
    let registry = FakeRegistry::builder().mutual_tls().start();
    let ca = registry.ca_pem();
    let without = get(registry.host(), "127.0.0.1", config(&ca, None));
    assert_eq!(without.status, None);
    let stranger = TestCertificates::generate().client("x");
    let wrong = get(registry.host(), "127.0.0.1", config(&ca, Some(&stranger)));
    assert_eq!(wrong.status, None);
    let identity = registry.client_identity();
    get(registry.host(), "127.0.0.1", config(&ca, Some(&identity))).expect(200);
}

#[test]
fn http2_is_offered_only_when_asked_for() {
    for (builder, expected) in [
        (FakeRegistry::builder().tls(), &b"http/1.1"[..]),
        (FakeRegistry::builder().http2(), b"h2"),
    ] {
        let registry = builder.start();
        let mut config = config(&registry.ca_pem(), None);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let name = ServerName::try_from("localhost").expect("because it is a name");
        let mut connection = ClientConnection::new(Arc::new(config), name).expect("because the names fit");
        let mut stream = TcpStream::connect(registry.host()).expect("because it listens");
        while connection.is_handshaking() {
            connection
                .complete_io(&mut stream)
                .expect("because both sides agree");
        }
        assert_eq!(connection.alpn_protocol(), Some(expected));
    }
}

#[test]
fn plain_server_speaks_tls_too() {
    let server = PlainServer::start_tls(|_| PlainReply::new(200).body("x"));
    let answer = get(server.host(), "localhost", config(&server.ca_pem(), None));
    assert_eq!(answer.expect(200).text(), "x");
}
