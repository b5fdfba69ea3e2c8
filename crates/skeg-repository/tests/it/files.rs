//! The shared list of repositories, and the cache of their indexes.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use skeg_oci_client::Validators;
use skeg_repository::{
    Index, IndexCache, NewIndex, ReadRepositoriesError, RepositoriesFile, RepositoryEntry, RepositoryList,
};

const LIST: &str = "apiVersion: \"\"\ngenerated: \"0001-01-01T00:00:00Z\"\nrepositories:\n- caFile: \"\"\n  certFile: \"\"\n  \
                    insecure_skip_tls_verify: false\n  keyFile: \"\"\n  name: a\n  pass_credentials_all: false\n  \
                    password: \"\"\n  url: https://a.example\n  username: \"\"\n";

fn entry(name: &str) -> RepositoryEntry {
    RepositoryEntry {
        name: name.to_owned(),
        url: format!("https://{name}.example"),
        ..RepositoryEntry::default()
    }
}

fn add(list: &RepositoryList, name: &str) {
    let added = list.change(|file| {
        file.update(entry(name));
        Ok::<_, ReadRepositoriesError>(())
    });
    added.unwrap();
}

#[test]
fn the_list_has_the_bytes_of_helm() {
    let directory = tempfile::tempdir().unwrap();
    let list = RepositoryList::new(directory.path().join("new/repositories.yaml"));
    assert!(list.read().unwrap().is_none());
    add(&list, "a");
    assert_eq!(fs_err::read_to_string(list.path()).unwrap(), LIST);
    assert_eq!(RepositoriesFile::parse(LIST.as_bytes()).unwrap().to_yaml(), LIST);
}

#[test]
fn nobody_loses_an_entry_to_another() {
    let directory = tempfile::tempdir().unwrap();
    let list = RepositoryList::new(directory.path().join("repositories.yaml"));
    std::thread::scope(|scope| {
        for number in 0..8 {
            let list = &list;
            scope.spawn(move || add(list, &format!("r{number}")));
        }
    });
    assert_eq!(list.read().unwrap().unwrap().repositories().len(), 8);
}

#[cfg(unix)]
#[test]
fn the_list_is_for_its_owner_and_a_link_stays_one() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("target.yaml");
    fs_err::write(&target, "").unwrap();
    let link = directory.path().join("repositories.yaml");
    std::os::unix::fs::symlink(&target, &link).unwrap();
    add(&RepositoryList::new(&link), "a");
    assert!(link.is_symlink());
    let mode = fs_err::metadata(&target).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_broken_list_stays_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let list = RepositoryList::new(directory.path().join("repositories.yaml"));
    for text in ["a: [", "repositories: {a: b}", "[]"] {
        fs_err::write(list.path(), text).unwrap();
        assert!(
            list.change(|_| Ok::<_, ReadRepositoriesError>(())).is_err(),
            "{text}"
        );
        assert_eq!(fs_err::read_to_string(list.path()).unwrap(), text);
    }
}

fn store(cache: &IndexCache, name: &str, address: &str) -> std::io::Result<()> {
    let text = b"apiVersion: v1\nentries:\n  b: []\n  a:\n  - {name: a, version: 1.0.0}\n";
    let mut file = cache.temporary().unwrap();
    file.write_all(text).unwrap();
    let validators = Validators {
        etag: Some("\"x\"".to_owned()),
        last_modified: None,
    };
    let index = Index::parse(text).unwrap();
    let new = NewIndex {
        file,
        index: &index,
        validators,
    };
    cache.store(name, address, new)
}

#[test]
fn what_is_known_of_an_index_holds_for_that_index_alone() {
    let directory = tempfile::tempdir().unwrap();
    let cache = IndexCache::new(directory.path());
    let known = |address: &str| cache.validators("r", address).etag.is_some();
    assert!(!known("https://a"));
    store(&cache, "r", "https://a").unwrap();
    assert!(known("https://a") && !known("https://b"));
    assert_eq!(fs_err::read_to_string(cache.charts_path("r")).unwrap(), "a\nb\n");
    assert_eq!(cache.load("r").unwrap().versions("a").len(), 1);
    fs_err::write(cache.index_path("r"), "helm was here").unwrap();
    assert!(!known("https://a"));
    cache.remove("r").unwrap();
    cache.remove("r").unwrap();
    assert_eq!(fs_err::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn names_do_not_lead_out_of_the_cache() {
    let directory = tempfile::tempdir().unwrap();
    let cache = IndexCache::new(directory.path().join("cache"));
    for name in ["../x", "a/b", "..", ""] {
        assert!(store(&cache, name, "https://a").is_err(), "{name}");
    }
    assert!(!Path::new(&directory.path().join("x-index.yaml")).exists());
}

/// An index that is large enough to be condensed; every version has `word` in its description.
fn large_index(word: &str) -> String {
    let mut text = String::from("apiVersion: v1\nentries:\n");
    for chart in 0..40 {
        let _ = writeln!(text, "  \"chart\\t{chart}\":\n  - null");
        for minor in 0..40 {
            let _ = writeln!(
                text,
                "  - {{name: chart-{chart}, version: 1.{minor}.0+b{chart}, appVersion: v{minor}, deprecated: {}, \
                 description: \"{word} {}\\té\", keywords: [a, \"b{}\"], digest: {:064}, created: now, \
                 urls: [chart-{chart}-1.{minor}.0.tgz]}}",
                minor % 2 == 0,
                minor / 20,
                minor / 10,
                minor
            );
        }
    }
    text
}

fn described(index: &Index) -> Vec<String> {
    let charts = index.charts();
    charts
        .map(|chart| format!("{chart:?}"))
        .chain([format!("{:?}", index.rejected())])
        .collect()
}

/// Replaces a text by one of the same length, and leaves the file the time it has.
fn replace_unseen(path: &Path, from: &str, to: &str) {
    let time = fs_err::metadata(path).unwrap().modified().unwrap();
    let text = fs_err::read_to_string(path).unwrap();
    assert!(text.contains(from) && from.len() == to.len());
    fs_err::write(path, text.replace(from, to)).unwrap();
    let file = fs_err::OpenOptions::new().write(true).open(path).unwrap();
    file.file().set_modified(time).unwrap();
}

#[test]
fn a_condensed_index_says_what_the_index_says() {
    let directory = tempfile::tempdir().unwrap();
    let cache = IndexCache::new(directory.path());
    let text = large_index("first");
    fs_err::write(cache.index_path("r"), &text).unwrap();
    let expected = described(&Index::parse(text.as_bytes()).unwrap());
    let condensed = directory.path().join("r-index.skeg.jsonl");
    for _first_and_again in 0..2 {
        assert_eq!(described(&cache.load("r").unwrap()), expected);
        assert!(condensed.is_file());
    }
    // That it is read is seen by what the index does not say.
    replace_unseen(&condensed, "first", "other");
    let one = cache.load_charts("r", |name| name == "chart\t7").unwrap();
    assert_eq!(one.charts().count(), 1);
    assert_eq!(one.versions("chart\t7").len(), 40);
    assert!(
        one.versions("chart\t7")
            .iter()
            .all(|entry| entry.description().starts_with("other"))
    );
}

#[test]
fn a_condensed_index_of_another_index_counts_for_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let cache = IndexCache::new(directory.path());
    fs_err::write(cache.index_path("r"), large_index("first")).unwrap();
    cache.load("r").unwrap();
    let second = large_index("second");
    fs_err::write(cache.index_path("r"), &second).unwrap();
    let expected = described(&Index::parse(second.as_bytes()).unwrap());
    assert_eq!(described(&cache.load("r").unwrap()), expected);
}

#[test]
fn a_damaged_condensed_index_is_made_anew() {
    let directory = tempfile::tempdir().unwrap();
    let cache = IndexCache::new(directory.path());
    let text = large_index("first");
    fs_err::write(cache.index_path("r"), &text).unwrap();
    let expected = described(&cache.load("r").unwrap());
    let condensed = directory.path().join("r-index.skeg.jsonl");
    let whole = fs_err::read(&condensed).unwrap();
    for end in [0, 1, 90, whole.len() / 2, whole.len() - 3] {
        fs_err::write(&condensed, &whole[..end]).unwrap();
        assert_eq!(described(&cache.load("r").unwrap()), expected, "{end}");
        assert_eq!(fs_err::read(&condensed).unwrap(), whole, "{end}");
    }
}
