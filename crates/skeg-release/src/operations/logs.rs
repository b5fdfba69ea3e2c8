//! The output of hooks.

use serde_json::Value;
use skeg_cluster::{ClusterError, ListOptions, LogOptions, ResourceType};
use skeg_values::yaml;

use super::Operator;
use crate::progress::Event;
use crate::record::HookRecord;

/// Whether the output of a hook is shown after it has ended in this way.
pub(crate) fn wants_logs(hook: &HookRecord, policy: &str) -> bool {
    hook.output_log_policies.iter().any(|found| found == policy)
}

/// Shows what the pods of a hook printed.
pub(crate) async fn print_logs(operator: &Operator<'_>, hook: &HookRecord, namespace: &str) {
    let options = match hook.kind.as_str() {
        "Job" => ListOptions {
            label_selector: Some(format!("job-name={}", hook.name)),
            ..ListOptions::default()
        },
        "Pod" => ListOptions {
            field_selector: Some(format!("metadata.name={}", hook.name)),
            ..ListOptions::default()
        },
        _ => return,
    };
    let namespace = namespace_of(hook).unwrap_or_else(|| namespace.to_owned());
    if let Err(error) = print_pods(operator, &namespace, &options).await {
        operator.warn(
            "error outputting logs of the hook",
            &[("error", error.to_string())],
        );
    }
}

async fn print_pods(
    operator: &Operator<'_>,
    namespace: &str,
    options: &ListOptions,
) -> Result<(), ClusterError> {
    let kind = ResourceType::core("Pod", "pods");
    let pods = operator.cluster.list(&kind, Some(namespace), options).await?;
    for pod in &pods.items {
        let name = pod["metadata"]["name"].as_str().unwrap_or_default();
        for container in containers(pod) {
            let options = LogOptions {
                container,
                ..LogOptions::default()
            };
            operator
                .cluster
                .logs(namespace, name, &options, |piece| {
                    operator.observer.observe(&Event::Log { text: piece.to_vec() });
                })
                .await?;
        }
    }
    Ok(())
}

/// The names of the containers of a pod, without those that prepare it.
pub(crate) fn containers(pod: &Value) -> Vec<String> {
    let containers = pod.pointer("/spec/containers").and_then(Value::as_array);
    let names = containers
        .into_iter()
        .flatten()
        .filter_map(|container| container["name"].as_str());
    names.map(str::to_owned).collect()
}

/// The namespace that the manifest of a hook names.
pub(crate) fn namespace_of(hook: &HookRecord) -> Option<String> {
    let document = yaml::decode(hook.manifest.as_bytes()).ok()?;
    let namespace = document.get("metadata")?.get("namespace")?.as_str()?;
    (!namespace.is_empty()).then(|| namespace.to_owned())
}

/// What a container of a pod printed, all of it.
pub(crate) async fn output_of(
    operator: &Operator<'_>,
    namespace: &str,
    pod: &str,
    container: String,
) -> Result<Vec<u8>, ClusterError> {
    let mut output = Vec::new();
    let options = LogOptions {
        container,
        ..LogOptions::default()
    };
    let take = |piece: &[u8]| output.extend_from_slice(piece);
    operator.cluster.logs(namespace, pod, &options, take).await?;
    Ok(output)
}
