//! Asking the token service that a registry names.

use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{Method, StatusCode};
use skeg_credentials::Credential;
use url::Url;

use crate::auth::basic_header;
use crate::auth::demand::Bearer;
use crate::auth::realm::check_realm;
use crate::auth::scope::Scopes;
use crate::auth::token::{Token, parse_token, refresh_form, token_url};
use crate::error::{AuthenticateError, RedirectError, RequestError};
use crate::transport::{
    Endpoint, Exchange, Limited, RequestBody, Response, Transport, is_redirect, is_same_origin,
    next_location, redact, redact_text,
};

/// How much of an answer is read. Real tokens have a few KiB.
const ANSWER_LIMIT: usize = 128 * 1024;

/// How many redirects of a token service are followed.
const MAX_REDIRECTS: usize = 5;

/// The user name that stands for an identity token where only a user name and a password fit.
const TOKEN_USER: &str = "<token>";

/// A token service, checked to be one that the registry may name.
pub(crate) struct TokenService<'a> {
    transport: &'a Transport,
    host: String,
    registry: Url,
    realm: Url,
    service: Option<&'a str>,
    scopes: &'a Scopes,
}

impl<'a> TokenService<'a> {
    pub(crate) fn new(
        transport: &'a Transport,
        endpoint: &Endpoint,
        bearer: &'a Bearer,
        scopes: &'a Scopes,
    ) -> Result<Self, RequestError> {
        let registry = transport.registry_url(endpoint)?;
        let host = endpoint.host.to_string();
        let refuse = |realm: String, problem| AuthenticateError::Realm {
            host: host.clone(),
            realm,
            problem,
        };
        let Ok(realm) = Url::parse(&bearer.realm) else {
            return Err(refuse(redact_text(&bearer.realm), "it is no address").into());
        };
        check_realm(&realm, &registry).map_err(|problem| refuse(redact(&realm), problem))?;
        Ok(Self {
            transport,
            host,
            registry,
            realm,
            service: bearer.service.as_deref(),
            scopes,
        })
    }

    /// Asks for a token.
    pub(crate) async fn fetch(&self, credential: &Credential) -> Result<Token, AuthenticateError> {
        let response = match credential {
            Credential::IdentityToken(token) => self.refresh(token.expose()).await?,
            Credential::Basic { username, password } => {
                self.get(basic_header(username, password.expose())).await?
            }
            _ => self.get(None).await?,
        };
        self.read(response).await
    }

    /// Exchanges an identity token; services that know no POST are asked by GET.
    async fn refresh(&self, token: &str) -> Result<Response, AuthenticateError> {
        let form = refresh_form(token, self.service, self.scopes);
        let headers = HeaderMap::from_iter([(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        )]);
        let exchange = Exchange {
            method: &Method::POST,
            url: &self.realm,
            headers: &headers,
            body: &RequestBody::Bytes(form.into()),
            is_commit: false,
        };
        let response = self.exchange(&exchange, None).await?;
        match response.status {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
                self.get(basic_header(TOKEN_USER, token)).await
            }
            _ => Ok(response),
        }
    }

    /// Asks by GET, following redirects to places that the registry might have named itself.
    async fn get(&self, authorization: Option<HeaderValue>) -> Result<Response, AuthenticateError> {
        let mut url = token_url(&self.realm, self.service, self.scopes);
        let mut authorization = authorization;
        for _ in 0..=MAX_REDIRECTS {
            let exchange = Exchange {
                method: &Method::GET,
                url: &url,
                headers: &HeaderMap::new(),
                body: &RequestBody::Empty,
                is_commit: false,
            };
            let response = self.exchange(&exchange, authorization.as_ref()).await?;
            if !is_redirect(&Method::GET, response.status) {
                return Ok(response);
            }
            let next =
                next_location(&url, &response.headers).map_err(|error| self.redirect_error(&url, error))?;
            check_realm(&next, &self.registry).map_err(|problem| AuthenticateError::Realm {
                host: self.host.clone(),
                realm: redact(&next),
                problem,
            })?;
            if !is_same_origin(&url, &next) {
                authorization = None;
            }
            url = next;
        }
        Err(self.redirect_error(&url, RedirectError::TooMany(MAX_REDIRECTS)))
    }

    async fn exchange(
        &self,
        exchange: &Exchange<'_>,
        authorization: Option<&HeaderValue>,
    ) -> Result<Response, AuthenticateError> {
        let sent = self.transport.http().exchange(exchange, authorization).await;
        sent.map_err(|error| self.request_error(error))
    }

    async fn read(&self, response: Response) -> Result<Token, AuthenticateError> {
        if !response.status.is_success() {
            return Err(AuthenticateError::Token {
                host: self.host.clone(),
                source: Box::new(response.into_error().await),
            });
        }
        let read = response.body.read(ANSWER_LIMIT).await;
        let parsed = match read.map_err(|error| self.request_error(error))? {
            Limited::Whole(body) => parse_token(&body),
            Limited::TooLarge => Err("it is far too long"),
        };
        parsed.map_err(|problem| AuthenticateError::TokenAnswer {
            realm: redact(&self.realm),
            problem: problem.to_owned(),
        })
    }

    fn redirect_error(&self, url: &Url, source: RedirectError) -> AuthenticateError {
        self.request_error(RequestError::Redirect {
            method: Method::GET,
            url: redact(url),
            source,
        })
    }

    fn request_error(&self, error: RequestError) -> AuthenticateError {
        AuthenticateError::TokenRequest {
            realm: redact(&self.realm),
            source: Box::new(error),
        }
    }
}
