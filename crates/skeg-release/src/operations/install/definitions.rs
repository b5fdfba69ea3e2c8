//! Definitions of kinds, from the directory `crds/` of charts.

use std::time::Duration;

use serde_json::Value;
use skeg_cluster::{ClusterError, Freshness};
use skeg_engine::Crd;

use super::{InstallOptions, OperationError, Operator};
use crate::apply::{ApplyError, Method, create_all};
use crate::operations::error::explained;
use crate::resources::{Resource, Validation, build};
use crate::waiting::{WaitFor, WaitOptions, WaitStrategy, wait};

/// How long the server may take to accept a definition.
const TIMEOUT: Duration = Duration::from_mins(1);
/// How often it is looked whether the server offers the new kinds, and how long is waited in between.
const LOOKS: u32 = 40;
const PAUSE: Duration = Duration::from_millis(50);

/// Brings the files to the server one after the other, and waits until it offers the kinds.
pub(super) async fn install(
    operator: &Operator<'_>,
    options: &InstallOptions,
    crds: &[Crd],
) -> Result<(), OperationError> {
    let mut installed = Vec::new();
    for crd in crds {
        let name = name(crd);
        let failed = |error: OperationError| error.context(&format!("failed to install CRD {name}"));
        let text = String::from_utf8_lossy(&crd.content);
        let built = build(operator.cluster, &text, "", Validation::Skipped).await;
        let resources = built.map_err(|error| failed(error.into()))?;
        if resources.is_empty() {
            return Err(failed(OperationError::Other("resources are empty".to_owned())));
        }
        let method = if options.server_side {
            Method::ServerSide {
                force_conflicts: options.change.force_conflicts,
            }
        } else {
            Method::ClientSide
        };
        match create_all(operator.tools(), &resources, method).await {
            Ok(()) => installed.extend(resources),
            Err(error) if is_there(&error) => {}
            Err(error) => return Err(failed(error.into())),
        }
    }
    if installed.is_empty() {
        return Ok(());
    }
    let strategy = match options.change.wait.strategy {
        WaitStrategy::Legacy => WaitStrategy::Legacy,
        WaitStrategy::HookOnly | WaitStrategy::Watcher => WaitStrategy::Watcher,
    };
    let waiting = WaitOptions {
        strategy,
        timeout: TIMEOUT,
    };
    if let Err(error) = wait(operator.tools(), &installed, WaitFor::Ready, waiting).await {
        return Err(explained(operator.cluster, error).await);
    }
    wait_for_kinds(operator, &installed).await
}

fn is_there(error: &ApplyError) -> bool {
    error.cluster_error().is_some_and(ClusterError::is_already_exists)
}

/// The path inside of the chart that the file belongs to.
fn name(crd: &Crd) -> &str {
    let chart = crd.path.rfind("/charts/").map_or(0, |at| at + "/charts/".len());
    let inside = &crd.path[chart..];
    inside.find("/crds/").map_or(inside, |at| &inside[at + 1..])
}

/// An accepted definition is not yet one that discovery has.
async fn wait_for_kinds(operator: &Operator<'_>, definitions: &[Resource]) -> Result<(), OperationError> {
    let kinds: Vec<(String, String)> = definitions.iter().flat_map(kinds_of).collect();
    for _ in 0..LOOKS {
        operator.cluster.forget_discovery().await;
        let discovery = operator.cluster.discovery(Freshness::Checked).await?;
        if kinds
            .iter()
            .all(|(version, kind)| discovery.find(version, kind).is_some())
        {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

/// The versions and the kind that a definition makes.
fn kinds_of(definition: &Resource) -> Vec<(String, String)> {
    let text = |pointer: &str| definition.object.pointer(pointer).and_then(Value::as_str);
    let (Some(group), Some(kind)) = (text("/spec/group"), text("/spec/names/kind")) else {
        return Vec::new();
    };
    let versions = definition
        .object
        .pointer("/spec/versions")
        .and_then(Value::as_array);
    let served = versions
        .into_iter()
        .flatten()
        .filter(|version| version["served"] == true);
    let names = served.filter_map(|version| version["name"].as_str());
    names
        .map(|version| (format!("{group}/{version}"), kind.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: &str) {
        let crd = Crd {
            path: path.to_owned(),
            content: Vec::new().into(),
        };
        assert_eq!(name(&crd), expected);
    }

    #[test]
    fn names_are_inside_of_their_chart() {
        check("demo/crds/w.yaml", "crds/w.yaml");
        check("demo/charts/sub/crds/a/w.yaml", "crds/a/w.yaml");
    }
}
