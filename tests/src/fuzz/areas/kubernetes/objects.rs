//! Made-up objects of Kubernetes' own kinds, and variants of them.

use serde_json::{Map, Value, json};

use crate::fuzz::random::Random;

/// So few names that elements of lists meet.
const NAMES: &[&str] = &["a", "b", "c", "web", "<x>"];

/// Makes a value.
type Make<'a> = &'a dyn Fn(&mut Random) -> Value;

fn name(random: &mut Random) -> Value {
    Value::from(random.pick(NAMES))
}

fn number(random: &mut Random) -> Value {
    Value::from(*random.pick(&[&0, &1, &2, &80, &81, &8080]))
}

/// A list of up to `most` values.
fn list(random: &mut Random, most: usize, item: impl Fn(&mut Random) -> Value) -> Value {
    let count = random.below(most + 1);
    (0..count).map(|_| item(random)).collect()
}

/// A map with some of the members.
fn some(random: &mut Random, members: &[(&str, Make<'_>)]) -> Value {
    let mut map = Map::new();
    for (name, member) in members {
        if !random.once_in(3) {
            map.insert((*name).to_owned(), member(random));
        }
    }
    Value::Object(map)
}

/// `map` with one more member.
fn with(mut map: Value, name: &str, value: Value) -> Value {
    map[name] = value;
    map
}

fn labels(random: &mut Random) -> Value {
    some(
        random,
        &[("a", &name), ("b", &name), ("app", &name), ("c&d", &name)],
    )
}

fn metadata(random: &mut Random) -> Value {
    let owner = |random: &mut Random| {
        with(
            some(random, &[("kind", &name), ("name", &name)]),
            "uid",
            name(random),
        )
    };
    let members: &[(&str, Make<'_>)] = &[
        ("labels", &labels),
        ("annotations", &labels),
        ("finalizers", &|random| list(random, 4, name)),
        ("ownerReferences", &|random| list(random, 2, owner)),
        ("name", &|_| json!("x")),
        ("creationTimestamp", &|_| Value::Null),
    ];
    some(random, members)
}

fn variable(random: &mut Random) -> Value {
    let reference = |random: &mut Random| {
        let field = *random.pick(&[&"secretKeyRef", &"configMapKeyRef"]);
        json!({ field: some(random, &[("name", &name), ("key", &name), ("optional", &|_| json!(true))]) })
    };
    let variable = some(random, &[("value", &name), ("valueFrom", &reference)]);
    with(variable, "name", name(random))
}

fn port(random: &mut Random) -> Value {
    let protocol = |random: &mut Random| Value::from(random.pick(&["TCP", "UDP"]));
    let port = some(
        random,
        &[("name", &name), ("protocol", &protocol), ("hostPort", &number)],
    );
    if random.once_in(60) {
        return port;
    }
    with(port, "containerPort", number(random))
}

fn container(random: &mut Random) -> Value {
    let amounts = |random: &mut Random| some(random, &[("cpu", &name), ("memory", &name)]);
    let mount = |random: &mut Random| with(json!({"name": "a"}), "mountPath", name(random));
    let probe = |random: &mut Random| {
        let get = |random: &mut Random| some(random, &[("path", &name), ("port", &number)]);
        some(random, &[("httpGet", &get), ("periodSeconds", &number)])
    };
    let members: &[(&str, Make<'_>)] = &[
        ("image", &name),
        ("args", &|random| list(random, 3, name)),
        ("env", &|random| list(random, 4, variable)),
        ("ports", &|random| list(random, 4, port)),
        ("volumeMounts", &|random| list(random, 3, mount)),
        ("resources", &|random| {
            some(random, &[("limits", &amounts), ("requests", &amounts)])
        }),
        ("livenessProbe", &probe),
    ];
    with(some(random, members), "name", name(random))
}

fn volume(random: &mut Random) -> Value {
    let volume = match random.below(5) {
        0 => json!({"emptyDir": {}}),
        1 => {
            json!({"configMap": some(random, &[("name", &name), ("items", &|random| list(random, 2, |_| json!({"key": "k", "path": "p"})))])})
        }
        2 => json!({"secret": some(random, &[("secretName", &name), ("defaultMode", &number)])}),
        3 => json!({"hostPath": null}),
        _ => {
            json!({"projected": {"sources": list(random, 2, |random| json!({"secret": {"name": name(random)}}))}})
        }
    };
    with(volume, "name", name(random))
}

fn pod_spec(random: &mut Random) -> Value {
    let named = |random: &mut Random| json!({"name": name(random)});
    let alias = |random: &mut Random| with(json!({"hostnames": list(random, 2, name)}), "ip", name(random));
    let toleration = |random: &mut Random| some(random, &[("key", &name), ("operator", &name)]);
    let spread = |random: &mut Random| json!({"topologyKey": name(random), "maxSkew": number(random)});
    let members: &[(&str, Make<'_>)] = &[
        ("containers", &|random| list(random, 3, container)),
        ("initContainers", &|random| list(random, 2, container)),
        ("volumes", &|random| list(random, 4, volume)),
        ("imagePullSecrets", &|random| list(random, 3, named)),
        ("hostAliases", &|random| list(random, 2, alias)),
        ("tolerations", &|random| list(random, 2, toleration)),
        ("topologySpreadConstraints", &|random| list(random, 2, spread)),
        ("nodeSelector", &labels),
        (
            "securityContext",
            &|random| json!({"supplementalGroups": list(random, 2, number), "runAsUser": number(random)}),
        ),
        ("restartPolicy", &name),
    ];
    some(random, members)
}

fn template(random: &mut Random) -> Value {
    some(random, &[("metadata", &metadata), ("spec", &pod_spec)])
}

fn deployment_spec(random: &mut Random) -> Value {
    let strategy = |random: &mut Random| {
        let rolling = |random: &mut Random| some(random, &[("maxSurge", &number), ("maxUnavailable", &name)]);
        some(random, &[("type", &name), ("rollingUpdate", &rolling)])
    };
    let selector = |random: &mut Random| json!({"matchLabels": labels(random)});
    let members: &[(&str, Make<'_>)] = &[
        ("replicas", &number),
        ("strategy", &strategy),
        ("selector", &selector),
        ("template", &template),
    ];
    some(random, members)
}

fn service_spec(random: &mut Random) -> Value {
    let port = |random: &mut Random| {
        let target = |random: &mut Random| {
            if random.once_in(2) {
                number(random)
            } else {
                name(random)
            }
        };
        with(
            some(
                random,
                &[("name", &name), ("targetPort", &target), ("nodePort", &number)],
            ),
            "port",
            number(random),
        )
    };
    let members: &[(&str, Make<'_>)] = &[
        ("ports", &|random| list(random, 4, port)),
        ("selector", &labels),
        ("externalIPs", &|random| list(random, 2, name)),
        ("type", &name),
        (
            "sessionAffinityConfig",
            &|random| json!({"clientIP": {"timeoutSeconds": number(random)}}),
        ),
    ];
    some(random, members)
}

fn definition_spec(random: &mut Random) -> Value {
    let property = |random: &mut Random| {
        let rule = |random: &mut Random| with(some(random, &[("message", &name)]), "rule", name(random));
        let rules = |random: &mut Random| list(random, 2, rule);
        some(
            random,
            &[
                ("type", &name),
                ("x-kubernetes-validations", &rules),
                ("required", &|random| list(random, 2, name)),
            ],
        )
    };
    let properties = |random: &mut Random| some(random, &[("a", &property), ("b", &property)]);
    let schema = |random: &mut Random| {
        let mut schema = property(random);
        if random.once_in(3) {
            schema["properties"] = properties(random);
        }
        schema["not"] = property(random);
        json!({"openAPIV3Schema": schema})
    };
    let version = |random: &mut Random| {
        some(
            random,
            &[("name", &name), ("schema", &schema), ("served", &|_| json!(true))],
        )
    };
    let names = |random: &mut Random| json!({"kind": name(random), "shortNames": list(random, 2, name)});
    some(
        random,
        &[
            ("group", &name),
            ("versions", &|random| list(random, 2, version)),
            ("names", &names),
        ],
    )
}

/// An object of some kind; `kind` says which.
fn of_kind(random: &mut Random, kind: usize) -> Value {
    let (api_version, kind_name) = [
        ("v1", "Pod"),
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("v1", "Service"),
        ("v1", "ServiceAccount"),
        ("v1", "ConfigMap"),
        ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ][kind];
    let mut object = json!({"apiVersion": api_version, "kind": kind_name, "metadata": metadata(random)});
    match kind {
        0 => object["spec"] = pod_spec(random),
        1 => object["spec"] = deployment_spec(random),
        2 => object["spec"] = with(json!({"serviceName": name(random)}), "template", template(random)),
        3 => object["spec"] = service_spec(random),
        4 => {
            object["secrets"] = list(random, 3, |random| json!({"name": name(random)}));
            object["imagePullSecrets"] = list(random, 3, |random| json!({"name": name(random)}));
        }
        5 => object["data"] = labels(random),
        _ => object["spec"] = definition_spec(random),
    }
    object
}

/// What was wanted before, what is wanted now, and what there is: three objects of one kind that resemble each other.
pub(super) fn three(random: &mut Random) -> [Value; 3] {
    let kind = random.below(7);
    let [one, two, three] = [(); 3].map(|()| of_kind(random, kind));
    let original = cross(random, &one, &two);
    let modified = match random.below(8) {
        0 => original.clone(),
        1 => cross(random, &one, &two),
        2 => three.clone(),
        _ => cross(random, &original, &two),
    };
    let current = match random.below(8) {
        0 => original.clone(),
        1 => modified.clone(),
        2 => Value::Null,
        3 => cross(random, &modified, &three),
        _ => cross(random, &original, &three),
    };
    [original, modified, current]
}

/// Something between two values: much of the first, some of the second.
fn cross(random: &mut Random, one: &Value, other: &Value) -> Value {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => Value::Object(cross_maps(random, one, other)),
        (Value::Array(one), Value::Array(other)) => cross_lists(random, one, other),
        _ if random.once_in(8) => other.clone(),
        _ => one.clone(),
    }
}

fn cross_maps(
    random: &mut Random,
    one: &Map<String, Value>,
    other: &Map<String, Value>,
) -> Map<String, Value> {
    let mut crossed = Map::new();
    for (name, value) in one {
        let is_fixed = matches!(name.as_str(), "apiVersion" | "kind");
        match (other.get(name), random.below(20)) {
            _ if is_fixed => drop(crossed.insert(name.clone(), value.clone())),
            (_, 0 | 1) => {}
            (_, 2) if random.once_in(6) => drop(crossed.insert(name.clone(), Value::Null)),
            (Some(other), 3..=9) => drop(crossed.insert(name.clone(), cross(random, value, other))),
            _ => drop(crossed.insert(name.clone(), value.clone())),
        }
    }
    for (name, value) in other {
        if !crossed.contains_key(name) && random.once_in(5) {
            crossed.insert(name.clone(), value.clone());
        }
    }
    crossed
}

fn cross_lists(random: &mut Random, one: &[Value], other: &[Value]) -> Value {
    let mut crossed = Vec::new();
    for (at, value) in one.iter().enumerate() {
        match (other.get(at), random.below(8)) {
            (_, 0) => {}
            (Some(other), 1 | 2) => crossed.push(cross(random, value, other)),
            _ => crossed.push(value.clone()),
        }
    }
    for value in other {
        if random.once_in(4) {
            let at = random.below(crossed.len() + 1);
            crossed.insert(at, value.clone());
        }
    }
    if random.once_in(5) && !crossed.is_empty() {
        let (one, other) = (random.below(crossed.len()), random.below(crossed.len()));
        crossed.swap(one, other);
    }
    Value::Array(crossed)
}
