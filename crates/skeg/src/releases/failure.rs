//! Failures of clusters and of operations, with what to do next.

use skeg_cluster::ClusterError;
use skeg_release::{OperationError, StorageError};

use crate::context::Context;
use crate::error::CommandError;

/// A cluster that cannot be asked at all.
pub(crate) fn unreachable(error: &ClusterError) -> CommandError {
    let message = format!("kubernetes cluster unreachable: {error}");
    with_hints(CommandError::user(message), error)
}

/// A cluster that must be there before anything is installed; Helm logs it besides.
pub(crate) fn reachability(error: CommandError, context: &Context) -> CommandError {
    let failure = error.prefixed("cluster reachability check failed: ");
    context.printer().log_error(&failure.message(), &[]);
    failure
}

pub(super) fn with_hints(failure: CommandError, error: &ClusterError) -> CommandError {
    match error {
        ClusterError::Unreachable { reason, .. } if reason.contains("connection refused") => failure
            .hint("see whether the API server runs, and whether `kubectl config current-context` is the cluster that is meant"),
        ClusterError::Unreachable { reason, .. } if reason.contains("x509") => failure.hint(
            "name the authority that signed the certificate by `--kube-ca-file`, or in the kubeconfig",
        ),
        ClusterError::Configuration(skeg_cluster::ConfigurationError::NoSuchContext(_)) => {
            failure.hint("`kubectl config get-contexts` lists those that there are")
        }
        ClusterError::Status(status) if status.code == 401 => {
            failure.hint("the credentials are wrong or have expired: log in to the cluster again")
        }
        error if error.is_forbidden() => failure
            .hint("the verb and the resource of the message are what the user needs a role for"),
        _ => failure,
    }
}

/// An operation that failed.
pub(crate) fn operation_error(error: &OperationError, prefix: &str) -> CommandError {
    let failure = CommandError::user(format!("{prefix}{error}")).explained(error.explanation().to_vec());
    match error {
        OperationError::Cluster(error) => with_hints(failure, error),
        OperationError::Storage(error @ StorageError::TooLarge { .. }) => failure.hint(too_large(error)),
        OperationError::Pending { status } => failure.hint(format!(
            "the last revision is {status}; if its program was ended, `skeg release recover NAME` sets it right"
        )),
        OperationError::InUse { status } if status == "uninstalled" || status == "failed" => failure.hint(format!(
            "its last revision is {status}: use another name, `--replace`, or `skeg upgrade --install`"
        )),
        OperationError::InUse { .. } => {
            failure.hint("use another name, or change the release by `skeg upgrade`")
        }
        OperationError::NoDeployedReleases { .. } => {
            failure.hint("`skeg upgrade --install` installs what is not there; `skeg list -A` shows what is")
        }
        OperationError::NoSuchRevision { known, .. } => {
            let known: Vec<String> = known.iter().map(ToString::to_string).collect();
            failure.hint(format!("there are the revisions {}", known.join(", ")))
        }
        OperationError::Foreign(_) => failure.hint(
            "`--take-ownership` makes it an object of this release; with objects of others that is `--take-ownership --force-conflicts`",
        ),
        OperationError::Conflict { .. } => failure.hint(
            "another program has set these fields: leave them out of the chart, or take them over by `--force-conflicts`",
        ),
        OperationError::UnderWay { .. } => failure.hint("wait for it, or insist by `--force`"),
        OperationError::AlreadyDeleted { .. } => {
            failure.hint("without `--keep-history` its history is removed as well")
        }
        _ => failure,
    }
}

/// What of a record is so large that no object of the server can hold it.
fn too_large(error: &StorageError) -> String {
    let StorageError::TooLarge { size, parts, .. } = error else {
        return String::new();
    };
    let parts: Vec<String> = parts
        .iter()
        .filter(|(_, bytes)| *bytes > 0)
        .take(3)
        .map(|(name, bytes)| format!("{name} {bytes}"))
        .collect();
    format!(
        "the record has {size} bytes, of which a server takes 1048576; the largest parts before compression, in bytes: {}. \
         `.helmignore` keeps files out of a chart",
        parts.join(", ")
    )
}
