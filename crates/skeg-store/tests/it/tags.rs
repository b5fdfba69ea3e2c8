//! What tags named.

use skeg_oci::{Descriptor, MediaType, RegistryHost, RepositoryName, Tag};
use skeg_store::{TagRecord, TagScope};

use crate::support::{TestStore, hour};

fn scope(host: &str, repository: &str) -> TagScope {
    TagScope {
        host: RegistryHost::parse(host).unwrap(),
        repository: RepositoryName::parse(repository).unwrap(),
    }
}

fn record(content: &[u8], hours: u64) -> TagRecord {
    TagRecord {
        descriptor: Descriptor::of(MediaType::OCI_MANIFEST, content),
        checked: hour(hours),
    }
}

fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

#[test]
fn a_tag_is_remembered_for_its_repository_alone() {
    let test = TestStore::new();
    let scopes = [
        scope("localhost:5000", "charts/demo"),
        scope("localhost:5001", "charts/demo"),
        scope("localhost", "charts/demo"),
        scope("localhost:5000", "charts/demo/demo"),
        scope("localhost:5000", "charts"),
    ];
    for (number, scope) in scopes.iter().enumerate() {
        let record = record(number.to_string().as_bytes(), 0);
        test.store.note_tag(scope, &tag("1.0.0"), &record).unwrap();
    }
    for (number, scope) in scopes.iter().enumerate() {
        let expected = record(number.to_string().as_bytes(), 0);
        assert_eq!(test.store.tag(scope, &tag("1.0.0")), Some(expected));
        assert_eq!(test.store.tag(scope, &tag("1.0.1")), None);
    }
}

#[test]
fn a_tag_moves_and_goes() {
    let test = TestStore::new();
    let scope = scope("ghcr.io", "charts/demo");
    for record in [record(b"a", 0), record(b"b", 0), record(b"b", 5)] {
        test.store.note_tag(&scope, &tag("latest"), &record).unwrap();
        assert_eq!(test.store.tag(&scope, &tag("latest")), Some(record));
    }
    test.store.forget_tag(&scope, &tag("latest")).unwrap();
    test.store.forget_tag(&scope, &tag("latest")).unwrap();
    assert_eq!(test.store.tag(&scope, &tag("latest")), None);
}

#[test]
fn only_tags_with_their_manifests_are_listed() {
    let test = TestStore::new();
    let scope = scope("ghcr.io", "charts/demo");
    test.put(b"a", hour(0));
    for (name, content) in [("2.0.0", b"a"), ("1.0.0", b"a"), ("3.0.0", b"b")] {
        test.store
            .note_tag(&scope, &tag(name), &record(content, 0))
            .unwrap();
    }
    assert_eq!(test.store.tags(&scope).unwrap(), [tag("1.0.0"), tag("2.0.0")]);
}

#[test]
fn torn_records_are_none() {
    let test = TestStore::new();
    let scope = scope("ghcr.io", "charts/demo");
    test.store
        .note_tag(&scope, &tag("1.0.0"), &record(b"a", 0))
        .unwrap();
    let path = test.path("tags/ghcr.io/charts/demo/_tags/1.0.0.json");
    let whole = fs_err::read_to_string(&path).unwrap();
    for torn in [
        "",
        "{}",
        &whole[..20],
        &whole.replace("1.0.0", "1.0.1"),
        &whole.replace("demo", "other"),
    ] {
        fs_err::write(&path, torn).unwrap();
        assert_eq!(test.store.tag(&scope, &tag("1.0.0")), None, "{torn}");
        assert!(test.store.tags(&scope).unwrap().is_empty(), "{torn}");
    }
}
