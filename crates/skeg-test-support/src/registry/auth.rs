//! Who may do what: the registry's side of Basic and Bearer authentication.

use std::sync::Arc;

use super::log::Authorization;
use super::response::Reply;
use super::routes::{Backend, query_values};
use super::server::{Handler, Inbound};
use super::token::TokenIssuer;
use http::Method;

/// How a registry tells its users apart.
pub(crate) enum AccessControl {
    Open,
    Basic { username: String, password: String },
    Bearer(Arc<TokenIssuer>),
}

/// The registry proper: access control before the endpoints.
pub(crate) struct RegistryHandler {
    pub(crate) backend: Arc<Backend>,
    pub(crate) access: AccessControl,
    /// Challenges to send instead of the usual one; `{challenge}` stands for that one.
    pub(crate) challenges: Option<Vec<String>>,
}

impl Handler for RegistryHandler {
    fn respond(&self, request: &Inbound) -> Reply {
        if let AccessControl::Bearer(issuer) = &self.access
            && issuer.serves(request)
        {
            return issuer.respond(request);
        }
        match self.refusal(request) {
            Some(reply) => reply,
            None => self.backend.respond(request),
        }
    }

    fn expire(&self, request: &Inbound) -> Reply {
        if let AccessControl::Bearer(issuer) = &self.access
            && let Authorization::Bearer(token) = Authorization::of(&request.head.headers)
        {
            issuer.revoke(&token);
        }
        self.refusal(request)
            .unwrap_or_else(|| self.unauthorized("Basic realm=\"fake registry\""))
    }
}

impl RegistryHandler {
    /// The reply that keeps the request out, or nothing.
    fn refusal(&self, request: &Inbound) -> Option<Reply> {
        let authorization = Authorization::of(&request.head.headers);
        match &self.access {
            AccessControl::Open => None,
            AccessControl::Basic { username, password } => {
                let expected = Authorization::Basic {
                    username: username.clone(),
                    password: password.clone(),
                };
                let allowed = authorization == expected;
                (!allowed).then(|| self.unauthorized("Basic realm=\"fake registry\""))
            }
            AccessControl::Bearer(issuer) => self.bearer_refusal(issuer, &authorization, request),
        }
    }

    fn bearer_refusal(
        &self,
        issuer: &TokenIssuer,
        authorization: &Authorization,
        request: &Inbound,
    ) -> Option<Reply> {
        let needed = needed_scopes(request);
        let error = match authorization {
            Authorization::Bearer(token) => match issuer.check(token, &needed) {
                Ok(()) => return None,
                Err(error) => Some(error),
            },
            Authorization::Basic { username, password } if issuer.accepts_basic(username, password) => {
                return None;
            }
            _ => None,
        };
        let scope = needed.first().map(|scope| format!(",scope=\"{scope}\""));
        let reason = error.map(|error| format!(",error=\"{error}\""));
        let challenge = issuer.challenge(&self.backend.base_url)
            + &scope.unwrap_or_default()
            + &reason.unwrap_or_default();
        let mut reply = self.unauthorized(&challenge);
        if error == Some("insufficient_scope") {
            reply.status = issuer.insufficient_scope_status();
        }
        Some(reply)
    }

    fn unauthorized(&self, challenge: &str) -> Reply {
        let reply = Reply::error(401, "UNAUTHORIZED", "authentication required");
        let Some(lines) = &self.challenges else {
            return reply.header("www-authenticate", challenge);
        };
        lines.iter().fold(reply, |reply, line| {
            reply.header("www-authenticate", &line.replace("{challenge}", challenge))
        })
    }
}

/// A resource and the actions on it: `repository:NAME:pull,push`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) resource: String,
    pub(crate) actions: Vec<String>,
}

impl Scope {
    fn repository(name: &str, actions: &[&str]) -> Self {
        Self {
            resource: format!("repository:{name}"),
            actions: actions.iter().map(|&action| action.to_owned()).collect(),
        }
    }

    /// Parses `TYPE:NAME:ACTION,ACTION`; a name may contain colons.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (resource, actions) = text.rsplit_once(':')?;
        resource.contains(':').then(|| Self {
            resource: resource.to_owned(),
            actions: actions.split(',').map(str::to_owned).collect(),
        })
    }

    /// Says whether `granted` together allow all the actions of this scope.
    pub(crate) fn is_covered_by(&self, granted: &[Self]) -> bool {
        self.actions.iter().all(|action| {
            granted
                .iter()
                .filter(|scope| scope.resource == self.resource)
                .any(|scope| scope.actions.contains(action) || scope.actions.contains(&"*".into()))
        })
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.resource, self.actions.join(","))
    }
}

/// The scopes a request needs; none for the version check.
fn needed_scopes(request: &Inbound) -> Vec<Scope> {
    let path = request.head.uri.path();
    if path == "/v2/_catalog" {
        return Scope::parse("registry:catalog:*").into_iter().collect();
    }
    let Some(name) = repository_of(path) else {
        return Vec::new();
    };
    let actions: &[&str] = match request.head.method {
        Method::GET | Method::HEAD => &["pull"],
        Method::DELETE => &["delete"],
        _ => &["pull", "push"],
    };
    let own = Scope::repository(name, actions);
    let sources = query_values(request.head.uri.query().unwrap_or(""), "from");
    let mounts = sources.iter().map(|source| Scope::repository(source, &["pull"]));
    std::iter::once(own).chain(mounts).collect()
}

fn repository_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/v2/")?;
    ["/manifests/", "/blobs/", "/tags/list", "/referrers/"]
        .iter()
        .filter_map(|marker| rest.rfind(marker))
        .max()
        .map(|end| &rest[..end])
}
