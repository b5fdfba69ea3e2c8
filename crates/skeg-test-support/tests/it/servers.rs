//! The servers beside the registry: blob store, plain server, proxy.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use skeg_test_support::{FakeRegistry, Fault, PlainReply, PlainServer, ProxyServer};

use crate::client::{call, get, read_answer};

#[test]
fn blob_store_serves_signed_urls_without_credentials() {
    let registry = FakeRegistry::builder().redirect_blobs_to_store().start();
    let digest = registry.put_blob("demo", "0123456789");
    let path = format!("/v2/demo/blobs/{digest}");
    let answer = get(registry.host(), &path).expect(307);
    let location = answer.header("location").unwrap_or_default();
    let (host, target) = location
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once('/'))
        .expect("because the location is absolute");
    assert_ne!(host, registry.host());
    let request = call("GET", &format!("/{target}"));
    let part = request.clone().header("range", "bytes=8-").send(host).expect(206);
    assert_eq!(part.text(), "89");
    request.header("authorization", "Bearer x").send(host).expect(400);
    get(host, &path).expect(403);
    assert_eq!(registry.blob_store_requests().len(), 3);
    assert_eq!((registry.requests().len(), registry.all_requests().len()), (1, 4));
}

#[test]
fn blobs_can_be_redirected_anywhere() {
    let target = PlainServer::fixed(PlainReply::new(403).body("expired"));
    let registry = FakeRegistry::builder()
        .redirect_blobs_to(target.base_url())
        .start();
    let digest = registry.put_blob("demo", "x");
    let answer = get(registry.host(), &format!("/v2/demo/blobs/{digest}")).expect(307);
    let location = answer.header("location").unwrap_or_default();
    assert!(location.starts_with(target.base_url()), "{location}");
}

#[test]
fn plain_server_answers_as_told() {
    let server = PlainServer::start(|request| {
        let answer = format!("{} {} {}", request.method, request.target, request.body.len());
        PlainReply::new(201).header("x-seen", "1").body(answer)
    });
    let answer = call("POST", "/a?b").body("xyz").send(server.host()).expect(201);
    assert_eq!(
        (&*answer.text(), answer.header("x-seen")),
        ("POST /a?b 3", Some("1"))
    );
    server.add_fault(Fault::status(500));
    get(server.host(), "/").expect(500);
    assert_eq!(server.requests().lines(), ["POST /a?b 201", "GET / 500"]);
}

#[test]
fn captive_portal_says_yes_to_everything() {
    let server = PlainServer::captive_portal();
    let answer = get(server.host(), "/v2/").expect(200);
    assert!(
        answer
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"))
    );
}

#[test]
fn proxy_forwards_absolute_requests_by_its_routes() {
    let registry = FakeRegistry::start();
    let proxy = ProxyServer::builder()
        .route("registry.example:80", registry.host())
        .start();
    let host = proxy.url().replace("http://", "");
    let answer = call("GET", "http://registry.example/v2/").send(&host).expect(200);
    assert_eq!(answer.text(), "{}");
    assert_eq!(proxy.requests().lines(), ["GET http://registry.example/v2/ 200"]);
    assert_eq!(registry.requests()[0].header("host"), Some("registry.example"));
    call("GET", "http://127.0.0.1:1/").send(&host).expect(502);
}

#[test]
fn proxy_tunnels_and_asks_for_credentials() {
    let registry = FakeRegistry::start();
    let proxy = ProxyServer::builder()
        .credentials("ada", "secret")
        .route("registry.example:443", registry.host())
        .start();
    let host = proxy.url().replace("http://", "");
    call("CONNECT", "registry.example:443").send(&host).expect(407);
    let credentials = STANDARD.encode("ada:secret");
    let mut stream = TcpStream::connect(&host).expect("because the proxy listens");
    let request = format!(
        "CONNECT registry.example:443 HTTP/1.1\r\nhost: registry.example:443\r\nproxy-authorization: Basic {credentials}\r\n\r\n"
    );
    stream
        .write_all(request.as_bytes())
        .expect("because the proxy reads");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("because the proxy answers");
        head.push(byte[0]);
    }
    assert!(
        head.starts_with(b"HTTP/1.1 200"),
        "{}",
        String::from_utf8_lossy(&head)
    );
    let inner = b"GET /v2/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    stream.write_all(inner).expect("because the tunnel is open");
    assert_eq!(read_answer(&mut stream).expect(200).text(), "{}");
    let lines = [
        "CONNECT registry.example:443 407",
        "CONNECT registry.example:443 200",
    ];
    assert_eq!(proxy.requests().lines(), lines);
    assert!(
        proxy
            .url_with_credentials("u", "p")
            .starts_with("http://u:p@127.0.0.1:")
    );
}
