//! The token server: the GET flow, the OAuth2 POST flow, and the tokens it gave out.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use serde_json::json;

use super::auth::Scope;
use super::log::Authorization;
use super::response::Reply;
use super::routes::query_values;
use super::server::{Handler, Inbound};

/// How a token server behaves.
///
/// Without users everybody is given what they ask for; with users, everybody else is refused
/// unless [`anonymous_pull`](TokenServer::anonymous_pull) is set.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent quirk of some token server"
)]
pub struct TokenServer {
    users: Vec<(String, String)>,
    identity_tokens: Vec<String>,
    service: String,
    expires_in: Option<u64>,
    lifetime: Option<Duration>,
    uses: Option<usize>,
    token_field: TokenField,
    bad_credentials_status: u16,
    anonymous_pull: bool,
    refuse_post: bool,
    first_scope_only: bool,
    insufficient_scope_forbidden: bool,
    accept_basic: bool,
    pub(crate) same_origin: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenField {
    Both,
    AccessTokenOnly,
    TokenOnly,
    EmptyToken,
}

impl Default for TokenServer {
    fn default() -> Self {
        Self::new()
    }
}

impl TokenServer {
    /// A token server on a port of its own that knows no users and answers as distribution's does.
    #[must_use]
    pub fn new() -> Self {
        Self {
            users: Vec::new(),
            identity_tokens: Vec::new(),
            service: "fake-registry".to_owned(),
            expires_in: Some(300),
            lifetime: None,
            uses: None,
            token_field: TokenField::Both,
            bad_credentials_status: 401,
            anonymous_pull: false,
            refuse_post: false,
            first_scope_only: false,
            insufficient_scope_forbidden: false,
            accept_basic: false,
            same_origin: false,
        }
    }

    /// Adds a user, who may do everything.
    #[must_use]
    pub fn user(mut self, username: &str, password: &str) -> Self {
        self.users.push((username.to_owned(), password.to_owned()));
        self
    }

    /// Accepts `token` in the OAuth2 refresh flow (an identity token).
    #[must_use]
    pub fn identity_token(mut self, token: &str) -> Self {
        self.identity_tokens.push(token.to_owned());
        self
    }

    /// Sets the service's name in the challenge.
    #[must_use]
    pub fn service(mut self, service: &str) -> Self {
        service.clone_into(&mut self.service);
        self
    }

    /// Sets `expires_in` of the answer, in seconds (300 otherwise). It is only said; see
    /// [`lifetime`](TokenServer::lifetime) and [`uses`](TokenServer::uses).
    #[must_use]
    pub fn expires_in(mut self, seconds: u64) -> Self {
        self.expires_in = Some(seconds);
        self
    }

    /// Leaves `expires_in` out of the answer.
    #[must_use]
    pub fn without_expires_in(mut self) -> Self {
        self.expires_in = None;
        self
    }

    /// Ends each token's life this long after it was given out.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// Ends each token's life after this many requests: expiry that needs no waiting.
    #[must_use]
    pub fn uses(mut self, uses: usize) -> Self {
        self.uses = Some(uses);
        self
    }

    /// Answers with `access_token` and no `token`.
    #[must_use]
    pub fn only_access_token(mut self) -> Self {
        self.token_field = TokenField::AccessTokenOnly;
        self
    }

    /// Answers with `token` and no `access_token`.
    #[must_use]
    pub fn only_token(mut self) -> Self {
        self.token_field = TokenField::TokenOnly;
        self
    }

    /// Answers with an empty `token` beside `access_token`.
    #[must_use]
    pub fn empty_token(mut self) -> Self {
        self.token_field = TokenField::EmptyToken;
        self
    }

    /// Sets the status for wrong credentials (401 otherwise; GHCR answers 403).
    #[must_use]
    pub fn bad_credentials_status(mut self, status: u16) -> Self {
        self.bad_credentials_status = status;
        self
    }

    /// Gives tokens for pulling to those who send no credentials.
    #[must_use]
    pub fn anonymous_pull(mut self) -> Self {
        self.anonymous_pull = true;
        self
    }

    /// Answers 405 to POST, as GHCR does.
    #[must_use]
    pub fn refuse_post(mut self) -> Self {
        self.refuse_post = true;
        self
    }

    /// Looks at the first `scope` parameter only, as some servers do.
    #[must_use]
    pub fn first_scope_only(mut self) -> Self {
        self.first_scope_only = true;
        self
    }

    /// Answers 403 with a challenge, instead of 401, to a token of too little scope.
    #[must_use]
    pub fn insufficient_scope_forbidden(mut self) -> Self {
        self.insufficient_scope_forbidden = true;
        self
    }

    /// Lets the registry itself take the users' Basic credentials too.
    #[must_use]
    pub fn accept_basic(mut self) -> Self {
        self.accept_basic = true;
        self
    }

    /// Serves `/token` on the registry's own port.
    #[must_use]
    pub fn same_origin(mut self) -> Self {
        self.same_origin = true;
        self
    }

    fn has_user(&self, username: &str, password: &str) -> bool {
        self.users
            .iter()
            .any(|(known, secret)| known == username && secret == password)
    }
}

/// Gives out tokens and remembers what each is good for.
#[derive(Debug)]
pub(crate) struct TokenIssuer {
    options: TokenServer,
    /// `http://127.0.0.1:PORT` of the token server; `None` where it is the registry's.
    base_url: Option<String>,
    issued: Mutex<Issued>,
}

#[derive(Debug, Default)]
struct Issued {
    count: usize,
    tokens: BTreeMap<String, Token>,
}

#[derive(Debug)]
struct Token {
    scopes: Vec<Scope>,
    expires: Option<Instant>,
    uses_left: Option<usize>,
}

/// What the holder of the presented credentials may have.
enum Grant {
    Everything,
    PullOnly,
}

impl TokenIssuer {
    pub(crate) fn new(options: TokenServer, base_url: Option<String>) -> Self {
        Self {
            options,
            base_url,
            issued: Mutex::default(),
        }
    }

    /// Says whether the registry itself serves this as a token request.
    pub(crate) fn serves(&self, request: &Inbound) -> bool {
        self.options.same_origin && request.head.uri.path() == "/token"
    }

    /// The challenge without scope and error.
    pub(crate) fn challenge(&self, registry: &str) -> String {
        let base = self.base_url.as_deref().unwrap_or(registry);
        let service = &self.options.service;
        format!("Bearer realm=\"{base}/token\",service=\"{service}\"")
    }

    pub(crate) fn insufficient_scope_status(&self) -> StatusCode {
        if self.options.insufficient_scope_forbidden {
            StatusCode::FORBIDDEN
        } else {
            StatusCode::UNAUTHORIZED
        }
    }

    pub(crate) fn accepts_basic(&self, username: &str, password: &str) -> bool {
        self.options.accept_basic && self.options.has_user(username, password)
    }

    /// Uses a token once for `needed`; the error is the challenge's `error` attribute.
    pub(crate) fn check(&self, token: &str, needed: &[Scope]) -> Result<(), &'static str> {
        let mut issued = self.lock();
        let Some(known) = issued.tokens.get_mut(token) else {
            return Err("invalid_token");
        };
        let expired = known.expires.is_some_and(|end| Instant::now() >= end);
        if expired || known.uses_left == Some(0) {
            return Err("invalid_token");
        }
        if let Some(left) = &mut known.uses_left {
            *left -= 1;
        }
        if needed.iter().all(|scope| scope.is_covered_by(&known.scopes)) {
            Ok(())
        } else {
            Err("insufficient_scope")
        }
    }

    pub(crate) fn revoke(&self, token: &str) {
        self.lock().tokens.remove(token);
    }

    pub(crate) fn revoke_all(&self) {
        self.lock().tokens.clear();
    }

    fn issue(&self, scopes: Vec<Scope>) -> Reply {
        let mut issued = self.lock();
        issued.count += 1;
        let name = format!("token-{}", issued.count);
        let token = Token {
            scopes,
            expires: self.options.lifetime.map(|life| Instant::now() + life),
            uses_left: self.options.uses,
        };
        issued.tokens.insert(name.clone(), token);
        drop(issued);
        let mut answer = match self.options.token_field {
            TokenField::Both => json!({"token": name, "access_token": name}),
            TokenField::AccessTokenOnly => json!({"access_token": name}),
            TokenField::TokenOnly => json!({"token": name}),
            TokenField::EmptyToken => json!({"token": "", "access_token": name}),
        };
        if let Some(seconds) = self.options.expires_in {
            answer["expires_in"] = seconds.into();
        }
        Reply::json(&answer)
    }

    fn get(&self, request: &Inbound) -> Reply {
        let grant = match Authorization::of(&request.head.headers) {
            Authorization::Basic { username, password } => self
                .options
                .has_user(&username, &password)
                .then_some(Grant::Everything),
            Authorization::None => self.anonymous_grant(),
            Authorization::Bearer(_) | Authorization::Other(_) => None,
        };
        self.grant(grant, request.head.uri.query().unwrap_or(""))
    }

    fn post(&self, request: &Inbound) -> Reply {
        if self.options.refuse_post {
            return Reply::error(405, "UNSUPPORTED", "method not allowed");
        }
        let form = String::from_utf8_lossy(&request.body);
        let field = |name| query_values(&form, name).into_iter().next().unwrap_or_default();
        let known = match field("grant_type").as_str() {
            "refresh_token" => self.options.identity_tokens.contains(&field("refresh_token")),
            "password" => self.options.has_user(&field("username"), &field("password")),
            _ => false,
        };
        self.grant(known.then_some(Grant::Everything), &form)
    }

    fn anonymous_grant(&self) -> Option<Grant> {
        let options = &self.options;
        if options.users.is_empty() && options.identity_tokens.is_empty() {
            return Some(Grant::Everything);
        }
        options.anonymous_pull.then_some(Grant::PullOnly)
    }

    fn grant(&self, grant: Option<Grant>, parameters: &str) -> Reply {
        let Some(grant) = grant else {
            let status = self.options.bad_credentials_status;
            return Reply::error(status, "UNAUTHORIZED", "incorrect username or password");
        };
        let mut scopes = self.asked_scopes(parameters);
        if matches!(grant, Grant::PullOnly) {
            for scope in &mut scopes {
                scope.actions.retain(|action| action == "pull");
            }
        }
        self.issue(scopes)
    }

    fn asked_scopes(&self, parameters: &str) -> Vec<Scope> {
        let values = query_values(parameters, "scope");
        let considered = if self.options.first_scope_only {
            1
        } else {
            values.len()
        };
        values
            .iter()
            .take(considered)
            .flat_map(|value| value.split(' '))
            .filter_map(Scope::parse)
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, Issued> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Handler for TokenIssuer {
    fn respond(&self, request: &Inbound) -> Reply {
        match request.head.method {
            Method::GET => self.get(request),
            Method::POST => self.post(request),
            _ => Reply::error(405, "UNSUPPORTED", "method not allowed"),
        }
    }
}
