//! Basic and Bearer authentication, the token server, and scopes.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use skeg_test_support::{Authorization, FakeRegistry, Fault, TokenServer};

use crate::client::{Answer, Call, call, get};

fn basic(request: Call, user: &str, password: &str) -> Call {
    let value = STANDARD.encode(format!("{user}:{password}"));
    request.header("authorization", &format!("Basic {value}"))
}

fn with_token(method: &str, target: &str, token: &str) -> Call {
    call(method, target).header("authorization", &format!("Bearer {token}"))
}

fn registry(server: TokenServer) -> FakeRegistry {
    FakeRegistry::builder().bearer_auth(server).start()
}

/// The token server's `host:port` from the challenge.
fn token_host(registry: &FakeRegistry) -> String {
    let answer = get(registry.host(), "/v2/").expect(401);
    let challenge = answer.header("www-authenticate").unwrap_or_default();
    let rest = challenge
        .strip_prefix("Bearer realm=\"http://")
        .unwrap_or_default();
    rest.split('/').next().unwrap_or_default().to_owned()
}

fn fetch_token(registry: &FakeRegistry, scopes: &str) -> Answer {
    let request = call("GET", &format!("/token?service=fake-registry{scopes}"));
    basic(request, "ada", "secret").send(&token_host(registry))
}

fn users() -> TokenServer {
    TokenServer::new().user("ada", "secret")
}

#[test]
fn basic_auth_lets_in_its_user_only() {
    let registry = FakeRegistry::builder().basic_auth("ada", "a:b").start();
    let answer = get(registry.host(), "/v2/").expect(401);
    let challenge = answer.header("www-authenticate");
    assert_eq!(challenge, Some("Basic realm=\"fake registry\""));
    basic(call("GET", "/v2/"), "ada", "x")
        .send(registry.host())
        .expect(401);
    basic(call("GET", "/v2/"), "ada", "a:b")
        .send(registry.host())
        .expect(200);
    let (username, password) = ("ada".to_owned(), "a:b".to_owned());
    let expected = Authorization::Basic { username, password };
    assert_eq!(registry.requests()[2].authorization, expected);
    assert_eq!(registry.requests()[2].header("authorization"), None);
}

#[test]
fn challenge_names_realm_service_and_scope() {
    let registry = registry(users());
    let host = token_host(&registry);
    let answer = call("PUT", "/v2/a/b/manifests/1")
        .send(registry.host())
        .expect(401);
    let expected = format!(
        "Bearer realm=\"http://{host}/token\",service=\"fake-registry\",scope=\"repository:a/b:pull,push\""
    );
    assert_eq!(answer.header("www-authenticate"), Some(&*expected));
}

#[test]
fn token_is_good_for_its_scope_only() {
    let registry = registry(users());
    registry.create_repository("a");
    registry.create_repository("b");
    let answer = fetch_token(&registry, "&scope=repository:a:pull").expect(200);
    assert!(
        answer.text().contains(r#""token":"token-1""#),
        "{}",
        answer.text()
    );
    assert!(answer.text().contains(r#""expires_in":300"#), "{}", answer.text());
    let own = with_token("GET", "/v2/a/tags/list", "token-1");
    own.send(registry.host()).expect(200);
    for (method, target) in [
        ("GET", "/v2/b/tags/list"),
        ("POST", "/v2/a/blobs/uploads/"),
        ("DELETE", "/v2/a/manifests/1"),
    ] {
        let answer = with_token(method, target, "token-1")
            .send(registry.host())
            .expect(401);
        let challenge = answer.header("www-authenticate").unwrap_or_default();
        assert!(
            challenge.ends_with(",error=\"insufficient_scope\""),
            "{challenge}"
        );
    }
    let unknown = with_token("GET", "/v2/", "token-9")
        .send(registry.host())
        .expect(401);
    let challenge = unknown.header("www-authenticate").unwrap_or_default();
    assert!(challenge.ends_with(",error=\"invalid_token\""), "{challenge}");
}

#[test]
fn scopes_can_be_repeated_or_joined_and_cover_mounts() {
    for scopes in [
        "&scope=repository:a:pull,push&scope=repository:b:pull",
        "&scope=repository:a:push,pull+repository:b:pull",
    ] {
        let registry = registry(users());
        fetch_token(&registry, scopes).expect(200);
        let mount = with_token("POST", "/v2/a/blobs/uploads/?mount=x&from=b", "token-1");
        mount.send(registry.host()).expect(202);
    }
    let registry = registry(users().first_scope_only());
    fetch_token(&registry, "&scope=repository:a:pull,push&scope=repository:b:pull");
    let mount = with_token("POST", "/v2/a/blobs/uploads/?mount=x&from=b", "token-1");
    mount.send(registry.host()).expect(401);
}

#[test]
fn insufficient_scope_can_be_forbidden() {
    let registry = registry(users().insufficient_scope_forbidden());
    fetch_token(&registry, "&scope=repository:a:pull").expect(200);
    let answer = with_token("GET", "/v2/b/tags/list", "token-1").send(registry.host());
    assert!(answer.expect(403).header("www-authenticate").is_some());
}

#[test]
fn wrong_credentials_get_no_token() {
    for (server, status) in [(users(), 401), (users().bad_credentials_status(403), 403)] {
        let registry = registry(server.anonymous_pull());
        let request = basic(call("GET", "/token"), "ada", "wrong");
        request.send(&token_host(&registry)).expect(status);
    }
}

#[test]
fn anonymous_users_may_pull_where_allowed() {
    let registry = registry(users().anonymous_pull());
    registry.create_repository("a");
    let host = token_host(&registry);
    get(&host, "/token?scope=repository:a:pull,push").expect(200);
    let pull = with_token("GET", "/v2/a/tags/list", "token-1");
    pull.send(registry.host()).expect(200);
    let push = with_token("POST", "/v2/a/blobs/uploads/", "token-1");
    push.send(registry.host()).expect(401);
    let closed = self::registry(users());
    get(&token_host(&closed), "/token").expect(401);
}

#[test]
fn identity_token_works_by_post_only() {
    let form = |text: &str| {
        call("POST", "/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(text)
    };
    let server = TokenServer::new().identity_token("id+1");
    let registry = registry(server.clone());
    let host = token_host(&registry);
    let good = form("grant_type=refresh_token&service=s&scope=repository%3Aa%3Apull&refresh_token=id%2B1");
    good.send(&host).expect(200);
    form("grant_type=refresh_token&refresh_token=other")
        .send(&host)
        .expect(401);
    let refusing = self::registry(server.refuse_post());
    good.send(&token_host(&refusing)).expect(405);
    assert_eq!(
        registry.token_requests().lines(),
        ["POST /token 200", "POST /token 401"]
    );
}

#[test]
fn token_answer_takes_several_forms() {
    let body = |server: TokenServer| fetch_token(&registry(server), "").expect(200).text();
    let bare = || users().without_expires_in();
    assert_eq!(body(bare().only_token()), r#"{"token":"token-1"}"#);
    assert_eq!(body(bare().only_access_token()), r#"{"access_token":"token-1"}"#);
    assert_eq!(
        body(bare().empty_token()),
        r#"{"token":"","access_token":"token-1"}"#
    );
    let short = body(users().only_token().expires_in(1));
    assert_eq!(short, r#"{"token":"token-1","expires_in":1}"#);
}

#[test]
fn tokens_end_by_use_by_time_and_by_order() {
    let status = |registry: &FakeRegistry| with_token("GET", "/v2/", "token-1").send(registry.host()).status;
    let by_use = registry(users().uses(1));
    fetch_token(&by_use, "").expect(200);
    assert_eq!([status(&by_use), status(&by_use)], [Some(200), Some(401)]);
    let by_time = registry(users().lifetime(Duration::ZERO));
    fetch_token(&by_time, "").expect(200);
    assert_eq!(status(&by_time), Some(401));
    let by_order = registry(users());
    fetch_token(&by_order, "").expect(200);
    by_order.revoke_tokens();
    assert_eq!(status(&by_order), Some(401));
    let by_fault = registry(users());
    fetch_token(&by_fault, "").expect(200);
    by_fault.add_fault(Fault::token_expired().once());
    assert_eq!([status(&by_fault), status(&by_fault)], [Some(401), Some(401)]);
}

#[test]
fn token_endpoint_can_be_the_registry_own() {
    let registry = registry(users().same_origin());
    assert_eq!(token_host(&registry), registry.host());
    fetch_token(&registry, "").expect(200);
}

#[test]
fn challenges_can_be_several_lines() {
    let registry = FakeRegistry::builder()
        .bearer_auth(users())
        .challenges(["Negotiate", "Basic realm=\"x\", {challenge}"])
        .start();
    let answer = get(registry.host(), "/v2/").expect(401);
    let lines: Vec<&str> = answer
        .headers
        .iter()
        .filter(|(name, _)| name == "www-authenticate")
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0], "Negotiate");
    assert!(
        lines[1].starts_with("Basic realm=\"x\", Bearer realm="),
        "{}",
        lines[1]
    );
}

#[test]
fn registry_can_take_basic_beside_bearer() {
    let registry = registry(users().accept_basic());
    let request = basic(call("GET", "/v2/"), "ada", "secret");
    request.send(registry.host()).expect(200);
}
