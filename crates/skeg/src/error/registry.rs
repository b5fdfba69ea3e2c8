//! Errors around registries, and what to do about each.

use skeg_oci::{RegistryHost, Tag};
use skeg_oci_client::{AuthenticateError, CertificateProblem, ConnectError, RequestError, ResponseError};
use skeg_registry::{
    ChartReference, NotAChartError, ParseChartReferenceError, PullError, PushError, ResolveChartError,
};
use skeg_store::OpenStoreError;

use super::CommandError;
use crate::printer::Printer;

impl CommandError {
    /// A reference or a remote that cannot be understood.
    pub(crate) fn reference(error: ParseChartReferenceError) -> Self {
        use ParseChartReferenceError as E;
        let hint = match &error {
            E::MissingScheme => Some(
                "write `oci://HOST/PATH/NAME` for a registry, or `oci-layout://DIR/NAME` for a directory"
                    .to_owned(),
            ),
            E::Scheme { scheme } if scheme.starts_with("http") => Some(
                "this is about charts in registries, which are named by `oci://HOST/PATH/NAME`".to_owned(),
            ),
            E::VersionInRemote { .. } => {
                Some("leave the tag out: `oci://HOST/PATH`; give more tags by `--tag`".to_owned())
            }
            E::RepeatedName { remote, name } => {
                let shorter = remote.strip_suffix(&format!("/{name}")).unwrap_or(remote);
                Some(format!(
                    "push to `{shorter}`, or give `--allow-repeated-name` if that is what you want"
                ))
            }
            _ => None,
        };
        Self::user(error).maybe_hint(hint)
    }

    /// A remote of a push that cannot be understood.
    pub(crate) fn push_target(error: ParseChartReferenceError) -> Self {
        match error {
            ParseChartReferenceError::MissingScheme => Self::user(error)
                .hint("write `oci://HOST/PATH` for a registry, or `oci-layout://DIR` for a directory"),
            error => Self::reference(error),
        }
    }

    /// A chart that was not found, or is none.
    pub(crate) fn resolve(asked: &ChartReference, error: ResolveChartError) -> Self {
        use ResolveChartError as E;
        let hints = match &error {
            E::NotFound { nearest, source, .. } => {
                let is_empty = nearest.is_empty() || is_unknown(source.as_deref());
                [missing_tag_hint(asked, nearest), repository_hint(asked, is_empty)]
            }
            E::NoMatch { nearest, .. } => [missing_tag_hint(asked, nearest), None],
            E::NoVersions { nearest, .. } => [
                missing_tag_hint(asked, nearest).map(|hint| format!("{hint}; name one as `:TAG`")),
                None,
            ],
            E::List { source, .. } => [
                source
                    .request()
                    .and_then(|error| request_hint(asked.location().host(), error)),
                repository_hint(asked, is_unknown(source.response())),
            ],
            E::Manifest { source, .. } => [
                source
                    .request()
                    .and_then(|error| request_hint(asked.location().host(), error)),
                None,
            ],
            E::NotAChart {
                source: NotAChartError::ContainerImage,
                ..
            } => [
                Some(
                    "pull an image with `docker pull` or `skopeo copy`; a chart is in another repository"
                        .to_owned(),
                ),
                None,
            ],
            _ => [None, None],
        };
        hints.into_iter().fold(Self::user(error), Self::maybe_hint)
    }

    /// A cache that cannot be used.
    pub(crate) fn open_store(error: OpenStoreError) -> Self {
        let hint = match &error {
            OpenStoreError::Newer { .. } => {
                "use the newer version, or name another directory by `SKEG_CACHE`"
            }
            _ => "name another directory by `SKEG_CACHE`",
        };
        Self::user(error).hint(hint)
    }

    /// Says how to get what there is not offline.
    #[must_use]
    pub(crate) fn with_offline_hint(self) -> Self {
        let message = self.message();
        if message.contains("in the cache, and offline") {
            return self.hint(
                "leave `--offline` out once to fetch it; `skeg cache list` shows what is in the cache",
            );
        }
        if message.contains("not sent, since this is offline") {
            return self.hint("leave `--offline` out");
        }
        self
    }

    /// A chart that could not be fetched.
    pub(crate) fn pull(asked: &ChartReference, error: PullError) -> Self {
        let hint = match &error {
            PullError::Fetch { source, .. } => source
                .request()
                .and_then(|error| request_hint(asked.location().host(), error)),
            _ => None,
        };
        Self::user(error).maybe_hint(hint)
    }

    /// A chart that could not be pushed.
    pub(crate) fn push(target: &ChartReference, error: PushError) -> Self {
        let host = target.location().host();
        let (request, response) = match &error {
            PushError::TagExists { .. } => {
                return Self::user(error).hint("raise the chart's version, or leave `--no-overwrite` out");
            }
            PushError::Resolve { source, .. } => (source.request(), source.response()),
            PushError::Blob { source, .. } => (source.request(), source.response()),
            PushError::Manifest { source, .. } => (source.request(), source.response()),
            _ => (None, None),
        };
        let missing = response
            .filter(|response| response.is_unknown_repository())
            .map(|_| {
                format!(
                    "create the repository {} first; this registry does not make one by itself (as ECR)",
                    target.location()
                )
            });
        let hint = request.and_then(|error| request_hint(host, error));
        Self::user(error).maybe_hint(missing).maybe_hint(hint)
    }

    /// A login that the registry refused.
    pub(crate) fn authenticating(host: &RegistryHost, error: RequestError) -> Self {
        let is_unauthorized = error.response().is_some_and(ResponseError::is_unauthorized);
        let hint = if is_unauthorized {
            Some(
                "check the user name and the password; many registries want an access token as password"
                    .to_owned(),
            )
        } else {
            request_hint(None, &error)
        };
        Self::user(AuthenticatingError {
            host: host.to_string(),
            source: error,
        })
        .maybe_hint(hint)
    }

    /// Ends well if nothing failed; else prints all errors but the last, which becomes the command's own.
    pub(crate) fn all_of(mut errors: Vec<Self>, printer: &Printer) -> Result<(), Self> {
        let Some(last) = errors.pop() else { return Ok(()) };
        for error in errors {
            printer.error(error.message());
            for hint in error.hints() {
                printer.hint(hint);
            }
        }
        Err(last)
    }
}

/// Helm 4.3.1: `authenticating to "HOST": …`.
#[derive(Debug, thiserror::Error)]
#[error("authenticating to \"{host}\"")]
struct AuthenticatingError {
    host: String,
    #[source]
    source: RequestError,
}

fn is_unknown(response: Option<&ResponseError>) -> bool {
    response.is_some_and(ResponseError::is_unknown_repository)
}

fn missing_tag_hint(asked: &ChartReference, nearest: &[Tag]) -> Option<String> {
    let tags: Vec<&str> = nearest.iter().map(Tag::as_str).collect();
    (!tags.is_empty()).then(|| format!("tags of {}: {}", asked.location(), tags.join(", ")))
}

/// Why a repository may not be there. A path such as `charts/demo/demo` is a frequent slip.
fn repository_hint(asked: &ChartReference, is_empty: bool) -> Option<String> {
    let location = asked.location().to_string();
    let (parent, name) = location.rsplit_once('/')?;
    let repeats = parent.rsplit_once('/').is_some_and(|(_, last)| last == name);
    if repeats {
        return Some(format!(
            "the chart's name stands twice in the path: try `oci://{parent}`"
        ));
    }
    is_empty.then(|| "check the path: it must end with the chart's name".to_owned())
}

pub(super) fn request_hint(host: Option<&RegistryHost>, error: &RequestError) -> Option<String> {
    let login = || host.map(|host| format!("log in with `skeg registry login {host}`"));
    match error {
        RequestError::Connect { source, .. } => connect_hint(source),
        RequestError::Malformed { .. } => {
            Some("is it a registry that listens there, and does a proxy change its answers?".to_owned())
        }
        RequestError::TlsServer { .. } => Some("leave `--plain-http` out: the server speaks TLS".to_owned()),
        RequestError::Authenticate(
            AuthenticateError::NoCredential { .. } | AuthenticateError::Provide { .. },
        ) => login(),
        RequestError::Authenticate(AuthenticateError::TokenRequest { source, .. }) => {
            request_hint(host, source)
        }
        RequestError::Authenticate(AuthenticateError::Token { source, .. })
            if source.status().is_server_error() =>
        {
            Some("the token service is at fault; the same command can be run again safely".to_owned())
        }
        RequestError::Authenticate(AuthenticateError::Refused { .. } | AuthenticateError::Token { .. }) => {
            login().map(|hint| format!("{hint}; `skeg registry list` shows where logins come from"))
        }
        RequestError::Response(response) if response.is_unauthorized() => login(),
        RequestError::Response(response) if response.status().as_u16() == 429 => {
            Some("the registry limits requests: wait a while, or log in to be allowed more".to_owned())
        }
        RequestError::Response(response) if is_read_only(response) => Some(
            "the registry takes nothing new: it is set to read only, or mirrors another one, which to write to"
                .to_owned(),
        ),
        RequestError::Response(response) if response.is_denied() => host.map(|host| {
            format!("the login to {host} may not do this: ask for the right, or log in as another user")
        }),
        RequestError::Timeout { .. } | RequestError::Broken { .. } => Some(
            "the registry or the network is at fault; the same command can be run again safely".to_owned(),
        ),
        _ => None,
    }
}

/// Tells whether a registry refuses to store anything, whoever asks.
fn is_read_only(response: &ResponseError) -> bool {
    let is_storing = ["POST", "PUT", "PATCH"].contains(&response.method().as_str());
    is_storing && response.status().as_u16() == 405
}

fn certificate_hint(problem: CertificateProblem) -> &'static str {
    match problem {
        CertificateProblem::HostName => {
            "name the registry as its certificate does; is it the right host, and not a proxy before it?"
        }
        CertificateProblem::Expired => "is the clock right here? Else the registry needs a new certificate",
        _ => "give the registry's certificate authority by `--ca-file FILE`",
    }
}

fn connect_hint(error: &ConnectError) -> Option<String> {
    match error {
        ConnectError::PlainHttpServer => Some("give `--plain-http` if this registry has no TLS".to_owned()),
        ConnectError::Certificate { problem, .. } => Some(certificate_hint(*problem).to_owned()),
        ConnectError::ClientCertificateRequired => {
            Some("give a client certificate by `--cert-file FILE --key-file FILE`".to_owned())
        }
        ConnectError::Refused => Some("is the registry running, and is the port right?".to_owned()),
        ConnectError::Resolve { .. } => Some("is the host name right, and is the network up?".to_owned()),
        ConnectError::Proxy { .. } => Some("check `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_asked_for_only_where_it_helps() {
        let names_authority = |problem| certificate_hint(problem).contains("--ca-file");
        assert!(names_authority(CertificateProblem::Untrusted));
        assert!(!names_authority(CertificateProblem::HostName));
        assert!(!names_authority(CertificateProblem::Expired));
    }
}
