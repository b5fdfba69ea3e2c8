//! Helm's `ReadyChecker`: the rules of `--wait=legacy`.

use serde_json::{Value, json};
use skeg_kubernetes::legacy_ready;

use crate::fuzz::random::Random;
use crate::fuzz::{Area, none};

pub(super) const AREA: Area = Area {
    name: "legacy",
    generate,
    answer,
    known: none,
};

fn number(random: &mut Random) -> Value {
    Value::from(*random.pick(&[&0, &1, &1, &2, &2, &3, &4]))
}

fn text(random: &mut Random, choices: &[&str]) -> Value {
    Value::from(random.pick(choices))
}

fn amount(random: &mut Random) -> Value {
    match random.below(6) {
        0..=2 => number(random),
        3 => text(random, &["0%", "1%", "25%", "50%", "100%"]),
        4 => text(random, &["33%", "34%", "67%"]),
        _ => json!("odd"),
    }
}

fn conditions(random: &mut Random, kinds: &[&str]) -> Value {
    let count = random.below(3);
    let condition = |random: &mut Random| json!({"type": text(random, kinds), "status": text(random, &["True", "True", "False", "Unknown"])});
    (0..count).map(|_| condition(random)).collect()
}

fn metadata(random: &mut Random, name: &str) -> Value {
    json!({"name": name, "namespace": "ns", "uid": name, "generation": number(random), "labels": {"app": "x"}})
}

/// Mostly the generation of the object.
fn observed(random: &mut Random, object: &Value) -> Value {
    if random.once_in(6) {
        return number(random);
    }
    object["metadata"]["generation"].clone()
}

fn pod(random: &mut Random, name: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": metadata(random, name),
        "status": {"conditions": conditions(random, &["Ready", "Ready", "Initialized"])},
    })
}

fn template(random: &mut Random) -> Value {
    let mut template = json!({"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "a"}]}});
    if random.once_in(3) {
        template["spec"]["containers"][0]["image"] = text(random, &["", "b"]);
    }
    if random.once_in(4) {
        template["metadata"]["annotations"] = json!({});
        template["spec"]["volumes"] = json!([]);
    }
    if random.once_in(4) {
        template["spec"]["containers"][0]["resources"] = json!({"limits": {}});
    }
    template
}

fn replica_set(random: &mut Random, name: &str) -> Value {
    let mut set = json!({
        "apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": metadata(random, name),
        "spec": {"selector": {"matchLabels": {"app": "x"}}, "template": template(random)},
        "status": {"readyReplicas": number(random)},
    });
    if random.once_in(2) {
        set["spec"]["template"]["metadata"]["labels"]["pod-template-hash"] = json!("h");
    }
    set["status"]["observedGeneration"] = observed(random, &set);
    set["metadata"]["creationTimestamp"] = text(random, &["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]);
    if !random.once_in(6) {
        let (owner, is_controller) = (text(random, &["d", "d", "d", "other"]), !random.once_in(6));
        set["metadata"]["ownerReferences"] = json!([{"apiVersion": "apps/v1", "kind": "Deployment", "name": "d", "uid": owner, "controller": is_controller}]);
    }
    set
}

fn deployment(random: &mut Random) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata(random, "d"),
        "spec": {
            "replicas": number(random), "paused": random.once_in(12),
            "selector": {"matchLabels": {"app": "x"}}, "template": template(random),
            "strategy": {
                "type": text(random, &["RollingUpdate", "RollingUpdate", "Recreate"]),
                "rollingUpdate": {"maxSurge": amount(random), "maxUnavailable": amount(random)},
            },
        },
    })
}

fn daemon_set(random: &mut Random) -> Value {
    let agreed = number(random);
    json!({
        "apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": metadata(random, "d"),
        "spec": {"updateStrategy": {
            "type": text(random, &["RollingUpdate", "RollingUpdate", "OnDelete"]),
            "rollingUpdate": {"maxUnavailable": amount(random)},
        }},
        "status": {
            "desiredNumberScheduled": agreed,
            "updatedNumberScheduled": if random.once_in(4) { number(random) } else { agreed },
            "numberReady": number(random),
        },
    })
}

fn stateful_set(random: &mut Random) -> Value {
    let agreed = number(random);
    let strategy = match random.below(3) {
        0 => json!({"type": text(random, &["RollingUpdate", "OnDelete"])}),
        1 => json!({"type": "RollingUpdate", "rollingUpdate": {}}),
        _ => json!({"type": "RollingUpdate", "rollingUpdate": {"partition": number(random)}}),
    };
    let mut set = json!({
        "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": metadata(random, "d"),
        "spec": {"updateStrategy": strategy},
        "status": {
            "updatedReplicas": number(random),
            "readyReplicas": if random.once_in(3) { number(random) } else { agreed.clone() },
            "currentRevision": text(random, &["a", "b"]), "updateRevision": "a",
        },
    });
    if !random.once_in(4) {
        set["spec"]["replicas"] = agreed;
    }
    set
}

fn service(random: &mut Random) -> Value {
    let mut service = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": metadata(random, "d"),
        "spec": {
            "type": text(random, &["ClusterIP", "LoadBalancer", "LoadBalancer", "ExternalName", ""]),
            "clusterIP": text(random, &["", "None", "10.0.0.1"]),
        },
    });
    match random.below(4) {
        0 => service["spec"]["externalIPs"] = json!(["1.2.3.4"]),
        1 => service["status"] = json!({"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}]}}),
        2 => service["spec"]["externalIPs"] = json!([]),
        _ => {}
    }
    service
}

fn job(random: &mut Random) -> Value {
    let mut job = json!({
        "apiVersion": "batch/v1", "kind": "Job", "metadata": metadata(random, "d"),
        "spec": {"backoffLimit": number(random)},
        "status": {"failed": number(random), "succeeded": number(random)},
    });
    if !random.once_in(3) {
        job["spec"]["completions"] = number(random);
    }
    job
}

fn generate(random: &mut Random) -> Value {
    let names = ["a", "b", "c"];
    let mut owned = Vec::new();
    let mut own = |random: &mut Random, make: fn(&mut Random, &str) -> Value| {
        let count = random.below(4);
        owned = names[..count].iter().map(|name| make(random, name)).collect();
    };
    let mut object = match random.below(10) {
        0 => pod(random, "d"),
        1 => job(random),
        2 => {
            let phase = text(random, &["Bound", "Pending", ""]);
            json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata(random, "d"), "status": {"phase": phase}})
        }
        3 => service(random),
        4 => daemon_set(random),
        5 => stateful_set(random),
        6 => {
            own(random, pod);
            json!({"apiVersion": "v1", "kind": "ReplicationController", "metadata": metadata(random, "d"), "spec": {"selector": {"app": "x"}}})
        }
        7 => {
            own(random, pod);
            json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": metadata(random, "d"), "spec": {"selector": {"matchLabels": {"app": "x"}}}})
        }
        _ => {
            own(random, replica_set);
            deployment(random)
        }
    };
    if !matches!(
        object["kind"].as_str(),
        Some("Pod" | "Service" | "Job" | "PersistentVolumeClaim")
    ) {
        object["status"]["observedGeneration"] = observed(random, &object);
    }
    json!({ "object": object, "owned": owned, "jobs": random.once_in(2) })
}

fn answer(request: &Value) -> Value {
    let owned = request["owned"].as_array().map(Vec::as_slice).unwrap_or_default();
    match legacy_ready(&request["object"], owned, request["jobs"] == true) {
        Ok(ready) => json!({ "ok": ready }),
        Err(error) => json!({ "error": error.to_string() }),
    }
}
