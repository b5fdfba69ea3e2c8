//! The texts that go to a helper and come back.
//!
//! Spec: docker-credential-helpers, "Development". `get` and `erase` read the server address, `store` reads an object,
//! `get` prints one, `list` prints a map of addresses and users. A failure prints its message on standard output.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Logins;
use crate::{Credential, Secret};

/// The user name that says that the secret is an identity token.
pub(crate) const TOKEN_USERNAME: &str = "<token>";

/// How a helper says that it has no credential for a server.
const NOT_FOUND: &str = "credentials not found in native keychain";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StoreRequest<'a> {
    #[serde(rename = "ServerURL")]
    server: &'a str,
    username: &'a str,
    secret: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct GetAnswer {
    username: String,
    secret: String,
}

/// The input of `store`.
pub(super) fn store_request(server: &str, username: &str, secret: &str) -> String {
    let request = StoreRequest {
        server,
        username,
        secret,
    };
    serde_json::to_string(&request).expect("because three texts are always JSON")
}

/// The output of `get`: anonymous if both fields are empty, `None` if it is no answer.
pub(super) fn read_credential(output: &[u8]) -> Option<Credential> {
    // A derived reader takes a list for an object too.
    if !output.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    let GetAnswer { username, secret } = serde_json::from_slice(output).ok()?;
    Some(match username.as_str() {
        _ if secret.is_empty() => Credential::Anonymous,
        TOKEN_USERNAME => Credential::IdentityToken(Secret::new(secret)),
        _ => Credential::Basic {
            username,
            password: Secret::new(secret),
        },
    })
}

/// The output of `list`; `None` if it is no answer.
pub(super) fn read_list(output: &[u8]) -> Option<Logins> {
    let list: Option<BTreeMap<String, String>> = serde_json::from_slice(output).ok()?;
    Some(list.unwrap_or_default())
}

/// Tells whether the message of a helper that failed says that it has no credential.
pub(super) fn says_not_found(message: &str) -> bool {
    message.to_ascii_lowercase().contains(NOT_FOUND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_those_of_the_protocol() {
        assert_eq!(
            store_request("h.io", "me", "a\"b"),
            r#"{"ServerURL":"h.io","Username":"me","Secret":"a\"b"}"#
        );
    }

    #[track_caller]
    fn check(output: &str, expected: impl Into<Option<Credential>>) {
        assert_eq!(read_credential(output.as_bytes()), expected.into());
    }

    #[test]
    fn answers_are_read() {
        check(
            r#"{"ServerURL":"h.io","Username":"me","Secret":"s"}"#,
            Some(Credential::basic("me", "s")),
        );
        check(
            "{\"Username\":\"\",\"Secret\":\"s\"}\n",
            Some(Credential::basic("", "s")),
        );
        check(
            r#"{"Username":"<token>","Secret":"t"}"#,
            Some(Credential::IdentityToken("t".into())),
        );
        check(
            r#"{"ServerURL":"","Username":"","Secret":""}"#,
            Some(Credential::Anonymous),
        );
        check(r#"{"Username":"me"}"#, Some(Credential::Anonymous));
        check("", None);
        check("hello", None);
        check("[]", None);
        check(r#"{"Username":7,"Secret":"s"}"#, None);
        check(r#"{"Username":"me","Secret":"s"} trailing"#, None);
    }

    #[test]
    fn lists_are_read() {
        assert_eq!(read_list(br#"{"h.io":"me"}"#).unwrap()["h.io"], "me");
        assert!(read_list(b"null").unwrap().is_empty());
        assert!(read_list(b"x").is_none());
    }

    #[test]
    fn not_found_is_recognised() {
        assert!(says_not_found("credentials not found in native keychain\n"));
        assert!(says_not_found("Error: Credentials not found in native keychain"));
        assert!(!says_not_found("no credentials server URL"));
    }
}
