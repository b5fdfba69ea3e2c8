//! What goes in comes out, or nothing does.

use std::fs::OpenOptions;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use skeg_oci::{Algorithm, Digest, Digester, MediaType};
use skeg_store::{Lookup, Store, StoreError};

use crate::support::{TestStore, bytes, hour, large, make_writable, overwrite};

#[test]
fn content_comes_back() {
    let test = TestStore::new();
    for content in [&b""[..], b"content", &large(1)] {
        let digest = test.put(content, hour(0));
        let Lookup::Found(found) = test.store.get(&digest, hour(1)).unwrap() else {
            panic!("it was stored");
        };
        assert_eq!(found.size(), content.len() as u64);
        assert_eq!(bytes(found), content);
    }
    assert_eq!(test.look(&Digest::sha256_of(b"other"), hour(1)), "missing");
}

#[test]
fn media_types_are_kept_even_if_later_nobody_names_one() {
    let test = TestStore::new();
    let digest = Digest::sha256_of(b"{}");
    let media_type = MediaType::OCI_MANIFEST;
    test.store
        .insert(&digest, Some(&media_type), b"{}", hour(0))
        .unwrap();
    test.put(b"{}", hour(1));
    let Lookup::Found(found) = test.store.get(&digest, hour(1)).unwrap() else {
        panic!("it was stored");
    };
    assert_eq!(found.media_type(), Some(&media_type));
}

#[test]
fn other_algorithms_have_their_own_place() {
    let test = TestStore::new();
    let mut digester = Digester::new(Algorithm::Sha512);
    digester.update(b"content");
    let digest = digester.finish();
    test.store.insert(&digest, None, b"content", hour(0)).unwrap();
    assert_eq!(test.look(&digest, hour(1)), "found");
    assert!(test.path("blobs/sha512").is_dir());
}

/// Helm puts what it fetched under the digest that an index states, whether it has it or not.
#[test]
fn content_with_another_digest_than_stated_never_gets_in() {
    let test = TestStore::new();
    let stated = Digest::sha256_of(b"what the index promises");
    for content in [b"something else".to_vec(), large(1)] {
        let error = test.store.insert(&stated, None, &content, hour(0)).unwrap_err();
        assert!(matches!(error, StoreError::DigestMismatch { .. }), "{error:?}");
    }
    assert_eq!(test.look(&stated, hour(1)), "missing");
}

/// Helm takes whatever lies in its cache under a digest.
#[test]
fn a_poisoned_cache_is_noticed_and_emptied() {
    let test = TestStore::new();
    for content in [b"small".to_vec(), large(1)] {
        let mut other = content.clone();
        other[0] ^= 1;
        for damage in [
            other,
            content[1..].to_vec(),
            [content.as_slice(), b"x"].concat(),
            Vec::new(),
        ] {
            let digest = test.put(&content, hour(0));
            assert_eq!(test.look(&digest, hour(1)), "found");
            overwrite(&test.blob_path(&digest), &damage);
            assert_eq!(test.look(&digest, hour(2)), "damaged");
            assert_eq!(test.look(&digest, hour(2)), "missing");
        }
    }
}

#[test]
fn damage_in_place_with_the_old_time_is_noticed() {
    let test = TestStore::new();
    let digest = test.put(&large(1), hour(0));
    assert_eq!(test.look(&digest, hour(1)), "found");
    let path = test.blob_path(&digest);
    let before = fs_err::metadata(&path).unwrap().modified().unwrap();
    make_writable(&path);
    let mut file = OpenOptions::new().write(true).open(&path).unwrap();
    file.write_all(b"evil").unwrap();
    file.set_modified(before).unwrap();
    drop(file);
    // Elsewhere there is nothing to see it by.
    if cfg!(unix) {
        assert_eq!(test.look(&digest, hour(2)), "damaged");
    }
}

/// As after a loss of power: the name and the size are there, and the bytes are not.
#[test]
fn content_that_never_got_to_the_disk_is_noticed() {
    let test = TestStore::new();
    for content in [b"small".to_vec(), large(1)] {
        let digest = test.put(&content, hour(0));
        let path = test.blob_path(&digest);
        make_writable(&path);
        fs_err::write(&path, vec![0; content.len()]).unwrap();
        let file = OpenOptions::new().write(true).open(&path).unwrap();
        file.set_modified(hour(0)).unwrap();
        assert_eq!(test.look(&digest, hour(1)), "damaged");
    }
}

#[test]
fn large_content_is_not_hashed_again_while_it_is_unchanged() {
    let test = TestStore::new();
    let digest = test.put(&large(1), hour(0));
    let meta = test.path(&format!("meta/sha256/{}.json", digest.hex()));
    let read = || fs_err::read_to_string(&meta).unwrap();
    // At first it may not have got to the disk.
    assert_eq!(test.look(&digest, hour(0)), "found");
    assert!(!read().contains("\"inode\""), "{}", read());
    assert_eq!(test.look(&digest, hour(1)), "found");
    let proof = read();
    assert!(proof.contains("\"inode\""), "{proof}");
    assert_eq!(test.look(&digest, hour(2)), "found");
    assert_eq!(read(), proof);
    // A copy is another file: it is hashed, and proven then.
    let path = test.blob_path(&digest);
    let content = fs_err::read(&path).unwrap();
    fs_err::remove_file(&path).unwrap();
    fs_err::write(&path, content).unwrap();
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    file.set_modified(hour(1)).unwrap();
    assert_eq!(test.look(&digest, hour(3)), "found");
    assert_ne!(fs_err::read_to_string(&meta).unwrap(), proof);
}

#[test]
fn notes_that_are_missing_or_torn_do_no_harm() {
    let test = TestStore::new();
    for content in [b"small".to_vec(), large(1)] {
        let digest = test.put(&content, hour(0));
        let meta = test.path(&format!("meta/sha256/{}.json", digest.hex()));
        for torn in ["", "{", "[]", r#"{"proof":{"size":5}}"#] {
            fs_err::write(&meta, torn).unwrap();
            assert_eq!(test.look(&digest, hour(1)), "found", "{torn}");
        }
        fs_err::remove_file(&meta).unwrap();
        assert_eq!(test.look(&digest, hour(1)), "found");
    }
}

#[test]
fn a_copy_replaces_what_the_file_held() {
    let test = TestStore::new();
    for content in [b"small".to_vec(), large(1)] {
        let digest = test.put(&content, hour(0));
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&vec![1; 2_000_000]).unwrap();
        let Lookup::Found(found) = test.store.get(&digest, hour(1)).unwrap() else {
            panic!("it was stored");
        };
        found.copy_to(&mut file).unwrap();
        let mut copied = Vec::new();
        file.seek(SeekFrom::Start(0)).unwrap();
        file.read_to_end(&mut copied).unwrap();
        assert!(copied == content);
    }
}

#[test]
fn too_much_is_not_read_into_memory() {
    let test = TestStore::new();
    let digest = test.put(b"content", hour(0));
    let Lookup::Found(found) = test.store.get(&digest, hour(1)).unwrap() else {
        panic!("it was stored");
    };
    assert_eq!(found.read(6).unwrap(), None);
}

#[test]
fn content_that_is_read_stays_whole_though_it_is_removed() {
    let test = TestStore::new();
    let content = large(1);
    let digest = test.put(&content, hour(0));
    let Lookup::Found(found) = test.store.get(&digest, hour(1)).unwrap() else {
        panic!("it was stored");
    };
    test.store.clean().unwrap();
    if cfg!(unix) {
        assert_eq!(test.look(&digest, hour(1)), "missing");
    }
    assert!(bytes(found) == content);
}

#[test]
fn the_directory_says_that_it_is_a_cache() {
    let test = TestStore::new();
    test.put(b"content", hour(0));
    let tag = fs_err::read_to_string(test.store.root().join("CACHEDIR.TAG")).unwrap();
    assert!(tag.starts_with("Signature: 8a477f597d28d172789f06886806bc55\n"));
}

#[test]
fn a_store_whose_place_is_taken_cannot_be_written() {
    let directory = tempfile::tempdir().unwrap();
    fs_err::write(directory.path().join("v1"), "a file").unwrap();
    let store = Store::open(directory.path()).unwrap();
    let digest = Digest::sha256_of(b"content");
    let error = store.insert(&digest, None, b"content", hour(0)).unwrap_err();
    assert!(matches!(error, StoreError::Write(_)), "{error:?}");
    assert!(matches!(store.claim(&digest), Err(StoreError::Write(_))));
}
