//! Answering a registry's demand for authentication.
//!
//! Every host is asked anonymously first. What it demands is remembered, so later requests to it carry the answer from
//! the start. A refused answer is renewed once. What is parsed and built is in the pure modules below; the asking itself
//! is in [`service`].

mod challenge;
mod demand;
mod realm;
mod rejection;
mod scope;
mod service;
mod token;

pub(crate) use self::scope::Scopes;

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderValue, StatusCode};
use skeg_credentials::Credential;
use skeg_oci::RegistryHost;
use tokio::sync::OnceCell;
use tokio::time::Instant;

use crate::auth::demand::{Bearer, Demand};
use crate::auth::rejection::Rejection;
use crate::auth::service::TokenService;
use crate::auth::token::Token;
use crate::credential::{CredentialProvider, ProvideCredentialError, ProvidedCredential};
use crate::error::{AuthenticateError, RequestError, ResponseError};
use crate::reporter::{Notice, TransferReporter};
use crate::request::{Access, Call};
use crate::transport::{Endpoint, Response, Transport};

/// How often a call is sent with a new answer, at most: none, a remembered one, a fresh one, one with a wider scope.
const MAX_ROUNDS: usize = 4;

/// Renews a token so much before its end.
const EARLY: std::time::Duration = std::time::Duration::from_secs(10);

/// What is known about who we are and what hosts demand.
pub(crate) struct Authenticator {
    provider: Arc<dyn CredentialProvider>,
    reporter: Arc<dyn TransferReporter>,
    demands: Mutex<HashMap<RegistryHost, Demand>>,
    credentials: Slots<Endpoint, OnceCell<Known>>,
    tokens: Slots<TokenKey, tokio::sync::Mutex<Option<CachedToken>>>,
    /// Where the credential was refused, and reading goes on without it.
    refused: Mutex<HashSet<Endpoint>>,
}

/// Values made on demand and shared, so that two tasks that need the same one wait for one another.
type Slots<K, V> = Mutex<HashMap<K, Arc<V>>>;

#[derive(Clone, PartialEq, Eq, Hash)]
struct TokenKey {
    endpoint: Endpoint,
    scopes: Scopes,
    is_anonymous: bool,
}

struct CachedToken {
    value: String,
    expires: Instant,
}

/// What the provider said.
#[derive(Clone)]
enum Known {
    Found(Arc<ProvidedCredential>),
    Nothing,
    Failed(Arc<ProvideCredentialError>),
}

impl Known {
    /// The credential, unless there is none in effect.
    fn credential(&self) -> Option<&ProvidedCredential> {
        match self {
            Self::Found(found) if !found.credential.is_anonymous() => Some(found),
            _ => None,
        }
    }
}

/// What goes into `Authorization`, and where it comes from.
struct Proof {
    header: Option<HeaderValue>,
    freshness: Freshness,
}

/// How new a proof is, which decides whether a refusal of it is final.
#[derive(Clone, PartialEq, Eq)]
enum Freshness {
    /// There is no proof.
    None,
    /// A token that was there before.
    Cached(String),
    /// Made for this request.
    Fresh,
}

impl Proof {
    const NONE: Self = Self {
        header: None,
        freshness: Freshness::None,
    };

    fn stale_token(&self) -> Option<&str> {
        match &self.freshness {
            Freshness::Cached(token) => Some(token),
            Freshness::None | Freshness::Fresh => None,
        }
    }
}

/// One call on its way, and who it is for.
#[derive(Clone, Copy)]
struct Asking<'a> {
    transport: &'a Transport,
    endpoint: &'a Endpoint,
    call: &'a Call,
}

impl Authenticator {
    pub(crate) fn new(provider: Arc<dyn CredentialProvider>, reporter: Arc<dyn TransferReporter>) -> Self {
        Self {
            provider,
            reporter,
            demands: Mutex::default(),
            credentials: Mutex::default(),
            tokens: Mutex::default(),
            refused: Mutex::default(),
        }
    }

    /// Sends a call with what its registry demands.
    pub(crate) async fn call(
        &self,
        transport: &Transport,
        endpoint: &Endpoint,
        call: &Call,
    ) -> Result<Response, RequestError> {
        let asking = Asking {
            transport,
            endpoint,
            call,
        };
        let mut scopes = call.scopes.clone();
        let mut proof = self.remembered_proof(asking, &scopes).await?;
        let mut rejections = Vec::new();
        loop {
            let error = match transport.send(endpoint, call, proof.header.as_ref()).await {
                Err(RequestError::Response(error)) => error,
                other => return other,
            };
            let Some(rejection) = Rejection::of(&error, call, proof.stale_token().is_some()) else {
                return Err(RequestError::Response(error));
            };
            let is_final = proof.freshness == Freshness::Fresh || rejection == Rejection::SignedUrl;
            if rejections.contains(&rejection) && is_final || rejections.len() >= MAX_ROUNDS {
                return Err(self.refusal(asking, error).await);
            }
            match rejection {
                Rejection::SignedUrl => {}
                Rejection::Unauthorized | Rejection::ExpiredToken => {
                    if proof.freshness == Freshness::Fresh {
                        return Err(self.refusal(asking, error).await);
                    }
                    proof = self.new_proof(asking, &scopes, &proof, error).await?;
                }
                Rejection::InsufficientScope => {
                    let challenged = demand::insufficient_scope(&error.headers).unwrap_or_default();
                    scopes = scopes.with_challenged(&challenged);
                    proof = self.new_proof(asking, &scopes, &proof, error).await?;
                }
            }
            rejections.push(rejection);
        }
    }

    /// The answer to what the host is known to demand; none when nothing is known.
    async fn remembered_proof(&self, asking: Asking<'_>, scopes: &Scopes) -> Result<Proof, RequestError> {
        let demand = lock(&self.demands).get(&asking.endpoint.host).cloned();
        let Some(demand) = demand else {
            return Ok(Proof::NONE);
        };
        let proof = self.prove(asking, &demand, scopes, None).await?;
        Ok(proof.unwrap_or(Proof::NONE))
    }

    /// The answer to the demand in `error`, after `refused` was not enough.
    async fn new_proof(
        &self,
        asking: Asking<'_>,
        scopes: &Scopes,
        refused: &Proof,
        error: Box<ResponseError>,
    ) -> Result<Proof, RequestError> {
        let host = &asking.endpoint.host;
        let demand = match Demand::of(&error.headers) {
            Some(demand) => {
                lock(&self.demands).insert(host.clone(), demand.clone());
                demand
            }
            // Expired tokens are refused without saying again what is demanded.
            None => lock(&self.demands)
                .get(host)
                .cloned()
                .unwrap_or(Demand::Unspecified),
        };
        match self.prove(asking, &demand, scopes, refused.stale_token()).await? {
            Some(proof) => Ok(proof),
            None => Err(self.refusal(asking, error).await),
        }
    }

    /// Answers a demand; `None` when that needs a credential and there is none.
    async fn prove(
        &self,
        asking: Asking<'_>,
        demand: &Demand,
        scopes: &Scopes,
        stale: Option<&str>,
    ) -> Result<Option<Proof>, RequestError> {
        let known = self.known(asking.endpoint).await;
        let header = match (known.credential().map(|found| &found.credential), demand) {
            (Some(Credential::RegistryToken(token)), _) => bearer_header(token.expose()),
            (Some(Credential::Basic { username, password }), Demand::Basic | Demand::Unspecified) => {
                basic_header(username, password.expose())
            }
            (_, Demand::Bearer(bearer)) => {
                return self.prove_by_token(asking, bearer, scopes, stale).await.map(Some);
            }
            _ => None,
        };
        Ok(header.map(|header| Proof {
            header: Some(header),
            freshness: Freshness::Fresh,
        }))
    }

    /// Takes the token from the cache, or asks the token service, once for all tasks that need the same one.
    async fn prove_by_token(
        &self,
        asking: Asking<'_>,
        bearer: &Bearer,
        scopes: &Scopes,
        stale: Option<&str>,
    ) -> Result<Proof, RequestError> {
        let scopes = scopes.clone().with_unusual(&bearer.scope);
        let key = TokenKey {
            endpoint: asking.endpoint.clone(),
            scopes: scopes.clone(),
            is_anonymous: asking.call.access == Access::Read && lock(&self.refused).contains(asking.endpoint),
        };
        let own = slot(&self.tokens, &key);
        let mut cached = own.lock().await;
        if let Some(token) = &*cached
            && token.expires > Instant::now()
            && stale != Some(&token.value)
        {
            return Ok(Proof {
                header: bearer_header(&token.value),
                freshness: Freshness::Cached(token.value.clone()),
            });
        }
        *cached = None;
        let service = TokenService::new(asking.transport, asking.endpoint, bearer, &scopes)?;
        let (token, is_anonymous) = self.fetch_token(asking, &service, key.is_anonymous).await?;
        let fresh = CachedToken {
            expires: Instant::now() + token.lifetime.saturating_sub(EARLY),
            value: token.value.clone(),
        };
        if is_anonymous == key.is_anonymous {
            *cached = Some(fresh);
        } else {
            let key = TokenKey { is_anonymous, ..key };
            *slot(&self.tokens, &key).lock().await = Some(fresh);
        }
        Ok(Proof {
            header: bearer_header(&token.value),
            freshness: Freshness::Fresh,
        })
    }

    /// Asks with the credential; reading goes on without one that is refused. Tells too whether there is a credential that
    /// the token is not for.
    async fn fetch_token(
        &self,
        asking: Asking<'_>,
        service: &TokenService<'_>,
        is_anonymous: bool,
    ) -> Result<(Token, bool), AuthenticateError> {
        let known = self.known(asking.endpoint).await;
        let Some(found) = known.credential().filter(|_| !is_anonymous) else {
            return Ok((service.fetch(&Credential::Anonymous).await?, is_anonymous));
        };
        let host = &asking.endpoint.host;
        let refusal = match service.fetch(&found.credential).await {
            Err(AuthenticateError::Token { source, .. }) if is_refusal(source.status) => source,
            other => return Ok((other?, false)),
        };
        let refused = AuthenticateError::Refused {
            host: host.to_string(),
            credential: found.source.clone(),
            source: refusal,
        };
        if asking.call.access == Access::Write {
            return Err(refused);
        }
        let Ok(token) = service.fetch(&Credential::Anonymous).await else {
            return Err(refused);
        };
        if lock(&self.refused).insert(asking.endpoint.clone()) {
            self.reporter.on_notice(&Notice::CredentialRefused {
                host: host.clone(),
                source: found.source.clone(),
            });
        }
        Ok((token, true))
    }

    /// Asks the provider, once for each endpoint.
    async fn known(&self, endpoint: &Endpoint) -> Known {
        let slot = slot(&self.credentials, endpoint);
        let look_up = || async {
            let provided = self
                .provider
                .credential(&endpoint.host, endpoint.repository.as_ref());
            match provided.await {
                Ok(Some(found)) => Known::Found(Arc::new(found)),
                Ok(None) => Known::Nothing,
                Err(error) => Known::Failed(Arc::new(error)),
            }
        };
        slot.get_or_init(look_up).await.clone()
    }

    /// The error of a call that stays refused.
    async fn refusal(&self, asking: Asking<'_>, error: Box<ResponseError>) -> RequestError {
        if !error.is_unauthorized() || error.is_foreign {
            return RequestError::Response(error);
        }
        let host = asking.endpoint.host.to_string();
        RequestError::Authenticate(match self.known(asking.endpoint).await {
            Known::Failed(source) => AuthenticateError::Provide { host, source },
            known => match known.credential() {
                Some(found) => AuthenticateError::Refused {
                    host,
                    credential: found.source.clone(),
                    source: error,
                },
                None => AuthenticateError::NoCredential { host, source: error },
            },
        })
    }
}

/// Tells whether a token service refuses the credential, rather than having trouble.
fn is_refusal(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 401 | 403)
}

fn basic_header(username: &str, password: &str) -> Option<HeaderValue> {
    sensitive(&format!(
        "Basic {}",
        BASE64_STANDARD.encode(format!("{username}:{password}"))
    ))
}

fn bearer_header(token: &str) -> Option<HeaderValue> {
    sensitive(&format!("Bearer {token}"))
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .expect("because nothing panics while it holds the lock")
}

fn slot<K: Clone + Eq + Hash, V: Default>(slots: &Slots<K, V>, key: &K) -> Arc<V> {
    Arc::clone(lock(slots).entry(key.clone()).or_default())
}
