//! Records in Secrets and `ConfigMap`s.

use serde_json::{Value, json};
use skeg_go::base64;
use skeg_release::{RecordKind, Release, Status, StorageError, decode_release, encode_release};

use crate::support::{Fixture, ready, release};

const KEY: &str = "sh.helm.release.v1.web.v1";

fn labels(fixture: &Fixture, key: &str) -> Value {
    let object = fixture.objects.find("shop", key).expect("because it was created");
    object["metadata"]["labels"].clone()
}

#[test]
fn a_secret_is_helms() {
    let fixture = Fixture::secrets();
    let mut new = release("web", 1, Status::PendingInstall);
    new.labels.insert("team".to_owned(), "a".to_owned());
    let mut release = fixture.create(new);
    let secret = fixture.objects.find("shop", KEY).expect("because it was created");
    assert_eq!(secret["apiVersion"], "v1");
    assert_eq!(secret["kind"], "Secret");
    assert_eq!(secret["type"], "helm.sh/release.v1");
    assert_eq!(secret["metadata"]["namespace"], "shop");
    let expected = json!({"createdAt": "1700000000", "name": "web", "owner": "helm", "status": "pending-install",
        "team": "a", "version": "1"});
    assert_eq!(labels(&fixture, KEY), expected);
    let data = secret["data"]["release"].as_str().expect("because it is text");
    let data = base64::decode(data.as_bytes()).expect("because it is base64");
    let decoded = decode_release(&data).expect("because it is a record");
    assert_eq!(decoded.to_json(), release.to_json());

    release.set_status(Status::Deployed, "Install complete");
    ready(fixture.store.update(&mut release, 1_700_000_009)).expect("because it is there");
    let expected = json!({"modifiedAt": "1700000009", "name": "web", "owner": "helm", "status": "deployed",
        "team": "a", "version": "1"});
    assert_eq!(labels(&fixture, KEY), expected);
}

#[test]
fn a_config_map_is_helms() {
    let fixture = Fixture::new(RecordKind::ConfigMap, Some("shop"));
    let release = fixture.create(release("web", 1, Status::Deployed));
    let object = fixture.objects.find("shop", KEY).expect("because it was created");
    assert_eq!(object["kind"], "ConfigMap");
    assert!(object.get("type").is_none());
    assert_eq!(object["data"]["release"], encode_release(&release));
    let read = ready(fixture.store.get("web", 1)).expect("because it is there");
    assert_eq!(read.to_json(), release.to_json());
}

#[test]
fn a_revision_is_made_once() {
    let fixture = Fixture::secrets();
    fixture.create(release("web", 1, Status::Deployed));
    let again = ready(fixture.store.create(&mut release("web", 1, Status::Failed), 0));
    assert!(matches!(again, Err(StorageError::AlreadyExists)));
    assert_eq!(
        again.expect_err("because it is").to_string(),
        "release: already exists"
    );
}

#[test]
fn what_others_wrote_meanwhile_is_not_written_over() {
    let fixture = Fixture::secrets();
    fixture.create(release("web", 1, Status::Deployed));
    let mut first = ready(fixture.store.last("web")).expect("because it is there");
    let mut second = first.clone();
    first.set_status(Status::Superseded, "superseded by new release");
    ready(fixture.store.update(&mut first, 1)).expect("because nobody was faster");
    ready(fixture.store.update(&mut first, 2)).expect("because its own state is known");
    let error = ready(fixture.store.update(&mut second, 2)).expect_err("because the first was faster");
    assert_eq!(error.to_string(), format!("{KEY} was changed by another program"));
    second.forget_state();
    ready(fixture.store.update(&mut second, 3)).expect("because it was told to");
}

#[track_caller]
fn check_last(fixture: &Fixture, name: &str, expected: Result<i64, &str>) {
    let last = ready(fixture.store.last(name)).map(|release| release.version);
    assert_eq!(
        last.map_err(|error| error.to_string()),
        expected.map_err(str::to_owned)
    );
}

#[track_caller]
fn check_deployed(fixture: &Fixture, name: &str, expected: Result<i64, &str>) {
    let found = ready(fixture.store.deployed(name)).map(|release| release.version);
    assert_eq!(
        found.map_err(|error| error.to_string()),
        expected.map_err(str::to_owned)
    );
}

#[test]
fn the_newest_revision_is_read_alone() {
    let fixture = Fixture::secrets();
    for version in 1..=11 {
        let status = match version {
            9 => Status::Deployed,
            10 | 11 => Status::Failed,
            _ => Status::Superseded,
        };
        fixture.create(release("web", version, status));
    }
    fixture.create(release("other", 12, Status::Deployed));
    fixture.objects.take_requests();
    check_last(&fixture, "web", Ok(11));
    let requests = ["list metadata", "get sh.helm.release.v1.web.v11"];
    assert_eq!(fixture.objects.take_requests(), requests);
    check_deployed(&fixture, "web", Ok(9));
    check_last(&fixture, "none", Err("release: not found"));
    check_deployed(&fixture, "none", Err("\"none\" has no deployed releases"));
    let history = ready(fixture.store.history("web")).expect("because there is one");
    let versions: Vec<i64> = history
        .iter()
        .filter_map(|(_, head)| Some(head.as_ref().ok()?.version))
        .collect();
    assert_eq!(versions, (1..=11).collect::<Vec<i64>>());
}

fn put_broken(fixture: &Fixture, name: &str, version: i64, data: &str) {
    fixture.objects.put(json!({
        "metadata": {
            "name": format!("sh.helm.release.v1.{name}.v{version}"),
            "namespace": "shop",
            "labels": {"name": name, "owner": "helm", "status": "deployed", "version": version.to_string()},
        },
        "data": {"release": data},
    }));
}

#[test]
fn broken_records_hide_no_others() {
    let fixture = Fixture::secrets();
    fixture.create(release("web", 1, Status::Deployed));
    put_broken(&fixture, "web", 2, "####");
    put_broken(
        &fixture,
        "web",
        3,
        &base64::encode(base64::encode(b"{}").as_bytes()),
    );
    check_last(&fixture, "web", Ok(1));
    let newest_first = ["sh.helm.release.v1.web.v3", "sh.helm.release.v1.web.v2"];
    assert_eq!(fixture.take_broken(), newest_first);
    check_deployed(&fixture, "web", Ok(1));
    fixture.take_broken();
    let history = ready(fixture.store.history("web")).expect("because there is one");
    assert_eq!(history.len(), 1);
    assert_eq!(
        fixture.take_broken(),
        ["sh.helm.release.v1.web.v2", "sh.helm.release.v1.web.v3"]
    );
    let error = ready(fixture.store.get("web", 3)).expect_err("because it is broken");
    let expected = r#"get: failed to decode data "sh.helm.release.v1.web.v3": the release has no `info`"#;
    assert_eq!(error.to_string(), expected);

    put_broken(&fixture, "lost", 1, "");
    check_last(&fixture, "lost", Err("no revision for release \"lost\""));
    check_deployed(&fixture, "lost", Err("\"lost\" has no deployed releases"));
}

#[test]
fn wrong_labels_are_no_obstacle() {
    let fixture = Fixture::secrets();
    fixture.create(release("web", 1, Status::Superseded));
    fixture.create(release("web", 2, Status::Deployed));
    let mut object = fixture.objects.find("shop", KEY).expect("because it was created");
    object["metadata"]["labels"]["version"] = "x".into();
    fixture.objects.put(object);
    check_last(&fixture, "web", Ok(2));
    assert!(fixture.take_broken().is_empty());
}

#[track_caller]
fn check_pruned(max: usize, statuses: &[Status], expected: &[i64]) {
    let fixture = Fixture::secrets();
    let mut version = 0;
    for status in statuses {
        version += 1;
        fixture.create(release("web", version, status.clone()));
    }
    let store = fixture.store.clone().with_max_history(max);
    ready(store.create(&mut release("web", version + 1, Status::PendingUpgrade), 0))
        .expect("because it is new");
    let left = ready(store.revisions("web")).expect("because there are some");
    let left: Vec<i64> = left.iter().map(skeg_release::RecordEntry::version).collect();
    assert_eq!(left, expected, "{max} {statuses:?}");
}

#[test]
fn the_oldest_revisions_go_but_for_what_is_deployed() {
    use Status::{Deployed, Failed, Superseded};
    check_pruned(0, &[Superseded, Superseded, Deployed], &[1, 2, 3, 4]);
    check_pruned(10, &[Superseded, Superseded, Deployed], &[1, 2, 3, 4]);
    check_pruned(3, &[Superseded, Superseded, Deployed], &[2, 3, 4]);
    check_pruned(2, &[Superseded, Superseded, Deployed], &[3, 4]);
    check_pruned(1, &[Superseded, Superseded, Deployed], &[3, 4]);
    check_pruned(2, &[Deployed, Failed, Failed], &[1, 4]);
    check_pruned(3, &[Deployed, Failed, Failed], &[1, 3, 4]);
    check_pruned(1, &[Failed, Failed], &[3]);
    check_pruned(1, &[], &[1]);
}

#[test]
fn records_in_memory_are_taken_from_yaml() {
    let memory = skeg_release::MemoryDriver::default();
    let yaml = b"- {name: a, namespace: x, version: 2, info: {status: deployed}}\n- {name: a, version: 1, info: {}}\n";
    memory.load(yaml).expect("because it is a list of records");
    let load = |yaml: &str| {
        memory
            .load(yaml.as_bytes())
            .expect_err("because it is none")
            .to_string()
    };
    assert_eq!(
        load("- {name: a, version: 1, info: {}}"),
        "release: already exists"
    );
    assert_eq!(load("a: 1"), "the document is object, and not a list of releases");
    assert_eq!(
        load("- {name: a, version: '1'}"),
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go struct field .version of \
         type int"
    );
    let store = |namespace| {
        let driver = memory.in_namespace(namespace);
        skeg_release::ReleaseStore::new(std::sync::Arc::new(driver))
    };
    let version = |release: Release| release.version;
    assert_eq!(ready(store(Some("x")).last("a")).map(version).ok(), Some(2));
    assert_eq!(ready(store(Some("default")).last("a")).map(version).ok(), Some(1));
    assert!(ready(store(Some("y")).last("a")).is_err());
}
