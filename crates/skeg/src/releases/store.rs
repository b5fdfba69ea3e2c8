//! Where the records are: `HELM_DRIVER`.

use std::sync::Arc;

use skeg_cluster::Cluster;
use skeg_release::{BrokenRecord, ClusterObjects, MemoryDriver, ObjectDriver, RecordKind, ReleaseStore};

use crate::context::Context;
use crate::env::EnvironmentVariable;
use crate::error::CommandError;

/// The records of one namespace, or of all.
pub(crate) fn open(
    cluster: &Cluster,
    namespace: Option<&str>,
    context: &Context,
) -> Result<ReleaseStore, CommandError> {
    let driver = context
        .environment()
        .get(EnvironmentVariable::DRIVER)
        .unwrap_or_default();
    let kind = match driver.as_str() {
        "" | "secret" | "secrets" => RecordKind::Secret,
        "configmap" | "configmaps" => RecordKind::ConfigMap,
        "sql" => return Err(unsupported("sql")),
        "memory" => return memory(namespace, context),
        other => {
            let quoted = skeg_go::quote::quote(other);
            let failure = CommandError::user(format!("unknown driver {quoted}"));
            return Err(failure.hint("`HELM_DRIVER` is `secret` or `configmap`"));
        }
    };
    let objects = Arc::new(ClusterObjects::new(cluster.clone(), kind));
    let printer = context.shared_printer();
    let tell = move |broken: &BrokenRecord| {
        let fields = [
            ("key", broken.key.clone()),
            ("namespace", broken.namespace.clone()),
            ("error", broken.error.to_string()),
        ];
        printer.warning_about("a record of a release cannot be read", &fields);
    };
    let driver = ObjectDriver::new(kind, objects, namespace);
    Ok(ReleaseStore::new(Arc::new(driver)).with_observer(Arc::new(tell)))
}

/// Records in memory, from the files of `HELM_MEMORY_DRIVER_DATA`: they are as before after the command.
fn memory(namespace: Option<&str>, context: &Context) -> Result<ReleaseStore, CommandError> {
    let records = MemoryDriver::default();
    let files = context
        .environment()
        .get_os(EnvironmentVariable::MEMORY_DRIVER_DATA);
    for path in std::env::split_paths(&files.unwrap_or_default()) {
        let list = fs_err::read(&path)?;
        records
            .load(&list)
            .map_err(|error| CommandError::user(format!("{}: {error}", path.display())))?;
    }
    Ok(ReleaseStore::new(Arc::new(records.in_namespace(namespace))))
}

fn unsupported(driver: &str) -> CommandError {
    let failure = CommandError::user(format!("the storage driver \"{driver}\" is not supported"));
    failure.hint("leave `HELM_DRIVER` out, or set it to `secret` or `configmap`")
}
