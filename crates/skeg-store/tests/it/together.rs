//! Many at once.

use std::io::Write as _;
use std::thread;

use skeg_oci::{Descriptor, Digest, MediaType};
use skeg_store::{Claim, Lookup, PruneOptions, Store, TagRecord, TagScope};

use crate::support::{TestStore, bytes, hour, large};

const WRITERS: u64 = 8;
const ROUNDS: u64 = 20;

#[test]
fn all_may_write_the_same() {
    let test = TestStore::new();
    let contents = [b"small".to_vec(), large(1)];
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                let store = Store::open(test.store.root()).unwrap();
                for content in &contents {
                    let digest = Digest::sha256_of(content);
                    for _ in 0..ROUNDS / 4 {
                        store.insert(&digest, None, content, hour(0)).unwrap();
                        match store.get(&digest, hour(0)).unwrap() {
                            Lookup::Found(found) => assert!(bytes(found) == *content),
                            other => panic!("{other:?}"),
                        }
                    }
                }
            });
        }
    });
    assert_eq!(test.store.info().unwrap().entries, 2);
    assert!(fs_err::read_dir(test.path("tmp")).unwrap().next().is_none());
}

#[test]
fn reading_writing_pruning_and_cleaning_get_along() {
    let test = TestStore::new();
    let content = |number: u64| number.to_string().repeat(1000).into_bytes();
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let test = &test;
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let content = content((writer + round) % 5);
                    let digest = Digest::sha256_of(&content);
                    test.store.insert(&digest, None, &content, hour(round)).unwrap();
                    match test.store.get(&digest, hour(round)).unwrap() {
                        Lookup::Found(found) => assert!(bytes(found) == content),
                        Lookup::Missing => {}
                        Lookup::Damaged => panic!("nobody damages anything"),
                    }
                }
            });
        }
        for _ in 0..ROUNDS {
            let options = PruneOptions {
                max_size: Some(1500),
                ..PruneOptions::default()
            };
            test.store.prune(&options, hour(0)).unwrap();
            test.store.verify(hour(0)).unwrap();
            test.store.list().unwrap();
            test.store.clean().unwrap();
        }
    });
    assert!(test.store.verify(hour(0)).unwrap().damaged.is_empty());
}

#[test]
fn one_of_many_downloads_and_the_others_find_it() {
    let test = TestStore::new();
    let content = large(3);
    let digest = Digest::sha256_of(&content);
    let downloads: Vec<bool> = thread::scope(|scope| {
        let work = || {
            loop {
                match test.store.claim(&digest).unwrap() {
                    Claim::Busy { .. } => thread::yield_now(),
                    Claim::Granted(partial) if test.store.has(&digest) => {
                        partial.discard().unwrap();
                        return false;
                    }
                    Claim::Granted(partial) => {
                        assert_eq!(partial.length().unwrap(), 0);
                        for chunk in content.chunks(100_000) {
                            let mut file = partial.file().unwrap();
                            std::io::Seek::seek(&mut file, std::io::SeekFrom::End(0)).unwrap();
                            file.write_all(chunk).unwrap();
                        }
                        partial.commit(None, hour(0)).unwrap();
                        return true;
                    }
                }
            }
        };
        let threads: Vec<_> = (0..WRITERS).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(downloads.iter().filter(|&&is_download| is_download).count(), 1);
    assert_eq!(test.look(&digest, hour(1)), "found");
    assert!(fs_err::read_dir(test.path("partial")).unwrap().next().is_none());
}

#[test]
fn noting_tags_and_cleaning_get_along() {
    let test = TestStore::new();
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let test = &test;
            scope.spawn(move || {
                let repository = format!("charts/demo-{}", writer % 2);
                let place = TagScope {
                    host: "localhost:5000".parse().unwrap(),
                    repository: repository.parse().unwrap(),
                };
                for round in 0..ROUNDS {
                    let descriptor = Descriptor::of(MediaType::OCI_MANIFEST, &round.to_le_bytes());
                    let checked = hour(round);
                    let record = TagRecord { descriptor, checked };
                    let tag = "latest".parse().unwrap();
                    test.store.note_tag(&place, &tag, &record).unwrap();
                    test.store.tags(&place).unwrap();
                }
            });
        }
        for _ in 0..ROUNDS {
            test.store.clean().unwrap();
            test.store.prune(&PruneOptions::default(), hour(0)).unwrap();
        }
    });
}
