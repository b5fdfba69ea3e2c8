//! Downloads that are not whole.

use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use skeg_oci::Digest;
use skeg_store::{Claim, PruneOptions, StoreError};

use crate::support::{TestStore, hour, large};

#[test]
fn the_next_one_continues() {
    let test = TestStore::new();
    let digest = Digest::sha256_of(b"content");
    let partial = test.claim(&digest);
    partial.file().unwrap().write_all(b"cont").unwrap();
    drop(partial);
    let partial = test.claim(&digest);
    assert_eq!(partial.length().unwrap(), 4);
    let mut file = partial.file().unwrap();
    let mut begun = String::new();
    file.read_to_string(&mut begun).unwrap();
    assert_eq!(begun, "cont");
    file.write_all(b"ent").unwrap();
    partial.commit(None, hour(0)).unwrap();
    assert_eq!(test.look(&digest, hour(1)), "found");
    assert!(!test.partial_path(&digest).exists());
}

#[test]
fn there_is_one_writer() {
    let test = TestStore::new();
    let digest = Digest::sha256_of(b"content");
    let partial = test.claim(&digest);
    partial.file().unwrap().write_all(b"cont").unwrap();
    let claim = test.store.claim(&digest).unwrap();
    assert!(matches!(claim, Claim::Busy { length: 4 }), "{claim:?}");
    // Another one is not concerned.
    test.claim(&Digest::sha256_of(b"other"));
    drop(partial);
    test.claim(&digest);
}

#[test]
fn wrong_bytes_never_become_content() {
    let test = TestStore::new();
    for content in [b"content".to_vec(), large(1)] {
        let digest = Digest::sha256_of(&content);
        let partial = test.claim(&digest);
        let mut file = partial.file().unwrap();
        file.write_all(&content).unwrap();
        file.seek(SeekFrom::Start(3)).unwrap();
        file.write_all(b"X").unwrap();
        let error = partial.commit(None, hour(0)).unwrap_err();
        assert!(matches!(error, StoreError::DigestMismatch { .. }), "{error:?}");
        assert_eq!(test.look(&digest, hour(1)), "missing");
        assert!(!test.partial_path(&digest).exists());
    }
}

#[test]
fn an_empty_one_is_not_left_behind() {
    let test = TestStore::new();
    let digest = Digest::sha256_of(b"content");
    drop(test.claim(&digest));
    assert!(!test.partial_path(&digest).exists());
    let partial = test.claim(&digest);
    partial.file().unwrap().write_all(b"x").unwrap();
    partial.discard().unwrap();
    assert!(!test.partial_path(&digest).exists());
}

#[test]
fn what_is_being_written_is_neither_pruned_nor_cleaned() {
    let test = TestStore::new();
    let digest = Digest::sha256_of(b"content");
    let partial = test.claim(&digest);
    partial.file().unwrap().write_all(b"cont").unwrap();
    let options = PruneOptions {
        max_size: Some(0),
        ..PruneOptions::default()
    };
    let pruned = test.store.prune(&options, hour(1)).unwrap();
    assert_eq!((pruned.partials, pruned.freed, pruned.left), (0, 0, 4));
    assert_eq!(test.store.clean().unwrap().busy, 1);
    assert!(test.partial_path(&digest).exists());
    drop(partial);
    let pruned = test.store.prune(&options, hour(1)).unwrap();
    assert_eq!((pruned.partials, pruned.freed, pruned.left), (1, 4, 0));
    assert!(!test.partial_path(&digest).exists());
}

#[test]
fn one_that_was_removed_under_the_writer_still_becomes_content_of_nobody() {
    let test = TestStore::new();
    let digest = Digest::sha256_of(b"content");
    let partial = test.claim(&digest);
    partial.file().unwrap().write_all(b"content").unwrap();
    fs_err::remove_file(test.partial_path(&digest)).unwrap();
    // A second one begins anew, and its bytes are not taken for those of the first.
    let second = test.claim(&digest);
    second.file().unwrap().write_all(b"con").unwrap();
    drop(partial);
    assert_eq!(second.length().unwrap(), 3);
    assert_eq!(test.look(&digest, hour(1)), "missing");
}
