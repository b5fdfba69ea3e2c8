//! Failures of clusters and of operations, with what to do next.

use skeg_cluster::ClusterError;
use skeg_release::{OperationError, StorageError};

use crate::context::Context;
use crate::error::CommandError;

const NO_CREDENTIALS: &str = "the server has asked for the client to provide credentials";

/// A cluster that cannot be asked at all.
pub(crate) fn unreachable(error: &ClusterError) -> CommandError {
    let reason = match error.status() {
        // Helm's client does not read what the server says here.
        Some(status) if status.code == 401 => NO_CREDENTIALS.to_owned(),
        _ => error.to_string(),
    };
    with_hints(
        CommandError::user(format!("kubernetes cluster unreachable: {reason}")),
        error,
    )
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
        error => with_hint_of_refusal(failure, &error.to_string()),
    }
}

/// What to do about what an API server says, wherever in a message it stands.
fn with_hint_of_refusal(failure: CommandError, text: &str) -> CommandError {
    let hint = match text {
        text if text.contains("User \"") && text.contains(" cannot ") && text.contains(" resource \"") => {
            "the verb and the resource of the message are what the user needs a role for"
        }
        text if text.contains("because it is being terminated") => {
            "the namespace is being deleted: wait until it is gone; its finalizers and conditions say what holds it up"
        }
        text if text.contains("failed calling webhook") => {
            "a webhook is asked about every such object and does not answer: see whether its service runs, or ask who has \
             registered it (`kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations`)"
        }
        text if text.contains("admission webhook") && text.contains("denied the request") => {
            "the rules of this cluster forbid the object: the webhook of the message says why"
        }
        _ => return failure,
    };
    failure.hint(hint)
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
        OperationError::InUse { status } if status.starts_with("pending-") => failure.hint(format!(
            "its last revision is {status}; if its program was ended, `skeg release recover NAME` sets it right"
        )),
        OperationError::InUse { status } if status == "uninstalled" || status == "failed" => failure.hint(format!(
            "its last revision is {status}: use another name, `--replace`, or `skeg upgrade --install`"
        )),
        OperationError::InUse { .. } => {
            failure.hint("use another name, or change the release by `skeg upgrade`")
        }
        OperationError::NoDeployedReleases {
            status: Some(status), ..
        } if status == "uninstalling" => failure.hint(
            "its last revision is uninstalling: `skeg uninstall` finishes that, and `skeg release recover NAME` keeps the release",
        ),
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
        OperationError::Unrecorded { .. } => failure.hint(
            "`skeg release recover NAME` sets the record right as soon as it can be written, and `skeg upgrade` goes on",
        ),
        OperationError::Storage(error) => with_storage_hints(failure, error),
        error => with_hint_of_refusal(failure, &format!("{error}\n{}", error.explanation().join("\n"))),
    }
}

fn with_storage_hints(failure: CommandError, error: &StorageError) -> CommandError {
    match error {
        StorageError::AlreadyExists => failure.hint(
            "another program has made this revision at the same time, or its record cannot be read: `skeg history NAME` tells",
        ),
        StorageError::Conflict { .. } => {
            failure.hint("two programs change this release at the same time: `skeg history NAME` tells what came of it")
        }
        StorageError::NoRevision { .. } | StorageError::Decode { .. } => {
            failure.hint("a record is damaged: `skeg release recover NAME` names it")
        }
        error => with_hint_of_refusal(failure, &error.to_string()),
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
