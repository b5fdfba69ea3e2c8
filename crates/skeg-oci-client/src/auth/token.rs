//! Asking a token service for a token: building the requests, reading the answers. No IO.
//!
//! Source: the distribution project's "Token Authentication" and "OAuth2 Token Authentication" documents.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use url::{Url, form_urlencoded};

use crate::auth::scope::Scopes;

/// The shortest lifetime that a token is given, whatever the service says, and the one of a token without.
const MINIMUM_LIFETIME: Duration = Duration::from_mins(1);

/// The longest lifetime that is believed.
const MAXIMUM_LIFETIME: Duration = Duration::from_hours(24);

/// The name under which we ask.
const CLIENT_ID: &str = "skeg";

/// A token and how long it holds.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// What goes into `Authorization: Bearer`.
    pub(crate) value: String,
    /// For how long, from when it came.
    pub(crate) lifetime: Duration,
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Token");
        debug.field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

/// The URL of a GET for a token: the realm with its own query, the service, and one `scope` for each scope.
pub(crate) fn token_url(realm: &Url, service: Option<&str>, scopes: &Scopes) -> Url {
    let mut url = realm.clone();
    if service.is_none() && scopes.iter().next().is_none() {
        return url;
    }
    let mut query = url.query_pairs_mut();
    if let Some(service) = service {
        query.append_pair("service", service);
    }
    for scope in scopes.iter() {
        query.append_pair("scope", &scope);
    }
    drop(query);
    url
}

/// The form of a POST that exchanges a refresh token for a token.
pub(crate) fn refresh_form(refresh_token: &str, service: Option<&str>, scopes: &Scopes) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "refresh_token");
    form.append_pair("refresh_token", refresh_token);
    form.append_pair("client_id", CLIENT_ID);
    if let Some(service) = service {
        form.append_pair("service", service);
    }
    let scopes = scopes.iter().collect::<Vec<_>>().join(" ");
    if !scopes.is_empty() {
        form.append_pair("scope", &scopes);
    }
    form.finish()
}

#[derive(Deserialize)]
struct WireToken {
    token: Option<String>,
    access_token: Option<String>,
    /// A number; some services put it in quotation marks.
    #[serde(default)]
    expires_in: serde_json::Value,
}

/// Reads the answer of a token service: `token` or `access_token`, whichever is not empty.
///
/// `issued_at` is ignored: clocks differ, and a token holds from when it came.
///
/// # Errors
///
/// What is wrong with the answer, as a phrase. Nothing of the answer is in it.
pub(crate) fn parse_token(body: &[u8]) -> Result<Token, &'static str> {
    let wire: WireToken = serde_json::from_slice(body).map_err(|_| "it is not JSON of the expected form")?;
    let candidates = [wire.token, wire.access_token];
    let value = candidates
        .into_iter()
        .flatten()
        .find(|value| !value.is_empty())
        .ok_or("it holds no token")?;
    if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("its token has characters that no token has");
    }
    let seconds = match &wire.expires_in {
        serde_json::Value::String(text) => text.parse().ok(),
        other => other.as_f64(),
    };
    let stated = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let lifetime = stated
        .unwrap_or_default()
        .clamp(MINIMUM_LIFETIME, MAXIMUM_LIFETIME);
    Ok(Token { value, lifetime })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: Result<(&str, u64), &'static str>) {
        let parsed = parse_token(body.as_bytes());
        let parsed = parsed.map(|token| (token.value, token.lifetime.as_secs()));
        let expected = expected.map(|(value, seconds)| (value.to_owned(), seconds));
        assert_eq!(parsed, expected);
    }

    #[test]
    fn case_06_token_answers() {
        check(r#"{"token":"a"}"#, Ok(("a", 60)));
        check(r#"{"access_token":"a","expires_in":300}"#, Ok(("a", 300)));
        check(r#"{"token":"","access_token":"b"}"#, Ok(("b", 60)));
        check(
            r#"{"token":"a","access_token":"b","expires_in":5}"#,
            Ok(("a", 60)),
        );
        check(
            r#"{"token":"a","expires_in":null,"issued_at":"2999-01-01T00:00:00Z"}"#,
            Ok(("a", 60)),
        );
        check(r#"{"token":"a","expires_in":-1}"#, Ok(("a", 60)));
        check(r#"{"token":"a","expires_in":"300"}"#, Ok(("a", 300)));
        check(r#"{"token":"a","expires_in":"soon"}"#, Ok(("a", 60)));
        check(r#"{"token":"a","expires_in":1e300}"#, Ok(("a", 60)));
        check(r#"{"token":"a","expires_in":1e9}"#, Ok(("a", 86400)));
    }

    #[test]
    fn case_07_unusable_token_answers() {
        check("", Err("it is not JSON of the expected form"));
        check("<html>", Err("it is not JSON of the expected form"));
        check(r#"{"token":5}"#, Err("it is not JSON of the expected form"));
        check("{}", Err("it holds no token"));
        check(r#"{"token":"","access_token":""}"#, Err("it holds no token"));
        check(
            r#"{"token":"a\r\nb: c"}"#,
            Err("its token has characters that no token has"),
        );
    }

    #[test]
    fn token_urls_keep_the_query_of_the_realm() {
        let scopes = Scopes::none()
            .with("repository:a/b:pull,push")
            .with("repository:c:pull");
        let realm = Url::parse("https://auth.example/token?tenant=x").unwrap();
        assert_eq!(
            token_url(&realm, Some("my registry"), &scopes).as_str(),
            "https://auth.example/token?tenant=x&service=my+registry\
             &scope=repository%3Aa%2Fb%3Apull%2Cpush&scope=repository%3Ac%3Apull"
        );
        assert_eq!(token_url(&realm, None, &Scopes::none()), realm);
    }

    #[test]
    fn refresh_forms_have_one_scope_parameter() {
        let scopes = Scopes::none().with("repository:a:pull").with("repository:c:pull");
        assert_eq!(
            refresh_form("s&cret", Some("s"), &scopes),
            "grant_type=refresh_token&refresh_token=s%26cret&client_id=skeg&service=s\
             &scope=repository%3Aa%3Apull+repository%3Ac%3Apull"
        );
        assert_eq!(
            refresh_form("t", None, &Scopes::none()),
            "grant_type=refresh_token&refresh_token=t&client_id=skeg"
        );
    }

    #[test]
    fn tokens_are_not_printed() {
        let token = parse_token(br#"{"token":"hunter2"}"#).unwrap();
        assert!(!format!("{token:?}").contains("hunter2"));
    }
}
