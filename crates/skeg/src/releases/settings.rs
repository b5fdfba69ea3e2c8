//! Which cluster is meant, by flags and the environment.

use std::path::PathBuf;

use skeg_cluster::{ClusterSettings, InCluster, KubeconfigFiles, Proxies};
use skeg_credentials::Secret;

use crate::context::Context;
use crate::env::EnvironmentVariable as Variable;
use crate::kubeconfig::SERVICE_ACCOUNT;

/// What flags and the environment say; flags win.
pub(crate) fn of_command(context: &Context) -> ClusterSettings {
    let environment = context.environment();
    let flags = &context.globals().kubernetes;
    let or = |flag: &Option<String>, variable: Variable| {
        let flag = flag.clone().filter(|text| !text.is_empty());
        flag.or_else(|| environment.get(variable))
    };
    let groups = environment.get(Variable::KUBE_AS_GROUPS).unwrap_or_default();
    let groups = groups
        .split(',')
        .filter(|group| !group.is_empty())
        .map(str::to_owned);
    ClusterSettings {
        kubeconfig: files(context),
        context: or(&flags.kube_context, Variable::KUBE_CONTEXT),
        api_server: or(&flags.kube_apiserver, Variable::KUBE_API_SERVER),
        token: or(&flags.kube_token, Variable::KUBE_TOKEN).map(Secret::from),
        as_user: or(&flags.kube_as_user, Variable::KUBE_AS_USER),
        as_groups: if flags.kube_as_group.is_empty() {
            groups.collect()
        } else {
            flags.kube_as_group.clone()
        },
        ca_file: or(&flags.kube_ca_file, Variable::KUBE_CA_FILE).map(PathBuf::from),
        tls_server_name: or(&flags.kube_tls_server_name, Variable::KUBE_TLS_SERVER_NAME),
        insecure_skip_tls_verify: flags.kube_insecure_skip_tls_verify
            || environment.is_true(Variable::KUBE_INSECURE_SKIP_TLS_VERIFY),
        in_cluster: in_cluster(context),
        proxies: Proxies {
            https: environment.get(Variable::HTTPS_PROXY),
            http: environment.get(Variable::HTTP_PROXY),
            none: environment.get(Variable::NO_PROXY),
        },
        cache_directory: discovery_cache(context),
        user_agent: concat!("skeg/", env!("CARGO_PKG_VERSION")).to_owned(),
    }
}

fn files(context: &Context) -> KubeconfigFiles {
    let flag = context.globals().kubernetes.kubeconfig.clone();
    if let Some(path) = flag.filter(|path| !path.is_empty()) {
        return KubeconfigFiles::Explicit(path.into());
    }
    if let Some(paths) = context.environment().get_os(Variable::KUBECONFIG) {
        return KubeconfigFiles::List(std::env::split_paths(&paths).collect());
    }
    let home = context.paths().home.iter();
    KubeconfigFiles::List(home.map(|home| home.join(".kube").join("config")).collect())
}

fn in_cluster(context: &Context) -> Option<InCluster> {
    let environment = context.environment();
    Some(InCluster {
        host: environment.get(Variable::KUBERNETES_SERVICE_HOST)?,
        port: environment.get(Variable::KUBERNETES_SERVICE_PORT)?,
        service_account: SERVICE_ACCOUNT.into(),
        namespace: environment.get(Variable::POD_NAMESPACE),
    })
}

fn discovery_cache(context: &Context) -> Option<PathBuf> {
    let is_off = context.globals().cache.no_cache || context.environment().is_true(Variable::NO_CACHE);
    (!is_off).then(|| context.paths().cache.join("skeg").join("discovery"))
}
