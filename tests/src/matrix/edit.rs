//! What others do to a cluster between two commands.

use std::fmt;

use serde_json::{Value, json};
use skeg_test_support::ApiClient;

use super::RELEASE;
use super::server::{self, Record};

/// A change by someone who is neither helm nor skeg. Where what it is about is not there, nothing happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// An object of the chart is there before the chart is installed.
    Foreign,
    /// The same, with the marks of ownership of this release.
    ForeignOwned,
    /// The replicas of the Deployment are set, as an autoscaler does.
    Scale,
    /// A field of the chart gets another value.
    ChangeText,
    /// A field is added that is not the chart's.
    AddField,
    /// An object is deleted.
    Remove,
    /// Someone takes the marks of ownership away.
    Disown,
    /// The newest revision is as a command leaves it that was killed.
    Interrupt,
}

impl Edit {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Foreign,
        Self::ForeignOwned,
        Self::Scale,
        Self::ChangeText,
        Self::AddField,
        Self::Remove,
        Self::Disown,
        Self::Interrupt,
    ];

    /// Does it in a namespace.
    pub(super) fn apply(self, api: &ApiClient, namespace: &str) {
        let core = format!("/api/v1/namespaces/{namespace}");
        let config = format!("{core}/configmaps/{RELEASE}-config");
        let deployment = format!("/apis/apps/v1/namespaces/{namespace}/deployments/{RELEASE}");
        match self {
            Self::Foreign => create(api, &core, &foreign(None)),
            Self::ForeignOwned => create(api, &core, &foreign(Some(namespace))),
            Self::Scale => patch(api, &deployment, &json!({"spec": {"replicas": 7}})),
            Self::ChangeText => patch(api, &config, &json!({"data": {"text": "edited"}})),
            Self::AddField => patch(api, &config, &json!({"data": {"added": "by hand"}})),
            Self::Disown => {
                let labels = json!({"metadata": {"labels": {"app.kubernetes.io/managed-by": null}}});
                patch(api, &config, &labels);
            }
            Self::Remove => api.delete(&format!("{core}/services/{RELEASE}")),
            Self::Interrupt => interrupt(api, namespace),
        }
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Foreign => "someone creates the ConfigMap r-config",
            Self::ForeignOwned => "someone creates the ConfigMap r-config with the marks of the release",
            Self::Scale => "an autoscaler sets 7 replicas of the Deployment r",
            Self::ChangeText => "someone changes data.text of the ConfigMap r-config",
            Self::AddField => "someone adds data.added to the ConfigMap r-config",
            Self::Remove => "someone deletes the Service r",
            Self::Disown => "someone removes the label managed-by of the ConfigMap r-config",
            Self::Interrupt => "the newest revision is pending-upgrade, as after a kill",
        })
    }
}

fn foreign(owned_in: Option<&str>) -> Value {
    let mut object = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": format!("{RELEASE}-config")},
        "data": {"text": "foreign", "kept": "yes"},
    });
    if let Some(namespace) = owned_in {
        object["metadata"]["labels"] = json!({"app.kubernetes.io/managed-by": "Helm"});
        object["metadata"]["annotations"] = json!({
            "meta.helm.sh/release-name": RELEASE,
            "meta.helm.sh/release-namespace": namespace,
        });
    }
    object
}

fn create(api: &ApiClient, core: &str, object: &Value) {
    let path = format!("{core}/configmaps?fieldManager=kubectl-create");
    // One that is there already is as good.
    let _answer = api.send("POST", &path, Some(("application/json", &object.to_string())));
}

fn patch(api: &ApiClient, path: &str, change: &Value) {
    let path = format!("{path}?fieldManager=kubectl-edit");
    // Nothing to change is no change.
    let _answer = api.send(
        "PATCH",
        &path,
        Some(("application/merge-patch+json", &change.to_string())),
    );
}

fn interrupt(api: &ApiClient, namespace: &str) {
    let mut records = server::records(api, namespace);
    let Some(Record {
        path,
        mut labels,
        mut body,
        ..
    }) = records.pop()
    else {
        return;
    };
    let status = "pending-upgrade";
    body["info"]["status"] = status.into();
    labels["status"] = status.into();
    let mut change = json!({"metadata": {"labels": labels}});
    let is_secret = path.contains("/secrets/");
    change[if is_secret { "stringData" } else { "data" }] = json!({"release": server::encode(&body)});
    api.patch(&path, &change);
}
