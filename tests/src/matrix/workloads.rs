//! What controllers and kubelets would do: Jobs end, Deployments become ready.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use skeg_test_support::ApiClient;

/// How often it is looked whether there is something to do.
const PACE: Duration = Duration::from_millis(15);

/// When everything happened.
const MOMENT: &str = "2026-01-01T00:00:00Z";

/// The workloads of one namespace. A Job ends as its label `outcome` says, `ok` or `fail`, and never without one; Deployments become
/// ready unless their label `outcome` is something else than `ok`.
#[derive(Debug, Clone, Copy)]
pub struct Workloads<'a> {
    api: &'a ApiClient,
    namespace: &'a str,
}

impl<'a> Workloads<'a> {
    /// Those of a namespace.
    pub fn new(api: &'a ApiClient, namespace: &'a str) -> Self {
        Self { api, namespace }
    }

    /// Drives them while something else is done, and until there is nothing left to do.
    pub fn drive_during<T>(self, work: impl FnOnce() -> T) -> T {
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            let driver = scope.spawn(|| {
                while !is_over.load(Ordering::SeqCst) {
                    self.drive();
                    thread::sleep(PACE);
                }
                self.drive();
            });
            let done = work();
            is_over.store(true, Ordering::SeqCst);
            drop(driver.join());
            done
        })
    }

    /// Does what is to be done now.
    pub fn drive(self) {
        for (group, kind, status) in [
            ("batch", "jobs", job_status as fn(&Value) -> Option<Value>),
            ("apps", "deployments", deployment_status),
        ] {
            let path = format!("/apis/{group}/v1/namespaces/{}/{kind}", self.namespace);
            let Ok(list) = self.api.send("GET", &path, None) else {
                continue;
            };
            for object in list.json()["items"].as_array().into_iter().flatten() {
                if let Some(status) = status(object) {
                    let name = object["metadata"]["name"].as_str().unwrap_or_default();
                    let change = json!({"status": status}).to_string();
                    // It may be gone, or have changed: then it is its turn again.
                    let _answer = self.api.send(
                        "PATCH",
                        &format!("{path}/{name}/status?fieldManager=controller"),
                        Some(("application/merge-patch+json", &change)),
                    );
                }
            }
        }
    }
}

fn outcome(object: &Value) -> Option<&str> {
    object["metadata"]["labels"]["outcome"].as_str()
}

fn condition(kind: &str) -> Value {
    json!({"type": kind, "status": "True", "lastTransitionTime": MOMENT})
}

fn job_status(job: &Value) -> Option<Value> {
    let is_over = job["status"]["conditions"]
        .as_array()
        .is_some_and(|list| !list.is_empty());
    match outcome(job)? {
        _ if is_over => None,
        "ok" => Some(json!({
            "startTime": MOMENT,
            "completionTime": MOMENT,
            "succeeded": 1,
            "conditions": [condition("SuccessCriteriaMet"), condition("Complete")],
        })),
        "fail" => Some(json!({
            "startTime": MOMENT,
            "failed": 1,
            "conditions": [condition("FailureTarget"), condition("Failed")],
        })),
        _ => None,
    }
}

fn deployment_status(deployment: &Value) -> Option<Value> {
    let generation = &deployment["metadata"]["generation"];
    let is_ready = deployment["status"]["observedGeneration"] == *generation;
    if is_ready || outcome(deployment).is_some_and(|outcome| outcome != "ok") {
        return None;
    }
    let replicas = &deployment["spec"]["replicas"];
    let mut progressing = condition("Progressing");
    progressing["reason"] = "NewReplicaSetAvailable".into();
    Some(json!({
        "observedGeneration": generation,
        "replicas": replicas,
        "updatedReplicas": replicas,
        "readyReplicas": replicas,
        "availableReplicas": replicas,
        "conditions": [condition("Available"), progressing],
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{deployment_status, job_status};

    #[track_caller]
    fn check_job(job: &Value, expected: Option<&str>) {
        let status = job_status(job);
        let last = status.map(|status| status["conditions"][1]["type"].clone());
        assert_eq!(last, expected.map(Value::from));
    }

    #[test]
    fn jobs_end_as_they_are_labelled_and_once() {
        let job = |outcome: &str| json!({"metadata": {"labels": {"outcome": outcome}}});
        check_job(&job("ok"), Some("Complete"));
        check_job(&job("fail"), Some("Failed"));
        check_job(&job("never"), None);
        check_job(&json!({"metadata": {}}), None);
        let mut ended = job("ok");
        ended["status"] = json!({"conditions": [{"type": "Complete"}]});
        check_job(&ended, None);
    }

    #[test]
    fn deployments_become_ready_once() {
        let mut deployment = json!({"metadata": {"generation": 2}, "spec": {"replicas": 3}});
        let status = deployment_status(&deployment).expect("because it is not ready");
        assert_eq!(status["readyReplicas"], 3);
        deployment["status"] = status;
        assert_eq!(deployment_status(&deployment), None);
        deployment["metadata"]["generation"] = json!(3);
        assert!(deployment_status(&deployment).is_some());
        deployment["metadata"]["labels"] = json!({"outcome": "never"});
        assert_eq!(deployment_status(&deployment), None);
    }
}
