//! What a registry answered when it refused.

use std::fmt;

use http::{HeaderMap, Method, StatusCode};
use skeg_oci::{ErrorBody, ErrorCode, ErrorEntry};

/// How many characters of a server's errors are shown.
const TEXT_LIMIT: usize = 2000;

/// A response that is an error: the request, the status, and the server's own words.
///
/// `Display` is the line of Helm 4.3.1: `GET "https://…": response status code 404: name unknown: …`.
#[derive(Clone, Debug)]
pub struct ResponseError {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) status: StatusCode,
    pub(crate) body: Option<ErrorBody>,
    pub(crate) text: String,
    pub(crate) headers: HeaderMap,
    /// Whether another host than the registry answered, to which a redirect led.
    pub(crate) is_foreign: bool,
}

impl ResponseError {
    /// The request's method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The request's URL, without anything secret in it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The response's status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The errors of the body, when it has the form that the distribution specification gives it.
    pub fn errors(&self) -> Option<&ErrorBody> {
        self.body.as_ref()
    }

    /// The beginning of a body of another form, as one line; empty when there is nothing to show.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Tells whether the thing asked for does not exist.
    pub fn is_not_found(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
    }

    /// Tells whether the whole repository does not exist.
    pub fn is_unknown_repository(&self) -> bool {
        self.is_not_found() && self.has_code(ErrorCode::NAME_UNKNOWN)
    }

    /// Tells whether a credential is missing or wrong.
    pub fn is_unauthorized(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
    }

    /// Tells whether the credential does not permit this.
    pub fn is_denied(&self) -> bool {
        self.status == StatusCode::FORBIDDEN || self.has_code(ErrorCode::DENIED)
    }

    /// Tells whether the same request may succeed later.
    pub fn is_retryable(&self) -> bool {
        crate::transport::is_retryable_status(self.status) || self.is_too_early()
    }

    /// Tells whether a manifest was refused for parts that the registry does not see yet. They are stored before it; others
    /// who store the same at the same time, or stores that are slow to agree, hide them for a moment.
    fn is_too_early(&self) -> bool {
        self.method == Method::PUT && self.has_code(ErrorCode::MANIFEST_BLOB_UNKNOWN)
    }

    /// Tells whether this is a final answer to HEAD, which cannot say why.
    pub(crate) fn is_wordless_refusal(&self) -> bool {
        self.method == Method::HEAD && !self.is_retryable()
    }

    /// Tells whether one of the errors has this code.
    pub fn has_code(&self, code: &str) -> bool {
        self.body.as_ref().is_some_and(|body| body.has_code(code))
    }

    /// The server's words as one line: its errors, else its text, else the status's own name.
    pub fn server_text(&self) -> String {
        match &self.body {
            Some(body) if !join_errors(body).is_empty() => join_errors(body),
            _ if self.text.is_empty() => self
                .status
                .canonical_reason()
                .unwrap_or("no reason given")
                .to_owned(),
            _ => self.text.clone(),
        }
    }
}

/// `name unknown: repository name not known; denied: …`, as oras-go prints them, on one line and not endless.
fn join_errors(body: &ErrorBody) -> String {
    let texts = body.errors.iter().map(entry_text).filter(|text| !text.is_empty());
    let texts = texts.collect::<Vec<_>>().join("; ");
    texts
        .chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .take(TEXT_LIMIT)
        .collect()
}

/// The code in words and the message; once, when both say the same.
fn entry_text(entry: &ErrorEntry) -> String {
    let code = entry.code.as_str().to_ascii_lowercase().replace('_', " ");
    let message = entry.message.as_str();
    if code.is_empty() || message.eq_ignore_ascii_case(&code) {
        return message.to_owned();
    }
    if message.is_empty() {
        return code;
    }
    format!("{code}: {message}")
}

impl fmt::Display for ResponseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} \"{}\": response status code {}: {}",
            self.method,
            self.url,
            self.status.as_u16(),
            self.server_text()
        )
    }
}

impl std::error::Error for ResponseError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, json: &str, text: &str) -> ResponseError {
        ResponseError {
            method: Method::GET,
            url: "https://a/v2/".to_owned(),
            status: StatusCode::from_u16(status).unwrap(),
            body: ErrorBody::parse(json.as_bytes()),
            text: text.to_owned(),
            headers: HeaderMap::new(),
            is_foreign: false,
        }
    }

    #[track_caller]
    fn check(json: &str, text: &str, expected: &str) {
        assert_eq!(error(404, json, text).server_text(), expected);
    }

    #[test]
    fn the_servers_words_are_one_line() {
        check(
            r#"{"errors":[{"code":"NAME_UNKNOWN","message":"no repo"}]}"#,
            "",
            "name unknown: no repo",
        );
        check(
            r#"{"errors":[{"code":"DENIED"},{"message":"a\nb"}]}"#,
            "",
            "denied; a b",
        );
        check(
            r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"Manifest unknown"}]}"#,
            "",
            "Manifest unknown",
        );
        check(
            r#"{"errors":[{"code":"DENIED","message":"denied: not yours"}]}"#,
            "",
            "denied: denied: not yours",
        );
        check(
            r#"{"errors":[{"message":"no"},{},{"code":"DENIED"}]}"#,
            "",
            "no; denied",
        );
        check(r#"{"errors":[{}]}"#, "", "Not Found");
        check("", "try later", "try later");
        check("", "", "Not Found");
    }

    #[test]
    fn questions_have_answers() {
        let unknown = error(404, r#"{"errors":[{"code":"NAME_UNKNOWN"}]}"#, "");
        assert!(unknown.is_not_found() && unknown.is_unknown_repository() && !unknown.is_denied());
        assert_eq!(
            unknown.to_string(),
            "GET \"https://a/v2/\": response status code 404: name unknown"
        );
        assert!(error(403, "", "").is_denied() && error(401, "", "").is_unauthorized());
        assert!(error(503, "", "").is_retryable() && !error(501, "", "").is_retryable());
        let early = ResponseError {
            method: Method::PUT,
            ..error(400, r#"{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN"}]}"#, "")
        };
        assert!(early.is_retryable());
    }
}
