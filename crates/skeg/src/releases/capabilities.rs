//! What a cluster can do, as templates see it.

use skeg_cluster::{Discovery, ServerVersion};
use skeg_engine::{Capabilities, KubeVersion};

use crate::context::Context;

/// The capabilities of a cluster.
pub(crate) fn of_cluster(version: &ServerVersion, discovery: &Discovery, context: &Context) -> Capabilities {
    if !discovery.stale().is_empty() {
        let groups = discovery.stale().join(", ");
        let fields = [("error", format!("stale GroupVersion discovery: {groups}"))];
        context
            .printer()
            .warning_about("the kubernetes server has an orphaned API service", &fields);
        context
            .printer()
            .warning("to fix this, kubectl delete apiservice <service-name>");
    }
    let kube_version = KubeVersion::of_server(&version.git_version, &version.major, &version.minor);
    Capabilities {
        kube_version,
        api_versions: discovery.api_versions(),
        ..Capabilities::default()
    }
}
