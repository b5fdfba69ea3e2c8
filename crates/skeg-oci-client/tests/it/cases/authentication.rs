//! Cases 1 to 16: authentication.

use skeg_credentials::Credential;
use skeg_oci_client::{
    AuthenticateError, BlobPush, FetchBlob, FetchManifest, PushBlob, PushManifest, RequestError, Resolve,
};
use skeg_test_support::{Authorization, FakeRegistry, Fault, PlainReply, PlainServer, TokenServer};

use crate::support::{Harness, NAME, Provider, blob, manifest, plain, tag, upload};

fn bearer(server: TokenServer) -> FakeRegistry {
    FakeRegistry::builder().bearer_auth(server).start()
}

fn store(registry: &FakeRegistry) {
    registry.put_manifest(
        NAME,
        "1.0.0",
        manifest().media_type().as_str(),
        manifest().bytes().to_vec(),
    );
}

#[tokio::test]
async fn case_01_bearer_challenge_is_answered_by_one_token() {
    let registry = bearer(TokenServer::new().user("ada", "secret"));
    store(&registry);
    let harness = Harness::with_password("ada", "secret");
    let repository = harness.repository(registry.host());
    assert_eq!(
        repository.fetch_manifest(&tag("1.0.0")).await.unwrap(),
        manifest()
    );
    assert_eq!(
        repository.fetch_manifest(&tag("1.0.0")).await.unwrap(),
        manifest()
    );
    let statuses: Vec<_> = registry
        .requests()
        .iter()
        .map(|request| request.status.unwrap())
        .collect();
    assert_eq!(statuses, [401, 200, 200]);
    assert_eq!(registry.token_requests().len(), 1);
    assert_eq!(*harness.provider.asked.lock().unwrap(), 1);
}

#[tokio::test]
async fn anonymous_registries_are_never_given_a_credential() {
    let registry = FakeRegistry::start();
    store(&registry);
    let harness = Harness::with_password("ada", "secret");
    harness.fetch(registry.host()).await.unwrap();
    assert_eq!(registry.requests().len(), 1);
    assert_eq!(*harness.provider.asked.lock().unwrap(), 0);
}

#[tokio::test]
async fn case_02_challenges_on_several_lines_and_in_one() {
    for lines in [
        ["Negotiate", "{challenge}"],
        ["Negotiate, {challenge}", "Basic realm=x"],
    ] {
        let registry = FakeRegistry::builder()
            .bearer_auth(TokenServer::new().user("ada", "secret"))
            .challenges(lines)
            .start();
        store(&registry);
        let harness = Harness::with_password("ada", "secret");
        harness.fetch(registry.host()).await.unwrap();
    }
}

#[tokio::test]
async fn case_02_challenges_in_loose_forms() {
    let forms = [
        "bearer realm={token},service=s",
        r#"BEARER service = "a \"quoted\" name" , realm = "{token}""#,
        r#"Negotiate, Basic realm="b", Bearer scope="x",realm="{token}",error="none""#,
    ];
    for form in forms {
        let server = PlainServer::start(move |request| {
            if request.target.starts_with("/token") {
                return PlainReply::new(200).body(r#"{"token":"t"}"#);
            }
            if request
                .headers
                .get("authorization")
                .is_some_and(|value| value == "Bearer t")
            {
                return PlainReply::new(200);
            }
            let token = format!("http://{}/token", request.headers["host"].to_str().unwrap());
            PlainReply::new(401).header("WWW-Authenticate", &form.replace("{token}", &token))
        });
        let registry = Harness::new().client.registry(server.host().parse().unwrap());
        registry.ping().await.unwrap();
        assert_eq!(server.requests().count("GET", "/token"), 1, "{form}");
    }
}

#[tokio::test]
async fn case_03_basic_challenge_and_none_at_all() {
    for challenges in [&["Basic realm=\"r\""][..], &[]] {
        let builder = FakeRegistry::builder().basic_auth("ada", "secret");
        let builder = match challenges {
            [one] => builder.challenges([one]),
            _ => builder.challenges([]),
        };
        let registry = builder.start();
        store(&registry);
        let harness = Harness::with_password("ada", "secret");
        harness.fetch(registry.host()).await.unwrap();
        let error = Harness::new().fetch(registry.host()).await.unwrap_err();
        let Some(RequestError::Authenticate(AuthenticateError::NoCredential { .. })) = error.request() else {
            panic!("{error:?}");
        };
        assert!(error.response().unwrap().is_unauthorized());
    }
}

#[tokio::test]
async fn case_04_push_asks_for_pull_and_push_from_the_first() {
    let registry = bearer(TokenServer::new().user("ada", "secret"));
    let harness = Harness::with_password("ada", "secret");
    let repository = harness.repository(registry.host());
    assert_eq!(
        repository.push_blob(&upload(b"chart")).await.unwrap(),
        BlobPush::Uploaded
    );
    repository
        .push_manifest(&manifest(), &tag("1.0.0"))
        .await
        .unwrap_err();
    let tokens = registry.token_requests();
    assert_eq!(tokens.len(), 1, "{tokens}");
    assert!(
        tokens.as_slice()[0]
            .query()
            .contains("scope=repository%3Acharts%2Fdemo%3Apull%2Cpush")
    );
}

#[tokio::test]
async fn case_05_mount_asks_for_both_repositories() {
    let registry = bearer(TokenServer::new().user("ada", "secret"));
    registry.put_blob("base", "chart");
    let harness = Harness::with_password("ada", "secret");
    let repository = harness.repository(registry.host());
    let upload = upload(b"chart").mount_from("base".parse().unwrap());
    assert_eq!(repository.push_blob(&upload).await.unwrap(), BlobPush::Mounted);
    let last = registry.token_requests();
    let last = last.as_slice().last().unwrap().query().to_owned();
    let own = last.find("charts%2Fdemo%3Apull%2Cpush").unwrap();
    assert!(own < last.find("base%3Apull").unwrap(), "{last}");
}

#[tokio::test]
async fn case_06_token_answers_of_every_form() {
    let servers = [
        TokenServer::new().only_token(),
        TokenServer::new().only_access_token(),
        TokenServer::new().empty_token(),
        TokenServer::new().without_expires_in(),
        TokenServer::new().expires_in(1),
        TokenServer::new().same_origin(),
    ];
    for server in servers {
        let registry = bearer(server.user("ada", "secret"));
        store(&registry);
        let harness = Harness::with_password("ada", "secret");
        harness.fetch(registry.host()).await.unwrap();
    }
}

#[tokio::test]
async fn case_07_token_answers_that_are_none() {
    let answers = [
        Fault::html().on_target("/token"),
        Fault::status(200).body(vec![b' '; 10 << 20]).on_target("/token"),
        Fault::status(200).body("{}").on_target("/token"),
    ];
    for answer in answers {
        let registry = FakeRegistry::builder()
            .bearer_auth(TokenServer::new())
            .fault(answer)
            .start();
        store(&registry);
        let repository = Harness::new().repository(registry.host());
        let error = repository.fetch_manifest(&tag("1.0.0")).await.unwrap_err();
        let Some(RequestError::Authenticate(AuthenticateError::TokenAnswer { realm, .. })) = error.request()
        else {
            panic!("{error:?}");
        };
        assert!(realm.ends_with("/token"), "{realm}");
    }
}

#[tokio::test]
async fn case_08_identity_tokens_are_posted_and_fall_back_to_get() {
    let identity = || Credential::IdentityToken("refresh".into());
    let registry = bearer(TokenServer::new().user("ada", "secret").identity_token("refresh"));
    store(&registry);
    let harness = Harness::with_credential(identity());
    harness.fetch(registry.host()).await.unwrap();
    assert_eq!(registry.token_requests().count("POST", "/token"), 1);

    let server = TokenServer::new().user("<token>", "refresh").refuse_post();
    let registry = bearer(server);
    store(&registry);
    let harness = Harness::with_credential(identity());
    harness.fetch(registry.host()).await.unwrap();
    let tokens = registry.token_requests();
    assert_eq!(
        (tokens.count("POST", "/token"), tokens.count("GET", "/token")),
        (1, 1)
    );
}

#[tokio::test]
async fn case_09_registry_tokens_go_as_they_are() {
    let server = PlainServer::start(|request| {
        if request
            .headers
            .get("authorization")
            .is_some_and(|value| value == "Bearer given")
        {
            return PlainReply::new(200);
        }
        PlainReply::new(401).header("WWW-Authenticate", "Bearer realm=\"http://127.0.0.1:1/token\"")
    });
    let harness = Harness::with_credential(Credential::RegistryToken("given".into()));
    let registry = harness.client.registry(server.host().parse().unwrap());
    registry.ping().await.unwrap();
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn case_10_a_token_that_expires_before_the_put_is_renewed() {
    let registry = bearer(TokenServer::new().user("ada", "secret").uses(2));
    let harness = Harness::with_password("ada", "secret");
    let content = vec![7; 1 << 20];
    let (upload, _file) = crate::support::file_upload(&content);
    let pushed = harness
        .repository(registry.host())
        .push_blob(&upload)
        .await
        .unwrap();
    assert_eq!(pushed, BlobPush::Uploaded);
    assert_eq!(registry.blobs(NAME).len(), 1);
    assert_eq!(registry.token_requests().len(), 2);
}

#[tokio::test]
async fn case_11_a_token_refused_twice_is_an_error() {
    let registry = bearer(TokenServer::new().user("ada", "secret"));
    let harness = Harness::with_password("ada", "secret");
    let repository = harness.repository(registry.host());
    registry.put_blob(NAME, "chart");
    repository.fetch_blob(&blob(b"chart"), 100).await.unwrap();
    registry.revoke_tokens();
    repository.fetch_blob(&blob(b"chart"), 100).await.unwrap();
    assert_eq!(registry.token_requests().len(), 2);

    registry.add_fault(Fault::token_expired().on("GET", "/blobs/"));
    registry.clear_requests();
    let error = repository.fetch_blob(&blob(b"chart"), 100).await.unwrap_err();
    let Some(RequestError::Authenticate(AuthenticateError::Refused { credential, .. })) = error.request()
    else {
        panic!("{error:?}");
    };
    assert_eq!(credential, "`config.json`");
    assert_eq!(registry.requests().len(), 2);
}

#[tokio::test]
async fn case_12_a_bad_request_that_means_an_expired_token() {
    let registry = bearer(TokenServer::new().user("ada", "secret"));
    store(&registry);
    let harness = Harness::with_password("ada", "secret");
    let repository = harness.repository(registry.host());
    repository.fetch_manifest(&tag("1.0.0")).await.unwrap();
    let expired = Fault::error(
        400,
        "DENIED",
        "Your authorization token has expired. Reauthenticate.",
    );
    registry.add_fault(expired.once().on("GET", "/manifests/"));
    repository.fetch_manifest(&tag("1.0.0")).await.unwrap();
    assert_eq!(registry.token_requests().len(), 2);
}

/// A registry that gives its own tokens: `wide` to those who ask for `other` too, `narrow` to all others, and lets nobody in
/// but by `accepted`.
fn choosy(accepted: &'static str) -> PlainServer {
    PlainServer::start(move |request| {
        let is_wide = request.target.contains("scope=repository%3Aother%3Apull");
        if request.target.starts_with("/token") {
            let token = if is_wide { "wide" } else { "narrow" };
            return PlainReply::new(200).body(format!(r#"{{"token":"{token}"}}"#));
        }
        let host = request.headers["host"].to_str().unwrap();
        let challenge = format!("Bearer realm=\"http://{host}/token\",service=\"s\"");
        let sent = request.headers.get("authorization");
        match sent.and_then(|value| value.to_str().ok()) {
            None => PlainReply::new(401).header("WWW-Authenticate", &challenge),
            Some(sent) if sent == accepted => PlainReply::new(200)
                .header("Content-Type", manifest().media_type().as_str())
                .body(manifest().bytes().to_vec()),
            Some(_) => {
                let wanted = "error=\"insufficient_scope\",scope=\"repository:other:pull\"";
                PlainReply::new(403).header("WWW-Authenticate", &format!("{challenge},{wanted}"))
            }
        }
    })
}

#[tokio::test]
async fn case_13_insufficient_scope_is_answered_once() {
    let server = choosy("Bearer wide");
    let repository = Harness::new().repository(server.host());
    repository.fetch_manifest(&tag("1.0.0")).await.unwrap();
    let statuses: Vec<_> = server
        .requests()
        .iter()
        .filter_map(|request| request.status)
        .collect();
    assert_eq!(statuses, [401, 200, 403, 200, 200]);

    let server = choosy("Bearer nothing");
    let repository = Harness::new().repository(server.host());
    let error = repository.fetch_manifest(&tag("1.0.0")).await.unwrap_err();
    assert!(error.response().unwrap().is_denied(), "{error:?}");
    let statuses: Vec<_> = server
        .requests()
        .iter()
        .filter_map(|request| request.status)
        .collect();
    assert_eq!(statuses, [401, 200, 403, 200, 403]);
}

#[tokio::test]
async fn case_14_reading_goes_on_without_a_refused_credential() {
    for status in [401, 403] {
        let server = TokenServer::new()
            .user("ada", "secret")
            .anonymous_pull()
            .bad_credentials_status(status);
        let registry = bearer(server);
        store(&registry);
        let harness = Harness::with_password("ada", "wrong");
        let repository = harness.repository(registry.host());
        repository.fetch_manifest(&tag("1.0.0")).await.unwrap();
        repository.fetch_manifest(&tag("1.0.0")).await.unwrap();
        let expected = format!(
            "`{}` refused the credential of `config.json`, continuing without it",
            registry.host()
        );
        assert_eq!(harness.recorder.notices(), [expected]);
        assert_eq!(registry.token_requests().len(), 2);

        let error = repository.push_blob(&upload(b"chart")).await.unwrap_err();
        let Some(RequestError::Authenticate(AuthenticateError::Refused {
            credential, source, ..
        })) = error.request()
        else {
            panic!("{error:?}");
        };
        assert_eq!(credential, "`config.json`");
        assert_eq!(source.status(), status);
    }
}

#[tokio::test]
async fn case_15_realms_out_of_bounds_get_no_credential() {
    for realm in ["https://169.254.169.254/token", "file:///etc/passwd", "nonsense"] {
        let challenge = format!("Bearer realm=\"{realm}\"");
        let server = PlainServer::start(move |_| PlainReply::new(401).header("WWW-Authenticate", &challenge));
        let harness = Harness::with_password("ada", "secret");
        let registry = harness.client.registry(server.host().parse().unwrap());
        let error = registry.ping().await.unwrap_err();
        assert!(
            matches!(error, RequestError::Authenticate(AuthenticateError::Realm { .. })),
            "{error:?}"
        );
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn case_15_a_plain_http_realm_of_a_registry_with_tls_gets_no_credential() {
    let token = PlainServer::fixed(PlainReply::new(200).body(r#"{"token":"t"}"#));
    let challenge = format!("Bearer realm=\"{}/token\"", token.base_url());
    let server = PlainServer::start_tls(move |_| PlainReply::new(401).header("WWW-Authenticate", &challenge));
    let (options, _file) = crate::cases::connections::trusting(&server.ca_pem());
    let harness = Harness::with(options, Credential::basic("ada", "secret").into());
    let registry = harness.client.registry(server.host().parse().unwrap());
    let error = registry.ping().await.unwrap_err();
    assert!(
        matches!(error, RequestError::Authenticate(AuthenticateError::Realm { .. })),
        "{error:?}"
    );
    assert!(token.requests().is_empty());
}

#[tokio::test]
async fn case_15_redirects_of_a_realm_are_checked_too() {
    let token = PlainServer::start(|_| PlainReply::new(302).header("Location", "http://169.254.169.254/"));
    let challenge = format!("Bearer realm=\"{}/token\"", token.base_url());
    let server = PlainServer::start(move |_| PlainReply::new(401).header("WWW-Authenticate", &challenge));
    let harness = Harness::with_password("ada", "secret");
    let error = harness
        .client
        .registry(server.host().parse().unwrap())
        .ping()
        .await
        .unwrap_err();
    assert!(
        matches!(error, RequestError::Authenticate(AuthenticateError::Realm { .. })),
        "{error:?}"
    );
}

#[tokio::test]
async fn case_15_a_realm_redirect_to_another_host_loses_the_credential() {
    let other = PlainServer::fixed(PlainReply::new(200).body(r#"{"token":"t"}"#));
    let location = format!("{}/token", other.base_url());
    let token = PlainServer::start(move |_| PlainReply::new(302).header("Location", &location));
    let challenge = format!("Bearer realm=\"{}/token\"", token.base_url());
    let server = PlainServer::start(move |request| {
        if request.headers.contains_key("authorization") {
            return PlainReply::new(200);
        }
        PlainReply::new(401).header("WWW-Authenticate", &challenge)
    });
    let harness = Harness::with_password("ada", "secret");
    harness
        .client
        .registry(server.host().parse().unwrap())
        .ping()
        .await
        .unwrap();
    assert!(matches!(
        token.requests().as_slice()[0].authorization,
        Authorization::Basic { .. }
    ));
    assert_eq!(other.requests().as_slice()[0].authorization, Authorization::None);
}

#[tokio::test]
async fn case_16_parallel_requests_share_one_token() {
    let registry = bearer(TokenServer::new().user("ada", "secret"));
    store(&registry);
    let harness = Harness::with_password("ada", "secret");
    let repository = harness.repository(registry.host());
    let target = tag("1.0.0");
    let (one, two, three) = tokio::join!(
        repository.resolve(&target),
        repository.resolve(&target),
        repository.resolve(&target)
    );
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!(registry.token_requests().len(), 1);
}

#[tokio::test]
async fn case_17_login_tells_right_from_wrong() {
    let registries = [
        FakeRegistry::builder().basic_auth("ada", "secret").start(),
        bearer(TokenServer::new().user("ada", "secret").anonymous_pull()),
        bearer(
            TokenServer::new()
                .user("ada", "secret")
                .refuse_post()
                .bad_credentials_status(403),
        ),
    ];
    for registry in registries {
        let client = Harness::new().client;
        let handle = client.registry(registry.host().parse().unwrap());
        handle
            .authenticate(&Credential::basic("ada", "secret"))
            .await
            .unwrap();
        let error = handle
            .authenticate(&Credential::basic("ada", "wrong"))
            .await
            .unwrap_err();
        assert!(error.response().is_some(), "{error:?}");
        assert_eq!(
            error.to_string(),
            format!("`{}` refuses the given credential", registry.host())
        );
        assert!(!format!("{error:?}").contains("wrong"));
    }
}

#[tokio::test]
async fn case_19_a_broken_provider_matters_only_when_a_credential_is_needed() {
    let registry = bearer(TokenServer::new().user("ada", "secret").anonymous_pull());
    store(&registry);
    let harness = Harness::with(plain(), Provider::broken());
    let repository = harness.repository(registry.host());
    repository.fetch_manifest(&tag("1.0.0")).await.unwrap();

    let registry = FakeRegistry::builder().basic_auth("ada", "secret").start();
    let error = harness.fetch(registry.host()).await.unwrap_err();
    assert!(
        matches!(
            error.request(),
            Some(RequestError::Authenticate(AuthenticateError::Provide { .. }))
        ),
        "{error:?}"
    );
}
