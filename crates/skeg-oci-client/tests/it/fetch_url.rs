//! Reading what is at a URL that is no registry's.

use skeg_oci::{Descriptor, MediaType};
use skeg_oci_client::{BodyPiece, FetchUrlError, RequestError, UrlAnswer, UrlDownload, UrlLogin, UrlUpload};
use skeg_test_support::{Authorization, Fault, PlainReply, PlainServer};

use crate::support::Harness;

const LIMIT: usize = 16;

/// What comes of a path at a server, and how it fails.
async fn fetch(server: &PlainServer, path: &str) -> Result<Vec<u8>, FetchUrlError> {
    let url = format!("{}{path}", server.base_url());
    let fetched = Harness::with_password("ada", "secret")
        .client
        .fetch_url(&url, LIMIT)
        .await;
    fetched.map(|bytes| bytes.to_vec())
}

fn server() -> PlainServer {
    PlainServer::start(|request| match request.target {
        "/values.yaml" => PlainReply::new(200).body("a: 1"),
        "/full" => PlainReply::new(200).body(vec![b'a'; LIMIT]),
        "/large" => PlainReply::new(200).body(vec![b'a'; LIMIT + 1]),
        "/moved" => PlainReply::new(302).header("Location", "/values.yaml"),
        "/loop" => PlainReply::new(302).header("Location", "/loop"),
        "/nowhere" => PlainReply::new(302),
        "/empty" => PlainReply::new(204),
        "/closed" => PlainReply::new(401).header("WWW-Authenticate", "Basic realm=\"x\""),
        _ => PlainReply::new(404),
    })
}

#[tokio::test]
async fn content_comes_whole_and_without_credentials() {
    let server = server();
    assert_eq!(fetch(&server, "/values.yaml").await.unwrap(), b"a: 1");
    assert_eq!(fetch(&server, "/moved").await.unwrap(), b"a: 1");
    assert_eq!(fetch(&server, "/full").await.unwrap().len(), LIMIT);
    let requests = server.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.authorization == Authorization::None),
        "{requests}"
    );
}

#[tokio::test]
async fn a_user_in_the_url_is_for_its_host_alone() {
    let other = server();
    let target = format!("{}/values.yaml", other.base_url());
    let server = PlainServer::start(move |_| PlainReply::new(307).header("Location", &target));
    let url = server.base_url().replace("http://", "http://ada:s%40cret@");
    let bytes = Harness::new().client.fetch_url(&url, LIMIT).await.unwrap();
    assert_eq!(bytes, &b"a: 1"[..]);
    let given = Authorization::Basic {
        username: "ada".to_owned(),
        password: "s@cret".to_owned(),
    };
    assert_eq!(server.requests().as_slice()[0].authorization, given);
    assert_eq!(other.requests().as_slice()[0].authorization, Authorization::None);
}

#[tokio::test]
async fn any_status_but_200_is_an_error() {
    let server = server();
    for (path, expected) in [
        ("/nowhere", 302),
        ("/empty", 204),
        ("/none", 404),
        ("/closed", 401),
    ] {
        let error = fetch(&server, path).await.unwrap_err();
        let FetchUrlError::Request(RequestError::Response(response)) = &error else {
            panic!("{error}");
        };
        assert_eq!(response.status().as_u16(), expected, "{path}");
    }
}

#[tokio::test]
async fn what_is_too_much_or_goes_round_is_an_error() {
    let server = server();
    let error = fetch(&server, "/large").await.unwrap_err();
    assert!(
        matches!(error, FetchUrlError::TooLarge { limit: LIMIT, .. }),
        "{error}"
    );
    let error = fetch(&server, "/loop").await.unwrap_err();
    assert!(
        matches!(error, FetchUrlError::Request(RequestError::Redirect { .. })),
        "{error}"
    );
    let client = Harness::new().client;
    let error = client.fetch_url("ftp://a/b", LIMIT).await.unwrap_err();
    assert!(matches!(error, FetchUrlError::Scheme { .. }), "{error}");
    let error = client.fetch_url("http://", LIMIT).await.unwrap_err();
    assert!(matches!(error, FetchUrlError::InvalidUrl { .. }), "{error}");
}

#[tokio::test]
async fn failures_that_pass_are_tried_again() {
    let server = server();
    server.add_fault(Fault::status(503).times(2));
    let harness = Harness::new();
    let url = format!("{}/values.yaml", server.base_url());
    assert_eq!(harness.client.fetch_url(&url, LIMIT).await.unwrap(), &b"a: 1"[..]);
    assert_eq!(harness.recorder.retries(), 2);
}

#[tokio::test]
async fn what_is_known_already_is_not_sent_again() {
    let server = PlainServer::start(|request| {
        let known = request
            .headers
            .get("if-none-match")
            .is_some_and(|tag| tag == "\"a\"");
        if known {
            PlainReply::new(304)
        } else {
            PlainReply::new(200).header("ETag", "\"a\"").body("content")
        }
    });
    server.add_fault(Fault::status(503).once());
    let client = Harness::new().client;
    let mut file = tempfile::tempfile().unwrap();
    let mut download = UrlDownload {
        url: server.base_url().to_owned(),
        login: Some(UrlLogin::Basic("ada".to_owned(), "secret".to_owned().into())),
        limit: 7,
        ..UrlDownload::default()
    };
    let answer = client.download_url(&download, &mut file).await.unwrap();
    let UrlAnswer::Content(content) = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(content.size, 7);
    assert_eq!(content.digest, skeg_oci::Digest::sha256_of(b"content"));
    download.known = content.validators;
    let answer = client.download_url(&download, &mut file).await.unwrap();
    assert_eq!(answer, UrlAnswer::NotModified);
    let requests = server.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.authorization != Authorization::None)
    );
    download.limit = 6;
    download.known = skeg_oci_client::Validators::default();
    let error = client.download_url(&download, &mut file).await.unwrap_err();
    assert!(
        matches!(error, FetchUrlError::TooLarge { limit: 6, .. }),
        "{error}"
    );
}

/// An upload of three pieces to a path of a server.
fn upload(server: &PlainServer, path: &str, file: &tempfile::NamedTempFile) -> UrlUpload {
    let content = b"content of a file";
    UrlUpload {
        url: format!("{}{path}", server.base_url()),
        login: Some(UrlLogin::Bearer("t0ken".to_owned().into())),
        content_type: "text/plain".to_owned(),
        body: vec![
            BodyPiece::Bytes("before ".into()),
            BodyPiece::File {
                path: file.path().to_owned(),
                size: content.len() as u64,
            },
            BodyPiece::Bytes(" after".into()),
        ],
        content: Descriptor::of(MediaType::HELM_CHART_CONTENT, content),
    }
}

#[tokio::test]
async fn an_upload_is_sent_whole_and_its_answer_is_given_back() {
    let server = PlainServer::start(|request| match request.target {
        "/moved" => PlainReply::new(307).header("Location", "http://ada:secret@a.example/x?token=y"),
        _ => PlainReply::new(418).body(request.body.clone()),
    });
    let file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file.as_file(), b"content of a file").unwrap();
    let client = Harness::new().client;
    server.add_fault(Fault::status(503).once());
    let answer = client.upload_url(&upload(&server, "/", &file)).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.attempts), (418, 2));
    assert_eq!(answer.body, &b"before content of a file after"[..]);
    let answer = client
        .upload_url(&upload(&server, "/moved", &file))
        .await
        .unwrap();
    assert_eq!(answer.location.as_deref(), Some("http://a.example/x"));
    let bearer = Authorization::Bearer("t0ken".to_owned());
    let requests = server.requests();
    assert!(
        requests.iter().all(|request| request.authorization == bearer),
        "{requests}"
    );
}

#[tokio::test]
async fn an_upload_that_may_have_been_done_is_not_sent_again() {
    let server = PlainServer::fixed(PlainReply::new(201));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file.as_file(), b"content of a file").unwrap();
    let client = Harness::new().client;
    server.add_fault(Fault::disconnect_after(0).once());
    let error = client.upload_url(&upload(&server, "/", &file)).await.unwrap_err();
    assert!(
        matches!(error, FetchUrlError::Request(RequestError::Broken { .. })),
        "{error}"
    );
    assert_eq!(server.requests().len(), 1);
    std::io::Write::write_all(&mut file.as_file(), b"more").unwrap();
    file.as_file().set_len(3).unwrap();
    let error = client.upload_url(&upload(&server, "/", &file)).await.unwrap_err();
    assert!(
        matches!(error, FetchUrlError::Request(RequestError::ReadSource { .. })),
        "{error}"
    );
}
