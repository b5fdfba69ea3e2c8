//! What is read from the configuration of `kubectl`: the namespace of the current context, and nothing else.

use std::path::{Path, PathBuf};

use skeg_values::{Value, yaml};

use crate::context::Context;
use crate::env::EnvironmentVariable;

/// Where a pod finds what belongs to its service account.
pub(crate) const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// The namespace of the context that `--kube-context` names, or else of the current one. A file that cannot be read
/// says nothing, as in Helm.
pub(crate) fn namespace(context: &Context) -> Option<String> {
    let documents: Vec<Value> = files(context)
        .into_iter()
        .filter_map(|path| yaml::decode(&fs_err::read(path).ok()?).ok())
        .collect();
    let flag = context.globals().kubernetes.kube_context.clone();
    let chosen = flag.or_else(|| context.environment().get(EnvironmentVariable::KUBE_CONTEXT));
    let current = || {
        documents
            .iter()
            .find_map(|document| text(document, "current-context"))
    };
    let name = chosen.or_else(current)?;
    // Of several files with a context of this name the first counts.
    let contexts = documents.iter().flat_map(|document| {
        let contexts = document.get("contexts").and_then(Value::as_list);
        contexts.unwrap_or_default()
    });
    let found = contexts
        .into_iter()
        .find(|found| text(found, "name").as_ref() == Some(&name))?;
    text(found.get("context")?, "namespace")
}

/// Inside of a pod that has no configuration: the namespace of the pod.
pub(crate) fn namespace_of_pod(context: &Context) -> Option<String> {
    let environment = context.environment();
    environment.get(EnvironmentVariable::KUBERNETES_SERVICE_HOST)?;
    if files(context).iter().any(|path| path.exists()) {
        return None;
    }
    let file = || fs_err::read_to_string(Path::new(SERVICE_ACCOUNT).join("namespace")).ok();
    let namespace = environment
        .get(EnvironmentVariable::POD_NAMESPACE)
        .or_else(file)?;
    let namespace = namespace.trim();
    (!namespace.is_empty()).then(|| namespace.to_owned())
}

fn text(value: &Value, key: &str) -> Option<String> {
    let text = value.get(key)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

fn files(context: &Context) -> Vec<PathBuf> {
    let globals = context.globals();
    if let Some(path) = &globals.kubernetes.kubeconfig {
        return vec![path.into()];
    }
    if let Some(paths) = context.environment().get_os(EnvironmentVariable::KUBECONFIG) {
        return std::env::split_paths(&paths).collect();
    }
    let home = context.paths().home.iter();
    home.map(|home| home.join(".kube").join("config")).collect()
}
