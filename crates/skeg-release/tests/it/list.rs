//! Lists of releases.

use serde_json::json;
use skeg_release::{ListOptions, ListOrder, ReleaseStore, Selector, Status};

use crate::support::{Fixture, ready, release};

/// Three releases, one of them with old revisions, and one of another namespace.
fn fixture() -> Fixture {
    let fixture = Fixture::secrets();
    fixture.create(release("web", 1, Status::Superseded));
    fixture.create(release("web", 2, Status::Superseded));
    fixture.create(release("web", 9, Status::Deployed));
    fixture.create(release("api", 5, Status::Failed));
    let mut db = release("db", 7, Status::PendingUpgrade);
    db.labels.insert("tier".to_owned(), "data".to_owned());
    fixture.create(db);
    fixture.create(release("odd", 1, Status::Unknown));
    fixture
}

#[track_caller]
fn check(store: &ReleaseStore, options: &ListOptions<'_>, expected: &[&str]) {
    let listed = ready(store.list(options)).expect("because nothing fails");
    let listed: Vec<String> = listed
        .iter()
        .map(|listed| format!("{}.{}", listed.head.name, listed.head.version))
        .collect();
    assert_eq!(listed, expected, "{options:?}");
}

#[test]
fn the_newest_revision_of_each_release_is_listed() {
    let fixture = fixture();
    let store = &fixture.store;
    let all = ListOptions::default;
    check(store, &all(), &["api.5", "db.7", "web.9"]);
    let reversed = || ListOptions {
        is_reversed: true,
        ..all()
    };
    check(store, &reversed(), &["web.9", "db.7", "api.5"]);
    let by_date = ListOptions {
        order: ListOrder::Date,
        ..all()
    };
    check(store, &by_date, &["api.5", "db.7", "web.9"]);
    let newest_first = ListOptions {
        order: ListOrder::Date,
        ..reversed()
    };
    check(store, &newest_first, &["web.9", "db.7", "api.5"]);
    let limited = ListOptions {
        limit: 1,
        offset: 1,
        ..all()
    };
    check(store, &limited, &["db.7"]);
    let beyond = ListOptions { offset: 3, ..all() };
    check(store, &beyond, &[]);
}

#[test]
fn releases_are_filtered() {
    let fixture = fixture();
    let store = &fixture.store;
    let states = |states: &[Status]| ListOptions {
        states: states.to_vec(),
        ..ListOptions::default()
    };
    check(store, &states(&[Status::Deployed]), &["web.9"]);
    check(
        store,
        &states(&[Status::Failed, Status::PendingUpgrade]),
        &["api.5", "db.7"],
    );
    check(store, &states(&[Status::Superseded]), &["web.1", "web.2"]);
    check(
        store,
        &states(&[Status::Superseded, Status::Deployed]),
        &["web.9"],
    );
    let named = ListOptions {
        name: Some(&|name| name.contains('b')),
        ..ListOptions::default()
    };
    check(store, &named, &["db.7", "web.9"]);
    let selected = |selector| ListOptions {
        selector: Selector::parse(selector).expect("because it is one"),
        ..ListOptions::default()
    };
    check(store, &selected("tier=data"), &["db.7"]);
    check(store, &selected("status!=deployed"), &["api.5", "db.7"]);
}

#[test]
fn only_what_is_shown_is_read() {
    let fixture = fixture();
    for version in 10..40 {
        fixture.create(release("web", version, Status::Superseded));
    }
    fixture.objects.take_requests();
    let named = ListOptions {
        name: Some(&|name| name == "web"),
        ..ListOptions::default()
    };
    check(&fixture.store, &named, &["web.39"]);
    let requests = ["list metadata", "get sh.helm.release.v1.web.v39"];
    assert_eq!(fixture.objects.take_requests(), requests);
}

#[test]
fn many_releases_are_read_page_by_page() {
    let fixture = Fixture::secrets();
    let names: Vec<String> = (100..140).map(|number| format!("r{number}")).collect();
    for name in &names {
        fixture.create(release(name, 1, Status::Deployed));
    }
    fixture.objects.take_requests();
    let expected: Vec<String> = names.iter().map(|name| format!("{name}.1")).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check(&fixture.store, &ListOptions::default(), &expected);
    let requests = ["list metadata", "list objects", "list objects"];
    assert_eq!(fixture.objects.take_requests(), requests);
}

#[test]
fn of_a_broken_release_the_revision_before_is_listed() {
    let fixture = fixture();
    fixture.objects.put(json!({
        "metadata": {
            "name": "sh.helm.release.v1.web.v10",
            "namespace": "shop",
            "labels": {"name": "web", "owner": "helm", "status": "deployed", "version": "10"},
        },
        "data": {"release": "e30="},
    }));
    fixture.objects.put(json!({
        "metadata": {"name": "stray", "namespace": "shop", "labels": {"owner": "helm"}},
    }));
    check(
        &fixture.store,
        &ListOptions::default(),
        &["api.5", "db.7", "web.9"],
    );
    assert_eq!(fixture.take_broken(), ["stray", "sh.helm.release.v1.web.v10"]);
}

#[test]
fn all_namespaces_are_listed() {
    let fixture = fixture();
    let mut object = fixture
        .objects
        .find("shop", "sh.helm.release.v1.api.v5")
        .expect("because it was created");
    object["metadata"]["namespace"] = "store".into();
    fixture.objects.put(object);
    check(
        &fixture.store,
        &ListOptions::default(),
        &["api.5", "db.7", "web.9"],
    );
    // Helm goes by the namespace in the record.
    check(
        &fixture.everywhere(),
        &ListOptions::default(),
        &["api.5", "db.7", "web.9"],
    );
}
