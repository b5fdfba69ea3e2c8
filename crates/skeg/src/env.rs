//! The environment: every variable that skeg reads, each with its description, and the only code that reads them.

use std::collections::BTreeMap;
use std::ffi::OsString;

/// A variable of the environment that changes what skeg does.
#[derive(Clone, Copy, Debug)]
pub struct EnvironmentVariable {
    /// The name; a variable of Helm's is named without its `HELM_` prefix.
    suffix: &'static str,
    origin: Origin,
    /// What the variable does, in one sentence.
    pub description: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// `HELM_X`, whose twin `SKEG_X` wins over it.
    Helm,
    /// A variable that other programs read too.
    Common,
}

impl EnvironmentVariable {
    const fn helm(suffix: &'static str, description: &'static str) -> Self {
        Self {
            suffix,
            origin: Origin::Helm,
            description,
        }
    }

    const fn common(name: &'static str, description: &'static str) -> Self {
        Self {
            suffix: name,
            origin: Origin::Common,
            description,
        }
    }

    /// The names under which the variable is looked up, the strongest first.
    pub fn names(&self) -> Vec<String> {
        match self.origin {
            Origin::Helm => vec![format!("SKEG_{}", self.suffix), format!("HELM_{}", self.suffix)],
            Origin::Common => vec![self.suffix.to_owned()],
        }
    }
}

macro_rules! environment_variables {
    ($($constant:ident = $origin:ident($name:literal, $description:literal);)*) => {
        impl EnvironmentVariable {
            $(#[doc = $description] pub const $constant: Self = Self::$origin($name, $description);)*
        }

        /// Every variable that skeg reads, in the order of the reference page.
        pub fn environment_variables() -> &'static [EnvironmentVariable] {
            &[$(EnvironmentVariable::$constant),*]
        }
    };
}

environment_variables! {
    CACHE_HOME = helm("CACHE_HOME", "Directory of cached files.");
    CONFIG_HOME = helm("CONFIG_HOME", "Directory of configuration files.");
    DATA_HOME = helm("DATA_HOME", "Directory of data files such as starter charts.");
    DEBUG = helm("DEBUG", "Print what is done on standard error, as with `--debug`.");
    COLOR = helm("COLOR", "When to use colours: `never`, `auto` or `always`.");
    REGISTRY_CONFIG = helm("REGISTRY_CONFIG", "File of registry logins.");
    REGISTRIES = helm("REGISTRIES", "File of mirrors, certificates and rates of registries.");
    REPOSITORY_CONFIG = helm("REPOSITORY_CONFIG", "File of the names and URLs of classic chart repositories.");
    REPOSITORY_CACHE = helm("REPOSITORY_CACHE", "Directory of cached repository indexes.");
    REPO_USERNAME = helm("REPO_USERNAME", "User name for the classic repository that `push` names.");
    REPO_PASSWORD = helm("REPO_PASSWORD", "Password for the classic repository that `push` names.");
    REPO_ACCESS_TOKEN = helm("REPO_ACCESS_TOKEN", "Token for the classic repository that `push` names, where there is no login for it.");
    REPO_CONTEXT_PATH = helm("REPO_CONTEXT_PATH", "Path on the server below which ChartMuseum is, as with `push --context-path`.");
    CONTENT_CACHE = helm("CONTENT_CACHE", "Directory of cached charts.");
    CACHE = helm("CACHE", "Directory of the cache of content from registries; `skeg/store` in the directory of cached files if not set.");
    CACHE_MAX_SIZE = helm("CACHE_MAX_SIZE", "How large that cache may become, such as `2GiB`; 10GiB if not set.");
    NO_CACHE = helm("NO_CACHE", "Neither use nor fill the cache of content from registries, as with `--no-cache`.");
    OFFLINE = helm("OFFLINE", "Use what is in the cache and send no requests, as with `--offline`.");
    PLUGINS = helm("PLUGINS", "Directory of plugins; printed by `env`, otherwise unused.");
    NAMESPACE = helm("NAMESPACE", "Namespace of a release.");
    MAX_HISTORY = helm("MAX_HISTORY", "Number of revisions to keep of a release.");
    BURST_LIMIT = helm("BURST_LIMIT", "Burst limit of requests to the Kubernetes API.");
    QPS = helm("QPS", "Requests a second to the Kubernetes API.");
    KUBE_API_SERVER = helm("KUBEAPISERVER", "Address of the Kubernetes API server.");
    KUBE_AS_GROUPS = helm("KUBEASGROUPS", "Groups to impersonate, joined by commas.");
    KUBE_AS_USER = helm("KUBEASUSER", "User to impersonate.");
    KUBE_CA_FILE = helm("KUBECAFILE", "Certificate authority of the Kubernetes API server.");
    KUBE_CONTEXT = helm("KUBECONTEXT", "Context of the kubeconfig file.");
    KUBE_INSECURE_SKIP_TLS_VERIFY = helm("KUBEINSECURE_SKIP_TLS_VERIFY", "Do not check the certificate of the Kubernetes API server.");
    KUBE_TLS_SERVER_NAME = helm("KUBETLS_SERVER_NAME", "Name that the certificate of the Kubernetes API server must have.");
    KUBE_TOKEN = helm("KUBETOKEN", "Bearer token for the Kubernetes API.");
    DRIVER = helm("DRIVER", "Where the records of releases are kept: `secret` (if not set), `configmap`, or `memory`.");
    MEMORY_DRIVER_DATA = helm("MEMORY_DRIVER_DATA", "Files of records that the driver `memory` begins with, joined as in `PATH`.");
    EXPERIMENTAL_OCI = helm("EXPERIMENTAL_OCI", "Accepted and without effect: registries need no switch any more.");
    MAX_CHART_SIZE = helm("MAX_CHART_SIZE", "Bytes that the files of a chart may have together, unpacked; 104857600 as in Helm if not set.");
    NO_PROGRESS = helm("NO_PROGRESS", "Show no progress bars, as with `--no-progress`.");
    KUBECONFIG = common("KUBECONFIG", "Kubernetes configuration files.");
    KUBERNETES_SERVICE_HOST = common("KUBERNETES_SERVICE_HOST", "Address of the API server, inside of a pod.");
    KUBERNETES_SERVICE_PORT = common("KUBERNETES_SERVICE_PORT", "Port of the API server, inside of a pod.");
    POD_NAMESPACE = common("POD_NAMESPACE", "Namespace of releases, inside of a pod.");
    DOCKER_CONFIG = common("DOCKER_CONFIG", "Directory of Docker's `config.json`, whose logins are read too.");
    DOCKER_AUTH_CONFIG = common("DOCKER_AUTH_CONFIG", "Logins as JSON in the form of Docker's `config.json`.");
    REGISTRY_AUTH_FILE = common("REGISTRY_AUTH_FILE", "File of Podman's logins, which are read too.");
    CONTAINERS_REGISTRIES_CONF = common("CONTAINERS_REGISTRIES_CONF", "The `registries.conf` of the containers tools, whose mirrors hold too.");
    SOURCE_DATE_EPOCH = common("SOURCE_DATE_EPOCH", "Seconds since 1970 that stand as the time of everything in a packaged chart.");
    NO_COLOR = common("NO_COLOR", "If set to anything, use no colours.");
    PATH = common("PATH", "Where credential helpers are looked for.");
    HOME = common("HOME", "The home directory (`USERPROFILE` on Windows).");
    USER_PROFILE = common("USERPROFILE", "The home directory on Windows.");
    APP_DATA = common("APPDATA", "Where configuration and data lie on Windows.");
    TEMP = common("TEMP", "Where cached files lie on Windows.");
    XDG_CACHE_HOME = common("XDG_CACHE_HOME", "Parent of the directory of cached files.");
    XDG_CONFIG_HOME = common("XDG_CONFIG_HOME", "Parent of the directory of configuration files.");
    XDG_DATA_HOME = common("XDG_DATA_HOME", "Parent of the directory of data files.");
    XDG_RUNTIME_DIR = common("XDG_RUNTIME_DIR", "Where Podman keeps its logins.");
    SSL_CERT_FILE = common("SSL_CERT_FILE", "File of trusted certificate authorities instead of the system's.");
    SSL_CERT_DIR = common("SSL_CERT_DIR", "Directory of trusted certificate authorities instead of the system's.");
    TZ = common("TZ", "The local time zone, which some functions of templates print times in.");
    HTTPS_PROXY = common("HTTPS_PROXY", "Proxy for `https://` requests (also in lower case).");
    HTTP_PROXY = common("HTTP_PROXY", "Proxy for `http://` requests (also in lower case).");
    NO_PROXY = common("NO_PROXY", "Hosts that are reached without a proxy (also in lower case).");
}

/// A snapshot of the environment, taken once when the program starts.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<String, OsString>);

impl Environment {
    /// Takes the snapshot of this process.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the environment"
    )]
    pub fn of_process() -> Self {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .collect()
    }

    /// Returns the value of a variable; an empty one counts as not set.
    pub fn get(&self, variable: EnvironmentVariable) -> Option<String> {
        self.get_os(variable).and_then(|value| value.into_string().ok())
    }

    /// Returns the value of a variable that may be no Unicode, such as a path; an empty one counts as not set.
    pub fn get_os(&self, variable: EnvironmentVariable) -> Option<OsString> {
        let names = variable.names();
        let mut found = names
            .iter()
            .flat_map(|name| [self.0.get(name), self.0.get(&name.to_ascii_lowercase())]);
        found.find_map(|value| value.filter(|value| !value.is_empty()).cloned())
    }

    /// The value of whatever variable a name template asks for, as it is; nothing if it is not set.
    pub fn bytes_of(&self, name: &[u8]) -> Vec<u8> {
        let value = std::str::from_utf8(name).ok().and_then(|name| self.0.get(name));
        value.map_or_else(Vec::new, |value| value.as_encoded_bytes().to_vec())
    }

    /// Tells whether a variable holds what Go reads as true.
    pub fn is_true(&self, variable: EnvironmentVariable) -> bool {
        let value = self.get(variable);
        value.is_some_and(|value| matches!(value.as_str(), "1" | "t" | "T" | "true" | "TRUE" | "True"))
    }
}

impl<N: Into<String>, V: Into<OsString>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_twin_wins_over_the_variable_of_helm() {
        let environment = Environment::from_iter([("HELM_DEBUG", "false"), ("SKEG_DEBUG", "true")]);
        assert!(environment.is_true(EnvironmentVariable::DEBUG));
        let environment = Environment::from_iter([("HELM_DEBUG", "1"), ("SKEG_DEBUG", "")]);
        assert!(environment.is_true(EnvironmentVariable::DEBUG));
    }

    #[test]
    fn proxies_are_read_in_lower_case_too() {
        let environment = Environment::from_iter([("https_proxy", "http://proxy:3128")]);
        assert_eq!(
            environment.get(EnvironmentVariable::HTTPS_PROXY).as_deref(),
            Some("http://proxy:3128")
        );
    }
}
