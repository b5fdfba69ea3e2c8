//! The proxy of the file, or of the environment.

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use kube::config::Kubeconfig;

use super::ConfigurationError;
use crate::settings::Proxies;

/// The proxy that the file has for the cluster.
pub(super) fn of_file(files: &Kubeconfig, cluster: &str) -> Result<Option<Uri>, ConfigurationError> {
    let named = files.clusters.iter().find(|found| found.name == cluster);
    let proxy = named.and_then(|found| found.cluster.as_ref()?.proxy_url.clone());
    match proxy.filter(|proxy| !proxy.is_empty()) {
        Some(proxy) => parse(&proxy).map(Some),
        None => Ok(None),
    }
}

fn parse(proxy: &str) -> Result<Uri, ConfigurationError> {
    // The address may have a password.
    let words = |_| ConfigurationError::Invalid("the address of the proxy is no URL".to_owned());
    proxy.parse().map_err(words)
}

/// The proxy for this server, unless `NO_PROXY` has the server; as in Go nothing on this machine is reached by a proxy.
pub(super) fn of_environment(proxies: &Proxies, server: &Uri) -> Result<Option<Uri>, ConfigurationError> {
    let is_https = server.scheme_str() == Some("https");
    let proxy = if is_https { &proxies.https } else { &proxies.http };
    let Some(proxy) = proxy else {
        return Ok(None);
    };
    let host = server.host().unwrap_or_default().trim_matches(['[', ']']);
    let address = host.parse::<std::net::IpAddr>();
    if host == "localhost" || address.is_ok_and(|address| address.is_loopback()) {
        return Ok(None);
    }
    let with_scheme = if proxy.contains("://") {
        proxy.clone()
    } else {
        format!("http://{proxy}")
    };
    let matcher = Matcher::builder()
        .all(with_scheme.clone())
        .no(proxies.none.clone().unwrap_or_default())
        .build();
    if matcher.intercept(server).is_none() {
        return Ok(None);
    }
    parse(&with_scheme).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(server: &str, none: &str, expected: Option<&str>) {
        let proxies = Proxies {
            https: Some("proxy.example:3128".to_owned()),
            http: None,
            none: Some(none.to_owned()),
        };
        let found = of_environment(&proxies, &server.parse().unwrap()).unwrap();
        assert_eq!(found.map(|uri| uri.to_string()).as_deref(), expected, "{server}");
    }

    #[test]
    fn proxies_are_for_servers_elsewhere() {
        check("https://k8s.example:6443", "", Some("http://proxy.example:3128/"));
        check("https://k8s.example:6443", "k8s.example", None);
        check("https://k8s.example:6443", ".example", None);
        check("https://10.1.2.3:6443", "10.0.0.0/8", None);
        check("https://127.0.0.1:6443", "", None);
        check("https://localhost:6443", "", None);
        check("http://k8s.example", "", None);
    }
}
