//! What flags say, laid over what the files say.

use std::path::Path;

use kube::Config;
use kube::config::{AuthInfo, Kubeconfig};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::{ConfigurationError, parse_server};
use crate::settings::ClusterSettings;

/// What must be changed before the files are followed: with a certificate authority or without any check, that of the
/// file is not looked for.
pub(super) fn in_files(mut files: Kubeconfig, cluster: &str, settings: &ClusterSettings) -> Kubeconfig {
    let named = files.clusters.iter_mut().filter(|found| found.name == cluster);
    for cluster in named.filter_map(|found| found.cluster.as_mut()) {
        if settings.ca_file.is_some() || settings.insecure_skip_tls_verify {
            cluster.certificate_authority = None;
            cluster.certificate_authority_data = None;
        }
        if let Some(server) = &settings.api_server {
            cluster.server = Some(server.clone());
        }
        if let Some(server) = &mut cluster.server
            && !server.contains("://")
        {
            *server = format!("http://{server}");
        }
        if cluster.server.as_deref().is_none_or(str::is_empty) {
            cluster.server = Some(super::DEFAULT_SERVER.to_owned());
        }
    }
    files
}

/// Lays the flags over the configuration.
pub(super) fn apply(config: &mut Config, settings: &ClusterSettings) -> Result<(), ConfigurationError> {
    if let Some(server) = &settings.api_server {
        config.cluster_url = parse_server(server)?;
    }
    if let Some(token) = &settings.token {
        config.auth_info = AuthInfo {
            token: Some(token.expose().clone().into()),
            ..only_certificate(&config.auth_info)
        };
    }
    if let Some(user) = &settings.as_user {
        config.auth_info.impersonate = Some(user.clone());
    }
    if !settings.as_groups.is_empty() {
        config.auth_info.impersonate_groups = Some(settings.as_groups.clone());
    }
    if let Some(file) = &settings.ca_file {
        config.root_cert = Some(certificates(file)?);
        config.root_cert_file = None;
    }
    if settings.tls_server_name.is_some() {
        config.tls_server_name.clone_from(&settings.tls_server_name);
    }
    if settings.insecure_skip_tls_verify {
        config.accept_invalid_certs = true;
        config.root_cert_file = None;
    }
    Ok(())
}

/// A token on the command line takes the place of a token, a program and a password, not of a client certificate.
fn only_certificate(user: &AuthInfo) -> AuthInfo {
    AuthInfo {
        client_certificate: user.client_certificate.clone(),
        client_certificate_data: user.client_certificate_data.clone(),
        client_key: user.client_key.clone(),
        client_key_data: user.client_key_data.clone(),
        impersonate: user.impersonate.clone(),
        impersonate_uid: user.impersonate_uid.clone(),
        impersonate_groups: user.impersonate_groups.clone(),
        impersonate_user_extra: user.impersonate_user_extra.clone(),
        ..AuthInfo::default()
    }
}

/// The certificates of a file in PEM.
pub(super) fn certificates(path: &Path) -> Result<Vec<Vec<u8>>, ConfigurationError> {
    let invalid = |reason: String| {
        let path = path.display();
        ConfigurationError::Invalid(format!("unable to read certificate-authority {path}: {reason}"))
    };
    let content = fs_err::read(path).map_err(|error| invalid(error.to_string()))?;
    let found = CertificateDer::pem_slice_iter(&content).collect::<Result<Vec<_>, _>>();
    let found = found.map_err(|error| invalid(error.to_string()))?;
    if found.is_empty() {
        return Err(invalid("it has no certificate".to_owned()));
    }
    Ok(found.iter().map(|certificate| certificate.to_vec()).collect())
}
