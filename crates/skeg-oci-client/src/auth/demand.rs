//! What a registry demands, chosen among its challenges. No IO.

use http::header::HeaderMap;

use crate::auth::challenge::{Challenge, challenges};

/// What a registry demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    /// A token of a token service.
    Bearer(Bearer),
    /// A user name and a password.
    Basic,
    /// It does not say (old ECR, some proxies).
    Unspecified,
}

/// A demand for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bearer {
    /// The address of the token service, as it came.
    pub(crate) realm: String,
    /// The name of the registry to the service.
    pub(crate) service: Option<String>,
    /// The scopes asked for, separated by spaces.
    pub(crate) scope: String,
}

impl Demand {
    /// Chooses the demand to answer: a token before a password, and neither if there is no challenge that we know.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let challenges = challenges(headers);
        if let Some(bearer) = challenges.iter().find_map(Bearer::of) {
            return Some(Self::Bearer(bearer));
        }
        let has_basic = challenges.iter().any(|challenge| challenge.scheme == "basic");
        has_basic.then_some(Self::Basic)
    }
}

impl Bearer {
    fn of(challenge: &Challenge) -> Option<Self> {
        if challenge.scheme != "bearer" {
            return None;
        }
        Some(Self {
            realm: challenge.parameter("realm")?.to_owned(),
            service: challenge.parameter("service").map(str::to_owned),
            scope: challenge.parameter("scope").unwrap_or_default().to_owned(),
        })
    }
}

/// The scopes that a registry misses in our token, if that is what it says.
pub(crate) fn insufficient_scope(headers: &HeaderMap) -> Option<String> {
    let challenges = challenges(headers);
    let challenge = challenges.iter().find(|challenge| {
        challenge.scheme == "bearer" && challenge.parameter("error") == Some("insufficient_scope")
    })?;
    challenge.parameter("scope").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use http::header::WWW_AUTHENTICATE;

    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let lines = lines.iter().map(|line| (WWW_AUTHENTICATE, line.parse().unwrap()));
        lines.collect()
    }

    fn bearer(realm: &str) -> Demand {
        Demand::Bearer(Bearer {
            realm: realm.to_owned(),
            service: None,
            scope: String::new(),
        })
    }

    #[track_caller]
    fn check(line: &str, expected: Option<&Demand>) {
        assert_eq!(Demand::of(&headers(&[line])).as_ref(), expected);
    }

    #[test]
    fn case_02_a_token_is_preferred() {
        check("Basic realm=b, Bearer realm=r", Some(&bearer("r")));
        check("Negotiate, Basic realm=b", Some(&Demand::Basic));
        check("Negotiate", None);
        check("Bearer service=s", None);
        check("Bearer service=s, Basic", Some(&Demand::Basic));
        check("", None);
    }

    #[test]
    fn case_13_missing_scopes() {
        let missing = |line| insufficient_scope(&headers(&[line]));
        assert_eq!(
            missing(r#"Bearer realm="r",error="insufficient_scope",scope="repository:a:pull""#).as_deref(),
            Some("repository:a:pull")
        );
        assert_eq!(missing(r#"Bearer realm="r",scope="repository:a:pull""#), None);
        assert_eq!(missing("Basic"), None);
    }
}
