//! Archives as an ordinary tar reader sees them.

use std::io::Read as _;

use flate2::read::GzDecoder;
use skeg_test_support::{ArchiveBuilder, TestContext};
use tar::EntryType;

type Listing = Vec<(String, EntryType, u64)>;

fn list(bytes: &[u8]) -> Listing {
    let mut archive = tar::Archive::new(GzDecoder::new(bytes));
    let entries = archive.entries().expect("because the archive is readable");
    entries
        .map(|entry| {
            let entry = entry.expect("because the entry is readable");
            let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            (path, entry.header().entry_type(), entry.size())
        })
        .collect()
}

#[track_caller]
fn check(builder: &ArchiveBuilder, expected: &[(&str, EntryType, u64)]) {
    let expected: Listing = expected
        .iter()
        .map(|(name, kind, size)| ((*name).to_owned(), *kind, *size))
        .collect();
    assert_eq!(list(&builder.bytes()), expected);
}

#[test]
fn names_are_written_as_given() {
    let builder = ArchiveBuilder::new()
        .file("/absolute", "1")
        .file("../escape", "22")
        .file("a\\b", "")
        .file("same", "x")
        .file("same", "y");
    let regular = EntryType::Regular;
    let expected = [
        ("/absolute", regular, 1),
        ("../escape", regular, 2),
        ("a\\b", regular, 0),
        ("same", regular, 1),
        ("same", regular, 1),
    ];
    check(&builder, &expected);
}

#[test]
fn special_entries_have_their_types() {
    let builder = ArchiveBuilder::new()
        .directory("d/")
        .symlink("s", "/etc/passwd")
        .hard_link("h", "d/x")
        .device("c")
        .fifo("f");
    let expected = [
        ("d/", EntryType::Directory, 0),
        ("s", EntryType::Symlink, 0),
        ("h", EntryType::Link, 0),
        ("c", EntryType::Char, 0),
        ("f", EntryType::Fifo, 0),
    ];
    check(&builder, &expected);
}

#[test]
fn long_names_come_through_pax_and_gnu_headers() {
    let name = format!("demo/{}/file.txt", "long-directory-name/".repeat(12));
    let regular = EntryType::Regular;
    check(
        &ArchiveBuilder::new().pax_file(&name, "abc"),
        &[(&name, regular, 3)],
    );
    check(
        &ArchiveBuilder::new().gnu_long_file(&name, "abc"),
        &[(&name, regular, 3)],
    );
    // The length of a pax record counts its own digits, also where they become more.
    for length in 80..110 {
        let name = "n".repeat(length);
        check(&ArchiveBuilder::new().pax_file(&name, ""), &[(&name, regular, 0)]);
    }
}

#[test]
fn zeros_shrink_and_random_bytes_do_not() {
    let size = 4 << 20;
    let zeros = ArchiveBuilder::new().zeros("z", size).bytes();
    assert!(zeros.len() < 64 * 1024, "{}", zeros.len());
    let random = ArchiveBuilder::new().random("r", size, 7);
    let bytes = random.bytes();
    assert!(bytes.len() > 4 << 20, "{}", bytes.len());
    assert!(bytes == random.bytes(), "the same seed gives the same bytes");
    assert!(bytes != ArchiveBuilder::new().random("r", size, 8).bytes());
}

#[test]
fn headers_can_lie_about_the_size() {
    let builder = ArchiveBuilder::new().lying_file("x", 1 << 30, "abc");
    let bytes = builder.bytes();
    let mut archive = tar::Archive::new(GzDecoder::new(&bytes[..]));
    let mut entries = archive.entries().expect("because the archive is readable");
    let mut entry = entries
        .next()
        .expect("because there is one")
        .expect("because it is valid");
    assert_eq!(entry.size(), 1 << 30);
    let mut content = Vec::new();
    // Whether the missing bytes are an error is up to the reader.
    drop(entry.read_to_end(&mut content));
    assert!(
        content.starts_with(b"abc") && content.len() < 2048,
        "{}",
        content.len()
    );
}

#[test]
fn ends_can_be_missing_or_more() {
    let builder = ArchiveBuilder::new().file("x", "abc");
    let whole = builder.bytes();
    assert_eq!(builder.clone().truncated(20).bytes(), whole[..20]);
    let longer = builder.clone().trailing("garbage").bytes();
    assert_eq!(longer, [&whole[..], b"garbage"].concat());
    let plain = builder.clone().uncompressed();
    assert_eq!(plain.bytes().len(), 512 * 4);
    assert_eq!(plain.without_end_marker().bytes().len(), 512 * 2);
}

#[test]
fn time_and_mode_apply_to_all_entries() {
    let bytes = ArchiveBuilder::new()
        .file("x", "")
        .modified(7)
        .mode(0o755)
        .bytes();
    let mut archive = tar::Archive::new(GzDecoder::new(&bytes[..]));
    let mut entries = archive.entries().expect("because the archive is readable");
    let entry = entries
        .next()
        .expect("because there is one")
        .expect("because it is valid");
    assert_eq!(entry.header().mtime().ok(), Some(7));
    assert_eq!(entry.header().mode().ok(), Some(0o755));
}

#[test]
fn written_file_is_the_same_bytes() {
    let context = TestContext::new("unused");
    let builder = ArchiveBuilder::new().file("x", "abc").zeros("z", 70_000);
    let path = context.path("a.tgz");
    builder.write(&path);
    assert_eq!(context.read("a.tgz"), builder.bytes());
    builder.truncated(9).write(&path);
    assert_eq!(context.read("a.tgz").len(), 9);
}
