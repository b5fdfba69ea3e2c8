//! The configuration of a program that runs in a pod.

use kube::Config;
use kube::config::AuthInfo;

use super::{ConfigurationError, parse_server};
use crate::settings::InCluster;

/// The cluster of the pod, with the token of its service account, which is read anew each minute.
pub(super) fn load(pod: &InCluster) -> Result<Config, ConfigurationError> {
    let host = if pod.host.contains(':') {
        format!("[{}]", pod.host)
    } else {
        pod.host.clone()
    };
    let mut config = Config::new(parse_server(&format!("https://{host}:{}", pod.port))?);
    let token = pod.service_account.join("token");
    if !token.is_file() {
        return Err(ConfigurationError::Read {
            path: token,
            reason: "no such file or directory".to_owned(),
        });
    }
    config.auth_info = AuthInfo {
        token_file: Some(token.display().to_string()),
        ..AuthInfo::default()
    };
    let authority = pod.service_account.join("ca.crt");
    if authority.is_file() {
        config.root_cert = Some(super::overrides::certificates(&authority)?);
        config.root_cert_file = Some(authority);
    }
    let file = fs_err::read_to_string(pod.service_account.join("namespace")).ok();
    let namespace = pod.namespace.clone().or(file).map(|text| text.trim().to_owned());
    if let Some(namespace) = namespace.filter(|namespace| !namespace.is_empty()) {
        config.default_namespace = namespace;
    }
    Ok(config)
}
