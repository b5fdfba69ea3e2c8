//! Looking, checking, making room.

use std::time::Duration;

use skeg_oci::{Descriptor, ImageManifest, MediaType, RegistryHost, RepositoryName, Tag};
use skeg_store::{PruneOptions, TagRecord, TagScope};

use crate::support::{TestStore, hour, overwrite};

#[test]
fn the_least_recently_used_goes_first() {
    let test = TestStore::new();
    let first = test.put(&[1; 100], hour(1));
    let second = test.put(&[2; 100], hour(2));
    let third = test.put(&[3; 100], hour(3));
    test.look(&first, hour(4));
    let options = PruneOptions {
        max_size: Some(250),
        ..PruneOptions::default()
    };
    let dry = PruneOptions {
        dry_run: true,
        ..options
    };
    let would = test.store.prune(&dry, hour(5)).unwrap();
    assert_eq!((would.removed.len(), would.freed, would.left), (1, 100, 200));
    assert!(test.store.has(&second));
    let pruned = test.store.prune(&options, hour(5)).unwrap();
    assert_eq!(pruned, would);
    assert_eq!(pruned.removed[0].digest, second);
    assert!(test.store.has(&first) && !test.store.has(&second) && test.store.has(&third));
}

#[test]
fn what_was_not_used_for_long_goes() {
    let test = TestStore::new();
    let old = test.put(b"old", hour(0));
    let young = test.put(b"young", hour(10));
    let options = PruneOptions {
        older_than: Some(Duration::from_hours(5)),
        ..PruneOptions::default()
    };
    test.store.prune(&options, hour(11)).unwrap();
    assert!(!test.store.has(&old) && test.store.has(&young));
    // A clock that stands still or goes back removes nothing.
    test.store.prune(&options, hour(0)).unwrap();
    assert!(test.store.has(&young));
}

#[test]
fn without_options_only_leftovers_go() {
    let test = TestStore::new();
    let digest = test.put(b"content", hour(0));
    let leftover = test.path("tmp/.skeg-0123456789ab.tmp");
    fs_err::write(&leftover, "x").unwrap();
    let writer = std::fs::OpenOptions::new().write(true).open(&leftover).unwrap();
    writer.lock().unwrap();
    let pruned = test.store.prune(&PruneOptions::default(), hour(30)).unwrap();
    assert_eq!((pruned.removed.len(), pruned.left), (0, 7));
    assert!(leftover.exists(), "its writer lives");
    drop(writer);
    test.store.prune(&PruneOptions::default(), hour(30)).unwrap();
    assert!(!leftover.exists() && test.store.has(&digest));
}

#[test]
fn the_limit_is_kept_by_itself_once_an_hour() {
    let test = TestStore::new();
    let store = test.store.clone().with_limit(150);
    // The first time only begins the hour.
    store.maintain(hour(0)).unwrap();
    let marker = test.path("last-prune");
    let set = |hours| {
        let file = std::fs::OpenOptions::new().write(true).open(&marker).unwrap();
        file.set_modified(hour(hours)).unwrap();
    };
    set(0);
    let first = test.put(&[1; 100], hour(0));
    let second = test.put(&[2; 100], hour(1));
    set(1);
    store.maintain(hour(1)).unwrap();
    assert!(test.store.has(&first));
    set(0);
    store.maintain(hour(1)).unwrap();
    assert!(!test.store.has(&first) && test.store.has(&second));
}

#[test]
fn verifying_hashes_everything_and_removes_what_is_damaged() {
    let test = TestStore::new();
    let sound = test.put(b"sound", hour(0));
    let damaged = test.put(b"damaged", hour(0));
    overwrite(&test.blob_path(&damaged), b"daMaged");
    let verified = test.store.verify(hour(1)).unwrap();
    assert_eq!((verified.entries, verified.size), (2, 12));
    assert_eq!(verified.damaged, std::slice::from_ref(&damaged));
    assert!(test.store.has(&sound) && !test.store.has(&damaged));
}

#[test]
fn a_list_tells_which_tags_lead_to_what() {
    let test = TestStore::new();
    let config = Descriptor::of(MediaType::HELM_CONFIG, b"{}");
    let layer = Descriptor::of(MediaType::HELM_CHART_CONTENT, b"chart");
    let manifest = ImageManifest {
        schema_version: 2,
        media_type: None,
        artifact_type: None,
        config,
        layers: vec![layer],
        subject: None,
        annotations: None,
    }
    .to_raw();
    test.store
        .insert(
            manifest.digest(),
            Some(manifest.media_type()),
            manifest.bytes(),
            hour(2),
        )
        .unwrap();
    let chart = test.put(b"chart", hour(1));
    let stray = test.put(b"stray", hour(0));
    let scope = TagScope {
        host: RegistryHost::parse("localhost:5000").unwrap(),
        repository: RepositoryName::parse("charts/demo").unwrap(),
    };
    let record = TagRecord {
        descriptor: manifest.descriptor(),
        checked: hour(2),
    };
    test.store
        .note_tag(&scope, &Tag::parse("1.0.0").unwrap(), &record)
        .unwrap();
    let entries = test.store.list().unwrap();
    let digests: Vec<_> = entries.iter().map(|entry| &entry.digest).collect();
    assert_eq!(digests, [manifest.digest(), &chart, &stray]);
    assert_eq!(entries[0].references, ["localhost:5000/charts/demo:1.0.0"]);
    assert_eq!(entries[0].media_type.as_ref(), Some(manifest.media_type()));
    assert_eq!(entries[0].last_used, hour(2));
    assert_eq!(entries[1].references, ["localhost:5000/charts/demo:1.0.0"]);
    assert!(entries[2].references.is_empty());
    let info = test.store.info().unwrap();
    assert_eq!((info.entries, info.tags, info.partials), (3, 1, 0));
    // A tag whose manifest has gone is forgotten with the next pruning.
    let options = PruneOptions {
        max_size: Some(0),
        ..PruneOptions::default()
    };
    test.store.prune(&options, hour(3)).unwrap();
    assert_eq!(test.store.info().unwrap().tags, 0);
}

#[test]
fn cleaning_removes_everything() {
    let test = TestStore::new();
    for number in 0..5_u8 {
        test.put(&[number; 10], hour(0));
    }
    let cleaned = test.store.clean().unwrap();
    assert_eq!((cleaned.entries, cleaned.freed, cleaned.busy), (5, 50, 0));
    assert_eq!(test.store.info().unwrap().entries, 0);
    // An empty store can be cleaned, and used again.
    test.store.clean().unwrap();
    let digest = test.put(b"content", hour(1));
    assert_eq!(test.look(&digest, hour(1)), "found");
}
